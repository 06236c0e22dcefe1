"""DG1, PRB, AL1, IAM: diagnoses, problems and allergies as stated."""

from typing import TYPE_CHECKING

from wardline.core.events import Allergic, Diagnosed
from wardline.formats.hl7v2.message import Segment

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading


def read_dg1(reading: "Reading", dg1: Segment) -> None:
    code, text = dg1.text(3, 1), dg1.text(3, 2) or dg1.text(4)
    if code or text:
        occurred_at, _ = reading.occurred(dg1.field(5))
        reading.state(Diagnosed(code, text, dg1.text(3, 3) or dg1.text(2), reading.issued_at), occurred_at)


def read_prb(reading: "Reading", prb: Segment) -> None:
    occurred_at, _ = reading.occurred(prb.field(16), prb.field(2))
    reading.state(Diagnosed(prb.text(3, 1), prb.text(3, 2), prb.text(3, 3), reading.issued_at), occurred_at)


def read_al1(reading: "Reading", al1: Segment) -> None:
    code, text = al1.text(3, 1), al1.text(3, 2)
    if code or text:
        occurred_at, _ = reading.occurred(al1.field(6))
        category, severity = al1.text(2, 1), al1.text(4, 1)
        reading.state(Allergic(code, text or code, al1.text(5), severity, category, reading.issued_at), occurred_at)


def read_iam(reading: "Reading", iam: Segment) -> None:
    code, text = iam.text(3, 1), iam.text(3, 2)
    if code or text:
        occurred_at, _ = reading.occurred(iam.field(11), iam.field(13))
        reading.state(Allergic(code, text or code, iam.text(5), iam.text(4, 1), iam.text(2, 1), reading.issued_at), occurred_at)
