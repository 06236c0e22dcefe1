"""A scan of the invented person: organs painted into CT and PET, blurred and noisy as scanners are, beside the map of what is where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.codings import Coding
from wardline.core.imaging import Grid, Label, LabelMap, Vector, Volume
from wardline.science.imaging.phantoms.anatomy import LABELS, TORSO, Organ
from wardline.science.imaging.phantoms.lesions import Lesion
from wardline.science.imaging.phantoms.shapes import Axes, Shape
from wardline.science.imaging.phantoms.trees import airways, vessels

Extent: TypeAlias = tuple[float, float]
WHOLE_BODY: Final[Extent] = (-430.0, 475.0)
TRUNK: Final[Extent] = (-430.0, 230.0)
CHEST: Final[Extent] = (-90.0, 270.0)
_FIELD_OF_VIEW_MM: Final = (392.0, 392.0)
_FRAME: Final = "1.2.826.0.1.3680043.8.498.1"
_ABNORMAL: Final = Coding("49755003", "snomed")
_LESION: Final = Coding("52988006", "snomed")
"""Morphologically abnormal structure, lesion: SNOMED CT as DICOM PS3.16 uses it."""


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """CT, PET and the truth about both. Lesion i of `lesions` has number i + 1 in the lesion maps."""

    ct: Volume
    pet_suv: Volume
    truth: LabelMap
    """Organs, on the grid of the CT; a lesion belongs to the organ in which it lies."""
    lesion_truth: LabelMap
    """Lesions, on the grid of the CT."""
    pet_lesion_truth: LabelMap
    """Lesions, on the grid of the PET."""
    lesions: tuple[Lesion, ...]


def pet_ct(
    rng: np.random.Generator,
    *,
    lesions: Sequence[Lesion] = (),
    extent: Extent = CHEST,
    spacing: Vector = (4.0, 4.0, 4.0),
    pet_spacing: Vector | None = None,
    variation: float = 0.05,
    uptake: Mapping[str, float] = {},
    ct_noise_hu: float = 12.0,
    pet_noise: float = 0.08,
    pet_resolution_mm: float = 6.0,
) -> Phantom:
    """PET/CT of an invented person. The same generator state gives the same person.

    `variation` is how much bodies differ in size (standard deviation per direction), `uptake` multiplies the SUV of organs by name
    ({"heart": 3} for a heart that burns sugar), `pet_noise` is the coefficient of variation in tissue of SUV 2 (noise grows with the root of the
    activity, as counting does), `pet_resolution_mm` the width at half maximum of the scanner's blur.
    """
    size = np.clip(rng.normal(1, variation, 3), 0.85, 1.1) if variation else np.ones(3)
    organs = [each._replace(suv=each.suv * uptake.get(each.label.name, 1.0)) for each in (*TORSO, *vessels(rng), *airways(rng))]
    ct_grid, pet_grid = _grid(extent, spacing), _grid(extent, pet_spacing or spacing)
    on_ct = _painted(ct_grid, organs, lesions, size)
    on_pet = on_ct if pet_grid == ct_grid else _painted(pet_grid, organs, lesions, size)
    return Phantom(
        Volume(_scanned(rng, on_ct.hounsfield, ct_noise_hu), ct_grid, "CT", "[hnsf'U]", series=_FRAME + ".1", frame_of_reference=_FRAME),
        Volume(
            _reconstructed(rng, on_pet.suv, pet_grid, pet_noise, pet_resolution_mm), pet_grid, "PT", "{SUVbw}g/ml", series=_FRAME + ".2",
            frame_of_reference=_FRAME,
        ),
        LabelMap(_locked(on_ct.organs), ct_grid, LABELS, _FRAME + ".1", "phantom"),
        _lesion_map(on_ct, ct_grid, lesions, ".1"),
        _lesion_map(on_pet, pet_grid, lesions, ".2"),
        tuple(lesions),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Canvas:
    """The arrays being painted."""

    hounsfield: NDArray[np.float32]
    suv: NDArray[np.float32]
    organs: NDArray[np.uint8]
    lesions: NDArray[np.uint8]


def _grid(extent: Extent, spacing: Vector) -> Grid:
    low, high = extent
    across, deep = _FIELD_OF_VIEW_MM
    shape = (round((high - low) / spacing[0]), round(deep / spacing[1]), round(across / spacing[2]))
    # The field of view lies 10 mm towards the back, so that the table is on the images.
    return Grid(shape, spacing, ((1 - shape[2]) * spacing[2] / 2, (1 - shape[1]) * spacing[1] / 2 + 10.0, low + spacing[0] / 2))


def _painted(grid: Grid, organs: Iterable[Organ], lesions: Sequence[Lesion], size: NDArray[Any]) -> _Canvas:
    canvas = _Canvas(
        np.full(grid.shape, -1000, np.float32), np.zeros(grid.shape, np.float32), np.zeros(grid.shape, np.uint8), np.zeros(grid.shape, np.uint8)
    )
    for organ in organs:
        at, share = _share(grid, organ.shape, size)
        _blend(canvas, at, share, organ.hounsfield, organ.suv)
        canvas.organs[at][share >= 0.5] = organ.label.number
    for number, lesion in enumerate(lesions, start=1):
        at, share = _share(grid, lesion.shape, np.ones(3))
        _blend(canvas, at, share, lesion.hounsfield, lesion.suv)
        canvas.lesions[at][share >= 0.5] = number
    return canvas


def _share(grid: Grid, shape: Shape, size: NDArray[Any]) -> tuple[tuple[slice, slice, slice], NDArray[Any]]:
    """The part of the grid around a shape, and which share of each voxel there it fills."""
    low, high = shape.box()
    cuts, places = [], []
    for axis, way in ((2, 0), (1, 1), (0, 2)):  # x of columns, y of rows, z of slices
        step, first, count = grid.spacing[way], grid.origin[axis], grid.shape[way]
        begin = max(0, int(np.floor((low[axis] * size[axis] - first) / step)) - 1)
        cuts.append(slice(begin, max(begin, min(count, int(np.ceil((high[axis] * size[axis] - first) / step)) + 2))))
        line = (first + step * np.arange(cuts[-1].start, cuts[-1].stop)) / size[axis]
        places.append(line.reshape([-1 if each == way else 1 for each in range(3)]))
    at: Axes = (places[2], places[1], places[0])
    return (cuts[0], cuts[1], cuts[2]), np.clip(0.5 + shape.depth(at) / float(np.mean(grid.spacing)), 0, 1)


def _blend(canvas: _Canvas, at: tuple[slice, slice, slice], share: NDArray[Any], hounsfield: float, suv: float) -> None:
    canvas.hounsfield[at] += share * (hounsfield - canvas.hounsfield[at])
    canvas.suv[at] += share * (suv - canvas.suv[at])


def _scanned(rng: np.random.Generator, hounsfield: NDArray[np.float32], noise_hu: float) -> NDArray[np.int16]:
    grain = ndimage.gaussian_filter(rng.standard_normal(hounsfield.shape, np.float32), (0, 0.5, 0.5))
    seen = np.rint(hounsfield + grain * (noise_hu / float(grain.std())))
    return _locked(np.clip(seen, -1024, 3071).astype(np.int16))


def _reconstructed(rng: np.random.Generator, suv: NDArray[np.float32], grid: Grid, noise: float, resolution_mm: float) -> NDArray[np.float32]:
    blur = [resolution_mm / 2.3548 / step for step in grid.spacing]  # full width at half maximum = 2.3548 standard deviations
    seen = ndimage.gaussian_filter(suv, blur)
    grain = ndimage.gaussian_filter(rng.standard_normal(suv.shape, np.float32), [each * 0.8 for each in blur])
    seen += grain * (noise / float(grain.std())) * np.sqrt(2.0 * np.maximum(seen, 0))
    return _locked(np.maximum(seen, 0).astype(np.float32))


def _lesion_map(canvas: _Canvas, grid: Grid, lesions: Sequence[Lesion], series: str) -> LabelMap:
    labels = tuple(Label(number, f"lesion {number}", _ABNORMAL, _LESION) for number in range(1, len(lesions) + 1))
    return LabelMap(_locked(canvas.lesions), grid, labels, _FRAME + series, "phantom")


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
