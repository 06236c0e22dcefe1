"""PET series whose truth is known, as the scanners of different makers would write them: for tests, the demo and the SUV agreement table.

The way there is physics, not the SUV rules: a spot of known uptake holds SUV * dose / weight of activity at the injection, which then decays;
what is stored is what a scanner would have measured or corrected, in its units, with its clocks.
"""

import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    EnhancedPETImageStorage,
    ExplicitVRLittleEndian,
    LegacyConvertedEnhancedPETImageStorage,
    PositronEmissionTomographyImageStorage,
    generate_uid,
)

SHAPE: Final = (6, 8, 8)
SPACING: Final = (4.0, 4.0, 4.0)
CORRECTED: Final = ("NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN")
PRIVATE: Final = {
    "PhilipsSUV": (0x7053, "Philips PET Private Group", 0x00, "DS"),
    "PhilipsActivity": (0x7053, "Philips PET Private Group", 0x09, "DS"),
    "ForeignFactor": (0x7053, "ANOTHER MAKER", 0x00, "DS"),
    "GEScan": (0x0009, "GEMS_PETD_01", 0x0D, "DT"),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A person, an injection and a scan in two bed positions."""

    weight_kg: float = 70.0
    height_m: float = 1.75
    sex: str = "F"
    dose_bq: float = 3.5e8
    half_life: float = 6586.2
    injected_at: datetime = field(default_factory=lambda: datetime(2025, 3, 1, 10, 0))  # noqa: DTZ001 - DICOM's times are local
    waited: timedelta = timedelta(minutes=60)
    bed: timedelta = timedelta(seconds=180)

    @property
    def start(self) -> datetime:
        return self.injected_at + self.waited

    def acquired_at(self, place: int) -> datetime:
        return self.start + self.bed * (place * 2 // SHAPE[0])

    def left(self, moment: datetime) -> float:
        """The part of the activity that is left."""
        return math.exp(-math.log(2.0) / self.half_life * (moment - self.injected_at).total_seconds())


def truth() -> NDArray[np.float64]:
    """SUVbw: 0.2 around, 1.0 in a block, 4.0 in a spot."""
    suv = np.full(SHAPE, 0.2)
    suv[:, 2:6, 2:6] = 1.0
    suv[2:4, 3:5, 3:5] = 4.0
    return suv


@dataclass(frozen=True, slots=True)
class Style:
    """How a maker writes it down."""

    decay: str = "START"
    slope_per_slice: bool = True
    in_units_of: float = 1.0
    """Bq/ml of one unit of the numbers; 0 where they are SUV."""
    suv_times: float = 1.0
    """Where they are SUV: of another kind than by weight."""
    tags: Mapping[str, Any] = field(default_factory=dict)
    """What stands instead; a function of the slice's place where it differs from slice to slice."""
    drug: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def pet_series(scan: Scan | None = None, style: Style | None = None) -> list[Dataset]:
    """One file per slice."""
    scan, style = scan or Scan(), style or Style()
    told = (repr(scan), style.decay, repr(sorted(style.tags)), repr(style.drug), repr(style.without), str(style.in_units_of), str(style.suv_times))
    uid = generate_uid(entropy_srcs=["wardline pet series", *told])
    return [_image(scan, style, place, uid) for place in range(SHAPE[0])]


def measured(scan: Scan, place: int, decay: str) -> NDArray[np.float64]:
    """Bq/ml of a slice as the scanner states it under its kind of decay correction."""
    return np.asarray(truth()[place] * (scan.dose_bq / (scan.weight_kg * 1000.0) * _stated(scan, place, decay)))


def _stated(scan: Scan, place: int, decay: str) -> float:
    """The part of the activity at injection that is stated."""
    if decay == "ADMIN":
        return 1.0
    if decay == "START":
        return scan.left(scan.start)
    # Uncorrected: the mean over the frame, here by adding up short pieces rather than by the closed formula.
    seconds = scan.bed.total_seconds()
    pieces = (np.arange(20_000) + 0.5) * seconds / 20_000
    return scan.left(scan.acquired_at(place)) * float(np.exp(-math.log(2.0) / scan.half_life * pieces).mean())


def enhanced(series: list[Dataset], scan: Scan | None = None, *, legacy: bool = False, mapped: str = "Bq/ml", corrected: str = "YES") -> Dataset:
    """The same series as one multi-frame object: Enhanced PET, or what a converter makes of old images. `mapped`: the mapping's unit, or ""."""
    scan = scan or Scan()
    whole = _copied(series[0], LegacyConvertedEnhancedPETImageStorage if legacy else EnhancedPETImageStorage)
    whole.NumberOfFrames = len(series)
    whole.PixelData = b"".join(each.PixelData for each in series)
    whole.PerFrameFunctionalGroupsSequence = [_frame(each, legacy=legacy, mapped=mapped) for each in series]
    shared = Dataset()
    shared.PixelMeasuresSequence = [_item(PixelSpacing=list(SPACING[1:]), SliceThickness=SPACING[0])]
    shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]
    whole.SharedFunctionalGroupsSequence = [shared]
    moved = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness", "RescaleSlope", "RescaleIntercept")
    old = ("Units", "CorrectedImage", "DecayCorrection", "SUVType", "AcquisitionDate", "AcquisitionTime", "FrameReferenceTime", "ActualFrameDuration")
    for keyword in moved + (("AcquisitionDate", "AcquisitionTime", "FrameReferenceTime") if legacy else old):
        if keyword in whole:
            delattr(whole, keyword)
    if not legacy:
        whole.AttenuationCorrected, whole.DecayCorrected = "YES", corrected
        if corrected == "YES":
            whole.DecayCorrectionDateTime = _dt(scan.start)
    return whole


