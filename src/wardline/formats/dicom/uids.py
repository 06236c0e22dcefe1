"""Numbers for DICOM objects that are always the same for the same thing, so that making it twice does not make two of it."""

import hashlib


def uid_of(*parts: str) -> str:
    """A UID from the parts' words (PS3.5 B.2: under 2.25 stands a 128-bit number)."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"
