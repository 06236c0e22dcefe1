"""Which apps there are, what they may ask for, and how one proves that it is itself."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from joserfc import jws
from joserfc.errors import JoseError

from wardline.core.apps import App, AppRegister, Proof
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.people import Role
from wardline.security.smart.assertions import ASSERTION_TYPE, Assertions, key_set
from wardline.security.smart.refusals import INVALID_CLIENT, refused
from wardline.security.smart.scopes import parsed

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_PRIVATE_SCHEME: Final = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # RFC 8252 7.1: a domain name backwards


class Shown(NamedTuple):
    """What a request says about who makes it: the client_id in the form, Basic credentials, a signed statement."""

    id: str = ""
    secret: str = ""
    statement: str = ""
    statement_type: str = ""


class Clients:
    """The rules of apps, over any `AppRegister`."""

    def __init__(self, register: AppRegister, now: Callable[[], datetime]) -> None:
        self.register = register
        self.now = now
        self.assertions = Assertions(register, now)

    # --- entering ---

    def add(self, app: App) -> tuple[App, str]:
        """Enter an app; gives it its client_id, and its secret where it proves itself with one. The secret is shown this once."""
        secret = secrets.token_urlsafe(32) if app.proof is Proof.SHARED else ""
        entered = app._replace(id=secrets.token_hex(10), secret=digest(secret) if secret else b"", added_at=self.now())
        check(entered)
        self.register.put_app(entered)
        return entered, secret

    def change(self, app: App) -> App:
        """Keep what has been changed about an app that is there."""
        check(app)
        self.register.put_app(app)
        return app

    def new_secret(self, app: App) -> str:
        """Another secret; the one before is good no longer."""
        if app.proof is not Proof.SHARED:
            raise Conflict("this app does not prove itself with a secret")
        secret = secrets.token_urlsafe(32)
        self.register.put_app(app._replace(secret=digest(secret)))
        return secret

    def close(self, app: App) -> None:
        """It is let in no more. It stays in the list, because the audit trail names it."""
        self.register.put_app(app._replace(closed_at=self.now()))

    def known(self, id: str) -> App:
        """Raises `NotFound` for one that is not there."""
        app = self.register.app(id)
        if app is None:
            raise NotFound("there is no such app")
        return app

    # --- coming in ---

    async def proven(self, shown: Shown, token_endpoint: str) -> App:
        """The app that makes a request. Raises `Refused` (invalid_client) without saying which part was not right."""
        if shown.statement:
            return await self._with_keys(shown, token_endpoint)
        app = self.register.app(shown.id)
        right = {
            Proof.NONE: not shown.secret,
            Proof.SHARED: hmac.compare_digest(digest(shown.secret), app.secret if app is not None else b""),
            Proof.KEYS: False,
        }
        if app is None or app.closed_at is not None or not right[app.proof]:
            raise refused(INVALID_CLIENT, "this app is not known here, or has not proved that it is itself")
        return app

    async def _with_keys(self, shown: Shown, token_endpoint: str) -> App:
        id = shown.id or _said_in(shown.statement)
        app = self.register.app(id)
        if shown.secret or shown.statement_type != ASSERTION_TYPE or app is None or app.closed_at is not None or app.proof is not Proof.KEYS:
            raise refused(INVALID_CLIENT, "this app is not known here, or proves itself in another way")
        await self.assertions.check(app, shown.statement, token_endpoint)
        return app


def check(app: App) -> None:
    """Raise `Refused` with what is not right about an app, and where."""
    if not app.name.strip():
        raise Refused("give the app's name as its users know it", code="name", where="name")
    scopes = [(text, parsed(text)) for text in app.scopes]
    unknown = next((text for text, scope in scopes if scope is None), "")
    if unknown or not scopes:
        raise Refused(f"{unknown[:80]!r} is no scope; scopes look like patient/Observation.rs", code="scope", where="scopes")
    is_system = any(scope is not None and scope.level == "system" for _, scope in scopes)
    if is_system is not app.is_service:
        raise Refused("system scopes and the roles it acts in belong together: give both, for a service, or neither", code="roles", where="roles")
    if app.is_service and (app.proof is not Proof.KEYS or app.redirects or any(scope is not None and scope.level != "system" for _, scope in scopes)):
        raise Refused("a service has system scopes only, proves itself with keys, and has no redirect address", code="service", where="proof")
    if app.roles - {role.value for role in Role if role is not Role.PATIENT}:
        raise Refused(f"roles are some of {', '.join(role.value for role in Role if role is not Role.PATIENT)}", code="roles", where="roles")
    _check_addresses(app)
    _check_keys(app)


def _check_addresses(app: App) -> None:
    if not app.is_service and not app.redirects:
        raise Refused("give the address the app takes its codes at", code="redirect", where="redirects")
    for address in app.redirects:
        if not _is_good(address, native=True):
            raise Refused(f"{address[:120]!r} cannot take codes: https, a whole address, nothing after #", code="redirect", where="redirects")
    if app.launch_url and not _is_good(app.launch_url):
        raise Refused("the launch address must be https, whole, with nothing after #", code="launch", where="launch_url")


def _check_keys(app: App) -> None:
    if app.proof is Proof.KEYS and bool(app.keys) is bool(app.keys_url):
        raise Refused("give either the app's public keys or the address they are kept at", code="keys", where="keys")
    if app.proof is not Proof.KEYS and (app.keys or app.keys_url):
        raise Refused("keys belong to an app that proves itself with keys", code="keys", where="keys")
    if app.keys and not key_set(app.keys):
        raise Refused("there is no EC or RSA key with a kid in this JWK set", code="keys", where="keys")
    if app.keys_url and not _is_good(app.keys_url):
        raise Refused("the address of the keys must be https", code="keys", where="keys_url")


def _is_good(address: str, *, native: bool = False) -> bool:
    """https anywhere, http only within this machine, and for apps on a phone a scheme of their own (RFC 8252)."""
    if any(ord(each) <= 32 or ord(each) >= 127 or each in '\\#*<>"' for each in address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host) and "@" not in parts.netloc
    if parts.scheme == "http":
        return host in LOOPBACK and "@" not in parts.netloc
    return native and _PRIVATE_SCHEME.fullmatch(parts.scheme) is not None


def _said_in(statement: str) -> str:
    """Whom a statement names: only to find the keys that it is checked with."""
    try:
        said = json.loads(jws.extract_compact(statement.encode()).payload)
    except (JoseError, ValueError):
        return ""
    return str(said.get("iss", "")) if isinstance(said, dict) else ""


def digest(token: str) -> bytes:
    """What is kept of a token: a hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
