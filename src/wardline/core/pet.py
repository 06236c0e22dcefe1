"""What a PET scan was told about itself: how much was injected and when, what the numbers are, which person lay in it.

Everything is as the scanner wrote it, None or "" where it wrote nothing; what follows from it is worked out by the SUV rules in `science`.
Times are the hospital's local wall time, as DICOM's dates and times are.
"""

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class PetSlice:
    """What may differ from slice to slice."""

    acquired_at: datetime | None = None
    """Start of its frame: (0008,0022) and (0008,0032)."""
    frame_seconds: float | None = None
    """(0018,1242) Actual Frame Duration."""
    reference_seconds: float | None = None
    """(0054,1300) Frame Reference Time: from the series' reference to the moment of the frame's average activity."""
    intercept: float = 0.0
    """(0028,1052) Rescale Intercept."""


@dataclass(frozen=True, slots=True)
class PetAcquisition:
    """One PET series, as far as its numbers depend on it; `slices` in the order of the volume."""

    slices: tuple[PetSlice, ...]
    units: str = ""
    """(0054,1001): BQML, GML, CM2ML, CNTS, CPS ..."""
    suv_type: str = ""
    """(0054,1006): BW, LBM, LBMJAMES128, LBMJANMA, IBW, BSA."""
    corrections: tuple[str, ...] = ()
    """(0028,0051): ATTN, DECY, DCAL ..."""
    decay_correction: str = ""
    """(0054,1102): START, ADMIN or NONE."""
    decay_corrected_to: datetime | None = None
    """(0018,9701), enhanced PET: the moment to which the numbers are corrected."""
    dose: float | None = None
    """(0018,1074), in Bq or MBq, whichever was written."""
    half_life_seconds: float | None = None
    injected_at: datetime | None = None
    """(0018,1078)."""
    injected_time: time | None = None
    """(0018,1072), without a date."""
    series_at: datetime | None = None
    """(0008,0021) and (0008,0031)."""
    ge_scan_at: datetime | None = None
    """GE (0009,100D)."""
    weight: float | None = None
    """(0010,1030), in kg or g, whichever was written."""
    height_metres: float | None = None
    sex: str = ""
    philips_suv_factor: float | None = None
    """Philips (7053,1000)."""
    philips_activity_factor: float | None = None
    """Philips (7053,1009)."""
    dose_calibration_factor: float | None = None
    """(0054,1322)."""
    voxel_ml: float | None = None
    radiopharmaceutical: str = ""
    radiopharmaceuticals: int = 0
    """How many were given: of two, the dose of none can be told apart."""
    scanner: str = ""
    method: str = ""
    """(0054,1103) how the images were reconstructed."""
