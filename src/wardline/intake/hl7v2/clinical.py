"""DG1, PRB, AL1, IAM: diagnoses, problems and allergies as stated."""

from wardline.core.events import TAKEN_BACK, Allergic, Diagnosed
from wardline.formats.hl7v2.message import Segment, component_of
from wardline.intake.hl7v2.reading import Reading


def read_dg1(reading: Reading, dg1: Segment) -> None:
    """DG1: a diagnosis of this visit. DG1-21 "D" takes it back."""
    code, text = dg1.text(3, 1), dg1.text(3, 2) or dg1.text(4)
    if code or text:
        occurred_at, _ = reading.occurred(dg1.field(5), dg1.field(19))
        status = TAKEN_BACK if dg1.text(21).upper() == "D" else ""
        reading.state(Diagnosed(code, text, dg1.text(3, 3) or dg1.text(2), reading.issued_at, status), occurred_at)


def read_prb(reading: Reading, prb: Segment) -> None:
    """PRB: an entry of the problem list. PRB-1 "DE" takes it back; with an end in PRB-9 it is resolved."""
    code, text = prb.text(3, 1), prb.text(3, 2) or prb.text(3, 5)
    if code or text:
        occurred_at, _ = reading.occurred(prb.field(16), prb.field(7), prb.field(2))
        status = TAKEN_BACK if prb.text(1).upper() == "DE" else "resolved" if prb.text(9) else ""
        reading.state(Diagnosed(code, text, prb.text(3, 3), reading.issued_at, status), occurred_at)


def read_al1(reading: Reading, al1: Segment) -> None:
    _allergic(reading, al1, al1.field(6))


def read_iam(reading: Reading, iam: Segment) -> None:
    """IAM: AL1 with an action code; IAM-6 "D" takes the allergy back."""
    _allergic(reading, iam, iam.field(11), iam.field(13), status=TAKEN_BACK if iam.text(6, 1).upper() == "D" else "")


def _allergic(reading: Reading, segment: Segment, *times: str, status: str = "") -> None:
    """The first five fields of AL1 and IAM are the same: kind, to what, how severe, which reactions."""
    code, text = segment.text(3, 1), segment.text(3, 2)
    if code or text:
        occurred_at, _ = reading.occurred(*times)
        reactions = ", ".join(filter(None, (_reaction(reaction, segment) for reaction in segment.repetitions(5))))
        severity, category = segment.text(4, 1), segment.text(2, 1)
        reading.state(Allergic(code, text or code, reactions, severity, category, reading.issued_at, status), occurred_at)


def _reaction(reaction: str, segment: Segment) -> str:
    return component_of(reaction, 2, segment.separators) or component_of(reaction, 1, segment.separators)
