"""STOPP, version 2: which of this older patient's prescriptions should be reconsidered?

77 criteria on drugs, problems, laboratory values and kidney function. What a record cannot decide (was it the first choice? is it
severe?) is answered as undecided, with the question; whoever asks may answer it in `judged`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, Reading, capability, conditions, days, finding, given, medications, moment, readings
from wardline.core.course import Condition, Medication
from wardline.core.events import Found
from wardline.core.findings import Outcome
from wardline.science.criteria.facts import Facts
from wardline.science.criteria.known import answers, conditions_of, drugs_of, newest
from wardline.science.medication.stopp_start.judging import judgements, outcomes
from wardline.science.medication.stopp_start.stopp import STOPP


@dataclass(frozen=True)
class Prescriptions(Inputs):
    medications: tuple[Medication, ...] = medications()
    conditions: tuple[Condition, ...] | None = conditions(required=False)
    # The criteria name no ages of values; a quarter of a year for what changes, three years for an examination: ours.
    recent: dict[str, tuple[Reading, ...]] | None = readings(
        c.POTASSIUM, c.SODIUM, c.PULSE, c.SYSTOLIC_PRESSURE, c.ARTERIAL_OXYGEN, c.ARTERIAL_CARBON_DIOXIDE, within=days(90), last=1
    )
    examined: dict[str, tuple[Reading, ...]] | None = readings(c.EJECTION_FRACTION, within=days(3 * 365), last=1)
    egfr_ckd_epi_2021: Found | None = finding("egfr_ckd_epi_2021", required=False)
    corrected_calcium: Found | None = finding("corrected_calcium", required=False)
    judged: dict[str, Any] | None = given(required=False)
    as_of: datetime | None = moment()


@capability(
    id="stopp",
    version="2-2015",
    standing="verified",
    about="patient",
    reference="O'Mahony D et al., STOPP/START version 2, Age Ageing 2015;44:213-8, held against the structured rules of Huibers CJA et al. 2019",
    not_for="under 65 years",
    ages=(65, None),
    unit="{criteria}",
    caution="Version 2 of 2015; version 3 exists. A disease the problem list does not name counts as not recorded.",
    live=False,
)
def stopp(v: Prescriptions) -> tuple[Outcome, ...]:
    facts = Facts(
        conditions=conditions_of(v.conditions),
        drugs=drugs_of(v.medications),
        measured=newest(v.recent, v.examined),
        findings=answers(egfr_ckd_epi_2021=v.egfr_ckd_epi_2021, corrected_calcium=v.corrected_calcium),
        judged=judgements(v.judged, STOPP),
        moment=v.as_of,
    )
    return outcomes("STOPP", "reconsider", STOPP, facts)
