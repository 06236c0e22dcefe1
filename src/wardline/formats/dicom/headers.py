"""What a scanner wrote beside the pixels, looked up for one image of a file, wherever this kind of file keeps it.

An ordinary file holds one image and says everything at its top. An enhanced file holds a whole stack: what all images share stands in the
shared functional groups, what differs in the per-frame ones, nested one sequence deeper (PS3.3 C.7.6.16). Legacy converted files keep the
old attributes in "unassigned" sequences of the same groups (C.7.6.16.2.25 and .26). One look-up serves all three.
"""

import struct
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.valuerep import DSdecimal

KEPT: Final = (
    "SOPClassUID", "SeriesDescription", "InstanceNumber", "ImageType", "Manufacturer", "ManufacturerModelName", "StationName", "DeviceSerialNumber",
    "SoftwareVersions", "BodyPartExamined", "PatientPosition", "SliceThickness", "StudyDate", "StudyTime", "SeriesDate", "SeriesTime",
    "AcquisitionDate", "AcquisitionTime", "AcquisitionDateTime", "FrameAcquisitionDateTime", "TimezoneOffsetFromUTC", "RescaleSlope",
    "RescaleIntercept", "RescaleType", "KVP", "ConvolutionKernel", "ContrastBolusAgent",
)  # fmt: skip
PET: Final = (
    "PatientSex", "PatientSize", "PatientWeight", "Units", "SUVType", "CorrectedImage", "DecayCorrection", "DecayCorrected", "AttenuationCorrected",
    "DecayCorrectionDateTime", "DecayFactor", "FrameReferenceTime", "FrameAcquisitionDuration", "ActualFrameDuration", "DoseCalibrationFactor",
    "SeriesType", "ReconstructionMethod", "RandomsCorrectionMethod", "AttenuationCorrectionMethod", "ScatterCorrectionMethod",
)  # fmt: skip
RADIOPHARMACEUTICAL: Final = (
    "Radiopharmaceutical", "RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime", "RadiopharmaceuticalStopTime",
    "RadiopharmaceuticalStopDateTime", "RadionuclideTotalDose", "RadionuclideHalfLife",
)  # fmt: skip
UNREADABLE: Final = (
    ValueError, TypeError, ArithmeticError, AttributeError, NotImplementedError, OSError, EOFError, struct.error, BytesLengthException,
)  # fmt: skip
"""What pydicom raises for a value that is not what its representation allows ("abc" for a decimal number, three bytes for a short)."""
PRIVATE: Final = {
    "PhilipsSUVScaleFactor": (0x7053, 0x00, "Philips PET Private Group"),
    "PhilipsActivityConcentrationScaleFactor": (0x7053, 0x09, "Philips PET Private Group"),
    "GEScanDateTime": (0x0009, 0x0D, "GEMS_PETD_01"),
}
"""Group, element within the block, and private creator, as the IBSI SUV manual names them."""


def found(dataset: Dataset, keyword: str, frame: int | None = None) -> Any:
    """The value of a keyword for this image: at the top, else in the frame's groups, else in the shared ones.

    None when it is nowhere, or written so that it cannot be read: both leave the reader without it.
    """
    tag = _tag(keyword)
    for place in _places(dataset, frame):
        if tag in place and (value := _read(place, tag)) not in (None, ""):
            return value
    return None


def _read(place: Dataset, tag: BaseTag) -> Any:
    try:
        return place[tag].value
    except UNREADABLE:
        return None


def headers_of(dataset: Dataset, frame: int | None = None) -> dict[str, Any]:
    """What is needed to interpret the numbers of one image, as plain values by keyword."""
    keywords = KEPT + PET if found(dataset, "Modality") == "PT" else KEPT
    told = {each: value for each in keywords if (value := plain(found(dataset, each, frame))) is not None}
    return told | _pharmaceutical(dataset) | _private(dataset) | _quantity(dataset, frame)


def plain(value: Any) -> Any:
    """A value without pydicom's wrapping, so that it can be stored, compared and sent to another process."""
    if value is None or value == "":
        return None
    if isinstance(value, MultiValue | list | tuple):
        return tuple(plain(each) for each in value)
    if isinstance(value, float | DSdecimal):
        return float(value)
    if isinstance(value, int):
        return int(value)
    return str(value).strip() or None


