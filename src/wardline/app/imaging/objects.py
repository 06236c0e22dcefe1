"""What a report or an answer says about a study, as DICOM objects beside its images, in a worker: segmentation, measurements, key images.

They are kept in the image store; whoever records the event names them in its artefacts, and from there they go out (`delivery.outbound.dicom`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog

from wardline.core.errors import NotFound, Refused
from wardline.core.events import Found
from wardline.core.images import Images
from wardline.delivery.outbound.dicom import Rejection

if TYPE_CHECKING:
    from pydicom import Dataset

    from wardline.formats.dicom.measurement_reports import Region

log = structlog.get_logger()
TASK: Final = "wardline.app.imaging.objects:objects_of"
REJECTING: Final = "wardline.app.imaging.objects:rejecting"
DICOM: Final = "application/dicom"
Artefact = tuple[str, str, str]
"""(name, media type, digest), as events carry them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written about one study. Asked twice with the same, the same objects come of it."""

    study: str
    at: datetime
    """When the findings were made or signed, in the house's zone."""
    made_by: str = ""
    """The algorithm, with its version."""
    author: str = ""
    """The person who answers for it, as DICOM writes names: "Okonkwo^Ada"."""
    signed: bool = False
    mask: str = ""
    """Digest of the label map the lesions are drawn in."""
    lesions: Sequence[Mapping[str, Any]] = ()
    """Rows of a "lesions" artefact: key, label (number in the label map), series, values with id, value and unit."""
    key_images: tuple[str, ...] = ()
    """SOP Instance UIDs."""
    kind: Literal["binary", "labelmap"] = "binary"


def objects_of(data: Path, wanted: Wanted) -> tuple[Artefact, ...]:
    """Written and kept. Raises `NotFound` for a study or image that is gone, `Refused` where no true object can be made."""
    from wardline.app.imaging.opening import images_in

    with images_in(data) as images:
        return _kept(images, wanted)


def with_objects(images: Images, found: Found, study: str, at: datetime) -> Found:
    """An answer with its mask and lesions also as DICOM objects, unsigned. One of which no true object can be made stays as it is."""
    import msgspec

    artefacts = {name: digest for name, _, digest in found.artefacts}
    lesions = msgspec.json.decode(images.kept(study, artefacts["lesions"])) if "lesions" in artefacts else ()
    wanted = Wanted(study, at, f"{found.capability} {found.version}", mask=artefacts.get("mask", ""), lesions=lesions)
    try:
        return found._replace(artefacts=(*found.artefacts, *_kept(images, wanted)))
    except Refused as refused:
        log.warning("no_dicom_objects", capability=found.capability, study=study, reason=refused.reason)
        return found


def rejecting(data: Path, rejection: Rejection) -> bytes:
    """The note that tells archives not to use these objects any more. Raises `NotFound` when one of them is gone."""
    from pydicom import dcmread

    from wardline.app.imaging.opening import images_in
    from wardline.formats.dicom.key_objects import REJECTED, key_objects

    with images_in(data) as images:
        rejected = [dcmread(BytesIO(images.kept(rejection.study, digest)), stop_before_pixels=True) for digest in rejection.digests]
    why = f"Report withdrawn by {rejection.author}: {rejection.reason}"
    return key_objects(rejected, at=rejection.at, title=REJECTED, description=why, name="Rejection note")


def _kept(images: Images, wanted: Wanted) -> tuple[Artefact, ...]:
    return tuple((name, DICOM, images.keep(wanted.study, content)) for name, content in _objects(images, wanted))


def _objects(images: Images, wanted: Wanted) -> Iterable[tuple[str, bytes]]:
    from wardline.formats.dicom.key_objects import key_objects
    from wardline.formats.dicom.measurement_reports import measurement_report
    from wardline.formats.dicom.segmentations import segment_numbers, segmentation_object
    from wardline.formats.labelmaps import unpacked

    segmentation, numbers, sources = None, {}, []
    if wanted.mask:
        labels = unpacked(images.kept(wanted.study, wanted.mask))
        numbers, sources = segment_numbers(labels), _series(images, wanted.study, labels.series)
        segmentation = segmentation_object(labels, sources, at=wanted.at, kind=wanted.kind)
        yield "segmentation", segmentation
    regions = [region for lesion in wanted.lesions if (region := _region(lesion, numbers)) is not None]
    if regions:
        sources = sources or _series(images, wanted.study, str(wanted.lesions[0].get("series") or ""))
        report = measurement_report(
            regions, sources, at=wanted.at, segmentation=segmentation, author=wanted.author, made_by=wanted.made_by, signed=wanted.signed
        )
        yield "measurements", report
    if wanted.key_images:
        picked = [_header(images, uid) for uid in wanted.key_images]
        yield "key images", key_objects(picked, at=wanted.at, title="for report attachment", author=wanted.author)


def _region(lesion: Mapping[str, Any], numbers: Mapping[int, int]) -> "Region | None":
    """None for a lesion of which nothing was measured that a report has a code for."""
    from wardline.formats.dicom.measurement_codes import MEASUREMENTS
    from wardline.formats.dicom.measurement_reports import Measurement, Region

    measured = tuple(
        Measurement(each["id"], float(each["value"]), each["unit"])
        for each in lesion.get("values", ())
        if each.get("value") is not None and each["id"] in MEASUREMENTS
    )
    label = lesion.get("label")
    if label is not None and numbers and label not in numbers:
        raise Refused(f"{lesion['key']} is structure {label} of a segmentation that has no such voxels", code="no-segment", where=str(lesion["key"]))
    segment = numbers.get(label) if label is not None else None
    return Region(str(lesion["key"]), measured, segment=segment, uid=str(lesion.get("uid") or "")) if measured else None


def _series(images: Images, study: str, series: str) -> "list[Dataset]":
    record = images.study(study)
    found = next((each for each in record.series if each.uid == series), None) if record is not None else None
    if found is None:
        raise NotFound("the series these findings were made on is not in the store (any more)")
    return [_header(images, uid) for uid in found.instances]


def _header(images: Images, instance: str) -> "Dataset":
    from pydicom import dcmread

    return dcmread(BytesIO(images.instance(instance)), stop_before_pixels=True)
