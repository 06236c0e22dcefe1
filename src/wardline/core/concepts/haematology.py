"""Blood count."""

from wardline.core.concepts.concept import Concept

_G = "haematology"

# Haemoglobin by amount is that of the monomer: 1 mmol/L = 1.6114 g/dL.
HAEMOGLOBIN = Concept(
    "haemoglobin", "Haemoglobin", "g/dL", (1, 30), ("718-7", "59260-0"), ("hb", "hgb", "haemoglobin", "hemoglobin"), decimals=1,
    mmol_per_litre=1.6114, molar=("59260-0",), usual=(12, 17), group=_G,
)  # fmt: skip
HAEMATOCRIT = Concept("haematocrit", "Haematocrit", "%", (3, 80), ("4544-3", "20570-8"), ("hct", "haematocrit"), usual=(37, 50), group=_G)
LEUKOCYTES = Concept(
    "leukocytes", "White cells", "10*9/L", (0, 1000), ("6690-2", "26464-8"), ("wbc", "wcc", "leuko"), decimals=1, usual=(4, 11), group=_G
)
NEUTROPHILS = Concept("neutrophils", "Neutrophils", "10*9/L", (0, 900), ("751-8",), ("neut", "anc"), decimals=1, group=_G)
BAND_FORMS = Concept("band_forms", "Band forms", "%", (0, 100), ("26508-2",), ("bands",), group=_G)
LYMPHOCYTES = Concept("lymphocytes", "Lymphocytes", "10*9/L", (0, 900), ("731-0",), ("lymph",), decimals=1, group=_G)
PLATELETS = Concept("platelets", "Platelets", "10*9/L", (0, 5000), ("777-3", "26515-7"), ("plt", "platelets"), usual=(150, 400), group=_G)
MEAN_CELL_VOLUME = Concept("mean_cell_volume", "MCV", "fL", (30, 200), ("787-2",), ("mcv",), group=_G)
RETICULOCYTES = Concept("reticulocytes", "Reticulocytes", "%", (0, 60), ("4679-7",), ("retic", "reticulocytes"), decimals=1, group=_G)

HAEMATOLOGY = (HAEMOGLOBIN, HAEMATOCRIT, LEUKOCYTES, NEUTROPHILS, BAND_FORMS, LYMPHOCYTES, PLATELETS, MEAN_CELL_VOLUME, RETICULOCYTES)
