"""Reading one HL7 v2 message: walk its segments once, state what each of them says.

A segment says the same thing in every message type, so there is one reader per segment, in the table at the end; only
movements and merges depend on the trigger event (MSH-9.2). Reading is pure: bytes and the moment of receipt in, statements
out. Nothing here knows what is already stored.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import Identifier, Registered, Value
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Message, Segment, check_name
from wardline.formats.hl7v2.times import moment
from wardline.intake.hl7v2 import admissions, clinical, documents, observations, orders, patients
from wardline.intake.hl7v2.memory import Memory
from wardline.intake.hl7v2.sources import Source
from wardline.intake.hl7v2.values import Plan

KEYED: Final = frozenset({
    "ADT", "ORU", "ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "OUL", "ORR", "ORL", "RDE", "RDS", "RAS", "RGV", "RDR", "MDM", "SIU",
    "VXU", "BAR", "DFT", "REF", "PPR", "MFN", "CRM", "CSU", "PGL", "PIN", "PEX", "SRM", "RRI", "ORD", "ORS", "ORG",
})  # fmt: skip
"""Message types that are read. Any other is refused as unsupported."""

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours and still mean "now"."""

FUTURE: Final = "in the future"
SENDER_AHEAD: Final = "sender's clock ahead"
TIME_OF_MESSAGE: Final = "time of the message"
TIME_OF_RECEIPT: Final = "time of receipt"


class Reading:
    """The state of one walk: which patient, visit and order the next segment speaks about, and what was said so far."""

    __slots__ = (
        "encounter",
        "issued_at",
        "key_of",
        "message",
        "moments",
        "now",
        "observed",
        "order",
        "order_issued_at",
        "patient",
        "people",
        "person",
        "plans",
        "retired",
        "retired_visit",
        "separator",
        "source",
        "statements",
    )  # fmt: skip

    def __init__(self, message: Message, source: Source, now: datetime, key_of: Callable[[Identifier], str]) -> None:
        self.message = message
        self.separator = message.separators.field
        self.source = source
        self.now = now
        self.key_of = key_of
        self.statements: list[Statement] = []
        self.patient = ""
        self.person: Registered | None = None
        self.retired: Identifier | None = None
        self.retired_visit = ""
        self.encounter = ""
        self.order = ""
        self.order_issued_at: datetime | None = None
        self.observed: tuple[datetime, tuple[str, ...]] | None = None
        """When what follows was observed, and what had to be assumed: from OBR-7, TXA-4 or EVN-6."""
        self.plans: dict[tuple[str, str], Plan] = {}
        self.people: dict[str, tuple[Registered, str, str]] = {}
        self.moments: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        stated = self.time(message.header.field(7))
        self.issued_at: datetime = stated[0] if stated else now

    def time(self, field: str) -> tuple[datetime, tuple[str, ...]] | None:
        """A timestamp in UTC and what had to be assumed; None for none. A clock slightly ahead of ours means now."""
        if not field:
            return None
        known = self.moments.get(field)
        if known is not None:
            return known
        text = field.split(self.message.separators.component, 1)[0]
        read = moment(text, self.source.zone)
        found: tuple[datetime, tuple[str, ...]] | None = None
        if read is not None:
            at, flags = read
            if at > self.now:
                at, flags = (self.now, (*flags, SENDER_AHEAD)) if at - self.now <= CLOCK_TOLERANCE else (at, (*flags, FUTURE))
            found = at, flags
            self.moments[field] = found
        return found

    def occurred(self, *fields: str) -> tuple[datetime, tuple[str, ...]]:
        """The first of the fields that holds a time; else the message's own time, flagged; else the time of receipt, flagged."""
        for field in fields:
            read = self.time(field)
            if read is not None:
                return read
        stated = self.time(self.message.header.field(7))
        if stated is not None:
            return stated[0], (*stated[1], TIME_OF_MESSAGE)
        return self.now, (TIME_OF_RECEIPT,)

    def state(self, value: Value, occurred_at: datetime) -> None:
        """Something about the current patient. Raises `Refused` when no patient has been named."""
        if not self.patient:
            raise Refused(f"{type(value).__name__} without a patient: there is no PID segment before it", code="segment-missing", where="PID")
        self.statements.append(Statement(value, self.patient, occurred_at, self.encounter))


def read(reading: Reading, memory: Memory) -> None:
    """Walk the whole message. Raises `Refused` when it cannot be taken as a whole; then nothing of it counts.

    `memory` carries what was worked out for earlier messages of the same source.
    """
    message, source = reading.message, reading.source
    check_header(message, source)
    reading.plans, reading.people = memory.of(source.name, message.type)
    if message.type in source.ignored:
        return
    lines, place = message.lines, 1
    while place < len(lines):
        line = lines[place]
        if line[:3] == "OBX":
            place = observations.read_panel(reading, lines, place)
            continue
        place += 1
        reader = READERS.get(line[:3])
        if reader is not None:
            reader(reading, Segment(line, message.separators))
        else:
            check_name(line, place)
    admissions.conclude(reading)
    if not reading.patient and message.type != "MFN":
        raise Refused("there is no PID segment, so the message speaks about nobody", code="segment-missing", where="PID")


def check_header(message: Message, source: Source) -> None:
    """MSH-9 to MSH-12, before anything else is read."""
    if not message.type:
        raise Refused("MSH-9 does not say what type of message this is", code="field-missing", where="MSH-9", rejected=True)
    if not message.control_id:
        raise Refused("MSH-10 is empty, so a repeat of the message could not be recognised", code="field-missing", where="MSH-10")
    if len(message.control_id) > 199:
        raise Refused("MSH-10 is longer than 199 characters", code="field-missing", where="MSH-10")
    if message.type not in KEYED:
        raise Refused(f"messages of type {message.type[:20]} are not read here", code="type-unsupported", where="MSH-9.1", rejected=True)
    if message.processing_id not in source.processing_ids:
        raise Refused(
            f"processing id {message.processing_id[:10]!r} is not accepted from this source",
            code="processing-id",
            where="MSH-11",
            rejected=True,
        )
    version = message.version
    if version and not (version.startswith("2.") and version[2:3].isdigit()):
        raise Refused(f"version {version[:10]!r} is not HL7 version 2", code="version-unsupported", where="MSH-12", rejected=True)


READERS: Final[dict[str, Callable[[Reading, Segment], None]]] = {
    "PID": patients.read_pid, "PD1": patients.ignore, "MRG": patients.read_mrg, "PV1": admissions.read_pv1, "EVN": admissions.read_evn,
    "DG1": clinical.read_dg1, "AL1": clinical.read_al1, "IAM": clinical.read_iam, "PRB": clinical.read_prb,
    "ORC": orders.read_orc, "OBR": orders.read_obr, "RXO": orders.read_rxo, "RXE": orders.read_rxe, "RXA": orders.read_rxa,
    "TXA": documents.read_txa, "SCH": documents.read_sch,
}  # fmt: skip
