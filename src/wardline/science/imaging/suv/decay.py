"""The tracer decays from injection to scan: how much of the dose is left at the moment to which the images are corrected, and which moment that is.

Rules of the IBSI SUV manual, in the order that passes all its reference objects. Two ways lead to the reference moment; both are worked
out, and more than 1 % of SUV between them is told.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wardline.core.errors import Refused
from wardline.core.pet import PetAcquisition, PetSlice

MEGA_BELOW: Final = 1e5
"""A dose below this is in MBq (IBSI SUV manual)."""
TOLD_FROM: Final = 0.01
"""Two reference moments further apart than this part of the SUV are told (IBSI SUV manual's 1 %)."""
MOST_EXPONENT: Final = 700.0
"""Double precision ends at exp(709)."""
HALF_LIVES_LEFT: Final = 10.0
"""After this many half-lives less than a thousandth of the dose is left: no image comes of that, so a date is wrong. A limit of our own."""


@dataclass(frozen=True, slots=True)
class Decay:
    """What to divide by and how that was found."""

    dose_bq: float
    """The dose that belongs to the images: decayed to their reference moment, or as written."""
    per_slice: tuple[float, ...]
    """What each slice's activity is multiplied with: 1, except where the images are not corrected for decay."""
    dose_as_written_bq: float
    rule: str
    """What was done with the dose."""
    lambda_per_second: float | None = None
    injected_at: datetime | None = None
    injected_rule: str = ""
    reference_at: datetime | None = None
    reference_rule: str = ""
    warnings: tuple[str, ...] = ()


def decay_of(acquisition: PetAcquisition) -> Decay:
    """Raises `Refused` naming the tag that is missing or contradicts another."""
    if acquisition.decay_corrected_to is not None:
        return _from_start(acquisition, acquisition.decay_corrected_to, "Decay Correction DateTime (0018,9701)", ())
    match acquisition.decay_correction:
        case "ADMIN":
            _needs_decy(acquisition)
            dose = dose_bq(acquisition)
            return Decay(dose, (1.0,) * len(acquisition.slices), dose, "corrected to the injection: dose as written")
        case "START":
            _needs_decy(acquisition)
            reference, rule, warnings = reference_moment(acquisition)
            return _from_start(acquisition, reference, rule, warnings)
        case "NONE":
            return _uncorrected(acquisition)
        case "":
            raise Refused("(0054,1102) Decay Correction is missing", code="decay", where="(0054,1102)")
        case other:
            raise Refused(f"(0054,1102) Decay Correction {other} is not one of START, ADMIN, NONE", code="decay", where="(0054,1102)")


def dose_bq(acquisition: PetAcquisition) -> float:
    if acquisition.radiopharmaceuticals > 1:
        reason = f"(0054,0016): {acquisition.radiopharmaceuticals} radiopharmaceuticals were given, so that no dose belongs to the images"
        raise Refused(reason, code="dose", where="(0054,0016)")
    dose = acquisition.dose
    if dose is None or dose <= 0:
        reason = "is missing" if dose is None else f"is {dose:g}"
        raise Refused(f"(0018,1074) Radionuclide Total Dose {reason}", code="dose", where="(0018,1074)")
    return dose * 1e6 if dose < MEGA_BELOW else dose


def decay_constant(acquisition: PetAcquisition) -> float:
    """Per second."""
    half_life = acquisition.half_life_seconds
    if half_life is None or half_life <= 0:
        reason = "is missing" if half_life is None else f"is {half_life:g}"
        raise Refused(f"(0018,1075) Radionuclide Half Life {reason}", code="half-life", where="(0018,1075)")
    return math.log(2.0) / half_life


def injection(acquisition: PetAcquisition) -> tuple[datetime, str]:
    """When the tracer was injected, and by which rule. A time of day alone is of the day of the scan, or of the evening before it."""
    if acquisition.injected_at is not None:
        return acquisition.injected_at, "Radiopharmaceutical Start DateTime (0018,1078)"
    if acquisition.injected_time is None:
        reason = "(0018,1078) Radiopharmaceutical Start DateTime and (0018,1072) Radiopharmaceutical Start Time are missing"
        raise Refused(reason, code="injection", where="(0018,1078)")
    first = earliest(acquisition)
    at = datetime.combine(first.date(), acquisition.injected_time)
    if at > first:
        return at - timedelta(days=1), "Radiopharmaceutical Start Time (0018,1072) of the day before the acquisition: the scan was after midnight"
    return at, "Radiopharmaceutical Start Time (0018,1072) on the acquisition's date"


def earliest(acquisition: PetAcquisition) -> datetime:
    """The begin of the first frame."""
    return min(_acquired(each) for each in acquisition.slices)


def reference_moment(acquisition: PetAcquisition) -> tuple[datetime, str, tuple[str, ...]]:
    """The moment to which images marked START are corrected, by which rule, and what the other way would have said."""
    if acquisition.ge_scan_at is not None:
        return acquisition.ge_scan_at, "GE scan date-time (0009,100D)", ()
    start, counted = acquisition.series_at, _counted_back(acquisition)
    if start is not None and start <= earliest(acquisition):
        rule = "Series Date and Time (0008,0021), (0008,0031), not later than the first acquisition"
        return start, rule, _apart(acquisition, start, counted)
    if counted is None:
        why = "is missing" if start is None else "is later than the first acquisition"
        reason = f"(0008,0031) Series Time {why}, and (0054,1300) Frame Reference Time or (0018,1242) Actual Frame Duration is missing"
        raise Refused(reason, code="reference-time", where="(0054,1300)")
    first, last = min(counted), max(counted)
    if _difference(acquisition, first, last) > TOLD_FROM:
        reason = f"(0054,1300) Frame Reference Time puts the start at {_clock(first)} for one slice and at {_clock(last)} for another"
        raise Refused(reason, code="contradiction", where="(0054,1300)")
    return first, "counted back from the acquisition by Frame Reference Time (0054,1300)", ()


def average_time(lambda_per_second: float, seconds: float) -> float:
    """After how many seconds of a frame the activity is its average over the frame."""
    x = lambda_per_second * seconds
    return math.log(x / -math.expm1(-x)) / lambda_per_second if x > 0 else 0.0


def _from_start(acquisition: PetAcquisition, reference: datetime, rule: str, warnings: tuple[str, ...]) -> Decay:
    dose, constant = dose_bq(acquisition), decay_constant(acquisition)
    injected, injected_rule = injection(acquisition)
    seconds = _since(acquisition, injected, reference)
    left = dose * math.exp(-constant * seconds)
    both = _two_injections(acquisition, constant)
    return Decay(
        left, (1.0,) * len(acquisition.slices), dose, "dose decayed to the moment the images are corrected to", constant, injected, injected_rule,
        reference, rule, (*warnings, *both),
    )  # fmt: skip


def _uncorrected(acquisition: PetAcquisition) -> Decay:
    """Images not corrected for decay: each slice is brought back from its own frame to the injection."""
    dose, constant = dose_bq(acquisition), decay_constant(acquisition)
    injected, injected_rule = injection(acquisition)
    factors = []
    for each in acquisition.slices:
        if each.frame_seconds is None or each.frame_seconds <= 0:
            raise Refused("(0018,1242) Actual Frame Duration is missing or 0", code="frame-duration", where="(0018,1242)")
        x = constant * each.frame_seconds
        if x > HALF_LIVES_LEFT * math.log(2.0):
            reason = "(0018,1242) Actual Frame Duration is longer than ten half-lives (0018,1075)"
            raise Refused(reason, code="contradiction", where="(0018,1242)")
        factors.append(x / -math.expm1(-x) * math.exp(constant * _since(acquisition, injected, _acquired(each))))
    told = ("(0028,0051) Corrected Image lists DECY, (0054,1102) Decay Correction says NONE",) if "DECY" in acquisition.corrections else ()
    rule = "images not corrected for decay: each slice's own frame, dose as written"
    both = _two_injections(acquisition, constant)
    return Decay(dose, tuple(factors), dose, rule, constant, injected, injected_rule, None, "", (*told, *both))


def _needs_decy(acquisition: PetAcquisition) -> None:
    if "DECY" not in acquisition.corrections:
        reason = f"(0054,1102) Decay Correction says {acquisition.decay_correction}, (0028,0051) Corrected Image does not list DECY"
        raise Refused(reason, code="contradiction", where="(0028,0051)")


def _since(acquisition: PetAcquisition, injected: datetime, moment: datetime) -> float:
    seconds = (moment - injected).total_seconds()
    if seconds < 0:
        reason = f"(0018,1078): the injection lies {-seconds / 60:.0f} minutes after the moment the images belong to"
        raise Refused(reason, code="contradiction", where="(0018,1078)")
    half_lives = seconds / (acquisition.half_life_seconds or math.inf)
    if half_lives > HALF_LIVES_LEFT:
        reason = f"(0018,1078): the injection lies {half_lives:.0f} half-lives before the moment the images belong to; nothing would be left"
        raise Refused(reason, code="contradiction", where="(0018,1078)")
    return seconds


def _acquired(each: PetSlice) -> datetime:
    if each.acquired_at is None:
        raise Refused("(0008,0022) Acquisition Date or (0008,0032) Acquisition Time is missing", code="acquisition-time", where="(0008,0032)")
    return each.acquired_at


def _counted_back(acquisition: PetAcquisition) -> tuple[datetime, ...] | None:
    """The reference moment as each slice tells it; None when a slice does not."""
    constant = decay_constant(acquisition)
    moments = []
    for each in acquisition.slices:
        if each.frame_seconds is None or each.reference_seconds is None:
            return None
        try:
            moments.append(_acquired(each) + timedelta(seconds=average_time(constant, each.frame_seconds) - each.reference_seconds))
        except OverflowError:
            raise Refused("(0054,1300) Frame Reference Time lies outside all time", code="contradiction", where="(0054,1300)") from None
    return tuple(moments)


def _apart(acquisition: PetAcquisition, chosen: datetime, counted: tuple[datetime, ...] | None) -> tuple[str, ...]:
    if counted is None:
        return ()
    furthest = max(counted, key=lambda each: abs((each - chosen).total_seconds()))
    part = _difference(acquisition, chosen, furthest)
    if part <= TOLD_FROM:
        return ()
    ways = f"Series Time (0008,0031) puts the reference at {_clock(chosen)}, Frame Reference Time (0054,1300) at {_clock(furthest)}"
    return (f"{ways}: SUV would differ by {part:.1%}",)


def _two_injections(acquisition: PetAcquisition, constant: float) -> tuple[str, ...]:
    """A time of day beside the date-time that tells another time."""
    at, of_day = acquisition.injected_at, acquisition.injected_time
    if at is None or of_day is None:
        return ()
    apart = abs((datetime.combine(at.date(), of_day) - at).total_seconds())
    part = _growth(constant * apart)
    if part <= TOLD_FROM:
        return ()
    return (f"(0018,1078) says the injection was at {_clock(at)}, (0018,1072) at {of_day:%H:%M:%S}: SUV would differ by {part:.1%}",)


def _difference(acquisition: PetAcquisition, one: datetime, other: datetime) -> float:
    """By what part the SUV changes between two reference moments."""
    return _growth(decay_constant(acquisition) * abs((one - other).total_seconds()))


def _growth(exponent: float) -> float:
    return math.expm1(exponent) if exponent < MOST_EXPONENT else math.inf


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"
