"""One turn of the loop: the messages, commands and timers of one batch. All of it commits, or none."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from wardline.core.errors import Conflict, Erased, Fault, WardlineError
from wardline.core.events import Event, GapAhead, GapClosed, Merged, Moved, Unmerged
from wardline.core.ports import MessageRecord
from wardline.core.reactions import Reaction
from wardline.core.statements import Fate, Problem, Received, Statement
from wardline.engine.assessing import Failure
from wardline.engine.schedule import Due
from wardline.engine.steps import Draft
from wardline.engine.timers import fall_due
from wardline.engine.writing import Writing

if TYPE_CHECKING:
    from wardline.engine.loop import Command, Delivery, Engine

log = structlog.get_logger()

REMEMBERED: Final = timedelta(days=31)
"""How long a control id names one message. Senders restart their counters; later the same id is a new message."""
TRIES: Final = 3


class _Taken(NamedTuple):
    """A message that was taken before under the same identity."""

    digest: bytes
    raw: Callable[[], bytes]
    fate: Fate

    def says_the_same(self, received: Received, digest: bytes) -> bool:
        """The same bytes, or the same but for the time of sending. One that does not open any more is another one."""
        try:
            return self.digest == digest or received.same_as(self.raw())
        except (Erased, Fault):
            return False


class Arrival(NamedTuple):
    """A message that has been read, and when."""

    delivery: "Delivery"
    received: Received
    digest: bytes
    at: datetime


class Turn:
    """Collects what a batch changes, and the replies that are due once it is durable."""

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine
        self.house = engine.house
        self.log = engine.log
        self.replies: list[tuple[Delivery, Received, Fate]] = []
        self.obeyed: list[tuple[Command, list[Event]]] = []
        self.events: list[Event] = []
        self.persons: set[str] = set()
        self.steps = self.duplicates = self.quarantined = 0
        self._taken: dict[tuple[str, str], list[_Taken]] = {}

    # --- messages ---

    def read(self, delivery: "Delivery", *, poison: bool = False) -> "Arrival":
        """One message, read and nothing more. The clock has heard of it; what it says counts once it is taken in."""
        digest = hashlib.sha256(delivery.raw).digest()
        received = self._read(delivery.raw, digest, poison)
        return Arrival(delivery, received, digest, self.engine.clock.now())

    def take(self, arrival: "Arrival") -> None:
        """One message: let happen what is due by its arrival, recognise a repeat, put it on the timeline or in quarantine."""
        delivery, received, digest, arrived_at = arrival
        now = self.advance(arrived_at)
        earlier = self._earlier(received, now)
        same = [taken for taken in earlier if taken.says_the_same(received, digest)]
        if delivery.repairs:
            self._repair(delivery, received, digest, now, [taken.fate for taken in same if taken.fate.state == "stored"])
            return
        if same:
            self.duplicates += 1
            self.replies.append((delivery, received, same[0].fate))
            return
        problem = received.problem
        if earlier:
            problem = Problem("control-id-reused", "this control id (MSH-10) was already used for a different message", "MSH-10")
        self._store(delivery, received, digest, problem or self._conflict(received), now)

    def _repair(self, delivery: "Delivery", received: Received, digest: bytes, now: datetime, stored: list[Fate]) -> None:
        """A repaired message is taken once: not again, and not if its sender has brought the same in the meantime."""
        problem = received.problem or self._conflict(received)
        if self.log.settlement(delivery.repairs):
            problem = Problem("settled", "this message has already been dealt with")
        if problem is not None:
            self.replies.append((delivery, received, Fate("refused", 0, now, problem)))
        elif stored:
            writing = self._writing(now, received.feed)
            self._settle(delivery, writing, now, stored[0].seq)
            self._append(writing, None)
            self.replies.append((delivery, received, stored[0]))
        else:
            self._store(delivery, received, digest, None, now)

    def _settle(self, delivery: "Delivery", writing: Writing, now: datetime, seq: int) -> None:
        """Whoever the quarantined message was about: their gap closes, even if the repaired one is about somebody else."""
        self.log.settle(delivery.repairs, "replayed", by=delivery.actor, at=now, note=f"as message {seq}")
        patient = self.engine.patient_of(delivery.repairs)
        if patient:
            writing.state((Statement(GapClosed(delivery.repairs), patient, now),), actor=delivery.actor)

    def _read(self, raw: bytes, digest: bytes, poison: bool) -> Received:
        """`poison`: reading it whole has failed before. After a crash a message that was there every time is taken for poison too."""
        tries = self.log.attempts(digest) if self.engine.cautious else 0
        if not poison and tries <= TRIES:
            return self.engine.reader.read(raw, self.engine.hear)
        problem = Problem("poison", f"taking in this message failed {TRIES} times; it is put aside for an engineer")
        try:
            if tries <= 2 * TRIES:
                return self.engine.reader.outline(raw, self.engine.hear)._replace(problem=problem)
        except Exception as error:  # even its first lines are poison: keep the bytes, name nobody
            log.error("message_unreadable", error=type(error).__name__)
        return Received("unreadable", "", "", raw, problem=problem)

    def _earlier(self, received: Received, now: datetime) -> list[_Taken]:
        """Messages that had this identity before, the newest first."""
        if not received.control_id:
            return []
        taken = self._taken.get((received.sender, received.control_id), [])
        known = self.log.find(received.sender, received.control_id, now - REMEMBERED)
        seqs = {each.fate.seq for each in taken}
        return [*reversed(taken), *(_Taken(each.sha256, partial(self.log.raw, each.seq), each.fate) for each in known if each.seq not in seqs)]

    def _conflict(self, received: Received) -> Problem | None:
        """Statements that cannot be true with what is known: a merge that would make a circle."""
        try:
            self.house.links.check([(each.about, each.value.retired) for each in received.statements if type(each.value) is Merged])
        except Conflict as conflict:
            return Problem("merge-circle", str(conflict), "MRG-1")
        return None

    def _store(self, delivery: "Delivery", received: Received, digest: bytes, problem: Problem | None, now: datetime) -> None:
        writing = self._writing(now, received.feed)
        seq = writing.draft.seq
        fate = Fate("quarantined" if problem is not None else "stored", seq, now, problem)
        record = MessageRecord(received.feed, received.sender, received.control_id, digest, delivery.raw, fate, _owners(received))
        back = self.house.feeds.back(received.feed, now)
        self.house.heard(record, now)
        if back is not None:
            writing.follow(back)
        if problem is None:
            writing.state(received.statements, actor=delivery.actor)
        else:
            self.quarantined += 1
            if received.patient:
                writing.state((Statement(GapAhead(seq, problem.reason), received.patient, now),))
        if delivery.repairs:
            self._settle(delivery, writing, now, seq)
        self._append(writing, record)
        if received.control_id:
            taken = _Taken(digest, lambda: delivery.raw, fate)
            self._taken.setdefault((received.sender, received.control_id), []).append(taken)
        self.replies.append((delivery, received, fate))

    # --- commands ---

    def obey(self, command: "Command") -> None:
        """One command. What it may not do goes back to the caller as the error it raised; the turn goes on."""
        now = self.advance()
        try:
            statements = list(command.decide(self.house, now))
        except WardlineError as error:
            if not command.done.done():
                command.done.set_exception(error)
            return
        writing = self._writing(now, command.source)
        writing.draft.outgoing.extend(command.outgoing)
        writing.state(statements, actor=command.actor)
        self._append(writing, None)
        self.obeyed.append((command, writing.draft.events))

    # --- time ---

    def advance(self, to: datetime | None = None) -> datetime:
        """Move to the present, or to a moment that is not long ago; whatever became due on the way happens first."""
        now = max(to or self.engine.clock.now(), self.house.now)
        self.tick(now)
        self.house.now = now
        return now

    def tick(self, now: datetime) -> None:
        """Let everything happen that is due up to `now`, in order.

        A feed's clock leaps from message to message, so there each thing happens at its own time. The wall clock is ahead of what
        is due only when the house was not running: what it says about that time it knows only now.
        """
        idle: set[str] = set()
        while (due := self.engine.next_due(idle)) is not None and due <= now:
            moment = self.house.now = max(due, self.house.now) if self.engine.clock.kind == "feed" else now
            writing = self._writing(moment, "wardline")
            for item in self.house.schedule.pop(moment):
                self._fall_due(writing, item)
            for reaction in self.house.reactions:
                if reaction.name not in idle and not self._look_again(reaction, writing, moment):
                    idle.add(reaction.name)
            self._append(writing, None)

    def _look_again(self, reaction: Reaction, writing: Writing, moment: datetime) -> bool:
        """False when the reaction's time had come, nothing came of it, and it would be asked the same again without end."""
        due = reaction.next_due()
        if due is None or due > moment:
            return True
        failures = self.engine.assessments.failures
        try:
            follows = list(reaction.tick(moment, self.house))
        except Exception as error:  # a timer with a bug must not stop messages; health says that it is not running
            log.error("timer_failed", reaction=reaction.name, error=type(error).__name__)
            failures.setdefault(reaction.name, Failure(moment, type(error).__name__))
            return False
        failures.pop(reaction.name, None)
        for event in follows:
            writing.follow(event)
        return reaction.next_due() != due

    def _fall_due(self, writing: Writing, item: Due) -> None:
        """What fails when its time comes fails every time: the turn is undone, and the next one goes on without it."""
        if self.engine.skipped and item in self.engine.skipped:
            return
        try:
            fall_due(writing, item)
        except Exception as error:  # whatever is wrong with it must not hold up everybody's messages
            self.engine.skipped.add(item)
            self.engine.assessments.failures.setdefault("timers", Failure(self.house.now, type(error).__name__))
            raise

    # --- the end of a step and of the turn ---

    def _writing(self, now: datetime, source: str) -> Writing:
        draft = Draft(self.log.next_seq(), now, source, self.log.next_row)
        return Writing(self.house, self.engine.assessments, draft, self.engine.viewers)

    def _append(self, writing: Writing, record: MessageRecord | None) -> None:
        writing.react()
        if record is None and not writing.draft.events and not writing.draft.outgoing:
            return
        self.log.append(writing.finish(record))
        self.events.extend(writing.draft.events)
        self.persons |= writing.persons
        self.steps += 1

    def commit(self) -> None:
        self.log.commit()


def _owners(received: Received) -> tuple[str, ...]:
    """Every record the message speaks about: destroying any one of their keys makes its bytes unreadable."""
    abouts = {received.patient} if received.patient else set()
    for statement in received.statements:
        abouts.add(statement.about)
        if type(statement.value) is Merged:
            abouts.add(statement.value.retired)
        elif type(statement.value) is Unmerged:
            abouts.add(statement.value.other)
        elif type(statement.value) is Moved:
            abouts.add(statement.value.origin)
    return tuple(sorted(abouts))
