"""A simulated hospital pharmacy: how many of a hundred drug orders would be interrupted by the rules of the house?

The drugs of a general hospital with how often each is ordered, and patients by age, kidneys and what they already take. Made up by us, in
the proportions of a medical and surgical ward; a site measures its own orders instead. The random numbers come from a fixed seed.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.capability import Reading
from wardline.core.course import Allergy, Condition, Medication
from wardline.science.medication.patient import Patient
from wardline.science.medication.review import review

SEED: Final = 20261121
PATIENTS: Final = 1000
_MOMENT: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
# fmt: off
ORDERED: Final[dict[str, int]] = {
    "paracetamol 1 g": 100, "enoxaparin 40 mg": 60, "pantoprazole 40 mg": 55, "furosemide 40 mg": 40, "metoprolol 50 mg": 35,
    "atorvastatin 40 mg": 35,
    "aspirin 100 mg": 35, "ramipril 5 mg": 30, "amlodipine 5 mg": 30, "metformin 500 mg": 25, "insulin glargine": 25, "potassium chloride 600 mg": 25,
    "bisoprolol 5 mg": 25, "ondansetron 4 mg": 30, "metoclopramide 10 mg": 20, "morphine 5 mg": 30, "oxycodone 5 mg": 25, "ibuprofen 400 mg": 20,
    "ceftriaxone 2 g": 25, "piperacillin/tazobactam 4.5 g": 20, "co-amoxiclav 1.2 g": 20, "cefuroxime 1.5 g": 15, "ciprofloxacin 400 mg": 10,
    "clarithromycin 500 mg": 8,
    "doxycycline 100 mg": 8, "vancomycin 1 g": 8, "meropenem 1 g": 6, "metronidazole 500 mg": 12, "co-trimoxazole 960 mg": 5, "fluconazole 200 mg": 4,
    "levothyroxine 75 micrograms": 18, "simvastatin 40 mg": 15, "lisinopril 10 mg": 12, "losartan 50 mg": 10, "spironolactone 25 mg": 12,
    "hydrochlorothiazide 25 mg": 10,
    "apixaban 5 mg": 15, "rivaroxaban 20 mg": 8, "warfarin 3 mg": 8, "clopidogrel 75 mg": 15, "digoxin 125 micrograms": 5, "amiodarone 200 mg": 6,
    "diltiazem 120 mg": 4,
    "prednisolone 30 mg": 15, "salbutamol inhaler": 18, "tiotropium inhaler": 10, "lorazepam 1 mg": 12, "zopiclone 7.5 mg": 10,
    "haloperidol 1 mg": 8, "quetiapine 25 mg": 8,
    "sertraline 50 mg": 12, "citalopram 20 mg": 10, "mirtazapine 15 mg": 8, "amitriptyline 25 mg": 6, "gabapentin 300 mg": 12,
    "pregabalin 75 mg": 8, "tramadol 50 mg": 10,
    "levetiracetam 500 mg": 8, "valproate 500 mg": 4, "lithium 400 mg": 2, "macrogol": 20, "senna": 20, "colecalciferol": 15,
    "ferrous sulfate 200 mg": 10, "folic acid 5 mg": 10,
    "thiamine 100 mg": 10, "allopurinol 100 mg": 8, "colchicine 500 micrograms": 3, "methotrexate 15 mg": 1, "tacrolimus 1 mg": 1,
    "tamsulosin 400 micrograms": 10,
    "dexamethasone 6 mg": 8, "glyceryl trinitrate": 5, "magnesium sulfate": 8, "torasemide 10 mg": 8, "heparin 5000 units": 6, "fentanyl patch": 5,
}
# fmt: on


class Burden(NamedTuple):
    """What the orders of all patients met with."""

    orders: int
    interrupted: int
    passive: int
    silent: int
    kinds: dict[str, int]

    @property
    def per_hundred(self) -> float:
        return 100 * self.interrupted / self.orders


def burden(patients: int = PATIENTS, seed: int = SEED) -> Burden:
    """Each patient's drugs are ordered one after the other; an order counts once, by the loudest thing that it meets."""
    chance = random.Random(seed)  # noqa: S311 - a simulation that anybody can repeat
    drugs, weights = list(ORDERED), list(ORDERED.values())
    counted = {"interrupt": 0, "passive": 0, "silent": 0}
    kinds: dict[str, int] = {}
    orders = 0
    for _ in range(patients):
        patient = _patient(chance)
        running: list[Medication] = []
        for what in dict.fromkeys(chance.choices(drugs, weights, k=max(1, round(chance.gauss(8, 3))))):
            draft = Medication(what, order="draft", since=_MOMENT)
            found = [problem for problem in review(patient, [*running, draft]).problems if problem.is_new]
            orders += 1
            if found:
                counted[found[0].tier] += 1
            for problem in found:
                if problem.tier == "interrupt":
                    kinds[problem.kind] = kinds.get(problem.kind, 0) + 1
            running.append(Medication(what, order=what, since=_MOMENT - timedelta(days=chance.randint(0, 40)), event=1))
    return Burden(orders, counted["interrupt"], counted["passive"], counted["silent"], kinds)


def _patient(chance: random.Random) -> Patient:
    """An inpatient: most are old, a fifth with weak kidneys, a tenth with a stated penicillin allergy."""
    age = min(max(round(chance.gauss(68, 16)), 18), 100)
    creatinine = chance.choice((0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.8, 2.6, 3.5))
    potassium = min(max(chance.gauss(4.2, 0.5), 2.6), 6.5)
    results = {id: (Reading(_MOMENT - timedelta(hours=6), value),) for id, value in (("creatinine", creatinine), ("potassium", potassium))}
    codes = [
        code
        for code, share in (("I50.9", 0.18), ("I48.0", 0.15), ("E11.9", 0.25), ("K25.9", 0.04), ("J45.9", 0.06), ("G20", 0.02))
        if chance.random() < share
    ]
    allergies = (Allergy("penicillin", reaction="rash"),) if chance.random() < 0.1 else ()
    return Patient(
        as_of=_MOMENT, age_years=age, sex=chance.choice("FM"), weight_kg=max(chance.gauss(74, 15), 40), results=results,
        conditions=tuple(Condition(code, "ICD10") for code in codes), allergies=allergies,
    )  # fmt: skip
