"""A whole Wardline in a folder: the real engine on the real log, driven one turn at a time."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from support.clocks import ManualClock
from support.messages import Patient
from support.overhearing import overhear, stop
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.capabilities.deterioration.news2 import news2
from wardline.core.capability import ATTRIBUTE, Capability
from wardline.core.events import Event, Found, Identifier, Value
from wardline.core.ports import Clock, Reader
from wardline.core.reactions import Reaction
from wardline.core.timeline import Timeline
from wardline.engine.loop import Engine
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import LocalCode, Source, Sources

NEWS2: Capability = getattr(news2, ATTRIBUTE)
MONITOR = Source("MONITOR", ZoneInfo("UTC"), application="MONITOR", codes={"O2": LocalCode("supplemental_oxygen")}, confirmed=True)
"""The feed of vital signs: its own code for "air or oxygen" has been mapped."""


class Kit(NamedTuple):
    """What a hospital is made of; every part can be replaced by another real one."""

    log: Callable[[Path, SqliteSeal], SqliteLog] = SqliteLog
    seal: Callable[[Path, bytes], SqliteSeal] = SqliteSeal
    reader: Callable[[Sources, Callable[[Identifier], str]], Reader] = Hl7v2Reader
    capabilities: tuple[Capability, ...] = (NEWS2,)
    reactions: Callable[[], Sequence[Reaction]] = tuple
    sources: tuple[Source, ...] = (MONITOR,)
    zone: str = "UTC"
    site: dict[str, Any] = {}  # noqa: RUF012 - tables the site has signed; never changed


PLAIN = Kit()


class Hospital:
    """Open folder, log and engine. `send` is one message and one turn; `answers` are what its sender got."""

    def __init__(self, path: Path, clock: Clock | None = None, kit: Kit = PLAIN, *, clock_kind: str = "wall") -> None:
        self.path = path
        self.kit = kit
        self.said = overhear()
        """Every line that was logged since it opened."""
        self.clock: Any = clock if clock is not None else ManualClock()
        self.folder = DataFolder(path, clock=clock_kind)  # type: ignore[arg-type]
        self.seal = kit.seal(path / "keys.db", self.folder.master_key)
        self.log = kit.log(path / "log", self.seal)
        self.reader = kit.reader(Sources(kit.zone, kit.sources), self.folder.key_of)
        self.engine = self._engine()
        self.recovered = self.engine.recover()
        self.is_open = True
        self.acknowledged: list[tuple[bytes, bytes]] = []
        """(message, acknowledgement) of everything a sender was answered."""

    def _engine(self) -> Engine:
        return Engine(
            event_log=self.log, clock=self.clock, reader=self.reader, capabilities=self.kit.capabilities, reactions=self.kit.reactions(),
            site=self.kit.site,
        )  # fmt: skip

    # --- acting ---

    def hand_in(self, raw: bytes) -> None:
        """Queue a message; it is worked on in the next turn."""
        self.engine.receive(raw, lambda answers: self.acknowledged.extend((raw, answer) for answer in answers))

    def turn(self) -> None:
        self.engine._turn()

    def send(self, *messages: bytes) -> list[bytes]:
        """Each message in a turn of its own; returns the acknowledgements in order."""
        before = len(self.acknowledged)
        for message in messages:
            self.hand_in(message)
            self.turn()
        return [answer for _, answer in self.acknowledged[before:]]

    def send_together(self, *messages: bytes) -> list[bytes]:
        """All messages in one turn."""
        before = len(self.acknowledged)
        for message in messages:
            self.hand_in(message)
        self.turn()
        return [answer for _, answer in self.acknowledged[before:]]

    # --- looking ---

    def key(self, patient: Patient) -> str:
        return self.folder.key_of(Identifier(patient.number, patient.assigner))

    def timeline(self, patient: Patient) -> Timeline:
        return self.engine.house.timeline(self.key(patient))

    def answer(self, patient: Patient, capability: str = "news2", key: str = "") -> Found | None:
        event = self.timeline(patient).answer(capability, key)
        return event.value if event is not None else None  # type: ignore[return-value]

    def events(self, *kinds: type[Value]) -> list[Event]:
        """Every recorded event of these kinds, in the order of the log; all kinds for none."""
        recorded = [event for step in self.log.steps() for _, events in step.rows for event in events]
        return [event for event in sorted(recorded, key=lambda event: event.id) if not kinds or isinstance(event.value, kinds)]

    def digest(self) -> str:
        return self.engine.house.digest(self.engine.house.now)

    # --- ending ---

    def close(self) -> None:
        """An orderly end."""
        self.engine.stop()
        self.seal.close()
        self.folder.release()
        stop(self.said)
        self.is_open = False

    def abandon(self) -> None:
        """Let go of files and lock without finishing anything: what a killed process does."""
        if self.is_open:
            for file in (*self.log._closed, self.log._file):
                file.connection.close()
            self.seal.close()
            if self.log._head is not None:
                self.log._head.close()
            self.folder.release()
        stop(self.said)
        self.is_open = False

    def crashed_copy(self, to: Path, *, clock: Clock | None = None, kit: Kit | None = None) -> "Hospital":
        """The folder as it is on disk this instant, opened as after a crash. The old process is gone."""
        copy_of(self.path, to)
        self.abandon()
        return Hospital(to, clock or self.clock, kit or self.kit)


COPIES_TRIED = 5


def copy_of(folder: Path, to: Path) -> Path:
    """The folder's files as a crash leaves them: with the write-ahead log, without its shared-memory index.

    A file that goes while others are copied (a database that is closed takes its log along) makes it begin anew: no crash leaves half of that.
    """
    for _ in range(COPIES_TRIED - 1):
        try:
            return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*-shm", "lock")))
        except shutil.Error:
            shutil.rmtree(to)
    return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*-shm", "lock")))


def texts(messages: Iterable[bytes]) -> list[str]:
    """MSA-1 of each acknowledgement."""
    return [message.decode().split("\rMSA|", 1)[1].split("|", 1)[0].split("\r", 1)[0] for message in messages]
