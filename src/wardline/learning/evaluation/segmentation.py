"""How well organs and lesions are outlined: on invented people, whose truth is known exactly, and on the few labelled real images there are."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.imaging import Grid, LabelMap, Volume
from wardline.formats.nifti import label_map_of, volume_of
from wardline.science.imaging.phantoms import WHOLE_BODY, Lesion, Phantom, pet_ct, random_lesions
from wardline.science.imaging.segmentation import LiverReference, body_and_table, chest_xray_lungs, lesion_candidates, liver_reference, lungs
from wardline.science.imaging.segmentation.resampling import onto
from wardline.science.imaging.surfaces import Distances, dice, distances

PEOPLE: Final = 12
SEED: Final = 7000
"""Far from the seeds with which the methods were chosen and the network was taught."""
LESIONS: Final = 8
SIZES: Final = (("below 1 ml", 0.0, 1.0), ("1 to 5 ml", 1.0, 5.0), ("5 ml and more", 5.0, 1e9))
_ORGANS: Final = {"right lung": 3, "left lung": 4, "trachea and main bronchi": 5}
_HOT: Final = frozenset({"brain", "heart", "kidney", "bladder"})
_LUNG_LOBES: Final = {"right lung": (12, 13, 14), "left lung": (10, 11)}
"""Numbers of the lobes in the TotalSegmentator label table written into the file."""


class Outlined(NamedTuple):
    """One outline against the truth."""

    name: str
    dice: float
    far: Distances | None


class Detected(NamedTuple):
    """One lesion that was there."""

    site: str
    volume_ml: float
    found: bool
    taken_for_normal: bool
    site_named: str
    dice: float


class Person(NamedTuple):
    """One invented person."""

    outlines: tuple[Outlined, ...]
    liver: tuple[float, float] | None
    """Share of the sphere in the true liver, and measured over true uptake."""
    lesions: tuple[Detected, ...]
    false: int
    """Suspected lesions where there is neither a lesion nor an organ of normal uptake."""
    normal_unmarked: int
    """Organs of normal uptake that were called suspected lesions."""
    normal_marked: int


class Networked(NamedTuple):
    """One invented person seen by the network."""

    lung: float
    found: tuple[bool, ...]
    volumes_ml: tuple[float, ...]
    false: int
    lesion_dice: float


Segment = Callable[[dict[str, Volume]], LabelMap]


def people() -> Iterator[Phantom]:
    for number in range(PEOPLE):
        rng = np.random.default_rng(SEED + number)
        lesions = random_lesions(rng, LESIONS, extent=WHOLE_BODY)
        yield pet_ct(rng, lesions=lesions, extent=WHOLE_BODY, uptake={"heart": (1.0, 3.0)[number % 2]}, ct_noise_hu=20, pet_noise=0.1)


def classical(phantom: Phantom) -> Person:
    """Everything the classical methods say of one person, against the truth."""
    candidates = lesion_candidates(phantom.pet_suv, phantom.ct)
    marked, truth, organs = candidates.label_map.array, phantom.pet_lesion_truth.array, phantom.truth.array
    suspected = [spot.number for spot in candidates.spots if not spot.physiological]
    detected = tuple(
        _detected(lesion, truth == number, marked, suspected, {spot.number: spot.site for spot in candidates.spots})
        for number, lesion in enumerate(phantom.lesions, start=1)
    )
    empty = [number for number in suspected if not truth[marked == number].any()]
    in_organ = [number for number in empty if _is_normal(organs[marked == number], phantom)]
    reference = liver_reference(phantom.pet_suv, phantom.ct)
    return Person(
        tuple(_outlines(phantom)), _liver(reference, phantom) if isinstance(reference, LiverReference) else None, detected,
        len(empty) - len(in_organ), len(in_organ), sum(1 for spot in candidates.spots if spot.physiological),
    )  # fmt: skip


def networked(phantom: Phantom, segment: Segment) -> Networked:
    """The same for the trained network: its numbers 1 lung, 2 nodule, 3 hot spot."""
    found = segment({"CT": phantom.ct, "PT": phantom.pet_suv}).array
    organs, truth = phantom.truth.array, phantom.lesion_truth.array
    lung = np.isin(organs, (3, 4))
    spots = found >= 2
    hits = tuple(bool(spots[truth == number].mean() > 0.1) for number in range(1, len(phantom.lesions) + 1))
    pieces, count = _pieces(spots)
    false = sum(1 for number in range(1, count + 1) if not truth[pieces == number].any())
    return Networked(
        dice((found == 1) | (spots & lung), lung), hits, tuple(each.volume_ml for each in phantom.lesions), false, dice(spots, truth > 0)
    )


def labelled_ct(reference: Path) -> tuple[Outlined, ...]:
    """Lung bases of a real CT against the labels published with it.

    The labels cover the upper 30 of 112 slices, although their header places them at the lowest: the liver's labels lie on liver, and the lungs' on
    lung, only when the last slices are put together, and are therefore compared there.
    """
    folder = reference / "imaging/totalsegmentator_example/tests/reference_files"
    ct = volume_of((folder / "example_ct.nii.gz").read_bytes(), modality="CT", unit="[hnsf'U]")
    labels = label_map_of((folder / "example_seg.nii.gz").read_bytes())
    found = lungs(ct)
    last = found.array[-labels.array.shape[0] :]
    return tuple(
        _outlined(name, last == number, np.isin(labels.array, lobes), ct.grid)
        for number, (name, lobes) in enumerate(_LUNG_LOBES.items(), start=1)
    )  # fmt: skip


def radiographs(reference: Path) -> tuple[float, ...]:
    """Dice of the lung fields of four real chest radiographs."""
    from PIL import Image

    folder = reference / "imaging/cxr_lung_demo/Demo/Data"
    measured = []
    for number in range(1, 5):
        pixels = np.asarray(Image.open(folder / f"{number}.jpg").convert("L"))[None]
        truth = np.asarray(Image.open(folder / f"{number}-mask.png")) > 0
        grid = Grid((1, *pixels.shape[1:]), (1.0, 1.0, 1.0))
        measured.append(dice(chest_xray_lungs(Volume(pixels, grid, "DX")).array[0] > 0, truth))
    return tuple(measured)


def sarcomas(reference: Path) -> tuple[tuple[str, float, int], ...]:
    """Three real sarcomas on PET in SUV: Dice of the largest suspected lesion with the published outline, and how many others were suspected."""
    folder = reference / "imaging/ibsi_validation_sts/ibsi_validation/nifti"
    measured = []
    for patient in sorted(each.name for each in folder.iterdir() if each.is_dir()):
        pet = volume_of((folder / patient / "PET_image.nii.gz").read_bytes(), modality="PT", unit="{SUVbw}g/ml")
        truth = label_map_of((folder / patient / "PET_mask.nii.gz").read_bytes())
        candidates = lesion_candidates(pet)
        inside = onto((truth.array > 0).astype(np.uint8), truth.grid, pet.grid, order=0) > 0
        measured.append((patient, dice(candidates.label_map.array > 0, inside), len(candidates.lesions)))
    return tuple(measured)


def _outlines(phantom: Phantom) -> Iterator[Outlined]:
    found, truth = lungs(phantom.ct), phantom.truth.array
    for number, (name, organ) in enumerate(_ORGANS.items(), start=1):
        yield _outlined(name, found.array == number, truth == organ, phantom.ct.grid)
    body = body_and_table(phantom.ct).array
    yield _outlined("body", body == 1, (truth != 0) & (truth != 2), phantom.ct.grid)
    yield _outlined("table", body == 2, truth == 2, phantom.ct.grid)


def _outlined(name: str, found: NDArray[Any], truth: NDArray[Any], grid: Grid) -> Outlined:
    return Outlined(name, dice(found, truth), distances(found, truth, grid.spacing))


def _detected(lesion: Lesion, truth: NDArray[Any], marked: NDArray[Any], suspected: Sequence[int], sites: dict[int, str]) -> Detected:
    over = np.bincount(marked[truth], minlength=1)
    over[0] = 0
    number = int(over.argmax()) if over.any() else 0
    best = dice(marked == number, truth) if number else 0.0
    return Detected(lesion.site, lesion.volume_ml, number in suspected, number > 0 and number not in suspected, sites.get(number, ""), best)


def _is_normal(organs: NDArray[Any], phantom: Phantom) -> bool:
    names = {label.number: label.name for label in phantom.truth.labels}
    most = names.get(int(np.bincount(organs).argmax()), "")
    return any(each in most for each in _HOT)


def _liver(reference: LiverReference, phantom: Phantom) -> tuple[float, float]:
    return float((phantom.truth.array[reference.voxels] == 8).mean()), reference.mean / 2.2


def _pieces(mask: NDArray[Any]) -> tuple[NDArray[Any], int]:
    from wardline.science.imaging.segmentation.morphology import regions

    numbered, found = regions(mask)
    return numbered, len(found)
