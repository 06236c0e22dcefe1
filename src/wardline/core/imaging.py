"""Images as values: where each voxel lies in the patient, what its number means, and which voxels are which structure.

Arrays are indexed [slice, row, column]; spacing is in mm in that order. Positions are DICOM patient coordinates (PS3.3 C.7.6.2):
millimetres towards the patient's left, back and head. The arrays themselves are numpy's; this room needs nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from wardline.core.codings import Coding

Vector: TypeAlias = tuple[float, float, float]
AXIAL: Final[tuple[Vector, Vector, Vector]] = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
"""Directions of an axial stack from the feet to the head: slices up, rows to the back, columns to the left."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where voxels lie. `directions` are unit vectors along which slice, row and column count up."""

    shape: tuple[int, int, int]
    spacing: Vector
    origin: Vector = (0.0, 0.0, 0.0)
    """Centre of voxel [0, 0, 0]."""
    directions: tuple[Vector, Vector, Vector] = AXIAL

    def position(self, index: Vector) -> Vector:
        """The point in the patient of a (possibly broken) index, in mm."""
        steps = [each * spacing for each, spacing in zip(index, self.spacing, strict=True)]
        x, y, z = (self.origin[i] + sum(step * way[i] for step, way in zip(steps, self.directions, strict=True)) for i in range(3))
        return x, y, z

    def index(self, position: Vector) -> Vector:
        """The (broken) index of a point in the patient: `position` backwards. The directions are at right angles."""
        away = [position[i] - self.origin[i] for i in range(3)]
        s, r, c = (sum(a * w for a, w in zip(away, way, strict=True)) / step for way, step in zip(self.directions, self.spacing, strict=True))
        return s, r, c

    @property
    def voxel_ml(self) -> float:
        """Volume of one voxel in millilitres."""
        return self.spacing[0] * self.spacing[1] * self.spacing[2] / 1000.0

    def is_same_as(self, other: "Grid", *, tolerance_mm: float = 0.01) -> bool:
        """Whether both have their voxels in the same places."""
        last = tuple(float(n - 1) for n in self.shape)
        corners = ((0.0, 0.0, 0.0), last)
        return self.shape == other.shape and all(
            abs(a - b) <= tolerance_mm
            for corner in corners
            for a, b in zip(self.position(corner), other.position(corner), strict=True)  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A stack of slices as numbers that mean something: Hounsfield units, Bq/ml, SUV ..., read-only.

    `modality` is DICOM's (CT, PT, MR ...), `unit` is UCUM where it has a word ("[hnsf'U]", "Bq/ml", "{SUVbw}g/ml") and "" where the numbers
    are only the scanner's own. `series` is the Series Instance UID, `slices` the SOP Instance UIDs in the order of the stack.
    """

    array: Any
    """numpy, shape `grid.shape`, float32 or an integer type."""
    grid: Grid
    modality: str = ""
    unit: str = ""
    series: str = ""
    slices: tuple[str, ...] = ()
    frame_of_reference: str = ""
    """Frame of Reference UID: volumes that share it lie in the same coordinates."""
    headers: tuple[Mapping[str, Any], ...] = ()
    """What else the reader was told per slice, by DICOM keyword; only what is needed to interpret the numbers."""


class SeriesProblem(NamedTuple):
    """What is wrong with how a series lies in space, or with what it claims to hold."""

    code: str
    """"missing-slices", "uneven-spacing", "mixed-orientation", "repeated-image", "incomplete" ..."""
    reason: str
    stops: bool
    """True where no volume can be made of it."""


class Stack(Protocol):
    """One series as it was received: its headers at once, its pixels when asked for. Also single images and series that make no volume."""

    @property
    def modality(self) -> str: ...

    @property
    def series(self) -> str:
        """Series Instance UID."""
        ...

    @property
    def headers(self) -> Sequence[Mapping[str, Any]]:
        """Per instance, by DICOM keyword, in the order of Instance Number; sequences as lists of mappings, no pixels."""
        ...

    @property
    def problems(self) -> Sequence[SeriesProblem]: ...

    def stored(self, place: int) -> Any:
        """Pixels of one instance as stored (before slope and window), numpy [rows, columns] or [frames, rows, columns]. Raises `Refused`."""
        ...

    def volume(self) -> Volume:
        """Raises `Refused` with the reason where the series makes none: gaps, tilted planes, different orientations."""
        ...


class Result(NamedTuple):
    """What a study capability answered: its value, and its artefacts by name (plain JSON values, `LabelMap`)."""

    capability: str
    study: str
    at: datetime
    """When the study was acquired."""
    value: float | int | str | None
    severity: int
    artefacts: Mapping[str, Any]


class Label(NamedTuple):
    """One structure of a label map."""

    number: int
    """Its value in the array, from 1."""
    name: str
    category: Coding | None = None
    """SNOMED CT, for DICOM's Segmented Property Category ("49755003" morphologically altered structure ...)."""
    type: Coding | None = None
    """SNOMED CT, for DICOM's Segmented Property Type ("39607008" lung structure ...)."""
    side: str = ""
    """"left", "right" or ""."""
    how: str = ""
    """"automatic", "changed" or "drawn" by a person; "" as the map says of all its structures."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelMap:
    """Which voxel belongs to which structure: 0 is none. Lies on the grid of the series it was drawn on."""

    array: Any
    """numpy, unsigned integers, shape `grid.shape`."""
    grid: Grid
    labels: tuple[Label, ...]
    series: str = ""
    """Series Instance UID of the images it was drawn on."""
    made_by: str = ""
    """Algorithm or person."""
    automatic: bool = True
    notes: tuple[str, ...] = field(default=())
    """What a reader should know: a structure that could not be found, a border that touches the edge of the images."""
    began_as: str = ""
    """The algorithm whose map a person has changed."""

    def label(self, number: int) -> Label:
        """Raises `KeyError` for a number that names nothing."""
        for each in self.labels:
            if each.number == number:
                return each
        raise KeyError(number)


class Outlined(NamedTuple):
    """One lesion of a map that a person has changed."""

    key: str
    """What the table and the report call it: "L3"."""
    label: int
    """Its number in the map."""
    site: str = ""
    how: str = "automatic"
    """As `Label.how`."""


class Drawing(NamedTuple):
    """What a person has made of the lesions that a program has outlined."""

    mask: LabelMap
    lesions: tuple[Outlined, ...]
