"""An acutely painful, swollen joint of an adult."""

from wardline.science.diagnosis.presentations import Condition
from wardline.science.diagnosis.published import findings as f
from wardline.science.diagnosis.published.tables import Ask, accuracy, presentation, ratios

MARGARETTEN = "Margaretten ME et al. JAMA 2007;297:1478-88"

CONDITIONS = (Condition("septic_arthritis", "Septic arthritis", "M00.9", 0.27, "emergency", source=MARGARETTEN),)
OVER_80 = Ask("older_than_80", "Older than 80 years", "history")
JOINT_SURGERY = Ask("recent_joint_surgery", "Surgery of this joint recently", "history")
PROSTHESIS = Ask("prosthesis_and_skin_infection", "Hip or knee prosthesis, and skin infection", "history")
SKIN = Ask("skin_infection", "Skin infection, no prosthesis", "history")
CELLS = Ask("synovial_leukocytes", "Synovial fluid: 50,000 leukocytes per µL or more", "test")
NEUTROPHILS = Ask("synovial_neutrophils", "Synovial fluid: 90 % neutrophils or more", "test")

HOT_JOINT = presentation(
    "hot_joint", "Hot, swollen joint", ("hot joint", "swollen joint", "joint pain"), CONDITIONS,
    (
        (OVER_80, "septic_arthritis", ratios(3.5, 0.86), MARGARETTEN),
        (f.DIABETES, "septic_arthritis", ratios(2.7, 0.93), MARGARETTEN),
        (JOINT_SURGERY, "septic_arthritis", ratios(6.9, 0.78), MARGARETTEN),
        (PROSTHESIS, "septic_arthritis", ratios(15.0, 0.77), MARGARETTEN),
        (SKIN, "septic_arthritis", ratios(2.8, 0.76), MARGARETTEN),
        (CELLS, "septic_arthritis", accuracy(0.62, 0.92), MARGARETTEN),
        (NEUTROPHILS, "septic_arthritis", accuracy(0.73, 0.79), MARGARETTEN),
    ),
)  # fmt: skip
