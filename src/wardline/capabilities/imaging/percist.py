"""PERCIST: did the tumour's sugar uptake fall, stay or rise since the PET before?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardline.capabilities.imaging.pet_values import values_of
from wardline.core.capability import Inputs, capability, earlier, finding, given, volume
from wardline.core.errors import Refused
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import LabelMap, Result, Volume

if TYPE_CHECKING:
    from wardline.science.imaging.response.matching import Matches
    from wardline.science.imaging.response.percist import Percist, Scan
    from wardline.science.imaging.uptake.thresholds import Reference

NOT_EVALUABLE: Final = "not evaluable"
NO_SUL: Final = "SULpeak is not known in both scans: the lean body mass needs height and sex"
SMALLEST_MM: Final = 10.0
"""Round the place of a lesion that is no candidate any more, at least so far is looked for what is left of it. Our own choice."""


@dataclass(frozen=True)
class TwoScans(Inputs):
    pet: Volume = volume("PT")
    now: Result = finding("pet_lesions")
    before: Result = earlier("pet_lesions")
    blood_pool: float | None = given(required=False)
    """Mean of a cylinder of 1 cm x 2 cm that a reader has placed in the descending aorta, in SUL like the lesions; with its standard deviation."""
    blood_pool_sd: float | None = given(required=False)
    blood_pool_before: float | None = given(required=False)
    blood_pool_before_sd: float | None = given(required=False)


@capability(
    id="percist", version="1.0", about="study", live=False, standing="provisional",
    reference="PERCIST 1.0 as in the 2016 guide (O, Lodge, Wahl: Radiology 280:576, PMC4976461); SUL by James 128",
    caution="Rests on automatic candidates and their pairing: every lesion, new or gone, needs a reader's look.",
)  # fmt: skip
def percist(v: TwoScans) -> Finding | Unknown:
    from wardline.science.imaging.response.matching import Spot, matched
    from wardline.science.imaging.response.percist import percist as response
    from wardline.science.imaging.response.percist import surely_new

    if half := _half_said(v):
        return Unknown(missing=half)
    if any(each is not None and each <= 0 for each in (v.blood_pool, v.blood_pool_sd, v.blood_pool_before, v.blood_pool_before_sd)):
        return Unknown(reason="blood pool and its standard deviation are above 0")
    before, now = _lesions(v.before), _lesions(v.now)
    if any(_sul_peak(each) is None for each in (*before, *now)):
        return Unknown(reason=NO_SUL)
    shift = _shift(v.before, v.now)
    pairs = matched([Spot(*_spot(each)) for each in before], [Spot(*_spot(each)) for each in now], shift=shift)
    try:
        left = [_left(each, shift, v) for each in before if each["key"] in pairs.gone]
    except Refused as refused:
        return Unknown(reason=str(refused))
    pool, pool_before = _pool(v.blood_pool, v.blood_pool_sd), _pool(v.blood_pool_before, v.blood_pool_before_sd)
    baseline = _scan(v.before, before, pool_before)
    doubtful = tuple(each for each in pairs.new if not surely_new(_peak_of(each, now), baseline))
    answer = response(baseline, _scan(v.now, [*now, *left], pool), tuple(each for each in pairs.new if each not in doubtful))
    value = str(answer.category) if answer.category is not None else NOT_EVALUABLE
    reasons = (*answer.because, *answer.obstacles, *_pools(pool_before, pool), *_perhaps_new(doubtful), *_by_hand(v))
    if pool is None:
        reasons += _below_liver(v.now, [*now, *left])
    told = {"name": "PERCIST 1.0", "category": value, "summary": answer.summary, "because": list(reasons)}
    return Finding(
        value, _sentence(answer), because=tuple(Evidence("reason", None, None, each) for each in reasons),
        artefacts=(Artefact("response", told), Artefact("matches", _matches(pairs, before, now, left, v.before.study))),
    )  # fmt: skip


def _left(lesion: Mapping[str, Any], shift: tuple[float, float, float], v: TwoScans) -> Mapping[str, Any]:
    """What is left where a lesion was: too faint for a candidate is not gone. Raises `Refused` when its place is not in the images."""
    import numpy as np

    from wardline.science.imaging.uptake import peak_of
    from wardline.science.imaging.uptake.cutting import box_at, cut_round

    lean = (v.now.artefacts.get("scan") or {}).get("lean_of_weight")
    if lean is None:
        raise Refused(NO_SUL)
    suv = values_of(v.pet).suv
    key, (x, y, z), radius = _spot(lesion)
    place, reach = (x + shift[0], y + shift[1], z + shift[2]), max(radius, SMALLEST_MM)
    box = box_at(suv, place, reach)
    if box is None:
        raise Refused(f"the place of lesion {key} of the study before is not in these images")
    piece, cut = cut_round(suv, box)
    lines = [(np.arange(n) - at) * step for n, at, step in zip(piece.grid.shape, piece.grid.index(place), piece.grid.spacing, strict=True)]
    near = lines[0][:, None, None] ** 2 + lines[1][None, :, None] ** 2 + lines[2][None, None, :] ** 2 <= reach**2
    mask = v.now.artefacts.get("mask")
    if mask is not None:
        near &= np.asarray(mask.array[cut]) == 0
    if not near.any():
        raise Refused(f"the place of lesion {key} of the study before is taken by another spot of this one")
    peak = peak_of(piece, near).value * float(lean)
    return {"key": f"{key} before", "values": [{"id": "sul_peak", "value": peak}, {"id": "tlg", "value": 0.0}]}


def _peak_of(key: str, lesions: Sequence[Mapping[str, Any]]) -> float:
    return next(_sul_peak(each) or 0.0 for each in lesions if each["key"] == key)


def _perhaps_new(keys: Sequence[str]) -> tuple[str, ...]:
    if not keys:
        return ()
    return (f"{', '.join(keys)}: not found in the study before and hardly above what is measurable; whether new, a reader must judge",)


def _by_hand(v: TwoScans) -> tuple[str, ...]:
    """Who stands for the outlines, where it is not the program."""
    masks = (("this study", v.now.artefacts.get("mask")), ("the study before", v.before.artefacts.get("mask")))
    drawn = ((which, mask.made_by) for which, mask in masks if isinstance(mask, LabelMap) and not mask.automatic)
    return tuple(f"lesions of {which} as {who} has outlined them" for which, who in drawn)


def _half_said(v: TwoScans) -> tuple[str, ...]:
    """Of a blood pool the number that is missing beside the other."""
    pairs = (
        (("blood_pool", v.blood_pool), ("blood_pool_sd", v.blood_pool_sd)),
        (("blood_pool_before", v.blood_pool_before), ("blood_pool_before_sd", v.blood_pool_before_sd)),
    )
    return tuple(name for pair in pairs if any(value is not None for _, value in pair) for name, value in pair if value is None)


def _pool(mean: float | None, sd: float | None) -> "Reference | None":
    from wardline.science.imaging.uptake.thresholds import Reference

    return None if mean is None or sd is None else Reference(mean, sd, "aorta")


def _pools(before: "Reference | None", now: "Reference | None") -> tuple[str, ...]:
    told = ((which, pool) for which, pool in (("the study before", before), ("this study", now)) if pool is not None)
    return tuple(f"blood pool of {which} {pool.mean:.2f}, standard deviation {pool.sd:.2f} SUL, as a reader has measured it" for which, pool in told)


def _below_liver(result: Result, lesions: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Whether a reader should look if the response is complete: blood pool is not measured by the program."""
    lean = (result.artefacts.get("liver") or {}).get("lean")
    if lean and lesions and all((_sul_peak(each) or 0.0) < float(lean["mean"]) for each in lesions):
        return ("every lesion is below the liver's mean: complete if none stands out from blood pool, which a reader must judge",)
    return ()


