"""Monitoring due: which tests do this patient's drugs need now?

Looks 180 days back. A drug that was just started is given its time.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, Reading, capability, days, medications, moment, readings
from wardline.core.course import Medication
from wardline.core.findings import Outcome, Severity
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.monitoring import monitoring
from wardline.science.medication.needed import MONITORED
from wardline.science.medication.patient import Patient


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    results: dict[str, tuple[Reading, ...]] = readings(*MONITORED, within=days(180), last=1)
    as_of: datetime = moment()


@capability(
    id="monitoring_due",
    version="1",
    standing="provisional",
    about="patient",
    reference="US product labels as cited by each test; the intervals are the site's to decide",
    caution=EACH_RULE,
    live=False,
)
def monitoring_due(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, as_of=v.as_of)
    patient = Patient(results=v.results, as_of=v.as_of)
    return answers(monitoring(drugs, patient), drugs, about="Tests due", at_most=Severity.MEDIUM)
