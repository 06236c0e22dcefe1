"""Urinary symptoms of a woman who is otherwise well."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published.tables import Ask, presentation, ratios

BENT = "Bent S et al. JAMA 2002;287:2701-10"

CONDITIONS = (Condition("urinary_infection", "Urinary tract infection", "N39.0", 0.48, sex="F", source=BENT),)
DYSURIA = Ask("dysuria", "Passing urine hurts", "symptom")
FREQUENCY = Ask("urinary_frequency", "Passes urine often", "symptom")
HAEMATURIA = Ask("blood_in_urine", "Blood in the urine", "symptom")
BACK_PAIN = Ask("back_pain", "Back pain", "symptom")
DISCHARGE = Ask("vaginal_discharge", "Vaginal discharge", "symptom", "E_163")
IRRITATION = Ask("vaginal_irritation", "Vaginal irritation", "symptom")
FLANK = Ask("flank_tenderness", "Tender over the kidney", "sign")
DIPSTICK = Ask("dipstick", "Dipstick positive for nitrite or leukocyte esterase", "test")

URINARY = presentation(
    "urinary_symptoms", "Urinary symptoms of a woman", ("dysuria", "painful urination", "urinary frequency"), CONDITIONS,
    (
        (DYSURIA, "urinary_infection", ratios(1.5, 0.5), BENT),
        (FREQUENCY, "urinary_infection", ratios(1.8, 0.6), BENT),
        (HAEMATURIA, "urinary_infection", ratios(2.0, 0.9), BENT),
        (BACK_PAIN, "urinary_infection", ratios(1.6, 0.8), BENT),
        (DISCHARGE, "urinary_infection", ratios(0.3, 3.1), BENT),
        (IRRITATION, "urinary_infection", ratios(0.2, 2.7), BENT),
        (FLANK, "urinary_infection", ratios(1.7, 0.9), BENT),
        (DIPSTICK, "urinary_infection", ratios(4.2, 0.3), BENT),
    ),
)  # fmt: skip
