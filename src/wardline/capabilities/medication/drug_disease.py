"""Drugs and diseases: does a diagnosis speak against a drug?

Only stated diagnoses count: a record that names none does not say that there is none.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, capability, conditions, medications, site
from wardline.core.course import Condition, Medication
from wardline.core.findings import Outcome
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.diseases_and_results import DISEASE_RULES


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    conditions: tuple[Condition, ...] = conditions()
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="drug_disease",
    version="1",
    standing="verified",
    about="patient",
    reference="STOPP version 2 and US product labels as cited by each rule",
    caution=EACH_RULE,
    live=False,
)
def drug_disease(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications)
    patient = Patient(conditions=v.conditions)
    return answers(
        drug_problems(v.medication_rules.of_kind(DISEASE_RULES, "disease"), drugs, patient), drugs, about="Drugs a diagnosis speaks against"
    )
