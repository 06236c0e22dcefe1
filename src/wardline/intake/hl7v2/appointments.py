"""SCH: appointments, booked, moved and cancelled (SIU)."""

from datetime import datetime
from typing import Final

from wardline.core.events import Scheduled
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.orders import name_of
from wardline.intake.hl7v2.reading import Reading

STATUSES: Final = {
    "S12": "booked", "S13": "rescheduled", "S14": "changed", "S15": "cancelled", "S16": "discontinued", "S17": "deleted", "S18": "service added",
    "S19": "service changed", "S20": "service cancelled", "S21": "service discontinued", "S22": "service deleted", "S23": "blocked",
    "S24": "opened", "S26": "no show",
}  # fmt: skip
_RESOURCES: Final = (("AIS", 4), ("AIG", 8), ("AIL", 6), ("AIP", 6))


def read_sch(reading: Reading, sch: Segment) -> None:
    """SCH comes before PID: the appointment is stated once the patient is known."""
    reading.appointment = sch


def conclude(reading: Reading) -> None:
    sch = reading.appointment
    if sch is None or not reading.patient:
        return
    starts_at = _start(reading, sch)
    what = name_of(sch, 7) or name_of(sch, 8) or "Appointment"
    status = STATUSES.get(reading.trigger, sch.text(25, 1))
    number = sch.text(1, 1) or sch.text(2, 1) or reading.message.control_id
    reading.state(Scheduled(number, what, status, starts_at[0] if starts_at else None, reading.issued_at), reading.issued_at)


def _start(reading: Reading, sch: Segment) -> tuple[datetime, tuple[str, ...]] | None:
    """TQ1-7; in older versions SCH-11; else the time is with the service, the equipment, the room or the person."""
    tq1 = reading.message.first("TQ1")
    starts = [tq1.text(7, 1) if tq1 is not None else "", sch.text(11, 4)]
    for name, number in _RESOURCES:
        resource = reading.message.first(name)
        starts.append(resource.text(number, 1) if resource is not None else "")
    return next(filter(None, map(reading.time, starts)), None)
