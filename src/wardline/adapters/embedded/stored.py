"""How messages and events stand in the rows of the log: packed, compressed, sealed, and checked when they are read.

What identifies a row (record, times, step) is bound into its seal, and what is not sealed carries a checksum, so that a byte
that changed on the disk is noticed. A damaged row is never served: a mark of the gap stands in its place.
"""

from datetime import datetime
from typing import Any, Final

from wardline.adapters.embedded.logfile import checksum
from wardline.adapters.embedded.packing import Compression, microseconds, moment, pack, unpack
from wardline.adapters.embedded.sealing import HOUSE, SNAPSHOTS, SqliteSeal
from wardline.core.errors import Erased, Fault
from wardline.core.events import EVENTS_PER_ROW, Event, Found, GapAhead, Lapsed, Measured, Overdue
from wardline.core.ports import MessageRecord, Outgoing, Step
from wardline.core.statements import Fate, Problem

MESSAGE: Final = "seq, feed, sender, control, sha256, recorded_at, state, key, checked"
ROW: Final = "id, seq, record, occurred_at, recorded_at, lasting, key, packed"
SETTLEMENT: Final = "seq, state, by, at, key, note, checked"
STATES: Final = {"stored": 0, "quarantined": 1}
_STATE_NAMES: Final = {number: name for name, number in STATES.items()}
_PASSING: Final = frozenset({Measured, Found, Lapsed, Overdue})
"""Kinds a timeline needs only for a while. A row with any other kind is read however old it is."""
_UNREADABLE: Final = (Fault, TypeError, ValueError, OverflowError)
"""What opening a row whose bytes changed can lead to."""


