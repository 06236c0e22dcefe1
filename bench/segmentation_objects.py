"""Writing and reading DICOM segmentations of a whole CT, 512 x 512 x 200: one number per voxel against one bit per segment, 1 and 20 segments."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from pydicom import Dataset
from pydicom.uid import CTImageStorage

from bench.results import Bar
from wardline.core.imaging import Grid, Label, LabelMap
from wardline.formats.dicom.derived import uid_of
from wardline.formats.dicom.segmentations import Kind, label_maps, segmentation_object

SHAPE: Final = (200, 512, 512)
SPACING: Final = (1.5, 0.8, 0.8)
AT: Final = datetime(2026, 11, 21, 4, tzinfo=UTC)
RUNS: Final = 3
SERIES: Final = uid_of("bench", "series")


def run() -> list[Bar]:
    return [bar for segments in (1, 20) for bar in _compared(segments)]


def _compared(segments: int) -> list[Bar]:
    labels, sources = _spheres(segments), _headers()
    measured = {kind: _measured(labels, sources, kind) for kind in ("labelmap", "binary")}
    map_, bits = measured["labelmap"], measured["binary"]
    detail = {f"{kind}_{what}": value for kind, row in measured.items() for what, value in row.items()}
    what = f"{segments} segment{'s' if segments > 1 else ''}"
    return [
        Bar(f"Segmentation of {what}: bytes, binary / label map", bits["mb"] / map_["mb"], detail=detail),
        Bar(f"Segmentation of {what}: label map written and read", map_["write_s"] + map_["read_s"], detail=detail, unit="s"),
    ]


def _measured(labels: LabelMap, sources: list[Dataset], kind: Kind) -> dict[str, float]:
    content = segmentation_object(labels, sources, at=AT, kind=kind)
    write = _seconds(lambda: segmentation_object(labels, sources, at=AT, kind=kind))
    read = _seconds(lambda: label_maps(content))
    return {"write_s": write, "read_s": read, "mb": len(content) / 1e6}


def _seconds(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _spheres(segments: int) -> LabelMap:
    """As many balls of 30 mm side by side as fit, each its own segment."""
    array = np.zeros(SHAPE, np.uint8)
    z, y, x = np.ogrid[: SHAPE[0], : SHAPE[1], : SHAPE[2]]
    for number in range(segments):
        middle = (60 + 80 * (number // 10), 60 + 98 * (number % 5), 130 + 250 * (number // 5 % 2))
        away = sum(((axis - place) * step) ** 2 for axis, place, step in zip((z, y, x), middle, SPACING, strict=True))
        array[away <= 30.0**2] = number + 1
    return LabelMap(array, Grid(SHAPE, SPACING), tuple(Label(n + 1, f"ball {n + 1}") for n in range(segments)), series=SERIES)


def _headers() -> list[Dataset]:
    headers = []
    for place in range(SHAPE[0]):
        image = Dataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, uid_of("bench", str(place))
        image.PatientID, image.PatientName, image.Modality = "BENCH", "Bench^Ball", "CT"
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = uid_of("bench"), SERIES, uid_of("bench", "frame")
        image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, place * SPACING[0]], [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness, image.Rows, image.Columns = [SPACING[1], SPACING[2]], SPACING[0], SHAPE[1], SHAPE[2]
        headers.append(image)
    return headers
