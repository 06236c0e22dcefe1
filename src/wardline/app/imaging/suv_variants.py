"""The ways scanners write a PET series, and the ways they get it wrong: what SUV must make of each.

Every series holds the same truth (0.2, 1.0 and 4.0 by body weight), written by the rules of physics in `simulator.pet_series`. Where a
header lacks or contradicts something, the right answer is a refusal that names the tag.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pydicom.dataset import Dataset

from wardline.simulator.pet_series import SPACING, Scan, Style, enhanced, pet_series

NIGHT: Final = Scan(injected_at=datetime(2025, 3, 1, 23, 20), waited=timedelta(minutes=70))  # noqa: DTZ001 - DICOM's times are local
OVER_MIDNIGHT: Final = Scan(injected_at=datetime(2025, 3, 1, 22, 59), waited=timedelta(minutes=59))  # noqa: DTZ001
GALLIUM: Final = Scan(half_life=4062.6, dose_bq=1.2e8, waited=timedelta(minutes=45))
ZIRCONIUM: Final = Scan(half_life=282_276.0, dose_bq=3.7e7, waited=timedelta(days=3))
MAN: Final = Scan(sex="M")
OTHER: Final = Scan(sex="O")
SIZES: Final = {
    ("M", "LBMJAMES128"): 56.52, ("F", "LBMJAMES128"): 51.22, ("O", "LBMJAMES128"): 53.87, ("M", "LBM"): 57.8, ("F", "LBM"): 51.22,
    ("M", "LBMJANMA"): 55.857, ("F", "LBMJANMA"): 45.197, ("M", "IBW"): 72.38, ("F", "IBW"): 66.43, ("O", "IBW"): 69.405,
    ("F", "BSA"): 1.8481,
}  # fmt: skip
"""Of a person of 70 kg and 175 cm, worked out by hand from the formulas: kg, and square metres for BSA."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of writing a series; `refused` is the tag a refusal must name, "" where the SUV must come out."""

    name: str
    scan: Scan = field(default_factory=Scan)
    style: Style = field(default_factory=Style)
    refused: str = ""
    told: str = ""
    """A word its warning must hold."""
    made: Callable[[list[Dataset], Scan], list[Dataset]] | None = None

    def series(self) -> list[Dataset]:
        images = pet_series(self.scan, self.style)
        return self.made(images, self.scan) if self.made else images


def _tags(**tags: Any) -> Style:
    return Style(tags=tags)


def _without(*keywords: str, **tags: Any) -> Style:
    return Style(without=keywords, tags=tags)


def _suv(suv_type: str, sex: str = "F") -> Style:
    """Numbers that are an SUV of another kind already."""
    times = SIZES[sex, suv_type] * 10_000.0 / 70_000.0 if suv_type == "BSA" else SIZES[sex, suv_type] / 70.0
    return Style(in_units_of=0, suv_times=times, tags={"Units": "CM2ML" if suv_type == "BSA" else "GML", "SUVType": suv_type})


def _later(scan: Scan, minutes: int) -> Mapping[str, Any]:
    """The series was written (or reconstructed) later than it was acquired."""
    return {"SeriesTime": f"{scan.start + timedelta(minutes=minutes):%H%M%S}"}


VOXEL_ML: Final = SPACING[0] * SPACING[1] * SPACING[2] / 1000.0
HERE: Final = Scan()
PER_SUV: Final = HERE.dose_bq / 70_000.0 * HERE.left(HERE.start)
"""Bq/ml at the scan's start of an SUV of 1."""
PHILIPS: Final = {"Manufacturer": "Philips Medical Systems", "Units": "CNTS"}
UTC_DRUG: Final = {"RadiopharmaceuticalStartDateTime": "20250301090000.000000+0000"}

