"""Levels of drugs in serum or plasma that are dosed by what is measured. LOINC: the level at no stated time first, then trough and peak."""

from wardline.core.concepts.concept import Concept

_G = "drug levels"

VANCOMYCIN_LEVEL = Concept(
    "vancomycin_level", "Vancomycin level", "mg/L", (0, 200), ("20578-1", "4092-3", "4090-7"), ("vancomycin", "vanc"), decimals=1, group=_G
)
GENTAMICIN_LEVEL = Concept(
    "gentamicin_level", "Gentamicin level", "mg/L", (0, 100), ("35668-3", "3665-7", "3663-2"), ("gentamicin", "gent"), decimals=1, group=_G
)
DIGOXIN_LEVEL = Concept("digoxin_level", "Digoxin level", "ng/mL", (0, 50), ("10535-3",), ("digoxin",), decimals=1, group=_G)
LITHIUM_LEVEL = Concept("lithium_level", "Lithium level", "mmol/L", (0, 10), ("14334-7",), ("lithium",), decimals=1, group=_G)

DRUG_LEVELS = (VANCOMYCIN_LEVEL, GENTAMICIN_LEVEL, DIGOXIN_LEVEL, LITHIUM_LEVEL)
