"""Proving to another FHIR server who we are: a bearer token from a file, or SMART Backend Services with a private key.

SMART App Launch 2.2, "Backend Services": a statement signed with our key (RFC 7523) is exchanged for a token that lasts minutes.
"""

import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from wardline.core.errors import Fault, Refused
from wardline.core.findings import Severity
from wardline.core.outside import Outside

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
STATEMENT_SECONDS: Final = 240
"""Never more than five minutes, says the guide."""
EARLY_SECONDS: Final = 30
"""A token is renewed so long before it ends."""
SMALLEST_RSA: Final = 2048


class Proof(Protocol):
    """How we prove ourselves to one server."""

    @property
    def token_url(self) -> str: ...

    def check(self) -> None:
        """Raises `Refused` for a file that cannot be used."""
        ...

    async def token(self, base: str, outside: Outside) -> str:
        """Raises `Fault` or `Refused`."""
        ...

    def forget(self) -> None:
        """The token was not accepted: get another one next time."""
        ...


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that somebody has put into a file."""

    file: Path
    token_url: str = ""

    def check(self) -> None:
        self.secret()

    async def token(self, base: str, outside: Outside) -> str:
        return self.secret()

    def secret(self) -> str:
        return _read(self.file)

    def forget(self) -> None:
        """The file is read again each time anyway."""


@dataclass(slots=True)
class BackendService:
    """A private key (EC P-384: ES384, or RSA: RS384). Without a token address the server is asked for it.

    `key_id` is what the server calls our public key; without one its thumbprint (RFC 7638).
    """

    client_id: str
    key: Path
    scope: str
    token_url: str = ""
    key_id: str = ""
    _token: str = field(default="", repr=False)
    _ends: float = 0.0

    def check(self) -> None:
        self._signing_key()

    async def token(self, base: str, outside: Outside) -> str:
        if not self._token or time.monotonic() > self._ends:
            address = self.token_url or await _token_url(base, outside)
            form = {
                "grant_type": "client_credentials", "scope": self.scope, "client_assertion_type": ASSERTION,
                "client_assertion": self._statement(address),
            }  # fmt: skip
            headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
            reply = await outside.request("POST", address, headers=headers, content=urlencode(form).encode(), severity=Severity.HIGH)
            said = _json(reply.content)
            if reply.status != 200 or not isinstance(said.get("access_token"), str):
                sentence = f"no access token: the token service answered {reply.status} {_word(said.get('error'))}".rstrip()
                raise Refused(sentence, code="token") if 400 <= reply.status < 500 else Fault(sentence)
            lasts = said.get("expires_in")
            self._token = said["access_token"]
            self._ends = time.monotonic() + (lasts if isinstance(lasts, int | float) else 60) - EARLY_SECONDS
        return self._token

    def forget(self) -> None:
        self._token = ""

    def _statement(self, audience: str) -> str:
        key = self._signing_key()
        algorithm = "ES384" if isinstance(key, ECKey) else "RS384"
        header = {"alg": algorithm, "typ": "JWT", "kid": self.key_id or key.thumbprint()}
        ends = int(time.time()) + STATEMENT_SECONDS
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": audience, "exp": ends, "jti": secrets.token_urlsafe(24)}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    def _signing_key(self) -> ECKey | RSAKey:
        pem = _read(self.key)
        for kind in (ECKey, RSAKey):
            try:
                key = kind.import_key(pem)
            except (JoseError, ValueError, TypeError):
                continue
            is_fit = key.curve_name == "P-384" if isinstance(key, ECKey) else key.raw_value.key_size >= SMALLEST_RSA
            if is_fit and key.is_private:
                return key
        raise Refused(f"{self.key} is no private key for this: it must be EC P-384 or RSA of {SMALLEST_RSA} bits, in PEM", code="key")


async def _token_url(base: str, outside: Outside) -> str:
    """SMART App Launch 2.2: the server says it at a well-known address."""
    reply = await outside.request("GET", f"{base}/.well-known/smart-configuration", headers={"accept": "application/json"}, severity=Severity.HIGH)
    address = _json(reply.content).get("token_endpoint") if reply.status == 200 else None
    if not isinstance(address, str):
        raise Fault("the server does not say where its token service is; write its address as token_url")
    return address


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{file} cannot be read", code="secret") from None
    if not text:
        raise Refused(f"{file} is empty", code="secret")
    return text


def _json(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _word(text: object) -> str:
    """OAuth's error codes are words; anything else is not repeated."""
    return text if isinstance(text, str) and text.replace("_", "").isalpha() and len(text) < 40 else ""
