"""The far side of the wire: another Wardline with its FHIR door open on a real socket, in a thread of its own."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from anyio.from_thread import start_blocking_portal

from wardline.app.bootstrap import open_wardline
from wardline.app.edge_settings import EdgeSettings
from wardline.app.serving import Running
from wardline.app.settings import Settings
from wardline.core.apps import App, Proof
from wardline.core.people import User

PATIENT_EDGE = EdgeSettings(requests_per_minute=10**6, strangers_per_minute=10**6, patients_per_hour=10**6)


class FhirHouse:
    """Where it listens, and what a doctor of the whole house finds there."""

    def __init__(self, running: Running, token: str) -> None:
        self.running = running
        self.token = token
        self.port = running.http_port
        self.base = f"http://127.0.0.1:{self.port}/fhir"

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/fhir+json"}
        with httpx2.Client(timeout=10, trust_env=False) as client:
            body = json.dumps(content).encode() if content is not None else None
            answer = client.request(method, f"{self.base}/{path}" if path else self.base, content=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return json.loads(answer.content) if answer.content else None

    def create(self, resource: dict[str, Any]) -> Any:
        return self.ask("POST", resource["resourceType"], resource)

    def all(self, type: str, **query: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"{type}?" + "&".join(f"{name}={value}" for name, value in {**query, "_count": "200"}.items()))
        return [entry["resource"] for entry in found.get("entry", ()) if entry["resource"]["resourceType"] == type]


@contextmanager
def fhir_house(data: Path, http: int = 0, *apps: App) -> Iterator[FhirHouse]:
    """`apps` are programs that may ask for tokens there."""
    with start_blocking_portal() as portal:
        wardline = portal.call(lambda: open_wardline(Settings(data=data, http=http, mllp=0, second_factor=(), edge=PATIENT_EDGE)))

        def begin() -> str:
            for app in apps:
                wardline.apps.register.put_app(app)
            user = wardline.identities.user_named("doctor") or User(secrets.token_hex(8), "doctor", "Helen Vance", "", frozenset({"doctor"}))
            wardline.identities.put_user(user)
            return wardline.sessions.begin(user, "these tests", factors=2).access_token

        running = portal.call(lambda: Running(wardline))
        portal.call(running.open)
        try:
            yield FhirHouse(running, portal.call(begin))
        finally:
            portal.call(running.close)


def service(id: str, public_key: dict[str, Any], *scopes: str) -> App:
    """A program behind the scenes that proves itself with its key and acts as a doctor."""
    keys = json.dumps({"keys": [public_key]})
    return App(id, "Another system", Proof.KEYS, scopes, datetime.now(UTC), keys=keys, roles=frozenset({"doctor"}))
