"""Reading one HL7 v2 message: walk its segments once, state what each of them says.

A segment says the same thing in every message type, so there is one reader per segment, in the table at the end; only
movements and merges depend on the trigger event (MSH-9.2). Reading is pure: bytes and the moment of receipt in, statements
out. Nothing here knows what is already stored.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import DELETED, Identifier, Value
from wardline.core.flags import FUTURE, SENDER_AHEAD, TIME_OF_MESSAGE, TIME_OF_RECEIPT, UNREADABLE_TIME
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import LARGEST_SEGMENT, Message, Segment, check_segment
from wardline.formats.hl7v2.times import moment
from wardline.intake.hl7v2 import admissions, appointments, clinical, documents, fragments, merges, observations, orders, patients, pharmacy
from wardline.intake.hl7v2.memory import Memory
from wardline.intake.hl7v2.sources import Source

KEYED: Final = frozenset({
    "ADT", "ORU", "ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "OUL", "ORR", "ORL", "RDE", "RDS", "RAS", "RGV", "RDR", "MDM", "SIU",
    "VXU", "BAR", "DFT", "REF", "PPR", "MFN", "CRM", "CSU", "PGL", "PIN", "PEX", "SRM", "RRI", "ORD", "ORS", "ORG",
})  # fmt: skip
"""Message types that are read. Any other is refused as unsupported."""

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours and still mean "now"."""
LONGEST_CONTROL_ID: Final = 199
MOST_RECORDS: Final = 100
"""PID, PV1 or MRG segments in one message: each costs what a message does, and a message must not take longer than its sender waits."""


class Reading:
    """The state of one walk: which patient, visit and order the next segment speaks about, and what was said so far."""

    __slots__ = (
        "appointment", "counted", "document", "encounter", "is_bare_order", "issued_at", "key_of", "memory", "message", "moments", "moves", "now",
        "observed", "orc", "order", "patient", "people", "place", "plans", "source", "specimen_at", "statements", "timing", "trigger",
    )  # fmt: skip

    def __init__(self, message: Message, source: Source, now: datetime, key_of: Callable[[Identifier], str], memory: Memory) -> None:
        self.message = message
        self.source = source
        self.now = now
        self.key_of = key_of
        self.memory = memory
        known = memory.of(source, message.separators, authority=message.type == "ADT")
        self.plans, self.people = known.plans, known.people
        self.moments: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        self.statements: list[Statement] = []
        self.place = 1
        """Of the next line."""
        self.trigger = message.trigger
        self.patient = self.encounter = self.order = self.document = ""
        self.counted = {"PID": 0, "PV1": 0, "MRG": 0}
        """How many of the segments there were that concern a whole record."""
        self.observed: tuple[datetime, tuple[str, ...]] | None = None
        """When what follows was observed, and what had to be assumed: from OBR-7, TXA-4 or EVN-6."""
        self.specimen_at: tuple[datetime, tuple[str, ...]] | None = None
        self.orc: Segment | None = None
        self.is_bare_order = False
        """True while nothing has said what the order of this ORC is for."""
        self.timing: Segment | None = None
        self.appointment: Segment | None = None
        self.moves: list[merges.Move] = []
        stated = self.time(message.header.field(7))
        # A sender whose clock is far ahead must not outrank the corrections of later days.
        self.issued_at: datetime = min(stated[0], now) if stated else now

    def time(self, field: str) -> tuple[datetime, tuple[str, ...]] | None:
        """A timestamp in UTC and what had to be assumed; None for none. A clock slightly ahead of ours means now."""
        if not field:
            return None
        known = self.moments.get(field)
        if known is not None:
            return known
        read = moment(field.split(self.message.separators.component, 1)[0], self.source.zone)
        if read is None:
            return None
        at, flags = read
        if at > self.now:
            at, flags = (self.now, (*flags, SENDER_AHEAD)) if at - self.now <= CLOCK_TOLERANCE else (at, (*flags, FUTURE))
        self.moments[field] = at, flags
        return at, flags

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

    def measured(self, field: str, panel: tuple[datetime, tuple[str, ...]]) -> tuple[datetime, tuple[str, ...]]:
        """OBX-14, when this one value was measured; where that is no time the panel's counts, flagged unless it was only taken back."""
        at, flags = panel
        return self.time(field) or (at, flags if field == DELETED else (*flags, UNREADABLE_TIME))

    def count(self, name: str) -> None:
        """Note one more segment of a kind that makes the whole record be read anew. Raises `Refused` when nobody means so many."""
        self.counted[name] += 1
        if self.counted[name] > MOST_RECORDS:
            raise Refused(f"the message has more than {MOST_RECORDS} {name} segments", code="too-large", where=name, rejected=True)

    def state(self, value: Value, occurred_at: datetime) -> None:
        """Something about the current patient. Raises `Refused` when no patient has been named."""
        if not self.patient:
            raise Refused(f"{type(value).__name__} without a patient: there is no PID segment before it", code="segment-missing", where="PID")
        self.statements.append(Statement(value, self.patient, occurred_at, self.encounter))

    def following(self, name: str, until: frozenset[str]) -> Segment | None:
        """The next segment of this name, unless one of `until` comes first: what follows belongs together up to there."""
        lines = self.message.lines
        for place in range(self.place, len(lines)):
            found = lines[place][:3]
            if found == name:
                return Segment(lines[place], self.message.separators)
            if found in until:
                return None
        return None


