"""The medication review of one patient with thirty drugs: every check, as a screen or a hook asks for it."""

import random
import time
from datetime import UTC, datetime, timedelta

from bench.results import Bar
from wardline.core.capability import Reading
from wardline.core.course import Allergy, Condition, Medication
from wardline.learning.evaluation.formulary import ORDERED
from wardline.science.medication.patient import Patient
from wardline.science.medication.review import review

DRUGS = 30
REVIEWS = 400
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
AT_MOST_MS = 20.0


def run() -> list[Bar]:
    chance, patient = random.Random(7), _patient()
    listed = [_drugs(chance) for _ in range(REVIEWS)]
    review(patient, listed[0])  # the tables are made ready at the first question
    taken = sorted(_milliseconds(patient, medications) for medications in listed)
    p99 = taken[int(len(taken) * 0.99)]
    detail = {"p50_ms": taken[len(taken) // 2], "p99_ms": p99, "drugs": DRUGS, "reviews": REVIEWS}
    return [Bar("All medication checks of 30 drugs, p99", p99, AT_MOST_MS, False, detail, "ms")]


def _milliseconds(patient: Patient, medications: list[Medication]) -> float:
    begun = time.thread_time()
    review(patient, medications)
    return (time.thread_time() - begun) * 1000


def _drugs(chance: random.Random) -> list[Medication]:
    names = chance.sample(list(ORDERED), DRUGS)
    return [Medication(what, dose="100 mg", route="PO", frequency="BID", since=NOW - timedelta(days=3), order=what, event=1) for what in names]


def _patient() -> Patient:
    """Old, with weak kidneys and results for every rule to look at."""
    values = {"creatinine": 2.1, "potassium": 5.2, "sodium": 131.0, "inr": 2.8, "platelets": 180.0, "glucose": 110.0}
    return Patient(
        as_of=NOW, age_years=82, sex="F", weight_kg=58.0, results={id: (Reading(NOW, value),) for id, value in values.items()},
        conditions=tuple(Condition(code, "ICD10") for code in ("I50.9", "I48.0", "E11.9", "N18.3", "K25.9")), allergies=(Allergy("penicillin"),),
    )  # fmt: skip
