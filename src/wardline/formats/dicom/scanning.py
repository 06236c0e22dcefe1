"""Reading the header of a DICOM object straight from its bytes: who and what it is, where its pixels lie, and its DICOM JSON without them.

One pass over the top of the data set, in any transfer syntax. Long values are stepped over and never read; JSON refers to them by a
BulkDataURI that begins with "@/", to be replaced by an address. What is broken is refused with the place; what is only odd is noted.

A sender can put a million elements into a few megabytes, and an element as an object is fifty times as large as on the wire. So what is
held as objects is counted, and an item of a sequence becomes JSON as soon as it has been read.
"""

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from wardline.core.errors import Refused
from wardline.formats.dicom.syntaxes import Syntax, syntax_of
from wardline.formats.dicom.values import NUMBERS, OTHERS, Refinement
from wardline.formats.dicom.window import Window, inflated

BULK: Final = "@/"
"""Beginning of every BulkDataURI, before the path of the element ("7FE00010", "54000100/0/54001010")."""
UNDEFINED: Final = 0xFFFFFFFF
DEEPEST: Final = 32
"""Sequences within sequences. Real objects have four or five."""
MOST_ELEMENTS: Final = 3_000_000
MOST_HELD: Final = 400_000
"""Elements and values that are objects at the same time, each with up to half a kilobyte."""
MOST_JSON: Final = 96 * 1024 * 1024
"""Bytes of a header's sequences as JSON: some ninety thousand frames that each say where they lie."""
MOST_REFERRED: Final = 1_000_000
"""Long values and fragments of pixels: frames of a whole slide, and more."""
_LONG: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
"""Representations with a length of four bytes in explicit syntaxes (PS3.5 7.1.2)."""
_SHORT: Final = {vr.encode(): vr for vr in (
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US",
)}  # fmt: skip
"""As they stand in the bytes."""
_PIXELS: Final = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_CHARACTER_SET: Final = 0x00080005
_SIGNED: Final = 0x00280103
_INLINE_BYTES: Final = 1024
_INLINE_NUMBERS: Final = 16 * 1024
_INLINE_TEXT: Final = 256 * 1024
_INLINE_ALL: Final = 16 * 1024 * 1024
"""Bytes of one header that are held as they are. Values that come behind them are referred to, but for those of a few characters."""
_SHORTEST: Final = 64
_LONGEST_NUMBER: Final = 12
"""Characters of an integer string (PS3.5 6.2). What is longer, or not in ASCII, is no number, and fits no index."""


class Bulk(NamedTuple):
    """Where a value lies in the data set as it is stored. With `fragments` it is encapsulated: the first is the offset table."""

    path: str
    vr: str
    offset: int
    length: int
    fragments: tuple[tuple[int, int], ...] = ()
    """(offset, length) of each item's content."""


class Scanned(NamedTuple):
    """What the header says."""

    attributes: dict[str, dict[str, Any]]
    """The DICOM JSON model, as Python has it; with `scan` the items of a sequence are JSON already."""
    pixels: Bulk | None
    """Pixel Data of the object itself."""
    bulk: tuple[Bulk, ...]
    """Every value that JSON refers to. Positions are those in the inflated data set where it is deflated."""
    problems: tuple[str, ...]

    def text(self, tag: str) -> str:
        """The first value as text, "" where there is none."""
        value = self.attributes.get(tag, {}).get("Value") or [""]
        if not isinstance(value, list):  # a sequence, where a value should be
            return ""
        return str(value[0].get("Alphabetic", "") if isinstance(value[0], dict) else "" if value[0] is None else value[0])

    def number(self, tag: str, otherwise: int = 0) -> int:
        text = self.text(tag)
        is_number = len(text) <= _LONGEST_NUMBER and text.isascii() and text.removeprefix("-").isdecimal()
        return int(text) if is_number else otherwise


