"""The far side of a rest-hook: takes notifications over a real socket, and can be out of order for a while."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self


class Subscriber:
    """Listens on a free port of loopback while it is open. `failing` answers are 503 before it takes anything."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.headers: list[str] = []
        self.failing = 0
        subscriber = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                is_out = subscriber.failing > 0
                if is_out:
                    subscriber.failing -= 1
                else:
                    subscriber.headers.append(self.headers.get("authorization", ""))
                    subscriber.times.append(monotonic())
                    subscriber.taken.append(body)
                self.send_response(503 if is_out else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def wait_for(self, count: int, seconds: float = 8) -> list[dict[str, Any]]:
        """Notifications, once there are so many."""
        until = monotonic() + seconds
        while len(self.taken) < count and monotonic() < until:
            sleep(0.01)
        assert len(self.taken) >= count, f"{len(self.taken)} of {count} notifications came"
        return self.taken

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def status_in(bundle: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a notification's status, by name; events as a list of (number, focus)."""
    found: dict[str, Any] = {"events": []}
    for each in bundle["entry"][0]["resource"]["parameter"]:
        if each["name"] == "notification-event":
            part = {one["name"]: next(value for name, value in one.items() if name != "name") for one in each["part"]}
            found["events"].append((int(part["event-number"]), part.get("focus", {}).get("reference", "")))
        else:
            found[each["name"]] = next(value for name, value in each.items() if name != "name")
    return found
