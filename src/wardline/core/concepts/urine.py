"""Chemistry of a spot urine."""

from wardline.core.concepts.concept import Concept

_G = "urine"

URINE_SODIUM = Concept("urine_sodium", "Sodium, urine", "mmol/L", (0, 500), ("2955-3",), ("urine sodium", "una"), charge=1, group=_G)
URINE_POTASSIUM = Concept("urine_potassium", "Potassium, urine", "mmol/L", (0, 500), ("2828-2",), ("urine potassium",), charge=1, group=_G)
URINE_CREATININE = Concept(
    "urine_creatinine", "Creatinine, urine", "mg/dL", (0.5, 1500), ("2161-8",), ("urine creatinine",), mmol_per_litre=1000 / 88.4, group=_G
)
URINE_OSMOLALITY = Concept("urine_osmolality", "Osmolality, urine", "mosm/kg", (20, 2000), ("2695-5",), ("urine osmolality", "uosm"), group=_G)

URINE = (URINE_SODIUM, URINE_POTASSIUM, URINE_CREATININE, URINE_OSMOLALITY)
