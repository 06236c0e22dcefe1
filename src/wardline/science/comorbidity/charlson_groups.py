"""The 17 groups of Charlson's index with their codes, and what each weighs.

Codes: Quan H et al. Med Care 2005;43:1130-9, enhanced lists (not read here; a public package and the University of Calgary's own code
have the same ICD-10 in 17 of 17 groups; ICD-9-CM as one public package has it). ICD-10 is the WHO's: F00, E12, E14 and C97 do not exist
in ICD-10-CM. Weights: Charlson ME et al. J Chronic Dis 1987;40:373-83, and Quan H et al. Am J Epidemiol 2011;173:676-82 (citations not
read here; two R packages agree. A Python package that weighs AIDS with 2 is wrong).
"""

from typing import Final

from wardline.science.comorbidity.groups import Group

CHARLSON: Final = (
    Group(
        "myocardial_infarction", "Myocardial infarction",
        "I21 I22 I25.2",
        "410 412",
    ),
    Group(
        "heart_failure", "Congestive heart failure",
        "I09.9 I11.0 I13.0 I13.2 I25.5 I42.0 I42.5-I42.9 I43 I50 P29.0",
        "398.91 402.01 402.11 402.91 404.01 404.03 404.11 404.13 404.91 404.93 425.4-425.9 428",
    ),
    Group(
        "peripheral_vascular", "Peripheral vascular disease",
        "I70 I71 I73.1 I73.8 I73.9 I77.1 I79.0 I79.2 K55.1 K55.8 K55.9 Z95.8 Z95.9",
        "093.0 437.3 440 441 443.1-443.9 447.1 557.1 557.9 V43.4",
    ),
    Group(
        "cerebrovascular", "Cerebrovascular disease",
        "G45 G46 H34.0 I60-I69",
        "362.34 430-438",
    ),
    Group(
        "dementia", "Dementia",
        "F00-F03 F05.1 G30 G31.1",
        "290 294.1 331.2",
    ),
    Group(
        "chronic_pulmonary", "Chronic pulmonary disease",
        "I27.8 I27.9 J40-J47 J60-J67 J68.4 J70.1 J70.3",
        "416.8 416.9 490-505 506.4 508.1 508.8",
    ),
    Group(
        "rheumatic", "Rheumatic disease",
        "M05 M06 M31.5 M32-M34 M35.1 M35.3 M36.0",
        "446.5 710.0-710.4 714.0-714.2 714.8 725",
    ),
    Group(
        "peptic_ulcer", "Peptic ulcer",
        "K25-K28",
        "531-534",
    ),
    Group(
        "mild_liver", "Mild liver disease",
        "B18 K70.0-K70.3 K70.9 K71.3-K71.5 K71.7 K73 K74 K76.0 K76.2-K76.4 K76.8 K76.9 Z94.4",
        "070.22 070.23 070.32 070.33 070.44 070.54 070.6 070.9 570 571 573.3 573.4 573.8 573.9 V42.7",
    ),
    Group(
        "diabetes", "Diabetes without chronic complication",
        "E10.0 E10.1 E10.6 E10.8 E10.9 E11.0 E11.1 E11.6 E11.8 E11.9 E12.0 E12.1 E12.6 E12.8 E12.9 E13.0 E13.1 E13.6 E13.8 E13.9 E14.0 E14.1 E14.6 "
        "E14.8 E14.9",
        "250.0-250.3 250.8 250.9",
    ),
    Group(
        "diabetes_complicated", "Diabetes with chronic complication",
        "E10.2-E10.5 E10.7 E11.2-E11.5 E11.7 E12.2-E12.5 E12.7 E13.2-E13.5 E13.7 E14.2-E14.5 E14.7",
        "250.4-250.7",
    ),
    Group(
        "paralysis", "Hemiplegia or paraplegia",
        "G04.1 G11.4 G80.1 G80.2 G81 G82 G83.0-G83.4 G83.9",
        "334.1 342 343 344.0-344.6 344.9",
    ),
    Group(
        "renal", "Renal disease",
        "I12.0 I13.1 N03.2-N03.7 N05.2-N05.7 N18 N19 N25.0 Z49.0-Z49.2 Z94.0 Z99.2",
        "403.01 403.11 403.91 404.02 404.03 404.12 404.13 404.92 404.93 582 583.0-583.7 585 586 588.0 V42.0 V45.1 V56",
    ),
    Group(
        "malignancy", "Malignancy, leukaemia and lymphoma included, skin not",
        "C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C81-C85 C88 C90-C97",
        "140-172 174-195 200-208 238.6",
    ),
    Group(
        "severe_liver", "Moderate or severe liver disease",
        "I85.0 I85.9 I86.4 I98.2 K70.4 K71.1 K72.1 K72.9 K76.5-K76.7",
        "456.0-456.2 572.2-572.8",
    ),
    Group(
        "metastatic", "Metastatic solid tumour",
        "C77-C80",
        "196-199",
    ),
    Group(
        "aids", "AIDS or HIV",
        "B20-B22 B24",
        "042-044",
    ),
)  # fmt: skip

WEIGHTS_1987: Final = {
    "myocardial_infarction": 1, "heart_failure": 1, "peripheral_vascular": 1, "cerebrovascular": 1, "dementia": 1, "chronic_pulmonary": 1,
    "rheumatic": 1, "peptic_ulcer": 1, "mild_liver": 1, "diabetes": 1, "diabetes_complicated": 2, "paralysis": 2, "renal": 2, "malignancy": 2,
    "severe_liver": 3, "metastatic": 6, "aids": 6,
}  # fmt: skip
WEIGHTS_2011: Final = {
    "myocardial_infarction": 0, "heart_failure": 2, "peripheral_vascular": 0, "cerebrovascular": 0, "dementia": 2, "chronic_pulmonary": 1,
    "rheumatic": 1, "peptic_ulcer": 0, "mild_liver": 2, "diabetes": 0, "diabetes_complicated": 1, "paralysis": 2, "renal": 1, "malignancy": 2,
    "severe_liver": 4, "metastatic": 6, "aids": 4,
}  # fmt: skip
SUPERSEDED: Final = {"mild_liver": "severe_liver", "diabetes": "diabetes_complicated", "malignancy": "metastatic"}
"""The milder of a pair does not count beside the severer."""
