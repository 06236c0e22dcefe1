"""Drugs and results: does a result of the last days speak against a drug that goes on?

Potassium, sodium, INR, glucose, levels, platelets, ALT and the pulse.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, Reading, capability, days, medications, moment, readings, site
from wardline.core.course import Medication
from wardline.core.findings import Outcome
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems, not_checked
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.needed import IN_LABORATORY_RULES
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.diseases_and_results import LABORATORY_RULES


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    results: dict[str, tuple[Reading, ...]] = readings(*IN_LABORATORY_RULES, within=days(14), last=1)
    as_of: datetime = moment()
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="drug_laboratory",
    version="1",
    standing="verified",
    about="patient",
    reference="US product labels and STOPP version 2 as cited by each rule",
    caution=EACH_RULE,
    live=False,
)
def drug_laboratory(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, as_of=v.as_of)
    patient = Patient(results=v.results, as_of=v.as_of)
    rules = v.medication_rules.of_kind(LABORATORY_RULES, "laboratory")
    found, open = drug_problems(rules, drugs, patient), not_checked(rules, drugs, patient)
    return answers(found, drugs, not_checked=open, about="Drugs a result speaks against")
