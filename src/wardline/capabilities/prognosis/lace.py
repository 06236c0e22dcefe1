"""LACE: how likely is this patient to die or come back within thirty days of leaving?

van Walraven C et al. CMAJ 2010;182:551-7 (citation not read here; table as in BMC Cardiovasc Disord 2014;14:97, table 1, and a second
transcription). Length of stay, acute admission, comorbidity, emergency visits of the last six months: 0 to 19, high from 10. Its
comorbidity has weights of its own, neither those of 1987 nor of 2011. Codes do not tell mild kidney disease from severe: where the
questioner does not say, it counts as mild, and the answer is at least.
"""

from dataclasses import dataclass
from typing import Final, Literal

from wardline.core.capability import Inputs, capability, conditions, given
from wardline.core.course import Condition
from wardline.core.findings import AtLeast, Evidence, Finding, Outcome
from wardline.core.scoring import bands
from wardline.science.comorbidity.charlson_groups import CHARLSON, SUPERSEDED
from wardline.science.comorbidity.groups import grouped

LENGTH_OF_STAY = bands((0, 0), (1, 1), (2, 2), (3, 3), (6, 4), (13, 5), above=7)  # days
ACUTE = 3
COMORBIDITY = bands((0, 0), (1, 1), (2, 2), (3, 3), above=5)
MOST_VISITS = 4
WEIGHTS: Final = {
    "myocardial_infarction": 1, "cerebrovascular": 1, "peripheral_vascular": 1, "diabetes": 1, "heart_failure": 2, "diabetes_complicated": 2,
    "chronic_pulmonary": 2, "mild_liver": 2, "renal": 2, "malignancy": 2, "dementia": 3, "rheumatic": 3, "severe_liver": 4, "aids": 4,
    "metastatic": 6, "paralysis": 0, "peptic_ulcer": 0,
}  # fmt: skip
SEVERE_KIDNEY_DISEASE = 4
NAMES = {group.id: group.name for group in CHARLSON}
HIGH, MODERATE = 10, 5


@dataclass(frozen=True)
class GoingHome(Inputs):
    length_of_stay: float = given()
    """Days."""
    acute_admission: bool = given()
    emergency_visits: float = given()
    """In the six months before, without the one that led to this stay."""
    conditions: tuple[Condition, ...] = conditions()
    kidney_disease: Literal["none", "mild", "moderate or severe"] | None = given(required=False)


@capability(
    id="lace",
    version="2010",
    standing="verified",
    about="encounter",
    reference="van Walraven et al., Derivation and validation of an index to predict early death or unplanned readmission, CMAJ 2010;182:551-7",
    not_for="under 18 years; psychiatric and obstetric stays",
    ages=(18, None),
    unit="{score}",
    caution="Says who is likely to come back, not why. Comorbidity is as complete as the coded diagnoses.",
    live=False,
)
def lace(v: GoingHome) -> Outcome:
    stay, band = LENGTH_OF_STAY.lookup(max(v.length_of_stay, 0))
    acute, visits = ACUTE if v.acute_admission else 0, min(max(int(v.emergency_visits), 0), MOST_VISITS)
    diseases, weight, open_ = _comorbidity(v)
    comorbidity = COMORBIDITY.lookup(weight)[0]
    total = stay + acute + comorbidity + visits
    risk = "high" if total >= HIGH else "moderate" if total >= MODERATE else "low"
    because = (
        Evidence("length_of_stay", v.length_of_stay, stay, band), Evidence("acute_admission", "yes" if v.acute_admission else "no", acute),
        Evidence("comorbidity", weight, comorbidity), *diseases, Evidence("emergency_visits", v.emergency_visits, visits),
    )  # fmt: skip
    finding = Finding(total, f"LACE {total}, {risk}", unit="{score}", because=because)
    # At its most, comorbidity cannot get heavier.
    return AtLeast(finding, (open_,)) if open_ and comorbidity < COMORBIDITY.most else finding


def _comorbidity(v: GoingHome) -> tuple[tuple[Evidence, ...], int, str]:
    """The diseases found with their weights, the sum, and what may make it more."""
    there = grouped(v.conditions, CHARLSON, SUPERSEDED)
    weights = {id: WEIGHTS[id] for id in there.found if WEIGHTS[id]}
    if v.kidney_disease is not None:
        weights.pop("renal", None)
        weights |= {} if v.kidney_disease == "none" else {"renal": WEIGHTS["renal"] if v.kidney_disease == "mild" else SEVERE_KIDNEY_DISEASE}
    lines = tuple(
        Evidence(id, there.found[id].code if id in there.found else "stated", band=f"{NAMES[id]}: {weight}", event=_event(there.found.get(id)))
        for id, weight in weights.items()
    )
    open_ = "kidney_disease" if "renal" in weights and v.kidney_disease is None else "icd_codes" if there.unread else ""
    return lines, sum(weights.values()), open_


def _event(condition: Condition | None) -> int:
    return condition.event if condition is not None else 0
