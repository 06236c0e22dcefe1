"""A whole hospital's bad day from one seed: clock, disk, network, restarts and the order of messages over the real engine.

    cd tests && python -m support.simulation --seeds 1000         many days, and what went wrong in them
    cd tests && python -m support.simulation --seed 17            one day again, step by step the same

The hospital is the simulated one; every feed keeps its messages until they are acknowledged. Nothing here reads a clock or rolls
dice of its own: two runs of one seed give the same digest. At the end everything heals, and then the oracle looks, and the house
must know what it would know had nothing gone wrong.
"""

import hashlib
import sys
from argparse import ArgumentParser
from collections import Counter, deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple, NoReturn

import pytest
import structlog
import yaml

from support import oracle
from support.clocks import MORNING, ManualClock
from support.faults import BadDisk, Crash, Failpoints, FastLog, FastSeal, SmallDisk
from support.hospital import Hospital, Kit, copy_of
from support.state import State, state_of
from wardline.adapters.embedded.folder import SECRETS
from wardline.adapters.embedded.folder_secrets import Secrets
from wardline.app.discovery import discover
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.engine.loop import Command
from wardline.formats.hl7v2.framing import Deframer, frame
from wardline.intake.hl7v2.sources import source_from
from wardline.simulator.agreements import AGREEMENTS
from wardline.simulator.hospital import Hospital as Simulated
from wardline.simulator.settings import Deteriorations, Faults, Settings

MEMORY = Path("/dev/shm")
MINUTE = timedelta(minutes=1)
BEDS = 10
BUSY = Settings(
    deteriorations=Deteriorations(60, 40, 40, 60),
    faults=Faults(duplicate=0.02, malformed=0.01, overtaken=0.4, corrected=0.2, deleted=0.05, wrong_patient=0.05, duplicate_record=0.5),
)
"""A small hospital in which much happens."""
LENGTH = timedelta(minutes=100)
LONGEST = timedelta(hours=5)
"""By then everything that was sent must have been taken."""
END = MORNING + timedelta(hours=15, minutes=30)
"""Everything measured has lapsed; and it is not yet midnight, when a birthday makes somebody older without any message saying so."""
RETRY = MINUTE
"""How long a feed waits before it sends again what was refused or not answered."""
FULL_PAGES = 3
LOOKS = 0.03
"""How often the oracle looks in the middle of the day, for each minute."""


class SimulatedDisk(SmallDisk, BadDisk, FastLog):
    """Can be full, and can fail a durable write; does not wait for the real one."""


class Weather(NamedTuple):
    """How likely what goes wrong is: in a turn, in a minute, with a message."""

    crash: float = 0.015
    broken_disk: float = 0.01
    full_disk: float = 0.02
    restart: float = 0.02
    clock_step: float = 0.0
    cut: float = 0.02
    lost_answer: float = 0.02
    twice: float = 0.02
    overtaken: float = 0.05


CALM = Weather(*[0.0] * 9)


@dataclass
class Feed:
    """One interface of the hospital: sends in order, one at a time, and keeps each message until it is acknowledged."""

    name: str
    waiting: deque[bytes] = field(default_factory=deque)
    wire: Deframer = field(default_factory=Deframer)
    quiet_until: datetime = MORNING

    def reconnect(self) -> None:
        self.wire = Deframer()


