"""Vancomycin dosing: which dose reaches the target exposure in this adult, given kidneys, weight and levels?

A population model (Thomson 2009; on haemodialysis Goti 2018) says what to expect; every measured level moves it towards this patient
(maximum a posteriori). The target is an AUC over 24 hours of 400 to 600 mg*h/L (for an MIC of 1 mg/L). The dose is a draft to sign.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, age_years, capability, days, doses, given, hours, latest, moment, series, sex
from wardline.core.course import Given
from wardline.core.findings import Draft, Evidence, Finding, Outcome, Reasons, Severity, Unknown
from wardline.core.quantities import plain, rounded
from wardline.science.medication.pharmacokinetics.dosing import (
    VANCOMYCIN,
    Estimate,
    estimated,
    grounds,
    hours_between,
    reasons,
    regimens,
    usual_interval,
)
from wardline.science.medication.pharmacokinetics.proposing import Regimen, closest

# Rybak MJ et al. Am J Health Syst Pharm 2020;77:835-64 (ASHP, IDSA, PIDS, SIDP): target and largest maintenance dose; recalled, not read.
TARGET_LOW, TARGET_HIGH = 400.0, 600.0
LARGEST_A_DAY: Final = 4500.0
LOADING: Final = "a loading dose of 20 to 35 mg/kg (at most 3 g) is considered in the critically ill"
AMOUNTS: Final = tuple(float(amount) for amount in range(500, 2001, 250))
INTERVALS: Final = (8.0, 12.0, 24.0, 48.0)


@dataclass(frozen=True)
class Vancomycin(Inputs):
    age_years: int = age_years()
    sex: Literal["F", "M"] = sex()
    weight: float = latest(c.WEIGHT, within=days(30), preliminary=True)
    creatinine: float = latest(c.CREATININE, within=hours(48))
    height: float | None = latest(c.HEIGHT, within=days(3650), required=False, preliminary=True)
    vancomycin_level: tuple[Reading, ...] | None = series(c.VANCOMYCIN_LEVEL, within=days(10), required=False)
    doses: tuple[Given, ...] | None = doses(within=days(10), required=False)
    haemodialysis: bool | None = given(required=False)
    as_of: datetime | None = moment()


@capability(
    id="vancomycin_dosing",
    version="1",
    standing="provisional",
    about="patient",
    reference="Thomson AH et al. 2009 and Goti V et al. 2018 (models); Rybak MJ et al. 2020 (target); see the module",
    not_for="under 18 years",
    ages=(18, None),
    unit="mg*h/L",
    caution="A draft for a prescriber or pharmacist to sign. Creatinine that is changing misleads the model: then measure levels early.",
    live=False,
)
def vancomycin_dosing(v: Vancomycin) -> tuple[Outcome, ...]:
    if v.vancomycin_level and not v.doses:
        return (Unknown(("doses",), "a level says nothing without the doses before it"),)
    found = estimated(
        VANCOMYCIN, age_years=v.age_years, sex=v.sex, weight=v.weight, height=v.height, creatinine=v.creatinine,
        on_dialysis=bool(v.haemodialysis), doses=v.doses, levels=v.vancomycin_level,
    )  # fmt: skip
    because = reasons(found, v.creatinine, "vancomycin_level")
    return (*_exposure(v.as_of, found, because), _draft(found, because))


def _exposure(as_of: datetime | None, found: Estimate, because: Reasons) -> tuple[Outcome, ...]:
    """The exposure of the last 24 hours, where doses were given and the moment is known."""
    course = found.course
    if course.began_at is None or as_of is None:
        return ()
    now = hours_between(course.began_at, as_of)
    if now < 1:
        return ()
    area, spread = found.person.area(course.infusions, max(now - 24, 0), now)
    area = area * 24 / min(now, 24)
    place = "below" if area < TARGET_LOW else "above" if area > TARGET_HIGH else "within"
    severity = Severity.NONE if place == "within" else Severity.LOW
    summary = f"Exposure {area:.0f} mg*h/L over 24 hours, {place} 400 to 600 ({_range(area, spread)} in four of five such patients)"
    return (Finding(rounded(area, 0), summary, severity, "mg*h/L", tuple(because.lines), key="exposure"),)


def _draft(found: Estimate, because: Reasons) -> Outcome:
    every = usual_interval(found.person, INTERVALS)
    offered = regimens(VANCOMYCIN, found.person, AMOUNTS, every)
    best = closest((each for each in offered if each.daily <= LARGEST_A_DAY), target=(TARGET_LOW * TARGET_HIGH) ** 0.5)
    if best is None or not TARGET_LOW * 0.9 <= best.area <= TARGET_HIGH * 1.1:
        return Unknown((), "no usual dose reaches 400 to 600 mg*h/L in this patient: ask a pharmacist", key="dose")
    first = "" if found.course.infusions else f"; {LOADING}"
    return Draft(
        f"Vancomycin {plain(best.amount)} mg every {plain(best.every)} hours over {plain(rounded(best.hours, 1))} h: expected exposure "
        f"{best.area:.0f} mg*h/L ({_range(best.area, best.spread)}), trough {best.trough:.0f} mg/L; {grounds(found)}{first}",
        (*because.lines, *_reasons(best)), key="dose",
    )  # fmt: skip


def _reasons(best: Regimen) -> tuple[Evidence, ...]:
    return (
        Evidence("exposure", rounded(best.area, 0), band=f"{best.within(TARGET_LOW, TARGET_HIGH):.0%} probable to lie within 400 to 600"),
        Evidence("peak", rounded(best.peak, 1), band="end of the infusion, mg/L"),
        Evidence("trough", rounded(best.trough, 1), band="before the next dose, mg/L"),
    )


def _range(area: float, spread: float) -> str:
    factor = 2.718281828459045 ** (1.2816 * spread)
    return f"{area / factor:.0f} to {area * factor:.0f}"
