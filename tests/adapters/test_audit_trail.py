"""The audit trail in its file: off the loop, whole after whatever happens, taken over from earlier versions, and on a disk that is full."""

import asyncio
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.audit.reserve import Reserve
from wardline.adapters.embedded.audit.schema import has_heads
from wardline.core.errors import Fault
from wardline.core.people import Person
from wardline.core.trail import ASKED, REFUSED, Asked
from wardline.formats.audit.heads import Signer, is_signed
from wardline.security.audit.verifying import Verdict, verify

SIGNER = Signer(bytes(range(32)))
VERSION_1 = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX entries_about ON entries (about, id);
CREATE INDEX entries_who ON entries (who, id);
"""
"""As files were before the chain."""
MEGABYTE = 1024 * 1024
LONG = "x" * 20_000


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[SqliteAudit]:
    with closing(SqliteAudit(tmp_path / "audit.db", SIGNER, reserve=0)) as opened:
        yield opened


def looks(audit: SqliteAudit, count: int, **detail: str) -> None:
    async def together() -> None:
        await asyncio.gather(*(audit.record("eve", "patient opened", f"patient{number}", **detail) for number in range(count)))

    asyncio.run(together())


def verdict(audit: SqliteAudit) -> Verdict:
    return verify(audit.path, SIGNER.public, processes=1)


# --- writing ----------------------------------------------------------------------------------------------------------------


def test_a_look_that_waits_for_the_disk_keeps_nobody_else_waiting(audit: SqliteAudit, tmp_path: Path) -> None:
    """The clinical loop goes on: here another program holds the file for a quarter of a second."""
    other = sqlite3.connect(tmp_path / "audit.db", isolation_level=None)

    async def look() -> float:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(audit.record("eve", "patient opened", "ada"))
        longest, until = 0.0, time.perf_counter() + 0.25
        while time.perf_counter() < until:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)
        assert not waiting.done()
        other.execute("ROLLBACK")
        await waiting
        return longest

    assert asyncio.run(look()) < 0.2
    other.close()
    assert [entry["about"] for entry in audit.entries()] == ["ada"]


def test_everything_asked_for_while_the_disk_is_busy_is_one_transaction(audit: SqliteAudit) -> None:
    looks(audit, 500)

    assert [entry["about"] for entry in reversed(audit.entries(limit=500))] == [f"patient{number}" for number in range(500)]
    assert verdict(audit).is_whole


def test_what_was_asked_for_is_there_when_the_house_has_closed(tmp_path: Path) -> None:
    audit = SqliteAudit(tmp_path / "audit.db", SIGNER, reserve=0)

    async def leave() -> None:
        waiting = [asyncio.create_task(audit.record("eve", "patient opened", "ada")) for _ in range(20)]
        await asyncio.sleep(0)
        audit.close()
        await asyncio.gather(*waiting)

    asyncio.run(leave())

    with closing(SqliteAudit(tmp_path / "audit.db", SIGNER, reserve=0)) as again:
        assert len(again.entries()) == 20
        assert [head.size for head in again.heads()] == [20]


def test_two_processes_write_one_chain(audit: SqliteAudit, tmp_path: Path) -> None:
    """`wardline users` works on the folder of a house that runs."""
    with closing(SqliteAudit(tmp_path / "audit.db")) as beside:
        for _ in range(3):
            looks(audit, 2)
            looks(beside, 1)
    audit.sign()

    found = verdict(audit)
    assert (found.is_whole, found.records, found.signed) == (True, 9, 9)


def test_heads_go_on_where_the_last_start_ended(tmp_path: Path) -> None:
    for _ in range(4):
        with closing(SqliteAudit(tmp_path / "audit.db", SIGNER, reserve=0)) as audit:
            looks(audit, 3)
            assert audit.sign() is not None
            assert audit.sign() is None, "nothing has come since"

    with closing(SqliteAudit(tmp_path / "audit.db", SIGNER, reserve=0)) as audit:
        assert [head.size for head in audit.heads()] == [3, 6, 9, 12]
        assert all(is_signed(head, SIGNER.public) for head in audit.heads())
        assert verdict(audit).is_whole


def test_a_trail_somebody_cut_into_goes_on_and_the_verifier_says_where(audit: SqliteAudit) -> None:
    looks(audit, 5)
    audit._connection.execute("DELETE FROM entries WHERE id = 3")
    with closing(SqliteAudit(audit.path)) as beside:
        looks(beside, 2)
    audit.sign()

    problem = verdict(audit).problem
    assert problem is not None
    assert problem.first == 3


def test_a_file_of_before_the_chain_is_taken_over_and_chained(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    old = sqlite3.connect(path)
    old.executescript(VERSION_1)
    rows = [(number, f"person{number}", "patient opened", "ada", '{"detail": "7A"}') for number in range(12_345)]
    old.executemany("INSERT INTO entries (at, who, action, about, detail) VALUES (?, ?, ?, ?, ?)", rows)
    old.commit()
    old.close()
    assert not has_heads(path)

    with closing(SqliteAudit(path, SIGNER, reserve=0)) as audit:
        looks(audit, 1)
        audit.sign()
        newest, before = audit.entries(limit=2)
        assert (newest["about"], before["who"], before["outcome"], before["detail"]) == ("patient0", "person12344", "success", {"detail": "7A"})
        assert verdict(audit)._replace(heads=0) == Verdict(12_346, 0, 12_346, None, None)
        audit._connection.execute("UPDATE entries SET who = 'eve' WHERE id = 77")
        problem = verdict(audit).problem
        assert problem is not None
        assert problem.first == 77
    assert has_heads(path)


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with closing(SqliteAudit(tmp_path / "audit.db")) as audit:
        audit._connection.execute("PRAGMA user_version = 9")

    with pytest.raises(Fault, match="newer Wardline"):
        SqliteAudit(tmp_path / "audit.db")


# --- what is written --------------------------------------------------------------------------------------------------------


def test_an_entry_says_who_through_which_door_and_what_else_was_shown(audit: SqliteAudit) -> None:
    eve = Person("eve", "Eve", frozenset({"nurse", "manager"}), session="s1", client="app", purpose="BTG")

    async def look() -> None:
        asked = Asked("GET /api/v1/boards/{unit}", address="10.0.0.7", query="limit=3", request="r1")
        asked.person = eve
        ASKED.set(asked)
        await audit.record("eve", "board opened", ["cyd", "ada", "ben", "ada"])
        await audit.record("eve", "refused", outcome=REFUSED, said="no")
        assert asked.outcomes == ["success", REFUSED]

    asyncio.run(look())

    refused, board = audit.entries()
    assert (board["records"], board["about"], board["roles"]) == (("ada", "ben", "cyd"), "", ("manager", "nurse"))
    assert [board[name] for name in ("session", "client", "purpose", "address", "query", "request")] == [
        "s1",
        "app",
        "BTG",
        "10.0.0.7",
        "limit=3",
        "r1",
    ]
    assert (refused["outcome"], refused["detail"], refused["records"]) == ("refused", {"said": "no"}, ())
    assert [entry["about"] for entry in audit.entries(about="ben")] == ["ben"]
    assert audit.viewers("cyd") == ("eve",)
    assert audit.viewers("dan") == ()


def test_lists_of_patients_are_kept_once_however_often_they_are_shown(audit: SqliteAudit) -> None:
    async def look() -> None:
        for _ in range(10):
            await audit.record("eve", "board opened", [f"patient{number}" for number in range(30)])

    asyncio.run(look())

    assert audit._connection.execute("SELECT (SELECT count(*) FROM shown), (SELECT count(*) FROM shown_records)").fetchone() == (1, 30)
    assert len(audit.entries(about="patient7")) == 10


@pytest.mark.parametrize("text", ["a\x1eb", "a\nb", "a\x00b", "\ud800", "\x1b[31m", "Zoë", "日本"])
def test_whatever_a_field_is_given_the_chain_holds(audit: SqliteAudit, text: str) -> None:
    """Control characters and halves of characters are not kept: they cannot be shown, and could look like another field."""
    asyncio.run(audit.record(text, text, text, detail=text))

    (entry,) = audit.entries()
    assert verdict(audit).is_whole
    assert all(each.isprintable() for each in (entry["who"], entry["action"], entry["about"]))
    assert (entry["who"] == text) is text.isprintable()


# --- a full disk ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where this machine lets us have one."""
    place, mount = tmp_path / "disk", shutil.which("mount")
    place.mkdir()
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # also when a test that failed has left a file open


