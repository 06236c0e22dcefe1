"""FT-5: a flipped bit at rest is noticed, or it changes nothing; it is never silently served.

Every run flips bits spread over all files; WARDLINE_FLIPS=all flips one in every byte.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from support.bell import TOPIC, Bell
from support.clocks import MORNING, ManualClock
from support.events import hours
from support.hospital import NEWS2, Hospital, Kit, copy_of
from support.messages import ADA, BEN, ILL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.adapters.embedded import schema
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Fault, StorageBroken, WardlineError
from wardline.core.events import GapAhead, Identifier
from wardline.engine.house import SNAPSHOT

KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
MEMORY = Path("/dev/shm")
CRASHED = ("log/0001.db", "log/0002.db", "log/0002.db-wal", "log/head", "keys.db-wal", "secrets/master", "secrets/index", "secrets/token", "clock")
CLOSED = ("log/0001.db", "log/0002.db", "log/head", "keys.db")
"""After an orderly end nothing is left in the write-ahead logs: everything is in the files themselves."""
FLIPS = 250
"""Bits flipped in each file in a normal run."""


class Served(NamedTuple):
    """Everything that can be read, each thing under its own name, and what was marked as damaged."""

    things: dict[str, Any]
    damaged: list[str]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two months: the first closed, the second open with its end in the write-ahead log, alerts, a quarantined and a settled message."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path_factory.mktemp("flips")) as place:
        patch.setattr(schema, "PRAGMAS", ("PRAGMA page_size = 512", *schema.PRAGMAS))
        ward = Hospital(Path(place) / "whole", ManualClock(MORNING), KIT)
        ward.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING), oru(ADA, Obx("2823-3", 7.1), at=MORNING, order="L1", control="77"))
        ward.engine.keep_snapshot()
        ward.clock.step(hours(24 * 40))
        now = ward.clock.now()
        ward.send(oru(BEN, Obx("2823-3", 4.1), at=now, control="77"), oru(BEN, Obx("2823-3", 4.2), at=now, control="78"))
        ward.send(oru(BEN, Obx("2823-3", 4.3), at=now, control="78"), vitals(ADA, ILL, at=now))
        ((seq, _, _),) = ward.log.quarantined()
        ward.log.settle(seq, "dismissed", by="eve", at=now, note="a test")
        ward.log.commit()
        copy_of(ward.path, Path(place) / "crashed")
        ward.close()
        copy_of(ward.path, Path(place) / "closed")
        yield Path(place)


def served(folder: Path) -> Served:
    """Open the folder and read all of it. Raises one of our own errors when it refuses to start."""
    data = DataFolder(folder)
    try:
        seal = SqliteSeal(folder / "keys.db", data.master_key)
        try:
            return _read(SqliteLog(folder / "log", seal), data)
        finally:
            seal.close()
    finally:
        data.release()


def _read(log: SqliteLog, data: DataFolder) -> Served:
    try:
        things: dict[str, Any] = {"clock": data.clock, "key": data.key_of(Identifier("1001", "HOSP")), "token": data.token_key}
        for seq, at, record in log.messages(limit=10_000):
            things[f"message {seq}"] = (at, record)
            things[f"bytes {seq}"] = _or_none(lambda seq=seq: log.raw(seq))
            things[f"settlement {seq}"] = log.settlement(seq)
        for step in log.steps():
            for record, events in step.rows:
                things |= {f"event {event.id}": event for event in events}
                things[f"rows of {record}"] = [event.id for event in log.events_of([record], since=MORNING + hours(24 * 20))]
        things |= {f"directory {about}": entry for about, entry in log.kept()}
        things |= {f"outgoing {item.key}": item for _, item in log.waiting(TOPIC)}
        things["snapshot"] = log.saved(SNAPSHOT)
        things |= {f"meta {name}": log.meta(name) for name in ("month", "first_seq", "first_row")}
        for sender in ("LAB|HOSP", "MONITOR|HOSP"):
            things |= {f"known {sender} {each.seq}": each for control in ("77", "78") for each in log.find(sender, control, MORNING)}
        return Served(things, list(log.damaged))
    finally:
        for file in (*log._closed, log._file):
            file.connection.close()
        if log._head is not None:
            log._head.close()


def _or_none(read: Any) -> bytes | None:
    try:
        return bytes(read())
    except StorageBroken:
        raise
    except Fault:
        return None


def is_marked(thing: Any) -> bool:
    """Whether this stands in place of something damaged."""
    if thing in (None, ""):
        return True
    if isinstance(getattr(thing, "value", None), GapAhead):
        return thing.value.reason.startswith("stored data does not open")
    return isinstance(thing, tuple) and len(thing) == 2 and getattr(getattr(thing[1], "fate", None), "state", "") == "quarantined"


def verdict(folder: Path, whole: Served) -> str:
    """What became of the flip: "refused", "marked" or "harmless"; anything else is an assertion."""
    try:
        now = served(folder)
    except WardlineError:
        return "refused"
    if now == whole or now == Served(whole.things | {"snapshot": None}, []):
        return "harmless"  # a snapshot that is not found is made again from the log
    assert now.damaged, f"changed, and nothing is marked: {_differences(whole.things, now.things)}"
    for name, thing in now.things.items():
        if not name.startswith("rows of "):
            assert thing == whole.things.get(name) or is_marked(thing), name
    return "marked"


def _differences(whole: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [f"{name}: {whole.get(name)!r} -> {now.get(name)!r}" for name in {*whole, *now} if whole.get(name) != now.get(name)]


@pytest.mark.parametrize(("end", "file"), [*(("crashed", file) for file in CRASHED), *(("closed", file) for file in CLOSED)])
def test_ft5_a_flipped_bit_is_noticed_or_changes_nothing(folders: Path, tmp_path: Path, end: str, file: str) -> None:
    folder = folders / end
    whole = served(copy_of(folder, tmp_path / "whole"))
    assert whole.damaged == []
    content = (folder / file).read_bytes()
    step = 1 if os.environ.get("WARDLINE_FLIPS") == "all" else max(1, len(content) // FLIPS)
    verdicts: dict[str, int] = {}
    for place in range(len(content) % step, len(content), step):
        with TemporaryDirectory(dir=folder.parent) as copy:
            outcome = verdict(_flipped(copy_of(folder, Path(copy) / "flipped"), file, place), whole)
        verdicts[outcome] = verdicts.get(outcome, 0) + 1
    print(f"\n{end} {file}: {sum(verdicts.values())} bits flipped, {verdicts}")
    assert verdicts.get("refused", 0) + verdicts.get("marked", 0) > 0


def _flipped(folder: Path, file: str, place: int) -> Path:
    """The folder with one bit of one byte changed."""
    path = folder / file
    mode, content = path.stat().st_mode, bytearray(path.read_bytes())
    content[place] ^= 1 << (place % 8)
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(mode)
    return folder


@pytest.mark.parametrize("file", ["secrets/master", "secrets/index", "clock", "keys.db"])
def test_ft5_a_file_that_is_gone_stops_the_start(folders: Path, tmp_path: Path, file: str) -> None:
    copy = copy_of(folders / "crashed", tmp_path / "copy")
    for path in (copy / file, copy / f"{file}-wal"):
        path.unlink(missing_ok=True)
    with pytest.raises(WardlineError):
        served(copy)


def test_ft5_another_folder_s_keys_do_not_open_this_one(folders: Path, tmp_path: Path) -> None:
    copy = copy_of(folders / "crashed", tmp_path / "copy")
    Hospital(tmp_path / "other", ManualClock(), KIT).close()
    (copy / "secrets" / "master").write_bytes((tmp_path / "other" / "secrets" / "master").read_bytes())
    with pytest.raises(Fault, match="master key"):
        served(copy)
