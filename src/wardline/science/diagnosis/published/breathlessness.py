"""Breathlessness of an adult in the emergency department."""

from wardline.core import diseases as d
from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.chest_pain import STEIN, WEST
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios, rises

WANG = "Wang CS et al. JAMA 2005;294:1944-56"
METLAY = "Metlay JP et al. JAMA 1997;278:1440-5"
STRAUS = "Straus SE et al. JAMA 2000;283:1853-7"

CONDITIONS = (
    Condition("heart_failure", "Heart failure", "I50.9", 0.30, "urgent"),
    Condition("pneumonia", "Pneumonia", "J18.9", 0.15, "urgent"),
    Condition("obstructive_lung_disease", "Chronic obstructive pulmonary disease", "J44.9", 0.15, "urgent"),
    Condition("embolism", "Pulmonary embolism", "I26.9", 0.03, "emergency"),
)
KNOWN_FAILURE = Ask("known_heart_failure", "Known heart failure", "history", "E_106", diseases=(d.HEART_FAILURE,))
INFARCTION = Ask("known_infarction", "Earlier myocardial infarction", "history", diseases=(d.MYOCARDIAL_INFARCTION,))
CORONARY = Ask("known_coronary_disease", "Known coronary artery disease", "history", diseases=(d.CORONARY_DISEASE,))
KNOWN_COPD = Ask("known_copd", "Known chronic obstructive pulmonary disease", "history", "E_123", diseases=(d.COPD,))
NIGHT = Ask("wakes_breathless", "Wakes up at night short of breath", "symptom", "E_67")
ORTHOPNOEA = Ask("orthopnoea", "Breathless when lying flat", "symptom", "E_217")
ANKLES = Ask("leg_oedema", "Oedema of both legs", "sign")
THIRD_SOUND = Ask("third_heart_sound", "Third heart sound", "sign")
NECK_VEINS = Ask("neck_veins", "Distended neck veins", "sign")
MURMUR = Ask("murmur", "Heart murmur", "sign")
WHEEZE = Ask("wheeze", "Wheezing", "sign", "E_214")
CONGESTION = Ask("venous_congestion", "Pulmonary venous congestion on the chest film", "test")
LARGE_HEART = Ask("cardiomegaly", "Enlarged heart on the chest film", "test")
EFFUSION = Ask("pleural_effusion", "Pleural effusion on the chest film", "test")
ECG_FIBRILLATION = Ask("ecg_fibrillation", "Atrial fibrillation on the ECG", "test")
DULLNESS = Ask("dullness", "Dullness to percussion", "sign")
BRONCHIAL = Ask("bronchial_breathing", "Bronchial breath sounds", "sign")
FAINT = Ask("faint_breath_sounds", "Decreased breath sounds", "sign")
EGOPHONY = Ask("egophony", "Egophony", "sign")
FORTY_YEARS = Ask("forty_pack_years", "Smoked more than 40 pack-years", "history")

BREATHLESSNESS = presentation(
    "breathlessness", "Breathlessness", ("breathlessness", "shortness of breath", "dyspnoea", "dyspnea", "difficulty breathing"), CONDITIONS,
    (
        (KNOWN_FAILURE, "heart_failure", accuracy(0.60, 0.90), WANG),
        (INFARCTION, "heart_failure", accuracy(0.40, 0.87), WANG),
        (CORONARY, "heart_failure", accuracy(0.52, 0.70), WANG),
        (f.DIABETES, "heart_failure", accuracy(0.28, 0.83), WANG),
        (f.HYPERTENSION, "heart_failure", accuracy(0.60, 0.56), WANG),
        (KNOWN_COPD, "heart_failure", accuracy(0.34, 0.57), WANG),
        (NIGHT, "heart_failure", accuracy(0.41, 0.84), WANG),
        (ORTHOPNOEA, "heart_failure", accuracy(0.50, 0.77), WANG),
        (ANKLES, "heart_failure", accuracy(0.50, 0.78), WANG),
        (THIRD_SOUND, "heart_failure", accuracy(0.13, 0.99), WANG),
        (NECK_VEINS, "heart_failure", accuracy(0.39, 0.92), WANG),
        (MURMUR, "heart_failure", accuracy(0.27, 0.90), WANG),
        (f.CRACKLES, "heart_failure", accuracy(0.60, 0.78), WANG),
        (WHEEZE, "heart_failure", accuracy(0.22, 0.58), WANG),
        (CONGESTION, "heart_failure", accuracy(0.54, 0.96), WANG),
        (LARGE_HEART, "heart_failure", accuracy(0.74, 0.78), WANG),
        (EFFUSION, "heart_failure", accuracy(0.26, 0.92), WANG),
        (ECG_FIBRILLATION, "heart_failure", accuracy(0.26, 0.93), WANG),
        (f.FEVER, "pneumonia", ratios(1.4, 0.8), METLAY),
        (f.CRACKLES, "pneumonia", ratios(1.6, 0.87), METLAY),
        (DULLNESS, "pneumonia", ratios(2.2, 0.93), METLAY),
        (BRONCHIAL, "pneumonia", ratios(3.5, 0.90), METLAY),
        (FAINT, "pneumonia", ratios(2.3, 0.78), METLAY),
        (EGOPHONY, "pneumonia", ratios(2.0, 0.96), METLAY),
        (KNOWN_COPD, "obstructive_lung_disease", ratios(7.3, 0.5), STRAUS),
        (FORTY_YEARS, "obstructive_lung_disease", ratios(8.3, 0.8), STRAUS),
        (f.BREATHLESS_SUDDENLY, "embolism", ratios(1.83, 0.43), WEST),
        (f.SYNCOPE, "embolism", rises(2.38, elsewhere=0.05), WEST),
        (f.LEG_SWELLING, "embolism", rises(2.11, elsewhere=0.10), WEST),
        (f.ACTIVE_CANCER, "embolism", rises(1.74, elsewhere=0.10), WEST),
        (f.RECENT_SURGERY, "embolism", rises(1.63, elsewhere=0.10), WEST),
        (f.COUGHING_BLOOD, "embolism", rises(1.62, elsewhere=0.05), WEST),
        (f.D_DIMER, "embolism", accuracy(0.95, 0.40), STEIN),
    ),
)  # fmt: skip
