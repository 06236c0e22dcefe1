"""Warfarin start: how much warfarin on each of the first four days, by age and INR?

Roberts' age-adjusted protocol: the dose of the day follows the INR of that morning (16 hours after the dose before) and the patient's
age. After day 4 the dose is a first maintenance dose. The dose is a draft to sign; the target is an INR of 2 to 3.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, conditions, days, doses, hours, latest, medications, moment
from wardline.core.course import Condition, Given, Medication, condition_naming
from wardline.core.diseases import HAEMORRHAGIC_STROKE, LIVER_CIRRHOSIS, UPPER_GI_BLEED
from wardline.core.findings import Draft, NotValid, Outcome, Reasons, Unknown
from wardline.core.quantities import plain
from wardline.core.scoring import Bands, bands
from wardline.science.medication.recognising import substances_in, substances_of

# Roberts GW et al. Aust N Z J Med 1999;29:731-6, table as printed in Sci Rep 2023;13, doi:10.1038/s41598-023-45379-7, table 1 (read there; the
# first paper was not). Doses in tenths of mg, by age: up to 50, 51 to 65, 66 to 80, over 80. Where day 4 prints a range, its lower end.
AGES: Final = bands((50, 0), (65, 1), (80, 2), above=3)
DAY_1_LIMIT: Final = 1.4
DAYS: Final[tuple[tuple[Bands, ...], ...]] = (
    tuple(bands((1.3, dose), above=0, step=0.1) for dose in (100, 90, 75, 60)),
    tuple(bands((1.5, dose), above=5, step=0.1) for dose in (100, 90, 75, 60)),
    (
        bands((1.7, 100), (2.3, 50), (2.7, 40), (3.1, 30), (3.3, 20), (3.4, 15), (3.5, 10), (4.0, 5), above=0, step=0.1),
        bands((1.7, 90), (2.3, 45), (2.7, 35), (3.1, 25), (3.3, 20), (3.4, 15), (3.5, 10), (4.0, 5), above=0, step=0.1),
        bands((1.7, 75), (2.3, 40), (2.7, 30), (3.1, 20), (3.3, 15), (3.4, 10), (3.5, 10), (4.0, 5), above=0, step=0.1),
        bands((1.7, 60), (2.3, 30), (2.7, 20), (3.1, 10), (3.3, 10), (3.4, 10), (3.5, 5), (4.0, 5), above=0, step=0.1),
    ),
    (
        bands((1.5, 100), (1.6, 80), (1.8, 70), (1.9, 60), (2.6, 50), (3.0, 40), (3.5, 35), (4.0, 30), above=0, step=0.1),
        bands((1.5, 90), (1.6, 70), (1.8, 60), (1.9, 50), (2.6, 45), (3.0, 35), (3.5, 30), (4.0, 25), above=0, step=0.1),
        bands((1.5, 75), (1.6, 60), (1.8, 50), (1.9, 45), (2.6, 40), (3.0, 30), (3.5, 25), (4.0, 20), above=0, step=0.1),
        bands((1.5, 60), (1.6, 50), (1.8, 40), (1.9, 35), (2.6, 30), (3.0, 25), (3.5, 20), (4.0, 15), above=0, step=0.1),
    ),
)  # fmt: skip
UNFIT: Final = (HAEMORRHAGIC_STROKE, UPPER_GI_BLEED, LIVER_CIRRHOSIS)
DISTURBING: Final = ("amiodarone", "fluconazole", "metronidazole", "trimethoprim", "rifampicin", "carbamazepine", "phenytoin")
"""Drugs that shift the INR too far for a protocol; the interaction checks know them all."""


@dataclass(frozen=True)
class Start(Inputs):
    age_years: int = age_years()
    inr: float = latest(c.INR, within=hours(24))
    doses: tuple[Given, ...] | None = doses(within=days(6), required=False)
    medications: tuple[Medication, ...] | None = medications(required=False)
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    as_of: datetime | None = moment()


@capability(
    id="warfarin_start",
    version="1999",
    standing="provisional",
    about="patient",
    reference="Roberts GW et al. Aust N Z J Med 1999;29:731-6, as printed in Sci Rep 2023;13 table 1",
    not_for="under 18 years, in pregnancy",
    ages=(18, None),
    pregnancy=False,
    unit="mg",
    caution="A draft to sign, for a target INR of 2 to 3. Not for patients on drugs that disturb warfarin, or after a recent bleeding.",
    live=False,
)
def warfarin_start(v: Start) -> Outcome:
    because = Reasons()
    unfit = _unfit(v)
    if unfit:
        return NotValid(f"The protocol is not for this patient: {unfit}. Dose by a specialist")
    given_on = sorted({dose.at.date() for dose in v.doses or () if _is_warfarin(dose)})
    day = len([each for each in given_on if v.as_of is None or each < v.as_of.date()]) + 1
    if v.as_of is None and given_on:
        return Unknown(("as_of",), "which day of the protocol this is, is not known")
    if day > len(DAYS):
        return Unknown((), "the protocol ends with day 4; go on by the INR")
    if day == 1 and v.inr >= DAY_1_LIMIT:
        return NotValid(f"The INR is {plain(v.inr)} before the first dose; the protocol begins below {plain(DAY_1_LIMIT)}")
    group, ages = AGES.lookup(v.age_years)
    tenths, band = DAYS[day - 1][group].lookup(v.inr)
    because.add("inr", v.inr, band=band)
    because.add("age_years", v.age_years, band=ages)
    because.add("doses", len(given_on), band=f"day {day} of the protocol")
    return Draft(_words(day, tenths / 10, v.inr), tuple(because.lines))


def _words(day: int, amount: float, inr: float) -> str:
    if day < len(DAYS):
        said = f"Warfarin {plain(amount)} mg today" if amount else "No warfarin today"
        return f"{said} (day {day}); INR tomorrow morning"
    if inr > 4.5:
        return "No warfarin (day 4, INR above 4.5); INR every day"
    if inr > 4.0:
        return "Leave out tomorrow's warfarin (day 4, INR 4.1 to 4.5), then 0.5 to 2 mg by age; INR every day"
    more = ", or more" if inr <= 1.5 else ""
    return f"Warfarin {plain(amount)} mg a day{more} as first maintenance dose (day 4); INR in 2 to 3 days"


def _unfit(v: Start) -> str:
    if v.conditions is not None and v.as_of is not None:
        named = condition_naming(v.conditions, UNFIT, v.as_of)
        if named is not None:
            return named.text or named.code
    taken = {substance.name for each in v.medications or () for substance in substances_in(each)}
    return ", ".join(name for name in DISTURBING if name in taken)


def _is_warfarin(dose: Given) -> bool:
    return any(substance.name == "warfarin" for substance in substances_of(dose.what, dose.codings))
