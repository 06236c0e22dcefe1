"""The sign-in service as we talk to it: its own description, its keys, and the exchange of a code for a token."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from json import JSONDecodeError, loads
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from wardline.core.errors import Fault, NotAllowed
from wardline.core.outside import Outside
from wardline.security.provider.configuration import ProviderSettings
from wardline.security.provider.tokens import NOT_BELIEVED, UnknownKey, id_claims, key_set, logout_claims

DESCRIPTION_KEPT: Final = timedelta(hours=1)
KEYS_AGAIN: Final = timedelta(seconds=30)
"""Not more often are keys asked for again because somebody has sent a token with an unknown one."""
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Service:
    """Asks only the issuer's host, and others the site has named; everything it says is checked."""

    def __init__(self, settings: ProviderSettings, outside: Outside, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.outside = outside
        self.now = now
        self._description: tuple[dict[str, Any], datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def description(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, 4. Raises `Fault` when it cannot be had or speaks for somebody else."""
        if self._description is None or self.now() - self._description[1] > DESCRIPTION_KEPT:
            found = await self._json("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.settings.issuer or not all(self._is_theirs(found.get(each)) for each in ENDPOINTS):
                raise Fault(f"the sign-in service at {self.settings.issuer} describes another one, or addresses outside its own host")
            self._description = found, self.now()
        return self._description[0]

    def _is_theirs(self, url: object) -> bool:
        issuer, parts = urlsplit(self.settings.issuer), urlsplit(url if isinstance(url, str) else "")
        return parts.scheme == issuer.scheme and (parts.netloc == issuer.netloc or parts.hostname in self.settings.hosts)

    async def exchanged(self, code: str, verifier: str, redirect: str) -> str:
        """The ID token for a code. Raises `NotAllowed` when the service does not take the code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        client, secret = self.settings.client_id, self.settings.secret
        if secret:  # RFC 6749, 2.3.1
            headers["authorization"] = "Basic " + base64.b64encode(f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()).decode()
        else:
            form["client_id"] = client
        url = (await self.description())["token_endpoint"]
        reply = await self.outside.request("POST", url, headers=headers, content=urlencode(form).encode())
        token = _object(reply.content).get("id_token") if reply.status == 200 else None
        if not isinstance(token, str):
            raise NotAllowed(NOT_BELIEVED)
        return token

    async def id_claims(self, token: str, nonce: str) -> dict[str, Any]:
        return await self._with_keys(
            lambda keys: id_claims(token, keys, issuer=self.settings.issuer, client=self.settings.client_id, nonce=nonce, now=self.now())
        )

    async def logout_claims(self, token: str) -> dict[str, Any]:
        return await self._with_keys(
            lambda keys: logout_claims(token, keys, issuer=self.settings.issuer, client=self.settings.client_id, now=self.now())
        )

    async def _with_keys(self, check: Callable[[KeySet], dict[str, Any]]) -> dict[str, Any]:
        """With the keys we have; if the token names another one, with those the service has now."""
        keys, asked_at = self._keys or await self._fresh_keys()
        try:
            return check(keys)
        except UnknownKey:
            if self.now() - asked_at < KEYS_AGAIN:
                raise
        keys, _ = await self._fresh_keys()
        return check(keys)

    async def _fresh_keys(self) -> tuple[KeySet, datetime]:
        published = await self._json("GET", (await self.description())["jwks_uri"])
        try:
            self._keys = key_set(published), self.now()
        except (JoseError, ValueError, AttributeError, TypeError):  # what they publish is not keys
            raise Fault("the sign-in service publishes keys that cannot be read") from None
        return self._keys

    async def _json(self, method: str, url: str) -> dict[str, Any]:
        reply = await self.outside.request(method, url, headers={"accept": "application/json"})
        if reply.status != 200:
            raise Fault(f"the sign-in service answers {reply.status}")
        return _object(reply.content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = loads(content)
    except (JSONDecodeError, UnicodeDecodeError):
        found = None
    if not isinstance(found, Mapping):
        raise Fault("the sign-in service gave an answer that cannot be read")
    return dict(found)
