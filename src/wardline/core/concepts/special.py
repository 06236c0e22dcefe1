"""Chemistry asked for on suspicion: iron, vitamins, hormones, ketones, enzymes of muscle and pancreas."""

from wardline.core.concepts.concept import Concept

_G = "special chemistry"

FERRITIN = Concept("ferritin", "Ferritin", "ng/mL", (0, 200_000), ("2276-4",), ("ferritin", "ferr"), group=_G)
IRON = Concept("iron", "Iron", "ug/dL", (1, 3000), ("2498-4",), ("iron", "fe"), group=_G)
VITAMIN_B12 = Concept("vitamin_b12", "Vitamin B12", "pg/mL", (10, 20_000), ("2132-9",), ("b12", "cobalamin", "vitamin b12"), group=_G)
FOLATE = Concept("folate", "Folate", "ng/mL", (0.1, 200), ("2284-8",), ("folate",), decimals=1, group=_G)
URATE = Concept("urate", "Urate", "mg/dL", (0.1, 60), ("3084-1",), ("urate", "uric acid"), decimals=1, group=_G)
THYROTROPIN = Concept("thyrotropin", "TSH", "m[IU]/L", (0, 1000), ("3016-3",), ("tsh",), decimals=2, group=_G)
FREE_THYROXINE = Concept("free_thyroxine", "Thyroxine, free", "ng/dL", (0, 30), ("3024-7",), ("ft4", "free t4"), decimals=2, group=_G)
# Beta-hydroxybutyric acid weighs 104.1 g/mol; 6873-4 is from memory.
BETA_HYDROXYBUTYRATE = Concept(
    "beta_hydroxybutyrate", "Beta-hydroxybutyrate", "mmol/L", (0, 40), ("6873-4", "29512-1"), ("bohb", "ketones", "ketone"), decimals=1,
    mmol_per_litre=1.0, molar=("6873-4",), group=_G,
)  # fmt: skip
CREATINE_KINASE = Concept("creatine_kinase", "Creatine kinase", "U/L", (0, 500_000), ("2157-6",), ("ck", "cpk"), group=_G)
LIPASE = Concept("lipase", "Lipase", "U/L", (0, 100_000), ("3040-3",), ("lipase",), group=_G)
PARATHYRIN = Concept("parathyrin", "Parathyrin, intact", "pg/mL", (0, 10_000), ("2731-8",), ("pth",), group=_G)

SPECIAL = (
    FERRITIN, IRON, VITAMIN_B12, FOLATE, URATE, THYROTROPIN, FREE_THYROXINE, BETA_HYDROXYBUTYRATE, CREATINE_KINASE, LIPASE, PARATHYRIN,
)  # fmt: skip
