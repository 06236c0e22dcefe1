"""A person decides about an app: what they allow becomes a grant, and a code on its way back to the app.

Launching one for a patient is the same act begun from our side: the app gets a handle that says nothing, works once and for minutes,
and only for the person who launched it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlencode

from wardline.core.apps import App, AppRegister, Code, Grant, Launch
from wardline.core.errors import Conflict, NotAllowed, Refused
from wardline.core.people import Person
from wardline.security.smart.clients import digest
from wardline.security.smart.requests import Asked, needs_patient

CODE_VALID: Final = timedelta(seconds=60)  # RFC 6749 4.1.2: short; SMART: "around one minute"
LAUNCH_VALID: Final = timedelta(minutes=5)
ONLINE: Final = timedelta(hours=24)
"""A grant that ends with a sign-in; no sign-in lasts longer."""
OFFLINE: Final = timedelta(days=30)
GRANT: Final = "app-"
"""What ids of grants begin with: in a token they stand where a session's would."""


class Decision(NamedTuple):
    """What the person said."""

    scopes: tuple[str, ...]
    """Those they leave it; others are taken away."""
    patient: str = ""


class Granting:
    """From a request to a code, over any `AppRegister`."""

    def __init__(self, register: AppRegister, now: Callable[[], datetime]) -> None:
        self.register = register
        self.now = now

    def launch(self, app: App, who: Person, patient: str, encounter: str, context: tuple[str, ...], fhir_base: str) -> str:
        """The address that opens an app for a patient."""
        if not app.launch_url or app.closed_at is not None:
            raise Conflict(f"{app.name} cannot be opened from here")
        self.register.forget(self.now())
        token = secrets.token_urlsafe(24)
        self.register.put_launch(digest(token), Launch(app.id, who.id, patient, encounter, context, self.now() + LAUNCH_VALID))
        query = urlencode({"iss": fhir_base, "launch": token})
        return f"{app.launch_url}{'&' if '?' in app.launch_url else '?'}{query}"

    def launched(self, asked: Asked, who: Person) -> Launch | None:
        """What the app was launched for; None for one started on its own. Raises `NotAllowed` when the launch is not good (any more)."""
        if not asked.launch:
            return None
        return self._good(self.register.launch(digest(asked.launch)), asked, who)

    def decide(self, asked: Asked, who: Person, decision: Decision) -> tuple[Grant, str]:
        """The grant, and the code for it."""
        given = tuple(scope for scope in asked.scopes if scope.text in decision.scopes)
        if not any(scope.level or scope.text == "openid" for scope in given):
            raise Refused("leave the app something, or do not let it in", code="scope", where="scopes")
        launch, patient = None, ""
        if asked.launch:
            launch = self._good(self.register.take_launch(digest(asked.launch)), asked, who)
            patient = launch.patient
        elif any(needs_patient(scope) for scope in given):
            patient = decision.patient
            if not patient:
                raise Refused("choose the patient that the app may see", code="patient", where="patient")
        self.register.forget(self.now())
        now, is_offline = self.now(), any(scope.text == "offline_access" for scope in given)
        grant = Grant(
            GRANT + secrets.token_hex(12), asked.app.id, who.id, tuple(scope.text for scope in given), now, now + (OFFLINE if is_offline else ONLINE),
            "" if is_offline else who.session, patient, launch.encounter if launch else "", launch.context if launch else (),
        )  # fmt: skip
        self.register.put_grant(grant)
        return grant, self._code(asked, grant)

    def _code(self, asked: Asked, grant: Grant) -> str:
        code = secrets.token_urlsafe(32)
        issued = Code(grant.id, asked.app.id, asked.redirect, asked.challenge, asked.nonce, self.now() + CODE_VALID)
        self.register.put_code(digest(code), issued)
        return code

    def _good(self, launch: Launch | None, asked: Asked, who: Person) -> Launch:
        if launch is None or launch.app != asked.app.id or launch.user != who.id or self.now() >= launch.ends_at:
            raise NotAllowed("the app was opened too long ago, or by somebody else; open it again from the patient's page")
        return launch
