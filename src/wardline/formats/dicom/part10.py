"""The head of a DICOM file (PS3.10 7.1): who sent the object, what it is, and how the data set after it is written."""

import struct
import uuid
from typing import Final, NamedTuple

from wardline import __version__
from wardline.core.errors import Refused
from wardline.formats.dicom.scanning import scan_bytes
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

IMPLEMENTATION: Final = f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, 'urn:wardline').int}"
"""Implementation Class UID: a UUID as PS3.5 B.2 writes it, the same in every version."""
IMPLEMENTATION_VERSION: Final = f"WARDLINE_{__version__}"[:16]
_PREAMBLE: Final = bytes(128) + b"DICM"
_MOST: Final = 64 * 1024


class Head(NamedTuple):
    """What a file says before its data set."""

    sop_class: str
    sop_instance: str
    syntax: str
    length: int
    """Where the data set begins."""


def head_of(*, sop_class: str, sop_instance: str, syntax: str, source: str) -> bytes:
    """Preamble and File Meta Information for a data set as it was received. `source` is the sender's AE title."""
    elements = b"".join((
        struct.pack("<HH2sHL", 2, 1, b"OB", 0, 2) + b"\0\1",
        _element(0x0002, "UI", sop_class), _element(0x0003, "UI", sop_instance), _element(0x0010, "UI", syntax),
        _element(0x0012, "UI", IMPLEMENTATION), _element(0x0013, "SH", IMPLEMENTATION_VERSION), _element(0x0016, "AE", source[:16]),
    ))  # fmt: skip
    return _PREAMBLE + struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(elements)) + elements


def read_head(content: bytes) -> Head:
    """Of a file that begins with these bytes. Raises `Refused` for what is no DICOM file."""
    if content[128:132] != b"DICM":
        raise Refused("this is no DICOM file: DICM is missing behind the preamble (PS3.10 7.1)", code="dicom")
    if content[132:140] != b"\2\0\0\0UL\4\0" or len(content) < 144:
        raise Refused("the file meta information does not begin with its length (0002,0000)", code="dicom", where="(0002,0000)")
    length = int.from_bytes(content[140:144], "little")
    if length > min(_MOST, len(content) - 144):
        raise Refused("the file meta information is cut off or too long", code="dicom", where="(0002,0000)")
    meta = scan_bytes(content[144 : 144 + length], EXPLICIT_LITTLE, is_meta=True)
    for tag, name in _NEEDED:
        if not meta.text(tag):
            raise Refused(f"the file meta information has no {name}", code="dicom", where=f"({tag[:4]},{tag[4:]})")
    return Head(meta.text("00020002"), meta.text("00020003"), meta.text("00020010"), 144 + length)


_NEEDED: Final = (
    ("00020010", "Transfer Syntax UID"), ("00020002", "Media Storage SOP Class UID"), ("00020003", "Media Storage SOP Instance UID"),
)  # fmt: skip


def _element(number: int, vr: str, value: str) -> bytes:
    content = value.encode("ascii", errors="replace")
    content += b"" if len(content) % 2 == 0 else b"\0" if vr == "UI" else b" "
    return struct.pack("<HH2sH", 2, number, vr.encode(), len(content)) + content
