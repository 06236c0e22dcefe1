"""A DICOM instance out of its JSON and the long values that came beside it (PS3.18 10.5 and Annex F): every value as it is said, or a refusal.

The metadata of a STOW request says a long value by an address; the value comes as a part of its own. What is written is explicit VR little
endian in UTF-8, or, where the pixels came compressed, their own transfer syntax with one frame in one fragment.
"""

import base64
import re
import struct
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.dicom.media import MEDIA_TYPES
from wardline.formats.dicom.part10 import head_of
from wardline.formats.dicom.scanning import DEEPEST
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE
from wardline.formats.dicom.values import NUMBERS, ONE_TEXT, OTHERS, TEXTS
from wardline.formats.dicom.writing import UTF_8, explicit

PIXELS: Final = "7FE00010"
_FRAMES: Final = "00280008"
_CHARACTERS: Final = "00080005"
_TAG: Final = re.compile("[0-9A-F]{8}")
_DECIMAL, _INTEGER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"), re.compile(r"[+-]?\d+")
_LONGEST_NUMBER: Final = 16
_KEYS: Final = frozenset(("Value", "InlineBinary", "BulkDataURI"))


class Beside(NamedTuple):
    """A long value that came as a part of its own."""

    content: bytes
    type: str = ""
    syntax: str = ""
    """Its transfer syntax, where the part says one."""


def referred(attributes: Any, depth: int = 0) -> Iterator[str]:
    """The addresses of an instance's long values. Raises `Refused` for what is no instance."""
    if not isinstance(attributes, dict) or depth > DEEPEST:
        raise Refused("the metadata is no list of instances as DICOM JSON", code="dicom")
    for tag, element in attributes.items():
        where = f"({tag[:4]},{tag[4:8]})"
        if not _TAG.fullmatch(tag) or int(tag[:4], 16) < 8 or not isinstance(element, dict) or len(_KEYS & set(element)) > 1:
            raise Refused(f"{where} is no element of an instance", code="dicom", where=where)
        if "BulkDataURI" in element:
            yield str(element["BulkDataURI"])
        elif element.get("vr") == "SQ":
            for item in _listed(where, element):
                yield from referred(item if item is not None else {}, depth + 1)


def text_of(attributes: Mapping[str, Any], tag: str) -> str:
    """ "" where there is none."""
    values = attributes.get(tag, {}).get("Value")
    return values[0] if isinstance(values, list) and values and isinstance(values[0], str) else ""


def file_from(attributes: Mapping[str, Any], beside: Mapping[str, Beside], source: str) -> bytes:
    """A DICOM file. Raises `Refused` for a value that cannot be written as it is said, or one that did not come."""
    sop_class, sop_instance = text_of(attributes, "00080016"), text_of(attributes, "00080018")
    if not sop_class or not sop_instance:
        raise Refused("SOP Class UID (0008,0016) or SOP Instance UID (0008,0018) is missing", code="dicom")
    pixels = beside.get(str(attributes.get(PIXELS, {}).get("BulkDataURI", "")))
    syntax = _syntax_of(pixels, attributes) if pixels is not None else EXPLICIT_LITTLE
    said = {**attributes, _CHARACTERS: {"vr": "CS", "Value": [UTF_8]}}
    content = b"".join(_written(said, beside, syntax))
    return head_of(sop_class=sop_class, sop_instance=sop_instance, syntax=syntax, source=source) + content


def _syntax_of(pixels: Beside, attributes: Mapping[str, Any]) -> str:
    """Compressed pixels say in which transfer syntax; the media type alone leaves it open."""
    if pixels.syntax in ("", EXPLICIT_LITTLE) and not pixels.type.startswith(("image/", "video/")):
        return EXPLICIT_LITTLE
    frames = attributes.get(_FRAMES, {}).get("Value") or [1]
    if MEDIA_TYPES.get(pixels.syntax) != pixels.type or pixels.type.startswith("video/"):
        raise NotTaken(f"pixels as {pixels.type or 'bytes'} are not taken in transfer syntax {pixels.syntax or 'that is not said'}")
    if [str(each) for each in frames] != ["1"]:
        raise NotTaken("compressed pixels of several frames are not taken beside metadata; send application/dicom")
    return pixels.syntax


