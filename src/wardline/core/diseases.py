"""Diseases and states that scores and rules ask about, each with the codes by which a record says that the patient has it.

A record that does not name a disease does not say that the patient is free of it: `has(...)` is then missing, never "no".
ICD-10 and ICD-9-CM entries are matched by their beginning, without the dot; SNOMED CT codes exactly, without their descendants.
The code lists are our own reading of the classifications' chapter titles and provisional: a site's coding practice decides.
"""

from dataclasses import dataclass
from typing import Final

from wardline.core.codings import system_of


@dataclass(frozen=True, slots=True, eq=False)
class Disease:
    """An entry. `within_days`: for states that pass (a pregnancy), how long after it was stated it still counts."""

    id: str
    name: str
    icd10: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    icd9: tuple[str, ...] = ()
    within_days: int | None = None

    def includes(self, code: str, system: str) -> bool:
        """Whether a code of this system names it. A code without a system is taken for ICD-10 where it looks like one."""
        match system_of(system):
            case "icd10":
                return bool(self.icd10) and _bare(code).startswith(self.icd10)
            case "icd9":
                return bool(self.icd9) and _bare(code).startswith(self.icd9)
            case "snomed":
                return code in self.snomed
            case "":
                return bool(self.icd10) and code[:1].isalpha() and code[1:2].isdigit() and _bare(code).startswith(self.icd10)
            case _:
                return False


def _bare(code: str) -> str:
    return code.replace(".", "").upper()


HYPERTENSION = Disease(
    "hypertension", "Hypertension", ("I10", "I11", "I12", "I13", "I15"), ("38341003", "59621000"), ("401", "402", "403", "404", "405")
)
DIABETES = Disease(
    "diabetes", "Diabetes mellitus", ("E08", "E09", "E10", "E11", "E12", "E13", "E14"), ("73211009", "44054006", "46635009"), ("249", "250"),
)  # fmt: skip
HEART_FAILURE = Disease("heart_failure", "Heart failure", ("I50", "I110", "I130", "I132"), ("84114007", "42343007"), ("428",))
ATRIAL_FIBRILLATION = Disease("atrial_fibrillation", "Atrial fibrillation or flutter", ("I48",), ("49436004", "5370000"), ("4273",))
STROKE = Disease("stroke", "Ischaemic stroke or transient ischaemic attack", ("I63", "I64", "G45"), ("230690007", "266257000"), ("434", "435"))
HAEMORRHAGIC_STROKE = Disease("haemorrhagic_stroke", "Intracranial haemorrhage", ("I60", "I61", "I62"), ("274100004",), ("430", "431", "432"))
MYOCARDIAL_INFARCTION = Disease("myocardial_infarction", "Myocardial infarction", ("I21", "I22", "I252"), ("22298006",), ("410", "412"))
CORONARY_DISEASE = Disease(
    "coronary_disease", "Coronary artery disease", ("I20", "I21", "I22", "I24", "I25"), ("53741008",), ("410", "411", "412", "413", "414")
)
PERIPHERAL_ARTERY_DISEASE = Disease(
    "peripheral_artery_disease", "Peripheral artery disease", ("I70", "I731", "I738", "I739"), ("399957001",), ("440", "4439")
)
VENOUS_THROMBOEMBOLISM = Disease(
    "venous_thromboembolism", "Venous thromboembolism", ("I26", "I801", "I802", "I803", "I82"), ("59282003", "128053003"), ("4151", "4511", "4534"),
)  # fmt: skip
COPD = Disease("copd", "Chronic obstructive pulmonary disease", ("J41", "J42", "J43", "J44"), ("13645005",), ("491", "492", "496"))
ASTHMA = Disease("asthma", "Asthma", ("J45", "J46"), ("195967001",), ("493",))
CHRONIC_KIDNEY_DISEASE = Disease("chronic_kidney_disease", "Chronic kidney disease", ("N18", "I12", "I13"), ("709044004",), ("585", "403", "404"))
LIVER_CIRRHOSIS = Disease(
    "liver_cirrhosis", "Cirrhosis of the liver", ("K703", "K743", "K744", "K745", "K746"), ("19943007",), ("5712", "5715", "5716")
)
BREASTFEEDING = Disease("breastfeeding", "Breastfeeding", ("Z391",), ("413712001",), ("V241",), within_days=365)
CANCER = Disease(
    "cancer", "Malignant neoplasm", tuple(f"C{number:02d}" for number in range(98) if number != 44), ("363346000",),
    tuple(str(number) for number in range(140, 209) if number != 173),
)  # fmt: skip  # without non-melanoma skin cancer (C44, 173)
METASTATIC_CANCER = Disease("metastatic_cancer", "Metastatic cancer", ("C77", "C78", "C79", "C80"), ("128462008",), ("196", "197", "198", "199"))
DEMENTIA = Disease("dementia", "Dementia", ("F00", "F01", "F02", "F03", "G30"), ("52448006", "26929004"), ("290", "3310"))
# B20-B22, B24 and C81-C96: the ranges of MIT-LCP mimic-code, sapsii.sql (read).
AIDS = Disease("aids", "AIDS", ("B20", "B21", "B22", "B24"), ("62479008",), ("042", "043", "044"))
HAEMATOLOGICAL_MALIGNANCY = Disease(
    "haematological_malignancy", "Leukaemia, lymphoma or myeloma", tuple(f"C{number}" for number in range(81, 97)), (),
    ("200", "201", "202", "203", "204", "205", "206", "207", "208"),
)  # fmt: skip
CHRONIC_HEPATITIS = Disease("chronic_hepatitis", "Chronic hepatitis", ("K73", "B18"), (), ("5714",))
THROMBOPHILIA = Disease("thrombophilia", "Thrombophilia", ("D685", "D686"), ("234467004",), ("28981",))
INFLAMMATORY_BOWEL_DISEASE = Disease(
    "inflammatory_bowel_disease", "Inflammatory bowel disease", ("K50", "K51"), ("34000006", "64766004"), ("555", "556")
)
EPILEPSY = Disease("epilepsy", "Epilepsy", ("G40", "G41"), ("84757009",), ("345",))
PARKINSON = Disease("parkinson", "Parkinson's disease", ("G20",), ("49049000",), ("3320",))
PEPTIC_ULCER = Disease("peptic_ulcer", "Peptic ulcer", ("K25", "K26", "K27", "K28"), ("13200003",), ("531", "532", "533", "534"))
GOUT = Disease("gout", "Gout", ("M10",), ("90560007",), ("274",))
GLAUCOMA = Disease("glaucoma", "Glaucoma", ("H40", "H42"), ("23986001",), ("365",))
OSTEOPOROSIS = Disease("osteoporosis", "Osteoporosis", ("M80", "M81", "M82"), ("64859006",), ("7330",))
UPPER_GI_BLEED = Disease(
    "upper_gi_bleed", "Upper gastrointestinal bleeding", ("K920", "K921", "K922", "K250", "K252", "K254", "K256", "K260", "K262", "K264", "K266"),
    ("37372002", "12847006"), ("578",),
)  # fmt: skip
PREGNANCY = Disease("pregnancy", "Pregnancy", ("Z33", "Z34", "O09", "Z3A", "Z321"), ("77386006",), ("V22", "V23"), within_days=294)
"""42 weeks after it was stated nobody is pregnant of it any more."""

ALL: Final[tuple[Disease, ...]] = tuple(each for each in list(vars().values()) if isinstance(each, Disease))
BY_ID: Final[dict[str, Disease]] = {disease.id: disease for disease in ALL}
