"""What the set's parameters are called in LOINC and in which unit they are sent.

Names and units follow the challenge's page. Each is sent with the set's own name as the alternate code, so that invasive and
non-invasive pressures, which share a concept here, can be told apart. Three kinds keep only their own name and wait on the
feeds page for somebody to map them: what the vocabulary has no concept for, Age, and magnesium. The page gives magnesium in
mmol/L, but half of the values are 2.0 or more (fifth to ninety-fifth percentile of set A: 1.4 to 2.7), which is usual in mg/dL
and would be three times too much in mmol/L. We do not decide that: it is sent without a unit and is never scored.
"""

from typing import Final, NamedTuple

SYSTEM: Final = "99CINC2012"
"""Coding system of the set's own names (HL7 table 0396: local codes begin with 99)."""


class Parameter(NamedTuple):
    """`title` says it in words, `loinc` is empty where only the set's own name is sent, `unit` is UCUM."""

    name: str
    title: str
    loinc: str = ""
    unit: str = ""

    @property
    def code(self) -> str:
        """OBX-3."""
        return f"{self.loinc}^{self.title}^LN^{self.name}^^{SYSTEM}" if self.loinc else f"{self.name}^{self.title}^{SYSTEM}"


# LOINC codes: reference listing, confirmed; troponins are the conventional assays, which are not interchangeable with the
# high-sensitivity ones and have no concept here. Specimens the page does not name: bilirubin is taken as total, lactate as plasma.
_TABLE: Final = (
    ("Age", "Age in years", "", "a"),
    ("Height", "Height", "8302-2", "cm"),
    ("Weight", "Weight", "29463-7", "kg"),
    ("Albumin", "Albumin", "1751-7", "g/dL"),
    ("ALP", "Alkaline phosphatase", "6768-6", "[IU]/L"),
    ("ALT", "Alanine transaminase", "1742-6", "[IU]/L"),
    ("AST", "Aspartate transaminase", "1920-8", "[IU]/L"),
    ("Bilirubin", "Bilirubin", "1975-2", "mg/dL"),
    ("BUN", "Blood urea nitrogen", "3094-0", "mg/dL"),
    ("Cholesterol", "Cholesterol", "2093-3", "mg/dL"),
    ("Creatinine", "Serum creatinine", "2160-0", "mg/dL"),
    ("DiasABP", "Invasive diastolic arterial blood pressure", "8462-4", "mm[Hg]"),
    ("FiO2", "Fraction of inspired oxygen", "71835-3", "1"),
    ("GCS", "Glasgow coma scale, total", "9269-2", "{score}"),
    ("Glucose", "Serum glucose", "2345-7", "mg/dL"),
    ("HCO3", "Serum bicarbonate", "1963-8", "mmol/L"),
    ("HCT", "Haematocrit", "4544-3", "%"),
    ("HR", "Heart rate", "8867-4", "/min"),
    ("K", "Serum potassium", "2823-3", "meq/L"),
    ("Lactate", "Lactate", "2524-7", "mmol/L"),
    ("Mg", "Serum magnesium", "", ""),
    ("MAP", "Invasive mean arterial blood pressure", "8478-0", "mm[Hg]"),
    ("MechVent", "Mechanical ventilation", "", ""),
    ("Na", "Serum sodium", "2951-2", "meq/L"),
    ("NIDiasABP", "Non-invasive diastolic arterial blood pressure", "8462-4", "mm[Hg]"),
    ("NIMAP", "Non-invasive mean arterial blood pressure", "8478-0", "mm[Hg]"),
    ("NISysABP", "Non-invasive systolic arterial blood pressure", "8480-6", "mm[Hg]"),
    ("PaCO2", "Arterial carbon dioxide", "2019-8", "mm[Hg]"),
    ("PaO2", "Arterial oxygen", "2703-7", "mm[Hg]"),
    ("pH", "Arterial pH", "2744-1", "[pH]"),
    ("Platelets", "Platelets", "777-3", "10*9/L"),
    ("RespRate", "Respiratory rate", "9279-1", "/min"),
    ("SaO2", "Oxygen saturation of haemoglobin", "2708-6", "%"),
    ("SysABP", "Invasive systolic arterial blood pressure", "8480-6", "mm[Hg]"),
    ("Temp", "Temperature", "8310-5", "Cel"),
    ("TroponinI", "Troponin I", "10839-9", "ug/L"),
    ("TroponinT", "Troponin T", "6598-7", "ug/L"),
    ("Urine", "Urine output", "9187-6", "mL"),
    ("WBC", "White blood cells", "6690-2", "10*9/L"),
)  # fmt: skip

PARAMETERS: Final[dict[str, Parameter]] = {row[0]: Parameter(*row) for row in _TABLE}

UNITS: Final = {
    "1": ("CCU", "Coronary Care Unit"),
    "2": ("CSRU", "Cardiac Surgery Recovery Unit"),
    "3": ("MICU", "Medical ICU"),
    "4": ("SICU", "Surgical ICU"),
}
"""ICUType, as the challenge's page names them."""
SEXES: Final = {"0": "F", "1": "M", "-1": "U"}
