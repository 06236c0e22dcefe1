"""The state of reading one HL7 v2 message: whom the next segment speaks about, and what was said so far."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.events import DELETED, Identifier, Value
from wardline.core.flags import FUTURE, SENDER_AHEAD, TIME_OF_MESSAGE, TIME_OF_RECEIPT, UNREADABLE_TIME
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Message, Segment
from wardline.formats.hl7v2.times import moment
from wardline.intake.hl7v2.memory import Memory
from wardline.intake.hl7v2.sources import Source

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours and still mean "now"."""
MOST_RECORDS: Final = 100
"""PID, PV1 or MRG segments in one message: each costs what a message does, and a message must not take longer than its sender waits."""


class Move(NamedTuple):
    """One MRG: the record it names, the patient the message spoke about before it, the old visit number and the new one."""

    record: Identifier | None
    about: str
    prior_visit: str
    visit: str


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
        self.moves: list[Move] = []
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
