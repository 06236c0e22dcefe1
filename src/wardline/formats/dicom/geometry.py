"""Where the images of a series lie in the patient, and what is wrong with how they lie: gaps, doubles, a tilted gantry.

`geometry_of` never raises: a quality check wants to hear everything that is wrong. A problem that `stops` means that no volume may be made
of the images, because distances or neighbours in it would be wrong.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from wardline.core.imaging import Grid, Vector
from wardline.formats.dicom.headers import found, plain

SLACK: Final = 0.1
"""How far a slice may lie from its place in an even stack, as a part of the spacing: scanners round positions."""
MISSING_FROM: Final = 1.5
"""A step of so many usual steps is a gap."""
UNIT_TOLERANCE: Final = 1e-3
"""Of the direction cosines' length and right angle: they are written as decimal text of at most 16 characters (PS3.5 6.2, DS)."""
TELLING: Final = {
    "AcquisitionNumber": "(0020,0012)", "TemporalPositionIndex": "(0020,9128)", "TemporalPositionIdentifier": "(0020,0100)",
    "EchoNumbers": "(0018,0086)", "EffectiveEchoTime": "(0018,9082)", "DiffusionBValue": "(0018,9087)", "FrameReferenceTime": "(0054,1300)",
    "TriggerTime": "(0018,1060)", "NominalCardiacTriggerDelayTime": "(0020,9153)", "FrameType": "(0008,9007)", "ImageType": "(0008,0008)",
}  # fmt: skip
"""What usually tells apart several images of one place."""