def _image(scan: Scan, style: Style, place: int, uid: str) -> Dataset:
    values = _numbers(scan, style, place)
    highest = values.max() if style.slope_per_slice else max(_numbers(scan, style, each).max() for each in range(SHAPE[0]))
    slope = float(f"{highest / 32_000:.9g}")
    image = _header(scan, place, uid, style.decay, slope)
    image.PixelData = np.round(values / slope).astype("<i2").tobytes()
    image.RadiopharmaceuticalInformationSequence = [_drug(scan, style)]
    for keyword, value in style.tags.items():
        _set(image, keyword, value(place) if callable(value) else value)
    for keyword in style.without:
        if keyword in image:
            delattr(image, keyword)
    return image


def _numbers(scan: Scan, style: Style, place: int) -> NDArray[np.float64]:
    values = truth()[place] * style.suv_times if style.in_units_of == 0 else measured(scan, place, style.decay) / style.in_units_of
    return np.asarray(values, np.float64)


def _header(scan: Scan, place: int, uid: str, decay: str, slope: float) -> Dataset:
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID = PositronEmissionTomographyImageStorage, generate_uid(entropy_srcs=[uid, str(place)])
    image.StudyInstanceUID = image.FrameOfReferenceUID = generate_uid(entropy_srcs=[uid, "study"])
    image.SeriesInstanceUID, image.Modality, image.Manufacturer = uid, "PT", "SIEMENS"
    image.SeriesDescription = "PET of known uptake"
    image.PatientName, image.PatientID, image.PatientSex = "PHANTOM", "PHANTOM", scan.sex
    image.PatientWeight, image.PatientSize = scan.weight_kg, scan.height_m
    acquired = scan.acquired_at(place)
    image.StudyDate = image.SeriesDate = f"{scan.start:%Y%m%d}"
    image.StudyTime = image.SeriesTime = f"{scan.start:%H%M%S.%f}"
    image.AcquisitionDate, image.AcquisitionTime = f"{acquired:%Y%m%d}", f"{acquired:%H%M%S.%f}"
    image.ActualFrameDuration = int(scan.bed.total_seconds() * 1000)
    image.FrameReferenceTime = float(f"{((acquired - scan.start).total_seconds() + _mean_moment(scan)) * 1000:.6f}")
    image.InstanceNumber, image.NumberOfSlices = place + 1, SHAPE[0]
    image.Units, image.DecayCorrection = "BQML", decay
    image.CorrectedImage = [each for each in CORRECTED if decay != "NONE" or each != "DECY"]
    image.ImageOrientationPatient, image.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-16.0, -16.0, place * SPACING[0]]
    image.PixelSpacing, image.SliceThickness = list(SPACING[1:]), SPACING[0]
    image.Rows, image.Columns, image.SamplesPerPixel, image.PhotometricInterpretation = SHAPE[1], SHAPE[2], 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
    image.RescaleSlope, image.RescaleIntercept = slope, 0.0
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID, image.file_meta.MediaStorageSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return image


