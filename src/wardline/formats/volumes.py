"""Small volumes as JSON: what the cases of a study capability, and who tries one without a scanner, describe one with.

    {"unit": "{SUVbw}g/ml", "shape": [20, 30, 30], "spacing": [4, 4, 4], "background": 1.0,
     "spheres": [{"centre": [40, 60, 60], "radius": 12, "value": 8.0}]}

Centres and radii are in mm from the first voxel, in the order of the array; later spheres lie over earlier ones. `values` gives every voxel instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from wardline.core.errors import Refused
from wardline.core.imaging import Drawing, Grid, Label, LabelMap, Outlined, Result, SeriesProblem, Volume

SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
MOST_VOXELS: Final = 2_000_000
_KEYS: Final = frozenset({"unit", "shape", "spacing", "background", "spheres", "values", "modality"})


def volume(name: str, given: Any, modality: str = "") -> Volume:
    """The volume that is described. Raises `Refused` naming what is wrong."""
    import numpy as np

    if not isinstance(given, Mapping) or not _KEYS.issuperset(given) or "shape" not in given:
        raise Refused(f"{name} is an object with shape, spacing, unit, and background with spheres, or values")
    shape = _three(f"{name}.shape", given["shape"])
    spacing = _three(f"{name}.spacing", given.get("spacing", [1, 1, 1]))
    if any(size != int(size) or size < 1 for size in shape) or shape[0] * shape[1] * shape[2] > MOST_VOXELS or min(spacing) <= 0:
        raise Refused(f"{name}: shape is three whole numbers, {MOST_VOXELS} voxels in all at most, and spacing three lengths in mm")
    size = int(shape[0]), int(shape[1]), int(shape[2])
    if "values" in given:
        array = np.asarray(given["values"], dtype=np.float32).reshape(-1) if _are_numbers(given["values"]) else np.empty(0, np.float32)
        if array.size != size[0] * size[1] * size[2]:
            raise Refused(f"{name}.values is a list of {size[0] * size[1] * size[2]} numbers")
        array = array.reshape(size)
    else:
        array = np.full(size, _number(f"{name}.background", given.get("background", 0)), np.float32)
        for place, sphere in enumerate(given.get("spheres", ())):
            _paint(array, spacing, f"{name}.spheres[{place}]", sphere)
    array.setflags(write=False)
    return Volume(array, Grid(size, spacing), str(given.get("modality", modality)), str(given.get("unit", "")))


def _paint(array: Any, spacing: tuple[float, float, float], name: str, sphere: Any) -> None:
    import numpy as np

    if not isinstance(sphere, Mapping) or set(sphere) != {"centre", "radius", "value"}:
        raise Refused(f"{name} has centre, radius and value")
    centre, radius = _three(f"{name}.centre", sphere["centre"]), _number(f"{name}.radius", sphere["radius"])
    away = [(np.arange(n) * step - middle) ** 2 for n, step, middle in zip(array.shape, spacing, centre, strict=True)]
    inside = away[0][:, None, None] + away[1][None, :, None] + away[2][None, None, :] <= radius**2
    array[inside] = _number(f"{name}.value", sphere["value"])


def _three(name: str, given: Any) -> tuple[float, float, float]:
    if not isinstance(given, list | tuple) or len(given) != 3:
        raise Refused(f"{name} is a list of three numbers")
    return _number(name, given[0]), _number(name, given[1]), _number(name, given[2])


def _are_problems(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, list) and len(each) == 3 for each in given)


def _are_numbers(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, int | float) and not isinstance(each, bool) for each in given)


def _number(name: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or given != given or abs(given) == float("inf"):
        raise Refused(f"{name} is a number")
    return float(given)


class DescribedStack:
    """A `core.imaging.Stack` of a description: `{"modality": "CT", "headers": [{...}], "volume": {...}}`; without a volume, why there is none."""

    def __init__(self, name: str, given: Any) -> None:
        problems = given.get("problems", []) if isinstance(given, Mapping) else None
        if not isinstance(given, Mapping) or not isinstance(given.get("headers", []), list) or not _are_problems(problems):
            raise Refused(f"{name} is an object with modality, headers, problems (code, reason, stops), and volume or refused")
        self.modality = str(given.get("modality", ""))
        self.series = str(given.get("series", name))
        self.headers: list[Mapping[str, Any]] = given.get("headers", [])
        self.problems = [SeriesProblem(str(code), str(reason), bool(stops)) for code, reason, stops in given.get("problems", [])]
        self._refused = str(given.get("refused", "it has no volume"))
        self._volume = volume(f"{name}.volume", given["volume"], self.modality) if "volume" in given else None

    def stored(self, place: int) -> Any:
        """The slice of the volume, as its stored numbers."""
        return self.volume().array[place]

    def volume(self) -> Volume:
        """Raises `Refused` where the description says why there is none."""
        if self._volume is None:
            raise Refused(self._refused)
        count = self._volume.grid.shape[0]
        headers = tuple(self.headers) * count if len(self.headers) == 1 else tuple(self.headers)
        return replace(self._volume, headers=headers, series=self.series, slices=tuple(f"{self.series}.{place + 1}" for place in range(count)))


def stacks(name: str, given: Any) -> tuple[DescribedStack, ...]:
    """The described series of a study. Raises `Refused`."""
    if not isinstance(given, list):
        raise Refused(f"{name} is a list of series")
    return tuple(DescribedStack(f"{name}[{place}]", each) for place, each in enumerate(given))


def result(name: str, capability: str, given: Any) -> Result:
    """What another study capability answered: `{"value": ..., "artefacts": {"lesions": [...]}}`. Raises `Refused`."""
    if not isinstance(given, Mapping):
        raise Refused(f"{name} is what {capability} answered: an object with value and artefacts")
    at = given.get("at")
    try:
        when = datetime.fromisoformat(at) if at is not None else SOME_DAY
    except (TypeError, ValueError):
        raise Refused(f"{name}.at is a time such as 2026-11-21T04:00:00Z") from None
    artefacts = _artefacts(name, given.get("artefacts", {}))
    return Result(capability, str(given.get("study", "")), when, given.get("value"), int(given.get("severity", 0)), artefacts)


def _artefacts(name: str, given: Any) -> dict[str, Any]:
    """Plain JSON as it is; what is called "mask" is a label map, described as a volume whose values are the labels."""
    if not isinstance(given, Mapping):
        raise Refused(f"{name}.artefacts is an object")
    told = dict(given)
    if isinstance(told.get("mask"), Mapping):
        told["mask"] = _mask(f"{name}.mask", told["mask"])
    return told


def _mask(name: str, given: Mapping[str, Any]) -> LabelMap:
    import numpy as np

    described = volume(name, given)
    labels = tuple(Label(int(number), f"label {number:.0f}") for number in np.unique(described.array) if number > 0)
    return LabelMap(described.array.astype(np.uint16), described.grid, labels)


def drawing(name: str, given: Any) -> Drawing:
    """Outlines as a person has drawn them: `{"mask": {...}, "by": "Dr Q", "lesions": [{"key": "L1", "label": 1, "how": "changed"}]}`."""
    lesions = given.get("lesions") if isinstance(given, Mapping) else None
    if not isinstance(lesions, list) or not isinstance(given.get("mask"), Mapping) or not all(isinstance(each, Mapping) for each in lesions):
        raise Refused(f"{name} is an object with a mask, described as a volume whose values are the labels, and lesions (key, label, site, how)")
    outlined = tuple(
        Outlined(str(each.get("key", "")), int(_number(f"{name}.label", each.get("label"))), str(each.get("site", "")), str(each.get("how", "drawn")))
        for each in lesions
    )
    mask = _mask(f"{name}.mask", given["mask"])
    absent = {each.label for each in outlined} - {each.number for each in mask.labels}
    if absent:
        raise Refused(f"{name}: no voxel of the mask is numbered {min(absent)}")
    return Drawing(replace(mask, made_by=str(given.get("by", "")), automatic=False), outlined)
