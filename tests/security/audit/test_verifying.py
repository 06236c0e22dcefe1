"""SEC-10: whatever is done to the audit trail, the verifier finds it and names the first record that is not as it was."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from security.audit.trail import BOARD, OTHER, SECRET, Trail
from wardline.formats.audit.heads import Signer
from wardline.security.audit import verifying
from wardline.security.audit.verifying import main, verify

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
