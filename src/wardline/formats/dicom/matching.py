"""Which studies, series and images somebody means: the matching of DICOM queries, the same for C-FIND and for QIDO-RS.

PS3.4 C.2.2.2 names the kinds of matching; a condition here is one key of a query with its kind. What is matched are attributes
as DICOM JSON has them (PS3.18 Annex F), so that an index answers without reading an image again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

Kind = Literal["single", "wildcard", "range", "list", "sequence", "fuzzy"]
Attributes = Mapping[str, Any]
"""DICOM JSON: {"00100020": {"vr": "LO", "Value": ["4711"]}}."""

RANGES: Final = frozenset({"DA", "TM", "DT"})
WILD: Final = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
"""Where * and ? stand for anything (PS3.4 C.2.2.2.4); in numbers, dates and UIDs they are letters like others."""
_WORDS: Final = re.compile(r"[^\W_]+")
_DAY: Final = re.compile(r"\d{8}")
_TIME: Final = re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?")
_MOMENT: Final = re.compile(r"(\d{4}(?:\d{2}){0,5}(?:\.\d{1,6})?)([+-]\d{4})?")
_EARLIEST, _LATEST = "00010101000000.000000", "99991231235959.999999"


class Condition(NamedTuple):
    """One key of a query that asks for something."""

    tag: str
    vr: str
    kind: Kind
    values: tuple[str, ...] = ()
    """The value, the pattern, the two ends of a range ("" where open), or the list."""
    items: tuple["Condition", ...] = ()
    """Of a sequence: what one of its items must meet."""

    def holds(self, attributes: Attributes) -> bool:
        """Whether any value of the attribute meets it. An attribute that is not there meets nothing but a lone * (PS3.4 C.2.2.2.4)."""
        element = attributes.get(self.tag) or {}
        values = element.get("Value") or ()
        if self.kind == "sequence":
            return any(met(self.items, item) for item in values if isinstance(item, Mapping))
        if self.kind == "wildcard" and not self.values[0].strip("*"):
            return True
        return any(self._meets(said) for value in values for said in _said(value))

    def _meets(self, value: str) -> bool:
        match self.kind:
            case "range":
                return _is_within(self.vr, value, self.values[0], self.values[1])
            case "wildcard":
                return _pattern(_comparable(self.vr, self.values[0])).fullmatch(_comparable(self.vr, value)) is not None
            case "fuzzy":
                words = _WORDS.findall(_folded(value))
                return all(any(word.startswith(asked) for word in words) for asked in _WORDS.findall(_folded(self.values[0])))
            case _:
                return any(_is_same(self.vr, asked, value) for asked in self.values)


def met(conditions: Iterable[Condition], attributes: Attributes) -> bool:
    return all(each.holds(attributes) for each in conditions)


def condition(tag: str, vr: str, text: str, *, fuzzy: bool = False) -> Condition | None:
    """The condition that a key's text asks for; None where it asks for nothing (universal matching).

    Raises `ValueError`, with what to write instead, for a date or time that is none.
    """
    text = text.strip(" \0") if vr not in ("ST", "LT", "UT") else text.rstrip(" \0")
    if not text:
        return None
    if vr == "UI":
        return Condition(tag, vr, "list", tuple(uid.strip() for uid in re.split(r"[\\,]", text) if uid.strip()))
    if vr in RANGES:
        return Condition(tag, vr, "range", _ends(vr, text))
    if vr == "PN" and fuzzy and not set(text) & set("*?"):
        return Condition(tag, vr, "fuzzy", (text,))
    if vr in WILD and set(text) & set("*?"):
        return Condition(tag, vr, "wildcard", (text,))
    return Condition(tag, vr, "single", (text,))


# --- dates and times ---------------------------------------------------------------------------------------------------------------


def _ends(vr: str, text: str) -> tuple[str, str]:
    """Both ends of a range, "" where it is open. One date or time is the range of everything that begins with it."""
    is_one = vr == "DT" and _MOMENT.fullmatch(text) and not _is_range_of_years(text)
    first, dash, last = (text, "", "") if is_one else _halves(vr, text)
    ends = (first, last) if dash else (text, text)
    if ends == ("", "") or any(end and not _is_written(vr, end) for end in ends):
        form = {"DA": "YYYYMMDD", "TM": "HHMMSS", "DT": "YYYYMMDDHHMMSS"}[vr]
        raise ValueError(f"{text!r} is neither {form} nor a range such as {form}-{form}")
    return ends


def _is_range_of_years(text: str) -> bool:
    """ "2019-2021" is a range; "2019-0500" a year in a zone five hours behind (offsets end at -1200, PS3.5 6.2)."""
    return len(text) == 9 and text[4] == "-" and int(text[5:]) > 1400


def _halves(vr: str, text: str) -> tuple[str, str, str]:
    """The two halves of a range. In a DT the first dash may belong to an offset."""
    if vr != "DT":
        return text.partition("-")
    for place in (match.start() for match in re.finditer("-", text)):
        first, last = text[:place], text[place + 1 :]
        if all(not end or _MOMENT.fullmatch(end) for end in (first, last)):
            return first, "-", last
    return text, "", ""


def _is_written(vr: str, text: str) -> bool:
    form = {"DA": _DAY, "TM": _TIME, "DT": _MOMENT}[vr]
    if form.fullmatch(text.replace(":", "") if vr == "TM" else text.replace(".", "") if vr == "DA" else text) is None:
        return False
    try:
        _span(vr, text)
    except (ValueError, OverflowError):  # a thirteenth month, or a moment before the first of all years
        return False
    return True


def _is_within(vr: str, value: str, first: str, last: str) -> bool:
    value = value.strip()
    if not _is_written(vr, value):
        return False
    low, high = _span(vr, value)
    return (not first or high >= _span(vr, first)[0]) and (not last or low <= _span(vr, last)[1])


@lru_cache(maxsize=4096)
def _span(vr: str, text: str) -> tuple[str, str]:
    """The first and the last moment that a date or time of this precision covers, as texts that sort."""
    if vr == "DA":
        text = text.replace(".", "")  # YYYY.MM.DD of ACR-NEMA (PS3.5 6.2, backward compatibility)
        return text, text
    if vr == "TM":
        text = text.replace(":", "")
        return text + "000000.000000"[len(text) :], text + "235959.999999"[len(text) :]
    match = _MOMENT.fullmatch(text)
    moment, offset = (match[1], match[2]) if match is not None else (text, None)
    low, high = moment + _EARLIEST[len(moment) :], moment + _LATEST[len(moment) :]
    return (_at_utc(low, offset), _at_utc(high, offset)) if offset else (low, high)


def _at_utc(moment: str, offset: str) -> str:
    """The same moment in UTC. What says no offset is taken to be in the zone of what it is compared with."""
    day = min(int(moment[6:8]), 28) if moment[4:6] == "02" else int(moment[6:8])
    day = min(day, 30) if moment[4:6] in ("04", "06", "09", "11") else day
    read = datetime.strptime(f"{moment[:6]}{day:02}{moment[8:]}{offset}", "%Y%m%d%H%M%S.%f%z")
    return read.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f")


# --- texts and names -----------------------------------------------------------------------------------------------------------------


def _said(value: Any) -> Iterator[str]:
    """A value as texts to compare: of a person's name each way of writing it."""
    if isinstance(value, Mapping):
        yield from (str(group) for group in value.values() if isinstance(group, str))
        if len(value) > 1:
            yield "=".join(str(value.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")).rstrip("=")
    elif value is not None:
        yield f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def _is_same(vr: str, asked: str, value: str) -> bool:
    if vr in ("IS", "DS", "US", "SS", "UL", "SL", "FL", "FD", "SV", "UV"):
        try:
            return float(asked) == float(value)
        except ValueError:
            return False
    return _comparable(vr, asked) == _comparable(vr, value)


def _comparable(vr: str, text: str) -> str:
    """A name without case, accents and empty parts at its end; anything else as it is, without blanks around."""
    if vr != "PN":
        return text.strip()
    return "=".join(group.rstrip("^ ") for group in _folded(text).split("=")).rstrip("=")


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    """Each stretch between stars is looked for once, from the left, and never again (an atomic group): a question with many stars is as
    quick as one with few, and nobody can hold up the house with one."""
    first, *others = ("".join("." if letter == "?" else re.escape(letter) for letter in part) for part in text.split("*"))
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)