class Day:
    """One run. `story` says what went wrong, `digest` is the same for the same seed."""

    def __init__(self, seed: int, path: Path, weather: Weather | None = None) -> None:
        self.seed = seed
        self.dice = Random(f"weather {seed}")
        self.weather = weather if weather is not None else Weather(clock_step=0.05) if seed % 2 else Weather()
        self.clock_is_stepped = self.weather.clock_step > 0
        self.path = path
        self.true_time = MORNING
        self.clock = ManualClock(MORNING)
        self.story: Counter[str] = Counter()
        self.acknowledged: list[tuple[bytes, bytes]] = []
        self.full_until: datetime | None = None
        self.lives = 0
        self.feeds: dict[str, Feed] = {}
        self.messages = deque(Simulated(seed, live_at=MORNING, beds=BEDS, settings=BUSY).messages(MORNING, MORNING + LENGTH))
        self.kit = _kit()
        _secrets(path / "0", seed)
        self.house = self._open(path / "0")

    # --- the day ---

    def run(self) -> "Day":
        """To the end, with the oracle looking now and then. What fails says how to see it again."""
        try:
            while self.messages or any(feed.waiting for feed in self.feeds.values()):
                self._minute()
                assert self.true_time < MORNING + LONGEST, f"messages are never taken: {self._left()}"
            self._heal()
        except AssertionError as error:
            raise AssertionError(
                f"python -m support.simulation --seed {self.seed}: at {self.true_time:%H:%M}, {dict(self.story)}: {error}"
            ) from error
        return self

    def _minute(self) -> None:
        self.true_time += MINUTE
        self.clock.at += MINUTE
        self._misfortunes()
        while self.messages and self.messages[0].send_at <= self.true_time:
            sent = self.messages.popleft()
            self.feeds.setdefault(sent.feed, Feed(sent.feed)).waiting.append(sent.raw)
        for feed in self.feeds.values():
            self._send(feed)
        self._acknowledge_something()
        self._turn()
        if self._happens(LOOKS):
            oracle.check(self.house)

    def _misfortunes(self) -> None:
        """What may happen to the whole house in this minute."""
        if self.full_until is not None and self.true_time >= self.full_until:
            self._make_room()
        if self._happens(self.weather.clock_step):
            self.clock.step(timedelta(seconds=self.dice.choice((-3600, -600, -1, 1, 600))))
            self.story["clock stepped"] += 1
        if self._happens(self.weather.restart):
            self.story["restarted in order"] += 1
            self.house.close()
            self.house = self._open(self.house.path)
        if self._happens(self.weather.full_disk) and self.full_until is None:
            self.story["disk full"] += 1
            self.house.log.leave(FULL_PAGES)  # type: ignore[attr-defined]
            self.full_until = self.true_time + self.dice.randint(1, 12) * MINUTE
        if self._happens(self.weather.broken_disk):
            self.house.log.fails = True  # type: ignore[attr-defined]

    def _send(self, feed: Feed) -> None:
        """Everything this feed has to say, until something goes wrong with it."""
        if self.true_time < feed.quiet_until:
            return
        while feed.waiting:
            if len(feed.waiting) > 1 and self._happens(self.weather.overtaken):
                self.story["overtaken"] += 1
                feed.waiting[0], feed.waiting[1] = feed.waiting[1], feed.waiting[0]
            if not self._say(feed, feed.waiting[0]):
                feed.quiet_until = self.true_time + RETRY
                return
            feed.waiting.popleft()

    def _say(self, feed: Feed, message: bytes) -> bool:
        """Put one message on the wire; True when its sender got an answer and need not keep it."""
        bytes_ = frame(message)
        if self._happens(self.weather.cut):
            self.story["cut"] += 1
            self._pieces(feed, bytes_[: self.dice.randrange(len(bytes_))])
            feed.reconnect()
            return False
        before = len(self.acknowledged)
        for _ in range(2 if self._happens(self.weather.twice) else 1):
            self._pieces(feed, bytes_)
        self._turn()
        answers = [answer for said, answer in self.acknowledged[before:] if said == message]
        if not answers or self._happens(self.weather.lost_answer):
            self.story["not answered"] += 1
            feed.reconnect()
            return False
        return oracle.REFUSED not in answers[0]

    def _pieces(self, feed: Feed, bytes_: bytes) -> None:
        """As the network cuts them up."""
        place = 0
        while place < len(bytes_):
            size = self.dice.randint(1, 400)
            for message in feed.wire.feed(bytes_[place : place + size]):
                self.house.hand_in(message)
            place += size

    def _acknowledge_something(self) -> None:
        """Somebody takes on an alert now and then."""
        policy: AlertPolicy = self.house.engine.house.reactions[1]  # type: ignore[assignment]
        waiting = [episode.alert for episode in policy.open_alerts() if episode.is_waiting]
        if waiting and self._happens(0.3):
            alert = self.dice.choice(waiting)
            command = Command(lambda house, now: policy.acts.acknowledge(alert, by="Brandt", now=now), "Brandt", _Answered())  # type: ignore[arg-type]
            self.house.engine._commands.append(command)

    # --- turns, crashes, the end ---

    def _turn(self) -> None:
        if not self._happens(self.weather.crash):
            self._work()
        else:
            self._work_until(self.dice.randint(1, 40))
        if self.house.engine.broken is not None:
            self.story["durable write failed"] += 1
            self._recover()

    def _work(self) -> None:
        while True:
            self.house.turn()
            if not (self.house.engine._deliveries or self.house.engine._commands):
                return

    def _work_until(self, failpoint: int) -> None:
        """The process dies at a numbered place of this turn, if it has so many."""
        with pytest.MonkeyPatch.context() as patch:
            Failpoints(failpoint).watch_writing(patch)
            try:
                self._work()
                return
            except Crash as crash:
                self.story[f"crash {crash}"] += 1
        self._recover()

    def _recover(self) -> None:
        """The folder as the disk has it, opened by a new process; every connection is gone."""
        self.lives += 1
        to = copy_of(self.house.path, self.path / str(self.lives))
        self.house.abandon()
        if self.dice.random() < 0.5:
            self.story["torn end"] += 1
            _tear(to / "log", self.dice)
        self.house = self._open(to)
        self.full_until = None
        for feed in self.feeds.values():
            feed.reconnect()
        oracle.check(self.house)

    def _open(self, path: Path) -> Hospital:
        house = Hospital(path, self.clock, self.kit)
        house.acknowledged = self.acknowledged
        return house

    def _make_room(self) -> None:
        self.full_until = None
        self.house.log.make_room()  # type: ignore[attr-defined]

    def _heal(self) -> None:
        """Nothing goes wrong any more: the clock is right, there is room, and what is due comes due."""
        self.weather = CALM
        self._make_room()
        self.house.log.fails = False  # type: ignore[attr-defined]
        while self.clock.at < END:
            self.clock.at = min(self.clock.at + 15 * MINUTE, END)
            self._turn()
        oracle.check(self.house)

    def close(self) -> None:
        self.house.abandon()

    # --- what came of it ---

    @property
    def digest(self) -> str:
        whole = hashlib.sha256(self.house.digest().encode())
        for message, answer in self.acknowledged:
            whole.update(message + answer)
        whole.update(repr(sorted(self.story.items())).encode())
        return whole.hexdigest()

    @property
    def state(self) -> State:
        return state_of(self.house)

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.dice.random() < chance

    def _left(self) -> dict[str, int]:
        return {feed.name: len(feed.waiting) for feed in self.feeds.values()}


