"""Measurements of lesions and organs as a DICOM structured report (PS3.16 TID 1500), which archives keep and viewers show beside the images.

Each lesion is a group of measurements with a name and a number that follow it through time. With a segmentation the group points at its
segment (TID 1411), without one at the series only (TID 1501). A measurement is written only if its concept and unit are in the tables here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import highdicom.sr as sr
from pydicom import Dataset
from pydicom.sr.coding import Code

from wardline import __version__
from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.formats.dicom.derived import (
    CONTENT_SERIES,
    MAKER,
    UNNAMED,
    check_sources,
    complete,
    observer,
    opened,
    refusing,
    scheme_of,
    stamp,
    tracking_uid,
    written,
)  # fmt: skip
from wardline.formats.dicom.measurement_codes import IMAGING, LESION, MEASUREMENTS, PET_REPORT, REPORT, SIDES, SUV, UNITS

Group: TypeAlias = sr.VolumetricROIMeasurementsAndQualitativeEvaluations | sr.MeasurementsAndQualitativeEvaluations


class Measurement(NamedTuple):
    """One number about a region; `what` is a word of `MEASUREMENTS`, `unit` is UCUM."""

    what: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Region:
    """A lesion or organ, and what was measured of it."""

    name: str
    """What people call it: "L1", "target 2"."""
    measurements: tuple[Measurement, ...]
    segment: int | None = None
    """Its segment number in the segmentation (`segmentations.segment_numbers`)."""
    finding: tuple[Coding, str] = LESION
    """What it is, coded and in words."""
    site: tuple[Coding, str] | None = None
    side: str = ""
    images: tuple[str, ...] = ()
    """SOP Instance UIDs it was measured on, where it has no segment."""
    uid: str = ""
    """The same over all time points of one lesion; "" for one that is not followed yet."""


@refusing
def measurement_report(
    regions: Sequence[Region], sources: Sequence[Dataset], *, at: datetime, segmentation: bytes | None = None, author: str = "", made_by: str = "",
    signed: bool = False,
) -> bytes:  # fmt: skip
    """A DICOM file (Comprehensive 3D SR). `author` is the person who answers for it; without one it is the algorithm's (`made_by`) own.

    `sources` are headers of the images that were measured, of one study. `signed` says that the author has verified it.
    """
    check_sources(sources, one_series=False)
    if not regions:
        raise Refused("a measurement report needs at least one region with a measurement", code="empty")
    if signed and not author:
        raise Refused("a signed report needs the name of who has signed it", code="no-author")
    segments = opened(segmentation) if segmentation is not None else None
    evidence = complete([*sources, *([segments] if segments is not None else [])])
    content = sr.MeasurementReport(
        observation_context=_context(author, made_by), procedure_reported=IMAGING, title=_title(regions),
        imaging_measurements=[_group(each, sources, segments, made_by) for each in regions],
    )  # fmt: skip
    made = sr.Comprehensive3DSR(
        evidence=evidence, content=content[0], series_instance_uid=UNNAMED, series_number=CONTENT_SERIES["SR"], sop_instance_uid=UNNAMED,
        instance_number=1, is_complete=True, is_final=signed, is_verified=signed,
        verifying_observer_name=author if signed else None, verifying_organization=_organisation(sources) if signed else None,
        series_description="Measurements", **stamp(),
    )  # fmt: skip
    return written(made, sources[0], at)


def _organisation(sources: Sequence[Dataset]) -> str:
    return str(sources[0].get("InstitutionName") or MAKER)


def _title(regions: Sequence[Region]) -> Code:
    is_pet = any(each.unit in SUV for region in regions for each in region.measurements)
    return PET_REPORT if is_pet else REPORT


def _context(author: str, made_by: str) -> sr.ObservationContext:
    person, device = observer(author, made_by)
    return sr.ObservationContext(observer_person_context=person, observer_device_context=device)


def _group(region: Region, sources: Sequence[Dataset], segments: Dataset | None, made_by: str) -> Group:
    """TID 1411 with a segment, TID 1501 without."""
    if not region.measurements:
        raise Refused(f"{region.name} has no measurement; leave it out or measure it", code="empty", where=region.name)
    series = str(sources[0].SeriesInstanceUID)
    finding, words = region.finding
    said: dict[str, Any] = {
        "tracking_identifier": sr.TrackingIdentifier(uid=region.uid or tracking_uid(series, region.name), identifier=region.name),
        "finding_type": Code(finding.code, scheme_of(finding), words[:64]),
        "finding_sites": _sites(region),
        "measurements": [_measurement(each) for each in region.measurements],
        "algorithm_id": sr.AlgorithmIdentification(name=made_by, version=__version__) if made_by else None,
    }
    if region.segment is None:
        return sr.MeasurementsAndQualitativeEvaluations(source_images=_images(region, sources), **said)
    return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(referenced_segment=_segment(region, segments, sources), **said)


def _images(region: Region, sources: Sequence[Dataset]) -> list[sr.SourceImageForMeasurementGroup] | None:
    classes = {str(each.SOPInstanceUID): str(each.SOPClassUID) for each in sources}
    unknown = next((each for each in region.images if each not in classes), None)
    if unknown is not None:
        raise Refused(f"{region.name} was measured on {unknown}, which is not among the images given", code="no-source", where=region.name)
    return [sr.SourceImageForMeasurementGroup(classes[each], each) for each in region.images] or None


def _segment(region: Region, segments: Dataset | None, sources: Sequence[Dataset]) -> sr.ReferencedSegment:
    if segments is None:
        raise Refused(f"{region.name} points at segment {region.segment}, and no segmentation was given", code="no-segmentation", where=region.name)
    if region.segment not in {int(each.SegmentNumber) for each in segments.SegmentSequence}:
        raise Refused(f"{region.name} points at segment {region.segment}, which the segmentation does not have", code="no-segment", where=region.name)
    drawn_on = str(segments.ReferencedSeriesSequence[0].SeriesInstanceUID)
    if drawn_on not in {str(each.SeriesInstanceUID) for each in sources}:
        raise Refused("the segmentation was drawn on a series that is not among the measured images", code="mixed-sources", where=region.name)
    return sr.ReferencedSegment(
        sop_class_uid=str(segments.SOPClassUID), sop_instance_uid=str(segments.SOPInstanceUID), segment_number=region.segment,
        source_series=sr.SourceSeriesForSegmentation(drawn_on),
    )  # fmt: skip


def _sites(region: Region) -> list[sr.FindingSite] | None:
    if region.site is None:
        return None
    coding, words = region.site
    side = SIDES.get(region.side)
    return [sr.FindingSite(anatomic_location=Code(coding.code, scheme_of(coding), words[:64]), laterality=side)]


def _measurement(measured: Measurement) -> sr.Measurement:
    concept = MEASUREMENTS.get(measured.what)
    if concept is None:
        raise Refused(f"{measured.what!r} has no code for a report; it can be {', '.join(MEASUREMENTS)}", code="no-code", where=measured.what)
    if not math.isfinite(measured.value):
        raise Refused(f"{measured.what} is no number; leave it out and say why in the report", code="not-a-number", where=measured.what)
    if concept.name is None:
        if measured.unit not in SUV:
            raise Refused(f"{measured.what} in {measured.unit!r} does not say which uptake value it is", code="unit", where=measured.what)
        name, unit = SUV[measured.unit]
    else:
        name, unit = concept.name, _unit(measured)
    return sr.Measurement(name=name, value=float(measured.value), unit=unit, derivation=concept.derivation, method=concept.method)


def _unit(measured: Measurement) -> Code:
    if measured.unit in SUV:
        return SUV[measured.unit][1]
    words = UNITS.get(measured.unit or "1")
    if words is None:
        raise Refused(f"{measured.what} in {measured.unit!r}: this unit has no words for a report yet", code="unit", where=measured.what)
    return Code(measured.unit or "1", "UCUM", words)
