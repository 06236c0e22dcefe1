"""How much of a drug an order means: "1 g" and "TID" are 3000 mg a day.

    daily_dose("1 g", "TID") -> Amount(3000.0, "mg")

Only what is written plainly is read. A range, a dose by weight with unknown weight, a strength ("100 units/mL"), "as needed" without a
limit or a frequency nobody knows gives None: a daily dose that is guessed would be checked against a limit and believed.
"""

import re
from typing import Final, NamedTuple


class Amount(NamedTuple):
    """An amount in one of the units of this house: mg, mL, unit, mmol, and any of them per kg or per hour ("mg/kg", "mg/h")."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


_UNITS: Final[dict[str, tuple[float, str]]] = {
    "g": (1000.0, "mg"), "gram": (1000.0, "mg"), "grams": (1000.0, "mg"), "mg": (1.0, "mg"), "milligram": (1.0, "mg"), "mcg": (0.001, "mg"),
    "ug": (0.001, "mg"), "µg": (0.001, "mg"), "microgram": (0.001, "mg"), "micrograms": (0.001, "mg"), "ng": (0.000001, "mg"),
    "nanogram": (0.000001, "mg"), "nanograms": (0.000001, "mg"), "ml": (1.0, "mL"), "l": (1000.0, "mL"), "unit": (1.0, "unit"),
    "units": (1.0, "unit"), "u": (1.0, "unit"), "iu": (1.0, "unit"), "[iu]": (1.0, "unit"), "[usp'u]": (1.0, "unit"), "mmol": (1.0, "mmol"),
    "meq": (1.0, "meq"), "puff": (1.0, "puff"), "puffs": (1.0, "puff"), "tablet": (1.0, "tablet"), "tablets": (1.0, "tablet"),
    "capsule": (1.0, "tablet"), "capsules": (1.0, "tablet"), "million units": (1_000_000.0, "unit"),
}  # fmt: skip
_PER: Final = {
    "kg": "kg", "h": "h", "hr": "h", "hour": "h", "min": "min", "minute": "min", "m2": "m2", "d": "day", "day": "day", "24h": "day", "dose": "",
}  # fmt: skip
_AMOUNT: Final = re.compile(
    r"(?<![\d.,/-])(\d+(?:,\d{3})*(?:\.\d+)?)\s*(million units|[a-zµ]+(?![a-zµ])|\[iu\]|\[usp'u\])"
    r"((?:\s*/\s*(?:kg|hour|hr|h|minute|min|m2|day|dose|d|24\s?h)\b)*)(?!\s*/\s*[a-zµ])",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"\d\s*(?:-|–|to)\s*\d")
_TWO_NUMBERS: Final = re.compile(r"\d\s*[x×*]\s*\d|\d\s+\d", re.IGNORECASE)
""""2 x 500 mg" is one dose or two of a day, "2 500 mg" two tablets or one number with its thousands apart: nobody can tell."""

_A_DAY: Final[dict[str, float]] = {
    # Abbreviations of HL7 v2 table 0335 and of GTSAbbreviation in FHIR, and the words wards write.
    "qd": 1, "od": 1, "daily": 1, "once daily": 1, "once a day": 1, "every day": 1, "qam": 1, "qpm": 1, "am": 1, "pm": 1, "om": 1, "on": 1, "mane": 1,
    "nocte": 1, "qhs": 1, "hs": 1, "at bedtime": 1, "at night": 1, "in the morning": 1, "bid": 2, "bd": 2, "twice daily": 2, "twice a day": 2,
    "tid": 3,
    "tds": 3, "three times daily": 3, "three times a day": 3, "qid": 4, "qds": 4, "four times daily": 4, "four times a day": 4, "qod": 0.5,
    "every other day": 0.5, "alternate days": 0.5, "weekly": 1 / 7, "once weekly": 1 / 7, "once a week": 1 / 7, "qwk": 1 / 7, "every week": 1 / 7,
    "monthly": 1 / 30, "once monthly": 1 / 30,
}  # fmt: skip
_EVERY: Final = re.compile(r"^(?:q|every\s+)(\d+(?:\.\d+)?)\s*(h|hr|hrs|hours?|hourly|m|min|d|days?|w|weeks?)$")
_TIMES: Final = re.compile(r"^(?:x\s*)?(\d+)\s*(?:x|times)?\s*(?:/|per|a|in)?\s*(d|day|daily)$")
_PER_PERIOD: Final = re.compile(r"^(once|twice|(\d+) times) (?:per|a|every) (?:(\d+(?:\.\d+)?) )?(minute|hour|day|week|month)s?$")
"""As orders that came over FHIR say it: "2 times per 3 days"."""
_DAYS_OF: Final = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0}
_HOURS_OF: Final = {"h": 1.0, "m": 1 / 60, "d": 24.0, "w": 168.0}


def amount_of(text: str) -> Amount | None:
    """The one amount a text names, in the units of this house. None for a range, for several, for none."""
    text = text.replace("μ", "µ")  # the Greek letter and the sign for micro are two characters
    if _RANGE.search(text) or _TWO_NUMBERS.search(text):
        return None
    found = {_amount(*match.groups()) for match in _AMOUNT.finditer(text)} - {None}
    return found.pop() if len(found) == 1 else None


def times_a_day(frequency: str) -> float | None:
    """How often a day: "TID" -> 3, "Q8H" -> 3, "weekly" -> 1/7. None where it is not said plainly."""
    text = " ".join(frequency.lower().replace(".", "").replace("&", " ").split())
    if text in _A_DAY:
        return float(_A_DAY[text])
    every = _EVERY.match(text)
    if every:
        hours = float(every[1]) * _HOURS_OF[every[2][0]]
        return 24 / hours if hours else None
    times = _TIMES.match(text)
    return float(times[1]) if times else _in_a_period(text)


def _in_a_period(text: str) -> float | None:
    match = _PER_PERIOD.match(text)
    if match is None:
        return None
    times = {"once": 1.0, "twice": 2.0}.get(match[1]) or float(match[2])
    days = float(match[3] or 1) * _DAYS_OF[match[4]]
    return times / days if days else None


def daily_dose(dose: str, frequency: str, *, weight_kg: float | None = None) -> Amount | None:
    """The amount of a day. A dose per kilogram needs the weight; one per hour needs no frequency."""
    amount = amount_of(dose)
    if amount is None:
        return None
    unit, *per = amount.unit.split("/")
    value = amount.value
    if "kg" in per:
        if weight_kg is None:
            return None
        value, per = value * weight_kg, [part for part in per if part != "kg"]
    match per:
        case []:
            often = times_a_day(frequency)
            return Amount(value * often, unit) if often is not None else None
        case ["h"]:
            return Amount(value * 24, unit)
        case ["min"]:
            return Amount(value * 1440, unit)
        case ["day"]:
            return Amount(value, unit)
        case _:
            return None


def _amount(number: str, unit: str, per: str) -> Amount | None:
    known = _UNITS.get(unit.lower())
    if known is None:
        return None
    factor, main = known
    below = [name for part in per.split("/") if part.strip() and (name := _PER["".join(part.lower().split())])]
    return Amount(round(float(number.replace(",", "")) * factor, 9), "/".join((main, *below)))
