"""START, version 2: which treatment that would help this older patient may be missing?

35 criteria on problems, drugs, vaccinations and measurements. A treatment counts as missing where a kept list of drugs does not name
it; whether it is contraindicated or was declined is the prescriber's to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, age_years, capability, conditions, days, given, medications, moment, readings, sex, vaccinations
from wardline.core.course import Condition, Medication, Vaccination
from wardline.core.findings import Outcome
from wardline.science.criteria.facts import Facts
from wardline.science.criteria.known import conditions_of, drugs_of, newest, vaccines_of
from wardline.science.medication.stopp_start.judging import judgements, outcomes
from wardline.science.medication.stopp_start.start import START


@dataclass(frozen=True)
class Treatments(Inputs):
    medications: tuple[Medication, ...] = medications()
    conditions: tuple[Condition, ...] = conditions()
    vaccinations: tuple[Vaccination, ...] | None = vaccinations(required=False)
    age_years: int = age_years()
    sex: str = sex()
    # The criteria name no ages of values; a quarter of a year for what changes, three years for an examination: ours.
    recent: dict[str, tuple[Reading, ...]] | None = readings(
        c.SYSTOLIC_PRESSURE, c.DIASTOLIC_PRESSURE, c.ARTERIAL_OXYGEN, c.OXYGEN_SATURATION, c.URINE_ALBUMIN_CREATININE, within=days(90), last=1
    )
    examined: dict[str, tuple[Reading, ...]] | None = readings(c.FEV1_OF_PREDICTED, c.HIP_T_SCORE, c.SPINE_T_SCORE, within=days(3 * 365), last=1)
    judged: dict[str, Any] | None = given(required=False)
    as_of: datetime | None = moment()


@capability(
    id="start",
    version="2-2015",
    standing="verified",
    about="patient",
    reference="O'Mahony D et al., STOPP/START version 2, Age Ageing 2015;44:213-8, held against the structured rules of Huibers CJA et al. 2019",
    not_for="under 65 years",
    ages=(65, None),
    unit="{criteria}",
    caution="Version 2 of 2015; version 3 exists. Contraindications and what the patient wants are not in the criteria.",
    live=False,
)
def start(v: Treatments) -> tuple[Outcome, ...]:
    facts = Facts(
        age=v.age_years,
        sex=v.sex,
        conditions=conditions_of(v.conditions),
        drugs=drugs_of(v.medications),
        vaccines=vaccines_of(v.vaccinations),
        measured=newest(v.recent, v.examined),
        judged=judgements(v.judged, START),
        moment=v.as_of,
    )
    return outcomes("START", "consider", START, facts)
