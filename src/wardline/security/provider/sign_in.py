"""Signing in elsewhere: sent there with a question only they can answer, back with a code, and taken for who they are there.

Authorization code with PKCE, state and nonce. An account is known by (issuer, subject) and by nothing else: an e-mail address or a
name can be given to somebody else one day. Roles come from the service's groups, by the site's own list, at each sign-in.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from wardline.core.errors import Conflict, NotAllowed, Refused
from wardline.core.people import User
from wardline.security.one_time import OneTime
from wardline.security.provider.service import Service
from wardline.security.provider.tokens import NOT_BELIEVED
from wardline.security.sessions import Sessions

LASTS: Final = timedelta(minutes=10)
"""For how long somebody may take at the sign-in service."""
NO_ROLE: Final = "your account at the sign-in service has no role here; ask an administrator"
CLOSED: Final = "this account is closed"


class NoRole(NotAllowed):
    """They are who they say, and nothing here is theirs."""


class Closed(NotAllowed):
    """An administrator has closed the account here."""


class Departure(NamedTuple):
    """Where the browser is sent, and what it must bring back besides: a cookie, so that nobody else's sign-in is finished in it."""

    url: str
    binding: str


class Arrival(NamedTuple):
    """Who came back, by how many kinds of proof, and what the service calls the session."""

    user: User
    factors: int
    session: str


class _Pending(NamedTuple):
    nonce: str
    verifier: str
    binding: bytes


class ProviderSignIn:
    """The rules of signing in elsewhere, over the service and our accounts."""

    def __init__(self, service: Service, sessions: Sessions, address: str) -> None:
        self.service = service
        self.sessions = sessions
        self.redirect = f"{address}/api/v1/auth/provider/return"
        self._pending: OneTime[_Pending] = OneTime(sessions.now, LASTS)

    @property
    def name(self) -> str:
        return self.service.settings.name

    async def depart(self) -> Departure:
        """Raises `Fault` when the service cannot be asked."""
        settings, described = self.service.settings, await self.service.description()
        nonce, verifier, binding = (secrets.token_urlsafe(32) for _ in range(3))
        state, _ = self._pending.put(_Pending(nonce, verifier, _digest(binding)))
        challenge = base64.urlsafe_b64encode(_digest(verifier)).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": settings.client_id, "redirect_uri": self.redirect, "scope": " ".join(settings.scopes),
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        url = described["authorization_endpoint"]
        return Departure(f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}", binding)

    async def arrive(self, *, state: str, code: str, issuer: str, binding: str) -> Arrival:
        """Raises `NotAllowed` for a state that is not theirs or was used before, and for whatever the service did not sign for us."""
        pending = self._pending.take(state)
        if pending is None or not secrets.compare_digest(pending.binding, _digest(binding)):
            raise NotAllowed(NOT_BELIEVED)
        if issuer not in ("", self.service.settings.issuer):  # RFC 9207: an answer that another service gave
            raise NotAllowed(NOT_BELIEVED)
        token = await self.service.exchanged(code, pending.verifier, self.redirect)
        claims = await self.service.id_claims(token, pending.nonce)
        return Arrival(self._account(claims), self._factors(claims), str(claims.get("sid") or claims["sub"]))

    async def gone(self, logout_token: str) -> int:
        """Somebody has signed out there: their sessions here that began there end. Returns how many."""
        claims, ended = await self.service.logout_claims(logout_token), 0
        user = self.sessions.identities.linked(self.service.settings.issuer, str(claims.get("sub", "")))
        for session in list(self.sessions.identities.sessions()):
            is_this = session.provider == claims["sid"] if claims.get("sid") else user is not None and session.user == user.id
            if session.provider and is_this:
                self.sessions.end(session.id, "signed out at the sign-in service")
                ended += 1
        return ended

    def _factors(self, claims: Mapping[str, Any]) -> int:
        wanted = self.service.settings.second_factor
        said = set(_listed(claims.get("amr"))) & wanted.amr or set(_listed(claims.get("acr"))) & wanted.acr
        return 2 if said else 1

    # --- whose account it is ---

    def _account(self, claims: Mapping[str, Any]) -> User:
        settings, identities = self.service.settings, self.sessions.identities
        roles = self._mapped(claims, settings.roles_claim, {name: {role.value for role in given} for name, given in settings.roles.items()})
        units = self._mapped(claims, settings.units_claim, settings.units) if settings.units else frozenset()
        if not roles or (settings.units and not units):  # no unit would mean all of them
            raise NoRole(NO_ROLE)
        known = identities.linked(settings.issuer, claims["sub"])
        if known is None:
            return self._made(claims, roles, tuple(sorted(units)))
        if not known.active:
            raise Closed(CLOSED)
        now = known._replace(roles=roles, units=tuple(sorted(units)) if settings.units else known.units, name=_name(claims) or known.name)
        if now != known:
            identities.put_user(now)
        if (now.roles, now.units) != (known.roles, known.units):
            self.sessions.end_all(known.id, "account changed")
        return now

    @staticmethod
    def _mapped(claims: Mapping[str, Any], claim: str, table: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(each for name in _listed(claims.get(claim)) for each in table.get(name, ()))

    def _made(self, claims: Mapping[str, Any], roles: frozenset[str], units: tuple[str, ...]) -> User:
        accounts, login = self.sessions.accounts, str(claims.get("preferred_username") or "colleague").partition("@")[0]
        name = _name(claims) or login
        try:
            made = accounts.add_elsewhere(login, name, roles, units)
        except (Conflict, Refused):  # somebody here has that name already, or it is none of ours: theirs is still their own
            made = accounts.add_elsewhere(f"colleague-{secrets.token_hex(4)}", name, roles, units)
        self.sessions.identities.link(self.service.settings.issuer, claims["sub"], made.id)
        return made


def _name(claims: Mapping[str, Any]) -> str:
    said = claims.get("name")
    return said.strip()[:100] if isinstance(said, str) else ""


def _listed(said: object) -> list[str]:
    return [said] if isinstance(said, str) else [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