class NotTaken(Refused):
    """The transfer syntax, not the instance, is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, code="dicom", where="(7FE0,0010)")


def _written(attributes: Mapping[str, Any], beside: Mapping[str, Beside], syntax: str) -> Iterator[bytes]:
    for tag in sorted(attributes):
        element, where = attributes[tag], f"({tag[:4]},{tag[4:]})"
        if tag[4:] == "0000":  # group lengths are retired, and wrong as soon as anything is left out
            continue
        try:
            yield from _one(tag, element, beside, syntax, where)
        except (struct.error, ValueError, TypeError, KeyError, OverflowError) as error:
            raise Refused(f"{where} cannot be written as it is said: {type(error).__name__}", code="dicom", where=where) from None


def _one(tag: str, element: Mapping[str, Any], beside: Mapping[str, Beside], syntax: str, where: str) -> Iterator[bytes]:
    vr = element["vr"]
    if "BulkDataURI" in element:
        yield from _long(tag, vr, beside.get(str(element["BulkDataURI"])), syntax, where)
    elif vr == "SQ":
        items = [b"".join(_written(_inner(item), beside, EXPLICIT_LITTLE)) for item in _listed(where, element)]
        yield explicit(tag, vr, b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(item)) + item for item in items))
    elif "InlineBinary" in element:
        yield explicit(tag, _known(vr, OTHERS), base64.b64decode(element["InlineBinary"], validate=True))
    else:
        values = _listed(where, element)
        yield explicit(_known(vr, _KNOWN) and tag, vr, _value(vr, values) if values else b"")


def _inner(item: Any) -> Mapping[str, Any]:
    """An item of a sequence; that its text is UTF-8 stands above."""
    return {tag: element for tag, element in (item or {}).items() if tag != _CHARACTERS}


def _long(tag: str, vr: str, value: Beside | None, syntax: str, where: str) -> Iterator[bytes]:
    if value is None:
        raise Refused(f"the value of {where} did not come with the message", code="dicom", where=where)
    if tag != PIXELS or syntax == EXPLICIT_LITTLE:
        yield explicit(tag, _known(vr, _KNOWN), value.content)
        return
    frame = value.content + b"\0" * (len(value.content) % 2)
    yield struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)  # PS3.5 A.4: an empty offset table, one fragment, the end
    yield struct.pack("<HHL", 0xFFFE, 0xE000, 0) + struct.pack("<HHL", 0xFFFE, 0xE000, len(frame)) + frame + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def _value(vr: str, values: list[Any]) -> bytes:
    _need(not any(isinstance(each, bool) for each in values))
    if vr in NUMBERS and vr != "AT":
        return struct.pack(f"<{len(values)}{NUMBERS[vr]}", *(int(each) if vr in ("SV", "UV") and isinstance(each, str) else each for each in values))
    if vr == "AT":
        return b"".join(struct.pack("<HH", int(each[:4], 16), int(each[4:], 16)) for each in values if _need(_TAG.fullmatch(each)))
    if vr in ONE_TEXT:
        _need(len(values) <= 1)
        return "".join("" if each is None else _text(each) for each in values).encode()
    make = _MAKERS.get(vr, _single)
    _known(vr, TEXTS | _MAKERS.keys())
    return "\\".join("" if each is None else make(each) for each in values).encode()


def _text(value: Any) -> str:
    _need(isinstance(value, str))
    return str(value)


def _single(value: Any) -> str:
    _need("\\" not in _text(value))
    return str(value)


def _number(value: Any, form: re.Pattern[str]) -> str:
    """A number, or the text of one (PS3.18 F.2.3.1); as many digits as there is room for (16 characters, PS3.5 6.2)."""
    _need(isinstance(value, str | int | float))
    text = repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
    if isinstance(value, float) and len(text) > _LONGEST_NUMBER:
        text = next(each for digits in range(_LONGEST_NUMBER, 0, -1) if len(each := f"{value:.{digits}g}") <= _LONGEST_NUMBER)
    _need(form.fullmatch(text.strip()) and len(text) <= _LONGEST_NUMBER)
    return text


def _name(value: Any) -> str:
    _need(isinstance(value, dict) and not set(value) - {"Alphabetic", "Ideographic", "Phonetic"})
    return "=".join(_single(value.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")).rstrip("=")


def _listed(where: str, element: Mapping[str, Any]) -> list[Any]:
    values = element.get("Value", [])
    if not isinstance(values, list):
        raise Refused(f"the Value of {where} is no list", code="dicom", where=where)
    return values


def _known(vr: str, among: Collection[str]) -> str:
    _need(vr in among)
    return vr


def _need(holds: Any) -> bool:
    if not holds:
        raise ValueError
    return True


_MAKERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "DS": lambda value: _number(value, _DECIMAL), "IS": lambda value: _number(value, _INTEGER), "PN": _name,
}  # fmt: skip
_KNOWN: Final = frozenset((*OTHERS, *NUMBERS, *TEXTS, *_MAKERS))
