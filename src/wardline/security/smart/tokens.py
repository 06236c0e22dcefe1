"""Tokens for apps: given for a code, a refresh token or a service's own proof; read again at every request; taken back at once.

An access token is a signed statement of ten minutes, and the grant it comes from is asked at every use: what a person takes back,
signs out of or loses is over at the app's next request. A code or a refresh token that comes twice was stolen: its grant ends.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.apps import App, AppRegister, Code, Grant
from wardline.core.people import Person, User
from wardline.core.ports import Identities
from wardline.security.keys import RS256, KeyRing
from wardline.security.smart.clients import digest
from wardline.security.smart.granting import GRANT
from wardline.security.smart.refusals import INVALID_GRANT, INVALID_SCOPE, UNAUTHORIZED_CLIENT, refused
from wardline.security.smart.scopes import Scope, parsed, read, still, within

ACCESS: Final = timedelta(minutes=10)
REMEMBERED: Final = 20_000
"""Tokens whose signature need not be checked again; beyond it all are checked anew."""
KIND: Final = "at+jwt"  # RFC 9068 2.1
ID_KIND: Final = "JWT"
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636 4.1


class Opened(NamedTuple):
    """What a good access token stands for."""

    grant: Grant
    app: App
    scopes: tuple[str, ...]
    ends_at: int
    """In seconds since 1970, as the token says it."""


class Issued(NamedTuple):
    """What an app gets."""

    access: str
    lasts_seconds: int
    scopes: tuple[str, ...]
    grant: Grant
    refresh: str = ""
    id_token: str = ""


class Tokens:
    """The rules of apps' tokens."""

    def __init__(
        self, register: AppRegister, identities: Identities, keys: KeyRing, now: Callable[[], datetime], is_over: Callable[[str], bool]
    ) -> None:
        """`is_over` says whether a person's own sign-in has ended."""
        self.register = register
        self.identities = identities
        self.keys = keys
        self.now = now
        self._is_over = is_over
        self._checked: dict[str, dict[str, Any]] = {}
        self.issuer = self.fhir_base = ""

    # --- giving ---

    def for_code(self, app: App, code: str, redirect: str, verifier: str) -> Issued:
        """Raises `Refused` (invalid_grant). Whatever is wrong with a code that exists, it and what it gave are over."""
        taken = self.register.take_code(digest(code))
        if taken is None:
            raise refused(INVALID_GRANT, "this code is not known")
        issued, is_first = taken
        grant = self._grant(issued.grant)
        why = self._wrong(app, issued, is_first, redirect, verifier)
        if why:
            self.end(grant, why)
            raise refused(INVALID_GRANT, why)
        return self._issue(self._standing(grant), grant.scopes, nonce=issued.nonce, is_new=True)

    def _wrong(self, app: App, issued: Code, is_first: bool, redirect: str, verifier: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not is_first:
            return "this code was used twice"
        if self.now() >= issued.ends_at:
            return "this code is too old"
        if issued.app != app.id or issued.redirect != redirect:
            return "this code was given to another app or address"
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(challenge, issued.challenge):
            return "code_verifier does not belong to this code"
        return ""

    def for_refresh(self, app: App, token: str, wanted: str) -> Issued:
        """A new pair. `wanted` may ask for less than before, never for more."""
        unused = self.register.grant(self.register.refresh(digest(token)))
        if unused is not None and _narrowed(unused.scopes, wanted) is None:
            raise refused(INVALID_SCOPE, "a refresh cannot add scopes")  # and the token is not used up by having asked
        taken = self.register.take_refresh(digest(token))
        if taken is None:
            raise refused(INVALID_GRANT, "this refresh token is not known")
        id, is_first = taken
        grant = self._grant(id)
        if not is_first or grant.app != app.id:
            why = "this refresh token was used twice" if not is_first else "this refresh token was given to another app"
            self.end(grant, why)
            raise refused(INVALID_GRANT, why)
        return self._issue(self._standing(grant), still(_narrowed(grant.scopes, wanted) or (), app.scopes))

    def for_service(self, app: App, wanted: str) -> Issued:
        """For a program behind the scenes, which acts for itself."""
        if not app.is_service:
            raise refused(UNAUTHORIZED_CLIENT, "this app acts for people; it needs a code")
        registered = [scope for text in app.scopes if (scope := parsed(text)) is not None]
        scopes = tuple(scope.text for scope in read(wanted) if scope.level == "system" and within(scope, registered))
        if not scopes:
            raise refused(INVALID_SCOPE, "none of these scopes can be given to this service")
        now = self.now()
        self.register.forget(now)
        grant = Grant(GRANT + secrets.token_hex(12), app.id, "", scopes, now, now + ACCESS)
        self.register.put_grant(grant)
        return self._issue(grant, scopes)

    def _issue(self, grant: Grant, scopes: tuple[str, ...], *, nonce: str = "", is_new: bool = False) -> Issued:
        refresh = ""
        if {"online_access", "offline_access"} & set(grant.scopes):
            refresh = secrets.token_urlsafe(32)
            self.register.put_refresh(digest(refresh), grant.id)
        id_token = self._id_token(grant, nonce) if is_new and "openid" in scopes else ""
        now = self.now()
        lasts = min(ACCESS, grant.ends_at - now)
        return Issued(self._access_token(grant, scopes, now, lasts), int(lasts.total_seconds()), scopes, grant, refresh, id_token)

    def _access_token(self, grant: Grant, scopes: tuple[str, ...], now: datetime, lasts: timedelta) -> str:
        """RFC 9068: claims of an access token."""
        claims = {
            "iss": self.issuer, "aud": self.fhir_base, "sub": grant.user or grant.app, "client_id": grant.app, "scope": " ".join(scopes),
            "grant": grant.id, "iat": int(now.timestamp()), "exp": int((now + lasts).timestamp()), "jti": secrets.token_hex(12),
        }  # fmt: skip
        return self.keys.signed(claims, kind=KIND)

    def _id_token(self, grant: Grant, nonce: str) -> str:
        """OpenID Connect Core 1.0, 2; `fhirUser` as SMART adds it."""
        now = self.now()
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": grant.app, "sub": grant.user, "iat": int(now.timestamp()), "exp": int((now + ACCESS).timestamp()),
        }  # fmt: skip
        if nonce:
            claims["nonce"] = nonce
        if "fhirUser" in grant.scopes:
            claims["fhirUser"] = self.fhir_user(grant)
        return self.keys.signed(claims, kind=ID_KIND, algorithm=RS256)

    def fhir_user(self, grant: Grant) -> str:
        return f"{self.fhir_base}/Practitioner/{grant.user}"

    # --- reading ---

    def person(self, token: str) -> Person | None:
        """Who acts with a token; None when it is no app's token, or good no longer."""
        found = self.opened(token)
        if found is None:
            return None
        grant, app, given = found.grant, found.app, frozenset(found.scopes)
        if not grant.user:
            return Person(app.id, app.name, app.roles, session=grant.id, client=app.id, scopes=given)
        user = self._user(grant)
        if user is None:
            return None
        return Person(user.id, user.name, user.roles, user.units, grant.id, client=app.id, scopes=given, patient=grant.patient)

    def opened(self, token: str) -> Opened | None:
        """What a token stands for; None when it is no access token of ours, or good no longer."""
        claims = self._claims(token)
        if claims is None or claims.get("iss") != self.issuer or claims.get("aud") != self.fhir_base:
            return None
        ends = claims.get("exp")
        grant = self.register.grant(str(claims.get("grant", "")))
        if not isinstance(ends, int) or self.now().timestamp() >= ends or grant is None or self.is_over(grant):
            return None
        app = self.register.app(grant.app)
        given = tuple(str(claims.get("scope", "")).split())
        return Opened(grant, app, still(given, app.scopes), ends) if app is not None else None

    def _claims(self, token: str) -> dict[str, Any] | None:
        """A signature is checked once; whether what it says still holds, each time."""
        known = self._checked.get(token)
        if known is None and (known := self.keys.claims(token, kind=KIND)) is not None:
            if len(self._checked) >= REMEMBERED:
                self._checked.clear()
            self._checked[token] = known
        return known

    def is_over(self, grant: Grant | str) -> bool:
        """Whether a grant gives nothing any more: taken back, out of time, or the person or the app is gone."""
        found = self.register.grant(grant) if isinstance(grant, str) else grant
        if found is None or found.ended or self.now() >= found.ends_at:
            return True
        app = self.register.app(found.app)
        if app is None or app.closed_at is not None:
            return True
        return bool(found.user) and (self._user(found) is None or (bool(found.session) and self._is_over(found.session)))

    def _user(self, grant: Grant) -> User | None:
        user = self.identities.user(grant.user)
        return user if user is not None and user.active else None

    def _grant(self, id: str) -> Grant:
        grant = self.register.grant(id)
        if grant is None:
            raise refused(INVALID_GRANT, "what was allowed here is over")
        return grant

    def _standing(self, grant: Grant) -> Grant:
        if self.is_over(grant):
            raise refused(INVALID_GRANT, "what was allowed here is over")
        return grant

    # --- taking back ---

    def end(self, grant: Grant, why: str) -> None:
        if not grant.ended:
            self.register.put_grant(grant._replace(ended=why))

    def behind(self, token: str) -> Grant | None:
        """The grant that an access or refresh token comes from, whether or not it still gives anything."""
        claims: Mapping[str, Any] = self.keys.claims(token, kind=KIND) or {}
        return self.register.grant(str(claims.get("grant", "")) or self.register.refresh(digest(token)))


def is_of_app(token: str) -> bool:
    """Whether a token calls itself one of an app. Only that: whether it is good is asked of `Tokens.person`."""
    head = token.partition(".")[0]
    try:
        said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("typ") == KIND


def _narrowed(granted: tuple[str, ...], wanted: str) -> tuple[str, ...] | None:
    """What of the grant a refresh asks for; None when it asks for more."""
    if not wanted:
        return granted
    have: list[Scope] = [scope for text in granted if (scope := parsed(text)) is not None]
    scopes = [parsed(text) for text in dict.fromkeys(wanted.split())]
    if any(scope is None or not within(scope, have) for scope in scopes):
        return None
    return tuple(scope.text for scope in scopes if scope is not None)
