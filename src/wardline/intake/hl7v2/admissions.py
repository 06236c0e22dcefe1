"""ADT: admissions, transfers, discharges and their cancellations."""

from datetime import datetime
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import DELETED, Admitted, Cancelled, Discharged, Transferred
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.reading import Reading

ADMITS: Final = frozenset({"A01", "A04"})
TRANSFERS: Final = frozenset({"A02", "A06", "A07", "A17"})
"""A17: two patients change beds; each has a PID and a PV1 of its own with the new place."""
CANCELS: Final = {"A11": "Admitted", "A12": "Transferred", "A13": "Discharged"}
NEEDS_VISIT: Final = ADMITS | TRANSFERS | {"A03"} | set(CANCELS)
_NEXT_VISIT: Final = frozenset({"PV1", "PID"})


def read_evn(reading: Reading, evn: Segment) -> None:
    """EVN-6 (when it happened), else EVN-2 (when it was recorded there), is the time of the movement.

    EVN-1 names the event where MSH-9 does not (before version 2.3.1).
    """
    reading.trigger = reading.trigger or evn.text(1).upper()
    reading.observed = reading.occurred(evn.field(6), evn.field(2))


def read_pv1(reading: Reading, pv1: Segment) -> None:
    """PV1: the visit. Only ADT moves the patient; in a result or an order it just names the visit."""
    reading.encounter = pv1.text(19, 1) or pv1.text(50, 1) or reading.encounter
    if reading.message.type != "ADT" or not reading.patient:
        return
    reading.count("PV1")
    trigger = reading.trigger
    occurred_at = (reading.observed or reading.occurred())[0]
    came_at, left_at = _moment(reading, pv1, 44), _moment(reading, pv1, 45)
    if trigger in ADMITS:
        reading.state(Admitted(*_visit(reading, pv1)), came_at or occurred_at)
    elif trigger in TRANSFERS:
        reading.state(Transferred(*_visit(reading, pv1), came_at), occurred_at)
    elif trigger == "A03":
        reading.state(Discharged(reading.encounter, pv1.text(36, 1), reading.issued_at), left_at or occurred_at)
    elif trigger in CANCELS:
        reading.state(Cancelled(reading.encounter, CANCELS[trigger], reading.issued_at), occurred_at)


def _moment(reading: Reading, pv1: Segment, number: int) -> datetime | None:
    stated = reading.time(pv1.field(number))
    return stated[0] if stated is not None else None


def _visit(reading: Reading, pv1: Segment) -> tuple[str, str, str, str, str, str, str, str, datetime, str]:
    """The fields of `Admitted` and `Transferred`, in their order."""
    pv2 = reading.following("PV2", _NEXT_VISIT)
    reason = _detail(pv2, 3, pv2.text(3, 2) or pv2.text(3, 1)) if pv2 is not None else ""
    unit, room, bed, facility = (pv1.text(3, component) for component in (1, 2, 3, 4))
    return (
        reading.encounter, _detail(pv1, 3, unit), room, bed, _detail(pv1, 2, pv1.text(2, 1)), _detail(pv1, 10, pv1.text(10, 1)),
        _detail(pv1, 7, pv1.person(7)), reason, reading.issued_at, facility,
    )  # fmt: skip


def _detail(segment: Segment, number: int, said: str) -> str:
    """What the field says; `DELETED` where two double quotes take back what was said before."""
    return DELETED if segment.is_deleted(number) else said


def conclude(reading: Reading) -> None:
    """After all segments: an ADT says which event it is, and a movement says where."""
    if not reading.trigger:
        raise Refused("neither MSH-9 nor EVN-1 says which event this is", code="field-missing", where="MSH-9.2", rejected=True)
    if reading.trigger in NEEDS_VISIT and reading.message.first("PV1") is None:
        raise Refused(f"{reading.trigger} needs a PV1 segment to say where", code="segment-missing", where="PV1")
