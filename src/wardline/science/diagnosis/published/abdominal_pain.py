"""Acute abdominal pain of an adult."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios, rises

WAGNER = "Wagner JM et al. JAMA 1996;276:1589-94"
TROWBRIDGE = "Trowbridge RL et al. JAMA 2003;289:80-6"
ROMPIANESI = "Rompianesi G et al. Cochrane Database Syst Rev 2017;4:CD012010"
BOHNER = "Böhner H et al. Eur J Surg 1998;164:777-84"
CROCHET = "Crochet JR et al. JAMA 2013;309:1722-9"

CONDITIONS = (
    Condition("appendicitis", "Acute appendicitis", "K35.8", 0.12, "emergency"),
    Condition("cholecystitis", "Acute cholecystitis", "K81.0", 0.05, "urgent"),
    Condition("bowel_obstruction", "Bowel obstruction", "K56.6", 0.05, "emergency"),
    Condition("pancreatitis", "Acute pancreatitis", "K85.9", 0.03, "urgent"),
    Condition("ectopic_pregnancy", "Ectopic pregnancy", "O00.9", 0.01, "emergency", ages=(11, 55), sex="F"),
)
RIGHT_LOWER = Ask("right_lower_pain", "Pain in the right lower quadrant", "symptom")
MIGRATION = Ask("migration", "Pain moved from around the navel to the right lower quadrant", "symptom")
PAIN_FIRST = Ask("pain_before_vomiting", "Pain came before vomiting", "symptom")
PSOAS = Ask("psoas_sign", "Psoas sign", "sign")
NEVER_BEFORE = Ask("no_similar_pain", "Never had such pain before", "history")
RIGHT_UPPER = Ask("right_upper_pain", "Pain in the right upper quadrant", "symptom")
RIGHT_UPPER_TENDER = Ask("right_upper_tender", "Tender in the right upper quadrant", "sign")
MURPHY = Ask("murphy_sign", "Murphy's sign", "sign")
LIPASE = Ask("lipase_three_times", "Lipase more than three times the upper limit of normal", "test")
DISTENDED = Ask("distended", "Distended abdomen", "sign", "E_30")
LOUD_SOUNDS = Ask("increased_bowel_sounds", "Increased bowel sounds", "sign")
EARLIER_SURGERY = Ask("earlier_abdominal_surgery", "Abdominal surgery in the past", "history")
CONSTIPATED = Ask("constipation", "Constipation", "symptom")
MOTION = Ask("cervical_motion_tenderness", "Cervical motion tenderness", "sign")
ADNEXAL = Ask("adnexal_mass_on_ultrasound", "Adnexal mass and no pregnancy in the uterus on transvaginal ultrasound", "test")

ABDOMINAL_PAIN = presentation(
    "abdominal_pain", "Abdominal pain", ("abdominal pain", "belly pain", "stomach pain", "stomach ache"), CONDITIONS,
    (
        (RIGHT_LOWER, "appendicitis", accuracy(0.81, 0.53), WAGNER),
        (MIGRATION, "appendicitis", accuracy(0.64, 0.82), WAGNER),
        (PAIN_FIRST, "appendicitis", accuracy(0.99, 0.64), WAGNER),  # the review says 100 %; nothing is certain here
        (PSOAS, "appendicitis", accuracy(0.16, 0.95), WAGNER),
        (f.FEVER, "appendicitis", accuracy(0.67, 0.79), WAGNER),
        (f.RIGIDITY, "appendicitis", accuracy(0.27, 0.83), WAGNER),
        (f.REBOUND, "appendicitis", accuracy(0.63, 0.69), WAGNER),
        (f.GUARDING, "appendicitis", accuracy(0.74, 0.57), WAGNER),
        (NEVER_BEFORE, "appendicitis", accuracy(0.81, 0.41), WAGNER),
        (f.NO_APPETITE, "appendicitis", accuracy(0.68, 0.36), WAGNER),
        (f.NAUSEA, "appendicitis", accuracy(0.58, 0.37), WAGNER),
        (f.VOMITING, "appendicitis", accuracy(0.51, 0.45), WAGNER),
        (MURPHY, "cholecystitis", accuracy(0.65, 0.87), TROWBRIDGE),
        (RIGHT_UPPER, "cholecystitis", accuracy(0.81, 0.67), TROWBRIDGE),
        (RIGHT_UPPER_TENDER, "cholecystitis", accuracy(0.77, 0.54), TROWBRIDGE),
        (f.FEVER, "cholecystitis", accuracy(0.35, 0.80), TROWBRIDGE),
        (f.VOMITING, "cholecystitis", accuracy(0.71, 0.53), TROWBRIDGE),
        (f.NAUSEA, "cholecystitis", accuracy(0.77, 0.36), TROWBRIDGE),
        (f.NO_APPETITE, "cholecystitis", accuracy(0.65, 0.50), TROWBRIDGE),
        (f.REBOUND, "cholecystitis", accuracy(0.30, 0.68), TROWBRIDGE),
        (f.GUARDING, "cholecystitis", accuracy(0.45, 0.70), TROWBRIDGE),
        (f.RIGIDITY, "cholecystitis", accuracy(0.11, 0.87), TROWBRIDGE),
        (LIPASE, "pancreatitis", accuracy(0.79, 0.89), ROMPIANESI),
        (DISTENDED, "bowel_obstruction", accuracy(0.63, 0.89), BOHNER),
        (LOUD_SOUNDS, "bowel_obstruction", accuracy(0.40, 0.89), BOHNER),
        (EARLIER_SURGERY, "bowel_obstruction", accuracy(0.69, 0.74), BOHNER),
        (CONSTIPATED, "bowel_obstruction", accuracy(0.44, 0.95), BOHNER),
        (f.VOMITING, "bowel_obstruction", accuracy(0.75, 0.65), BOHNER),
        (MOTION, "ectopic_pregnancy", rises(4.9, elsewhere=0.05), CROCHET),
        (ADNEXAL, "ectopic_pregnancy", ratios(111, 0.12), CROCHET),
    ),
)  # fmt: skip
