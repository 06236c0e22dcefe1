"""What every audit trail must keep to: written before the answer leaves, in order, there after a crash; or the answer is refused."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.core.errors import Fault
from wardline.core.ports import Audit


class Adapter(NamedTuple):
    """`open` the trail of a folder, `close` it, and make its next write fail."""

    open: Callable[[Path], Audit]
    close: Callable[[Audit], None]
    break_: Callable[[Audit], None]
    mend: Callable[[Audit], None]


def _fill(audit: SqliteAudit) -> None:
    """As a full disk: the file may not grow. What is written is larger than what is free in it."""
    (pages,) = audit._connection.execute("PRAGMA page_count").fetchone()
    audit._connection.execute(f"PRAGMA max_page_count = {pages}")


def _empty(audit: SqliteAudit) -> None:
    audit._connection.execute("PRAGMA max_page_count = 1000000000")


ADAPTERS = {
    "sqlite": Adapter(lambda folder: SqliteAudit(folder / "audit.db"), lambda audit: audit.close(), _fill, _empty),  # type: ignore[attr-defined, arg-type]
}
LONG = "x" * 100_000


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return ADAPTERS[request.param]


def said(audit: Audit) -> list[tuple[str, str, str]]:
    return [(entry["who"], entry["action"], entry["about"]) for entry in audit.entries()]


def test_what_was_recorded_is_there_after_a_crash(adapter: Adapter, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    audit = adapter.open(tmp_path / "a")
    asyncio.run(audit.record("eve", "patient.read", "ada"))
    shutil.copytree(tmp_path / "a", tmp_path / "b")  # the process is killed this instant
    again = adapter.open(tmp_path / "b")
    assert said(again) == [("eve", "patient.read", "ada")]
    for each in (audit, again):
        adapter.close(each)


def test_entries_come_newest_first_with_their_time_and_detail(adapter: Adapter, tmp_path: Path) -> None:
    audit = adapter.open(tmp_path)
    before = datetime.now(UTC)
    asyncio.run(audit.record("eve", "patient.read", "ada"))
    asyncio.run(audit.record("eve", "alert.act", "ada", act="acknowledge"))
    newest, oldest = audit.entries()
    assert (newest["action"], newest["detail"]) == ("alert.act", {"act": "acknowledge"})
    assert before <= oldest["at"] <= newest["at"] <= datetime.now(UTC)
    adapter.close(audit)


def test_entries_are_found_by_patient_and_by_person(adapter: Adapter, tmp_path: Path) -> None:
    audit = adapter.open(tmp_path)
    for who, about in (("eve", "ada"), ("bob", "ada"), ("eve", "ben")):
        asyncio.run(audit.record(who, "patient.read", about))
    assert [entry["who"] for entry in audit.entries(about="ada")] == ["bob", "eve"]
    assert [entry["about"] for entry in audit.entries(who="eve")] == ["ben", "ada"]
    assert [entry["about"] for entry in audit.entries(who="eve", about="ben")] == ["ben"]
    assert len(audit.entries(limit=2)) == 2
    adapter.close(audit)


def test_what_is_asked_for_at_once_is_recorded_once_each_and_in_order(adapter: Adapter, tmp_path: Path) -> None:
    audit = adapter.open(tmp_path)

    async def at_once() -> None:
        await asyncio.gather(*(audit.record("eve", "patient.read", f"{number:03}") for number in range(200)))

    asyncio.run(at_once())
    assert [entry["about"] for entry in audit.entries(limit=1000)] == [f"{number:03}" for number in reversed(range(200))]
    adapter.close(audit)


def test_what_cannot_be_recorded_is_refused_to_everybody_who_waits_and_said_aloud(adapter: Adapter, tmp_path: Path) -> None:
    """FT-6: then nobody is shown anything."""
    audit = adapter.open(tmp_path)
    adapter.break_(audit)

    async def two() -> list[object]:
        return await asyncio.gather(*(audit.record("eve", "patient.read", "ada", why=LONG) for _ in range(2)), return_exceptions=True)

    assert [type(each) for each in asyncio.run(two())] == [Fault, Fault]
    assert audit.failed_since is not None
    assert said(audit) == []
    adapter.mend(audit)
    asyncio.run(audit.record("eve", "patient.read", "ada"))
    assert audit.failed_since is None
    assert said(audit) == [("eve", "patient.read", "ada")]
    adapter.close(audit)


def test_a_trail_that_is_held_by_another_process_is_one_that_cannot_be_written(tmp_path: Path) -> None:
    """Of the SQLite adapter alone: a copying tool has the file."""
    audit = SqliteAudit(tmp_path / "audit.db")
    audit._connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(tmp_path / "audit.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Fault, match="patient data cannot be shown"):
        asyncio.run(audit.record("eve", "patient.read", "ada"))
    other.execute("ROLLBACK")
    asyncio.run(audit.record("eve", "patient.read", "ada"))
    other.close()
    audit.close()
