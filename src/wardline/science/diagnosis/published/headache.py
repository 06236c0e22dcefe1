"""New or changed headache of an adult."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios

DETSKY = "Detsky ME et al. JAMA 2006;296:1274-83 (against tension-type headache)"
SMETANA = "Smetana GW, Shmerling RH. JAMA 2002;287:92-101"
CARPENTER = "Carpenter CR et al. Acad Emerg Med 2016;23:963-1003"
THOMAS = "Thomas KE et al. Clin Infect Dis 2002;35:46-52"

CONDITIONS = (
    Condition("migraine", "Migraine", "G43.9", 0.25),
    Condition("subarachnoid_haemorrhage", "Subarachnoid haemorrhage", "I60.9", 0.01, "emergency"),
    Condition("meningitis", "Meningitis", "G03.9", 0.005, "emergency"),
    Condition("giant_cell_arteritis", "Giant cell arteritis", "M31.6", 0.005, "urgent", ages=(50, None)),
)
PHOTOPHOBIA = Ask("photophobia", "Light makes it worse", "symptom")
PHONOPHOBIA = Ask("phonophobia", "Noise makes it worse", "symptom")
ONE_SIDED = Ask("one_sided", "Pain on one side", "symptom")
THROBBING = Ask("throbbing", "Throbbing pain", "symptom")
MOVING = Ask("worse_on_moving", "Physical activity makes it worse", "symptom")
JAW = Ask("jaw_claudication", "Jaw hurts when chewing", "symptom")
DOUBLE_VISION = Ask("double_vision", "Double vision", "symptom", "E_52")
SCALP = Ask("scalp_tenderness", "Tender scalp", "symptom")
BEADED = Ask("beaded_temporal_artery", "Temporal artery beaded", "sign")
PROMINENT = Ask("prominent_temporal_artery", "Temporal artery prominent or enlarged", "sign")
TENDER = Ask("tender_temporal_artery", "Temporal artery tender", "sign")

HEADACHE = presentation(
    "headache", "Headache", ("headache", "head pain"), CONDITIONS,
    (
        (f.NAUSEA, "migraine", accuracy(0.81, 0.96), DETSKY),
        (PHOTOPHOBIA, "migraine", accuracy(0.79, 0.86), DETSKY),
        (PHONOPHOBIA, "migraine", accuracy(0.67, 0.87), DETSKY),
        (ONE_SIDED, "migraine", accuracy(0.65, 0.82), DETSKY),
        (THROBBING, "migraine", accuracy(0.73, 0.75), DETSKY),
        (MOVING, "migraine", accuracy(0.81, 0.78), DETSKY),
        (f.NECK_STIFFNESS, "subarachnoid_haemorrhage", ratios(6.6, 0.78), CARPENTER),
        (f.NECK_STIFFNESS, "meningitis", accuracy(0.30, 0.68), THOMAS),
        (JAW, "giant_cell_arteritis", ratios(4.2, 0.72), SMETANA),
        (DOUBLE_VISION, "giant_cell_arteritis", ratios(3.4, 0.95), SMETANA),
        (SCALP, "giant_cell_arteritis", ratios(1.6, 0.93), SMETANA),
        (BEADED, "giant_cell_arteritis", ratios(4.6, 0.93), SMETANA),
        (PROMINENT, "giant_cell_arteritis", ratios(4.3, 0.67), SMETANA),
        (TENDER, "giant_cell_arteritis", ratios(2.6, 0.82), SMETANA),
    ),
)  # fmt: skip
