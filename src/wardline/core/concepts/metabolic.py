"""Lipids, HbA1c, albumin in urine: what the risks of the coming years rest on. Molar factors: cholesterol 38.67, triglycerides 88.57."""

from wardline.core.concepts.concept import Concept

_G = "metabolic"

HDL_CHOLESTEROL = Concept(
    "hdl_cholesterol", "Cholesterol, HDL", "mg/dL", (2, 300), ("2085-9", "14646-4"), ("hdl", "hdl-c"), mmol_per_litre=38.67, molar=("14646-4",),
    group=_G,
)  # fmt: skip
LDL_CHOLESTEROL = Concept(
    "ldl_cholesterol", "Cholesterol, LDL", "mg/dL", (1, 1500), ("13457-7", "18262-6", "2089-1", "22748-8"), ("ldl", "ldl-c"), mmol_per_litre=38.67,
    molar=("22748-8",), group=_G,
)  # fmt: skip
TRIGLYCERIDES = Concept(
    "triglycerides", "Triglycerides", "mg/dL", (5, 20_000), ("2571-8", "14927-8"), ("tg", "trig", "triglycerides"), mmol_per_litre=88.57,
    molar=("14927-8",), group=_G,
)  # fmt: skip
HBA1C = Concept("hba1c", "HbA1c", "%", (2, 25), ("4548-4",), ("hba1c", "a1c"), decimals=1, group=_G)  # NGSP
URINE_ALBUMIN_CREATININE = Concept(
    # 14585-4 is a molar ratio (mmol/mol), not mg/mmol: it is not taken.
    "urine_albumin_creatinine", "Albumin/creatinine, urine", "mg/g{creat}", (0, 30_000), ("9318-7", "14959-1"), ("acr", "uacr"), group=_G,
)  # fmt: skip

METABOLIC = (HDL_CHOLESTEROL, LDL_CHOLESTEROL, TRIGLYCERIDES, HBA1C, URINE_ALBUMIN_CREATININE)
