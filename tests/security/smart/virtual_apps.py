"""An authorization server on a desk whose clock moves when a test moves it."""

from pathlib import Path

from security.virtual import Desk
from support.smart_app import LAUNCH, REDIRECT, Pkce, authorization, pkce
from wardline.adapters.embedded.apps import SqliteApps
from wardline.core.apps import App, Grant, Proof
from wardline.core.people import Person
from wardline.security.smart.granting import Decision
from wardline.security.smart.requests import Asked, asking, read_request
from wardline.security.smart.server import SmartServer

BASE = "https://ward.example"
SCOPES = ("openid", "fhirUser", "launch", "launch/patient", "offline_access", "online_access", "patient/*.rs", "user/*.rs")


class AppDesk(Desk):
    """Where people sign in, and where they let apps in."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.register = SqliteApps(folder / "apps.db")
        self.server = SmartServer(self.register, self.identities, self.keys, lambda: self.at, self.sessions.is_over)
        self.server.stand_at(BASE)
        self.sessions.person_of_app, self.sessions.app_is_over = self.server.person_of_app, self.server.is_over
        self.sessions.end_apps_of = self.server.end_all
        self.nurse = self.sessions.begin(self.user(), "Ward computer 3").person

    def enter(self, proof: Proof = Proof.NONE, **more: object) -> App:
        app = App("", "Growth charts", proof, SCOPES, self.at, redirects=(REDIRECT,), launch_url=LAUNCH)
        return self.server.clients.add(app._replace(**more))[0]  # type: ignore[arg-type]

    def asked(self, app: App, scope: str, **other: str) -> tuple[Asked, Pkce]:
        proof = pkce()
        given = authorization(BASE, app.id, proof, scope, **other)
        return read_request(given, *asking(given, self.register), f"{BASE}/fhir"), proof

    def let_in(self, app: App, scope: str = "openid patient/*.rs offline_access", who: Person | None = None) -> tuple[Grant, str, Pkce]:
        asked, proof = self.asked(app, scope)
        grant, code = self.server.granting.decide(asked, who or self.nurse, Decision(tuple(scope.split()), "p1"))
        return grant, code, proof

    def close(self) -> None:
        self.register.close()
        super().close()
