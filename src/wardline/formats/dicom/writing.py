"""DICOM JSON as the bytes of a data set: answers to queries, worklists and notifications (PS3.5 7.1, PS3.18 Annex F). Texts are UTF-8."""

import base64
import struct
from collections.abc import Mapping
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE

UTF_8: Final = "ISO_IR 192"
_LONG: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
_NUMBERS: Final = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "SV": "q", "UV": "Q"}
_BINARY: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
_CHARACTER_SET: Final = "00080005"


def data_set(attributes: Mapping[str, Any], syntax: str) -> bytes:
    """In explicit or implicit VR little endian. Raises `Refused` for any other transfer syntax."""
    if syntax not in (EXPLICIT_LITTLE, IMPLICIT_LITTLE):
        raise Refused(f"data sets are not written in {syntax}", code="dicom")
    said = {tag: element for tag, element in attributes.items() if tag != _CHARACTER_SET}
    content = _elements(said, is_implicit=syntax == IMPLICIT_LITTLE)
    if not content.isascii():
        said[_CHARACTER_SET] = {"vr": "CS", "Value": [UTF_8]}
        content = _elements(said, is_implicit=syntax == IMPLICIT_LITTLE)
    return content


def _elements(attributes: Mapping[str, Any], *, is_implicit: bool) -> bytes:
    return b"".join(_element(tag, attributes[tag], is_implicit=is_implicit) for tag in sorted(attributes) if "BulkDataURI" not in attributes[tag])


def _element(tag: str, element: Mapping[str, Any], *, is_implicit: bool) -> bytes:
    vr, content = element["vr"], _value(element, is_implicit=is_implicit)
    if not is_implicit:
        return explicit(tag, vr, content)
    content = _even(vr, content)
    return struct.pack("<HHL", int(tag[:4], 16), int(tag[4:], 16), len(content)) + content


def _even(vr: str, content: bytes) -> bytes:
    if len(content) % 2 == 0:
        return content
    return content + (b"\0" if vr == "UI" or vr in _BINARY else b" ")


def explicit(tag: str, vr: str, content: bytes) -> bytes:
    """One element in explicit VR little endian, filled up to an even length. Raises `struct.error` for a value too long for its kind."""
    content = _even(vr, content)
    group, number = int(tag[:4], 16), int(tag[4:], 16)
    if vr in _LONG:
        return struct.pack("<HH2sHL", group, number, vr.encode(), 0, len(content)) + content
    return struct.pack("<HH2sH", group, number, vr.encode(), len(content)) + content


def _value(element: Mapping[str, Any], *, is_implicit: bool) -> bytes:
    vr, values = element["vr"], element.get("Value") or []
    if "InlineBinary" in element:
        return base64.b64decode(element["InlineBinary"])
    if vr == "SQ":
        items = [_elements(item or {}, is_implicit=is_implicit) for item in values]
        return b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(item)) + item for item in items)
    if vr in _NUMBERS:
        # What is no number (an infinite one stands as a word in JSON) has no bytes in an answer: nothing is better than another number.
        return b"".join(struct.pack(f"<{_NUMBERS[vr]}", value) for value in values if isinstance(value, int | float))
    if vr == "AT":
        return b"".join(struct.pack("<HH", int(value[:4], 16), int(value[4:], 16)) for value in values)
    return "\\".join(_text(value) for value in values).encode("utf-8")


def _text(value: Any) -> str:
    """One value: of a name all its ways of writing, of a number as few digits as say it (16 letters at most, PS3.5 6.2)."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "=".join(str(value.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")).rstrip("=")
    if isinstance(value, float):
        short = repr(value).removesuffix(".0")
        return short if len(short) <= 16 else f"{value:.10g}"
    return str(value)
