"""The only loop: messages, commands and timers in; events, findings and alerts out; one durable transaction per turn.

Everything that arrived while the event loop was busy is one batch and one commit. Senders are acknowledged and screens are
told only after it. If the commit fails, nothing of the batch happened.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from wardline.core.assessment import Site
from wardline.core.capability import Capability
from wardline.core.errors import StorageBroken, StorageFull, WardlineError
from wardline.core.events import Event
from wardline.core.ports import Clock, EventLog, Outgoing, Reader
from wardline.core.reactions import Reaction
from wardline.core.statements import Fate, Problem, Statement
from wardline.engine.assessing import Assessments
from wardline.engine.house import SNAPSHOT, House
from wardline.engine.incidents import Viewers
from wardline.engine.turn import TRIES, Turn

log = structlog.get_logger()

BATCH: Final = 400
"""Messages in one turn at most: keeps a turn, and with it everybody's wait, short under a flood."""
INBOX: Final = 4_000
"""Messages waiting at most; above it doors stop reading and senders wait."""
STEPS_PER_SNAPSHOT: Final = 20_000
SHORTEST_WINDOW: Final = timedelta(days=7)


class Delivery(NamedTuple):
    """A message handed in. `repairs` is the quarantined message it replaces, `actor` who sent it in by hand."""

    raw: bytes
    reply: Callable[[list[bytes]], None]
    repairs: int = 0
    actor: str = ""


class Command(NamedTuple):
    """Something a person or a worker wants recorded; it decides on the state as it is inside the turn."""

    decide: Callable[[House, datetime], Iterable[Statement]]
    actor: str
    done: "asyncio.Future[list[Event]]"
    outgoing: tuple[Outgoing, ...] = ()


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
        self.house = House(event_log, tuple(reactions), max(window, SHORTEST_WINDOW))
        self.on_broken = on_broken
        self.broken: Exception | None = None
        self.full_since: datetime | None = None
        self.cautious = False
        """After a crash every message's attempts are counted durably first, so that one that kills the process is found."""
        self.stats = Stats()
        self._deliveries: deque[Delivery] = deque()
        self._commands: deque[Command] = deque()
        self._listeners: list[Callable[[Change], None]] = []
        self._scheduled = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since_snapshot = 0

    # --- starting and stopping ---

    def recover(self) -> int:
        """Fold what the log holds: the last snapshot and every step after it. Returns the number of steps folded."""
        self.house.forget()
        self.house.directory.load((about, packed) for about, packed in self.log.kept() if packed)
        saved = self.log.saved(SNAPSHOT)
        if saved is not None:
            self.house.load(saved[0])
        count = self.house.replay(self.log.steps(self.house.seq))
        if count or saved is not None:
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
            self._snapshot()
        self._loop = None
        self.log.close()

    # --- handing in ---

    def receive(self, raw: bytes, reply: Callable[[list[bytes]], None]) -> None:
        self._deliveries.append(Delivery(raw, reply))
        self._wake()

    @property
    def is_full(self) -> bool:
        return len(self._deliveries) >= INBOX

    async def record(
        self, decide: Callable[[House, datetime], Iterable[Statement]], *, actor: str, outgoing: tuple[Outgoing, ...] = ()
    ) -> list[Event]:
        """Record what `decide` states about the present; returns the step's events once they are durable."""
        done: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        self._commands.append(Command(decide, actor, done, outgoing))
        self._wake()
        return await done

    async def repair(self, seq: int, raw: bytes, *, actor: str) -> list[bytes]:
        """Take in a repaired version of a quarantined message; returns the acknowledgement a sender would get."""
        done: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
        self._deliveries.append(Delivery(raw, done.set_result, seq, actor))
        self._wake()
        return await done

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
        if self.broken is not None:
            return
        deliveries = [self._deliveries.popleft() for _ in range(min(len(self._deliveries), BATCH))]
        commands, self._commands = list(self._commands), deque()
        self._work(deliveries, commands)
        if self._deliveries or self._commands:
            self._wake()
        self._set_timer()

    def _work(self, deliveries: list[Delivery], commands: list[Command]) -> None:
        """Try the whole batch. When something in it fails, undo everything and find out which delivery it was."""
        try:
            self._try(deliveries, commands)
        except StorageFull as error:
            self._refuse(deliveries, commands, error)
        except StorageBroken as error:
            self._break(error, commands)
        except Exception as error:  # the engine's own loop: a fault in one message must not stop the others
            log.error("turn_failed", error=type(error).__name__, messages=len(deliveries), commands=len(commands))
            self._undo()
            if len(deliveries) + len(commands) == 1:
                self._put_aside(deliveries, commands, error)
                return
            for delivery in deliveries:
                self._work([delivery], [])
            for command in commands:
                self._work([], [command])

    def _try(self, deliveries: list[Delivery], commands: list[Command], *, poison: bool = False) -> None:
        turn = Turn(self)
        for delivery in deliveries:
            turn.take(delivery, poison=poison)
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
                self._undo()
        return None

    def _undo(self) -> None:
        """Back to the last durable point."""
        self.log.rollback()
        self.recover()

    def _refuse(self, deliveries: list[Delivery], commands: list[Command], error: StorageFull) -> None:
        """Nothing can be stored: every sender keeps its message, screens keep what they have and say its age."""
        now = self.clock.now()
        if self.full_since is None:
            self.full_since = now
            log.critical("storage_full")
        self._undo()
        fate = Fate("refused", 0, now, Problem("storage-full", "nothing can be stored at the moment; keep the message and send it again"))
        for delivery in deliveries:
            delivery.reply(self.reader.read(delivery.raw, lambda stated_at: now).replies(fate))
        for command in commands:
            if not command.done.done():
                command.done.set_exception(error)

    def _break(self, error: Exception, commands: list[Command]) -> None:
        """The disk refused a durable write. Retrying could lie about it: stop, and recover from the last durable point."""
        self.broken = error
        log.critical("storage_broken", error=str(error))
        for command in commands:
            if not command.done.done():
                command.done.set_exception(error)
        if self.on_broken is not None:
            self.on_broken(error)

    def _committed(self, turn: Turn) -> None:
        """After the commit, in this order: answer senders, answer commands, tell screens."""
        self.full_since = None
        for reply, answers in turn.replies:
            reply(answers)
        for command, events in turn.obeyed:
            if not command.done.done():
                command.done.set_result(events)
        self.stats.turns += 1
        self.stats.steps += turn.steps
        self._since_snapshot += turn.steps
        if turn.events:
            change = Change(frozenset(turn.persons), tuple(turn.events), self.house.now)
            for listener in list(self._listeners):
                listener(change)
        if self._since_snapshot >= STEPS_PER_SNAPSHOT:
            self._snapshot()

    def _snapshot(self) -> None:
        self._since_snapshot = 0
        self.log.save(SNAPSHOT, self.house.dump(), self.house.seq)
        self.log.commit()

    # --- time ---

    def hear(self, stated_at: datetime | None) -> datetime:
        """A message says when it was sent; returns the present. A feed clock refuses an absurd leap by raising `Refused`."""
        if stated_at is not None:
            self.clock.heard(stated_at)
        return max(self.clock.now(), self.house.now)

    def next_due(self) -> datetime | None:
        moments = [self.house.schedule.next_due(), *(reaction.next_due() for reaction in self.house.reactions)]
        return min((moment for moment in moments if moment is not None), default=None)

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
