"""HL7 escape sequences, both ways (HL7 v2.8 chapter 2, section 2.7)."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from wardline.core.errors import Refused


class Separators(NamedTuple):
    """The five delimiters, as MSH-1 and MSH-2 declare them."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @property
    def encoding_characters(self) -> str:
        return self.component + self.repetition + self.escape + self.subcomponent


STANDARD: Final = Separators()
_LINE_BREAKS: Final = {".br": "\n", ".sp": "\n", ".ce": "\n", ".fi": "", ".nf": "", "H": "", "N": "", ".in": "", ".ti": "", ".sk": " "}


@lru_cache(maxsize=64)
def separators_of(header: str) -> Separators:
    """From the first eight characters of an MSH, FHS or BHS segment. Raises `Refused` when they cannot be delimiters."""
    field, encoding = header[3:4], header[4:8]
    end = encoding.find(field) if field else -1
    encoding = encoding if end < 0 else encoding[:end]
    filled = (encoding + "^~\\&"[len(encoding) :]) if encoding else "^~\\&"
    if not field or field.isalnum() or field.isspace() or len({field, *filled}) != 5:
        raise Refused("MSH-1 and MSH-2 do not declare five different delimiters", code="delimiters", where="MSH-2", rejected=True)
    return Separators(field, *filled)


def unescape(text: str, separators: Separators = STANDARD) -> str:
    r"""Text with its escape sequences resolved: `\F\ \S\ \T\ \R\ \E\`, `\Xhh..\`, `\.br\`. Unknown sequences stay as they are."""
    mark = separators.escape
    if mark not in text:
        return text
    return _pattern(mark).sub(lambda found: _resolved(found.group(1), found.group(0), separators), text)


@lru_cache(maxsize=16)
def _pattern(mark: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(mark)}([^{re.escape(mark)}\r\n]{{1,2000}}){re.escape(mark)}")


def _resolved(sequence: str, whole: str, separators: Separators) -> str:
    match sequence:
        case "F":
            return separators.field
        case "S":
            return separators.component
        case "T":
            return separators.subcomponent
        case "R":
            return separators.repetition
        case "E":
            return separators.escape
    if sequence[0] == "X":
        return _hexadecimal(sequence[1:], whole)
    for name, replacement in _LINE_BREAKS.items():
        if sequence == name or (name[0] == "." and sequence.startswith(name)):
            return replacement
    return whole


def _hexadecimal(digits: str, whole: str) -> str:
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return whole
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("iso8859-1")


def escape(text: str, separators: Separators = STANDARD) -> str:
    r"""Text made safe for a field: delimiters and line breaks become escape sequences."""
    mark = separators.escape
    if text.isalnum():
        return text
    table = {
        separators.escape: f"{mark}E{mark}", separators.field: f"{mark}F{mark}", separators.component: f"{mark}S{mark}",
        separators.subcomponent: f"{mark}T{mark}", separators.repetition: f"{mark}R{mark}", "\r": f"{mark}.br{mark}", "\n": f"{mark}.br{mark}",
    }  # fmt: skip
    return "".join(table.get(character, character) for character in text.replace("\r\n", "\n"))
