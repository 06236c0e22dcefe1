"""A signed head: "so many entries, and this is the hash of all of them", said by the house at a moment and kept elsewhere too."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wardline.core.errors import Refused

HEADS: Final = ".heads.jsonl"
"""How the file of a witness ends; it begins with the name of the trail."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WHAT: Final = "wardline audit head 1"


class Head(NamedTuple):
    """`log` names the trail: a hash of the public key it is signed with. `at`: microseconds since 1970."""

    log: str
    size: int
    at: int
    root: bytes
    link: bytes
    signature: bytes = b""

    @property
    def signed_at(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.at)

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return "\n".join((_WHAT, self.log, str(self.size), str(self.at), self.root.hex(), self.link.hex(), "")).encode()

    def line(self) -> str:
        """As it is kept in the second place: one line of JSON."""
        words = {"log": self.log, "size": self.size, "at": self.at}
        return json.dumps(words | {name: getattr(self, name).hex() for name in ("root", "link", "signature")})


def head_in(line: str) -> Head:
    """Raises `Refused` for a line that is none."""
    try:
        said: dict[str, Any] = json.loads(line)
        root, link, signature = (bytes.fromhex(said[name]) for name in ("root", "link", "signature"))
        return Head(str(said["log"]), int(said["size"]), int(said["at"]), root, link, signature)
    except (ValueError, KeyError, TypeError):
        raise Refused("a line of the witness is not a head of an audit trail", code="head") from None


class Signer:
    """Signs heads with the key that is for nothing else."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.log = log_of(self.public)

    def signed(self, size: int, at: int, root: bytes, link: bytes) -> Head:
        head = Head(self.log, size, at, root, link)
        return head._replace(signature=self.sign(head.statement))

    def sign(self, statement: bytes) -> bytes:
        return self._key.sign(statement)


def log_of(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def is_signed(head: Head, public: bytes) -> bool:
    """Whether the head is of the trail of this key, and signed with it."""
    return is_said_by(public, head.signature, head.statement) and head.log == log_of(public)


def is_said_by(public: bytes, signature: bytes, statement: bytes) -> bool:
    """Whether the statement was signed with this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
    except InvalidSignature:
        return False
    return True
