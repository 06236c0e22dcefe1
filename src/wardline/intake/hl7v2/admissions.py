"""ADT: admissions, transfers, discharges, their cancellations, merges of records and moves of visits."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from wardline.core.errors import Refused
from wardline.core.events import Admitted, Cancelled, Discharged, Merged, Moved, Registered, Transferred, Unmerged
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Segment

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading

ADMITS: Final = frozenset({"A01", "A04"})
TRANSFERS: Final = frozenset({"A02", "A06", "A07"})
CANCELS: Final = {"A11": "Admitted", "A12": "Transferred", "A13": "Discharged"}
MERGES: Final = frozenset({"A18", "A34", "A36", "A39", "A40"})
NEEDS_VISIT: Final = ADMITS | TRANSFERS | {"A03"} | set(CANCELS)


def read_evn(reading: "Reading", evn: Segment) -> None:
    """EVN-6 (when it happened), else EVN-2 (when it was recorded there), is the time of the movement."""
    reading.observed = reading.occurred(evn.field(6), evn.field(2))


def read_pv1(reading: "Reading", pv1: Segment) -> None:
    """PV1: the visit. Only ADT moves the patient; in a result or an order it just names the visit."""
    reading.encounter = pv1.text(19, 1) or pv1.text(50, 1) or reading.encounter
    if reading.message.type != "ADT" or not reading.patient:
        return
    trigger = reading.message.trigger
    occurred_at = (reading.observed or reading.occurred())[0]
    match trigger:
        case "A03":
            left_at = reading.time(pv1.field(45))
            value = Discharged(reading.encounter, pv1.text(36, 1), reading.issued_at)
            reading.state(value, left_at[0] if left_at is not None else occurred_at)
        case "A11" | "A12" | "A13":
            reading.state(Cancelled(reading.encounter, CANCELS[trigger], reading.issued_at), occurred_at)
        case _ if trigger in ADMITS:
            came_at = reading.time(pv1.field(44))
            reading.state(Admitted(*_place(reading, pv1)), came_at[0] if came_at is not None else occurred_at)
        case _ if trigger in TRANSFERS:
            reading.state(Transferred(*_place(reading, pv1)), occurred_at)


def _place(reading: "Reading", pv1: Segment) -> tuple[str, str, str, str, str, str, str, str, datetime, str]:
    pv2 = reading.message.first("PV2")
    doctor = " ".join(part for part in (pv1.text(7, 3), pv1.text(7, 2)) if part)
    reason = (pv2.text(3, 2) or pv2.text(3, 1)) if pv2 is not None else ""
    unit, room, bed, facility = (pv1.text(3, component) for component in (1, 2, 3, 4))
    return reading.encounter, unit, room, bed, pv1.text(2), pv1.text(10), doctor, reason, reading.issued_at, facility


def conclude(reading: "Reading") -> None:
    """What the message as a whole says, after all segments: merges, unmerges, moved visits; and that nothing is missing."""
    if reading.message.type != "ADT":
        return
    trigger = reading.message.trigger
    if trigger in NEEDS_VISIT and reading.message.first("PV1") is None:
        raise Refused(f"{trigger} needs a PV1 segment to say where", code="segment-missing", where="PV1")
    occurred_at = (reading.observed or reading.occurred())[0]
    if trigger in MERGES:
        _merge(reading)
    elif trigger == "A37":
        _unmerge(reading)
    elif trigger == "A45":
        if reading.retired is None:
            raise Refused("A45 needs MRG-1, the record the visit was filed under", code="field-missing", where="MRG-1")
        visit = reading.retired_visit or reading.encounter
        if not visit:
            raise Refused("A45 needs MRG-5 or PV1-19, the visit that moves", code="field-missing", where="MRG-5")
        reading.state(Moved(visit, reading.key_of(reading.retired), reading.issued_at), occurred_at)


def _merge(reading: "Reading") -> None:
    """A40 and A34: MRG-1 is never used again, PID-3 survives. Several PID/MRG pairs may follow each other."""
    pairs: list[tuple[Segment, Segment]] = []
    pid: Segment | None = None
    for segment in reading.message.segments:
        if segment.name == "PID":
            pid = segment
        elif segment.name == "MRG" and pid is not None:
            pairs.append((pid, segment))
    if not pairs:
        raise Refused(f"{reading.message.trigger} needs an MRG segment after its PID", code="segment-missing", where="MRG")
    from wardline.intake.hl7v2.patients import identifiers_in, record_number  # the two modules read each other's segments

    occurred_at = (reading.observed or reading.occurred())[0]
    for survivor, given_up in pairs:
        retired = identifiers_in(given_up, 1, reading.source)
        kept = identifiers_in(survivor, 3, reading.source)
        if not retired or not kept:
            raise Refused("MRG-1 has no patient number", code="field-missing", where="MRG-1")
        number = record_number(retired, reading.source)
        about, gone = reading.key_of(record_number(kept, reading.source)), reading.key_of(number)
        if about == gone:
            raise Refused("MRG-1 and PID-3 are the same record", code="invalid", where="MRG-1")
        reading.statements.append(Statement(Merged(gone, reading.issued_at, number.number), about, occurred_at))


def _unmerge(reading: "Reading") -> None:
    """A37: the two PID segments are two persons."""
    people = [statement.about for statement in reading.statements if isinstance(statement.value, Registered)]
    if len(set(people)) != 2:
        raise Refused("A37 needs two PID segments, one for each person", code="segment-missing", where="PID")
    occurred_at = (reading.observed or reading.occurred())[0]
    reading.statements.append(Statement(Unmerged(people[1], reading.issued_at), people[0], occurred_at))
