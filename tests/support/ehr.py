"""An EHR of somebody else's: signs tokens for CDS Hooks, keeps its keys and a small FHIR server behind a real socket."""

import json
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

TOKEN = "opaque-token-of-the-ehr"
WARFARIN, IBUPROFEN, PARACETAMOL = ("11289", "warfarin"), ("5640", "ibuprofen"), ("161", "paracetamol")


class Ehr:
    """Listens on a free port of loopback while it is open. `pages` are FHIR answers by path and query; others are 404."""

    def __init__(self, pages: Mapping[str, Any] | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[tuple[str, str]] = []
        """(path, authorization) of every request to its FHIR server."""
        self.key: ECKey | RSAKey = ECKey.generate_key("P-384", {"kid": "ward-1"})
        ehr = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content = ehr._answer(self.path, self.headers.get("authorization", ""))
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def issuer(self) -> str:
        return f"{self.base}/ehr"

    def _answer(self, path: str, authorization: str) -> tuple[int, Any]:
        if urlsplit(path).path == "/jwks.json":
            return 200, {"keys": [{**self.key.as_dict(private=False), "alg": "ES384" if isinstance(self.key, ECKey) else "RS384"}]}
        self.asked.append((path, authorization))
        content = self.pages.get(path.removeprefix("/fhir/"))
        return (200, content) if content is not None else (404, {"resourceType": "OperationOutcome"})

    def token(self, audience: str, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Signed as CDS Hooks 2.0 asks; `claims` of None leave one out."""
        now = int(time())
        usual = {"iss": self.issuer, "aud": audience, "exp": now + 120, "iat": now, "jti": secrets.token_hex(8)}
        stated = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        algorithm = "ES384" if isinstance(self.key, ECKey) else "RS384"
        return jwt.encode({"alg": algorithm, "kid": "ward-1", "typ": "JWT", **(header or {})}, stated, self.key, algorithms=[algorithm, "HS256"])

    def config(self, account: str = "ehr", assigners: str = "{}") -> str:
        return (
            f"clients:\n  - name: Ward EHR\n    issuer: {self.issuer}\n    keys: {self.base}/jwks.json\n    account: {account}\n"
            f"    fhir_server: {self.base}/fhir\n    assigners: {assigners}\n"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


# --- resources ---


def patient(id: str = "p1", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id, "birthDate": "1950-01-01", "gender": "female", **more}


def observation(code: str, value: float, unit: str, *, at: str, of: str = "p1", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"o-{code}", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient/{of}"}, "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}, **more,
    }  # fmt: skip


def order(drug: tuple[str, str], *, at: str, of: str = "p1", status: str = "draft", **more: Any) -> dict[str, Any]:
    code, name = drug
    coding = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": code, "display": name}
    return {
        "resourceType": "MedicationRequest", "id": f"r-{name}", "status": status, "intent": "order", "authoredOn": at,
        "medicationCodeableConcept": {"coding": [coding], "text": name}, "subject": {"reference": f"Patient/{of}"}, **more,
    }  # fmt: skip


def bundle(*resources: Mapping[str, Any], following: str = "") -> dict[str, Any]:
    link = {"link": [{"relation": "next", "url": following}]} if following else {}
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources], **link}


def call(hook: str, *, of: str = "p1", instance: str = "", prefetch: Any = None, **context: Any) -> dict[str, Any]:
    """A request as an EHR sends it."""
    asked = {
        "hook": hook, "hookInstance": instance or secrets.token_hex(8),
        "context": {"userId": "Practitioner/1", "patientId": of, **context},
    }  # fmt: skip
    return asked if prefetch is None else {**asked, "prefetch": prefetch}
