"""Drug allergy: is a drug ordered that this patient is said to be allergic to, or one that shares its structure?

The substance itself, its class, or the side chain that beta-lactams share. A reaction that reads like an intolerance (nausea) counts less.
Every rule names its source and its own standing.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, allergies, capability, medications
from wardline.core.course import Allergy, Medication
from wardline.core.findings import Finding, Outcome
from wardline.science.medication.allergy import conflicts, unrecognised
from wardline.science.medication.answering import EACH_RULE, answers
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.patient import Patient

NOTHING_RECORDED = Finding(None, "Allergies: nothing is recorded, so no drug was checked against them")


@dataclass(frozen=True)
class Course(Inputs):
    medications: tuple[Medication, ...] = medications()
    # Not required: once records have been parted again, or the statement was taken back, nothing speaks against the drug any more.
    allergies: tuple[Allergy, ...] | None = allergies(required=False)


@capability(
    id="drug_allergy",
    version="1",
    standing="verified",
    about="patient",
    reference="The allergies as stated; side chains: Pichichero ME, J Fam Pract 2006;55:106-12",
    caution=EACH_RULE,
)
def drug_allergy(v: Course) -> tuple[Outcome, ...]:
    if v.allergies is None:
        return (NOTHING_RECORDED,)
    drugs = drugs_of(v.medications)
    patient = Patient(allergies=v.allergies)
    return answers(conflicts(drugs, patient), drugs, not_understood=unrecognised(patient), about="Allergy conflicts")
