"""The words of a measurement report: how each kind of measurement, its unit and its place are coded in DICOM."""

from typing import Final, NamedTuple

from pydicom.sr.coding import Code

from wardline.core.codings import Coding

# Codes: PS3.16 CID 7464 (derivations), 7466 (uptake), 7469 (intensity and size), 7474 (methods) as pydicom carries them; the way they are put
# together as in the PET report published with dcmqi, which was read. Standing: verified, these two agree.
# CID 85: the unit says which standardised uptake value it is. Written with the annotation first, as UCUM reads and that report has it.
SUV: Final = {
    "{SUVbw}g/ml": (Code("126401", "DCM", "SUVbw"), Code("{SUVbw}g/ml", "UCUM", "Standardized Uptake Value body weight")),
    "{SUVlbm}g/ml": (Code("126402", "DCM", "SUVlbm"), Code("{SUVlbm}g/ml", "UCUM", "Standardized Uptake Value lean body mass (James)")),
    "{SUVlbm(James128)}g/ml": (
        Code("126406", "DCM", "SUVlbm(James128)"),
        Code("{SUVlbm(James128)}g/ml", "UCUM", "Standardized Uptake Value lean body mass (James 128 multiplier)"),
    ),
    "{SUVlbm(Janma)}g/ml": (
        Code("126405", "DCM", "SUVlbm(Janma)"), Code("{SUVlbm(Janma)}g/ml", "UCUM", "Standardized Uptake Value lean body mass (Janma)"),
    ),
    "{SUVbsa}cm2/ml": (Code("126403", "DCM", "SUVbsa"), Code("{SUVbsa}cm2/ml", "UCUM", "Standardized Uptake Value body surface area")),
    "{SUVibw}g/ml": (Code("126404", "DCM", "SUVibw"), Code("{SUVibw}g/ml", "UCUM", "Standardized Uptake Value ideal body weight")),
}  # fmt: skip
UNITS: Final = {
    "ml": "milliliter", "cm3": "cubic centimeter", "mm3": "cubic millimeter", "mm": "millimeter", "cm": "centimeter", "mm2": "square millimeter",
    "g": "gram", "[hnsf'U]": "Hounsfield unit", "Bq/ml": "Becquerels/milliliter", "%": "percent", "1": "no units", "{ratio}": "ratio",
}  # fmt: skip
MEAN: Final = Code("373098007", "SCT", "Mean")
MAXIMUM: Final = Code("56851009", "SCT", "Maximum")
MINIMUM: Final = Code("255605001", "SCT", "Minimum")
DEVIATION: Final = Code("386136009", "SCT", "Standard Deviation")
PEAK: Final = Code("126031", "DCM", "Peak Value Within ROI")
VOLUME: Final = Code("118565006", "SCT", "Volume")
VOXEL_SUM: Final = Code("126030", "DCM", "Sum of segmented voxel volumes")
ATTENUATION: Final = Code("112031", "DCM", "Attenuation Coefficient")


class Concept(NamedTuple):
    """How one kind of measurement is coded. `name` None: by the kind of uptake value, which its unit tells."""

    name: Code | None
    derivation: Code | None = None
    method: Code | None = None


MEASUREMENTS: Final = {
    "suv_max": Concept(None, MAXIMUM), "suv_mean": Concept(None, MEAN), "suv_min": Concept(None, MINIMUM),
    "suv_sd": Concept(None, DEVIATION), "suv_peak": Concept(None, PEAK),
    "sul_max": Concept(None, MAXIMUM), "sul_mean": Concept(None, MEAN), "sul_peak": Concept(None, PEAK),
    "mtv": Concept(Code("126032", "DCM", "Metabolic Volume"), method=VOXEL_SUM),
    "tlg": Concept(Code("126033", "DCM", "Total Lesion Glycolysis")),
    "volume": Concept(VOLUME, method=VOXEL_SUM),
    "long_axis": Concept(Code("103339001", "SCT", "Long axis")), "short_axis": Concept(Code("103340004", "SCT", "Short axis")),
    "diameter": Concept(Code("81827009", "SCT", "Diameter")),
    "attenuation_mean": Concept(ATTENUATION, MEAN), "attenuation_max": Concept(ATTENUATION, MAXIMUM),
    "attenuation_min": Concept(ATTENUATION, MINIMUM), "attenuation_sd": Concept(ATTENUATION, DEVIATION),
}  # fmt: skip
LESION: Final = (Coding("52988006", "snomed"), "Lesion")
PET_REPORT: Final = Code("126003", "DCM", "PET Measurement Report")
REPORT: Final = Code("126000", "DCM", "Imaging Measurement Report")
"""CID 7021."""
IMAGING: Final = Code("363679005", "SCT", "Imaging procedure")
"""CID 100: the least that can be said of what was done."""
SIDES: Final = {"left": Code("7771000", "SCT", "Left"), "right": Code("24028007", "SCT", "Right"), "both": Code("51440002", "SCT", "Bilateral")}
"""CID 244."""
