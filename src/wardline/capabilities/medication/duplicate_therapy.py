"""Duplicate therapy: is the same substance ordered twice, or two drugs of a class of which one is enough?

A heparin beside warfarin is the usual start of it and not counted.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, capability, medications, moment
from wardline.core.course import Medication
from wardline.core.findings import Outcome
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.duplicates import duplicates
from wardline.science.medication.patient import Patient


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    as_of: datetime = moment()


@capability(
    id="duplicate_therapy",
    version="1",
    standing="verified",
    about="patient",
    reference="STOPP version 2, A3 (O'Mahony D et al., Age Ageing 2015;44:213-8)",
    caution=EACH_RULE,
    live=False,
)
def duplicate_therapy(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, as_of=v.as_of)
    patient = Patient(as_of=v.as_of)
    return answers(duplicates(drugs, patient), drugs, about="Duplicates")
