"""Chemistry of serum or plasma. Molar factors: creatinine 88.4, bilirubin 17.1, glucose 18.0, urea nitrogen 2.8 (1/0.357)."""

from wardline.core.concepts.concept import Concept

_G = "chemistry"


SODIUM = Concept("sodium", "Sodium", "mmol/L", (80, 220), ("2951-2", "2947-0"), ("na", "sodium"), usual=(136, 145), charge=1, group=_G)
POTASSIUM = Concept(
    "potassium", "Potassium", "mmol/L", (1, 12), ("2823-3", "6298-4"), ("k", "potassium"), decimals=1, usual=(3.5, 5.0), charge=1, group=_G
)
CHLORIDE = Concept("chloride", "Chloride", "mmol/L", (50, 180), ("2075-0",), ("cl", "chloride"), usual=(98, 106), charge=1, group=_G)
BICARBONATE = Concept(
    "bicarbonate",
    "Bicarbonate",
    "mmol/L",
    (1, 70),
    ("1963-8", "2028-9"),
    ("hco3", "co2", "tco2", "bicarb"),
    usual=(22, 29),
    charge=1,
    group=_G,
)
CREATININE = Concept(
    "creatinine", "Creatinine", "mg/dL", (0.05, 50), ("2160-0", "14682-9"), ("crea", "creat", "cr", "creatinine"), decimals=2,
    mmol_per_litre=1000 / 88.4, molar=("14682-9",), usual=(0.6, 1.2), group=_G,
)  # fmt: skip
UREA_NITROGEN = Concept(
    "urea_nitrogen", "Urea nitrogen", "mg/dL", (0.5, 400), ("3094-0", "14937-7", "6299-2", "22664-7"), ("bun", "urea", "ur"), decimals=1,
    mmol_per_litre=1 / 0.357, molar=("14937-7", "22664-7"), usual=(7, 20), group=_G,
)  # fmt: skip
GLUCOSE = Concept(
    "glucose", "Glucose", "mg/dL", (5, 3000), ("2345-7", "14749-6", "2339-0", "15074-8", "14743-9", "1558-6"), ("glu", "glucose", "bm", "gluc"),
    mmol_per_litre=18.0, molar=("14749-6", "15074-8", "14743-9"), usual=(70, 140), group=_G,
)  # fmt: skip
CALCIUM = Concept(
    "calcium", "Calcium", "mg/dL", (2, 25), ("17861-6", "2000-8"), ("ca", "calcium"), decimals=2, mmol_per_litre=4.008, molar=("2000-8",), charge=2,
    usual=(8.6, 10.2), group=_G,
)  # fmt: skip  # Ca 40.08 g/mol
MAGNESIUM = Concept(
    "magnesium", "Magnesium", "mg/dL", (0.2, 20), ("19123-9", "2601-3"), ("mg", "magnesium"), decimals=2, mmol_per_litre=2.4305, molar=("2601-3",),
    charge=2,
    usual=(1.6, 2.6), group=_G,
)  # fmt: skip  # Mg 24.305 g/mol
PHOSPHATE = Concept(
    "phosphate", "Phosphate", "mg/dL", (0.1, 30), ("2777-1", "14879-1"), ("phos", "po4", "phosphate"), decimals=2, mmol_per_litre=3.0974,
    molar=("14879-1",), usual=(2.7, 4.5), group=_G,
)  # fmt: skip  # reported as phosphorus, P 30.974 g/mol
ALBUMIN = Concept("albumin", "Albumin", "g/dL", (0.3, 8), ("1751-7",), ("alb", "albumin"), decimals=1, usual=(3.5, 5.0), group=_G)
TOTAL_PROTEIN = Concept("total_protein", "Protein, total", "g/dL", (1, 15), ("2885-2",), ("tp", "protein"), decimals=1, group=_G)
BILIRUBIN = Concept(
    "bilirubin", "Bilirubin, total", "mg/dL", (0, 80), ("1975-2", "14631-6"), ("bili", "tbil", "bilirubin"), decimals=1,
    mmol_per_litre=1000 / 17.1, molar=("14631-6",), usual=(0.2, 1.2), group=_G,
)  # fmt: skip
AST = Concept("ast", "AST", "U/L", (0, 50_000), ("1920-8",), ("ast", "got"), usual=(8, 48), group=_G)
ALT = Concept("alt", "ALT", "U/L", (0, 50_000), ("1742-6",), ("alt", "gpt"), usual=(7, 55), group=_G)
ALKALINE_PHOSPHATASE = Concept("alkaline_phosphatase", "Alkaline phosphatase", "U/L", (0, 20_000), ("6768-6",), ("alp",), group=_G)
GAMMA_GT = Concept("gamma_gt", "Gamma GT", "U/L", (0, 20_000), ("2324-2",), ("ggt",), group=_G)
LACTATE_DEHYDROGENASE = Concept("lactate_dehydrogenase", "LDH", "U/L", (0, 100_000), ("2532-0",), ("ldh",), group=_G)
C_REACTIVE_PROTEIN = Concept("c_reactive_protein", "C-reactive protein", "mg/L", (0, 1000), ("1988-5", "30522-7"), ("crp",), usual=(0, 8), group=_G)
PROCALCITONIN = Concept("procalcitonin", "Procalcitonin", "ng/mL", (0, 1000), ("33959-8", "75241-0"), ("pct",), decimals=2, group=_G)
TROPONIN_I_HS = Concept("troponin_i_hs", "Troponin I, high sensitivity", "ng/L", (0, 1_000_000), ("89579-7",), ("hs-tni", "tni"), group=_G)
TROPONIN_T_HS = Concept("troponin_t_hs", "Troponin T, high sensitivity", "ng/L", (0, 1_000_000), ("67151-1",), ("hs-tnt", "tnt"), group=_G)
CHOLESTEROL = Concept(
    "cholesterol", "Cholesterol", "mg/dL", (10, 2000), ("2093-3", "14647-2"), ("chol",), mmol_per_litre=38.67, molar=("14647-2",), group=_G
)
OSMOLALITY = Concept("osmolality", "Osmolality", "mosm/kg", (150, 600), ("2692-2",), ("osm", "osmo"), usual=(280, 300), group=_G)
ETHANOL = Concept("ethanol", "Ethanol", "mg/dL", (0, 1500), ("5640-8",), ("etoh", "ethanol", "alcohol"), mmol_per_litre=4.607, group=_G)

CHEMISTRY = (
    SODIUM, POTASSIUM, CHLORIDE, BICARBONATE, CREATININE, UREA_NITROGEN, GLUCOSE, CALCIUM, MAGNESIUM, PHOSPHATE, ALBUMIN, TOTAL_PROTEIN,
    BILIRUBIN, AST, ALT, ALKALINE_PHOSPHATASE, GAMMA_GT, LACTATE_DEHYDROGENASE, C_REACTIVE_PROTEIN, PROCALCITONIN, TROPONIN_I_HS,
    TROPONIN_T_HS, CHOLESTEROL, OSMOLALITY, ETHANOL,
)  # fmt: skip
