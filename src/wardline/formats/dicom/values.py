"""Values of DICOM elements as the DICOM JSON model writes them (PS3.18 Annex F): numbers, words, names in their three scripts, bytes in base64."""

import base64
import math
import re
import struct
from collections.abc import Callable
from typing import Any, Final

from wardline.formats.dicom.text import CharacterSet

ONE_TEXT: Final = frozenset(("LT", "ST", "UT", "UR"))
"""A backslash in them is a backslash (PS3.5 6.2)."""
TEXTS: Final = frozenset(("AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UC", "UI")) | ONE_TEXT
OTHERS: Final = {"OB": 1, "UN": 1, "OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
"""Bytes as they are, and how many of them turn round in big endian."""
NUMBERS: Final = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "SV": "q", "UV": "Q", "AT": "HH"}
_IN_CHARACTER_SET: Final = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))
_INTEGER: Final = re.compile(r"[+-]?\d+")
_SCRIPTS: Final = ("Alphabetic", "Ideographic", "Phonetic")
_PAD: Final = " \0"
_MOST_PROBLEMS: Final = 100


class Refinement:
    """Turns the bytes of a value into what JSON holds, and notes what was not as the standard says."""

    def __init__(self, *, is_big: bool) -> None:
        self.order = ">" if is_big else "<"
        self.characters = CharacterSet()
        self.problems: list[str] = []

    def of(self, vr: str, value: bytes) -> list[Any] | str:
        """A list of values, or base64 for those that are bytes."""
        if vr in TEXTS:
            return self._texts(vr, value)
        if vr in NUMBERS:
            return self._numbers(vr, value)
        make = self._by_kind.get(vr)
        return make(self, value) if make is not None else self.inline(vr, value)

    def inline(self, vr: str, value: bytes) -> str:
        width = OTHERS.get(vr, 1)
        if self.order == ">" and width > 1:
            value = b"".join(value[i : i + width][::-1] for i in range(0, len(value), width))
        return base64.b64encode(value).decode("ascii")

    def words(self, vr: str, value: bytes) -> str:
        text, is_whole = self.characters.text(value, is_name=vr == "PN") if vr in _IN_CHARACTER_SET else _plain(value)
        if not is_whole and _UNREADABLE not in self.problems:
            self.problems.append(_UNREADABLE)
        return text

    def _texts(self, vr: str, value: bytes) -> list[Any]:
        text = self.words(vr, value)
        if vr in ONE_TEXT:
            return [text.rstrip(_PAD)]
        if "\\" not in text:
            return [text.strip(_PAD)]
        return [each.strip(_PAD) or None for each in text.split("\\")]

    def _numbers(self, vr: str, value: bytes) -> list[Any]:
        code = NUMBERS[vr]
        width = struct.calcsize(f"<{code}")
        if len(value) % width:
            if len(self.problems) < _MOST_PROBLEMS:
                self.problems.append(f"a value of {vr} has {len(value)} bytes")
            value = value[: len(value) - len(value) % width]
        found = struct.unpack(f"{self.order}{code * (len(value) // width)}", value)
        if vr == "AT":
            return [f"{group:04X}{element:04X}" for group, element in zip(found[::2], found[1::2], strict=True)]
        return [None if isinstance(each, float) and not math.isfinite(each) else each for each in found]

    def _decimals(self, value: bytes) -> list[Any]:
        return [_number(each.strip(_PAD), float) for each in self.words("DS", value).split("\\")]

    def _integers(self, value: bytes) -> list[Any]:
        return [_number(each.strip(_PAD), int) for each in self.words("IS", value).split("\\")]

    def _names(self, value: bytes) -> list[Any]:
        return [_name(each) for each in self.words("PN", value).rstrip(_PAD).split("\\")]

    _by_kind: Final[dict[str, Callable[["Refinement", bytes], list[Any]]]] = {"DS": _decimals, "IS": _integers, "PN": _names}


_UNREADABLE: Final = "some text is not in the character set that (0008,0005) states"


def _plain(value: bytes) -> tuple[str, bool]:
    if value.isascii():
        return value.decode("ascii"), True
    return value.decode("ascii", errors="replace"), False


def _number(text: str, kind: Callable[[str], float]) -> Any:
    """A number, or the text where it is none: PS3.18 F.2.3 permits a string for DS and IS."""
    if not text:
        return None
    try:
        if _INTEGER.fullmatch(text):
            return int(text)
        number = kind(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _name(text: str) -> dict[str, str] | None:
    groups = {script: group.strip(_PAD) for script, group in zip(_SCRIPTS, text.split("="), strict=False)}
    return {script: group for script, group in groups.items() if group} or None
