"""Dose range: is more of a drug ordered than this patient may have in a day?

By age and weight, by what it is given for where the site's own rules say so. A dose that cannot be read is not judged, and that is said.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, age_years, capability, conditions, days, latest, medications, site
from wardline.core.concepts.vitals import WEIGHT
from wardline.core.course import Condition, Medication
from wardline.core.findings import Outcome, Severity
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems, not_checked
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.doses import DOSES


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    age_years: int | None = age_years(required=False)
    weight: float | None = latest(WEIGHT, within=days(180), required=False)
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="dose_range",
    version="1",
    standing="provisional",
    about="patient",
    reference="US product labels as cited by each rule (most recalled); the site's own medication_rules",
    caution=EACH_RULE,
    live=False,
)
def dose_range(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, weight_kg=v.weight)
    patient = Patient(age_years=v.age_years, weight_kg=v.weight, conditions=v.conditions)
    rules = v.medication_rules.of_kind(DOSES, "dose")
    found, open = drug_problems(rules, drugs, patient), not_checked(rules, drugs, patient)
    return answers(found, drugs, not_checked=open, about="Doses above their limit", at_most=Severity.MEDIUM)
