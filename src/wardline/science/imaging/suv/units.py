"""What the numbers of a PET image are, by its (0054,1001) Units: activity, counts, or already an uptake value of some kind.

Rules of the IBSI SUV manual. Units nobody can convert are refused by name.
"""

from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.pet import PetAcquisition

SUV_TYPES: Final = {"": "BW", "BW": "BW", "LBM": "LBM", "LBMJAMES128": "LBMJAMES128", "LBMJANMA": "LBMJANMA", "IBW": "IBW"}
"""Of values in g/ml: no type means body weight."""
RELATIVE: Final = frozenset({"PROPCNTS", "PROPCPS", "1CM"})
"""Proportional to counts, or an attenuation: no factor in the file makes them activity."""


class Meaning(NamedTuple):
    """`times` the rescaled number is Bq/ml, or an SUV of `suv_type` when that is given."""

    times: tuple[float, ...]
    suv_type: str
    rule: str
    tag: str
    warnings: tuple[str, ...] = ()


def meaning_of(acquisition: PetAcquisition) -> Meaning:
    """Raises `Refused` for units that cannot be converted and for contradictions."""
    for each in acquisition.slices:
        if each.intercept != 0:
            reason = f"(0028,1052) Rescale Intercept is {each.intercept:g}: PET numbers have none"
            raise Refused(reason, code="intercept", where="(0028,1052)")
    _needs_attenuation_correction(acquisition)
    match acquisition.units:
        case "BQML":
            return Meaning(_all(acquisition, 1.0), "", "in Bq/ml already", "(0054,1001)")
        case "GML" | "CM2ML":
            return _already_suv(acquisition)
        case "CNTS":
            return _counts(acquisition)
        case "CPS":
            return _counts_per_second(acquisition)
        case "":
            raise _refused("Units are missing")
        case relative if relative in RELATIVE:
            raise _refused(f"Units {relative} are only relative: no SUV can be made of them")
        case other:
            raise _refused(f"Units {other} are not converted here")


def _already_suv(acquisition: PetAcquisition) -> Meaning:
    said = acquisition.suv_type
    if acquisition.units == "CM2ML":
        if said not in ("", "BSA"):
            raise _contradiction(acquisition)
        return Meaning(_all(acquisition, 1.0), "BSA", "an SUV by body surface already", "(0054,1001)")
    if said not in SUV_TYPES:
        raise _contradiction(acquisition)
    kind = SUV_TYPES[said]
    rule = f"an SUV of type {kind} already" if said else "an SUV already; SUV Type (0054,1006) is empty, which means body weight"
    return Meaning(_all(acquisition, 1.0), kind, rule, "(0054,1006)" if said else "(0054,1001)")


def _counts(acquisition: PetAcquisition) -> Meaning:
    """Counts of Philips scanners carry a private factor."""
    for factor, tag in ((acquisition.philips_suv_factor, "(7053,1000)"), (acquisition.philips_activity_factor, "(7053,1009)")):
        if factor is not None and factor < 0:
            raise Refused(f"{tag} Philips scale factor is {factor:g}", code="units", where=tag)
    if acquisition.philips_suv_factor:
        return Meaning(_all(acquisition, acquisition.philips_suv_factor), "BW", "Philips SUV scale factor", "(7053,1000)")
    if acquisition.philips_activity_factor:
        return Meaning(_all(acquisition, acquisition.philips_activity_factor), "", "Philips activity concentration scale factor", "(7053,1009)")
    reason = "Units CNTS need the Philips factor (7053,1000) or (7053,1009), and neither is there or above 0"
    raise Refused(f"(0054,1001) {reason}", code="units", where="(7053,1000)")


def _counts_per_second(acquisition: PetAcquisition) -> Meaning:
    """Calibrated counts are Becquerel of the voxel; others need the scanner's calibration."""
    if "DCAL" in acquisition.corrections:
        if not acquisition.voxel_ml:
            raise Refused("(0028,0030): without the size of a voxel, counts of it are no concentration", code="units", where="(0028,0030)")
        return Meaning(_all(acquisition, 1.0 / acquisition.voxel_ml), "", "calibrated (DCAL) counts per second by voxel volume", "(0028,0051)")
    factor = acquisition.dose_calibration_factor
    if factor is None or factor <= 0:
        reason = "Units CPS need DCAL in (0028,0051) Corrected Image or (0054,1322) Dose Calibration Factor"
        raise Refused(f"(0054,1001) {reason}", code="units", where="(0054,1322)")
    return Meaning(_all(acquisition, factor), "", "counts per second times Dose Calibration Factor", "(0054,1322)")


def _needs_attenuation_correction(acquisition: PetAcquisition) -> None:
    if "ATTN" not in acquisition.corrections:
        reason = "(0028,0051) Corrected Image does not list ATTN: the images are not corrected for attenuation"
        raise Refused(reason, code="attenuation", where="(0028,0051)")


def _all(acquisition: PetAcquisition, value: float) -> tuple[float, ...]:
    return (value,) * len(acquisition.slices)


def _contradiction(acquisition: PetAcquisition) -> Refused:
    reason = f"(0054,1006) SUV Type {acquisition.suv_type} does not go with (0054,1001) Units {acquisition.units}"
    return Refused(reason, code="contradiction", where="(0054,1006)")


def _refused(reason: str) -> Refused:
    return Refused(f"(0054,1001) {reason}", code="units", where="(0054,1001)")
