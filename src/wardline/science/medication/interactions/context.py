"""What of a patient makes an interaction worse, better or true: age, another drug, a result, a diagnosis, a dose."""

from datetime import timedelta

from wardline.core.concepts import Concept
from wardline.core.diseases import Disease
from wardline.science.medication.classes import members, title_of
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.interactions.rule import Context
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Reason, said


def aged(years: int) -> Context:
    """So old or older."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        return Reason("age", patient.age_years, "worse") if patient.age_years is not None and patient.age_years >= years else None

    return is_so


def above(concept: Concept, limit: float, *, within: timedelta) -> Context:
    """A recent result above the limit."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        reading = patient.latest(concept, within)
        return Reason(concept.name, said(reading.value, concept), "worse") if reading and reading.value > limit else None

    return is_so


def below(concept: Concept, limit: float, *, within: timedelta) -> Context:
    """A recent result below the limit."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        reading = patient.latest(concept, within)
        return Reason(concept.name, said(reading.value, concept), "worse") if reading and reading.value < limit else None

    return is_so


def safely_below(concept: Concept, limit: float, *, within: timedelta) -> Context:
    """A recent result that leaves room: the risk is lower."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        reading = patient.latest(concept, within)
        return Reason(concept.name, said(reading.value, concept), "better") if reading and reading.value < limit else None

    return is_so


def filtration_below(limit: float) -> Context:
    """An estimated filtration below the limit."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        value = patient.egfr
        return Reason("eGFR", f"{value:.0f} mL/min/1.73 m2", "worse") if value is not None and value < limit else None

    return is_so


def has(*diseases: Disease) -> Context:
    """A stated disease."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        condition = patient.has(*diseases)
        return Reason("diagnosis", condition.text or condition.code, "worse") if condition is not None else None

    return is_so


def any_of(*contexts: Context) -> Context:
    """The first of them that is so."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        return next((reason for context in contexts if (reason := context(patient, drugs, one, other)) is not None), None)

    return is_so


def also_taking(*classes: str) -> Context:
    """A third drug that makes it worse."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        found = next(((name, each) for each in classes for name, drug in drugs.of(members(each)) if drug not in (one, other)), None)
        return Reason(f"also takes {found[0]}", title_of(found[1]), "worse") if found else None

    return is_so


def protected_by(*classes: str) -> Context:
    """A third drug that lowers the risk."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        found = next(((name, each) for each in classes for name, drug in drugs.of(members(each)) if drug not in (one, other)), None)
        return Reason(f"takes {found[0]}", title_of(found[1]), "better") if found else None

    return is_so


def measured(concept: Concept, *, within: timedelta, words: str) -> Context:
    """It is being watched: a result of the last days is there."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        reading = patient.latest(concept, within)
        return Reason(words, f"{concept.name} {said(reading.value, concept)}", "better") if reading is not None else None

    return is_so


def dose_above(substance: str, mg_a_day: float) -> Context:
    """More of one of the two than so many mg a day. A dose that cannot be read counts as more."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        drug = next((each for each in (one, other) if substance in each.names), None)
        if drug is None:
            return None
        if drug.daily is None or drug.daily.unit != "mg":
            return Reason(f"daily dose of {substance}", "not known")
        return Reason(f"daily dose of {substance}", str(drug.daily), "worse") if drug.daily.value > mg_a_day else None

    return is_so


def nothing_worse(*contexts: Context) -> Context:
    """None of the risks is known: said as what it is, an absence on the record."""

    def is_so(patient: Patient, drugs: Drugs, one: Drug, other: Drug) -> Reason | None:
        found = any(context(patient, drugs, one, other) is not None for context in contexts)
        return None if found else Reason("no further risk", "on this record", "better")

    return is_so
