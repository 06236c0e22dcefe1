"""SEC-10: whatever is done to the audit trail, the verifier finds it and names the first record that is not as it was."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from security.audit.trail import BOARD, OTHER, SECRET, Trail
from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.packing import microseconds
from wardline.formats.audit.heads import Signer
from wardline.formats.audit.restores import ACTION, Restore
from wardline.security.audit import verifying
from wardline.security.audit.verifying import Lost, main, verify

ENTRIES, EVERY = 23, 5
RECORDS = st.integers(1, ENTRIES)
SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = ("who", "roles", "client", "session", "address", "purpose", "action", "outcome", "about", "shown", "door", "query", "request", "detail")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trail")
    Trail(folder, ENTRIES, every=EVERY)
    return folder


@pytest.fixture
def fresh(made: Path, tmp_path: Path) -> Callable[[], Trail]:
    """The same trail again and again, in a folder of its own."""
    count = iter(range(10_000))

    def copy() -> Trail:
        trail = object.__new__(Trail)
        folder = shutil.copytree(made, tmp_path / str(next(count)))
        trail.signer, trail.file = Signer(SECRET), folder / "audit.db"
        trail.witness = next(folder.glob("*.heads.jsonl"))
        return trail

    return copy


def signed_after(record: int) -> int:
    """The first head that covers a record."""
    return min(-(-record // EVERY) * EVERY, ENTRIES)


def test_a_trail_that_nobody_touched_is_whole(fresh: Callable[[], Trail]) -> None:
    verdict = fresh().verdict(with_witness=True)

    assert (verdict.is_whole, verdict.records, verdict.heads, verdict.signed, verdict.witnessed) == (True, 23, 5, 23, 23)


@SLOWLY
@given(record=RECORDS, column=st.sampled_from(TEXTS))
def test_sec10_an_altered_record_is_named(fresh: Callable[[], Trail], record: int, column: str) -> None:
    trail = fresh()
    trail.alter(record, column, "another")

    assert trail.first_bad() == (record, record)


@SLOWLY
@given(record=RECORDS)
def test_sec10_an_altered_time_is_named(fresh: Callable[[], Trail], record: int) -> None:
    trail = fresh()
    trail.alter(record, "at", 1)

    assert trail.first_bad() == (record, record)


@SLOWLY
@given(record=st.integers(1, ENTRIES - 1))
def test_sec10_a_dropped_record_is_named(fresh: Callable[[], Trail], record: int) -> None:
    dropped, closed = fresh(), fresh()
    dropped.drop(record)
    closed.close_up(record)

    assert dropped.first_bad() == (record, record)
    assert closed.first_bad() == (record, record)


@SLOWLY
@given(records=st.lists(RECORDS, min_size=2, max_size=2, unique=True))
def test_sec10_of_records_in_another_order_the_first_is_named(fresh: Callable[[], Trail], records: list[int]) -> None:
    trail = fresh()
    trail.swap(*records)

    assert trail.first_bad() == (min(records), min(records))


@SLOWLY
@given(left=st.integers(0, ENTRIES - 1))
def test_sec10_a_cut_end_is_named_by_the_heads(fresh: Callable[[], Trail], left: int) -> None:
    trail = fresh()
    trail.cut(left, heads=False)

    assert trail.first_bad() == (left + 1, ENTRIES)


@SLOWLY
@given(left=st.integers(0, ENTRIES - 1))
def test_sec10_an_end_cut_off_with_its_heads_is_named_by_the_witness(fresh: Callable[[], Trail], left: int) -> None:
    trail = fresh()
    trail.cut(left, heads=True)

    assert trail.first_bad() is None, "nothing in the file itself can tell"
    assert trail.first_bad(with_witness=True) == (left + 1, ENTRIES)


@SLOWLY
@given(record=RECORDS)
def test_sec10_links_made_anew_do_not_fit_the_signed_heads(fresh: Callable[[], Trail], record: int) -> None:
    trail = fresh()
    trail.alter(record, "who", "somebody else")
    trail.chain_anew()

    assert trail.first_bad() == (signed_after(record) - (signed_after(record) - 1) % EVERY, signed_after(record))


@SLOWLY
@given(record=RECORDS)
def test_sec10_heads_signed_with_another_key_are_no_heads(fresh: Callable[[], Trail], record: int) -> None:
    trail = fresh()
    trail.alter(record, "who", "somebody else")
    trail.chain_anew(secret=OTHER)

    problem = trail.verdict().problem
    assert problem is not None
    assert (problem.first, problem.last) == (1, EVERY)
    assert "not signed with this trail's key" in problem.why


@SLOWLY
@given(record=RECORDS)
def test_sec10_a_trail_signed_again_with_its_own_key_is_found_by_the_witness(fresh: Callable[[], Trail], record: int) -> None:
    """The house itself has been taken over: its file and its key say what somebody wants."""
    trail = fresh()
    trail.alter(record, "who", "somebody else")
    trail.chain_anew(secret=SECRET)

    assert trail.first_bad() is None, "nothing in the file itself can tell"
    problem = trail.verdict(with_witness=True).problem
    assert problem is not None
    assert problem.first <= record <= problem.last == signed_after(record)
    assert "differ" in problem.why


def test_sec10_two_heads_that_differ_are_a_forked_history(fresh: Callable[[], Trail]) -> None:
    """The same number of records, two roots, both signed: one was shown here, another there."""
    trail = fresh()
    trail.tell(trail.signer.signed(10, 0, bytes(32), bytes(32)))

    problem = trail.verdict(with_witness=True).problem
    assert problem is not None
    assert (problem.first, problem.last) == (6, 10)
    assert "forked" in problem.why


def test_sec10_a_list_of_patients_that_was_altered_names_the_first_entry_that_showed_it(fresh: Callable[[], Trail]) -> None:
    trail = fresh()
    trail.sql(("UPDATE shown SET records = ?", " ".join(BOARD[:2])))

    assert trail.first_bad() == (4, 4)


def test_sec10_a_list_that_is_gone_is_missed(fresh: Callable[[], Trail]) -> None:
    trail = fresh()
    trail.sql(("DELETE FROM shown",))

    assert trail.first_bad() == (4, 4)


def test_a_record_added_by_hand_is_named(fresh: Callable[[], Trail]) -> None:
    trail = fresh()
    trail.sql(("INSERT INTO entries (id, at, who, action, about, detail) VALUES (24, 0, 'eve', 'patient opened', 'ada', '')",))

    assert trail.first_bad() == (24, 24)


def test_a_separator_written_into_a_field_makes_no_other_entry_of_the_same_bytes(fresh: Callable[[], Trail]) -> None:
    trail = fresh()
    trail.sql(("UPDATE entries SET who = who || char(30) || roles, roles = '' WHERE id = 2",))

    assert trail.first_bad() == (2, 2)


def test_sec10_many_processes_find_what_one_finds(fresh: Callable[[], Trail], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "CHUNK", 4)
    trail = fresh()
    public, seen = trail.signer.public, []

    assert verify(trail.file, public, processes=2, progress=lambda done, total: seen.append((done, total))).is_whole
    assert seen[-1] == (ENTRIES, ENTRIES)
    trail.alter(14, "who", "somebody else")
    assert verify(trail.file, public, processes=2).problem == trail.verdict().problem


def test_the_program_alone_says_what_it_found(fresh: Callable[[], Trail], capsys: pytest.CaptureFixture[str]) -> None:
    """It needs the file, the public key and the witness; no data folder, no key of a patient."""
    trail = fresh()
    words = [str(trail.file), trail.signer.public.hex(), "--witness", str(trail.witness)]

    assert main(words) == 0
    assert "whole: 23 records, signed up to 23" in capsys.readouterr().out
    trail.drop(7)
    assert main(words) == 1
    assert capsys.readouterr().out == "record 7: missing: somebody has taken it out\n"


def test_a_damaged_file_is_said_not_crashed_over(fresh: Callable[[], Trail]) -> None:
    trail = fresh()
    sqlite3.connect(trail.file).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(trail.file.read_bytes())
    at = content.index(b'{"detail": "7"}')
    content[at] ^= 1
    trail.file.write_bytes(content)

    assert not trail.verdict().is_whole


# --- after a restore --------------------------------------------------------------------------------------------------------


BACKUP = datetime(2026, 11, 21, 3, tzinfo=UTC)
HELD = 12


def restored(trail: Trail, *, secret: bytes = SECRET, entries: int = 0, at: datetime | None = None) -> Trail:
    """The trail as a backup of `HELD` records had it, with the act of the restore, and `entries` since."""
    trail.cut(HELD, heads=True)
    audit, signer = SqliteAudit(trail.file, trail.signer, reserve=0), Signer(secret)
    size, link = audit.end()
    act = Restore(size, link, microseconds(at or datetime.now(UTC)), BACKUP)
    asyncio.run(audit.record("command line", ACTION, backup="3 a.m.", **act.detail(signer)))
    for number in range(entries):
        asyncio.run(audit.record("eve", "patient opened", f"patient{number}"))
    head = audit.sign()
    assert head is not None
    trail.tell(head)
    audit.close()
    return trail


@pytest.mark.parametrize("entries", [0, 5, 10, 30])
def test_sec10_a_restore_is_named_with_what_only_the_witness_knows(fresh: Callable[[], Trail], entries: int) -> None:
    verdict = restored(fresh(), entries=entries).verdict(with_witness=True)

    assert (verdict.is_whole, verdict.lost, verdict.witnessed) == (True, (Lost(BACKUP, ENTRIES - HELD),), HELD + 1 + entries)
    assert "restored from a backup made at 2026-11-21 03:00 UTC; 11 entries since are only in the witness" in verdict.lost[0].sentence


def test_sec10_a_restore_that_nobody_with_the_key_has_signed_explains_nothing(fresh: Callable[[], Trail]) -> None:
    verdict = restored(fresh(), secret=OTHER).verdict(with_witness=True)

    assert verdict.lost == ()
    assert not verdict.is_whole


def test_sec10_a_restore_explains_no_head_that_was_signed_after_it(fresh: Callable[[], Trail]) -> None:
    verdict = restored(fresh(), at=BACKUP - timedelta(days=365)).verdict(with_witness=True)

    assert (verdict.lost, verdict.is_whole) == ((), False)


@pytest.mark.parametrize("left", [HELD - 1, HELD, HELD + 1, HELD + 3])
def test_sec10_after_a_restore_an_end_cut_off_is_still_found(fresh: Callable[[], Trail], left: int) -> None:
    trail = restored(fresh(), entries=6)
    trail.cut(left, heads=True)

    assert not trail.verdict(with_witness=True).is_whole


def test_sec10_the_act_of_a_restore_cannot_be_moved_or_dated_anew(fresh: Callable[[], Trail]) -> None:
    """Who has the file cuts off what came after a restore, gives the act a later moment, and makes all links anew."""
    trail = restored(fresh(), entries=6)
    (detail,) = sqlite3.connect(trail.file).execute("SELECT detail FROM entries WHERE action = ?", (ACTION,)).fetchone()
    later = json.dumps(json.loads(detail) | {"restored_at": str(microseconds(datetime.now(UTC) + timedelta(hours=1)))})
    trail.cut(HELD + 1, heads=True)
    trail.alter(HELD + 1, "detail", later)
    trail.chain_anew()
    assert not trail.verdict(with_witness=True).is_whole

    moved = restored(fresh(), entries=6)
    moved.cut(HELD - 5, heads=True)
    moved.sql(("INSERT INTO entries (at, who, action, about, detail) VALUES (0, 'command line', ?, '', ?)", ACTION, detail))
    moved.chain_anew()
    assert not moved.verdict(with_witness=True).is_whole
