"""Chest pain in the emergency department."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios, rises

FANAROFF = "Fanaroff AC et al. JAMA 2015;314:1955-65"
BRUYNINCKX = "Bruyninckx R et al. Br J Gen Pract 2008;58:105-11"
KLOMPAS = "Klompas M. JAMA 2002;287:2262-72"
WEST = "West J et al. QJM 2007;100:763-9"
STEIN = "Stein PD et al. Ann Intern Med 2004;140:589-602"

CONDITIONS = (
    Condition("coronary_syndrome", "Acute coronary syndrome", "I24.9", 0.13, "emergency"),
    Condition("embolism", "Pulmonary embolism", "I26.9", 0.02, "emergency"),
    Condition("dissection", "Aortic dissection", "I71.0", 0.003, "emergency"),
)
ARMS = Ask("radiates_to_both_arms", "Pain radiates into both arms", "symptom")
LEFT_ARM = Ask("radiates_to_left_arm", "Pain radiates into the left arm", "symptom")
JAW = Ask("radiates_to_neck_or_jaw", "Pain radiates into neck or jaw", "symptom")
SIMILAR = Ask("like_earlier_ischaemia", "Pain like earlier cardiac ischaemia", "symptom")
CHANGED = Ask("changed_pattern", "Pattern of pain changed within the last 24 hours", "symptom")
SWEATING = Ask("sweating", "Sweating", "symptom", "E_50")
TENDER = Ask("chest_wall_tender", "Pressing on the chest wall brings on the pain", "sign")
ABRUPT = Ask("abrupt_onset", "Pain began abruptly", "symptom")
PULSE_DEFICIT = Ask("pulse_deficit", "A pulse is missing, or differs between the sides", "sign")
MEDIASTINUM = Ask("wide_mediastinum", "Wide mediastinum or abnormal aorta on the chest film", "test")

CHEST_PAIN = presentation(
    "chest_pain", "Chest pain", ("chest pain", "chest pressure", "chest tightness"), CONDITIONS,
    (
        (ARMS, "coronary_syndrome", accuracy(0.11, 0.96), FANAROFF),
        (LEFT_ARM, "coronary_syndrome", accuracy(0.40, 0.69), FANAROFF),
        (JAW, "coronary_syndrome", accuracy(0.24, 0.84), FANAROFF),
        (SIMILAR, "coronary_syndrome", accuracy(0.47, 0.79), FANAROFF),
        (CHANGED, "coronary_syndrome", accuracy(0.27, 0.86), FANAROFF),
        (SWEATING, "coronary_syndrome", accuracy(0.26, 0.80), FANAROFF),
        (TENDER, "coronary_syndrome", accuracy(0.08, 0.64), BRUYNINCKX),
        (ABRUPT, "dissection", ratios(1.6, 0.3), KLOMPAS),
        (f.HYPERTENSION, "dissection", ratios(1.6, 0.5), KLOMPAS),
        (PULSE_DEFICIT, "dissection", ratios(5.7, 0.7), KLOMPAS),
        (MEDIASTINUM, "dissection", ratios(2.0, 0.3), KLOMPAS),
        (f.BREATHLESS_SUDDENLY, "embolism", ratios(1.83, 0.43), WEST),
        (f.SYNCOPE, "embolism", rises(2.38, elsewhere=0.05), WEST),
        (f.LEG_SWELLING, "embolism", rises(2.11, elsewhere=0.10), WEST),
        (f.ACTIVE_CANCER, "embolism", rises(1.74, elsewhere=0.10), WEST),
        (f.RECENT_SURGERY, "embolism", rises(1.63, elsewhere=0.10), WEST),
        (f.COUGHING_BLOOD, "embolism", rises(1.62, elsewhere=0.05), WEST),
        (f.D_DIMER, "embolism", accuracy(0.95, 0.40), STEIN),
    ),
)  # fmt: skip
