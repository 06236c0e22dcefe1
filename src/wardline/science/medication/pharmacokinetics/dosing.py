"""From what a record holds (doses given, levels measured) to a patient's own pharmacokinetics and a regimen for the target."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from math import log
from typing import Final, Literal, NamedTuple

import numpy as np

from wardline.core.capability import Reading
from wardline.core.course import Given
from wardline.core.errors import Refused
from wardline.core.findings import Reasons
from wardline.core.quantities import rounded
from wardline.science.medication.amounts import amount_of
from wardline.science.medication.pharmacokinetics.body import creatinine_clearance, dosing_weight, ideal_weight
from wardline.science.medication.pharmacokinetics.compartments import Array, Infusion
from wardline.science.medication.pharmacokinetics.population import GENTAMICIN_XUAN, VANCOMYCIN_GOTI, VANCOMYCIN_THOMSON, Model, Patient
from wardline.science.medication.pharmacokinetics.proposing import Regimen, regimen
from wardline.science.medication.pharmacokinetics.updating import Individual, Level, individual
from wardline.science.medication.recognising import substances_of
from wardline.science.medication.routes import route_of

STEP_HOURS: Final = 0.5
TENTH: Final = 1.2816
"""The normal deviate above which a tenth lies."""


class Infused(NamedTuple):
    """A drug that is dosed by its model. `mg_per_hour`: not faster than that; `shortest`: hours an infusion takes at least."""

    name: str
    model: Model
    on_dialysis: Model | None
    mg_per_hour: float
    shortest: float
    by_adjusted_weight: bool = False


VANCOMYCIN: Final = Infused("vancomycin", VANCOMYCIN_THOMSON, VANCOMYCIN_GOTI, 600.0, 1.0)  # not faster than 10 mg/min: its label, recalled
GENTAMICIN: Final = Infused("gentamicin", GENTAMICIN_XUAN, None, 1000.0, 0.5, by_adjusted_weight=True)


class Estimate(NamedTuple):
    """A patient's own pharmacokinetics, and what it was estimated from."""

    person: Individual
    course: "Course"
    weight: float
    weight_name: str
    clearance: float
    """Creatinine clearance, mL/min."""


class Course(NamedTuple):
    """A patient's doses and levels on one axis of hours, which begins with the first dose."""

    began_at: datetime | None
    infusions: tuple[Infusion, ...]
    levels: tuple[Level, ...]


class Curve(NamedTuple):
    """Concentration over time with its 80 % band, mg/L."""

    hours: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def infusions_of(drug: Infused, doses: Iterable[Given]) -> list[tuple[datetime, Infusion]]:
    """The doses of a drug that went into a vein, each with the time it began. Raises `Refused` for one whose amount cannot be read."""
    found = []
    for dose in doses:
        is_meant = drug.name in {substance.name for substance in substances_of(dose.what, dose.codings)}
        if not is_meant or route_of(dose.route, dose.what) in ("oral", "local"):
            continue
        amount = amount_of(dose.dose)
        if amount is None or amount.unit != "mg" or amount.value <= 0:
            raise Refused(f"the dose {dose.dose!r} of {dose.what} is no amount in mg; say it such as 1000 mg", where="doses")
        found.append((dose.at, Infusion(0, amount.value, hours_of(drug, amount.value))))
    return found


def hours_of(drug: Infused, amount: float) -> float:
    """How long a dose runs in."""
    return max(drug.shortest, amount / drug.mg_per_hour)


def course_of(doses: Sequence[tuple[datetime, Infusion]], levels: Iterable[Reading]) -> Course:
    """One axis for both. Levels before the first dose, and bounded ones ("<2"), say nothing a model can use."""
    if not doses:
        return Course(None, (), ())
    began = min(at for at, _ in doses)
    infusions = tuple(infusion._replace(start=hours_between(began, at)) for at, infusion in sorted(doses))
    usable = [each for each in levels if each.at > began and not each.comparator]
    # Two samples of one minute are one level; the model would take them for twice the evidence.
    kept = [next(iter(same)) for _, same in groupby(sorted(usable), key=lambda each: each.at)]
    return Course(began, infusions, tuple(Level(hours_between(began, each.at), each.value) for each in kept))


def hours_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def estimated(
    drug: Infused,
    *,
    age_years: int,
    sex: Literal["F", "M"],
    weight: float,
    height: float | None,
    creatinine: float,
    on_dialysis: bool,
    doses: Iterable[Given] | None,
    levels: Iterable[Reading] | None,
) -> Estimate:
    """The population's pharmacokinetics for such a patient, moved by the levels. Raises `Refused` for a dose that cannot be read."""
    used, name = dosing_weight(weight, ideal_weight(height, sex) if height is not None else None)
    clearance = creatinine_clearance(age_years, used, creatinine, sex)
    model = drug.on_dialysis if on_dialysis and drug.on_dialysis is not None else drug.model
    course = course_of(infusions_of(drug, doses or ()), levels or ())
    patient = Patient(used if drug.by_adjusted_weight else weight, clearance, on_dialysis)
    person = individual(model, patient, course.infusions, course.levels)
    return Estimate(person, course, used, name if height is not None else "actual weight, height not known", clearance)


def reasons(found: Estimate, creatinine: float, level: str) -> Reasons:
    """What the estimate rests on, line by line; `level` is the name of the levels' input."""
    because = Reasons()
    because.add("weight", rounded(found.weight, 1), band=found.weight_name)
    because.add("creatinine", rounded(creatinine, 2), band=f"Cockcroft-Gault {found.clearance:.0f} mL/min")
    because.add("model", found.person.model.id, band=found.person.model.source)
    for each in found.course.levels:
        because.add(level, each.value, band=f"{each.at:.1f} h after the first dose")
    return because


def grounds(found: Estimate) -> str:
    """How many levels it rests on, in words."""
    count = len(found.course.levels)
    return "no level yet" if not count else f"{count} level{'s' if count != 1 else ''}"


def usual_interval(person: Individual, offered: Sequence[float]) -> float:
    """The interval nearest to the time in which the body clears half of what it holds."""
    rates = person.rates
    half = log(2) * (rates.central + rates.peripheral) / rates.clearance
    return min(offered, key=lambda every: abs(log(every / half)))


def regimens(drug: Infused, person: Individual, amounts: Iterable[float], every: float) -> list[Regimen]:
    return [regimen(person, amount, every, hours_of(drug, amount)) for amount in amounts]


def curve(person: Individual, infusions: Sequence[Infusion], start: float, end: float) -> Curve:
    """Half-hourly, with the band in which four of five patients like this one lie."""
    hours = tuple(start + STEP_HOURS * place for place in range(int((end - start) / STEP_HOURS) + 1))
    middle, spread = person.curve(infusions, hours)
    band = np.exp(TENTH * spread)
    return Curve(hours, _rounded(middle), _rounded(middle / band), _rounded(middle * band))


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 2) for value in values)
