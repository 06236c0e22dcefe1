"""A lesion's line in the table: where it lies and what was measured inside its outline, whether a program or a person has drawn that."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import LEAN_UNIT, PetValues
from wardline.core.errors import Refused
from wardline.core.imaging import LabelMap, Outlined, Volume

if TYPE_CHECKING:
    from wardline.science.imaging.uptake import Threshold, Uptake
    from wardline.science.imaging.uptake.cutting import Box

NEAR_MIDDLE_MM: Final = 20.0
"""So near the middle of the body a lesion has no side. Our own choice."""
AUTOMATIC: Final = "automatic"


def lesion_rows(
    lesions: Iterable[Outlined], mask: LabelMap, values: PetValues, ct: Volume | None, drawn: str, inside: str
) -> list[Mapping[str, Any]]:
    """`drawn` is the site's way to draw a border, `inside` says what it lies in. Raises `Refused` for a lesion without a voxel."""
    from scipy.ndimage import find_objects

    places = find_objects(mask.array)
    rows = []
    for each in lesions:
        place = places[each.label - 1] if 0 < each.label <= len(places) else None
        if place is None:
            raise Refused(f"{each.key} has no voxel in the mask", code="empty", where=each.key)
        rows.append(_row(each, mask, place, values, drawn, inside))
    middle = _middle(values.suv, ct) if rows else None
    return [{**each, "side": _side(each["centre"][0], middle)} for each in rows]


def _row(lesion: Outlined, mask: LabelMap, place: tuple[slice, ...], values: PetValues, drawn: str, inside: str) -> Mapping[str, Any]:
    from wardline.science.imaging.uptake import uptake_of
    from wardline.science.imaging.uptake.cutting import cut_round

    piece, box = cut_round(values.suv, place)
    outlined = mask.array[box] == lesion.label
    measured = uptake_of(piece, outlined, threshold_in(drawn))
    volume_ml = int(outlined.sum()) * piece.grid.voxel_ml
    z, y, x = (float(each.mean()) for each in outlined.nonzero())
    return {
        "key": lesion.key, "site": lesion.site, "series": values.suv.series, "position": list(measured.maximum_at),
        "centre": list(piece.grid.position((z, y, x))), "radius_mm": round((3.0 * volume_ml * 1000.0 / (4.0 * math.pi)) ** (1.0 / 3.0), 1),
        "label": lesion.label, "values": _values(measured, _axes(piece, mask, box, lesion), volume_ml, values, lesion.how),
        "border": f"{measured.threshold}, {inside}", "notes": list(measured.notes), "how": lesion.how,
    }  # fmt: skip


def _axes(piece: Volume, mask: LabelMap, box: "Box", lesion: Outlined) -> tuple[float, float]:
    """Long and short axis in an axial slice, mm."""
    from wardline.science.imaging.segmentation.extents import axes_mm
    from wardline.science.imaging.segmentation.orientation import upright

    view = upright(replace(piece, array=mask.array[box] == lesion.label))
    return axes_mm(view.array, view.grid.spacing)


def _values(measured: "Uptake", axes: tuple[float, float], volume_ml: float, values: PetValues, how: str) -> list[Mapping[str, Any]]:
    def row(id: str, name: str, value: float | None, unit: str, why: str = "") -> Mapping[str, Any]:
        return {"id": id, "name": name, "value": None if value is None else round(value, 4), "unit": unit, "why": why}

    sul = None if values.lean is None else measured.peak.value * values.lean
    no_mean = "" if measured.voxels else f"nothing reaches the border ({measured.threshold})"
    return [
        row("suv_max", "SUVmax", measured.maximum, measured.unit), row("suv_peak", "SUVpeak", measured.peak.value, measured.unit),
        row("suv_mean", "SUVmean", measured.mean, measured.unit, no_mean), row("sul_peak", "SULpeak", sul, LEAN_UNIT, values.no_lean),
        row("mtv", "MTV", measured.mtv_ml, "ml"), row("tlg", "TLG", measured.tlg, "g"),
        row("long_axis", "Long axis", axes[0], "mm"), row("short_axis", "Short axis", axes[1], "mm"),
        *([] if how == AUTOMATIC else [row("volume", "Drawn volume", volume_ml, "ml")]),
    ]  # fmt: skip


def _middle(pet: Volume, ct: Volume | None) -> float | None:
    """Where the middle of the body lies from right to left, mm; None without a CT."""
    if ct is None:
        return None
    from wardline.science.imaging.segmentation.orientation import upright
    from wardline.science.imaging.segmentation.pet_anatomy import anatomy_of

    return anatomy_of(upright(pet), pet, ct).middle[0]


def _side(x: float, middle: float | None) -> str:
    """The patient's side; "" near the middle, where naming one would be a guess."""
    if middle is None or not abs(x - middle) > NEAR_MIDDLE_MM:
        return ""
    return "left" if x > middle else "right"


def threshold_in(word: str) -> "Threshold | None":
    """The site's word for a border, read; None for what is none."""
    from wardline.science.imaging.uptake.thresholds import Fixed, Gradient, OfMaximum

    if word == "gradient":
        return Gradient()
    number = word.removesuffix("%")
    try:
        value = float(number)
    except ValueError:
        return None
    if word.endswith("%"):
        return OfMaximum(value / 100.0) if 0 < value < 100 else None
    return Fixed(value) if 0 < value < 100 else None