class Vault:
    """Turns messages and events into rows, and rows back into what they were."""

    def __init__(self, seal: SqliteSeal) -> None:
        self.seal = seal
        self.damaged: list[str] = []
        """Names of everything that was found not to open any more."""
        self._messages = Compression("messages")
        self._events = Compression("events")

    def note_damage(self, name: str) -> None:
        if name not in self.damaged:
            self.damaged.append(name)

    # --- messages ---

    def message_row(self, step: Step, message: MessageRecord, feed: int, sender: int) -> tuple[Any, ...]:
        recorded_at, control, state = microseconds(step.recorded_at), message.control_id or None, STATES[message.fate.state]
        key = self.seal.key_for(message.owners or _owner_of_unattributed(step.seq, message))
        columns = (step.seq, feed, sender, control, message.sha256, recorded_at, state, key)
        raw = self.seal.seal(key, self._messages.compress(message.raw), _message_context(step.seq, recorded_at, message.sha256))
        return (*columns, checksum(*columns, _problem_columns(message.fate.problem)), raw)

    @staticmethod
    def problem_row(step: Step) -> tuple[Any, ...] | None:
        problem = step.message.fate.problem if step.message is not None else None
        return (step.seq, *_problem_columns(problem)) if problem is not None else None

    def fate(self, row: tuple[Any, ...], problem: Problem | None) -> Fate | None:
        """What became of a message, or None when what is stored about it cannot be trusted."""
        *columns, checked = row
        seq, recorded_at, state = columns[0], columns[5], columns[6]
        if checked != checksum(*columns, _problem_columns(problem)):
            self.note_damage(f"message {seq}")
            return None
        return Fate(_STATE_NAMES[state], seq, moment(recorded_at), problem)

    def raw(self, seq: int, recorded_at: int, sha256: bytes, key: int, sealed: bytes) -> bytes:
        """The bytes of a message as they came. Raises `Erased` when they were erased, `Fault` when they are damaged."""
        try:
            return self._messages.decompress(self.seal.open(key, sealed, _message_context(seq, recorded_at, sha256)))
        except _UNREADABLE as error:
            self.note_damage(f"bytes of message {seq}")
            raise Fault(f"the bytes of message {seq} do not open any more: {error}") from error

    def settlement_row(self, seq: int, state: str, by: str, at: datetime, note: str, key: int) -> tuple[Any, ...]:
        """`key` is that of the message: the words about it are forgotten together with its patient."""
        columns = (seq, state, by, microseconds(at), key, self.seal.seal(key, note.encode(), b"n%d" % seq))
        return (*columns, checksum(*columns))

    def settled(self, row: tuple[Any, ...]) -> str:
        """How a quarantined message was dealt with. A settlement that was damaged counts as none: the message waits for a person again."""
        *columns, checked = row
        if checked == checksum(*columns):
            return str(columns[1])
        self.note_damage(f"settlement of message {columns[0]}")
        return ""

    # --- events ---

    def event_row(self, step: Step, record: str, events: tuple[Event, ...]) -> tuple[Any, ...]:
        row, recorded_at = events[0].id // EVENTS_PER_ROW, microseconds(step.recorded_at)
        occurred_at = microseconds(max([event.occurred_at for event in events]))
        lasting = int(not _PASSING.issuperset([type(event.value) for event in events]))
        key = self.seal.key_for((HOUSE if "/" in record else record,))
        context = _row_context(row, step.seq, record, occurred_at, recorded_at, lasting)
        return row, step.seq, record, occurred_at, recorded_at, lasting, key, self.seal.seal(key, self._events.compress(pack(events)), context)

    def events(self, row: tuple[Any, ...]) -> list[Event]:
        """The events of a row of columns `ROW`; none of one that was erased."""
        id, seq, record, occurred_at, recorded_at, lasting, key, packed = row
        try:
            plain = self.seal.open(key, packed, _row_context(id, seq, record, occurred_at, recorded_at, lasting))
            return unpack(self._events.decompress(plain), row=id, record=record, recorded_at=moment(recorded_at))
        except Erased:
            return []
        except _UNREADABLE as error:
            self.note_damage(f"row {id}")
            at = some_moment(recorded_at)
            return [Event(GapAhead(seq, f"stored data does not open any more: {error}"), record, at, at, "wardline", id=id * EVENTS_PER_ROW)]

    # --- what leaves the house, and folded state ---

    def outgoing_row(self, item: Outgoing) -> tuple[Any, ...]:
        key = self.seal.key_for((item.owner,))
        return item.key, item.topic, key, self.seal.seal(key, item.payload, f"o{item.key}/{item.topic}".encode())

    def outgoing(self, key: str, topic: str, seal: int, payload: bytes) -> Outgoing:
        return Outgoing(key, topic, self.seal.open(seal, payload, f"o{key}/{topic}".encode()))

    def snapshot_row(self, name: str, seq: int, state: bytes) -> tuple[Any, ...]:
        key = self.seal.key_for((SNAPSHOTS,))
        return name, seq, key, self.seal.seal(key, self._events.compress(state), f"s{name}{seq}".encode())

    def snapshot(self, name: str, seq: int, key: int, state: bytes) -> bytes | None:
        try:
            return self._events.decompress(self.seal.open(key, state, f"s{name}{seq}".encode()))
        except Erased:
            return None
        except _UNREADABLE:
            self.note_damage(f"snapshot {name}")
            return None

    def entry_row(self, about: str, entry: bytes) -> tuple[Any, ...]:
        key = self.seal.key_for((about,))
        return about, key, self.seal.seal(key, entry, f"d{about}".encode())

    def entry(self, about: str, key: int, entry: bytes) -> bytes | None:
        try:
            return self.seal.open(key, entry, f"d{about}".encode())
        except Erased:
            return None
        except _UNREADABLE:
            self.note_damage(f"directory {about}")
            return None


def _owner_of_unattributed(seq: int, message: MessageRecord) -> tuple[str, ...]:
    """A message nobody could read may be about somebody all the same: with a key of its own it can be erased alone."""
    return (HOUSE,) if message.fate.state == "stored" else (owner_of_message(seq),)


def owner_of_message(seq: int) -> str:
    """Whose key opens a message in quarantine that names no patient."""
    return f"message/{seq}"


def _problem_columns(problem: Problem | None) -> tuple[Any, ...]:
    return (problem.code, problem.reason, problem.where, int(problem.rejected)) if problem is not None else ()


def _message_context(seq: int, recorded_at: int, sha256: bytes) -> bytes:
    return b"m%d/%d/" % (seq, recorded_at) + sha256


def _row_context(row: int, seq: int, record: str, occurred_at: int, recorded_at: int, lasting: int) -> bytes:
    return f"r{row}/{seq}/{record}/{occurred_at}/{recorded_at}/{lasting}".encode()


def some_moment(recorded_at: int) -> datetime:
    """When a row was recorded, as far as that is left."""
    try:
        return moment(recorded_at)
    except _UNREADABLE:
        return moment(0)
