"""Numbers from examinations: echocardiography, spirometry, bone density."""

from wardline.core.concepts.concept import Concept

_G = "examinations"

EJECTION_FRACTION = Concept(
    "ejection_fraction", "Left ventricular ejection fraction", "%", (5, 90), ("10230-1",), ("lvef", "ejection fraction"), group=_G
)
FEV1_OF_PREDICTED = Concept("fev1_of_predicted", "FEV1, of predicted", "%", (5, 200), ("19925-7",), ("fev1 % predicted",), group=_G)
HIP_T_SCORE = Concept("hip_t_score", "Bone density T-score, hip", "{T-score}", (-8, 8), ("38263-0",), decimals=1, group=_G)
SPINE_T_SCORE = Concept("spine_t_score", "Bone density T-score, lumbar spine", "{T-score}", (-8, 8), ("38267-1",), decimals=1, group=_G)

EXAMINATIONS = (EJECTION_FRACTION, FEV1_OF_PREDICTED, HIP_T_SCORE, SPINE_T_SCORE)