def read(reading: Reading) -> None:
    """Walk the whole message. Raises `Refused` when it cannot be taken as a whole; then nothing of it counts."""
    message, separators = reading.message, reading.message.separators
    check_header(message, reading.source)
    if message.type in reading.source.ignored:
        return
    lines, place, observation = message.lines, 1, ("OBX", "OBX" + separators.field)
    while place < len(lines):
        line = lines[place]
        if line[:4] in observation:
            place = observations.read_panel(reading, lines, place)
            continue
        reading.place = place = place + 1
        reader = READERS.get(line[:3]) if line[3:4] == separators.field else None
        if reader is None or len(line) > LARGEST_SEGMENT:
            check_segment(line, place, separators)
        if reader is not None:
            reader(reading, Segment(line, separators))
    if message.type == "ADT":
        admissions.conclude(reading)
        merges.conclude(reading)
    orders.conclude(reading)
    appointments.conclude(reading)
    if not reading.patient and message.type != "MFN":
        raise Refused("there is no PID segment, so the message speaks about nobody", code="segment-missing", where="PID")


def check_header(message: Message, source: Source) -> None:
    """MSH-9 to MSH-12, before anything else is read."""
    if not message.type:
        raise Refused("MSH-9 does not say what type of message this is", code="field-missing", where="MSH-9", rejected=True)
    if not message.control_id:
        raise Refused("MSH-10 is empty, so a repeat of the message could not be recognised", code="field-missing", where="MSH-10")
    if len(message.control_id) > LONGEST_CONTROL_ID:
        raise Refused(f"MSH-10 is longer than {LONGEST_CONTROL_ID} characters", code="field-missing", where="MSH-10")
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
    "PID": patients.read_pid, "EVN": admissions.read_evn, "PV1": admissions.read_pv1, "MRG": merges.read_mrg,
    "DG1": clinical.read_dg1, "PRB": clinical.read_prb, "AL1": clinical.read_al1, "IAM": clinical.read_iam,
    "ORC": orders.read_orc, "TQ1": orders.read_tq1, "OBR": orders.read_obr, "SPM": orders.read_spm,
    "RXO": pharmacy.read_rxo, "RXE": pharmacy.read_rxe, "RXA": pharmacy.read_rxa,
    "TXA": documents.read_txa, "SCH": appointments.read_sch, "ADD": fragments.read_add, "DSC": fragments.read_dsc,
}  # fmt: skip
