"""PERCIST 1.0: did the tumour's sugar uptake fall, stay or rise between two PET scans?

Rules as quoted in the reference digest from the 2016 guide (Radiology 280:576, PMC4976461), the PMOD manual and PMC4377159: verified there.
The uptake is SUL, by lean body mass, in the hottest cubic centimetre. How "not distinguishable from blood pool" becomes a number is our own
reading (at or below the blood pool's mean + 2 SD) and provisional.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from wardline.science.imaging.uptake.thresholds import PERCIST_AORTA, PERCIST_LIVER, Reference

FALL: Final = 0.30
STEP_SUL: Final = 0.8
"""A change counts from 30 % and 0.8 SUL on, both."""
TLG_RISE: Final = 0.75
LIVER_PART: Final = 0.20
LIVER_SUL: Final = 0.3
UPTAKE_MINUTES: Final = 15.0
HOTTEST: Final = 5
"""Reported at most."""
POOL_SD: Final = 2.0
ROUNDING: Final = 1e-9
"""1.5 x 1.6 + 2 x 0.2 is 2.8000000000000003 to a computer."""


class Category(StrEnum):
    """The metabolic response."""

    COMPLETE = "CMR"
    PARTIAL = "PMR"
    STABLE = "SMD"
    PROGRESSIVE = "PMD"


WORDS: Final = {
    Category.COMPLETE: "complete metabolic response",
    Category.PARTIAL: "partial metabolic response",
    Category.STABLE: "stable metabolic disease",
    Category.PROGRESSIVE: "progressive metabolic disease",
}


class Lesion(NamedTuple):
    """One lesion of one scan."""

    key: str
    sul_peak: float
    tlg: float = 0.0


@dataclass(frozen=True, slots=True)
class Scan:
    """One time point. Lesions are those of disease: physiological uptake is left out before."""

    lesions: tuple[Lesion, ...]
    liver: Reference | None
    """Of a 3 cm sphere in the right liver, in SUL; None when the liver is diseased or not in the images."""
    aorta: Reference | None = None
    """Of a cylinder in the descending aorta, 1 cm wide and 2 cm long, in SUL."""
    uptake_minutes: float | None = None
    scanner: str = ""
    method: str = ""

    @property
    def hottest(self) -> Lesion | None:
        return max(self.lesions, key=lambda each: each.sul_peak, default=None)

    @property
    def tlg(self) -> float:
        return sum(each.tlg for each in self.lesions)


@dataclass(frozen=True, slots=True)
class Percist:
    """The answer; no category when the scans cannot be compared or the baseline is too faint to measure, and why."""

    category: Category | None
    because: tuple[str, ...]
    obstacles: tuple[str, ...] = ()
    """What forbids a category."""
    change: float | None = None
    """Of the hottest lesion's SULpeak, as a part of the baseline's."""
    tlg_change: float | None = None
    reported: tuple[Lesion, ...] = ()
    """The hottest lesions at follow-up."""

    @property
    def summary(self) -> str:
        if self.category is None:
            return "no metabolic response can be stated: " + "; ".join(self.obstacles)
        return WORDS[self.category]


def percist(baseline: Scan, followup: Scan, new: Sequence[str] = ()) -> Percist:
    """The response from baseline to follow-up. `new` are keys of follow-up lesions that were not there before."""
    before, after = baseline.hottest, followup.hottest
    change = (after.sul_peak if after else 0.0) / before.sul_peak - 1.0 if before and before.sul_peak > 0 else None
    tlg_change = followup.tlg / baseline.tlg - 1.0 if baseline.tlg > 0 else None
    reported = tuple(sorted(followup.lesions, key=lambda each: -each.sul_peak)[:HOTTEST])
    obstacles = (*measurable(baseline), *comparable(baseline, followup))
    if obstacles or before is None:
        return Percist(None, (), obstacles, change, tlg_change, reported)
    category, because = _category(baseline, followup, tuple(new), tlg_change)
    return Percist(category, because, (), change, tlg_change, reported)


def surely_new(sul_peak: float, baseline: Scan) -> bool:
    """Whether a spot that was no lesion at baseline has become one, rather than stepped over the limit: it lay below what is measurable then.

    A rise of 30 % and 0.8 from just below that limit is what PERCIST counts as a change; demanding it of new spots too is our own reading.
    """
    least = least_measurable(baseline)
    return least is not None and sul_peak >= max((1.0 + FALL) * least, least + STEP_SUL) - ROUNDING


def least_measurable(scan: Scan) -> float | None:
    """The SULpeak from which a lesion is measurable; None without healthy tissue to compare with."""
    tissue, (times, sds) = (scan.liver, PERCIST_LIVER) if scan.liver else (scan.aorta, PERCIST_AORTA)
    return None if tissue is None else times * tissue.mean + sds * tissue.sd


def measurable(scan: Scan) -> tuple[str, ...]:
    """Why the scan's hottest lesion cannot be followed; nothing when it can."""
    hottest = scan.hottest
    if hottest is None:
        return ("there is no lesion at baseline",)
    least, tissue = least_measurable(scan), "liver" if scan.liver else "aorta"
    if least is None:
        return ("neither the liver nor the aorta could be measured at baseline",)
    if hottest.sul_peak >= least - ROUNDING:
        return ()
    return (f"the hottest lesion's SULpeak {hottest.sul_peak:.2f} is below {least:.2f}, from which a lesion is measurable ({tissue})",)


