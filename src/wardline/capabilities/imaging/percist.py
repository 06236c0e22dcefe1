"""PERCIST: did the tumour's sugar uptake fall, stay or rise since the PET before?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardline.core.capability import Inputs, capability, earlier, finding
from wardline.core.findings import Artefact, Evidence, Finding, Unknown
from wardline.core.imaging import Result

if TYPE_CHECKING:
    from wardline.science.imaging.response.matching import Matches
    from wardline.science.imaging.response.percist import Percist, Scan

NOT_EVALUABLE: Final = "not evaluable"


@dataclass(frozen=True)
class TwoScans(Inputs):
    now: Result = finding("pet_lesions")
    before: Result = earlier("pet_lesions")


@capability(
    id="percist", version="1.0", about="study", live=False, standing="provisional",
    reference="PERCIST 1.0 as in the 2016 guide (O, Lodge, Wahl: Radiology 280:576, PMC4976461); SUL by James 128",
    caution="Rests on automatic candidates and their pairing: every lesion, new or gone, needs a reader's look.",
)  # fmt: skip
def percist(v: TwoScans) -> Finding | Unknown:
    from wardline.science.imaging.response.matching import Spot, matched
    from wardline.science.imaging.response.percist import percist as response

    before, now = _lesions(v.before), _lesions(v.now)
    if any(_sul_peak(each) is None for each in (*before, *now)):
        return Unknown(reason="SULpeak is not known in both scans: the lean body mass needs height and sex")
    pairs = matched([Spot(*_spot(each)) for each in before], [Spot(*_spot(each)) for each in now], shift=_shift(v.before, v.now))
    answer = response(_scan(v.before), _scan(v.now), pairs.new)
    value = str(answer.category) if answer.category is not None else NOT_EVALUABLE
    told = {"name": "PERCIST 1.0", "category": value, "summary": answer.summary, "because": [*answer.because, *answer.obstacles]}
    return Finding(
        value, _sentence(answer), because=tuple(Evidence("reason", None, None, each) for each in (*answer.because, *answer.obstacles)),
        artefacts=(Artefact("response", told), Artefact("matches", _matches(pairs, before, now, v.before.study))),
    )  # fmt: skip


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
    x, y, z = (float(each) for each in lesion["position"])
    return str(lesion["key"]), (x, y, z), float(lesion["radius_mm"])


def _shift(before: Result, now: Result) -> tuple[float, float, float]:
    """How the liver's sphere moved: both scans lie on their own tables. Without it in both, none."""
    places = [(each.artefacts.get("liver") or {}).get("position") for each in (before, now)]
    if places[0] is None or places[1] is None:
        return (0.0, 0.0, 0.0)
    x, y, z = (float(b) - float(a) for a, b in zip(*places, strict=True))
    return x, y, z


def _scan(result: Result) -> "Scan":
    from wardline.science.imaging.response.percist import Lesion, Scan
    from wardline.science.imaging.uptake.thresholds import Reference

    lean = (result.artefacts.get("liver") or {}).get("lean")
    scan = result.artefacts.get("scan") or {}
    return Scan(
        lesions=tuple(Lesion(str(each["key"]), _sul_peak(each) or 0.0, _value(each, "tlg") or 0.0) for each in _lesions(result)),
        liver=Reference(float(lean["mean"]), float(lean["sd"])) if lean else None,
        uptake_minutes=scan.get("uptake_minutes"),
        scanner=str(scan.get("scanner") or ""),
        method=str(scan.get("method") or ""),
    )


def _matches(pairs: "Matches", before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], study: str) -> list[Mapping[str, Any]]:
    earlier_by, told = {each["key"]: each for each in before}, []
    for each in now:
        pair = pairs.earlier_of(each["key"])
        prior = earlier_by[pair.earlier] if pair is not None else None
        told.append({
            "key": each["key"], "what": "SULpeak", "change_percent": _change(prior, each),
            "prior": _prior(prior, study, pair.certainty) if prior is not None and pair is not None else None,
        })  # fmt: skip
    gone = [{"key": None, "what": "SULpeak", "change_percent": -100.0, "prior": _prior(earlier_by[each], study, None)} for each in pairs.gone]
    return [*told, *gone]


def _prior(lesion: Mapping[str, Any], study: str, certainty: float | None) -> Mapping[str, Any]:
    match = None if certainty is None else round(certainty, 2)
    return {"key": lesion["key"], "study": study, "values": lesion["values"], "match": match, "confirmed": False}


def _change(prior: Mapping[str, Any] | None, now: Mapping[str, Any]) -> float | None:
    old, new = (_sul_peak(prior) if prior is not None else None), _sul_peak(now)
    return None if old is None or new is None or old <= 0 else round(100.0 * (new / old - 1.0), 1)
