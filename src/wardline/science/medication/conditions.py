"""When a rule about one drug counts: what must be so of the patient. Every part must hold; what nobody knows does not hold, and is said.

When(clearance_below=30)                       kidneys
When(result=POTASSIUM, above=5.0)              laboratory
When(daily_above=4000, age_at_least=18)        dose, by age
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from wardline.core.concepts import Concept
from wardline.core.diseases import Disease
from wardline.science.medication.amounts import times_a_day
from wardline.science.medication.classes import members
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Reason, said
from wardline.science.medication.routes import Route

NOT_KNOWN: Final = "not known"


@dataclass(frozen=True)
class When:
    """Limits are exclusive, except `*_at_least`. Doses are in mg a day, or in the unit named."""

    egfr_below: float | None = None
    clearance_below: float | None = None
    clearance_at_least: float | None = None
    age_at_least: int | None = None
    age_below: int | None = None
    pregnant: bool = False
    breastfeeding: bool = False
    has: tuple[Disease, ...] = ()
    result: Concept | None = None
    above: float | None = None
    below: float | None = None
    within: timedelta = timedelta(days=7)
    daily_above: float | None = None
    daily_below: float | None = None
    daily_per_kg_above: float | None = None
    often_above: float | None = None
    """Times a day."""
    route: Route | None = None
    unit: str = "mg"
    without: tuple[str, ...] = ()
    """Classes or substances that must not be given with it: what would protect."""

    def holds(self, patient: Patient, drugs: Drugs, drug: Drug) -> tuple[Reason, ...] | None:
        """The reasons if all of it is so, None if something is not, or is not known."""
        reasons: list[Reason] = []
        for question in self._asked(patient, drugs, drug):
            if question is None or question.value == NOT_KNOWN:
                return None
            reasons.append(question)
        return tuple(reason for reason in reasons if reason.what)

    def missing(self, patient: Patient, drugs: Drugs, drug: Drug) -> tuple[str, ...]:
        """What would have to be known to tell; empty where something known already says that it does not count."""
        asked = tuple(self._asked(patient, drugs, drug))
        if None in asked:
            return ()
        return tuple(question.what for question in asked if question is not None and question.value == NOT_KNOWN)

    def _asked(self, patient: Patient, drugs: Drugs, drug: Drug) -> Iterator[Reason | None]:
        if self.age_at_least is not None or self.age_below is not None:
            yield self._age(patient.age_years)
        if self.egfr_below is not None:
            yield _limit("eGFR", patient.egfr, "mL/min/1.73 m2", below=self.egfr_below)
        if self.clearance_below is not None:
            yield _limit("creatinine clearance", patient.creatinine_clearance, "mL/min", below=self.clearance_below, at_least=self.clearance_at_least)
        if self.pregnant:
            yield _flag("pregnancy", patient.is_pregnant) if _may_be(patient) else None
        if self.breastfeeding:
            yield _flag("breastfeeding", patient.is_breastfeeding) if _may_be(patient) else None
        if self.has:
            condition = patient.has(*self.has)
            yield Reason("diagnosis", condition.text or self.has[0].name) if condition is not None else None
        if self.result is not None:
            yield self._result(patient)
        if self.route is not None:
            yield Reason("") if drug.route in (self.route, "unknown") else None
        if self.often_above is not None:
            yield self._often(drug)
        if self.daily_above is not None or self.daily_below is not None or self.daily_per_kg_above is not None:
            yield self._dose(patient, drug)
        if self.without:
            protected = any(name != drug.name for each in self.without for name, _ in drugs.of(members(each)))
            yield None if protected else Reason("")

    def _age(self, age: int | None) -> Reason | None:
        if age is None:
            return Reason("age", NOT_KNOWN)
        young = self.age_at_least is not None and age < self.age_at_least
        old = self.age_below is not None and age >= self.age_below
        return None if young or old else Reason("age", f"{age} years")

    def _result(self, patient: Patient) -> Reason | None:
        assert self.result is not None
        reading = patient.latest(self.result, self.within)
        if reading is None:
            return Reason(self.result.name, NOT_KNOWN)
        is_beyond = (self.above is not None and reading.value > self.above) or (self.below is not None and reading.value < self.below)
        return Reason(self.result.name, said(reading.value, self.result)) if is_beyond else None

    def _dose(self, patient: Patient, drug: Drug) -> Reason | None:
        daily = drug.daily
        if daily is None or daily.unit != self.unit:
            return Reason("daily dose", NOT_KNOWN)
        if self.daily_per_kg_above is None:
            is_beyond = daily.value > self.daily_above if self.daily_above is not None else daily.value < (self.daily_below or 0.0)
            return Reason("daily dose", str(daily)) if is_beyond else None
        if patient.weight_kg is None:
            return Reason("weight", NOT_KNOWN)
        each = daily.value / patient.weight_kg
        return Reason("daily dose", f"{each:.3g} {self.unit}/kg") if each > self.daily_per_kg_above else None

    def _often(self, drug: Drug) -> Reason | None:
        often = times_a_day(drug.medication.frequency)
        if often is None:
            return Reason("how often", NOT_KNOWN)
        return Reason("how often", drug.medication.frequency) if self.often_above is not None and often > self.often_above else None


def _limit(what: str, value: float | None, unit: str, *, below: float, at_least: float | None = None) -> Reason | None:
    if value is None:
        return Reason(what, NOT_KNOWN)
    return Reason(what, f"{value:.0f} {unit}") if value < below and (at_least is None or value >= at_least) else None


def _flag(what: str, value: bool | None) -> Reason | None:
    if value is None:
        return Reason(what, NOT_KNOWN)
    return Reason(what, "yes") if value else None


def _may_be(patient: Patient) -> bool:
    """Whether the question makes sense: stated, or a woman of 10 to 60 years, or nobody has said who it is."""
    if patient.is_pregnant or patient.is_breastfeeding:
        return True
    return patient.sex != "M" and (patient.age_years is None or 10 <= patient.age_years <= 60)
