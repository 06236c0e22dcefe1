"""A folder of DICOM files asked for its SUV: every PET series with its factors and where each number came from, or the reason there are none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from wardline.app.imaging.folders import folder_read
from wardline.core.errors import NotFound, Refused
from wardline.core.imaging import Volume
from wardline.formats.dicom.geometry import geometry_of
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.suv import KINDS, Kind, Suv, suv_of, suv_volume


@dataclass(frozen=True, slots=True)
class Reading:
    """One PET series, or one file that cannot be read."""

    name: str
    images: int
    series: str = ""
    volume: Volume | None = None
    suv: Suv | None = None
    refused: Refused | None = None
    warnings: tuple[str, ...] = ()

    def highest(self, kind: Kind) -> float | None:
        """The highest value of the whole series."""
        if self.volume is None or self.suv is None or kind not in self.suv.factors:
            return None
        return float(suv_volume(self.volume, self.suv, kind).array.max())

    def json(self) -> dict[str, Any]:
        """One line of `wardline suv --json`."""
        told: dict[str, Any] = {"series": self.series, "description": self.name, "images": self.images}
        if self.refused is not None or self.volume is None or self.suv is None:
            return told | {"outcome": "refused", "reason": str(self.refused), "tag": self.refused.where if self.refused else ""}
        suv = self.suv
        return told | {
            "outcome": "suv",
            "factors": {kind.value: list(values) for kind, values in suv.factors.items()},
            "units": {kind.value: KINDS[kind].unit for kind in suv.factors},
            "highest": {kind.value: self.highest(kind) for kind in suv.factors},
            "unavailable": {kind.value: reason for kind, reason in suv.unavailable.items()},
            "provenance": [each._asdict() for each in suv.provenance],
            "warnings": list(self.warnings),
            "instances": list(self.volume.slices),
        }


def readings(path: Path) -> Iterator[Reading]:
    """Every PET series at or below a path. Raises `NotFound` when there is none."""
    folder = folder_read(path)
    pet = {uid: images for uid, images in folder.series.items() if images[0].get("Modality") == "PT"}
    if not pet and not folder.unreadable:
        raise NotFound(f"there is no PET series in {path}")
    for uid, images in pet.items():
        yield _reading(uid, images)
    for file, reason in folder.unreadable.items():
        yield Reading(file.name, 1, refused=Refused(f"this file cannot be read as DICOM: {reason}", code="unreadable"))


def _reading(uid: str, images: list[Dataset]) -> Reading:
    name = str(images[0].get("SeriesDescription") or "")
    try:
        volume = volume_of(images)
        suv = suv_of(acquisition_of(volume))
    except Refused as refused:
        return Reading(name, len(images), uid, refused=refused)
    lying = tuple(each.reason for each in geometry_of(images).problems)
    return Reading(name, len(images), uid, volume, suv, None, suv.warnings + lying)
