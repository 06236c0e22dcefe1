"""The only loop: messages, commands and timers in; events, findings and alerts out; one durable transaction per turn.

Everything that arrived while the event loop was busy is one batch and one commit. Senders are acknowledged and screens are
told only after it. If the commit fails, nothing of the batch happened.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Container, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from wardline.core.capability import Capability
from wardline.core.errors import StorageBroken, StorageFull, WardlineError
from wardline.core.events import Event, GapClosed
from wardline.core.gathering import Site
from wardline.core.ports import Clock, EventLog, Outgoing, Reader
from wardline.core.reactions import Reaction
from wardline.core.statements import Fate, Problem, Received, Statement
from wardline.engine.assessing import REVISABLE, Assessments
from wardline.engine.house import BEGINNING, SNAPSHOT, House
from wardline.engine.incidents import Viewers
from wardline.engine.schedule import Due
from wardline.engine.turn import TRIES, Turn

log = structlog.get_logger()

BATCH: Final = 400
"""Messages in one turn at most: keeps a turn, and with it everybody's wait, short under a flood."""
CALM_AFTER: Final = 1_000
"""Messages taken one by one without trouble after a crash, before batches are trusted again."""
INBOX: Final = 4_000
"""Messages waiting at most; above it doors stop reading and senders wait."""
STEPS_PER_SNAPSHOT: Final = 20_000
STEPS_WORTH_A_SNAPSHOT: Final = 1_000
SHORTEST_WINDOW: Final = timedelta(days=7)


class Delivery(NamedTuple):
    """A message handed in. `repairs` is the quarantined message it replaces, `actor` who sent it in by hand."""

    raw: bytes
    reply: Callable[[Received, Fate], None]
    repairs: int = 0
    actor: str = ""


class Command(NamedTuple):
    """Something a person or a worker wants recorded; it decides on the state as it is inside the turn."""

    decide: Callable[[House, datetime], Iterable[Statement]]
    actor: str
    done: "asyncio.Future[list[Event]]"
    outgoing: tuple[Outgoing, ...] = ()
    source: str = "wardline"


class Change(NamedTuple):
    """What a committed turn changed, for screens: persons, and every event that was recorded."""

    persons: frozenset[str]
    events: tuple[Event, ...]
    now: datetime


class Stats:
    """Counters for the metrics page, since the process started."""

    __slots__ = ("duplicates", "quarantined", "received", "steps", "turns")

    def __init__(self) -> None:
        self.received = self.duplicates = self.quarantined = self.turns = self.steps = 0