@cache
def _tag(keyword: str) -> BaseTag:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise KeyError(keyword)
    return Tag(tag)


def _places(dataset: Dataset, frame: int | None) -> Iterator[Dataset]:
    yield dataset
    if frame is None:
        return
    for groups, number in (("PerFrameFunctionalGroupsSequence", frame), ("SharedFunctionalGroupsSequence", 0)):
        items = _items(dataset, groups)
        if number < len(items):
            for tag in items[number].keys():  # noqa: SIM118 - a dataset iterates over its elements and would read each
                inner = _read(items[number], tag)
                if isinstance(inner, Sequence) and len(inner):
                    yield inner[0]


def _items(dataset: Dataset, keyword: str) -> Sequence:
    value = _read(dataset, _tag(keyword)) if keyword in dataset else None
    return value if isinstance(value, Sequence) else Sequence()


def _pharmaceutical(dataset: Dataset) -> dict[str, Any]:
    """The one radiopharmaceutical that was given; a second one is told as such, because a dose could no longer be assigned."""
    given = found(dataset, "RadiopharmaceuticalInformationSequence", 0 if "SharedFunctionalGroupsSequence" in dataset else None)
    if not isinstance(given, Sequence) or not given:
        return {}
    told = {each: value for each in RADIOPHARMACEUTICAL if (value := plain(found(given[0], each))) is not None}
    for code in _items(given[0], "RadionuclideCodeSequence")[:1]:
        told["Radionuclide"] = plain(found(code, "CodeMeaning"))
    return told | ({"RadiopharmaceuticalsGiven": len(given)} if len(given) > 1 else {})


def _private(dataset: Dataset) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, (group, element, creator) in PRIVATE.items():
        if (value := plain(_private_value(dataset, group, element, creator))) is not None:
            told[name] = value
    return told


def _private_value(dataset: Dataset, group: int, element: int, creator: str) -> Any:
    """By its creator; where no creator reserved the block (de-identified files lose it), by the block's usual place."""
    for block in range(0x10, 0x100):
        if (group, block) in dataset and str(_read(dataset, Tag(group, block))).strip() == creator:
            return _text_or_value(dataset, group, (block << 8) + element)
    if any((group, block) in dataset for block in range(0x10, 0x100)):
        return None  # the group belongs to somebody else
    return _text_or_value(dataset, group, 0x1000 + element)


def _text_or_value(dataset: Dataset, group: int, element: int) -> Any:
    value = _read(dataset, Tag(group, element)) if (group, element) in dataset else None
    # In implicit VR an unknown private element arrives as bytes: decimal strings and date-times are ASCII (PS3.5 6.2).
    return value.decode("ascii", "replace").strip(" \0") if isinstance(value, bytes) else value


def _quantity(dataset: Dataset, frame: int | None) -> dict[str, Any]:
    """The unit of an enhanced image's numbers: its real world value mapping names it in UCUM (PS3.3 C.7.6.16.2.11)."""
    if frame is None:
        return {}
    unit, slope = found(dataset, "MeasurementUnitsCodeSequence", frame), found(dataset, "RealWorldValueSlope", frame)
    if not isinstance(unit, Sequence) or not unit or not isinstance(slope, int | float):
        return {}
    intercept = found(dataset, "RealWorldValueIntercept", frame)
    code = found(unit[0], "CodeValue") or found(unit[0], "LongCodeValue") or ""
    told = {"RealWorldUnit": _ucum(str(code)), "RealWorldValueSlope": float(slope)}
    return told | ({"RealWorldValueIntercept": float(intercept)} if isinstance(intercept, int | float) else {})


def _ucum(code: str) -> str:
    """One spelling of a unit: UCUM writes the litre both ways, and CID 85 was published with the annotation before and behind ("g/ml{SUVbw}")."""
    unit, brace, annotation = code.replace("/mL", "/ml").partition("{")
    return brace + annotation + unit if brace and annotation.endswith("}") else unit + brace + annotation