def scan(first: bytes, total: int, load: Callable[[int, int], bytes], syntax: str) -> Scanned:
    """Read the header. `first` are the first bytes of `total`, `load(position, length)` gives others. Raises `Refused` for a broken data set."""
    kind = syntax_of(syntax)
    window = inflated(_pieces(total, load)) if kind.is_deflated else Window(first, total, load)
    return _scanned(_Scanner(window, kind, lowest_group=8, is_packing=True))


def _scanned(scanner: "_Scanner") -> Scanned:
    attributes, _ = scanner.dataset(0, scanner.window.total, "", 0)
    if not attributes:
        raise Refused("the data set is empty", code="dicom")
    pixels = next((each for each in scanner.bulk if each.path in PIXELS), None)
    return Scanned(attributes, pixels, tuple(scanner.bulk), tuple(scanner.values.problems))


def scan_bytes(dataset: bytes, syntax: str, *, is_meta: bool = False) -> Scanned:
    """A data set that is in memory, and all of it as Python has it. `is_meta`: it is that of a file's head, which is the place of group 0002."""
    kind, total = syntax_of(syntax), len(dataset)
    window = inflated(iter((dataset,))) if kind.is_deflated else Window(dataset, total, lambda at, length: dataset[at : at + length])
    return _scanned(_Scanner(window, kind, lowest_group=2 if is_meta else 8, is_packing=False))


def _pieces(total: int, load: Callable[[int, int], bytes]) -> Iterator[bytes]:
    step = 1024 * 1024
    return (load(position, min(step, total - position)) for position in range(0, total, step))


PIXELS: Final = frozenset(f"{tag:08X}" for tag in _PIXELS)
"""Paths of the three elements that may hold an object's pixels (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25)."""


