"""TXA and SCH: notes and letters (MDM), appointments (SIU)."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from wardline.core.events import Documented, Scheduled
from wardline.formats.hl7v2.message import Segment

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading

_APPOINTMENT_STATUS: Final = {
    "S12": "booked", "S13": "rescheduled", "S14": "changed", "S15": "cancelled", "S16": "discontinued", "S17": "deleted", "S18": "service added",
    "S19": "service changed", "S20": "service cancelled", "S21": "service discontinued", "S22": "service deleted", "S23": "blocked",
    "S24": "opened", "S26": "no show",
}  # fmt: skip


def read_txa(reading: "Reading", txa: Segment) -> None:
    """TXA with the text of the OBX segments that follow it."""
    occurred_at, _ = reading.occurred(txa.field(4), txa.field(6))
    text = "\n".join(
        obx.text(5) for obx in reading.message.all("OBX") if obx.field(2) in ("TX", "FT", "ST") and obx.field(5)
    )  # fmt: skip
    author = " ".join(part for part in (txa.text(9, 3), txa.text(9, 2)) if part)
    document = txa.text(12, 1) or reading.message.control_id
    reading.order = txa.text(12, 1)
    reading.observed = occurred_at, ()
    reading.state(
        Documented(document, txa.text(2, 2) or txa.text(2, 1), text[:200_000], txa.text(17), "text/plain", author, reading.issued_at),
        occurred_at,
    )


def read_sch(reading: "Reading", sch: Segment) -> None:
    """SCH comes before PID: the appointment is stated once the patient is known."""
    pid = reading.message.first("PID")
    if pid is None:
        return
    if not reading.patient:
        from wardline.intake.hl7v2.patients import identifiers_in, record_number

        identifiers = identifiers_in(pid, 3, reading.source) or identifiers_in(pid, 2, reading.source)
        if not identifiers:
            return
        reading.patient = reading.key_of(record_number(identifiers, reading.source))
    starts = reading.time(sch.text(11, 4)) or _from_resources(reading)
    what = sch.text(7, 2) or sch.text(7, 1) or sch.text(8, 2) or sch.text(8, 1) or "Appointment"
    status = _APPOINTMENT_STATUS.get(reading.message.trigger, sch.text(25, 1))
    reading.state(
        Scheduled(sch.text(1, 1) or sch.text(2, 1) or reading.message.control_id, what, status, starts[0] if starts else None, reading.issued_at),
        reading.issued_at,
    )


def _from_resources(reading: "Reading") -> tuple[datetime, tuple[str, ...]] | None:
    """AIS-4, AIG-8 or AIL-6: the time is with the resource in newer versions."""
    for name, number in (("AIS", 4), ("AIG", 8), ("AIL", 6), ("AIP", 6)):
        segment = reading.message.first(name)
        if segment is not None and segment.field(number):
            return reading.time(segment.field(number))
    return None
