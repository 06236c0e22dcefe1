"""PET lesions: which spots take up more than healthy liver, where are they, how hot and how large?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from wardline.capabilities.imaging.lesion_rows import AUTOMATIC, lesion_rows, threshold_in
from wardline.capabilities.imaging.pet_values import LEAN_UNIT, PetValues, values_of
from wardline.core.capability import Inputs, capability, drawn, site, volume
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import Drawing, LabelMap, Outlined, Volume

if TYPE_CHECKING:
    from wardline.science.imaging.segmentation.liver import LiverReference
    from wardline.science.imaging.segmentation.pet_lesions import Candidates

SHOWN: Final = 5


def border(content: Any) -> "str":
    """The site's way to draw a lesion's border, from config/site/pet_border.yaml. Raises `Refused`."""
    if not isinstance(content, str) or threshold_in(content) is None:
        raise Refused('pet_border is "41%" (a part of the highest value), "4.0" (a fixed SUV) or "gradient"', code="site")
    return content


@dataclass(frozen=True)
class PetCt(Inputs):
    pet: Volume = volume("PT")
    ct: Volume | None = volume("CT", required=False)
    border: str = site("pet_border", read=border, default="41%")
    drawn: Drawing | None = drawn()


class Outlines(NamedTuple):
    """Which voxels are which lesion, and who says so."""

    mask: LabelMap
    lesions: tuple[Outlined, ...]
    inside: str
    """What a border was drawn in, in words."""
    said: str
    """What follows their number in the summary."""
    notes: tuple[str, ...]


@capability(
    id="pet_lesions", version="1", about="study", live=False, standing="provisional",
    reference="Candidates from 1.5 x liver mean + 2 SD (PERCIST 1.0, Radiology 2016, PMC4976461) or SUV 4.0; SUVpeak as IBSI's global peak",
    caution="Candidates by uptake alone: infection, healing and normal uptake look the same. A reader decides what is disease.",
)  # fmt: skip
def pet_lesions(v: PetCt) -> Finding | Unknown:
    try:
        values = values_of(v.pet)
        outlines = _outlines(v, values)
        lesions = lesion_rows(outlines.lesions, outlines.mask, values, v.ct, v.border, outlines.inside)
    except Refused as refused:
        return Unknown(reason=str(refused))
    return Finding(
        len(lesions), _summary(lesions, outlines), because=_because(lesions, outlines),
        artefacts=(
            Artefact("lesions", lesions), Artefact("mask", outlines.mask), Artefact("liver", _liver(values, v.ct)),
            Artefact("scan", {
                "uptake_minutes": values.uptake_minutes, "scanner": values.scanner, "method": values.method, "lean_of_weight": values.lean,
            }),
        ),
    )  # fmt: skip


def _outlines(v: PetCt, values: PetValues) -> Outlines:
    """A person's, where somebody has drawn on these images; else the candidates."""
    from wardline.science.imaging.segmentation.pet_lesions import lesion_candidates

    if v.drawn is None:
        return _automatic(lesion_candidates(values.suv, v.ct))
    mask, pet = v.drawn.mask, values.suv
    if mask.series == pet.series and mask.grid.is_same_as(pet.grid):
        return _by_hand(v.drawn)
    automatic = _automatic(lesion_candidates(pet, v.ct))
    return automatic._replace(notes=(*automatic.notes, f"What {mask.made_by} has drawn lies on other images and is not used."))


def _automatic(candidates: "Candidates") -> Outlines:
    lesions = tuple(Outlined(f"L{rank}", each.number, each.site) for rank, each in enumerate(candidates.lesions, 1))
    level, normal = candidates.threshold, len(candidates.spots) - len(lesions)
    above = f"above SUV {level:.1f}" + (" (liver)" if candidates.threshold_from == "liver" else "")
    apart = f"; {normal} spot{'s' if normal != 1 else ''} of normal uptake" if normal else ""
    mask = _named(candidates.label_map, lesions)
    return Outlines(mask, lesions, f"not below {level:.2f}", f"lesion candidate{'s' if len(lesions) > 1 else ''} {above}{apart}", mask.notes)


def _by_hand(drawing: Drawing) -> Outlines:
    mask, lesions = drawing
    touched = [each.key for each in lesions if each.how != AUTOMATIC]
    said = f"lesion{'s' if len(lesions) > 1 else ''} in the outlines of {mask.made_by}"
    note = f"Outlines of {mask.made_by}: {', '.join(touched) or 'none'} drawn or changed by hand."
    return Outlines(mask, lesions, f"inside the outline of {mask.made_by}", said, (note,))


def _named(mask: LabelMap, lesions: tuple[Outlined, ...]) -> LabelMap:
    """The mask with its lesions under the keys that the table, the report and the archive call them by."""
    keys = {each.label: ", ".join(filter(None, (each.key, each.site))) for each in lesions}
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


def _summary(lesions: list[Mapping[str, Any]], outlines: Outlines) -> str:
    return f"{len(lesions) or 'No'} {outlines.said}"


def _because(lesions: list[Mapping[str, Any]], outlines: Outlines) -> tuple[Evidence, ...]:
    hottest = tuple(Evidence(each["key"], each["values"][0]["value"], None, each["site"] or "site not known") for each in lesions[:SHOWN])
    return hottest + tuple(Evidence("note", None, None, each) for each in outlines.notes)