class Problem(NamedTuple):
    """One thing that is wrong with how the images lie."""

    code: str
    reason: str
    tag: str
    stops: bool
    images: tuple[str, ...] = ()
    """SOP Instance UIDs it concerns."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One image: the `frame` (None when the file holds only one) of the file `file`."""

    file: int
    frame: int | None
    uid: str
    position: NDArray[np.float64]
    row: NDArray[np.float64]
    """The direction along a row, in which columns count up."""
    column: NDArray[np.float64]
    spacing: tuple[float, float]
    size: tuple[int, int]

    @property
    def normal(self) -> NDArray[np.float64]:
        return np.cross(self.row, self.column)


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """How a series lies: `planes` in the order of the stack, and the grid they make unless something stops it."""

    grid: Grid | None
    planes: tuple[Plane, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def order(self) -> tuple[int, ...]:
        """The place in the given datasets of each image of the stack, in its order."""
        return tuple(plane.file for plane in self.planes)

    @property
    def stopping(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if each.stops)


def geometry_of(datasets: Sequence[Dataset]) -> Geometry:
    """How the images of one series lie; headers without pixels are enough. Raises nothing."""
    problems: list[Problem] = list(_strangers(datasets))
    planes = list(_planes(datasets, problems))
    planes = _without_repeats(planes, datasets, problems)
    problems += _differing(planes)
    if not planes or any(each.stops for each in problems):
        return Geometry(None, tuple(planes), _told_once(problems))
    normal = planes[0].normal / np.linalg.norm(planes[0].normal)
    planes.sort(key=lambda plane: float(plane.position @ normal))
    step = _step(planes, normal, datasets, problems)
    problems += _incomplete(planes, datasets)
    if step is None or any(each.stops for each in problems):
        return Geometry(None, tuple(planes), _told_once(problems))
    first = planes[0]
    grid = Grid(
        (len(planes), *first.size), (step, *first.spacing), _vector(first.position), (_vector(normal), _unit(first.column), _unit(first.row))
    )  # fmt: skip
    return Geometry(grid, tuple(planes), _told_once(problems))


def _told_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """What is wrong with many images in the same way is one problem."""
    once: dict[tuple[str, str], Problem] = {}
    for each in problems:
        before = once.get((each.code, each.reason))
        once[each.code, each.reason] = each if before is None else before._replace(images=(*before.images, *each.images))
    return tuple(once.values())


def _strangers(datasets: Sequence[Dataset]) -> Iterator[Problem]:
    if not datasets:
        yield Problem("not-an-image", "there is no image", "", True)
    for keyword, tag in (("SeriesInstanceUID", "(0020,000E)"), ("FrameOfReferenceUID", "(0020,0052)")):
        there = {str(value) for each in datasets if (value := found(each, keyword))}
        if len(there) > 1:
            yield Problem("mixed-series", f"{tag} {keyword} has {len(there)} values: these images do not belong together", tag, True)


def _planes(datasets: Sequence[Dataset], problems: list[Problem]) -> Iterator[Plane]:
    for file, dataset in enumerate(datasets):
        uid = str(found(dataset, "SOPInstanceUID") or "")
        groups, frames = found(dataset, "PerFrameFunctionalGroupsSequence"), _whole(dataset, "NumberOfFrames") or 1
        if not _whole(dataset, "Rows") or not _whole(dataset, "Columns"):
            problems.append(Problem("not-an-image", "(0028,0010) Rows or (0028,0011) Columns is missing", "(0028,0010)", True, (uid,)))
        elif groups is None and frames > 1:
            reason = "the file holds several images without (5200,9230) Per-frame Functional Groups: where each lies is not said"
            problems.append(Problem("no-position", reason, "(5200,9230)", True, (uid,)))
        elif groups is not None and len(groups) != frames:
            reason = f"(0028,0008) Number of Frames says {frames}, (5200,9230) describes {len(groups)}"
            problems.append(Problem("no-position", reason, "(0028,0008)", True, (uid,)))
        else:
            for each in (_plane(dataset, file, frame, uid) for frame in (range(frames) if groups is not None else (None,))):
                if isinstance(each, Problem):
                    problems.append(each)
                else:
                    yield each


def _plane(dataset: Dataset, file: int, frame: int | None, uid: str) -> Plane | Problem:
    position = _numbers(found(dataset, "ImagePositionPatient", frame), 3)
    if position is None:
        return Problem("no-position", "(0020,0032) Image Position (Patient) is missing or no place", "(0020,0032)", True, (uid,))
    ways = _numbers(found(dataset, "ImageOrientationPatient", frame), 6)
    if ways is None:
        return Problem("bad-orientation", "(0020,0037) Image Orientation (Patient) is missing or no direction", "(0020,0037)", True, (uid,))
    row, column = ways[:3], ways[3:]
    if max(abs(row @ row - 1.0), abs(column @ column - 1.0), abs(row @ column)) > UNIT_TOLERANCE:
        reason = "(0020,0037) Image Orientation (Patient): its two directions are not of length 1 and at right angles"
        return Problem("bad-orientation", reason, "(0020,0037)", True, (uid,))
    spacing = _numbers(found(dataset, "PixelSpacing", frame), 2)
    if spacing is None or not (spacing > 0).all():
        return Problem("no-spacing", "(0028,0030) Pixel Spacing is missing or not above 0", "(0028,0030)", True, (uid,))
    size = (_whole(dataset, "Rows"), _whole(dataset, "Columns"))
    return Plane(file, frame, uid, position, row, column, (float(spacing[0]), float(spacing[1])), size)


def _without_repeats(planes: list[Plane], datasets: Sequence[Dataset], problems: list[Problem]) -> list[Plane]:
    """The same image twice counts once; one identity with two contents stops."""
    first: dict[tuple[str, int | None], Plane] = {}
    for plane in planes:
        earlier = first.setdefault((plane.uid, plane.frame), plane) if plane.uid else plane
        if earlier is plane:
            continue
        pixels = found(datasets[earlier.file], "PixelData"), found(datasets[plane.file], "PixelData")
        same = pixels[0] == pixels[1] and bool((earlier.position == plane.position).all())
        reason = "an image is there twice" if same else "(0008,0018) SOP Instance UID: two different images carry the same one"
        problems.append(Problem("repeated-image", reason, "(0008,0018)", not same, (plane.uid,)))
    return [plane for plane in planes if not plane.uid or first[plane.uid, plane.frame] is plane]


def _differing(planes: list[Plane]) -> Iterator[Problem]:
    checks: tuple[tuple[str, str, str, Callable[[Plane], Hashable]], ...] = (
        ("mixed-orientation", "(0020,0037)", "lie in another direction than the rest", lambda p: tuple(np.round([*p.row, *p.column], 3) + 0.0)),
        ("mixed-spacing", "(0028,0030)", "have another pixel spacing than the rest", lambda p: tuple(round(each, 3) for each in p.spacing)),
        ("mixed-size", "(0028,0010)", "have another number of rows or columns than the rest", lambda p: p.size),
    )
    for code, tag, words, of in checks:
        kinds = Counter(of(plane) for plane in planes)
        if len(kinds) > 1:
            usual = kinds.most_common(1)[0][0]
            odd = tuple(plane.uid for plane in planes if of(plane) != usual)
            yield Problem(code, f"{tag}: {len(odd)} of {len(planes)} images {words}", tag, True, odd)


def _step(planes: list[Plane], normal: NDArray[np.float64], datasets: Sequence[Dataset], problems: list[Problem]) -> float | None:
    """The distance between slices: from their positions, never from a header that says what was planned."""
    if len(planes) == 1:
        return _thickness(planes[0], datasets, problems)
    heights = np.array([plane.position @ normal for plane in planes])
    steps = np.diff(heights)
    usual = float(np.median(steps[steps > 1e-3])) if (steps > 1e-3).any() else 0.0
    double = np.flatnonzero(steps < max(SLACK * usual, 1e-3))
    if double.size:
        problems.append(_doubled(planes, double, datasets))
        return None
    mean = float(heights[-1] - heights[0]) / (len(planes) - 1)
    away = float(np.abs(heights - heights[0] - mean * np.arange(len(planes))).max())
    if away > SLACK * mean:
        problems.append(_uneven(planes, steps, usual))
        return None
    across = np.array([plane.position - plane.position @ normal * normal for plane in planes])
    aside = float(np.linalg.norm(across - across[0], axis=1).max())
    if aside > 0.5 * min(planes[0].spacing):
        angle = np.degrees(np.arctan2(np.linalg.norm(across[-1] - across[0]), heights[-1] - heights[0]))
        reason = f"(0018,1120): the slices are shifted against each other by {aside:.1f} mm, as with a gantry tilted by {angle:.1f} degrees"
        problems.append(Problem("tilted", reason, "(0018,1120)", True))
    return mean


def _thickness(plane: Plane, datasets: Sequence[Dataset], problems: list[Problem]) -> float | None:
    thickness = _numbers([found(datasets[plane.file], "SliceThickness", plane.frame)], 1)
    if thickness is not None and thickness[0] > 0:
        return float(thickness[0])
    problems.append(Problem("no-spacing", "(0018,0050) Slice Thickness is missing on the only slice", "(0018,0050)", True))
    return None


def _doubled(planes: list[Plane], double: NDArray[np.intp], datasets: Sequence[Dataset]) -> Problem:
    where = sorted({int(i) for i in double} | {int(i) + 1 for i in double})
    told = [tag + " " + keyword for keyword, tag in TELLING.items() if _differs(planes[double[0]], planes[double[0] + 1], keyword, datasets)]
    words = f"they differ in {', '.join(told)}: choose one" if told else "nothing in their headers tells them apart"
    reason = f"(0020,0032): {len(where)} images share their place with another; {words}"
    return Problem("several-at-one-place", reason, "(0020,0032)", True, tuple(planes[i].uid for i in where))


def _differs(one: Plane, other: Plane, keyword: str, datasets: Sequence[Dataset]) -> bool:
    return bool(plain(found(datasets[one.file], keyword, one.frame)) != plain(found(datasets[other.file], keyword, other.frame)))


def _uneven(planes: list[Plane], steps: NDArray[np.float64], usual: float) -> Problem:
    gaps = np.flatnonzero(steps > MISSING_FROM * usual)
    if not gaps.size:
        reason = f"(0020,0032): the distance between slices goes from {steps.min():.3f} to {steps.max():.3f} mm"
        return Problem("uneven-spacing", reason, "(0020,0032)", True)
    count = sum(max(round(float(steps[i]) / usual) - 1, 1) for i in gaps)
    places = ", ".join(f"{steps[i]:.2f} mm after slice {i + 1}" for i in gaps[:3]) + (" ..." if gaps.size > 3 else "")
    reason = f"(0020,0032): about {count} slices are missing, where {usual:.2f} mm are usual there are {places}"
    return Problem("missing-slices", reason, "(0020,0032)", True, tuple(planes[i].uid for i in gaps))


def _incomplete(planes: list[Plane], datasets: Sequence[Dataset]) -> Iterator[Problem]:
    said = _numbers([found(datasets[planes[0].file], "NumberOfSlices")], 1)
    if said is not None and said[0] > len(planes):
        reason = f"(0054,0081) Number of Slices says {int(said[0])}, {len(planes)} are here: one end of the body may be missing"
        yield Problem("incomplete", reason, "(0054,0081)", False)


def _whole(dataset: Dataset, keyword: str) -> int:
    """A whole number above 0, or 0 for anything else."""
    value = found(dataset, keyword)
    return int(value) if isinstance(value, int) and value > 0 else 0


def _numbers(values: object, count: int) -> NDArray[np.float64] | None:
    try:
        numbers = np.array([float(each) for each in values], dtype=np.float64)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return None
    return numbers if numbers.size == count and bool(np.isfinite(numbers).all()) else None


def _unit(way: NDArray[np.float64]) -> Vector:
    return _vector(way / np.linalg.norm(way))


def _vector(values: NDArray[np.float64]) -> Vector:
    x, y, z = (float(each) + 0.0 for each in values)  # no negative zero
    return x, y, z
