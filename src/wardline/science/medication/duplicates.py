"""The same twice: two orders of one substance, or two drugs of a class of which one is enough."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from wardline.core.findings import Severity
from wardline.science.medication.classes import classes_of, title_of
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.interactions.sources import STOPP, recalled
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Source

SAME: Final = Source("The orders themselves: one substance, two orders", "verified")
# STOPP A3 names NSAIDs, SSRIs, loop diuretics, ACE inhibitors and anticoagulants as its examples; the others are ours.
READ_CLASSES: Final = ("nsaid", "ssri", "loop_diuretic", "ace_inhibitor", "direct_oral_anticoagulant", "heparin", "anticoagulant")
OTHER_CLASSES: Final = (
    "proton_pump_inhibitor", "statin", "angiotensin_blocker", "beta_blocker", "thiazide", "triptan", "benzodiazepine", "antimuscarinic_inhaled",
    "beta_agonist_inhaled", "sulfonylurea", "dpp4_inhibitor", "sglt2_inhibitor", "glp1_agonist", "calcineurin_inhibitor", "macrolide",
    "fluoroquinolone",
)  # fmt: skip
BRIDGING: Final = frozenset({"heparin", "vitamin_k_antagonist"})
"""A heparin beside warfarin until the INR is reached is the usual start, not a mistake."""


def duplicates(drugs: Drugs, patient: Patient) -> tuple[Problem, ...]:
    """Same substance by the same way first; where that is so, the class is not said again."""
    found: dict[str, Problem] = {}
    systemic = [drug for drug in drugs.all if drug.is_systemic and drug.substances]
    for one, other in combinations(systemic, 2):
        for problem in _of_pair(one, other, patient):
            found.setdefault(problem.key, problem)
    return tuple(sorted(found.values(), key=lambda problem: (-problem.severity, problem.key)))


def _of_pair(one: Drug, other: Drug, patient: Patient) -> Iterator[Problem]:
    shared = [name for name in one.names if name in other.names]
    for name in shared:
        yield _problem(
            name, (name,), one, other, patient, Severity.MEDIUM, f"{name.capitalize()} is ordered twice",
            "Stop one of the two, or say why both are meant", SAME
        )  # fmt: skip
    if shared:
        return
    for first in one.names:
        for second in other.names:
            common = classes_of(first) & classes_of(second)
            group = next((each for each in (*READ_CLASSES, *OTHER_CLASSES) if each in common), None)
            if group is not None and not (BRIDGING & classes_of(first) and BRIDGING & classes_of(second) and group == "anticoagulant"):
                source = STOPP if group in READ_CLASSES else recalled("One drug of such a class is usually enough")
                names = tuple(sorted((first, second)))
                summary = f"{names[0].capitalize()} and {names[1]}: two of a class, {title_of(group)}"
                yield _problem(
                    "+".join(names), names, one, other, patient, Severity.MEDIUM, summary, "One of them, in the dose that is needed", source
                )


def _problem(
    key: str, names: tuple[str, ...], one: Drug, other: Drug, patient: Patient, severity: Severity, summary: str, management: str, source: Source
) -> Problem:  # fmt: skip
    spans = (one.days, other.days)
    days = min(span for span in spans if span is not None) if None not in spans else None
    return Problem(
        "duplicate", key, names, severity, summary, management, source, nurse="Ask which of the two is meant before giving either",
        roles=("prescriber", "pharmacist", "nurse"), is_new=one.is_draft or other.is_draft, tolerated_days=days,
        orders=(one.medication.order, other.medication.order),
    )  # fmt: skip
