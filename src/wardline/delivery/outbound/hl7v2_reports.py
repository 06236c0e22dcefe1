"""A signed imaging report as ORU^R01: one OBR for the report, its text line by line in OBX, and which study it is about.

One that is withdrawn goes out under the same filler order number: every line that was sent is deleted, or posted as another patient's.
"""

from collections.abc import Iterator
from typing import Any, Final

from wardline.core.events import Event, ReportSigned, ReportWithdrawn
from wardline.core.timeline import Timeline
from wardline.formats.hl7v2 import builder

REPORT: Final = ("18748-4", "Diagnostic imaging study", "LN")
STUDY: Final = ("110180", "Study Instance UID", "DCM")
"""DICOM PS3.16 annex D."""
SECTION: Final = "RAD"
"""OBR-24, table 0074: radiology."""
FINAL, CORRECTED = "F", "C"
"""Tables 0123 (OBR-25) and 0085 (OBX-11). Table 0123 has no word for a withdrawal: for a whole report that is a correction to results."""
DELETED, MISPLACED = "D", "W"
"""Table 0085: "Deletes the OBX record"; "Post original as wrong, e.g., transmitted for wrong patient"."""


def report_lines(event: Event, timeline: Timeline) -> Iterator[str]:
    """The whole text that stands now: a version that corrects or adds replaces what was sent before under the same filler order number."""
    signed: ReportSigned | ReportWithdrawn = event.value
    imaged = timeline.imaged.get(signed.study)
    status = CORRECTED if signed.version > 1 else FINAL
    begun_at = imaged.occurred_at if imaged is not None else event.occurred_at
    # OBR-18 has the accession number, as in IHE's radiology framework (RAD-4; from memory).
    accession = imaged.value.accession if imaged is not None else ""
    obr: list[Any] = [1, None, signed.report, REPORT, None, None, begun_at, *[None] * 10, accession or None, *[None] * 3]
    yield builder.segment("OBR", *obr, event.recorded_at, None, SECTION, status)
    texts = [("TX", (REPORT[0], signed.title or REPORT[1], REPORT[2]), line) for line in signed.text.splitlines()]
    if signed.study:
        texts.append(("ST", STUDY, signed.study))
    if isinstance(signed, ReportWithdrawn):
        status = MISPLACED if signed.misplaced else DELETED
        texts = [(kind, code, "" if number else _notice(signed)) for number, (kind, code, _) in enumerate(texts)]
    rest = (*[None] * 5, status, *[None] * 2, event.occurred_at, None, (None, signed.author))
    for number, (kind, code, value) in enumerate(texts, 1):
        yield builder.segment("OBX", number, kind, code, None, value, *rest)


def _notice(withdrawn: ReportWithdrawn) -> str:
    """For receivers that show the lines whatever their status says."""
    return f"WITHDRAWN by {withdrawn.author}: {withdrawn.reason}. What was sent before under this number is not valid."
