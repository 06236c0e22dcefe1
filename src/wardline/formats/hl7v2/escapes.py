"""HL7 escape sequences, both ways (HL7 v2.8 chapter 2, section 2.7)."""

import re
import string
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
_USABLE: Final = frozenset(string.punctuation)
# Formatting commands. Of indents and skips only the fact that text is apart is kept.
_LAYOUT: Final = {".br": "\n", ".sp": "\n", ".ce": "\n", ".fi": "", ".nf": "", ".in": "", ".ti": "", ".sk": " ", "H": "", "N": ""}
_SEQUENCES: Final = r"([FSTREHN]|\.(?:br|sp|ce|fi|nf|in|ti|sk)[+-]?[0-9]{0,4}|X(?:[0-9A-Fa-f]{2})+)"


@lru_cache(maxsize=64)
def separators_of(header: str) -> Separators:
    """From the first eight characters of an MSH, FHS or BHS segment. Raises `Refused` when they cannot be delimiters."""
    field, encoding = header[3:4], header[4:8]
    end = encoding.find(field) if field else -1
    encoding = encoding if end < 0 else encoding[:end]
    found = {field, *(encoding + STANDARD.encoding_characters[len(encoding) :])}
    if len(found) != 5 or not found <= _USABLE:
        raise Refused("MSH-1 and MSH-2 do not declare five different delimiters", code="delimiters", where="MSH-2", rejected=True)
    return Separators(field, *(encoding + STANDARD.encoding_characters[len(encoding) :]))


def unescape(text: str, separators: Separators = STANDARD) -> str:
    r"""Text with its escape sequences resolved: `\F\ \S\ \T\ \R\ \E\`, `\Xhh..\`, `\.br\`. Unknown sequences stay as they are."""
    mark = separators.escape
    if mark not in text:
        return text
    return _pattern(mark).sub(lambda found: _resolved(found.group(1), separators), text)


@lru_cache(maxsize=16)
def _pattern(mark: str) -> re.Pattern[str]:
    return re.compile(re.escape(mark) + _SEQUENCES + re.escape(mark))


def _resolved(sequence: str, separators: Separators) -> str:
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
    return _hexadecimal(sequence[1:]) if sequence[0] == "X" else _LAYOUT[sequence[:3]]


def _hexadecimal(digits: str) -> str:
    raw = bytes.fromhex(digits)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("iso8859-1")


def escape(text: str, separators: Separators = STANDARD) -> str:
    r"""Text made safe for a field: delimiters, line breaks and control characters become escape sequences."""
    if text.isalnum():
        return text
    return text.replace("\r\n", "\n").translate(_replacements(separators))


@lru_cache(maxsize=16)
def _replacements(separators: Separators) -> dict[int, str]:
    mark = separators.escape
    # Other control characters would end a segment or an MLLP frame.
    sequences = {chr(code): f"X{code:02X}" for code in range(32) if chr(code) != "\t"} | {"\r": ".br", "\n": ".br"} | {
        separators.escape: "E", separators.field: "F", separators.component: "S", separators.subcomponent: "T", separators.repetition: "R",
    }  # fmt: skip
    return {ord(character): f"{mark}{sequence}{mark}" for character, sequence in sequences.items()}
