"""What patients bring with them: conditions of many years, allergies, and the reason for which they come. A simulation, not a clinical source."""

from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from wardline.simulator.chance import happens
from wardline.simulator.illnesses import AFTER_OPERATION, HEART_FAILURE, INFECTION, OBSERVED, RESPIRATORY_FAILURE, SEPSIS, Illness, Pattern


class Condition(NamedTuple):
    """`share` of patients at 50 years and what each further decade adds; ICD-10 (WHO)."""

    code: str
    name: str
    share: float
    per_decade: float
    drugs: tuple[str, ...]
    body: Pattern = Pattern("")


DIABETES: Final = "E11.9"
COPD: Final = Condition(
    "J44.9", "Chronic obstructive pulmonary disease", 0.06, 0.03, ("Tiotropium bromide", "Salbutamol"),
    Pattern("COPD", shifts={"air_saturation": -5.0, "respiratory_rate": 2, "carbon_dioxide": 1.1, "bicarbonate": 4, "haemoglobin": 6}),
)  # fmt: skip
CONDITIONS: Final = (
    Condition("I10", "Essential (primary) hypertension", 0.25, 0.12, ("Ramipril",), Pattern("hypertension", shifts={"systolic_pressure": 10})),
    Condition(DIABETES, "Type 2 diabetes mellitus", 0.14, 0.04, ("Metformin",), Pattern("diabetes", shifts={"glucose": 4.2})),
    Condition("I48.9", "Atrial fibrillation and flutter", 0.04, 0.07, ("Apixaban", "Bisoprolol"), Pattern("fibrillation", shifts={"pulse": 7})),
    Condition(
        "N18.9", "Chronic kidney disease", 0.05, 0.06, (),
        Pattern("CKD", shifts={"potassium": 0.35, "haemoglobin": -12}, factors={"creatinine": 1.7, "urea": 1.7}),
    ),
    Condition("I50.9", "Heart failure", 0.04, 0.05, ("Furosemide", "Bisoprolol"), Pattern("heart failure", shifts={"air_saturation": -0.8})),
    Condition("E03.9", "Hypothyroidism", 0.06, 0.02, ("Levothyroxine sodium",)),
    Condition("E78.5", "Hyperlipidaemia", 0.2, 0.05, ("Atorvastatin",)),
    Condition("D64.9", "Anaemia", 0.05, 0.04, (), Pattern("anaemia", shifts={"haemoglobin": -22, "mean_cell_volume": -6})),
    COPD,
)  # fmt: skip

# Code and name of the substance, reaction, severity (HL7 table 0128), category (0127), share of patients.
ALLERGIES: Final = (
    ("PEN", "Penicillin", "Rash", "MO", "DA", 0.08), ("SULF", "Sulfonamides", "Urticaria", "MO", "DA", 0.02),
    ("NSAID", "Ibuprofen", "Wheeze", "SV", "DA", 0.02), ("LATEX", "Latex", "Contact dermatitis", "MI", "MA", 0.015),
    ("CONTR", "Iodinated contrast medium", "Nausea, hives", "MO", "DA", 0.02), ("NUT", "Peanut", "Anaphylaxis", "SV", "FA", 0.01),
)  # fmt: skip


class Reason(NamedTuple):
    """Why somebody comes: ICD-10 code and text, the illness behind it, its usual severity, its half-life under treatment, drugs."""

    code: str
    text: str
    pattern: Pattern
    severity: float
    half_life_hours: float
    drugs: tuple[str, ...]


