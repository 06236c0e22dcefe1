"""CHA2DS2-VA: how likely is a stroke in this adult with atrial fibrillation, whatever the sex?

Van Gelder IC et al. 2024 ESC Guidelines for the management of atrial fibrillation. Eur Heart J 2024;45:3314-414 (citation not read here):
CHA2DS2-VASc without the point for women; two independent implementations agree.
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, age_years, capability, has
from wardline.core.diseases import DIABETES, HEART_FAILURE, HYPERTENSION, MYOCARDIAL_INFARCTION, PERIPHERAL_ARTERY_DISEASE, STROKE
from wardline.core.findings import Finding
from wardline.core.scoring import bands, flag, points

CHART = points(
    heart_failure=flag(1),
    hypertension=flag(1),
    age_years=bands((64, 0), (74, 1), above=2),
    diabetes=flag(1),
    stroke_or_embolism=flag(2),
    vascular_disease=flag(1),
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


@capability(
    id="cha2ds2_va",
    version="2024",
    standing="verified",
    about="patient",
    additive=True,
    reference="Van Gelder et al., 2024 ESC Guidelines for the management of atrial fibrillation, Eur Heart J 2024;45:3314-414",
    not_for="children (the limit of 18 years is ours)",
    ages=(18, None),
    chart=CHART,
    unit="{score}",
    caution="Only in atrial fibrillation, and not with a mechanical valve or moderate to severe mitral stenosis.",
    live=False,
)
def cha2ds2_va(v: Risks) -> Finding:
    score = CHART(v)
    return Finding(score.total, f"CHA2DS2-VA {score.total} of 8", unit="{score}", because=score.rows)
