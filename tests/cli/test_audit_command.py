"""`wardline audit` beside a server that runs: whole or not, who did what, and the heads for a second place."""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.processes import wardline
from security.audit.balp_profiles import violations
from support.served import Served, agree


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("house") / "data"
    agree(data / "config", units='7A: {label: "Ward 7A", beds: [1]}\n')
    running = Served(data)
    running.set_up()
    running.api("GET", "/api/v1/boards")
    yield running
    running.kill()


def key_of(served: Served) -> str:
    return wardline("audit", "heads", "--data", served.data).out.splitlines()[0].rpartition(" ")[2]


def test_a_whole_trail_is_said_in_one_line(served: Served) -> None:
    ended = wardline("audit", "verify", "--data", served.data)

    assert (ended.code, ended.out.startswith("Whole: ")) == (0, True)
    assert "no witness was asked" in ended.out


def test_programs_hear_how_far_it_is_and_what_was_found(served: Served) -> None:
    *progress, verdict = map(json.loads, wardline("audit", "verify", "--json", "--data", served.data).out.splitlines())

    assert all(each["done"] <= each["of"] for each in progress)
    assert (verdict["problem"], verdict["first_bad"]) == ("", None)


def test_a_search_finds_and_is_itself_found(served: Served) -> None:
    wardline("audit", "search", "--action", "units listed", "--data", served.data)

    lines = [json.loads(line) for line in wardline("audit", "search", "--json", "--limit", "5", "--data", served.data).out.splitlines()]

    assert [line["action"] for line in lines[:2]] == ["audit trail searched"] * 2
    assert all(line["who"] == "command line" and line["detail"]["person"] for line in lines[:2])


def test_what_was_never_done_is_said(served: Served) -> None:
    assert wardline("audit", "search", "--action", "flown to the moon", "--data", served.data).out == "Nothing is recorded of this.\n"


def test_an_export_is_a_table_or_audit_events(served: Served) -> None:
    rows = list(csv.DictReader(io.StringIO(wardline("audit", "export", "--data", served.data).out)))
    events = [json.loads(line) for line in wardline("audit", "export", "--format", "fhir", "--data", served.data).out.splitlines()]

    assert {row["action"] for row in rows} >= {"units listed", "audit trail exported"}
    assert len(events) > len(rows)
    assert [each for event in events for each in violations(event)] == []


def test_sec10_a_copy_is_verified_with_the_public_key_alone(served: Served, tmp_path: Path) -> None:
    """On another machine: no data folder, no secret."""
    copy, key = tmp_path / "copy.db", key_of(served)
    source, target = sqlite3.connect(served.data / "audit.db"), sqlite3.connect(copy)
    source.backup(target)
    source.close()

    assert wardline("audit", "verify", "--file", copy, "--key", key).code == 0
    target.execute("UPDATE entries SET who = 'eve' WHERE id = 2")
    target.commit()
    target.close()
    ended = wardline("audit", "verify", "--file", copy, "--key", key)
    assert (ended.code, ended.out) == (1, "NOT whole. Record 2: altered, or not in its place: it does not fit the chain.\n")


@pytest.mark.parametrize(("words", "said"), [(("--key", "abc"), "64 hexadecimal digits"), (("--file", "x.db"), "needs --key")])
def test_what_is_missing_is_said_in_one_sentence(served: Served, words: tuple[str, ...], said: str) -> None:
    ended = wardline("audit", "verify", *words, "--data", served.data)

    assert ended.code == 2
    assert said in ended.err


def test_sec10_the_last_head_reaches_the_witness_before_the_house_ends(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "witness"
    place.mkdir()
    agree(data / "config", units="")
    running = Served(data, environment={"WARDLINE_AUDIT_WITNESS": str(place)})
    running.set_up()
    running.stop()

    ended = wardline("audit", "verify", "--witness", place, "--data", data)
    assert (ended.code, "the witness has seen" in ended.out) == (0, True)

    with sqlite3.connect(data / "audit.db") as audit:
        audit.execute("DELETE FROM entries")
        audit.execute("DELETE FROM heads")
    ended = wardline("audit", "verify", "--witness", place, "--data", data)
    assert ended.code == 1
    assert "cut off" in ended.out


def test_sec10_after_a_restore_the_witness_names_it_and_goes_on_with_the_restored_trail(tmp_path: Path) -> None:
    data, new, place, backups = (tmp_path / name for name in ("data", "new", "witness", "backups"))
    place.mkdir()
    agree(data / "config", units="")
    witness = {"WARDLINE_AUDIT_WITNESS": str(place)}
    running = Served(data, environment=witness)
    running.set_up()
    assert wardline("backup", backups, "--data", data).code == 0
    wardline("audit", "search", "--data", data)
    running.stop()
    (backup,) = (each for each in backups.iterdir() if each.name.startswith("2"))

    words = ("--data", new, "--secrets", data / "secrets", "--register", data / "erasures.jsonl")
    restored = wardline("restore", backup, *words)
    ended = wardline("audit", "verify", "--witness", place, "--data", new)
    assert (restored.code, ended.code) == (0, 0), restored.err + ended.out
    assert "The trail was restored from a backup made at" in ended.out
    assert "entries since are only in the witness" in ended.out

    Served(new, environment=witness).stop()
    assert wardline("audit", "verify", "--witness", place, "--data", new).code == 0
    with sqlite3.connect(new / "audit.db") as audit:
        (act,) = audit.execute("SELECT id FROM entries WHERE action = 'data restored'").fetchone()
        for statement in ("DELETE FROM entries WHERE id > ?", "DELETE FROM heads WHERE size > ?"):
            audit.execute(statement, (act - 1,))
    assert wardline("audit", "verify", "--witness", place, "--data", new).code == 1


def test_sec10_without_its_key_a_signed_trail_does_not_start(served: Served, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(served.data, data, ignore=shutil.ignore_patterns("audit", "lock"))

    ended = wardline("serve", "--data", data, "--http", "0", "--mllp", "0")

    assert ended.code == 2
    assert "audit is missing" in ended.err