PNEUMONIA: Final = Reason("J18.9", "Pneumonia", INFECTION, 0.7, 40, ("Amoxicillin and clavulanic acid", "Paracetamol"))
EXACERBATION: Final = Reason(
    "J44.1", "Acute exacerbation of COPD", RESPIRATORY_FAILURE, 0.32, 40, ("Prednisolone", "Salbutamol")
)  # fmt: skip
URINARY: Final = Reason("N39.0", "Urinary tract infection", INFECTION, 0.5, 30, ("Ceftriaxone", "Paracetamol"))
DECOMPENSATION: Final = Reason("I50.9", "Decompensated heart failure", HEART_FAILURE, 0.6, 40, ("Furosemide", "Ramipril"))
COLLAPSE: Final = Reason("R55", "Syncope and collapse", OBSERVED, 0.5, 24, ())
SKIN: Final = Reason("A46", "Erysipelas", INFECTION, 0.4, 36, ("Ceftriaxone",))
STROKE: Final = Reason("I63.9", "Cerebral infarction", OBSERVED, 1.0, 90, ("Acetylsalicylic acid", "Atorvastatin"))
HIP: Final = Reason("S72.0", "Fracture of neck of femur", AFTER_OPERATION, 0.8, 40, ("Paracetamol", "Oxycodone", "Enoxaparin"))
KNEE: Final = Reason("M17.9", "Gonarthrosis, knee replacement", AFTER_OPERATION, 0.6, 30, ("Ibuprofen", "Oxycodone", "Enoxaparin"))
APPENDIX: Final = Reason("K35.8", "Acute appendicitis", AFTER_OPERATION, 0.6, 24, ("Metamizole sodium", "Ondansetron", "Enoxaparin"))
HERNIA: Final = Reason("K40.9", "Inguinal hernia", AFTER_OPERATION, 0.4, 18, ("Ibuprofen", "Enoxaparin"))
GALL: Final = Reason("K80.2", "Gallstones, cholecystectomy", AFTER_OPERATION, 0.5, 24, ("Metamizole sodium", "Enoxaparin"))
SPRAIN: Final = Reason("S93.4", "Sprained ankle", OBSERVED, 0.2, 12, ("Ibuprofen",))
GASTROENTERITIS: Final = Reason("A09", "Gastroenteritis", INFECTION, 0.3, 18, ("Ondansetron",))
CHEST_PAIN: Final = Reason("R07.4", "Chest pain", OBSERVED, 0.8, 12, ("Acetylsalicylic acid",))
SEPTIC: Final = Reason("A41.9", "Sepsis", SEPSIS, 0.85, 48, ("Piperacillin and tazobactam", "Norepinephrine", "Electrolytes, balanced infusion"))
FAILING_LUNGS: Final = Reason("J96.0", "Acute respiratory failure", RESPIRATORY_FAILURE, 0.8, 44, ("Ceftriaxone", "Prednisolone"))
BIG_OPERATION: Final = Reason("C18.9", "Colon resection", AFTER_OPERATION, 1.1, 40, ("Oxycodone", "Enoxaparin", "Pantoprazole"))

REASONS: Final[dict[str, tuple[Reason, ...]]] = {
    "EMR": (
        *(CHEST_PAIN, SPRAIN, GASTROENTERITIS) * 3,
        *(COLLAPSE, SKIN, URINARY, PNEUMONIA) * 2,
        DECOMPENSATION,
        APPENDIX,
        HIP,
        EXACERBATION,
        STROKE,
    ),
    "ICU": (SEPTIC, FAILING_LUNGS, BIG_OPERATION, BIG_OPERATION),
    "SUR": (HIP, KNEE, APPENDIX, HERNIA, GALL, BIG_OPERATION),
    "GER": (HIP, URINARY, PNEUMONIA, COLLAPSE, STROKE, DECOMPENSATION),
    "MED": (PNEUMONIA, URINARY, DECOMPENSATION, SKIN, CHEST_PAIN, COLLAPSE, EXACERBATION),
}
"""By hospital service (PV1-10), the common ones several times; other services take the reasons of internal medicine."""
WITHOUT_A_BED: Final = (CHEST_PAIN, SPRAIN, GASTROENTERITIS, COLLAPSE, SKIN, URINARY)
"""For these most people can go home from the emergency department."""


class Background(NamedTuple):
    conditions: tuple[Condition, ...]
    allergies: tuple[tuple[str, str, str, str, str], ...]
    reason: Reason


def background_of(dice: Random, age_years: float, service: str) -> Background:
    reason = dice.choice(REASONS.get(service, REASONS["MED"]))
    decades = max(-2.0, (age_years - 50) / 10)
    conditions = [each for each in CONDITIONS if happens(dice, each.share + each.per_decade * decades)]
    if reason is EXACERBATION and COPD not in conditions:
        conditions.append(COPD)
    allergies = tuple(each[:5] for each in ALLERGIES if happens(dice, each[5]))
    return Background(tuple(conditions), allergies, reason)


def illness_of(dice: Random, reason: Reason, began: datetime, treated: bool) -> Illness:
    """The illness that brought somebody in, some hours old; treated from admission on, or not yet."""
    hours = dice.uniform(10, 24)
    illness = Illness(
        reason.pattern, began - timedelta(hours=hours), hours_to_peak=hours, peak=reason.severity * dice.uniform(0.6, 1.15),
        half_life_hours=reason.half_life_hours,
    )  # fmt: skip
    if treated:
        illness.treat(began)
    return illness