class _Answered:
    """Where a person's act would be answered; nobody waits."""

    def done(self) -> bool:
        return True


def _kit() -> Kit:
    sources = tuple(source_from(yaml.safe_load(text), name, "UTC") for name, text in AGREEMENTS.items())
    capabilities = tuple(discover().capabilities)
    return Kit(log=SimulatedDisk, seal=FastSeal, capabilities=capabilities, reactions=lambda: (AlertPolicy(key=b"alerts"),), sources=sources)


def _secrets(path: Path, seed: int) -> None:
    """The same secrets for the same seed: records are known by keyed hashes."""
    secrets = Secrets(path / "secrets")
    for name in SECRETS:
        secrets._keep(name, 1, Random(f"{name} {seed}").randbytes(32))


def _tear(log: Path, dice: Random) -> None:
    """Bytes after the last commit, as a write that was cut off by a power cut leaves them."""
    for wal in log.glob("0*.db-wal"):
        content = wal.read_bytes()
        if content:
            begin = dice.randrange(len(content))
            wal.write_bytes(content + content[begin : begin + dice.randint(1, 3000)])


# From the command line -----------------------------------------------------------------------------------------------------------


def one_day(seed: int) -> tuple[int, str, Counter[str], int, str]:
    """(seed, digest, what went wrong, messages acknowledged, what failed)"""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        day = Day(seed, Path(folder))
        try:
            day.run()
            return seed, day.digest, day.story, len(day.acknowledged), ""
        except AssertionError as error:
            return seed, "", day.story, len(day.acknowledged), str(error)
        finally:
            day.close()


def main() -> None:
    arguments = ArgumentParser(prog="python -m support.simulation", description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--seeds", type=int, default=20, help="how many days")
    arguments.add_argument("--first", type=int, default=1, help="the first seed")
    arguments.add_argument("--seed", type=int, help="only this one")
    arguments.add_argument("--processes", type=int, default=1)
    chosen = arguments.parse_args()
    structlog.configure(processors=[_drop])
    seeds = [chosen.seed] if chosen.seed is not None else range(chosen.first, chosen.first + chosen.seeds)
    total, messages, failures = Counter[str](), 0, 0
    with ProcessPoolExecutor(chosen.processes) as pool:
        for seed, digest, story, acknowledged, failure in pool.map(one_day, seeds):
            total += story
            messages += acknowledged
            failures += bool(failure)
            if failure or chosen.seed is not None:
                print(failure or f"seed {seed}: {digest}\n{dict(story)}")
    print(f"{len(seeds)} days, {messages} messages acknowledged, {failures} failed; {dict(total)}")
    sys.exit(failures > 0)


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent


if __name__ == "__main__":
    main()
