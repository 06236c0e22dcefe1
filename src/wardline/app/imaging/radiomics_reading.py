"""Files asked for their radiomics: an image and a mask in any of the forms they come in, each structure measured, one row each."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Final

from pydicom import dcmread
from pydicom.dataset import Dataset

from wardline.app.imaging.folders import folder_read
from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import LabelMap, Volume
from wardline.formats import nifti
from wardline.formats.dicom import rtstruct
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.radiomics import Settings, features
from wardline.science.imaging.suv import suv_of, suv_volume

NIFTI: Final = (".nii", ".nii.gz")
DRAWN: Final = frozenset({"RTSTRUCT", "SEG", "SR", "PR", "KO"})
"""Modalities that lie beside the images without being one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What one question is about."""

    image: Path
    mask: Path
    structure: str = ""
    """Name or number; all when empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One structure, or why a pair could not be read."""

    pair: Pair
    label: int = 0
    name: str = ""
    values: dict[str, float] = field(default_factory=dict)
    undefined: tuple[str, ...] = ()
    declared: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""

    def json(self) -> dict[str, Any]:
        """One line of `wardline radiomics --json`."""
        told: dict[str, Any] = {"image": str(self.pair.image), "mask": str(self.pair.mask)}
        if self.label:
            told |= {"label": self.label, "name": self.name}
        if self.refused:
            return told | {"outcome": "refused", "reason": self.refused}
        return told | {
            "outcome": "radiomics", "values": self.values, "undefined": list(self.undefined), "declared": self.declared, "notes": list(self.notes),
        }  # fmt: skip


def batch(pairs: Sequence[Pair], settings: Settings, *, processes: int = 0) -> Iterator[list[Row]]:
    """The rows of each pair, in order; several pairs in as many processes as there are processors (one thread each), one pair in this one."""
    if len(pairs) == 1 or processes == 1:
        yield from (rows_of(pair, settings, workers=processes or os.cpu_count() or 1) for pair in pairs)
        return
    workers = min(len(pairs), processes or os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=_starting()) as pool:
        yield from pool.map(rows_of, pairs, [settings] * len(pairs))


def _starting() -> BaseContext:
    """Processes that begin with everything imported, once for all; where a system cannot fork, each imports for itself.

    NumPy would start a thread for each processor in each of them (OpenBLAS reads this when it is loaded).
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def rows_of(pair: Pair, settings: Settings, *, workers: int = 1) -> list[Row]:
    """Every structure asked for of one pair, by so many threads. What is refused is a row of its own; nothing stops the others."""
    try:
        volume, dataset = image_at(pair.image)
        maps = masks_at(pair.mask, volume, dataset)
        wanted = [(each, label.number, label.name) for each in maps for label in each.labels if pair.structure in ("", label.name, str(label.number))]
        if not wanted:
            names = ", ".join(label.name for each in maps for label in each.labels)
            raise Refused(f"the mask has no structure {pair.structure!r}; it has {names}" if pair.structure else "the mask has no structure")
    except (Refused, NotFound) as refused:
        return [Row(pair, refused=str(refused))]
    return [_row(pair, volume, labels, number, name, settings, workers) for labels, number, name in wanted]


def image_at(path: Path) -> tuple[Volume, Dataset | None]:
    """A NIfTI file, or a folder (or file) of one DICOM series; PET comes as SUV by body weight. With one of the images, if DICOM."""
    if path.name.endswith(NIFTI):
        return nifti.volume_of(_content(path)), None
    series = {uid: images for uid, images in folder_read(path).series.items() if str(images[0].get("Modality")) not in DRAWN}
    if len(series) != 1:
        raise Refused(f"{path} holds {len(series)} series of images: give the folder of the one that was drawn on")
    images = next(iter(series.values()))
    volume = volume_of(images)
    return suv_volume(volume, suv_of(acquisition_of(volume))) if volume.modality == "PT" else volume, images[0]


def masks_at(path: Path, volume: Volume, image: Dataset | None) -> tuple[LabelMap, ...]:
    """NIfTI, RT Structure Set or Segmentation, on the voxels of the images."""
    if path.name.endswith(NIFTI):
        return (nifti.label_map_of(_content(path)),)
    try:
        dataset = dcmread(path)
    except FileNotFoundError as error:
        raise NotFound(f"there is no {path}") from error
    except Exception as error:  # pydicom raises what it likes on damaged files
        raise Refused(f"{path} cannot be read as NIfTI or DICOM: {error}") from error
    match str(dataset.get("Modality", "")):
        case "RTSTRUCT":
            return rtstruct.label_maps(dataset, volume.grid, frame_of_reference=str(image.get("FrameOfReferenceUID", "")) if image else "")
        case "SEG":
            # highdicom costs every process of a batch a second.
            from wardline.formats.dicom.segmentations import label_maps

            return label_maps(dataset, volume.grid)
        case other:
            raise Refused(f"{path} is {other or 'no'} DICOM: a mask is an RT Structure Set (RTSTRUCT) or a Segmentation (SEG)")


def settings_at(path: Path | None) -> dict[str, Any]:
    """The JSON object of a settings file."""
    if path is None:
        return {}
    try:
        read = json.loads(_content(path))
    except ValueError as error:
        raise Refused(f"{path} is no JSON: {error}") from error
    if not isinstance(read, dict):
        raise Refused(f"{path} holds no JSON object")
    return read


def _row(pair: Pair, volume: Volume, labels: LabelMap, number: int, name: str, settings: Settings, workers: int) -> Row:
    try:
        found = features(volume, labels, settings, label=number, workers=workers)
    except Refused as refused:
        return Row(pair, number, name, refused=str(refused))
    return Row(pair, number, name, found.values, found.undefined, found.declared, labels.notes)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from error
