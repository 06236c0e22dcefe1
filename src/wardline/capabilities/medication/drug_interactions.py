"""Drug interactions: do two of this patient's drugs harm each other, and what makes it worse or better here?

Class rules with mechanism, management and source, the list of Phansalkar 2012 first. Age, INR, potassium, kidneys, a third drug that
protects or harms, and how long both have been given already decide how pressing a pair is.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, Reading, age_years, capability, conditions, days, latest, medications, moment, readings, sex, site
from wardline.core.concepts.vitals import WEIGHT
from wardline.core.course import Condition, Medication
from wardline.core.findings import Outcome
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.interactions.checking import interactions
from wardline.science.medication.interactions.rules import INTERACTIONS
from wardline.science.medication.needed import IN_INTERACTIONS
from wardline.science.medication.patient import Patient
from wardline.science.medication.site_rules import NO_RULES, TABLE, SiteRules, site_rules


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    age_years: int | None = age_years(required=False)
    sex: str | None = sex(required=False)
    weight: float | None = latest(WEIGHT, within=days(180), required=False)
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    results: dict[str, tuple[Reading, ...]] = readings(*IN_INTERACTIONS, within=days(90), last=1)
    as_of: datetime = moment()
    medication_rules: SiteRules = site(TABLE, read=site_rules, default=NO_RULES)


@capability(
    id="drug_interactions",
    version="1",
    standing="verified",
    about="patient",
    reference="HL7 PDDI-CDS implementation guide 2020; Phansalkar S et al., JAMIA 2012;19:735; US product labels as cited by each rule",
    caution=EACH_RULE,
    live=False,
)
def drug_interactions(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, weight_kg=v.weight, as_of=v.as_of)
    patient = Patient(age_years=v.age_years, sex=v.sex, weight_kg=v.weight, conditions=v.conditions, results=v.results, as_of=v.as_of)
    return answers(interactions(v.medication_rules.interactions(INTERACTIONS), drugs, patient), drugs, about="Interactions")
