"""ORC, OBR, TQ1 and SPM: what was asked for, when it is due, and when the specimen was taken."""

from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.course import STOPS
from wardline.core.events import Ordered
from wardline.core.flags import TIME_OF_SPECIMEN
from wardline.formats.hl7v2.message import Segment
from wardline.intake.hl7v2.reading import Reading

ORDERING: Final = frozenset({"ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "RDE", "RDS", "RGV", "RAS", "PPR", "REF"})
NEXT_ORDER: Final = frozenset({"PID", "ORC", "OBR", "RXO", "RXE", "RXA"})
_IMAGING: Final = frozenset({"RAD", "CT", "MRI", "US", "XR", "NMR", "NMS", "CUS", "RUS"})  # HL7 table 0074, OBR-24


def read_orc(reading: Reading, orc: Segment) -> None:
    """ORC: which order follows, and whether it is new, changed or cancelled (ORC-1, table 0119)."""
    conclude(reading)
    reading.order = orc.text(3, 1) or orc.text(2, 1)
    reading.orc, reading.is_bare_order, reading.timing, reading.observed = orc, True, None, None


def conclude(reading: Reading) -> None:
    """An ORC that nothing followed, as senders often stop an order with nothing but its number: it is stopped, though nobody repeated what it was."""
    orc = reading.orc
    if reading.is_bare_order and orc is not None and reading.order and reading.message.type in ORDERING and orc.text(1).upper() in STOPS:
        state_order(reading, "", "", "", UNTIMED)


def read_tq1(reading: Reading, tq1: Segment) -> None:
    """TQ1: when and how often. It stands before or after the segment that says what."""
    reading.timing = reading.timing or tq1


def read_spm(reading: Reading, spm: Segment) -> None:
    """SPM-17: when the specimen was taken. Where SPM comes before OBR (OUL), it is kept for the OBR segments that follow."""
    reading.specimen_at = reading.time(spm.field(17))


def read_obr(reading: Reading, obr: Segment) -> None:
    """OBR: in a result the specimen's time (OBR-7, else SPM-17) and order number; in an order also what is asked for."""
    reading.order = obr.text(3, 1) or obr.text(2, 1) or reading.order
    reading.document = ""
    reading.observed = reading.time(obr.field(7)) or _specimen_taken(reading)
    if reading.message.type in ORDERING:
        timing = timing_of(reading, obr, 27, obr.field(36), obr.field(6), obr.field(7))
        category = "imaging" if obr.text(24).upper() in _IMAGING else "laboratory"
        state_order(reading, name_of(obr, 4), obr.field(4), category, timing._replace(priority=obr.text(5) or timing.priority), by=obr.person(16))


def _specimen_taken(reading: Reading) -> tuple[datetime, tuple[str, ...]] | None:
    spm = reading.following("SPM", NEXT_ORDER)
    taken = reading.time(spm.field(17)) if spm is not None else reading.specimen_at
    return (taken[0], (*taken[1], TIME_OF_SPECIMEN)) if taken is not None else None


class Timing(NamedTuple):
    """When an order starts, how often, how urgent."""

    frequency: str = ""
    starts_at: datetime | None = None
    priority: str = ""


UNTIMED: Final = Timing()


def timing_of(reading: Reading, segment: Segment, number: int, *starts: str) -> Timing:
    """From TQ1, else from the older TQ field of the segment or of ORC-7, else from other fields that hold a start."""
    tq1, orc = reading.following("TQ1", NEXT_ORDER) or reading.timing, reading.orc
    if tq1 is not None:
        frequency, first, priority = tq1.text(3, 1), tq1.text(7, 1), tq1.text(9, 1)
    else:
        holder, number = (orc, 7) if orc is not None and not segment.field(number) else (segment, number)
        frequency, first, priority = (holder.text(number, part) for part in (2, 4, 6))
    start = next(filter(None, map(reading.time, (first, *starts))), None)
    return Timing(frequency, start[0] if start is not None else None, priority)


def name_of(segment: Segment, number: int) -> str:
    """What a coded field (CE, CWE) is called: its text, else its other text, else the original text, else its code."""
    return segment.text(number, 2) or segment.text(number, 5) or segment.text(number, 9) or segment.text(number, 1)


def amount_of(segment: Segment, number: int, unit: int) -> str:
    """An amount with its unit as people read it: "5 mg"."""
    amount, measure = segment.text(number), segment.text(unit, 2) or segment.text(unit, 1)
    return f"{amount} {measure}".strip() if amount else ""


def state_order(
    reading: Reading, what: str, code: str, category: str, timing: Timing, *, dose: str = "", route: str = "", by: str = "",
) -> None:  # fmt: skip
    """State an order, with what its ORC says about it."""
    orc, reading.is_bare_order = reading.orc, False
    status = (orc.text(1).upper() if orc is not None else "") or "NW"
    orderer = (orc.person(12) if orc is not None else "") or by
    stated = reading.time(orc.field(9)) if orc is not None else None
    order = Ordered(
        reading.order or reading.message.control_id, what, code, status, category, dose, route, timing.frequency, timing.starts_at,
        timing.priority, reading.issued_at, orderer,
    )  # fmt: skip
    reading.state(order, (stated or reading.occurred())[0])
