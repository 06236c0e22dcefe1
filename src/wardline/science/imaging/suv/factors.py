"""One call from what the scanner wrote to every kind of SUV: a factor per slice for each, and where every number in it came from.

SUV = activity per ml / (dose left / size of the body); the kinds differ only in the size: weight, lean mass, ideal weight or surface.
Source: the IBSI SUV manual with its digital reference objects (CC BY 4.0); see `wardline evaluate suv` for the agreement.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.pet import PetAcquisition
from wardline.science.imaging.suv.body import norm, weight_kg
from wardline.science.imaging.suv.decay import Decay, decay_of
from wardline.science.imaging.suv.units import Meaning, meaning_of


class Kind(StrEnum):
    """What an SUV relates the uptake to."""

    BW = "bw"
    LBM_JAMES = "lbm-james128"
    LBM_MORGAN = "lbm-morgan"
    LBM_JANMAHASATIAN = "lbm-janmahasatian"
    BSA = "bsa"
    IBW = "ibw"


class Words(NamedTuple):
    """How a kind is called."""

    suv_type: str
    """DICOM's (0054,1006)."""
    label: str
    unit: str
    """UCUM, as in DICOM's CID 85."""


KINDS: Final = {
    Kind.BW: Words("BW", "SUVbw", "{SUVbw}g/ml"),
    Kind.LBM_JAMES: Words("LBMJAMES128", "SUVlbm (James 128)", "{SUVlbm(James128)}g/ml"),
    Kind.LBM_MORGAN: Words("LBM", "SUVlbm (Morgan)", "{SUVlbm}g/ml"),
    Kind.LBM_JANMAHASATIAN: Words("LBMJANMA", "SUVlbm (Janmahasatian)", "{SUVlbm(Janma)}g/ml"),
    Kind.BSA: Words("BSA", "SUVbsa", "{SUVbsa}cm2/ml"),
    Kind.IBW: Words("IBW", "SUVibw", "{SUVibw}g/ml"),
}


class Constant(NamedTuple):
    """One number or moment that went into the factors."""

    name: str
    value: str | float
    unit: str
    tag: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Suv:
    """Multiply the rescaled numbers of slice i with `factors[kind][i]`."""

    factors: dict[Kind, tuple[float, ...]]
    unavailable: dict[Kind, str] = field(default_factory=dict)
    """Kinds that cannot be worked out, and which tag is at fault."""
    provenance: tuple[Constant, ...] = ()
    warnings: tuple[str, ...] = ()


def suv_of(acquisition: PetAcquisition) -> Suv:
    """Every kind of SUV. Raises `Refused` when not one can be worked out, naming the tag that is missing or contradicts another."""
    if not acquisition.slices:
        raise Refused("there is no slice", code="not-pet")
    meaning = meaning_of(acquisition)
    decay = None if meaning.suv_type else decay_of(acquisition)
    factors: dict[Kind, tuple[float, ...]] = {}
    unavailable: dict[Kind, str] = {}
    for kind, words in KINDS.items():
        try:
            factors[kind] = _factors(acquisition, meaning, decay, words.suv_type)
        except Refused as refused:
            unavailable[kind] = str(refused)
    if not factors:
        raise Refused(unavailable[Kind.BW], code="weight", where="(0010,1030)")
    warnings = meaning.warnings + (decay.warnings if decay else ())
    return Suv(factors, unavailable, (*_about_units(acquisition, meaning), *_about_decay(acquisition, decay), *_about_body(acquisition)), warnings)


def _factors(acquisition: PetAcquisition, meaning: Meaning, decay: Decay | None, suv_type: str) -> tuple[float, ...]:
    if meaning.suv_type == suv_type:
        return meaning.times
    size = norm(acquisition, suv_type)
    if decay is None:
        of = norm(acquisition, meaning.suv_type)
        return tuple(each / of * size for each in meaning.times)
    return tuple(each * corrected * size / decay.dose_bq for each, corrected in zip(meaning.times, decay.per_slice, strict=True))


def _about_units(acquisition: PetAcquisition, meaning: Meaning) -> tuple[Constant, ...]:
    told = [Constant("units", acquisition.units, "", "(0054,1001)", meaning.rule)]
    if meaning.times[0] != 1.0:
        told.append(Constant("factor to " + ("SUV" if meaning.suv_type else "Bq/ml"), meaning.times[0], "", meaning.tag, meaning.rule))
    return tuple(told)


def _about_decay(acquisition: PetAcquisition, decay: Decay | None) -> tuple[Constant, ...]:
    if decay is None:
        return ()
    written = "written in MBq" if acquisition.dose != decay.dose_as_written_bq else ""
    correction = acquisition.decay_correction or "YES"
    told = [
        Constant("injected dose", decay.dose_as_written_bq, "Bq", "(0018,1074)", written),
        Constant("decay correction", correction, "", "(0054,1102)" if acquisition.decay_correction else "(0018,9758)", decay.rule),
    ]
    if decay.injected_at is not None and acquisition.half_life_seconds is not None:
        tag = "(0018,1078)" if acquisition.injected_at is not None else "(0018,1072)"
        told.append(Constant("half-life", acquisition.half_life_seconds, "s", "(0018,1075)"))
        told.append(Constant("injected at", decay.injected_at.isoformat(sep=" "), "", tag, decay.injected_rule))
    if decay.reference_at is not None and decay.injected_at is not None:
        minutes = (decay.reference_at - decay.injected_at).total_seconds() / 60.0
        told.append(Constant("images corrected to", decay.reference_at.isoformat(sep=" "), "", "", decay.reference_rule))
        told.append(Constant("from injection to reference", round(minutes, 2), "min", ""))
        told.append(Constant("dose at reference", decay.dose_bq, "Bq", ""))
    return tuple(told)


def _about_body(acquisition: PetAcquisition) -> tuple[Constant, ...]:
    told = []
    if acquisition.weight:
        weight = weight_kg(acquisition)
        told.append(Constant("weight", weight, "kg", "(0010,1030)", "written in g" if weight != acquisition.weight else ""))
    if acquisition.height_metres:
        told.append(Constant("height", acquisition.height_metres, "m", "(0010,1020)"))
    if acquisition.sex:
        told.append(Constant("sex", acquisition.sex, "", "(0010,0040)"))
    return tuple(told)
