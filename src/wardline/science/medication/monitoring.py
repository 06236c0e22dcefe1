"""Tests that a drug needs and that are due: INR under warfarin, levels, potassium and creatinine under what changes them."""

from datetime import timedelta
from typing import Final, NamedTuple

from wardline.core.concepts import Concept
from wardline.core.concepts.chemistry import ALT, CREATININE, POTASSIUM
from wardline.core.concepts.coagulation import INR
from wardline.core.concepts.drug_levels import DIGOXIN_LEVEL, GENTAMICIN_LEVEL, LITHIUM_LEVEL, VANCOMYCIN_LEVEL
from wardline.core.concepts.haematology import LEUKOCYTES, PLATELETS
from wardline.core.concepts.special import THYROTROPIN
from wardline.core.findings import Severity
from wardline.science.medication.classes import members
from wardline.science.medication.drugs import Drugs
from wardline.science.medication.interactions.sources import label, recalled
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Reason, Source


class Test(NamedTuple):
    """`every`: how old the newest result may be; `after_days`: only when the drug has been running that long."""

    drugs: tuple[str, ...]
    concept: Concept
    every: timedelta
    source: Source
    after_days: int = 0


def _interval_ours(text: str) -> Source:
    """A label that asks for the test and was read; how often is not in it."""
    return Source(f"US label of {text}; the interval is ours (recalled): site must decide", "provisional")


_LABELS: Final = recalled("US product labels, 5 Warnings: laboratory tests; the interval in hospital: site must decide")
# fmt: off
TESTS: Final[tuple[Test, ...]] = (
    Test(("vitamin_k_antagonist",), INR, timedelta(days=3), _LABELS, 1),
    Test(("digoxin",), POTASSIUM, timedelta(days=7), _interval_ours("digoxin: 5: serum potassium"), 1),
    Test(("digoxin",), DIGOXIN_LEVEL, timedelta(days=30), _LABELS, 7),
    Test(("lithium",), LITHIUM_LEVEL, timedelta(days=90), _LABELS, 5),
    Test(("raas_blocker", "potassium_sparing_diuretic"), POTASSIUM, timedelta(days=7),
         _interval_ours("ramipril: 5.8 Hyperkalaemia: monitor serum potassium periodically"), 3),
    Test(("raas_blocker", "nsaid"), CREATININE, timedelta(days=14),
         _interval_ours("ramipril: 7.4: monitor renal function periodically"), 7),
    Test(("loop_diuretic", "thiazide"), POTASSIUM, timedelta(days=7),
         _interval_ours("metolazone: Warnings: serum electrolytes"), 3),
    Test(("heparin",), PLATELETS, timedelta(days=4), _LABELS, 4),
    Test(("gentamicin",), GENTAMICIN_LEVEL, timedelta(days=3), _LABELS, 2),
    Test(("vancomycin",), VANCOMYCIN_LEVEL, timedelta(days=3), _LABELS, 2),
    Test(("aminoglycoside", "vancomycin"), CREATININE, timedelta(days=3), _LABELS, 2),
    Test(("methotrexate", "thiopurine"), LEUKOCYTES, timedelta(days=14), _LABELS, 7),
    Test(("clozapine",), LEUKOCYTES, timedelta(days=7), _LABELS, 7),
    Test(("amiodarone", "lithium"), THYROTROPIN, timedelta(days=180), _LABELS, 90),
    Test(("bosentan",), ALT, timedelta(days=30), label("bosentan", "Boxed warning: liver enzymes every month"), 30),
)
# fmt: on


def monitoring(drugs: Drugs, patient: Patient) -> tuple[Problem, ...]:
    """What is due. A drug that has only just been started is given its time."""
    due = {}
    for test in TESTS:
        names = frozenset[str]().union(*(members(each) for each in test.drugs))
        for name, drug in drugs.of(names):
            running = drug.days
            newest = patient.values(test.concept)
            is_fresh = bool(newest) and (patient.as_of is None or patient.as_of - newest[-1].at <= test.every)
            if running is None or running < test.after_days or is_fresh:
                continue
            seen = f"last {(patient.as_of - newest[-1].at).days} days ago" if newest and patient.as_of is not None else "none seen"
            due[f"{name}:{test.concept.id}"] = Problem(
                "monitoring", f"{name}:{test.concept.id}", (name,), Severity.LOW, f"{test.concept.name} is due under {name}",
                f"Order {test.concept.name.lower()}: at least every {test.every.days} days", test.source, reasons=(Reason(test.concept.name, seen),),
                roles=("prescriber", "pharmacist", "nurse"), nurse="Is a sample ordered for the next round?", orders=(drug.medication.order,),
            )  # fmt: skip
    return tuple(due[key] for key in sorted(due))
