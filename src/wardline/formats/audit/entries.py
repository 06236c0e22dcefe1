"""One entry of the audit trail as the bytes that are hashed, and the chain through all of them.

An entry's fields are written in the order of `FIELDS`, numbers in decimal, with a record separator between them, as UTF-8. The
separator cannot stand in a field (`clean`), so no two entries have the same bytes.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

SEPARATOR: Final = "\x1e"
FIELDS: Final = (
    "id", "at", "who", "roles", "client", "session", "address", "purpose", "action", "outcome", "about", "shown", "door", "query", "request", "detail"
)  # fmt: skip
"""`at`: microseconds since 1970. `shown`: digest of the list of records that were shown together, empty where `about` says all."""
FIRST_LINK: Final = bytes(32)
"""What the first entry is chained to."""
_LEAF, _LINK = b"\x00", b"\x02"
# 0x00 for leaves and 0x01 for nodes are RFC 6962, 2.1; 0x02 is ours, so that a link is never mistaken for either.


def canonical(fields: Iterable[object]) -> bytes:
    return SEPARATOR.join(map(str, fields)).encode()


def leaf(entry: bytes) -> bytes:
    """The entry's hash in the tree (RFC 6962, 2.1)."""
    return hashlib.sha256(_LEAF + entry).digest()


def link(before: bytes, hashed: bytes) -> bytes:
    """What chains an entry to all before it."""
    return hashlib.sha256(_LINK + before + hashed).digest()


def digest_of(records: Iterable[str]) -> str:
    """Of records that were shown together; their order says nothing."""
    return hashlib.sha256(" ".join(sorted(records)).encode()).hexdigest()


def clean(text: str) -> str:
    """Without control characters and halves of characters: what cannot be shown is not kept."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\ufffd" for each in text.encode("utf-8", "replace").decode())
