"""The 31 groups of Elixhauser's measure with their codes, and van Walraven's weights for death in hospital.

Codes: Quan H et al. Med Care 2005;43:1130-9, enhanced lists (not read here; a public package and the University of Calgary's own code
have the same ICD-10 in 31 of 31 groups; ICD-9-CM as one public package has it). Weights: van Walraven C et al. Med Care 2009;47:626-33
(citation not read here; three packages agree). I42.6 counts as heart failure and alcohol, K70.0, K70.3 and K70.9 as liver and alcohol,
F31.5 as psychosis and depression: so intended.
"""

from typing import Final

from wardline.science.comorbidity.groups import Group

ELIXHAUSER: Final = (
    Group(
        "heart_failure", "Congestive heart failure",
        "I09.9 I11.0 I13.0 I13.2 I25.5 I42.0 I42.5-I42.9 I43 I50 P29.0",
        "398.91 402.01 402.11 402.91 404.01 404.03 404.11 404.13 404.91 404.93 425.4-425.9 428",
    ),
    Group(
        "arrhythmia", "Cardiac arrhythmia",
        "I44.1-I44.3 I45.6 I45.9 I47-I49 R00.0 R00.1 R00.8 T82.1 Z45.0 Z95.0",
        "426.0 426.13 426.7 426.9 426.10 426.12 427.0-427.4 427.6-427.9 785.0 996.01 996.04 V45.0 V53.3",
    ),
    Group(
        "valvular", "Valvular disease",
        "A52.0 I05-I08 I09.1 I09.8 I34-I39 Q23.0-Q23.3 Z95.2-Z95.4",
        "093.2 394-397 424 746.3-746.6 V42.2 V43.3",
    ),
    Group(
        "pulmonary_circulation", "Disorder of the pulmonary circulation",
        "I26 I27 I28.0 I28.8 I28.9",
        "415.0 415.1 416 417.0 417.8 417.9",
    ),
    Group(
        "peripheral_vascular", "Peripheral vascular disease",
        "I70 I71 I73.1 I73.8 I73.9 I77.1 I79.0 I79.2 K55.1 K55.8 K55.9 Z95.8 Z95.9",
        "093.0 437.3 440 441 443.1-443.9 447.1 557.1 557.9 V43.4",
    ),
    Group(
        "hypertension", "Hypertension, uncomplicated",
        "I10",
        "401",
    ),
    Group(
        "hypertension_complicated", "Hypertension, complicated",
        "I11-I13 I15",
        "402-405",
    ),
    Group(
        "paralysis", "Paralysis",
        "G04.1 G11.4 G80.1 G80.2 G81 G82 G83.0-G83.4 G83.9",
        "334.1 342 343 344.0-344.6 344.9",
    ),
    Group(
        "other_neurological", "Other neurological disorder",
        "G10-G13 G20-G22 G25.4 G25.5 G31.2 G31.8 G31.9 G32 G35-G37 G40 G41 G93.1 G93.4 R47.0 R56",
        "331.9 332.0 332.1 333.4 333.5 333.92 334 335 336.2 340 341 345 348.1 348.3 780.3 784.3",
    ),
    Group(
        "chronic_pulmonary", "Chronic pulmonary disease",
        "I27.8 I27.9 J40-J47 J60-J67 J68.4 J70.1 J70.3",
        "416.8 416.9 490-505 506.4 508.1 508.8",
    ),
    Group(
        "diabetes", "Diabetes, uncomplicated",
        "E10.0 E10.1 E10.9 E11.0 E11.1 E11.9 E12.0 E12.1 E12.9 E13.0 E13.1 E13.9 E14.0 E14.1 E14.9",
        "250.0-250.3",
    ),
    Group(
        "diabetes_complicated", "Diabetes, complicated",
        "E10.2-E10.8 E11.2-E11.8 E12.2-E12.8 E13.2-E13.8 E14.2-E14.8",
        "250.4-250.9",
    ),
    Group(
        "hypothyroidism", "Hypothyroidism",
        "E00-E03 E89.0",
        "240.9 243 244 246.1 246.8",
    ),
    Group(
        "renal_failure", "Renal failure",
        "I12.0 I13.1 N18 N19 N25.0 Z49.0-Z49.2 Z94.0 Z99.2",
        "403.01 403.11 403.91 404.02 404.03 404.12 404.13 404.92 404.93 585 586 588.0 V42.0 V45.1 V56",
    ),
    Group(
        "liver", "Liver disease",
        "B18 I85 I86.4 I98.2 K70 K71.1 K71.3-K71.5 K71.7 K72-K74 K76.0 K76.2-K76.9 Z94.4",
        "070.22 070.23 070.32 070.33 070.44 070.54 070.6 070.9 456.0-456.2 570 571 572.2-572.8 573.3 573.4 573.8 573.9 V42.7",
    ),
    Group(
        "peptic_ulcer", "Peptic ulcer without bleeding",
        "K25.7 K25.9 K26.7 K26.9 K27.7 K27.9 K28.7 K28.9",
        "531.7 531.9 532.7 532.9 533.7 533.9 534.7 534.9",
    ),
    Group(
        "aids", "AIDS or HIV",
        "B20-B22 B24",
        "042-044",
    ),
    Group(
        "lymphoma", "Lymphoma",
        "C81-C85 C88 C90.0 C90.2 C96",
        "200-202 203.0 238.6",
    ),
    Group(
        "metastatic", "Metastatic cancer",
        "C77-C80",
        "196-199",
    ),
    Group(
        "solid_tumour", "Solid tumour without metastasis",
        "C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C97",
        "140-172 174-195",
    ),
    Group(
        "rheumatoid", "Rheumatoid or collagen disease",
        "L94.0 L94.1 L94.3 M05 M06 M08 M12.0 M12.3 M30 M31.0-M31.3 M32-M35 M45 M46.1 M46.8 M46.9",
        "446 701.0 710.0-710.4 710.8 710.9 711.2 714 719.3 720 725 728.5 728.89 729.30",
    ),
    Group(
        "coagulopathy", "Coagulopathy",
        "D65-D68 D69.1 D69.3-D69.6",
        "286 287.1 287.3-287.5",
    ),
    Group(
        "obesity", "Obesity",
        "E66",
        "278.0",
    ),
    Group(
        "weight_loss", "Weight loss",
        "E40-E46 R63.4 R64",
        "260-263 783.2 799.4",
    ),
    Group(
        "fluid_electrolyte", "Fluid or electrolyte disorder",
        "E22.2 E86 E87",
        "253.6 276",
    ),
    Group(
        "blood_loss_anaemia", "Blood loss anaemia",
        "D50.0",
        "280.0",
    ),
    Group(
        "deficiency_anaemia", "Deficiency anaemia",
        "D50.8 D50.9 D51-D53",
        "280.1-280.9 281",
    ),
    Group(
        "alcohol", "Alcohol abuse",
        "E52 F10 G62.1 I42.6 K29.2 K70.0 K70.3 K70.9 T51 Z50.2 Z71.4 Z72.1",
        "265.2 291.1-291.3 291.5-291.9 303.0 303.9 305.0 357.5 425.5 535.3 571.0-571.3 980 V11.3",
    ),
    Group(
        "drug", "Drug abuse",
        "F11-F16 F18 F19 Z71.5 Z72.2",
        "292 304 305.2-305.9 V65.42",
    ),
    Group(
        "psychoses", "Psychosis",
        "F20 F22-F25 F28 F29 F30.2 F31.2 F31.5",
        "293.8 295 296.04 296.14 296.44 296.54 297 298",
    ),
    Group(
        "depression", "Depression",
        "F20.4 F31.3-F31.5 F32 F33 F34.1 F41.2 F43.2",
        "296.2 296.3 296.5 300.4 309 311",
    ),
)  # fmt: skip

VAN_WALRAVEN: Final = {
    "heart_failure": 7, "arrhythmia": 5, "valvular": -1, "pulmonary_circulation": 4, "peripheral_vascular": 2, "hypertension": 0,
    "hypertension_complicated": 0, "paralysis": 7, "other_neurological": 6, "chronic_pulmonary": 3, "diabetes": 0, "diabetes_complicated": 0,
    "hypothyroidism": 0, "renal_failure": 5, "liver": 11, "peptic_ulcer": 0, "aids": 0, "lymphoma": 9, "metastatic": 12, "solid_tumour": 4,
    "rheumatoid": 0, "coagulopathy": 3, "obesity": -4, "weight_loss": 6, "fluid_electrolyte": 5, "blood_loss_anaemia": -2, "deficiency_anaemia": -2,
    "alcohol": 0, "drug": -7, "psychoses": 0, "depression": -3,
}  # fmt: skip
SUPERSEDED: Final = {"hypertension": "hypertension_complicated", "diabetes": "diabetes_complicated", "solid_tumour": "metastatic"}
"""The milder of a pair does not count beside the severer."""