def _drug(scan: Scan, style: Style) -> Dataset:
    item = _item(
        Radiopharmaceutical="FDG", RadionuclideTotalDose=scan.dose_bq, RadionuclideHalfLife=scan.half_life,
        RadiopharmaceuticalStartDateTime=_dt(scan.injected_at), RadiopharmaceuticalStartTime=f"{scan.injected_at:%H%M%S}",
    )  # fmt: skip
    for keyword, value in style.drug.items():
        setattr(item, keyword, value)
    for keyword in style.without:
        if keyword in item:
            delattr(item, keyword)
    return item


def _mean_moment(scan: Scan) -> float:
    """Into the frame at which the activity is its average, found by halving intervals: another way than the closed formula."""
    constant, seconds = math.log(2.0) / scan.half_life, scan.bed.total_seconds()
    mean = float(np.exp(-constant * (np.arange(20_000) + 0.5) * seconds / 20_000).mean())
    low, high = 0.0, seconds
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if math.exp(-constant * middle) > mean else (low, middle)
    return low


def _set(image: Dataset, keyword: str, value: object) -> None:
    """A keyword, or a private factor of Philips or GE by name."""
    if keyword not in PRIVATE:
        setattr(image, keyword, value)
        return
    group, creator, element, vr = PRIVATE[keyword]
    image.private_block(group, creator, create=True).add_new(element, vr, value)


def _frame(image: Dataset, *, legacy: bool, mapped: str) -> Dataset:
    frame = Dataset()
    frame.PlanePositionSequence = [_item(ImagePositionPatient=image.ImagePositionPatient)]
    rescale = _item(RescaleSlope=image.RescaleSlope, RescaleIntercept=0.0, RescaleType=image.Units)
    frame.PixelValueTransformationSequence = [rescale]
    if legacy:
        names = ("AcquisitionDate", "AcquisitionTime", "FrameReferenceTime", "ActualFrameDuration")
        frame.UnassignedPerFrameConvertedAttributesSequence = [_item(**{each: image.get(each) for each in names if each in image})]
        return frame
    duration = float(image.ActualFrameDuration)
    frame.FrameContentSequence = [_item(FrameAcquisitionDateTime=image.AcquisitionDate + image.AcquisitionTime, FrameAcquisitionDuration=duration)]
    if mapped:
        code = "CodeValue" if len(mapped) <= 16 else "LongCodeValue"  # PS3.3 8.1: what is too long for an SH
        unit = _item(**{code: mapped}, CodingSchemeDesignator="UCUM", CodeMeaning=mapped)
        mapping = _item(RealWorldValueSlope=float(image.RescaleSlope), RealWorldValueIntercept=0.0, MeasurementUnitsCodeSequence=[unit])
        frame.RealWorldValueMappingSequence = [mapping]
    return frame


def _copied(image: Dataset, sop_class: str) -> Dataset:
    whole = deepcopy(image)
    whole.SOPClassUID, whole.SOPInstanceUID = sop_class, generate_uid(entropy_srcs=[str(image.SOPInstanceUID), sop_class])
    whole.file_meta = FileMetaDataset()
    whole.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    whole.file_meta.MediaStorageSOPClassUID, whole.file_meta.MediaStorageSOPInstanceUID = whole.SOPClassUID, whole.SOPInstanceUID
    return whole


def _item(**values: Any) -> Dataset:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def _dt(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S.%f}"