def _sentence(answer: "Percist") -> str:
    summary = answer.summary[0].upper() + answer.summary[1:]
    return summary if answer.change is None else f"{summary}; hottest lesion's SULpeak {answer.change:+.0%}"


def _lesions(result: Result) -> Sequence[Mapping[str, Any]]:
    return tuple(result.artefacts.get("lesions") or ())


def _value(lesion: Mapping[str, Any], id: str) -> float | None:
    value = next((each["value"] for each in lesion["values"] if each["id"] == id), None)
    return None if value is None else float(value)


def _sul_peak(lesion: Mapping[str, Any]) -> float | None:
    return _value(lesion, "sul_peak")


def _spot(lesion: Mapping[str, Any]) -> tuple[str, tuple[float, float, float], float]:
    x, y, z = (float(each) for each in lesion.get("centre") or lesion["position"])
    return str(lesion["key"]), (x, y, z), float(lesion["radius_mm"])


def _shift(before: Result, now: Result) -> tuple[float, float, float]:
    """How the liver's sphere moved: both scans lie on their own tables. Without it in both, none."""
    places = [(each.artefacts.get("liver") or {}).get("position") for each in (before, now)]
    if places[0] is None or places[1] is None:
        return (0.0, 0.0, 0.0)
    x, y, z = (float(b) - float(a) for a, b in zip(*places, strict=True))
    return x, y, z


