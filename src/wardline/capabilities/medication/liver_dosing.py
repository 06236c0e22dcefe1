"""Liver dosing: which drugs are too much, or not allowed, with cirrhosis?

By a stated cirrhosis; the Child-Pugh class is asked for where the source needs it.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, capability, conditions, medications, site
from wardline.core.course import Condition, Medication
from wardline.core.findings import Outcome, Severity
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.kidneys_and_liver import LIVER


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    conditions: tuple[Condition, ...] = conditions()
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="liver_dosing",
    version="1",
    standing="provisional",
    about="patient",
    reference="Labels and guidelines cited by each rule (some recalled); the site's own medication_rules",
    caution=EACH_RULE,
    live=False,
)
def liver_dosing(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications)
    patient = Patient(conditions=v.conditions)
    return answers(
        drug_problems(v.medication_rules.of_kind(LIVER, "liver"), drugs, patient),
        drugs,
        about="Drugs to change for the liver",
        at_most=Severity.MEDIUM,
    )
