"""Numbers people type into a report: each must be one that was measured, or the report is not signed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from wardline.delivery.reports.measured import DATE, LESIONS, Measured, rounded
from wardline.delivery.reports.sentences import PLACEHOLDER

MINUS: Final = "\u2212"
UNITS: Final = {
    "%": "%", "cm": "cm", "mm": "mm", "ml": "ml", "mL": "mL", "cc": "cc", "HU": "HU", "min": "min", "kg": "kg", "g/mL": "g/mL", "g/ml": "g/ml",
    "g": "g", "L": "L", "cm3": "cm3", "cm\u00b3": "cm3", "percent": "%", "per cent": "%", "millimetre": "mm", "millimeter": "mm",
    "centimetre": "cm", "centimeter": "cm", "millilitre": "mL", "milliliter": "mL", "litre": "L", "liter": "L", "minute": "min",
    "kilogram": "kg", "gram": "g", "cubic centimetre": "cm3", "cubic centimeter": "cm3", "m": "m", "metre": "m", "meter": "m", "dm": "dm",
    "inch": "in", "inches": "in", "\u00b5m": "um", "\u03bcm": "um", "\u00b5L": "uL", "\u03bcL": "uL", "dl": "dL", "dL": "dL",
}  # fmt: skip
"""As they are typed or dictated, and what that is. Nothing here is measured in the last ones: with those no number has a source."""
_UNIT: Final = "|".join(
    re.escape(each) if len(each) < 4 or each in ("g/mL", "g/ml") else f"(?i:{re.escape(each)}s?)" for each in sorted(UNITS, key=len, reverse=True)
)
NUMBER: Final = re.compile(rf"(?P<sign>(?<![\w.,])[-+{MINUS}])?(?P<digits>\d+(?:[.,]\d+)*)(?P<unit>[\s-]?(?:{_UNIT})(?![\w]))?")
# What holds digits and is no measurement: names of criteria and tracers, anatomy that is numbered, keys of lesions.
NAMES: Final = re.compile(
    r"\b(?:PERCIST|RECIST|mRECIST|iRECIST)\s1\.[01]\b"
    r"|\b(?:18F|F-?18|68Ga|Ga-?68|177Lu|Lu-?177|11C|C-?11|99mTc)\b|\[(?:18F|68Ga|177Lu|11C)\]"
    r"|\bstations?\s\d{1,2}[RL]?(?:\s?(?:,|and|/)\s?\d{1,2}[RL]?)*\b"
    r"|\b(?:segments?|levels?|zones?|ribs?)\s\d{1,2}(?:\s?(?:,|and|/)\s?\d{1,2})*\b(?!\s?(?:mm|cm|%|mL|ml))"
    r"|\b\d{1,2}(?:st|nd|rd|th)\b"
    r"|\bL\d+\b|\b[CTS]\d{1,2}\b"
    r"|\b1\s?cm3?\s(?:sphere|volume)\b",
    re.IGNORECASE,
)  # fmt: skip
DATES: Final = re.compile(r"\b(\d{1,2}\s[A-Z][a-z]{2,8}\.?\s\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\b")
_DATE_FORMS: Final = (DATE, "%d %B %Y", "%d %b. %Y", "%Y-%m-%d", "%d.%m.%Y")
WORDS: Final = {
    word: number
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2)
}  # fmt: skip
SPELLED: Final = re.compile(
    rf"\b(?:zero|one|{'|'.join(WORDS)}|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    rf"hundred|half|third|quarter)\b(?=[\s-](?:point\s\w|(?:{_UNIT})(?!\w)))",
    re.IGNORECASE,
)
"""A number in words before a unit, or with a decimal point: dictation writes figures, so somebody has typed it."""
COUNTED: Final = re.compile(rf"\b({'|'.join(WORDS)})\b(?:\s[\w-]+){{0,3}}?\s(?:lesions|nodules|nodes|masses|metastases|foci|spots)\b", re.IGNORECASE)
QUANTITIES: Final = {
    "suvmax": ("suv_max",), "suvpeak": ("suv_peak",), "suvmean": ("suv_mean",), "sulpeak": ("sul_peak",), "sulmax": ("sul_max",),
    "mtv": ("mtv",), "volume": ("mtv", "volume", "value", "right_lung", "left_lung"), "tlg": ("tlg",), "glycolysis": ("tlg",),
    "long axis": ("long_axis",), "short axis": ("short_axis",),
}  # fmt: skip
_QUANTITY: Final = re.compile("|".join(re.escape(each) for each in QUANTITIES), re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"\b(?:was|were|previously|formerly|before|from|earlier|baseline|compared with|versus)\W+(?:[A-Za-z]+\W+)?$", re.IGNORECASE
)
_BEFORE_AFTERWARDS: Final = re.compile(r"^[\s)]*(?:before|previously|earlier|at baseline|in the (?:prior|earlier|previous) study)\b", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"[;:]|\.\s")
FACTORS: Final = {
    ("mm", "cm"): 0.1,
    ("mL", "cm3"): 1.0,
    ("mL", "cc"): 1.0,
    ("mL", "L"): 0.001,
    ("ml", "mL"): 1.0,
    ("ml", "cm3"): 1.0,
    ("ml", "cc"): 1.0,
}
"""From the unit it was measured in to the one that was typed."""
MOST_DIGITS: Final = 12
NEAR: Final = 160
"""How many letters around a number say what it means."""
CLOSE: Final = 0.05
"""A number may be typed with fewer digits as long as it stays within a twentieth of what was measured: a rule of this house."""


class Typed(NamedTuple):
    """A number as it stands in a sentence."""

    text: str
    value: float
    decimals: int
    unit: str
    is_signed: bool
    before: str
    """The words before it."""
    after: str


def without_source(text: str, allowed: Iterable[Measured]) -> list[str]:
    """Numbers of this sentence that nothing measured stands behind, as they were typed. Placeholders are filled in elsewhere."""
    rows = list(allowed)
    plain = PLACEHOLDER.sub(lambda found: "\u00b7" * len(found[0]), text)
    found = [each[0] for each in DATES.finditer(plain) if not _is_known_date(each[0], rows)]
    plain = DATES.sub(_blank, plain)
    found += [each[1] for each in COUNTED.finditer(plain) if WORDS[each[1].lower()] not in _counts(rows)]
    found += [each[0] for each in SPELLED.finditer(plain)]
    found += [letter for at, letter in enumerate(plain) if _is_numeral(letter) and not (letter in "\u00b2\u00b3" and plain[at - 1 : at].isalpha())]
    plain = "".join("\u00b7" if _is_numeral(letter) and letter not in "\u00b2\u00b3" else letter for letter in plain)
    return found + [each.text for each in _typed(NAMES.sub(_blank, plain)) if not any(_says(each, row) for row in rows)]


def _is_numeral(letter: str) -> bool:
    """A digit or number of another kind than 0 to 9: a half, a superscript, digits of other scripts. Nothing is measured in those."""
    return not letter.isascii() and unicodedata.numeric(letter, None) is not None


def _blank(found: re.Match[str]) -> str:
    return "\u00b7" * len(found[0])


def _typed(text: str) -> Iterator[Typed]:
    for found in NUMBER.finditer(text):
        digits = found["digits"]
        plain = digits.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits) else digits.replace(",", ".")
        if plain.count(".") > 1 or len(plain) > MOST_DIGITS:  # no number, and no measurement either
            yield Typed(digits, float("nan"), 0, "", False, "", "")
            continue
        sign = -1.0 if found["sign"] in ("-", MINUS) else 1.0
        decimals = len(plain.partition(".")[2])
        yield Typed(
            found[0].strip(),
            sign * float(plain),
            decimals,
            _unit((found["unit"] or "").strip(" -")),
            bool(found["sign"]),
            text[max(0, found.start() - NEAR) : found.start()],
            text[found.end() : found.end() + NEAR],
        )


def _unit(typed: str) -> str:
    return UNITS.get(typed) or UNITS.get(typed.lower()) or UNITS.get(typed.lower().removesuffix("s"), typed)


def _says(typed: Typed, row: Measured) -> bool:
    """Whether this number is that measurement: now, before, or its change, whichever the words around it mean."""
    if not isinstance(row.value, float | type(None)) or not _is_named(typed, row):
        return False
    if typed.unit == "%" and row.unit != "%":
        return _is_change(typed, row.change)
    is_before = bool(_BEFORE.search(typed.before) or _BEFORE_AFTERWARDS.search(typed.after))
    value = row.prior if is_before else row.value
    return value is not None and _is_close(typed, value, row.unit)


def _is_named(typed: Typed, row: Measured) -> bool:
    """Where the clause names what is measured ("SUVmax"), only that will do."""
    clause = _CLAUSE.split(typed.before)[-1]
    named = _QUANTITY.findall(clause)
    return not named or typed.unit == "%" or row.id in QUANTITIES[named[-1].lower()]


def _is_change(typed: Typed, change: float | None) -> bool:
    """ "fell by 45 %" says it without a sign."""
    if change is None:
        return False
    wanted = change if typed.is_signed else abs(change)
    return rounded(wanted, typed.decimals) == rounded(typed.value, typed.decimals)


def _is_close(typed: Typed, value: float, unit: str) -> bool:
    factor = (
        1.0
        if not typed.unit or typed.unit in (unit, "g/mL", "g/ml") or (unit == "[hnsf'U]" and typed.unit == "HU")
        else FACTORS.get((unit, typed.unit))
    )
    if factor is None or (typed.unit in ("g/mL", "g/ml") and "g/ml" not in unit):
        return False
    measured = value * factor
    is_rounded = rounded(measured, typed.decimals) == rounded(typed.value, typed.decimals)
    return is_rounded and abs(measured - typed.value) <= CLOSE * abs(measured)


def _counts(rows: Iterable[Measured]) -> set[int]:
    return {int(row.value) for row in rows if row.key == LESIONS and isinstance(row.value, float)}


def _is_known_date(text: str, rows: Iterable[Measured]) -> bool:
    said = _day(text)
    return said is not None and any(row.id == "date" and _day(str(row.value)) == said for row in rows)


def _day(text: str) -> date | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form.replace("%-d", "%d")).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
