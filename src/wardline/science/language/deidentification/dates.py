"""Dates as people write them in English, German and French, and ages over 89: found, and moved by a number of days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from wardline.science.language.deidentification.identifiers import LABELLED_RANK, Kind, Span

_MONTHS: Final = (
    "jan january januar jänner janvier janv enero gennaio", "feb february februar feber février fevrier févr fevr febrero",
    "mar march märz maerz mrz mars marzo",
    "apr april avril avr abril", "may mai mayo maggio", "jun june juni juin junio", "jul july juli juillet juil julio",
    "aug august août aout agosto", "sep sept september septembre septiembre", "oct october okt oktober octobre octubre",
    "nov november novembre noviembre", "dec december dez dezember décembre decembre déc diciembre",
)  # fmt: skip
MONTHS: Final = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_WRITTEN: Final = tuple(words.split() for words in (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
))  # fmt: skip
_MONTH: Final = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL: Final = rf"{_DAY}(?:\s?(?:st|nd|rd|th|er)\b)?\.?"
_YEAR: Final = r"(?:(?:18|19|20)\d\d|['’]\d\d)"
_TIME: Final = r"(?:[T ,]{1,2}(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:[:.][0-5]\d(?:[.,]\d+)?)?(?:\s?[ap]\.?m\b\.?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_SEPARATOR: Final = r"\s?[-./]\s?"
PATTERNS: Final[tuple[re.Pattern[str], ...]] = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    rf"(?<![\d.])(?P<y>(?:18|19|20)\d\d)(?P<s>{_SEPARATOR})(?P<m>1[0-2]|0?[1-9])(?P<s2>{_SEPARATOR})(?P<d>{_DAY})(?!\d){_TIME}",
    rf"(?<![\d./-])(?P<a>{_DAY})(?P<s>{_SEPARATOR})(?P<b>{_DAY})(?P<s2>{_SEPARATOR})(?P<y>(?:18|19|20)\d\d|\d\d)(?![\d/]|[.-]\d){_TIME}",
    r"(?<!\d)(?P<y>(?:18|19|20)\d\d)(?P<m>1[0-2]|0[1-9])(?P<d>0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d+)?)?(?:[+-]\d{4})?)?(?!\d)",
    rf"\b(?P<d>{_ORDINAL})(?P<s>[\s,-]{{0,3}}(?:of\s+)?)(?P<mw>{_MONTH})(?P<s2>[\s,-]{{1,3}})(?P<y>{_YEAR})\b{_TIME}",
    rf"\b(?P<mw>{_MONTH})(?P<s>[\s-]{{0,3}}(?:the\s+)?)(?P<d>{_ORDINAL})(?P<s2>[\s,-]{{1,3}})(?P<y>{_YEAR})\b{_TIME}",
    rf"\b(?P<y>(?:18|19|20)\d\d)[\s,-]{{1,3}}(?P<mw>{_MONTH})[\s-]{{1,3}}(?P<d>{_DAY})\b",
    rf"\b(?P<mw>{_MONTH})[\s,-]{{1,3}}(?:of\s+)?(?P<y>{_YEAR})\b",
    rf"\b(?P<d>{_ORDINAL})[\s-]{{0,2}}(?:of\s+)?(?P<mw>{_MONTH})(?![\w])",
    rf"\b(?P<mw>{_MONTH})\s?(?:the\s+)?(?P<d>{_ORDINAL})(?![\w%]|[.,]\d)",
    rf"\b(?:in|since|last|next|this|early|mid|late|until|till|by|from|of|during|seit|im|ab|bis|anfang|mitte|ende|en|depuis|fin|début)[\s-]+(?P<partial>{_MONTH})(?!\w)",
    (r"(?:\b(?:on|since|from|until|till|dated|seen|admitted|discharged|am|vom|bis|le|du|dob|d\.o\.b\.?|born|birth(?:day|date)?|visit(?:ed)?|date"
    r"|appointment)[:\s]+)(?P<partial>(?:0?[1-9]|1[0-2])[/.](?:0?[1-9]|[12]\d|3[01])\.?)(?![\d/]|[.,]\d)"),
    r"(?<![\d/.])(?P<partial>(?:0?[1-9]|1[0-2])[/](?:18|19|20)\d\d)(?![\d/])",
    (r"(?:\b(?:dob|d\.o\.b\.?|born(?: in| on)?|birth ?(?:date|day|year)|date of birth|geboren(?: am)?|geb\.?|née?(?: en| le)?|year of birth"
    r"|yob)[:\s]{0,3}|[*†]\s?)(?P<partial>(?:18|19|20)\d\d)(?!\d)"),
    r"\b(?P<partial>(?:christmas|new year|easter|thanksgiving|halloween|weihnachten|ostern|silvester|noël|pâques)(?:['’]s)?(?: (?:day|eve))?)\b",
    rf"\b(?:on|last|next|this)\s+(?P<partial>(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:,?\s+(?:{_MONTH}\s+)?{_ORDINAL})?)(?![\w])",
))  # fmt: skip
_AGES: Final = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    r"(?<![\d.])(9\d|1[0-3]\d)(?=\s?-?\s?(?:years?|yrs?|y/?o\b|yo\b|y\.o\.|jahre?\b|jährig|jaehrig|jährige|ans\b|j\.))",
    r"\b(?:aged?|age is|alter|âge(?:e|é|ée)?(?: de)?|is now)[:\s]+(9\d|1[0-3]\d)(?![\d/%.]|\s?(?:mg|ml|kg|bpm))",
    r"(?<![\d.])(9\d|1[0-3]\d)(?=\s?[-]?\s?(?:m|f|male|female|man|woman|[MF])\b)",
    r"\b((?:ninety|one hundred)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)(?=[- ](?:years?|yrs?)\b)",
))  # fmt: skip
_ALSO_VERBS: Final = frozenset({"may", "march", "mar", "mars", "mai"})
_CALLS_FOR_A_DAY: Final = re.compile(r"\b(?:on|since|from|until|till|of|by|am|vom|bis|le|du|seen|dated)\W+\Z", re.IGNORECASE)
_TWO_DIGIT_PIVOT: Final = 40
"""'39 is 2039 and '40 is 1940: a chart holds births of the last century and appointments of this one."""


def dates(text: str) -> Iterator[Span]:
    for pattern in PATTERNS:
        whole = 0 if "partial" not in pattern.groupindex else "partial"
        yield from (Span(*found.span(whole), Kind.DATE, LABELLED_RANK) for found in pattern.finditer(text) if not _is_a_verb(found, text))


def _is_a_verb(found: re.Match[str], text: str) -> bool:
    """ "Grade 2 may progress", "march 3 steps": such a word without a year is a month only after a word that calls for one."""
    parts = found.groupdict()
    if (parts.get("mw") or "").rstrip(".") not in _ALSO_VERBS or "y" in parts or not (parts.get("d") or "").isdigit():
        return False
    return _CALLS_FOR_A_DAY.search(text, max(0, found.start() - 12), found.start()) is None


def ages(text: str) -> Iterator[Span]:
    """Ages of 90 and more; younger ones may stay."""
    for pattern in _AGES:
        yield from (Span(*found.span(1), Kind.AGE, LABELLED_RANK) for found in pattern.finditer(text))


def shifted(written: str, days: int, *, month_first: bool = True) -> str | None:
    """The same date so many days on, written the same way; None where it names no single day.

    "3/4/2023" is read as 4 March, or as 3 April unless `month_first`; a number over 12 decides by itself.
    """
    for pattern in PATTERNS[:6]:
        found = pattern.fullmatch(written)
        if found is None:
            continue
        day = _read(found.groupdict(), month_first)
        if day is not None:
            try:
                return _rewritten(written, found, day + timedelta(days=days), month_first)
            except OverflowError:
                return None
    return None


def _read(parts: dict[str, str | None], month_first: bool) -> date | None:
    year = int(re.sub(r"\D", "", parts["y"] or ""))
    if year < 100:
        year += 1900 if year >= _TWO_DIGIT_PIVOT else 2000
    if parts.get("a"):
        month, day = (int(parts[place] or 0) for place in _month_and_day(parts, month_first))
    else:
        month = int(parts["m"] or 0) if parts.get("m") else MONTHS[(parts["mw"] or "").rstrip(".").lower()]
        day = int(re.sub(r"\D", "", parts["d"] or ""))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_and_day(parts: dict[str, str | None], month_first: bool) -> tuple[str, str]:
    """Which of the two numbers is which. Before a dot stands only the day."""
    first, second = int(parts["a"] or 0), int(parts["b"] or 0)
    is_month_first = second > 12 or (month_first and first <= 12 and (parts["s"] or "").strip() != ".")
    return ("a", "b") if is_month_first else ("b", "a")


def _rewritten(written: str, found: re.Match[str], day: date, month_first: bool) -> str:
    """Each part put where the old one stood, in its width; a time of day stays as it is."""
    groups = found.groupdict()
    parts: dict[str, str] = {"y": _year(groups["y"] or "", day)}
    if groups.get("a"):
        for place, number in zip(_month_and_day(groups, month_first), (day.month, day.day), strict=True):
            parts[place] = _padded(min(groups["a"] or "", groups["b"] or "", key=len), number)
    else:
        month = "m" if groups.get("m") else "mw"
        parts["d"] = _padded(groups["d"] or "", day.day) if month == "m" else _ordinal(groups["d"] or "", day.day)
        parts[month] = _padded(groups["m"] or "", day.month) if month == "m" else _month(groups["mw"] or "", day.month)
    for name in sorted(parts, key=found.start, reverse=True):
        written = written[: found.start(name)] + parts[name] + written[found.end(name) :]
    return written


def _padded(old: str, number: int) -> str:
    return f"{number:02d}" if len(old) == 2 else str(number)


def _year(old: str, day: date) -> str:
    digits = str(day.year)
    return digits if len(old) == 4 else re.sub(r"\d\d", digits[2:], old)


def _ordinal(old: str, number: int) -> str:
    if re.search("st|nd|rd|th", old, re.IGNORECASE):
        return f"{number}{'th' if 10 < number < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    return (f"{number:02d}" if old.startswith("0") else str(number)) + ("." if old.endswith(".") else "")


def _month(old: str, number: int) -> str:
    """In the language of the old one, and short where it was."""
    bare = old.rstrip(".").lower()
    language = next((each for each in _WRITTEN if bare in each), None)
    new = language[number - 1] if language else _WRITTEN[0][number - 1][:3]
    return (new.upper() if old.rstrip(".").isupper() else new.title() if old[:1].isupper() else new) + ("." if old.endswith(".") else "")
