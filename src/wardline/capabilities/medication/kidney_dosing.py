"""Kidney dosing: which drugs are too much, or not allowed, for these kidneys?

By creatinine clearance (Cockcroft-Gault) or eGFR (CKD-EPI 2021), as the drug's label says.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, Reading, age_years, capability, days, latest, medications, moment, readings, sex, site
from wardline.core.concepts.chemistry import CREATININE
from wardline.core.concepts.vitals import WEIGHT
from wardline.core.course import Medication
from wardline.core.findings import Outcome
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems, not_checked
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.kidneys_and_liver import KIDNEYS


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    age_years: int | None = age_years(required=False)
    sex: str | None = sex(required=False)
    weight: float | None = latest(WEIGHT, within=days(180), required=False)
    results: dict[str, tuple[Reading, ...]] = readings(CREATININE, within=days(90), last=1)
    as_of: datetime = moment()
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="kidney_dosing",
    version="1",
    standing="verified",
    about="patient",
    reference="FDA 2016 labelling of metformin and the other labels cited by each rule; the site's own medication_rules",
    caution=EACH_RULE,
    live=False,
)
def kidney_dosing(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, weight_kg=v.weight, as_of=v.as_of)
    patient = Patient(age_years=v.age_years, sex=v.sex, weight_kg=v.weight, results=v.results, as_of=v.as_of)
    rules = v.medication_rules.of_kind(KIDNEYS, "kidney")
    open = not_checked(rules, drugs, patient)
    return answers(drug_problems(rules, drugs, patient), drugs, not_checked=open, about="Drugs to change for the kidneys")
