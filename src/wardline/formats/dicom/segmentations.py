"""Which voxel belongs to which structure, as DICOM keeps it beside the images (Segmentation, PS3.3 A.51 and A.88): written and read.

Written as "binary" (one bit for each segment, which every viewer knows) or as "labelmap" (one number for each voxel, far smaller
where there are many segments). Read from whoever made it, also where segments overlap or slices are left out.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal

import highdicom as hd
import numpy as np
from highdicom.sr.coding import CodedConcept
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from wardline import __version__
from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap
from wardline.formats.dicom.alignment import ALIGNED_MM, aligned
from wardline.formats.dicom.derived import (
    CONTENT_SERIES,
    UNNAMED,
    check_sources,
    coding_in,
    damage_refused,
    opened,
    refusing,
    scheme_of,
    stamp,
    tracking_uid,
    written,
)
from wardline.formats.dicom.names import dicom_name

Kind = Literal["binary", "labelmap"]

TISSUE: Final = Coding("85756007", "snomed")
"""What a structure without a code is called at least (PS3.16 CID 7150)."""
CATEGORIES: Final = {  # PS3.16 CID 7150
    "49755003": "Morphologically Abnormal Structure", "91723000": "Anatomical Structure", "91720002": "Body Substance", "85756007": "Tissue",
    "246464006": "Function", "260787004": "Physical object", "309825002": "Spatial and Relational Concept", "105590001": "Substance",
}  # fmt: skip
SIDES: Final = {"left": ("7771000", "Left"), "right": ("24028007", "Right")}
"""SNOMED CT, PS3.16 CID 244."""
_SIDE_OF: Final = {"7771000": "left", "24028007": "right", "G-A101": "left", "G-A100": "right"}
"""Also as SNOMED RT wrote them, which older files do."""
ALGORITHM_TYPES: Final = {"automatic": "AUTOMATIC", "changed": "SEMIAUTOMATIC", "drawn": "MANUAL"}
"""Segment Algorithm Type (PS3.3 C.8.20.2); one that is MANUAL names no algorithm."""
UNNAMED_FAMILY: Final = CodedConcept("123101", "DCM", "Neighborhood Analysis")
CONTENT_LABEL: Final = "SEGMENTATION"
LARGEST: Final = 1 << 29
"""Voxels of a label map that is read: 2048 slices of 512 x 512. Two slices a kilometre apart would be a stack of many thousand, too."""


@refusing
def segmentation_object(labels: LabelMap, sources: Sequence[Dataset], *, at: datetime, kind: Kind = "binary", description: str = "") -> bytes:
    """A DICOM file. `sources` are the headers of the images it was drawn on, `at` is when it was drawn."""
    check_sources(sources, one_series=True)
    numbers = segment_numbers(labels)
    lie = aligned(labels.grid, sources)
    made = hd.seg.Segmentation(
        source_images=lie.images, pixel_array=lie.pixels(_renumbered(labels.array, numbers)),
        segmentation_type=kind.upper(), segment_descriptions=[_described(labels, labels.label(old), new) for old, new in numbers.items()],
        series_instance_uid=UNNAMED, series_number=CONTENT_SERIES["SEG"], sop_instance_uid=UNNAMED, instance_number=1,
        content_label=CONTENT_LABEL, content_description=description or None, omit_empty_frames=True,
        content_creator_name=None if labels.automatic or not labels.made_by else dicom_name(labels.made_by),
        transfer_syntax_uid=RLELossless if kind == "labelmap" else ExplicitVRLittleEndian, **stamp(),
    )  # fmt: skip
    made.SeriesDescription = description or "Segmentation"
    for segment in made.SegmentSequence:
        segment.pop("SegmentationAlgorithmIdentificationSequence", None)  # it wants a family of methods, which is not known here
    return written(made, lie.images[0], at)


def segment_numbers(labels: LabelMap) -> dict[int, int]:
    """Number in the label map -> segment number in the object: only structures that have voxels, counted from 1. Raises `Refused`."""
    present = [int(value) for value in np.unique(labels.array) if value]
    named = {each.number for each in labels.labels}
    unnamed = [value for value in present if value not in named]
    if unnamed:
        raise Refused(f"the label map has voxels numbered {unnamed[0]}, and no label says what that is", code="unnamed-label")
    if not present:
        raise Refused("the label map is empty: there is no segment to write", code="empty")
    return {old: new for new, old in enumerate(present, 1)}


def _renumbered(array: Any, numbers: Mapping[int, int]) -> Any:
    kind = np.uint8 if len(numbers) < 256 else np.uint16
    if all(old == new for old, new in numbers.items()):
        return np.asarray(array).astype(kind, copy=False)
    table = np.zeros(max(numbers) + 1, kind)
    for old, new in numbers.items():
        table[old] = new
    return table[array]


def _described(labels: LabelMap, label: Label, number: int) -> hd.seg.SegmentDescription:
    category, type = label.category or TISSUE, label.type or label.category or TISSUE
    words = label.name if label.type is not None else CATEGORIES.get(type.code, label.name)
    algorithm_type = ALGORITHM_TYPES[label.how or ("automatic" if labels.automatic else "drawn")]
    described = hd.seg.SegmentDescription(
        segment_number=number, segment_label=label.name[:64],
        segmented_property_category=CodedConcept(category.code, scheme_of(category), CATEGORIES.get(category.code, label.name)[:64]),
        segmented_property_type=CodedConcept(type.code, scheme_of(type), words[:64]),
        algorithm_type=algorithm_type, algorithm_identification=None if algorithm_type == "MANUAL" else _algorithm(labels),
        tracking_uid=tracking_uid(labels.series, label.name), tracking_id=label.name[:64],
    )  # fmt: skip
    if label.side:
        code, meaning = SIDES[label.side]
        described.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = [CodedConcept(code, "SCT", meaning)]
    return described


def _algorithm(labels: LabelMap) -> hd.AlgorithmIdentificationSequence:
    """As the library asks for it; only the name stays in the object."""
    return hd.AlgorithmIdentificationSequence(name=(labels.began_as or labels.made_by or "Wardline")[:64], family=UNNAMED_FAMILY, version=__version__)


# --- reading -------------------------------------------------------------------------------------------------------------------


def label_maps(file: bytes | Dataset, grid: Grid | None = None) -> tuple[LabelMap, ...]:
    """One where no segments overlap, else as few as hold them all. Raises `Refused` for what cannot be said as a label map.

    Slices without a voxel are often left out of the file: give the images' `grid` to have the maps on all of it.
    """
    with damage_refused():
        found = tuple(_maps(opened(file)))
        return found if grid is None else tuple(onto(each, grid) for each in found)


def onto(labels: LabelMap, grid: Grid) -> LabelMap:
    """The same on a larger grid of the same voxels. Raises `Refused` where it would have to be moved or resampled."""
    array, own = labels.array, labels.grid
    if np.allclose(own.directions[0], [-part for part in grid.directions[0]], atol=1e-3):  # counted from the other end
        array, own = array[::-1], _turned(own)
    exact = grid.index(own.origin)
    first = [round(part) for part in exact]
    inside = all(low >= 0 and low + n <= size for low, n, size in zip(first, own.shape, grid.shape, strict=True))
    near = all(abs(a - b) * step <= ALIGNED_MM for a, b, step in zip(exact, first, grid.spacing, strict=True))
    if not (inside and near and np.allclose(own.spacing, grid.spacing, rtol=1e-3) and np.allclose(own.directions, grid.directions, atol=1e-3)):
        raise Refused("the segmentation does not lie on the voxels of these images; ask for it on theirs", code="not-aligned")
    whole = np.zeros(grid.shape, array.dtype)
    whole[tuple(slice(low, low + n) for low, n in zip(first, own.shape, strict=True))] = array
    return replace(labels, array=whole, grid=grid)


def _turned(grid: Grid) -> Grid:
    """The same places, its slices counted from the other end."""
    x, y, z = (-part for part in grid.directions[0])
    return replace(grid, origin=grid.position((grid.shape[0] - 1.0, 0.0, 0.0)), directions=((x, y, z), *grid.directions[1:]))


def _checked(dataset: Dataset) -> hd.seg.Segmentation:
    kind = str(dataset.get("SegmentationType", ""))
    if kind == "FRACTIONAL":
        raise Refused("a fractional segmentation says how likely each voxel is, not which it is; ask its maker for a binary one", code="fractional")
    if kind not in ("BINARY", "LABELMAP"):
        raise Refused("this is no DICOM segmentation", code="no-segmentation")
    if not dataset.get("FrameOfReferenceUID") or "ImageOrientationSlide" in dataset or dataset.get("TotalPixelMatrixRows"):
        raise Refused("the segmentation does not lie in the patient: it has no frame of reference in millimetres of the body", code="no-geometry")
    return hd.seg.Segmentation.from_dataset(dataset)


def _maps(dataset: Dataset) -> Iterator[LabelMap]:
    found = _checked(dataset)
    numbers = [int(each) for each in found.segment_numbers if each and _has_frames(found, int(each))]  # 0 is a label map's background
    if not numbers:
        raise Refused("the segmentation has no segment with a voxel in it", code="empty")
    geometry = found.get_volume_geometry(allow_missing_positions=True)
    if geometry is None or math.prod(geometry.spatial_shape) > LARGEST:
        raise Refused("its slices make no stack of even distances, or one larger than any series of images", code="no-volume")
    try:
        whole = found.get_volume(combine_segments=True, segment_numbers=numbers, allow_missing_positions=True)
        yield _map(found, whole, whole.array, numbers)
    except RuntimeError as error:
        if "overlap" not in str(error):
            raise
        yield from _layers(_checked(dataset), numbers)  # read anew: after this error the first reading cannot be asked again


def _layers(found: hd.seg.Segmentation, numbers: Sequence[int]) -> Iterator[LabelMap]:
    """Each segment into the first map in which nothing is where it is."""
    layers: list[tuple[Any, list[int]]] = []
    for number in numbers:  # one at a time: twenty of a whole CT at once are a gigabyte
        alone = found.get_volume(segment_numbers=[number], combine_segments=True, allow_missing_positions=True)
        here = alone.array > 0
        free = next((layer for layer in layers if not (layer[0] > 0)[here].any()), None)
        if free is None:
            free = (np.zeros(here.shape, np.uint16 if max(numbers) > 255 else np.uint8), [])
            layers.append(free)
        free[0][here] = number
        free[1].append(number)
    for array, members in layers:
        yield _map(found, alone, array, members)


def _has_frames(found: hd.seg.Segmentation, number: int) -> bool:
    if found.SegmentationType == "LABELMAP":
        return True
    return (
        any(
            int(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber) == number
            for frame in found.PerFrameFunctionalGroupsSequence
            if "SegmentIdentificationSequence" in frame
        )
        or "SegmentIdentificationSequence" in found.SharedFunctionalGroupsSequence[0]
    )


def _map(found: hd.seg.Segmentation, volume: Any, array: Any, numbers: Sequence[int]) -> LabelMap:
    grid = _grid(volume)
    if np.dot(grid.directions[0], np.cross(grid.directions[2], grid.directions[1])) < 0:  # counted against the way volumes of series are
        array, grid = array[::-1], _turned(grid)
    described = {number: found.get_segment_description(number) for number in numbers}
    first = next(iter(described.values()))
    series = found.get("ReferencedSeriesSequence")
    return LabelMap(
        array=np.ascontiguousarray(array, np.uint16 if max(numbers) > 255 else np.uint8), grid=grid,
        labels=tuple(_label(number, item) for number, item in described.items()),
        series=str(series[0].SeriesInstanceUID) if series else "",
        made_by=str(first.get("SegmentAlgorithmName") or found.get("ContentCreatorName") or found.get("Manufacturer") or ""),
        automatic=first.get("SegmentAlgorithmType") == "AUTOMATIC",
    )  # fmt: skip


def _grid(volume: Any) -> Grid:
    """highdicom's affine has one column for each index: the way one step goes, in millimetres."""
    ways = np.asarray(volume.affine, float)[:3, :3].T
    lengths = np.linalg.norm(ways, axis=1)
    directions = tuple(tuple(float(part) for part in way / length) for way, length in zip(ways, lengths, strict=True))
    origin = tuple(float(part) for part in np.asarray(volume.affine, float)[:3, 3])
    return Grid(tuple(int(n) for n in volume.spatial_shape), tuple(map(float, lengths)), origin, directions)  # type: ignore[arg-type]


def _label(number: int, item: Dataset) -> Label:
    category, type = item.SegmentedPropertyCategoryCodeSequence[0], item.SegmentedPropertyTypeCodeSequence[0]
    modifiers = type.get("SegmentedPropertyTypeModifierCodeSequence") or item.get("SegmentedPropertyTypeModifierCodeSequence") or ()
    side = next((_SIDE_OF[code] for each in modifiers if (code := str(each.get("CodeValue", ""))) in _SIDE_OF), "")
    return Label(number, str(item.SegmentLabel), coding_in(category), coding_in(type), side)
