"""The medication review: every check over all drugs of a patient at once, and what could not be checked.

    review(patient, medications) -> Review(problems, unrecognised, not_checked)

Pure: the same patient and drugs give the same review, in the what-if, in a hook, on the screen and in last year's data.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wardline.core.course import Medication
from wardline.science.medication import allergy
from wardline.science.medication.drug_rule import DrugRule, drug_problems, not_checked
from wardline.science.medication.drugs import Drug, Drugs, drugs_of
from wardline.science.medication.duplicates import duplicates
from wardline.science.medication.interactions.checking import interactions
from wardline.science.medication.interactions.rules import INTERACTIONS
from wardline.science.medication.monitoring import monitoring
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Tier
from wardline.science.medication.rhythm import rhythm
from wardline.science.medication.site_rules import NO_RULES, SiteRules
from wardline.science.medication.tables.diseases_and_results import DISEASE_RULES, LABORATORY_RULES
from wardline.science.medication.tables.doses import DOSES
from wardline.science.medication.tables.kidneys_and_liver import KIDNEYS, LIVER
from wardline.science.medication.tables.pregnancy import PREGNANCY_RULES

DRUG_RULES: tuple[DrugRule, ...] = (*DOSES, *KIDNEYS, *LIVER, *PREGNANCY_RULES, *DISEASE_RULES, *LABORATORY_RULES)


@dataclass(frozen=True)
class Review:
    """Problems by urgency: tier, then severity."""

    drugs: tuple[Drug, ...]
    problems: tuple[Problem, ...]
    unrecognised: tuple[str, ...]
    """Orders whose drug nobody here knows: nothing was checked about them."""
    unrecognised_allergies: tuple[str, ...]
    not_checked: tuple[tuple[str, str], ...]
    """(drug, what is not known): rules that could not tell."""
    allergies_known: bool

    def of(self, *tiers: Tier) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.tier in tiers)


_ORDER = {"interrupt": 0, "passive": 1, "silent": 2}


def review(patient: Patient, medications: Iterable[Medication], *, site: SiteRules = NO_RULES, qtc_ms: float | None = None) -> Review:
    """All checks. The site's own rules come first, and those it has switched off are left out."""
    drugs = drugs_of(medications, weight_kg=patient.weight_kg, as_of=patient.as_of)
    found = problems_of(patient, drugs, site=site, qtc_ms=qtc_ms)
    found = tuple(sorted(found, key=lambda problem: (_ORDER[problem.tier], -problem.severity, problem.kind, problem.key)))
    rules = site.drug_rules(DRUG_RULES)
    return Review(
        drugs.all, found, tuple(drug.medication.what for drug in drugs.unrecognised), allergy.unrecognised(patient), not_checked(rules, drugs,
            patient),
        patient.allergies is not None,
    )  # fmt: skip


def problems_of(patient: Patient, drugs: Drugs, *, site: SiteRules = NO_RULES, qtc_ms: float | None = None) -> tuple[Problem, ...]:
    """What every check found, check by check. A pair that both an interaction and the rhythm name is said once."""
    pairs = interactions(site.interactions(INTERACTIONS), drugs, patient)
    return (
        *pairs, *allergy.conflicts(drugs, patient), *duplicates(drugs, patient), *drug_problems(site.drug_rules(DRUG_RULES), drugs, patient),
        *rhythm(drugs, patient, qtc_ms), *monitoring(drugs, patient),
    )  # fmt: skip
