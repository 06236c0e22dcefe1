"""Structures drawn for radiotherapy (RT Structure Sets): outlines on slices become voxels of the images they were drawn on.

PS3.3 C.8.8.5 and C.8.8.6. A voxel belongs to a structure when its centre lies inside: of outlines within each other every second is a hole (even and
odd), and a hole that is joined to its border by a narrow channel (keyhole) is one outline that touches itself. Points and open lines
outline nothing and are left out with a note. What would be drawn wrongly is refused: planes at an angle to the images, outlines between slices.
"""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import numpy as np
from pydicom.dataset import Dataset

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap

RT_STRUCTURE_SET: Final = "1.2.840.10008.5.1.4.1.1.481.3"
CLOSED: Final = frozenset({"CLOSED_PLANAR", "CLOSEDPLANAR_XOR"})
FLAT: Final = 0.05
"""Share of the slice thickness that the points of one outline may lie apart in depth."""
BETWEEN: Final = 0.25
"""Share of the slice thickness that an outline may lie beside the middle of a slice."""


class Structure(NamedTuple):
    """One region of interest of the file."""

    number: int
    name: str
    outlines: tuple[Any, ...]
    """Closed ones, each [n, 3] in mm in the patient."""
    left_out: int
    """Points and open lines."""


def structures(dataset: Dataset) -> tuple[Structure, ...]:
    """In the order of their numbers."""
    if str(dataset.get("SOPClassUID", "")) != RT_STRUCTURE_SET:
        raise Refused("this DICOM file is no RT Structure Set", code="rtstruct", where="(0008,0016)")
    names = {int(each.ROINumber): str(each.get("ROIName", "") or f"ROI {each.ROINumber}") for each in dataset.get("StructureSetROISequence", ())}
    found = []
    for item in dataset.get("ROIContourSequence", ()):
        number = int(item.ReferencedROINumber)
        contours = list(item.get("ContourSequence", ()) or ())
        closed = [each for each in contours if str(each.get("ContourGeometricType", "")) in CLOSED]
        found.append(Structure(number, names.get(number, f"ROI {number}"), tuple(_points(each) for each in closed), len(contours) - len(closed)))
    return tuple(sorted(found, key=lambda each: each.number))


def label_maps(dataset: Dataset, grid: Grid, *, names: Collection[str] = (), frame_of_reference: str = "") -> tuple[LabelMap, ...]:
    """On the grid of the images; one map where no two structures overlap, else as many as it takes. Without `names`, all structures.

    `frame_of_reference` is that of the images: structures of another are refused. A structure's label is its number in the file.
    """
    if frame_of_reference:
        _check_frame(dataset, frame_of_reference)
    wanted = [each for each in structures(dataset) if not names or each.name in names]
    if missing := sorted(set(names) - {each.name for each in wanted}):
        raise Refused(f"the structure set has no {missing[0]!r}", code="rtstruct", where="(3006,0026)")
    maps: list[tuple[Any, list[Label]]] = []
    notes: list[str] = []
    for each in wanted:
        if each.left_out:
            notes.append(f"{each.name}: {each.left_out} points or open lines are no region and were left out")
        mask, said = _filled(each, grid)
        notes += said
        if mask.any():
            _placed(mask, each, grid, maps)
        else:
            notes.append(f"{each.name} outlines no voxel of these images")
    made = tuple(LabelMap(array, grid, tuple(labels), automatic=False, notes=tuple(notes)) for array, labels in maps)
    if not made:
        raise Refused("the structure set outlines nothing on these images" + "".join(f"; {note}" for note in notes), code="rtstruct")
    return made


def _placed(mask: Any, structure: Structure, grid: Grid, maps: list[tuple[Any, list[Label]]]) -> None:
    """Into the first map in which no other structure lies there."""
    free = next((each for each in maps if not each[0][mask].any()), None)
    if free is None:
        free = (np.zeros(grid.shape, np.uint16), [])
        maps.append(free)
    array, labels = free
    array[mask] = structure.number
    labels.append(Label(structure.number, structure.name))


def _filled(structure: Structure, grid: Grid) -> tuple[Any, list[str]]:
    """(which voxels are inside, what a reader should know)"""
    mask = np.zeros(grid.shape, bool)
    beyond, slices = 0, set()
    for outline in structure.outlines:
        places = _indices(outline, grid)
        number = _slice_of(places[:, 0], structure)
        if not 0 <= number < grid.shape[0]:
            beyond += 1
            continue
        mask[number] ^= _inside(places[:, 1:], grid.shape[1], grid.shape[2])
        slices.add(number)
    notes = [f"{structure.name}: {beyond} outlines lie beyond the images"] if beyond else []
    if slices and len(slices) <= max(slices) - min(slices):
        notes.append(f"{structure.name}: {max(slices) - min(slices) + 1 - len(slices)} slices between the outlines have none and stay empty")
    return mask, notes


def _slice_of(depths: Any, structure: Structure) -> int:
    """Refuses an outline that lies across slices or between them."""
    if np.ptp(depths) > FLAT:
        raise Refused(f"an outline of {structure.name} lies at an angle to the images' slices: it cannot be drawn on them", code="rtstruct-oblique")
    middle = float(depths.mean())
    if abs(middle - round(middle)) > BETWEEN:
        raise Refused(f"an outline of {structure.name} lies between two slices: it was drawn on other images", code="rtstruct-between")
    return round(middle)


def _inside(corners: Any, rows: int, columns: int) -> Any:
    """Even and odd: from each crossing of the outline with the line of a row's centres, everything to the right changes sides."""
    y, x = corners[:, 0], corners[:, 1]
    y_next, x_next = np.roll(y, -1), np.roll(x, -1)
    line = np.arange(rows)
    crossed = (np.minimum(y, y_next)[:, None] <= line) & (line < np.maximum(y, y_next)[:, None])
    edge, row = np.nonzero(crossed)
    at = x[edge] + (row - y[edge]) / (y_next - y)[edge] * (x_next - x)[edge]
    column = np.clip(np.ceil(at), 0, columns).astype(np.int64)
    changes = np.bincount(row * (columns + 1) + column, minlength=rows * (columns + 1)).reshape(rows, columns + 1)
    return np.cumsum(changes, axis=1)[:, :columns] % 2 == 1


def _indices(points: Any, grid: Grid) -> Any:
    """Broken indices [slice, row, column] of points in the patient."""
    away = points - np.array(grid.origin)
    return away @ np.array(grid.directions).T / np.array(grid.spacing)


def _points(contour: Dataset) -> Any:
    values = np.array([float(each) for each in contour.get("ContourData", ()) or ()])
    if values.size % 3 or values.size < 9 or not np.isfinite(values).all():
        raise Refused(
            "a closed outline of the structure set has no three points: (3006,0050) Contour Data is damaged", where="(3006,0050)", code="rtstruct"
        )
    return values.reshape(-1, 3)


def _check_frame(dataset: Dataset, frame_of_reference: str) -> None:
    """The file names its frames of reference; images of another one lie elsewhere."""
    named = {str(each.get("FrameOfReferenceUID", "")) for each in dataset.get("ReferencedFrameOfReferenceSequence", ()) or ()}
    named |= {str(each.get("ReferencedFrameOfReferenceUID", "")) for each in dataset.get("StructureSetROISequence", ()) or ()}
    named.discard("")
    if named and frame_of_reference not in named:
        raise Refused("the structure set was drawn in another frame of reference than that of the images", where="(3006,0024)", code="rtstruct-frame")