def _scan(result: Result, lesions: Sequence[Mapping[str, Any]], aorta: "Reference | None") -> "Scan":
    from wardline.science.imaging.response.percist import Lesion, Scan
    from wardline.science.imaging.uptake.thresholds import Reference

    lean = (result.artefacts.get("liver") or {}).get("lean")
    scan = result.artefacts.get("scan") or {}
    return Scan(
        lesions=tuple(Lesion(str(each["key"]), _sul_peak(each) or 0.0, _value(each, "tlg") or 0.0) for each in lesions),
        liver=Reference(float(lean["mean"]), float(lean["sd"])) if lean else None,
        aorta=aorta,
        uptake_minutes=scan.get("uptake_minutes"),
        scanner=str(scan.get("scanner") or ""),
        method=str(scan.get("method") or ""),
    )


def _matches(
    pairs: "Matches", before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], left: Sequence[Mapping[str, Any]], study: str
) -> list[Mapping[str, Any]]:
    """One row per lesion of today, then one per lesion that is no candidate any more, with what is left at its place."""
    earlier_by, told = {each["key"]: each for each in before}, []
    for each in now:
        pair = pairs.earlier_of(each["key"])
        prior = earlier_by[pair.earlier] if pair is not None else None
        told.append({
            "key": each["key"], "what": "SULpeak", "change_percent": _change(prior, each),
            "prior": _prior(prior, study, pair.certainty) if prior is not None and pair is not None else None,
        })  # fmt: skip
    gone = zip((earlier_by[each] for each in earlier_by if each in pairs.gone), left, strict=True)
    faint = [
        {"key": None, "what": "SULpeak", "change_percent": _change(prior, rest), "prior": _prior(prior, study, None), "left": _sul_peak(rest)}
        for prior, rest in gone
    ]
    return [*told, *faint]


def _prior(lesion: Mapping[str, Any], study: str, certainty: float | None) -> Mapping[str, Any]:
    match = None if certainty is None else round(certainty, 2)
    return {"key": lesion["key"], "study": study, "values": lesion["values"], "match": match, "confirmed": False}


def _change(prior: Mapping[str, Any] | None, now: Mapping[str, Any]) -> float | None:
    old, new = (_sul_peak(prior) if prior is not None else None), _sul_peak(now)
    return None if old is None or new is None or old <= 0 else round(100.0 * (new / old - 1.0), 1)
