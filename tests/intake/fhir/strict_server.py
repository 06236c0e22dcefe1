"""The far side of the wire: a FHIR server with the habits of large EHRs. Two on a page, results by category only, remarks among the matches."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

PAGE = 2


class StrictServer:
    """What it holds, and what it was asked. `busy`: how often it first says that it is busy."""

    def __init__(self, resources: list[dict[str, Any]]) -> None:
        self.resources = {f"{each['resourceType']}/{each['id']}": each for each in resources}
        self.asked: list[str] = []
        self.busy = 0
        self.base = ""
        self.declined: set[str] = set()
        """Types it answers no search for."""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "metadata":
            types = sorted({each["resourceType"] for each in self.resources.values()})
            return 200, {"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [{"type": type} for type in types]}]}
        if path in self.resources:
            return 200, self.resources[path]
        if "/" in path or (path == "Observation" and "category" not in query) or path in self.declined:
            code = "not-found" if "/" in path else "required"
            return 404 if "/" in path else 400, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]}
        return 200, self.page(path, query)

    def page(self, type: str, query: dict[str, str]) -> dict[str, Any]:
        found = [each for each in self.resources.values() if each["resourceType"] == type and self.meets(each, query)]
        start = int(query.get("page", "0"))
        entries: list[dict[str, Any]] = [{"resource": each, "search": {"mode": "match"}} for each in found[start : start + PAGE]]
        remark = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}
        bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [*entries, {"resource": remark, "search": {"mode": "outcome"}}]}
        if start + PAGE < len(found):
            bundle["link"] = [{"relation": "next", "url": f"{self.base}/{type}?{urlencode({**query, 'page': start + PAGE})}"}]
        return bundle

    def meets(self, resource: dict[str, Any], query: dict[str, str]) -> bool:
        if "patient" in query and resource["subject"]["reference"] != f"Patient/{query['patient']}":
            return False
        if "category" in query and resource["resourceType"] == "Observation":
            coding = resource["category"][0]["coding"][0]
            if f"{coding['system']}|{coding['code']}" != query["category"]:
                return False
        return "_lastUpdated" not in query or resource["meta"]["lastUpdated"] >= query["_lastUpdated"].removeprefix("ge")


@contextmanager
def strict_server(resources: list[dict[str, Any]]) -> Iterator[StrictServer]:
    server = StrictServer(resources)

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"
        wbufsize: ClassVar[int] = -1  # head and body in one packet, or each answer waits for an acknowledgement

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/fhir").strip("/")
            server.asked.append(self.path)
            server.busy -= 1
            status, content = (503, {}) if server.busy >= 0 else server.answer(path, dict(parse_qsl(parts.query)))
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/fhir+json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """What it was asked is kept in `asked`."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.base = f"http://127.0.0.1:{http.server_port}/fhir"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
