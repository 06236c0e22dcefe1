"""An EHR that calls a CDS Hooks service proves itself with a token it signs for that address, good for minutes, good once.

CDS Hooks 2.0, "Trusting CDS Clients": asymmetric keys only; iss and jku from a list the site keeps; aud, exp and jti are checked.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError

from wardline.core.apps import AppRegister
from wardline.core.errors import Fault, Refused
from wardline.security.refusals import NotSignedIn
from wardline.security.smart.assertions import LONGEST, FetchedKeys, chosen_key, header_of

LISTED: Final = "list it under clients in config/cds_hooks.yaml if it should be answered"


class EhrTokens:
    """`keys_of` says for each issuer the site trusts where its keys are."""

    def __init__(self, keys_of: Mapping[str, str], register: AppRegister, fetched: FetchedKeys, now: Callable[[], datetime]) -> None:
        self._keys_of = keys_of
        self._register = register
        self._fetched = fetched
        self._now = now

    def claims_one(self, token: str) -> bool:
        """Whether it names a listed EHR as its issuer. That says nothing yet about who made it."""
        try:
            return _claimed_issuer(token) in self._keys_of
        except NotSignedIn:
            return False

    async def issuer(self, token: str, audience: str) -> str:
        """Which listed EHR has made this token, for this address, just now and for the first time. Raises `NotSignedIn`."""
        try:
            header = header_of(token)
        except Refused as refusal:
            raise NotSignedIn(str(refusal)) from None
        url = self._listed(token, header)
        claims = await self._verified(token, header, url)
        now, ends = self._now(), claims.get("exp")
        if claims.get("aud") not in (audience, [audience]):
            raise NotSignedIn(f"aud must be the address that is called: {audience}")
        if not isinstance(ends, int) or not now.timestamp() < ends <= (now + LONGEST).timestamp():
            raise NotSignedIn("exp must be in the future, by five minutes at most")
        issuer, jti = str(claims["iss"]), claims.get("jti")
        seen = hashlib.sha256(f"cds-hooks/{len(issuer)}/{issuer}/{jti}".encode()).digest()
        if not isinstance(jti, str) or not jti or not self._register.first_time(seen, datetime.fromtimestamp(ends, UTC)):
            raise NotSignedIn("jti must be there, and new with every call")
        return issuer

    def _listed(self, token: str, header: Mapping[str, Any]) -> str:
        """Where the keys of the issuer are that the token names; nothing it says is believed before it is verified with them."""
        issuer = _claimed_issuer(token)
        url = self._keys_of.get(issuer)
        if url is None:
            raise NotSignedIn(f"this issuer is not known here; {LISTED}")
        if header.get("jku", url) != url:
            raise NotSignedIn("jku is not the address that is listed for this issuer")
        return url

    async def _verified(self, token: str, header: Mapping[str, Any], url: str) -> dict[str, Any]:
        try:
            for fresh in (False, True):  # a key that is not there may have been added since we looked
                key = chosen_key(await self._fetched.at(url, fresh=fresh), header)
                if key is not None:
                    return dict(jwt.decode(token, key, algorithms=[header["alg"]]).claims)
        except Fault:
            raise NotSignedIn("the keys of this issuer cannot be fetched now; try again") from None
        except (Refused, JoseError, ValueError):
            raise NotSignedIn("the signature is not right") from None
        raise NotSignedIn("there is not exactly one key with this kid for this algorithm")


def _claimed_issuer(token: str) -> str:
    try:
        body = token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))["iss"])
    except (IndexError, ValueError, KeyError, TypeError, RecursionError):
        raise NotSignedIn("this is no token that an EHR has signed") from None
