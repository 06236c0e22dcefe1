"""What a sign-in service says about somebody is believed only with its signature, for us, for this sign-in, and now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet

from wardline.core.errors import NotAllowed

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
"""Signatures with the service's private key only: no `none`, nothing that its public key could make."""
SKEW: Final = timedelta(minutes=1)
OLDEST: Final = timedelta(minutes=10)
"""An ID token older than this was not made for the sign-in that waits for it."""
LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"  # OpenID Connect Back-Channel Logout 1.0, 2.4
NOT_BELIEVED: Final = "what the sign-in service has sent is not right; try again, and tell an administrator if it happens again"


class UnknownKey(NotAllowed):
    """Signed with a key that is not among those we have: the service may have changed its keys."""


class Expected(NotAllowed):
    """What was checked and is not so, for the log of whoever runs the house; no more is said at the door."""

    def __init__(self, what: str) -> None:
        super().__init__(NOT_BELIEVED)
        self.what = what


def id_claims(token: str, keys: KeySet, *, issuer: str, client: str, nonce: str, now: datetime) -> dict[str, Any]:
    """What an ID token says (OpenID Connect Core 1.0, 3.1.3.7). Raises `UnknownKey` or `Expected`."""
    claims = _signed(token, keys)
    _check_common(claims, issuer, client, now)
    _check("nonce", claims.get("nonce") == nonce)
    _check("exp", isinstance(claims.get("exp"), int | float) and claims["exp"] > (now - SKEW).timestamp())
    return claims


def logout_claims(token: str, keys: KeySet, *, issuer: str, client: str, now: datetime) -> dict[str, Any]:
    """What a logout token says (Back-Channel Logout 1.0, 2.6)."""
    claims = _signed(token, keys)
    events = claims.get("events")
    _check("events", isinstance(events, Mapping) and LOGOUT in events)
    _check("nonce", "nonce" not in claims)
    _check("sid", bool(claims.get("sid") or claims.get("sub")))
    _check_common({"sub": "", **claims}, issuer, client, now)
    return claims


def key_set(published: Mapping[str, Any]) -> KeySet:
    """Those of the published keys that can check a signature of the kinds we take."""
    usable = [key for key in published.get("keys", ()) if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": usable})


def _signed(token: str, keys: KeySet) -> dict[str, Any]:
    def key_of(guest: GuestProtocol) -> Key:
        named = guest.headers().get("kid")
        found = [key for key in keys if key.kid == named] if named else list(keys)
        if len(found) != 1:
            raise UnknownKey(NOT_BELIEVED)
        return found[0]

    try:
        return dict(jwt.decode(token, key_of, algorithms=list(ALGORITHMS)).claims)
    except (JoseError, ValueError):  # the library answers with both
        raise Expected("signature") from None


def _check_common(claims: Mapping[str, Any], issuer: str, client: str, now: datetime) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    issued = claims.get("iat")
    _check("iss", claims.get("iss") == issuer)
    _check("aud", client in several)
    _check("azp", claims.get("azp", client) == client and (len(several) == 1 or "azp" in claims))
    _check("sub", isinstance(claims.get("sub"), str))
    _check("iat", isinstance(issued, int | float) and (now - OLDEST).timestamp() <= issued <= (now + SKEW).timestamp())


def _check(what: str, holds: bool) -> None:
    if not holds:
        raise Expected(what)
