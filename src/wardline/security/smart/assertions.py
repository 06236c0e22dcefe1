"""An app that proves itself with its private key: a statement it signs anew each time, good for minutes, good once (RFC 7523)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from wardline.core.apps import App, AppRegister
from wardline.core.errors import Fault, Refused
from wardline.core.outside import Outside
from wardline.security.smart.refusals import INVALID_CLIENT, TEMPORARILY_UNAVAILABLE, refused

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# SMART App Launch 2.2, "Client authentication: asymmetric": these two, and never more than five minutes.
ALGORITHMS: Final = {"ES384": "EC", "RS384": "RSA"}
LONGEST: Final = timedelta(minutes=5)
LARGEST: Final = 8 * 1024
LARGEST_KEYS: Final = 64 * 1024
KEYS_KEPT: Final = timedelta(minutes=5)
"""How long keys that were fetched are used again. A key the app has withdrawn is good for no longer."""
FRESH: Final = timedelta(seconds=30)
SMALLEST_RSA: Final = 2048


class FetchedKeys:
    """JWK sets of others, from the addresses the site has listed, used again for a while."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._fetched: dict[str, tuple[datetime, str]] = {}
        self.outside: Outside | None = None
        """The one way out of the house, once there is one."""

    async def at(self, url: str, *, fresh: bool = False) -> str:
        """The set as text. `fresh`: a key is missing, so look again unless that was just done. Raises `Fault` or `Refused`."""
        known = self._fetched.get(url)
        if known is None or self._now() - known[0] > KEYS_KEPT or (fresh and self._now() - known[0] > FRESH):
            known = self._fetched[url] = (self._now(), await self._asked(url))
        return known[1]

    async def _asked(self, url: str) -> str:
        if self.outside is None:
            raise Fault("no way out of the house is wired here")
        reply = await self.outside.request("GET", url, headers={"accept": "application/json"})
        if reply.status != 200 or len(reply.content) > LARGEST_KEYS:
            raise Refused("the address of the app's keys does not give any")
        return reply.content.decode(errors="replace")


class Assertions:
    """Checks statements; fetches an app's keys from where it was registered to keep them, and from nowhere else."""

    def __init__(self, register: AppRegister, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now
        self.fetched = FetchedKeys(now)

    async def check(self, app: App, statement: str, token_endpoint: str) -> None:
        """Raises `Refused` (invalid_client) unless the app itself has made this statement, for us, just now, and for the first time."""
        header = header_of(statement)
        claims = await self._verified(app, statement, header)
        now, ends = self._now(), claims.get("exp")
        if claims.get("iss") != app.id or claims.get("sub") != app.id or claims.get("aud") not in (token_endpoint, [token_endpoint]):
            raise _no("iss and sub must be the client_id, aud the token endpoint")
        if not isinstance(ends, int) or not now.timestamp() < ends <= (now + LONGEST).timestamp():
            raise _no("exp must be in the future, by five minutes at most")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise _no("jti must be there")
        seen = hashlib.sha256(f"{len(app.id)}/{app.id}/{jti}".encode()).digest()
        if not self._register.first_time(seen, datetime.fromtimestamp(ends, UTC)):
            raise _no("this jti has been used")

    async def _verified(self, app: App, statement: str, header: Mapping[str, Any]) -> dict[str, Any]:
        algorithm = header["alg"]
        for fresh in (False, True):  # a key that is not there may have been added since we looked
            key = chosen_key(await self._keys(app, header, fresh=fresh), header)
            if key is not None or not app.keys_url:
                break
        if key is None:
            raise _no("there is not exactly one key with this kid for this algorithm")
        try:
            return dict(jwt.decode(statement, key, algorithms=[algorithm]).claims)
        except (JoseError, ValueError):
            raise _no("the signature is not right") from None

    async def _keys(self, app: App, header: Mapping[str, Any], *, fresh: bool) -> str:
        if "jku" in header and header["jku"] != app.keys_url:
            raise _no("jku is not the address that was registered")
        if not app.keys_url:
            return app.keys
        try:
            return await self.fetched.at(app.keys_url, fresh=fresh)
        except Refused as refusal:
            raise _no(str(refusal)) from None
        except Fault:
            if self.fetched.outside is None:
                raise
            raise refused(TEMPORARILY_UNAVAILABLE, "the app's keys cannot be fetched now") from None


def key_set(text: str) -> list[dict[str, Any]]:
    """The public keys in a JWK set that can be used here. Raises `Refused` for what is none, and for private keys."""
    try:
        keys = json.loads(text)["keys"]
        usable = [dict(each) for each in keys if each.get("kty") in ALGORITHMS.values()]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _no("this is no JWK set: it needs a list of keys") from None
    if any("d" in each for each in usable):
        raise _no("this has a private key in it; give the public halves only")
    return [each for each in usable if each.get("kid")]


def chosen_key(text: str, header: Mapping[str, Any]) -> ECKey | RSAKey | None:
    """SMART: exactly one key with this kid, of the type that the algorithm needs."""
    found = [each for each in key_set(text) if each["kid"] == header["kid"] and each["kty"] == ALGORITHMS[header["alg"]]]
    if len(found) != 1 or found[0].get("alg", header["alg"]) != header["alg"]:
        return None
    try:
        key = JWKRegistry.import_key(found[0])
        strong = isinstance(key, RSAKey) and key.raw_value.key_size >= SMALLEST_RSA
    except (JoseError, ValueError):
        return None
    return key if (isinstance(key, ECKey) and key.curve_name == "P-384") or (isinstance(key, RSAKey) and strong) else None


def header_of(statement: str) -> dict[str, Any]:
    try:
        header = dict(jws.extract_compact(statement.encode()).headers()) if len(statement) <= LARGEST else {}
    except (JoseError, ValueError, RecursionError):
        header = {}
    if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str) or header.get("typ", "JWT") != "JWT":
        raise _no(f"the assertion must be a JWT signed with {' or '.join(ALGORITHMS)}, with the kid of its key")
    return header


def _no(reason: str) -> Refused:
    return refused(INVALID_CLIENT, f"client_assertion: {reason}")
