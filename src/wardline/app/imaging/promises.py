"""What was promised to scanners, kept on disk until it is done: reports of storage commitment, and procedure steps under way.

One small file each under images/promises/; they hold UIDs, times and addresses, and nothing that names a patient.
"""

import asyncio
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import msgspec
import structlog

from wardline.core.errors import Fault, StorageFull
from wardline.core.images import Images
from wardline.core.ports import Workers

log = structlog.get_logger()

NOTIFY: Final = "wardline.app.imaging.promises:notify"
WAITS: Final = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds between tries; the last is repeated."""
GIVEN_UP: Final = timedelta(days=3)
FORGOTTEN: Final = timedelta(days=30)
"""A procedure step nobody has ended by then never will be."""
DUPLICATE, UNKNOWN, ENDED, NOT_WRITABLE = 0x0111, 0x0112, 0x0110, 0xA710
"""Statuses of N-CREATE and N-SET (PS3.7 C.4, C.5), and the Error ID of a step that may not be changed any more (PS3.4 F.7.2.2)."""
STATES: Final = ("IN PROGRESS", "DISCONTINUED", "COMPLETED")


class Owed(msgspec.Struct, frozen=True):
    """A report of commitment that has not been taken yet."""

    peer: str
    host: str
    port: int
    title: str
    report: list[Any]
    asked_at: datetime
    encryption: tuple[str, str, str, str] | None = None
    """How the peer is called, as `Encryption` says it; None in clear."""


class Step(msgspec.Struct, frozen=True):
    """A procedure step as it stands."""

    uid: str
    peer: str
    state: str
    study: str
    instances: int
    begun_at: datetime
    is_met: bool = False
    """Whether its study has been told how many images there will be."""


class Folder:
    """Small things by name, each written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, content: msgspec.Struct) -> None:
        """Durable when it returns. Raises `StorageFull`."""
        file = self._file(name)
        draft = file.with_suffix(".new")
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with draft.open("wb") as opened:
                opened.write(msgspec.json.encode(content))
                opened.flush()
                os.fsync(opened.fileno())
            draft.replace(file)
            _sync(self._path)
        except OSError as error:
            raise StorageFull(f"a promise could not be kept on disk: {error.strerror}") from None

    def get(self, name: str, kind: type[Any]) -> Any:
        """None where there is none, or one that cannot be read any more."""
        try:
            return msgspec.json.decode(self._file(name).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None

    def remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        return sorted(each.stem for each in self._path.glob("*.json"))

    def _file(self, name: str) -> Path:
        return self._path / f"{name}.json"


def name_of(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class Commitments:
    """Reports that are owed, told one after the other by a worker until each is taken."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._owed = Folder(folder / "commitments")
        self._workers = workers
        self._tries: dict[str, tuple[int, float]] = {}
        self._news = asyncio.Event()

    async def add(self, owed: Owed) -> None:
        """Durable when it returns. Asked twice with the same transaction it is told once more."""
        await asyncio.to_thread(self._owed.put, name_of(owed.peer, str(owed.report[0])), owed)
        self._news.set()

    async def tell_some(self) -> None:
        """Every report whose turn it is; then wait a moment, or for the next."""
        for name in await asyncio.to_thread(self._due):
            await self._tell(name)
        with suppress(TimeoutError):
            async with asyncio.timeout(WAITS[0]):
                await self._news.wait()
        self._news.clear()

    def _due(self) -> list[str]:
        return [name for name in self._owed.names() if self._tries.get(name, (0, 0.0))[1] <= monotonic()]

    async def _tell(self, name: str) -> None:
        owed: Owed | None = await asyncio.to_thread(self._owed.get, name, Owed)
        if owed is None:
            log.error("commitment_lost", promise=name)
            self._owed.remove(name)
            return
        try:
            await self._workers.run(NOTIFY, owed.host, owed.port, owed.peer, owed.title, owed.report, owed.encryption, seconds=120)
        except Fault as fault:
            tries = self._tries.get(name, (0, 0.0))[0]
            self._tries[name] = tries + 1, monotonic() + WAITS[min(tries, len(WAITS) - 1)]
            log.warning("commitment_not_told", peer=owed.peer, tries=tries + 1, reason=str(fault))
            if datetime.now(UTC) - owed.asked_at <= GIVEN_UP:
                return
            log.error("commitment_given_up", peer=owed.peer)
        self._tries.pop(name, None)
        await asyncio.to_thread(self._owed.remove, name)


def notify(host: str, port: int, peer: str, title: str, report: list[Any], encryption: Sequence[str] | None) -> None:
    """In a worker: DICOM's libraries are not loaded in the clinical process."""
    from wardline.intake.dicom.encryption import Encryption
    from wardline.intake.dicom.services.calling import Address  # here alone: they take long to load
    from wardline.intake.dicom.services.committing import Report
    from wardline.intake.dicom.services.committing import notify as tell

    transaction, safe, failed = report
    said = Report(transaction, tuple((kind, uid) for kind, uid in safe), tuple((kind, uid, reason) for kind, uid, reason in failed))
    tell(Address(host, port, peer, title, Encryption(*encryption) if encryption is not None else None), said)


class Steps:
    """Procedure steps that scanners have begun."""

    def __init__(self, folder: Path, images: Images) -> None:
        self._steps = Folder(folder / "steps")
        self._images = images

    def begin(self, step: Step) -> dict[str, Any]:
        """The status of an N-CREATE."""
        name = name_of(step.uid)
        if self._steps.get(name, Step) is not None:
            return {"status": DUPLICATE, "uid": step.uid}
        for old in self._old():
            self._steps.remove(old)
        self._steps.put(name, step)
        return {"status": 0, "uid": step.uid}

    def change(self, uid: str, state: str, instances: int) -> dict[str, Any]:
        """The status of an N-SET."""
        known: Step | None = self._steps.get(name_of(uid), Step)
        if known is None:
            return {"status": UNKNOWN, "uid": uid}
        if known.state != STATES[0]:
            return {"status": ENDED, "uid": uid, "error": NOT_WRITABLE}
        changed = msgspec.structs.replace(known, state=state or known.state, instances=max(instances, known.instances))
        self._steps.put(name_of(uid), changed)
        self.meet(changed)
        return {"status": 0, "uid": uid}

    def meet(self, step: Step) -> None:
        """Tell the study how many images it has, when all have been made and the first of them is here."""
        if step.state == STATES[2] and step.instances and not step.is_met and self._images.study(step.study) is not None:
            self._images.expect(step.study, step.instances)
            self._steps.put(name_of(step.uid), msgspec.structs.replace(step, is_met=True))

    def meet_all(self) -> None:
        for name in self._steps.names():
            if (step := self._steps.get(name, Step)) is not None:
                self.meet(step)

    def _old(self) -> Iterator[str]:
        for name in self._steps.names():
            step: Step | None = self._steps.get(name, Step)
            if step is None or datetime.now(UTC) - step.begun_at > FORGOTTEN:
                yield name


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