VARIANTS: Final = (
    Variant("Siemens, BQML, a slope per slice"),
    Variant("one slope for all slices", style=Style(slope_per_slice=False)),
    Variant("GE, BQML", style=_tags(Manufacturer="GE MEDICAL SYSTEMS")),
    Variant("GE, series written later, private scan date-time",
            style=_tags(Manufacturer="GE MEDICAL SYSTEMS", GEScan="20250301110000.00", **_later(HERE, 40))),
    Variant("Philips, BQML", style=_tags(Manufacturer="Philips Medical Systems")),
    Variant("Philips, CNTS, SUV factor", style=Style(in_units_of=PER_SUV * 0.0005, tags={**PHILIPS, "PhilipsSUV": "0.0005"})),
    Variant("Philips, CNTS, activity factor", style=Style(in_units_of=1.6, tags={**PHILIPS, "PhilipsActivity": "1.6"})),
    Variant("Philips, CNTS, both factors", style=Style(in_units_of=PER_SUV * 0.0005, tags={**PHILIPS, "PhilipsSUV": "0.0005",
            "PhilipsActivity": f"{PER_SUV * 0.0005:.6f}"})),
    Variant("Philips, CNTS, SUV factor 0, activity factor",
            style=Style(in_units_of=1.6, tags={**PHILIPS, "PhilipsSUV": "0.0", "PhilipsActivity": "1.6"})),
    Variant("Philips, CNTS, both factors 0", style=_tags(**PHILIPS, PhilipsSUV="0.0", PhilipsActivity="0.0"), refused="(7053,1000)"),
    Variant("CNTS without a factor", style=_tags(Units="CNTS"), refused="(7053,1000)"),
    Variant("CNTS with another maker's private group", style=_tags(Units="CNTS", ForeignFactor="0.0005"), refused="(7053,1000)"),
    Variant("GML without SUV type", style=Style(in_units_of=0, tags={"Units": "GML"})),
    Variant("GML, BW", style=Style(in_units_of=0, tags={"Units": "GML", "SUVType": "BW"})),
    Variant("GML, lean mass James 128, man", MAN, _suv("LBMJAMES128", "M")),
    Variant("GML, lean mass James 128, woman", HERE, _suv("LBMJAMES128")),
    Variant("GML, lean mass James 128, sex O", OTHER, _suv("LBMJAMES128", "O")),
    Variant("GML, lean mass Morgan, man", MAN, _suv("LBM", "M")),
    Variant("GML, lean mass Janmahasatian, man", MAN, _suv("LBMJANMA", "M")),
    Variant("GML, lean mass Janmahasatian, woman", HERE, _suv("LBMJANMA")),
    Variant("GML, ideal weight, man", MAN, _suv("IBW", "M")),
    Variant("GML, ideal weight, sex O", OTHER, _suv("IBW", "O")),
    Variant("CM2ML, body surface", HERE, _suv("BSA")),
    Variant("GML that says BSA", style=Style(in_units_of=0, tags={"Units": "GML", "SUVType": "BSA"}), refused="(0054,1006)"),
    Variant("CM2ML that says BW", style=Style(in_units_of=0, tags={"Units": "CM2ML", "SUVType": "BW"}), refused="(0054,1006)"),
    Variant("CPS, calibrated", style=Style(in_units_of=1.0 / VOXEL_ML, tags={"Units": "CPS", "CorrectedImage": ["DECY", "ATTN", "DCAL"]})),
    Variant("CPS, dose calibration factor", style=Style(in_units_of=164.0, tags={"Units": "CPS", "DoseCalibrationFactor": "164.0"})),
    Variant("CPS without calibration", style=_tags(Units="CPS"), refused="(0054,1322)"),
    Variant("PROPCNTS", style=_tags(Units="PROPCNTS"), refused="(0054,1001)"),
    Variant("PROPCPS", style=_tags(Units="PROPCPS"), refused="(0054,1001)"),
    Variant("1CM", style=_tags(Units="1CM"), refused="(0054,1001)"),
    Variant("no units", style=_without("Units"), refused="(0054,1001)"),
    Variant("corrected to the injection (ADMIN)", style=Style(decay="ADMIN")),
    Variant("not corrected for decay (NONE), two bed positions", style=Style(decay="NONE")),
    Variant("NONE, frame duration missing", style=Style(decay="NONE", without=("ActualFrameDuration",)), refused="(0018,1242)"),
    Variant("decay correction missing", style=_without("DecayCorrection"), refused="(0054,1102)"),
    Variant("series written later than acquired", style=_tags(**_later(HERE, 30))),
    Variant("series written later, no frame reference time", style=_without("FrameReferenceTime", **_later(HERE, 30)), refused="(0054,1300)"),
    Variant("no series time", style=_without("SeriesTime")),
    Variant("frame reference times that contradict each other", refused="(0054,1300)",
            style=_tags(FrameReferenceTime=lambda place: 90_000.0 + 60_000.0 * place, **_later(HERE, 30))),
    Variant("frame reference time says another start", style=_tags(FrameReferenceTime=lambda place: 600_000.0 + (180_000.0 if place > 2 else 0.0)),
            told="Frame Reference Time"),
    Variant("only the time of day of the injection", style=Style(without=("RadiopharmaceuticalStartDateTime",))),
    Variant("only the date-time of the injection", style=Style(without=("RadiopharmaceuticalStartTime",))),
    Variant("no time of injection", style=Style(without=("RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime")), refused="(0018,1078)"),
    Variant("scan after midnight, date-time of the injection", NIGHT),
    Variant("scan after midnight, only its time of day", NIGHT, Style(without=("RadiopharmaceuticalStartDateTime",))),
    Variant("midnight between two bed positions, only the time of day", OVER_MIDNIGHT, Style(without=("RadiopharmaceuticalStartDateTime",))),
    Variant("injection a day late", style=Style(drug={"RadiopharmaceuticalStartDateTime": "20250302100000"}), refused="(0018,1078)"),
    Variant("injection a month early", style=Style(drug={"RadiopharmaceuticalStartDateTime": "20250201100000"}), refused="(0018,1078)"),
    Variant("two different times of injection", style=Style(drug={"RadiopharmaceuticalStartTime": "094000"}), told="(0018,1072)"),
    Variant("injection in UTC, the house an hour ahead", style=Style(drug=UTC_DRUG, tags={"TimezoneOffsetFromUTC": "+0100"})),
    Variant("injection in UTC, the house's zone not said", style=Style(drug=UTC_DRUG), refused="(0008,0201)"),
    Variant("dose in MBq", style=Style(drug={"RadionuclideTotalDose": 350.0})),
    Variant("dose 0", style=Style(drug={"RadionuclideTotalDose": 0.0}), refused="(0018,1074)"),
    Variant("dose missing", style=_without("RadionuclideTotalDose"), refused="(0018,1074)"),
    Variant("half-life missing", style=_without("RadionuclideHalfLife"), refused="(0018,1075)"),
    Variant("half-life in minutes", style=Style(drug={"RadionuclideHalfLife": 109.77}), refused="(0018,1078)"),
    Variant("weight in grams", style=_tags(PatientWeight=70_000)),
    Variant("weight 0", style=_tags(PatientWeight=0), refused="(0010,1030)"),
    Variant("weight missing", style=_without("PatientWeight"), refused="(0010,1030)"),
    Variant("gallium-68", GALLIUM),
    Variant("gallium-68, not corrected for decay", GALLIUM, Style(decay="NONE")),
    Variant("zirconium-89, three days later", ZIRCONIUM),
    Variant("intercept not 0", style=_tags(RescaleIntercept=-10.0), refused="(0028,1052)"),
    Variant("no attenuation correction", style=_tags(CorrectedImage=["DECY", "NORM"]), refused="(0028,0051)"),
    Variant("START without decay correction listed", style=_tags(CorrectedImage=["ATTN", "NORM"]), refused="(0028,0051)"),
    Variant("slices that tell different weights", style=_tags(PatientWeight=lambda place: 70 if place else 80), refused="(0010,1030)"),
    Variant("enhanced PET, real world values", made=lambda images, scan: [enhanced(images, scan)]),
    Variant("enhanced PET, unit as rescale type", made=lambda images, scan: [enhanced(images, scan, mapped="")]),
    Variant("enhanced PET, SUV as real world values", style=Style(in_units_of=0, tags={"Units": "GML"}),
            made=lambda images, scan: [enhanced(images, scan, mapped="g/ml{SUVbw}")]),
    Variant("enhanced PET, SUV by lean mass as real world values", MAN, _suv("LBMJAMES128", "M"),
            made=lambda images, scan: [enhanced(images, scan, mapped="{SUVlbm(James128)}g/mL")]),
    Variant("enhanced PET, a unit that is none of PET's", made=lambda images, scan: [enhanced(images, scan, mapped="mm/s")], refused="(0040,08EA)"),
    Variant("enhanced PET, dose in MBq", style=Style(drug={"RadionuclideTotalDose": 350.0}), made=lambda images, scan: [enhanced(images, scan)]),
    Variant("enhanced PET, not corrected for decay", style=Style(decay="NONE"), made=lambda images, scan: [enhanced(images, scan, corrected="NO")]),
    Variant("enhanced PET, moment of correction missing", made=lambda images, scan: [_timeless(enhanced(images, scan))], refused="(0018,9701)"),
    Variant("legacy converted enhanced PET", made=lambda images, scan: [enhanced(images, scan, legacy=True)]),
    Variant("two radiopharmaceuticals", made=lambda images, scan: [_twice(each) for each in images], refused="(0054,0016)"),
)  # fmt: skip


def _timeless(image: Dataset) -> Dataset:
    del image.DecayCorrectionDateTime
    return image


def _twice(image: Dataset) -> Dataset:
    image.RadiopharmaceuticalInformationSequence = [*image.RadiopharmaceuticalInformationSequence] * 2
    return image
