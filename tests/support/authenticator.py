"""A passkey made of software, written from the specification: what a device sends when it makes one and when it signs (WebAuthn level 2)."""

import base64
import hashlib
import json
import secrets
from copy import copy
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
ATTESTED: Final = 0x40
"""Flags of the authenticator data, WebAuthn 6.1."""


class SoftAuthenticator:
    """One credential. Counts its uses, as real devices do."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.user = b""

    def copied(self) -> "SoftAuthenticator":
        return copy(self)

    def made(self, options: dict[str, Any], origin: str) -> dict[str, Any]:
        """What navigator.credentials.create gives, as JSON."""
        self.user = _bytes(options["user"]["id"])
        client = _client("webauthn.create", _bytes(options["challenge"]), origin)
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(self._public())
        data = self._data(options["rp"]["id"], VERIFIED | ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def signed(
        self, options: dict[str, Any], origin: str, *, verified: bool = True, host: str = "", challenge: bytes = b"", broken: bool = False
    ) -> dict[str, Any]:
        """What navigator.credentials.get gives, as JSON."""
        self.count += 1
        client = _client("webauthn.get", challenge or _bytes(options["challenge"]), origin)
        data = self._data(host or options["rpId"], VERIFIED if verified else 0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        if broken:
            signature = ec.generate_private_key(ec.SECP256R1()).sign(data, ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.user}
        return self._credential({name: _text(value) for name, value in said.items()})

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([PRESENT | flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> dict[int, Any]:
        """COSE: an elliptic curve key on P-256 for ES256 (RFC 9053, 2.1 and 7.1)."""
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response, "clientExtensionResults": {}}


def _client(kind: str, challenge: bytes, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": _text(challenge), "origin": origin, "crossOrigin": False}).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
