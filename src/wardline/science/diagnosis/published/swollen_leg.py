"""A swollen or painful leg."""

from wardline.core import diseases as d
from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.chest_pain import STEIN
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios

GOODACRE = "Goodacre S et al. Ann Intern Med 2005;143:129-39"

CONDITIONS = (Condition("deep_vein_thrombosis", "Deep vein thrombosis", "I80.2", 0.19, "urgent"),)
EARLIER = Ask("earlier_thrombosis", "Earlier deep vein thrombosis", "history", "E_109", diseases=(d.VENOUS_THROMBOEMBOLISM,))
IMMOBILE = Ask("immobile", "Bedridden or in plaster recently", "history", "E_110")
CALF = Ask("calf_difference", "Calves differ in circumference", "sign")
CALF_PAIN = Ask("calf_pain", "Calf pain", "symptom")
HOMANS = Ask("homans_sign", "Homans' sign", "sign")

SWOLLEN_LEG = presentation(
    "swollen_leg", "Swollen leg", ("swollen leg", "leg swelling", "leg pain"), CONDITIONS,
    (
        (f.ACTIVE_CANCER, "deep_vein_thrombosis", ratios(2.71, 0.88), GOODACRE),
        (EARLIER, "deep_vein_thrombosis", ratios(2.25, 0.87), GOODACRE),
        (IMMOBILE, "deep_vein_thrombosis", ratios(1.98, 0.81), GOODACRE),
        (f.RECENT_SURGERY, "deep_vein_thrombosis", ratios(1.76, 0.94), GOODACRE),
        (CALF, "deep_vein_thrombosis", ratios(1.80, 0.57), GOODACRE),
        (CALF_PAIN, "deep_vein_thrombosis", ratios(1.08, 0.90), GOODACRE),
        (HOMANS, "deep_vein_thrombosis", ratios(1.40, 0.87), GOODACRE),
        (f.D_DIMER, "deep_vein_thrombosis", accuracy(0.96, 0.44), STEIN),
    ),
)  # fmt: skip
