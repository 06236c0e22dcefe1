"""The authorization server for apps: its parts put together, under one address."""

from collections.abc import Callable
from datetime import datetime

from wardline.core.apps import AppRegister
from wardline.core.outside import Outside
from wardline.core.people import Person
from wardline.core.ports import Identities
from wardline.security.keys import KeyRing
from wardline.security.smart.clients import Clients
from wardline.security.smart.discovery import fhir_base
from wardline.security.smart.granting import GRANT, Granting
from wardline.security.smart.tokens import Tokens, is_of_app


class SmartServer:
    """What the doors for apps open onto."""

    def __init__(
        self, register: AppRegister, identities: Identities, keys: KeyRing, now: Callable[[], datetime], is_over: Callable[[str], bool]
    ) -> None:
        self.register = register
        self.keys = keys
        self.clients = Clients(register, now)
        self.granting = Granting(register, now)
        self.tokens = Tokens(register, identities, keys, now, is_over)

    @property
    def base(self) -> str:
        """The address under which apps and browsers reach the house: also who issues its tokens."""
        return self.tokens.issuer

    @property
    def fhir_base(self) -> str:
        return self.tokens.fhir_base

    def stand_at(self, base: str) -> None:
        self.tokens.issuer, self.tokens.fhir_base = base, fhir_base(base)

    def reach_out_by(self, outside: Outside) -> None:
        """How keys of apps are fetched."""
        self.clients.assertions.fetched.outside = outside

    # --- for sessions ---

    def person_of_app(self, token: str) -> Person | None:
        """Who acts with an app's token; None when it is none, or good no longer."""
        return self.tokens.person(token) if is_of_app(token) else None

    def end_all(self, user: str, why: str) -> None:
        """Everything this person has allowed any app is over."""
        for grant in list(self.register.grants(user=user)):
            self.tokens.end(grant, why)

    def is_over(self, session: str) -> bool | None:
        """Whether what stands where a session's id would is a grant that is over; None when it is no grant."""
        return self.tokens.is_over(session) if session.startswith(GRANT) else None
