"""Pregnancy drugs: which drugs harm an unborn or a breastfed child?

Asked only where a pregnancy or breastfeeding is stated: that nobody wrote it down does not make it a no.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, age_years, capability, has, medications, sex, site
from wardline.core.course import Medication
from wardline.core.diseases import BREASTFEEDING, PREGNANCY
from wardline.core.findings import Outcome, Severity
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drug_rule import drug_problems, not_checked
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules
from wardline.science.medication.tables.pregnancy import PREGNANCY_RULES


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    pregnancy: bool | None = has(PREGNANCY, required=False)
    breastfeeding: bool | None = has(BREASTFEEDING, required=False)
    age_years: int | None = age_years(required=False)
    sex: str | None = sex(required=False)
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="pregnancy_drugs",
    version="1",
    standing="provisional",
    about="patient",
    reference="Boxed warnings of the US labels cited by each rule (some recalled)",
    caution=EACH_RULE,
    live=False,
)
def pregnancy_drugs(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications)
    patient = Patient(age_years=v.age_years, sex=v.sex, is_pregnant=v.pregnancy, is_breastfeeding=v.breastfeeding)
    rules = (*v.medication_rules.of_kind(PREGNANCY_RULES, "pregnancy"), *v.medication_rules.of_kind(PREGNANCY_RULES, "lactation"))
    found, open = drug_problems(rules, drugs, patient), not_checked(rules, drugs, patient)
    return answers(found, drugs, not_checked=open, about="Drugs that harm the child", at_most=Severity.MEDIUM)