class _Scanner:
    """One pass. Positions count from the beginning of the data set."""

    def __init__(self, window: Window, syntax: Syntax, *, lowest_group: int, is_packing: bool) -> None:
        self.window = window
        self.values = Refinement(is_big=syntax.is_big)
        self.bulk: list[Bulk] = []
        self.elements = self.held = self.inline = self.json = self.referred = 0
        order = ">" if syntax.is_big else "<"
        self._tag = struct.Struct(f"{order}HH").unpack_from
        self._u16 = struct.Struct(f"{order}H").unpack_from
        self._u32 = struct.Struct(f"{order}L").unpack_from
        self._is_implicit = syntax.is_implicit
        self._is_signed = False
        self._lowest_group = lowest_group
        self._is_packing = is_packing

    def dataset(self, position: int, end: int, path: str, depth: int, *, is_open: bool = False) -> tuple[dict[str, dict[str, Any]], int]:
        """Elements up to `end`, or to the end of an item of undefined length. The characters of an item hold within it only."""
        if depth > DEEPEST:
            raise Refused(f"sequences are nested more than {DEEPEST} deep", code="dicom")
        characters = self.values.characters
        found: dict[str, dict[str, Any]] = {}
        while position < end:
            tag, vr, length, position = self._header(position)
            if tag == _ITEM_END and is_open:
                self.values.characters = characters
                return found, position
            if tag >> 16 < self._lowest_group and depth == 0:
                raise Refused(f"the data set holds {_words(tag)}, which belongs before it", code="dicom", where=_words(tag))
            if length != UNDEFINED and position + length > end:
                raise Refused(f"{_words(tag)} is said to have {length} bytes; {end - position} are there", code="dicom", where=_words(tag))
            element, position = self._element(tag, vr, length, position, end, path, depth)
            if tag & 0xFFFF:  # group lengths are retired, and wrong as soon as anything is left out
                found[f"{tag:08X}"] = element
                self.hold(1)
        if is_open:
            raise Refused("an item of undefined length does not end", code="dicom")
        self.values.characters = characters
        return found, position

    def _header(self, position: int) -> tuple[int, str, int, int]:
        """Tag, value representation, length, and where the value begins."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Refused(f"the data set has more than {MOST_ELEMENTS} elements", code="dicom")
        at = self.window.at(position, 8)
        group, element = self._tag(self.window.bytes, at)
        tag = group << 16 | element
        if self._is_implicit or group == 0xFFFE:
            return tag, "" if group == 0xFFFE else self._representation(tag), self._u32(self.window.bytes, at + 4)[0], position + 8
        stated = bytes(self.window.bytes[at + 4 : at + 6])
        short = _SHORT.get(stated)
        if short is not None:
            return tag, short, self._u16(self.window.bytes, at + 6)[0], position + 8
        vr = stated.decode("latin-1")
        if vr not in _LONG and not (vr.isascii() and vr.isalpha() and vr.isupper()):
            raise Refused(f"{_words(tag)} has no value representation; is this implicit VR?", code="dicom", where=_words(tag))
        at = self.window.at(position, 12)  # also representations the standard may still add (PS3.5 6.2.2)
        return tag, vr if vr in _LONG else "UN", self._u32(self.window.bytes, at + 8)[0], position + 12

    def _representation(self, tag: int) -> str:
        """By the dictionary, for implicit syntaxes."""
        group, element = tag >> 16, tag & 0xFFFF
        if element == 0:
            return "UL"
        if group & 1:
            return "LO" if 0x10 <= element <= 0xFF else "UN"
        vr = _in_dictionary(tag)
        if " or " not in vr:
            return vr
        if "OW" in vr:
            return "OW"
        return "SS" if self._is_signed else "US"  # "US or SS": as Pixel Representation says (PS3.5 A.1)

    def _element(self, tag: int, vr: str, length: int, position: int, end: int, path: str, depth: int) -> tuple[dict[str, Any], int]:
        place = f"{path}{tag:08X}"
        if vr == "SQ" or (vr == "UN" and length == UNDEFINED):
            return self._sequence(vr, length, position, end, place, depth)
        if length == UNDEFINED:
            return self._encapsulated(tag, vr, position, end, place)
        most = _INLINE_BYTES if vr in OTHERS else _INLINE_NUMBERS if vr in NUMBERS else _INLINE_TEXT
        if length > most or (tag in _PIXELS and depth == 0) or (length > _SHORTEST and self._is_full(length)):
            self._refer(Bulk(place, vr, position, length))
            return {"vr": vr, "BulkDataURI": BULK + place}, position + length
        if not length:
            return {"vr": vr}, position
        self.inline += length
        at = self.window.at(position, length)
        value = self.values.of(vr, bytes(self.window.bytes[at : at + length]))
        self.hold(len(value) if isinstance(value, list) else 1)
        if tag == _CHARACTER_SET and isinstance(value, list):
            self._speak("\\".join(str(each or "") for each in value))
        elif tag == _SIGNED and isinstance(value, list):
            self._is_signed = value == [1]
        return ({"vr": vr, "InlineBinary": value} if isinstance(value, str) else _valued(vr, value)), position + length

    def _speak(self, stated: str) -> None:
        self.values.characters = type(self.values.characters)(stated)
        if self.values.characters.problem and self.values.characters.problem not in self.values.problems:
            self.values.problems.append(self.values.characters.problem)

    def _sequence(self, vr: str, length: int, position: int, end: int, place: str, depth: int) -> tuple[dict[str, Any], int]:
        """Items one after another. Of unknown representation and undefined length it is written as implicit VR (PS3.5 6.2.2 note 2)."""
        is_implicit, until = self._is_implicit, end if length == UNDEFINED else position + length
        self._is_implicit = is_implicit or vr == "UN"
        items: _Items = _Packed(self) if self._is_packing else _Open(self)
        while position < until:
            tag, _, size, position = self._header(position)
            if tag == _SEQUENCE_END and length == UNDEFINED:
                break
            if tag != _ITEM:
                raise Refused(f"{place[-8:]} holds {_words(tag)} where an item should be", code="dicom", where=place)
            if size != UNDEFINED and position + size > until:
                raise Refused(f"an item of {place[-8:]} runs past its end", code="dicom", where=place)
            is_open = size == UNDEFINED
            items.begin()
            item, position = self.dataset(position, until if is_open else position + size, f"{place}/{items.count}/", depth + 1, is_open=is_open)
            items.add(item)
        else:
            if length == UNDEFINED:
                raise Refused(f"the sequence {place[-8:]} does not end", code="dicom", where=place)
        self._is_implicit = is_implicit
        return ({"vr": "SQ", "Value": items.value()} if items.count else {"vr": "SQ"}), position

    def _encapsulated(self, tag: int, vr: str, position: int, end: int, place: str) -> tuple[dict[str, Any], int]:
        """Fragments (PS3.5 A.4). Only their headers are read."""
        if vr not in ("OB", "OW"):
            raise Refused(f"{_words(tag)} has no length", code="dicom", where=_words(tag))
        begun = position
        fragments: list[tuple[int, int]] = []
        while position < end:
            item, _, size, position = self._header(position)
            if item == _SEQUENCE_END:
                self._refer(Bulk(place, vr, begun, position - begun, tuple(fragments)))
                return {"vr": vr, "BulkDataURI": BULK + place}, position
            if item != _ITEM or size == UNDEFINED or position + size > end:
                break
            fragments.append((position, size))
            self._count_referred(1)
            position += size
        raise Refused(f"{_words(tag)} is cut off", code="dicom", where=_words(tag))

    def _is_full(self, length: int) -> bool:
        """Whether so much is held that only the shortest values still find room."""
        return self.inline + length > _INLINE_ALL or self.held > MOST_HELD // 2 or self.json > MOST_JSON // 2

    def hold(self, count: int) -> None:
        self.held += count
        if self.held > MOST_HELD:
            raise Refused(f"more than {MOST_HELD} elements and values stand side by side", code="dicom")

    def _refer(self, bulk: Bulk) -> None:
        self.bulk.append(bulk)
        self._count_referred(4)  # as much as so many fragments, in memory

    def _count_referred(self, weight: int) -> None:
        self.referred += weight
        if self.referred > MOST_REFERRED:
            raise Refused(f"the data set has more than {MOST_REFERRED} fragments, or a quarter as many long values", code="dicom")


class _Open:
    """Items of a sequence as objects."""

    def __init__(self, scanner: _Scanner) -> None:
        self.count = 0
        self._scanner = scanner
        self._items: list[dict[str, Any]] = []

    def begin(self) -> None: ...

    def add(self, item: dict[str, Any]) -> None:
        self._items.append(item)
        self._scanner.hold(1)
        self.count += 1

    def value(self) -> list[dict[str, Any]]:
        return self._items


class _Packed:
    """The same as JSON: what an item held as objects is let go when the item has been read."""

    def __init__(self, scanner: _Scanner) -> None:
        self.count = 0
        self._scanner = scanner
        self._content = bytearray(b"[")
        self._before = (0, 0)

    def begin(self) -> None:
        self._before = self._scanner.held, self._scanner.json

    def add(self, item: dict[str, Any]) -> None:
        if self.count:
            self._content += b","
        encoded = _ENCODE(item)
        self._content += encoded
        self.count += 1
        self._scanner.held, json = self._before
        self._scanner.json = json + len(encoded) + 1  # in the place of what sequences within it had
        if self._scanner.json > MOST_JSON:
            raise Refused(f"the header becomes more than {MOST_JSON >> 20} MiB of JSON", code="dicom")

    def value(self) -> msgspec.Raw:
        self._content += b"]"
        return msgspec.Raw(self._content)


_Items = _Open | _Packed
_ENCODE: Final = msgspec.json.Encoder().encode


@lru_cache(maxsize=20_000)
def _in_dictionary(tag: int) -> str:
    """Loaded with the first object in an implicit syntax: it takes a tenth of a second, which a start has not got."""
    from pydicom.datadict import dictionary_VR

    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


def _valued(vr: str, values: list[Any]) -> dict[str, Any]:
    is_empty = all(each is None or each == "" for each in values) if not values or values[0] in (None, "") else False
    return {"vr": vr} if is_empty else {"vr": vr, "Value": values}


def _words(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
