"""What a structured report (PS3.16 TID 1500) of ours or of another system says it has measured."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from pydicom import Dataset

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.formats.dicom.derived import code_in, damage_refused, opened

REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
"""How the SOP classes of structured reports begin (PS3.4 B.5)."""


class Read(NamedTuple):
    """One measurement as somebody's report states it."""

    region: str
    uid: str
    name: Coding
    words: str
    value: float
    unit: str
    derivation: str
    segment: int | None


def measurements_in(file: bytes | Dataset) -> tuple[Read, ...]:
    """What the measurement groups of a report (TID 1500, ours or another's) say; groups without numbers are left out."""
    with damage_refused():
        report = opened(file)
        if not str(report.get("SOPClassUID", "")).startswith(REPORTS):
            raise Refused("this is no structured report", code="no-report")
        return tuple(each for group in _groups(report) for each in _numbers(group))


def _groups(item: Dataset) -> Iterable[Dataset]:
    for each in item.get("ContentSequence", ()):
        if _concept(each).code == "125007":  # Measurement Group
            yield each
        else:
            yield from _groups(each)


def _numbers(group: Dataset) -> Iterable[Read]:
    said = {_concept(each).code: each for each in group.get("ContentSequence", ())}
    name, uid = said.get("112039"), said.get("112040")  # Tracking Identifier, Tracking Unique Identifier
    segment = said.get("121191")  # Referenced Segment
    number = segment.ReferencedSOPSequence[0].get("ReferencedSegmentNumber") if segment is not None else None
    for each in group.get("ContentSequence", ()):
        measured = each.get("MeasuredValueSequence") if each.get("ValueType") == "NUM" else None
        if measured:
            derivation = next((one for one in each.get("ContentSequence", ()) if _concept(one).code == "121401"), None)
            yield Read(
                str(name.TextValue) if name is not None else "", str(uid.UID) if uid is not None else "", _concept(each),
                str(each.ConceptNameCodeSequence[0].CodeMeaning), float(measured[0].NumericValue),
                code_in(measured[0].MeasurementUnitsCodeSequence[0]),
                str(derivation.ConceptCodeSequence[0].CodeMeaning) if derivation is not None else "", int(number) if number is not None else None,
            )  # fmt: skip


def _concept(item: Dataset) -> Coding:
    named = item.get("ConceptNameCodeSequence")
    return Coding(code_in(named[0]), str(named[0].get("CodingSchemeDesignator", ""))) if named else Coding("", "")
