"""A study's PET as uptake values, whichever way its scanner wrote it: what the PET capabilities of this room have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardline.core.imaging import Volume

if TYPE_CHECKING:
    from wardline.science.imaging.suv import Suv

SUV_UNIT: Final = "{SUVbw}g/ml"
LEAN_UNIT: Final = "{SUVlbm(James128)}g/ml"


@dataclass(frozen=True, slots=True, eq=False)
class PetValues:
    """The series in SUV by body weight, and what is needed to compare it with another scan."""

    suv: Volume
    lean: float | None
    """SUV by lean body mass (James 128) = this times SUV by body weight; None where height or sex is not known."""
    no_lean: str = ""
    uptake_minutes: float | None = None
    scanner: str = ""
    method: str = ""
    warnings: tuple[str, ...] = ()


def values_of(volume: Volume) -> PetValues:
    """Raises `Refused` naming the tag when the series has no SUV by body weight. A volume that is in SUV already has no lean body mass."""
    from wardline.core.errors import Refused
    from wardline.formats.dicom.pet import acquisition_of
    from wardline.science.imaging.suv import Kind, suv_of, suv_volume

    if volume.unit == SUV_UNIT and not volume.headers:
        return PetValues(volume, None, "the lean body mass is not known")
    acquisition = acquisition_of(volume)
    suv = suv_of(acquisition)
    if Kind.BW not in suv.factors:
        raise Refused(suv.unavailable[Kind.BW], code="weight")
    lean = suv.factors[Kind.LBM_JAMES][0] / suv.factors[Kind.BW][0] if Kind.LBM_JAMES in suv.factors else None
    return PetValues(
        suv_volume(volume, suv), lean, suv.unavailable.get(Kind.LBM_JAMES, ""), minutes_waited(volume), acquisition.scanner, acquisition.method,
        suv.warnings,
    )  # fmt: skip


def minutes_waited(volume: Volume) -> float | None:
    """From the injection to the begin of the first frame; None where a header does not say."""
    from wardline.core.errors import Refused
    from wardline.formats.dicom.pet import acquisition_of
    from wardline.science.imaging.suv.decay import earliest, injection

    try:
        acquisition = acquisition_of(volume)
        return (earliest(acquisition) - injection(acquisition)[0]).total_seconds() / 60.0
    except Refused:
        return None


def told(suv: "Suv") -> list[Mapping[str, Any]]:
    """Where each number came from, as screens show it."""
    rows = ((each.name, each.value, each.unit, f"{each.tag} {each.rule}".strip()) for each in suv.provenance)
    return [dict(zip(("what", "value", "unit", "source"), row, strict=True)) for row in rows]