class Engine:
    """The clinical process. One per data folder."""

    def __init__(
        self, *, event_log: EventLog, clock: Clock, reader: Reader, capabilities: Iterable[Capability], reactions: Iterable[Reaction] = (),
        site: Site | None = None, viewers: Viewers | None = None, on_broken: Callable[[Exception], None] | None = None,
    ) -> None:  # fmt: skip
        self.log = event_log
        self.clock = clock
        self.reader = reader
        self.viewers = viewers
        self.assessments = Assessments(capabilities, site or {})
        window = max((each.capability.window for each in self.assessments.all()), default=SHORTEST_WINDOW)
        self.house = House(event_log, tuple(reactions), max(window, SHORTEST_WINDOW) + REVISABLE)
        self.on_broken = on_broken
        self.broken: Exception | None = None
        self.full_since: datetime | None = None
        self.cautious = False
        """After a crash messages are taken one by one and counted durably first, so that the one that kills the process is found."""
        self._calm = 0
        self.skipped: set[Due] = set()
        """Timers that fail whenever their time comes."""
        self.stats = Stats()
        self._deliveries: deque[Delivery] = deque()
        self._commands: deque[Command] = deque()
        self._listeners: list[Callable[[Change], None]] = []
        self._scheduled = self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since_snapshot = 0

    # --- starting and stopping ---

    def recover(self) -> int:
        """Fold what the log holds: the last snapshot and every step after it. Returns the number of steps folded."""
        self.house.forget()
        saved = self.log.saved(SNAPSHOT)
        if saved is not None and not self.house.load(saved[0]):
            log.warning("snapshot_of_another_version")
            self.house.forget()
        entries = list(self.log.kept())
        self.house.directory.load((about, packed) for about, packed in entries if packed)
        count = self.house.replay(self.log.steps(self.house.seq))
        for about, packed in entries:
            if packed is None:
                self.house.list_anew(about)
        if self.house.now > BEGINNING:
            self.clock.heard(self.house.now)
        return count

    def start(self) -> None:
        """Begin to work in the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._wake()

    def stop(self) -> None:
        """Finish what has been handed in, keep a snapshot, close the log."""
        if self._timer is not None:
            self._timer.cancel()
        while (self._deliveries or self._commands) and self.broken is None:
            self._turn()
        if self.broken is None:
            self.keep_snapshot()
        self._loop = None
        self._stopped = True
        self.log.close()

    # --- handing in ---

    def receive(self, raw: bytes, reply: Callable[[list[bytes]], None]) -> None:
        self._deliveries.append(Delivery(raw, lambda received, fate: reply(received.replies(fate))))
        self._wake()

    @property
    def is_full(self) -> bool:
        return len(self._deliveries) >= INBOX or self.broken is not None

    async def record(
        self, decide: Callable[[House, datetime], Iterable[Statement]], *, actor: str, outgoing: tuple[Outgoing, ...] = (), source: str = "wardline"
    ) -> list[Event]:
        """Record what `decide` states about the present; returns the step's events once they are durable."""
        self._check_whole()
        done: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        self._commands.append(Command(decide, actor, done, outgoing, source))
        self._wake()
        return await done

    async def repair(self, seq: int, raw: bytes, *, actor: str) -> Fate:
        """Take in a repaired version of a quarantined message; returns what became of it."""
        self._check_whole()
        done: asyncio.Future[Fate] = asyncio.get_running_loop().create_future()
        self._deliveries.append(Delivery(raw, lambda received, fate: done.set_result(fate), seq, actor))
        self._wake()
        return await done

    def _check_whole(self) -> None:
        if self.broken is not None:
            raise StorageBroken("Wardline has stopped: its log could not be written")

    def patient_of(self, seq: int) -> str:
        """The record a stored message is about, "" if it does not say."""
        return self.reader.outline(self.log.raw(seq), lambda stated_at: self.house.now).patient

    async def dismiss(self, seq: int, *, actor: str, note: str) -> None:
        """Leave a quarantined message for good; its patient's gap closes."""

        def decide(house: House, now: datetime) -> Iterable[Statement]:
            patient = self.patient_of(seq)
            self.log.settle(seq, "dismissed", by=actor, at=now, note=note)
            return (Statement(GapClosed(seq), patient, now),) if patient else ()

        await self.record(decide, actor=actor)

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` after every commit; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _wake(self) -> None:
        if not self._scheduled and self._loop is not None:
            self._scheduled = True
            self._loop.call_soon(self._turn)

    # --- one turn ---

    def _turn(self) -> None:
        self._scheduled = False
        if self.broken is not None or self._stopped:
            return
        deliveries = [self._deliveries.popleft() for _ in range(min(len(self._deliveries), 1 if self.cautious else BATCH))]
        commands, self._commands = list(self._commands), deque()
        self._work(deliveries, commands)
        if self._deliveries or self._commands:
            self._wake()
        self._set_timer()

    def _work(self, deliveries: list[Delivery], commands: list[Command]) -> None:
        """Try the whole batch. When something in it fails, undo everything and find out which delivery it was."""
        if self.broken is not None:
            return
        try:
            self._try(deliveries, commands)
        except StorageFull as error:
            self._refuse(deliveries, commands, error)
        except StorageBroken as error:
            self._break(error, commands)
        except Exception as error:  # the engine's own loop: a fault in one message must not stop the others
            log.error("turn_failed", error=type(error).__name__, messages=len(deliveries), commands=len(commands))
            if not self._undo():
                return
            if len(deliveries) + len(commands) == 1:
                self._put_aside(deliveries, commands, error)
                return
            for delivery in deliveries:
                self._work([delivery], [])
            for command in commands:
                self._work([], [command])

    def _try(self, deliveries: list[Delivery], commands: list[Command], *, poison: bool = False) -> None:
        turn = Turn(self)
        # All are read before the first is taken in: what reading needs stays in the processor's cache.
        for arrival in [turn.read(delivery, poison=poison) for delivery in deliveries]:
            turn.take(arrival)
        for command in commands:
            turn.obey(command)
        turn.advance()
        turn.commit()
        self._committed(turn)

    def _put_aside(self, deliveries: list[Delivery], commands: list[Command], error: Exception) -> None:
        """One message or command that fails: a message is tried three times, then kept without being read; the lane goes on."""
        for command in commands:
            if not command.done.done():
                command.done.set_exception(error if isinstance(error, WardlineError) else RuntimeError(type(error).__name__))
        for attempt in range(2, TRIES + 2):
            try:
                self._try(deliveries, [], poison=attempt > TRIES)
                return None
            except StorageFull as full:
                return self._refuse(deliveries, [], full)
            except StorageBroken as broken:
                return self._break(broken, [])
            except Exception as again:  # still failing: undo, and after the third time quarantine it unread
                log.error("message_failed", error=type(again).__name__, attempt=attempt)
                if not self._undo():
                    return None
        return None

    def _undo(self) -> bool:
        """Back to the last durable point. False when not even that can be read: then the house has stopped."""
        try:
            self.log.rollback()
            if self.recover() > STEPS_WORTH_A_SNAPSHOT:
                self.keep_snapshot()  # more may fail, and the way back should be short
        except StorageBroken as error:
            self._break(error, [])
        return self.broken is None

    def _refuse(self, deliveries: list[Delivery], commands: list[Command], error: StorageFull) -> None:
        """Nothing can be stored: every sender keeps its message, screens keep what they have and say its age."""
        now = self.clock.now()
        if self.full_since is None:
            self.full_since = now
            log.critical("storage_full")
        if not self._undo():
            return
        fate = Fate("refused", 0, now, Problem("storage-full", "nothing can be stored at the moment; keep the message and send it again"))
        for delivery in deliveries:
            self._tell(lambda given: given.reply(self.reader.outline(given.raw, lambda stated_at: now), fate), delivery)
        for command in commands:
            if not command.done.done():
                command.done.set_exception(error)

    def _break(self, error: Exception, commands: list[Command]) -> None:
        """The disk refused a durable write. Retrying could lie about it: stop, and recover from the last durable point."""
        self.broken = error
        log.critical("storage_broken", error=str(error))
        for command in (*commands, *self._commands):
            if not command.done.done():
                command.done.set_exception(error)
        self._commands.clear()
        if self.on_broken is not None:
            self.on_broken(error)

    def _committed(self, turn: Turn) -> None:
        """After the commit, in this order: answer senders, answer commands, tell screens."""
        self.full_since = None
        for delivery, received, fate in turn.replies:
            self._tell(delivery.reply, received, fate)
        for command, events in turn.obeyed:
            if not command.done.done():
                command.done.set_result(events)
        self._count(turn)
        self._since_snapshot += turn.steps
        if turn.events:
            change = Change(frozenset(turn.persons), tuple(turn.events), self.house.now)
            for listener in list(self._listeners):
                self._tell(listener, change)
        if self._since_snapshot >= STEPS_PER_SNAPSHOT:
            self.keep_snapshot()

    @staticmethod
    def _tell(listener: Callable[..., None], *news: object) -> None:
        """What is durable stays so, whoever fails to hear of it."""
        try:
            listener(*news)
        except Exception as error:  # the far side's fault: a connection or a screen that is gone
            log.error("telling_failed", error=type(error).__name__)

    def _count(self, turn: Turn) -> None:
        self.stats.turns += 1
        self.stats.steps += turn.steps
        self.stats.received += len(turn.replies)
        self.stats.duplicates += turn.duplicates
        self.stats.quarantined += turn.quarantined
        self._calm += len(turn.replies)
        if self.cautious and self._calm >= CALM_AFTER:
            self.cautious = False
            self.log.forget_attempts()

    def keep_snapshot(self) -> None:
        """Keep the folded state, so that the way back is short. Without room for it the way back is just longer."""
        self._since_snapshot = 0
        try:
            self.log.save(SNAPSHOT, self.house.dump(), self.house.seq)
            self.log.commit()
        except StorageFull:
            log.error("snapshot_not_kept")
            self.log.rollback()
        except StorageBroken as error:
            self._break(error, [])

    # --- time ---

    def hear(self, stated_at: datetime | None) -> datetime:
        """A message says when it was sent; returns the present. A feed clock refuses an absurd leap by raising `Refused`."""
        if stated_at is not None:
            self.clock.heard(stated_at)
        return max(self.clock.now(), self.house.now)

    def next_due(self, idle: Container[str] = ()) -> datetime | None:
        """When something must happen even if no message comes. `idle` names reactions that are not to be asked."""
        soonest = self.house.schedule.next_due()
        for reaction in self.house.reactions:
            moment = reaction.next_due() if reaction.name not in idle else None
            if moment is not None and (soonest is None or moment < soonest):
                soonest = moment
        return soonest

    def _set_timer(self) -> None:
        """Wake when the next thing is due. A feed clock only moves with messages, so there nothing can become due by itself."""
        if self._loop is None or self.clock.kind != "wall" or self.broken is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        due = self.next_due()
        if due is not None:
            # Look again at least once a minute: the wall clock may have been stepped.
            wait = min(max((due - self.clock.now()).total_seconds(), 0.0), 60.0)
            self._timer = self._loop.call_later(wait, self._wake)
