"""Keys derived from the folder's secrets."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import OKPKey


def signing_key(secret: bytes) -> OKPKey:
    """The Ed25519 key that signs access tokens, from the folder's 32-byte token secret."""
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _base64url(secret), "x": _base64url(public)})


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