def comparable(baseline: Scan, followup: Scan) -> tuple[str, ...]:
    """Why the scans cannot be compared; what is not known cannot be taken for equal."""
    return (*_livers(baseline, followup), *_waits(baseline, followup), *_same(baseline, followup))


def _livers(baseline: Scan, followup: Scan) -> tuple[str, ...]:
    one, other = (baseline.liver, followup.liver) if baseline.liver and followup.liver else (baseline.aorta, followup.aorta)
    if one is None or other is None:
        return ("no healthy tissue was measured in both scans",)
    apart = abs(other.mean - one.mean)
    if apart <= LIVER_PART * one.mean + ROUNDING and apart <= LIVER_SUL + ROUNDING:
        return ()
    return (f"the {one.tissue}'s SUL went from {one.mean:.2f} to {other.mean:.2f}: more than 20 % or 0.3",)


def _waits(baseline: Scan, followup: Scan) -> tuple[str, ...]:
    one, other = baseline.uptake_minutes, followup.uptake_minutes
    if one is None or other is None:
        return ("the time from injection to scan is not known for both scans",)
    if abs(one - other) <= UPTAKE_MINUTES:
        return ()
    return (f"the scans began {one:.0f} and {other:.0f} minutes after the injection: more than 15 apart",)


def _same(baseline: Scan, followup: Scan) -> tuple[str, ...]:
    told = (("scanner", baseline.scanner, followup.scanner), ("reconstruction method", baseline.method, followup.method))
    unknown = tuple(f"the {what} is not known for both scans" for what, one, other in told if not one or not other)
    return unknown + tuple(f"the {what} changed" for what, one, other in told if one and other and one != other)


def _category(baseline: Scan, followup: Scan, new: tuple[str, ...], tlg_change: float | None) -> tuple[Category, tuple[str, ...]]:
    if new:
        return Category.PROGRESSIVE, (f"{len(new)} new lesion{'s' if len(new) > 1 else ''}: {', '.join(new)}",)
    if (resolved := _resolved(followup)) is not None:
        return Category.COMPLETE, (resolved,)
    before, after = baseline.hottest, followup.hottest
    if before is None or after is None:
        raise ValueError("a category needs a lesion at baseline; follow-up without one is complete")
    step, part = after.sul_peak - before.sul_peak, after.sul_peak / before.sul_peak - 1.0
    told = f"hottest lesion's SULpeak from {before.sul_peak:.2f} to {after.sul_peak:.2f} ({part:+.0%})"
    if part >= FALL - ROUNDING and step >= STEP_SUL - ROUNDING:
        return Category.PROGRESSIVE, (told,)
    if tlg_change is not None and tlg_change > TLG_RISE + ROUNDING:
        return Category.PROGRESSIVE, (f"total lesion glycolysis {tlg_change:+.0%}", told)
    if part <= ROUNDING - FALL and step <= ROUNDING - STEP_SUL:
        return Category.PARTIAL, (told,)
    return Category.STABLE, (told,)


def _resolved(followup: Scan) -> str | None:
    """Why all lesions count as gone; None when one is still to be seen."""
    if not followup.lesions:
        return "no lesion is left"
    hottest = followup.hottest
    if followup.liver is None or followup.aorta is None or hottest is None:
        return None
    pool = followup.aorta.mean + POOL_SD * followup.aorta.sd
    if hottest.sul_peak < followup.liver.mean and hottest.sul_peak <= pool:
        return f"every lesion is below the liver's mean ({followup.liver.mean:.2f}) and within blood pool (up to {pool:.2f})"
    return None
