"""One turn of the loop: the messages, commands and timers of one batch. All of it commits, or none."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from wardline.core.assessment import VITAL_SIGN_IDS
from wardline.core.errors import Conflict, WardlineError
from wardline.core.events import Event, Found, GapAhead, GapClosed, Lapsed, Merged, Overdue, Unmerged
from wardline.core.ports import MessageRecord
from wardline.core.statements import Fate, Problem, Received, Statement
from wardline.core.timeline import Timeline
from wardline.engine.schedule import Due
from wardline.engine.steps import Draft
from wardline.engine.writing import Writing

if TYPE_CHECKING:
    from wardline.engine.loop import Command, Delivery, Engine

REMEMBERED: Final = timedelta(days=31)
"""How long a control id names one message. Senders restart their counters; later the same id is a new message."""
TRIES: Final = 3


class _Taken(NamedTuple):
    """A message taken earlier in the same turn."""

    digest: bytes
    raw: bytes
    fate: Fate


class Turn:
    """Collects what a batch changes, and the replies that are due once it is durable."""

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine
        self.house = engine.house
        self.log = engine.log
        self.replies: list[tuple[Callable[[list[bytes]], None], list[bytes]]] = []
        self.obeyed: list[tuple[Command, list[Event]]] = []
        self.events: list[Event] = []
        self.persons: set[str] = set()
        self.steps = 0
        self._taken: dict[tuple[str, str], _Taken] = {}

    # --- messages ---

    def take(self, delivery: "Delivery", *, poison: bool = False) -> None:
        """One message: recognise a repeat, advance the clock, put it on the timeline or in quarantine."""
        self.engine.stats.received += 1
        digest = hashlib.sha256(delivery.raw).digest()
        if self.engine.cautious:
            poison = poison or self.log.attempts(digest) > TRIES
        received = self._read(delivery.raw, poison)
        problem = received.problem
        now = self.advance()
        if received.control_id and not delivery.repairs:
            before = self._before(received, now)
            if before is not None and (before.digest == digest or received.same_as(before.raw)):
                self.engine.stats.duplicates += 1
                self.replies.append((delivery.reply, received.replies(before.fate)))
                return
            if before is not None:
                problem = Problem("control-id-reused", "this control id (MSH-10) was already used for a different message", "MSH-10")
        problem = problem or self._conflict(received)
        if problem is not None and delivery.repairs:
            self.replies.append((delivery.reply, received.replies(Fate("refused", 0, now, problem))))
            return
        self._store(delivery, received, digest, problem, now)

    def _read(self, raw: bytes, poison: bool) -> Received:
        if not poison:
            return self.engine.reader.read(raw, self.engine.hear)
        problem = Problem("poison", f"reading this message failed {TRIES} times; it is put aside for an engineer")
        try:
            return self.engine.reader.read(raw, self.engine.hear)._replace(statements=(), problem=problem)
        except Exception:  # the reader itself is what fails: keep the bytes, name nobody
            return Received("unreadable", "", "", raw, problem=problem)

    def _before(self, received: Received, now: datetime) -> _Taken | None:
        """The message that had this identity before."""
        taken = self._taken.get((received.sender, received.control_id))
        if taken is not None:
            return taken
        known = self.log.find(received.sender, received.control_id, now - REMEMBERED)
        return _Taken(known.sha256, self.log.raw(known.seq), known.fate) if known is not None else None

    def _conflict(self, received: Received) -> Problem | None:
        """Statements that cannot be true with what is known: a merge that would make a circle."""
        for statement in received.statements:
            if type(statement.value) is Merged:
                try:
                    self.house.links.check(statement.about, statement.value.retired)
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
            self.engine.stats.quarantined += 1
            if received.patient:
                writing.state((Statement(GapAhead(seq, problem.reason), received.patient, now),))
        if delivery.repairs:
            self.log.settle(delivery.repairs, "replayed", by=delivery.actor, at=now, note=f"as message {seq}")
            if received.patient:
                writing.state((Statement(GapClosed(delivery.repairs), received.patient, now),), actor=delivery.actor)
        self._append(writing, record)
        if received.control_id:
            self._taken[received.sender, received.control_id] = _Taken(digest, delivery.raw, fate)
        self.replies.append((delivery.reply, received.replies(fate)))

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
        writing = self._writing(now, "wardline")
        writing.draft.outgoing.extend(command.outgoing)
        writing.state(statements, actor=command.actor)
        self._append(writing, None)
        self.obeyed.append((command, writing.draft.events))

    # --- time ---

    def advance(self) -> datetime:
        """Move to the present; whatever became due on the way happens first, at its own time."""
        now = max(self.engine.clock.now(), self.house.now)
        self.tick(now)
        self.house.now = now
        return now

    def tick(self, now: datetime) -> None:
        """Let everything happen that is due up to `now`, in order."""
        while (due := self.engine.next_due()) is not None and due <= now:
            moment = self.house.now = max(due, self.house.now)
            writing = self._writing(moment, "wardline")
            for item in self.house.schedule.pop(moment):
                self._fall_due(writing, item)
            for reaction in self.house.reactions:
                due_at = reaction.next_due()
                if due_at is not None and due_at <= moment:
                    for event in list(reaction.tick(moment, self.house)):
                        writing.follow(event)
            if writing.draft.events:
                self._append(writing, None)
            elif self.engine.next_due() == due:
                return  # nothing came of it and nothing moved on: never spin

    def _fall_due(self, writing: Writing, due: Due) -> None:
        timeline = self.house.timeline(due.about)
        if timeline.movements and not timeline.place.is_in:
            return
        encounter = timeline.place.encounter
        if due.kind == "overdue":
            if due.what not in timeline.overdue and not _measured_since_asked(timeline, due):
                writing.conclude(Overdue(due.what, due.at, due.key), timeline.about, self.house.now, (), encounter)
            return
        answer = timeline.answers.get((due.what, due.key))
        assessor = self.engine.assessments.assessors.get(due.what)
        if answer is None or assessor is None:
            return
        valid_until = answer.value.valid_until  # type: ignore[union-attr]
        if valid_until is None or valid_until >= due.at:
            return
        lapsed = writing.conclude(Lapsed(due.what), timeline.about, self.house.now, (answer.id,), encounter)
        for found in self.engine.assessments.answers(assessor, timeline, self.house.now):
            writing.conclude(found, timeline.about, self.house.now, (lapsed.id,), encounter)

    # --- the end of a step and of the turn ---

    def _writing(self, now: datetime, source: str) -> Writing:
        draft = Draft(self.log.next_seq(), now, source, self.log.next_row)
        return Writing(self.house, self.engine.assessments, draft, self.engine.viewers)

    def _append(self, writing: Writing, record: MessageRecord | None) -> None:
        writing.react()
        self.log.append(writing.finish(record))
        self.events.extend(writing.draft.events)
        self.persons |= writing.persons
        self.steps += 1

    def commit(self) -> None:
        if self.steps:
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
    return tuple(sorted(abouts))


def _measured_since_asked(timeline: Timeline, due: Due) -> bool:
    """Whether any vital sign has been measured since the answer that asked for it."""
    asked_at = due.at
    for (capability, _), past in timeline.answers_over_time.items():
        if capability == due.key:
            asked_at = min((event.occurred_at for event in past if _asks_for(event, due)), default=asked_at)
    newest = (timeline.observations.of(name)[-1].occurred_at for name in VITAL_SIGN_IDS if timeline.observations.of(name))
    return max(newest, default=datetime.min.replace(tzinfo=due.at.tzinfo)) > asked_at


def _asks_for(event: Event, due: Due) -> bool:
    found: Found = event.value  # type: ignore[assignment]
    return any(repeats and event.occurred_at + timedelta(seconds=seconds) == due.at for _, seconds, repeats in found.suggestions)