def test_ft6_on_a_full_disk_the_reserve_keeps_the_ward_looking_then_nothing_is_shown(small_disk: Path) -> None:
    """FT-6, SEC-11: a real disk, really full."""
    audit = SqliteAudit(small_disk / "audit.db", SIGNER, reserve=MEGABYTE)
    assert (small_disk / "audit.reserve").stat().st_size == MEGABYTE
    looks(audit, 5)
    with pytest.raises(OSError, match="No space"):
        _fill(small_disk / "somebody's film")

    shown = _until_refused(audit)

    assert shown > 10, "the space that was kept free is used"
    assert not (small_disk / "audit.reserve").exists()
    assert audit.failed_since is not None
    with pytest.raises(Fault, match="patient data cannot be shown"):
        looks(audit, 1, why=LONG)
    (small_disk / "somebody's film").unlink()
    looks(audit, 1)
    assert audit.failed_since is None
    assert audit.reserve_used_since is None
    assert (small_disk / "audit.reserve").exists(), "it is set aside again"
    assert len(audit.entries(limit=10_000)) == 5 + shown + 1, "what was refused is not there, what was shown is"
    assert verdict(audit).is_whole
    audit.close()


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(4096))


def _until_refused(audit: SqliteAudit) -> int:
    """How many looks are recorded before one is refused. They are long, so that it does not take long."""
    shown = 0
    try:
        while shown < 1000:
            looks(audit, 1, why=LONG)
            shown += 1
    except Fault:
        return shown
    raise AssertionError("the disk is not full")


LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from wardline.adapters.embedded.audit import SqliteAudit
from wardline.core.errors import Fault
audit = SqliteAudit(Path(sys.argv[1]))
asyncio.run(audit.record("eve", "patient opened", "ada"))
log = Path(sys.argv[1] + "-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (log + 100_000, resource.RLIM_INFINITY))
shown = 0
try:
    while True:
        asyncio.run(audit.record("eve", "patient opened", "ada", why="x" * 20_000))
        shown += 1
except Fault:
    assert audit.failed_since is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
asyncio.run(audit.record("eve", "patient opened", "ada"))
print(shown, len(audit.entries(limit=1000)), audit.failed_since)
audit.close()
"""


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_FSIZE)[1] != resource.RLIM_INFINITY, reason="files are limited here already")
def test_ft6_a_file_that_may_not_grow_refuses_and_recovers(tmp_path: Path) -> None:
    """FT-6 where no disk can be mounted: the system itself refuses the write."""
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path / "audit.db")], capture_output=True, text=True, timeout=60, check=True)

    shown, there, failed = ran.stdout.split()
    assert int(shown) > 0
    assert (int(there), failed) == (int(shown) + 2, "None")
    assert verify(tmp_path / "audit.db", SIGNER.public, processes=1).is_whole


def test_the_reserve_is_not_taken_from_a_disk_that_has_hardly_more(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "audit.reserve", 1 << 60)

    reserve.take()

    assert not reserve.is_there
    assert not reserve.give_up()
