"""PET lesions: which spots take up more than healthy liver, where are they, how hot and how large?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import LEAN_UNIT, PetValues, values_of
from wardline.core.capability import Inputs, capability, site, volume
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import LabelMap, Volume

if TYPE_CHECKING:
    from wardline.science.imaging.segmentation.liver import LiverReference
    from wardline.science.imaging.segmentation.pet_lesions import Candidate, Candidates
    from wardline.science.imaging.uptake import Threshold, Uptake

SHOWN: Final = 5
NEAR_MIDDLE_MM: Final = 20.0
"""So near the middle of the body a lesion has no side. Our own choice."""


def border(content: Any) -> "str":
    """The site's way to draw a lesion's border, from config/site/pet_border.yaml. Raises `Refused`."""
    if not isinstance(content, str) or _threshold(content) is None:
        raise Refused('pet_border is "41%" (a part of the highest value), "4.0" (a fixed SUV) or "gradient"', code="site")
    return content


@dataclass(frozen=True)
class PetCt(Inputs):
    pet: Volume = volume("PT")
    ct: Volume | None = volume("CT", required=False)
    border: str = site("pet_border", read=border, default="41%")


@capability(
    id="pet_lesions", version="1", about="study", live=False, standing="provisional",
    reference="Candidates from 1.5 x liver mean + 2 SD (PERCIST 1.0, Radiology 2016, PMC4976461) or SUV 4.0; SUVpeak as IBSI's global peak",
    caution="Candidates by uptake alone: infection, healing and normal uptake look the same. A reader decides what is disease.",
)  # fmt: skip
def pet_lesions(v: PetCt) -> Finding | Unknown:
    from scipy.ndimage import find_objects

    from wardline.science.imaging.segmentation.pet_lesions import lesion_candidates

    try:
        values = values_of(v.pet)
        candidates = lesion_candidates(values.suv, v.ct)
    except Refused as refused:
        return Unknown(reason=str(refused))
    places = find_objects(candidates.label_map.array)
    lesions = [_lesion(f"L{rank}", each, places[each.number - 1], candidates, values, v.border) for rank, each in enumerate(candidates.lesions, 1)]
    middle = _middle(values.suv, v.ct) if lesions else None
    lesions = [{**each, "side": _side(each["centre"][0], middle)} for each in lesions]
    normal = len(candidates.spots) - len(lesions)
    return Finding(
        len(lesions), _summary(lesions, normal, candidates), because=_because(lesions, candidates),
        artefacts=(
            Artefact("lesions", lesions), Artefact("mask", _named(candidates.label_map, lesions)), Artefact("liver", _liver(values, v.ct)),
            Artefact("scan", {
                "uptake_minutes": values.uptake_minutes, "scanner": values.scanner, "method": values.method, "lean_of_weight": values.lean,
            }),
        ),
    )  # fmt: skip


def _lesion(key: str, spot: "Candidate", place: tuple[slice, ...], candidates: "Candidates", values: PetValues, drawn: str) -> Mapping[str, Any]:
    from wardline.science.imaging.uptake import uptake_of
    from wardline.science.imaging.uptake.cutting import cut_round

    piece, box = cut_round(values.suv, place)
    mask = candidates.label_map.array[box] == spot.number
    measured = uptake_of(piece, mask, _threshold(drawn))
    z, y, x = (float(each.mean()) for each in mask.nonzero())
    drawn_by = f"{measured.threshold}, not below {candidates.threshold:.2f}"
    return {
        "key": key, "site": spot.site, "series": values.suv.series, "position": list(measured.maximum_at),
        "centre": list(piece.grid.position((z, y, x))),
        "radius_mm": round((3.0 * spot.volume_ml * 1000.0 / (4.0 * math.pi)) ** (1.0 / 3.0), 1), "label": spot.number,
        "values": _values(measured, spot, values), "border": drawn_by, "notes": list(measured.notes),
    }  # fmt: skip


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


def _values(measured: "Uptake", spot: "Candidate", values: PetValues) -> list[Mapping[str, Any]]:
    def row(id: str, name: str, value: float | None, unit: str, why: str = "") -> Mapping[str, Any]:
        return {"id": id, "name": name, "value": None if value is None else round(value, 4), "unit": unit, "why": why}

    sul = None if values.lean is None else measured.peak.value * values.lean
    no_mean = "" if measured.voxels else f"nothing reaches the border ({measured.threshold})"
    return [
        row("suv_max", "SUVmax", measured.maximum, measured.unit), row("suv_peak", "SUVpeak", measured.peak.value, measured.unit),
        row("suv_mean", "SUVmean", measured.mean, measured.unit, no_mean), row("sul_peak", "SULpeak", sul, LEAN_UNIT, values.no_lean),
        row("mtv", "MTV", measured.mtv_ml, "ml"), row("tlg", "TLG", measured.tlg, "g"),
        row("long_axis", "Long axis", spot.long_axis_mm, "mm"), row("short_axis", "Short axis", spot.short_axis_mm, "mm"),
    ]  # fmt: skip


def _named(mask: LabelMap, lesions: list[Mapping[str, Any]]) -> LabelMap:
    """The mask with its lesions under the keys that the table, the report and the archive call them by."""
    keys = {each["label"]: ", ".join(filter(None, (each["key"], each["site"]))) for each in lesions}
    return replace(mask, labels=tuple(each._replace(name=keys.get(each.number, each.name)) for each in mask.labels))


def _liver(values: PetValues, ct: Volume | None) -> Mapping[str, Any] | None:
    """The yardstick of PERCIST, in SUV and SUL; None without a CT or where none can be placed."""
    if ct is None:
        return None
    from wardline.science.imaging.segmentation.liver import NoReference, liver_reference

    found: LiverReference | NoReference = liver_reference(values.suv, ct)
    if isinstance(found, NoReference):
        return {"refused": found.reason}
    lean = None if values.lean is None else {"mean": found.mean * values.lean, "sd": found.sd * values.lean, "unit": LEAN_UNIT}
    return {"position": list(found.position), "mean": found.mean, "sd": found.sd, "unit": found.unit, "lean": lean, "refused": ""}


def _summary(lesions: list[Mapping[str, Any]], normal: int, candidates: "Candidates") -> str:
    above = f"above SUV {candidates.threshold:.1f}" + (" (liver)" if candidates.threshold_from == "liver" else "")
    apart = f"; {normal} spot{'s' if normal != 1 else ''} of normal uptake" if normal else ""
    if not lesions:
        return f"No lesion candidate {above}{apart}"
    return f"{len(lesions)} lesion candidate{'s' if len(lesions) > 1 else ''} {above}{apart}"


def _because(lesions: list[Mapping[str, Any]], candidates: "Candidates") -> tuple[Evidence, ...]:
    hottest = tuple(Evidence(each["key"], each["values"][0]["value"], None, each["site"] or "site not known") for each in lesions[:SHOWN])
    return hottest + tuple(Evidence("note", None, None, each) for each in candidates.label_map.notes)


def _threshold(word: str) -> "Threshold | None":
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
