"""CHA2DS2-VASc: how likely is a stroke in this adult with atrial fibrillation?

Lip GYH et al. Refining clinical risk stratification for predicting stroke and thromboembolism in atrial fibrillation. Chest
2010;137:263-72 (citation not read here; two independent implementations agree on 600 random patients).
"""

from dataclasses import dataclass
from typing import Literal

from wardline.core.capability import Inputs, age_years, capability, has, sex
from wardline.core.diseases import DIABETES, HEART_FAILURE, HYPERTENSION, MYOCARDIAL_INFARCTION, PERIPHERAL_ARTERY_DISEASE, STROKE
from wardline.core.findings import Finding
from wardline.core.scoring import bands, codes, flag, points

CHART = points(
    heart_failure=flag(1),
    hypertension=flag(1),
    age_years=bands((64, 0), (74, 1), above=2),
    diabetes=flag(1),
    stroke_or_embolism=flag(2),
    vascular_disease=flag(1),
    sex=codes({"F": 1, "M": 0}, {"F": "female", "M": "male"}),
)


@dataclass(frozen=True)
class Risks(Inputs):
    heart_failure: bool = has(HEART_FAILURE)
    hypertension: bool = has(HYPERTENSION)
    age_years: int = age_years()
    diabetes: bool = has(DIABETES)
    # Systemic embolism counts, too; only who asks can say so.
    stroke_or_embolism: bool = has(STROKE)
    # Infarction, peripheral artery disease or aortic plaque (coded with the arteries).
    vascular_disease: bool = has(MYOCARDIAL_INFARCTION, PERIPHERAL_ARTERY_DISEASE)
    sex: Literal["F", "M"] = sex()


@capability(
    id="cha2ds2_vasc",
    version="2010",
    standing="verified",
    about="patient",
    additive=True,
    reference="Lip et al., Chest 2010;137:263-72",
    not_for="children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Only in atrial fibrillation, and not with a mechanical valve or moderate to severe mitral stenosis. ESC 2024 leaves sex out.",
    live=False,
)
def cha2ds2_vasc(v: Risks) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"CHA2DS2-VASc {score.total} of 9", unit="{score}", because=score.rows)
