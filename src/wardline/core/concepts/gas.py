"""Blood gas. Arterial and venous values are different things and never stand in for each other."""

from wardline.core.concepts.concept import Concept

_G = "blood gas"

ARTERIAL_PH = Concept("arterial_ph", "pH, arterial", "[pH]", (6.3, 8.0), ("2744-1",), ("ph", "ph art"), decimals=2, usual=(7.35, 7.45), group=_G)
VENOUS_PH = Concept("venous_ph", "pH, venous", "[pH]", (6.3, 8.0), ("2746-6",), ("ph ven",), decimals=2, group=_G)
ARTERIAL_OXYGEN = Concept("arterial_oxygen", "PaO₂", "mm[Hg]", (10, 800), ("2703-7",), ("pao2", "po2"), usual=(75, 100), group=_G)
ARTERIAL_CARBON_DIOXIDE = Concept("arterial_carbon_dioxide", "PaCO₂", "mm[Hg]", (5, 250), ("2019-8",), ("paco2", "pco2"), usual=(35, 45), group=_G)
ARTERIAL_BICARBONATE = Concept("arterial_bicarbonate", "Bicarbonate, arterial", "mmol/L", (1, 70), ("1960-4",), ("hco3 art",), charge=1, group=_G)
BASE_EXCESS = Concept(
    "base_excess",
    "Base excess",
    "mmol/L",
    (-50, 50),
    ("1925-7", "11555-0"),
    ("be", "base excess"),
    decimals=1,
    usual=(-2, 2),
    charge=1,
    group=_G,
)
LACTATE = Concept(
    "lactate", "Lactate", "mmol/L", (0, 40), ("2524-7", "32693-4", "2518-9"), ("lac", "lactate"), decimals=1, usual=(0.5, 2.2), group=_G
)
IONISED_CALCIUM = Concept(
    "ionised_calcium", "Calcium, ionised", "mmol/L", (0.2, 4), ("1994-3",), ("ica", "ionized calcium"), decimals=2, usual=(1.05, 1.30), charge=2,
    group=_G,
)  # fmt: skip

BLOOD_GAS = (
    ARTERIAL_PH, VENOUS_PH, ARTERIAL_OXYGEN, ARTERIAL_CARBON_DIOXIDE, ARTERIAL_BICARBONATE, BASE_EXCESS, LACTATE, IONISED_CALCIUM,
)  # fmt: skip
