"""A small app of somebody else's: written after SMART App Launch 2.2 and OAuth 2.0, knowing nothing of the house but its address."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from time import time
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

REDIRECT: Final = "https://charts.example/back?from=ward"
LAUNCH: Final = "https://charts.example/launch"
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Pkce(NamedTuple):
    """RFC 7636."""

    verifier: str
    challenge: str


def pkce() -> Pkce:
    verifier = secrets.token_urlsafe(48)
    return Pkce(verifier, base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode())


def authorization(base: str, client: str, proof: Pkce, scope: str, **other: str) -> dict[str, str]:
    """The parameters of an authorization request; an empty value leaves one out."""
    usual = {
        "response_type": "code", "client_id": client, "redirect_uri": REDIRECT, "scope": scope, "state": secrets.token_urlsafe(16),
        "aud": f"{base}/fhir", "code_challenge": proof.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return {name: value for name, value in {**usual, **other}.items() if value}


def fields(address: str) -> dict[str, str]:
    """What an address carries."""
    return dict(parse_qsl(urlsplit(address).query))


def form(content: Mapping[str, str]) -> bytes:
    return urlencode(content).encode()


def basic(client: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


def unsigned(claims: Mapping[str, Any], **header: str) -> str:
    """A token that says of itself that nobody has signed it."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none", **header}, dict(claims)))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


class Signer:
    """An app with a private key."""

    def __init__(self, algorithm: str = "ES384") -> None:
        self.algorithm = algorithm
        made = {"kid": f"its-{algorithm}"}
        self.key: ECKey | RSAKey = ECKey.generate_key("P-384", made) if algorithm == "ES384" else RSAKey.generate_key(2048, made)

    @property
    def public(self) -> dict[str, Any]:
        return dict(self.key.as_dict(private=False)) | {"alg": self.algorithm}

    def statement(self, client: str, token_endpoint: str, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """RFC 7523 3; a claim of None is left out."""
        usual = {"iss": client, "sub": client, "aud": token_endpoint, "exp": int(time()) + 240, "jti": secrets.token_hex(8)}
        said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        head = {"alg": self.algorithm, "typ": "JWT", "kid": str(self.key.kid), **(header or {})}
        return jwt.encode(head, said, self.key, algorithms=[head["alg"]])

    def assertion(self, client: str, token_endpoint: str, **claims: Any) -> dict[str, str]:
        return {"client_assertion_type": ASSERTION, "client_assertion": self.statement(client, token_endpoint, **claims)}
