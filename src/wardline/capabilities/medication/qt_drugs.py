"""QT drugs: do drugs together prolong the QT interval, or one where potassium, magnesium or the QTc already do?

The drugs named by a label that was read; others recalled from theirs. The CredibleMeds lists are not used.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass
from datetime import datetime

from wardline.core.capability import Inputs, Reading, capability, days, given, medications, moment, readings
from wardline.core.concepts.chemistry import MAGNESIUM, POTASSIUM
from wardline.core.course import Medication
from wardline.core.findings import Outcome, Severity
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.rhythm import rhythm


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    results: dict[str, tuple[Reading, ...]] = readings(POTASSIUM, MAGNESIUM, within=days(3), last=1)
    qtc: float | None = given(required=False)
    as_of: datetime = moment()


@capability(
    id="qt_drugs",
    version="1",
    standing="provisional",
    about="patient",
    reference="US label of ziprasidone, 4 Contraindications; Phansalkar S et al., JAMIA 2012;19:735",
    caution=EACH_RULE,
    live=False,
)
def qt_drugs(v: Course) -> tuple[Outcome, ...]:
    drugs = drugs_of(v.medications, as_of=v.as_of)
    patient = Patient(results=v.results, as_of=v.as_of)
    return answers(rhythm(drugs, patient, v.qtc), drugs, about="QT problems", at_most=Severity.MEDIUM)
