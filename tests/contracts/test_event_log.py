"""What every event log must keep to, and every outbox: one line per adapter in `ADAPTERS`, with how to open it and how to lose it.

Opening the same folder again after `lose` is what happens after a crash.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from support.clocks import MORNING
from support.hospital import copy_of
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import NotFound
from wardline.core.events import EVENTS_PER_ROW, Admitted, Event, Found, Lapsed, Measured, Registered, Value
from wardline.core.ports import EventLog, MessageRecord, Outbox, Outgoing, Step
from wardline.core.statements import Fate, Problem

MASTER = bytes(range(32))
MINUTE = timedelta(minutes=1)


class Log(EventLog, Outbox):
    """Both ports are one adapter: what leaves the house commits with what caused it."""


class Adapter(NamedTuple):
    """`open` a log in a folder; `lose` it as a crash does and return the folder it is found in afterwards."""

    open: Callable[[Path], Log]
    lose: Callable[[Log, Path], Path]


def open_sqlite(folder: Path) -> SqliteLog:
    folder.mkdir(exist_ok=True)
    return SqliteLog(folder / "log", SqliteSeal(folder / "keys.db", MASTER))


def lose_sqlite(log: SqliteLog, folder: Path) -> Path:
    """The files as they are this instant; the process is gone."""
    return copy_of(folder, folder.with_name(folder.name + " after"))


ADAPTERS = {"sqlite": Adapter(open_sqlite, lose_sqlite)}  # type: ignore[arg-type]


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return ADAPTERS[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def log(adapter: Adapter, folder: Path) -> Iterator[Log]:
    opened = adapter.open(folder)
    yield opened
    opened.close()


def measured(value: float = 4.9) -> Measured:
    return Measured("potassium", value, "mmol/L", issued_at=MORNING)


def append(
    log: Log, *values: Value, about: str = "ada", raw: bytes = b"", control: str = "", at: datetime = MORNING, occurred: datetime | None = None,
    problem: Problem | None = None, outgoing: tuple[Outgoing, ...] = (), feed: str = "LAB",
) -> Step:  # fmt: skip
    """One step: a message if there are bytes, and a row of events if there are values."""
    seq = log.next_seq()
    rows: tuple[tuple[str, tuple[Event, ...]], ...] = ()
    if values:
        first = log.next_row() * EVENTS_PER_ROW
        rows = ((about, tuple(Event(value, about, occurred or at, at, feed, id=first + place) for place, value in enumerate(values))),)
    message = None
    if raw:
        fate = Fate("quarantined" if problem else "stored", seq, at, problem)
        message = MessageRecord(feed, f"{feed}|HOSP", control, raw[:1] * 32, raw, fate, (about,))
    step = Step(seq, at, message, rows, outgoing)
    log.append(step)
    return step


def stored(step: Step) -> Step:
    """The step as it is read back: messages without their bytes and owners, nothing that went to the outbox."""
    message = step.message._replace(raw=b"", owners=()) if step.message is not None else None
    return step._replace(message=message, outgoing=())


# Committing ------------------------------------------------------------------------------------------------------------------


def test_what_was_committed_is_there_after_a_crash(adapter: Adapter, folder: Path, log: Log) -> None:
    steps = [append(log, measured(), raw=b"one", control="1"), append(log, Lapsed("news2"), at=MORNING + MINUTE)]
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    assert list(again.steps()) == [stored(step) for step in steps]
    assert again.raw(steps[0].seq) == b"one"
    again.close()


def test_what_was_not_committed_is_gone_after_a_crash(adapter: Adapter, folder: Path, log: Log) -> None:
    kept = append(log, measured(), raw=b"one")
    log.commit()
    append(log, measured(5.5), raw=b"two", outgoing=(Outgoing("k", "bell", b"x"),))
    list(log.events_of(["ada"]))
    again = adapter.open(adapter.lose(log, folder))
    assert list(again.steps()) == [stored(kept)]
    assert again.waiting("bell") == []
    again.close()


def test_what_was_appended_is_read_before_it_is_committed(log: Log) -> None:
    step = append(log, measured(), raw=b"one", control="1")
    assert [event.value.value for event in log.events_of(["ada"])] == [4.9]
    assert [known.seq for known in log.find("LAB|HOSP", "1", MORNING)] == [step.seq]


def test_a_rollback_takes_back_everything_since_the_last_commit(log: Log) -> None:
    kept = append(log, measured(), raw=b"one", control="1")
    log.commit()
    append(log, measured(5.5), raw=b"two", control="2", feed="NEW", outgoing=(Outgoing("k", "bell", b"x"),))
    log.keep("ada", b"entry")
    log.save("house", b"state", 2)
    log.settle(kept.seq, "dismissed", by="eve", at=MORNING)
    list(log.steps())
    log.rollback()
    log.commit()
    assert list(log.steps()) == [stored(kept)]
    assert (list(log.kept()), log.saved("house"), log.settlement(kept.seq), log.waiting("bell")) == ([], None, "", [])
    assert log.find("NEW|HOSP", "2", MORNING) == []


def test_numbers_that_were_rolled_back_are_given_out_again(log: Log) -> None:
    append(log, measured())
    log.commit()
    expected = log.next_seq(), log.next_row()
    log.rollback()
    assert (log.next_seq(), log.next_row()) == expected


def test_steps_and_rows_are_numbered_upwards_without_repeats(adapter: Adapter, folder: Path, log: Log) -> None:
    numbers = [(log.next_seq(), log.next_row()) for _ in range(5)]
    assert numbers == sorted(set(numbers))
    append(log, measured())
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    last = list(again.steps())[-1]
    assert again.next_seq() > last.seq
    assert again.next_row() > last.rows[0][1][0].id // EVENTS_PER_ROW
    again.close()


def test_a_number_that_was_reserved_and_not_used_does_not_stop_the_next_start(adapter: Adapter, folder: Path, log: Log) -> None:
    append(log, measured())
    log.next_seq()
    log.next_row()
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    assert len(list(again.steps())) == 1
    again.close()


def test_an_empty_commit_is_no_step(log: Log) -> None:
    log.commit()
    assert list(log.steps()) == []


# Reading ---------------------------------------------------------------------------------------------------------------------


def test_steps_come_back_in_order_with_messages_events_both_or_after_a_number(log: Log) -> None:
    steps = [
        append(log, measured(), raw=b"one"),
        append(log, raw=b"two"),
        append(log, measured(5.0)),
        append(log, raw=b"three"),
        append(log, measured(6.0)),
    ]
    log.commit()
    assert list(log.steps()) == [stored(step) for step in steps]
    for step in steps:
        assert [each.seq for each in log.steps(step.seq)] == [each.seq for each in steps if each.seq > step.seq]


def test_steps_after_any_number_are_found_among_hundreds(log: Log) -> None:
    seqs = [append(log, *[measured()] * (place % 3), raw=b"x" if place % 3 == 0 else b"", about=f"p{place % 7}").seq for place in range(300)]
    log.commit()
    for after in (0, 1, 2, 3, 149, 150, 151, 298, 299, 300, 1000):
        assert [step.seq for step in log.steps(after)] == [seq for seq in seqs if seq > after]


def test_events_of_several_records_come_in_the_order_they_were_recorded(log: Log) -> None:
    for number, about in enumerate(("ada", "ben", "ada", "cora")):
        append(log, measured(float(number)), about=about)
    assert [event.value.value for event in log.events_of(["ben", "ada"])] == [0.0, 1.0, 2.0]
    assert list(log.events_of([])) == []


def test_events_known_by_a_moment_leave_out_what_was_recorded_later(log: Log) -> None:
    append(log, measured(1.0), at=MORNING)
    append(log, measured(2.0), at=MORNING + MINUTE, occurred=MORNING)
    assert [event.value.value for event in log.events_of(["ada"], known_until=MORNING)] == [1.0]
    assert [event.value.value for event in log.events_of(["ada"], known_until=MORNING + MINUTE)] == [1.0, 2.0]


def test_old_measurements_are_left_out_and_what_lasts_is_not(log: Log) -> None:
    append(log, measured(), Admitted("V1", "7A"), occurred=MORNING - 100 * MINUTE)
    append(log, Registered((), "Moss"), occurred=MORNING - 90 * MINUTE)
    append(log, measured(5.0), Found("news2", "2017", "", "finding"), occurred=MORNING - 80 * MINUTE)
    append(log, measured(6.0), occurred=MORNING)
    kinds = [event.kind for event in log.events_of(["ada"], since=MORNING - 10 * MINUTE)]
    assert kinds == ["Measured", "Admitted", "Registered", "Measured"]


def test_an_event_is_found_by_its_number(log: Log) -> None:
    step = append(log, measured(1.0), measured(2.0))
    (_, (first, second)) = step.rows[0]
    assert (log.event(first.id), log.event(second.id)) == (first, second)
    assert log.event(second.id + 1) is None
    assert log.event(999 * EVENTS_PER_ROW) is None


def test_a_message_that_is_not_there_is_not_found(log: Log) -> None:
    with pytest.raises(NotFound):
        log.raw(99)


def test_messages_are_listed_in_order_by_feed_state_and_page(log: Log) -> None:
    wrong = Problem("invalid", "wrong", "PID-3", True)
    for number in range(6):
        append(log, raw=b"%d" % number, feed="LAB" if number % 2 else "ADT", problem=wrong if number == 4 else None)
    assert [seq for seq, _, _ in log.messages()] == [1, 2, 3, 4, 5, 6]
    assert [seq for seq, _, _ in log.messages(2, 3)] == [3, 4, 5]
    assert [seq for seq, _, _ in log.messages(feed="LAB")] == [2, 4, 6]
    assert [(seq, record.fate.problem) for seq, _, record in log.messages(state="quarantined")] == [(5, wrong)]
    assert list(log.messages(feed="NOBODY")) == []


def test_a_message_is_known_by_sender_and_control_id_the_newest_first(log: Log) -> None:
    for number in range(3):
        append(log, raw=b"%d" % number, control="77", at=MORNING + number * MINUTE)
    append(log, raw=b"x", control="77", feed="ADT")
    append(log, raw=b"y", control="78")
    assert [known.seq for known in log.find("LAB|HOSP", "77", MORNING)] == [3, 2, 1]
    assert [known.seq for known in log.find("LAB|HOSP", "77", MORNING + MINUTE)] == [3, 2]
    assert [known.sha256 for known in log.find("LAB|HOSP", "77", MORNING)] == [b"2" * 32, b"1" * 32, b"0" * 32]
    assert log.find("LAB|HOSP", "79", MORNING) == log.find("NOBODY|HOSP", "77", MORNING) == []


def test_a_known_message_comes_with_what_was_answered(log: Log) -> None:
    problem = Problem("field-missing", "PID-3 has no patient number", "PID-3", False)
    step = append(log, raw=b"one", control="77", problem=problem)
    (known,) = log.find("LAB|HOSP", "77", MORNING)
    assert step.message is not None
    assert known.fate == step.message.fate


def test_a_quarantined_message_waits_until_it_is_settled(log: Log) -> None:
    steps = [append(log, raw=b"%d" % number, problem=Problem("invalid", "wrong")) for number in range(3)]
    append(log, raw=b"good")
    assert [seq for seq, _, _ in log.quarantined()] == [3, 2, 1]
    assert [seq for seq, _, _ in log.quarantined(limit=1)] == [3]
    log.settle(steps[1].seq, "replayed", by="eve", at=MORNING, note="as message 9")
    assert [seq for seq, _, _ in log.quarantined()] == [3, 1]
    assert [log.settlement(step.seq) for step in steps] == ["", "replayed", ""]


# Folded state and the directory ------------------------------------------------------------------------------------------------


def test_the_last_snapshot_and_directory_line_are_kept(adapter: Adapter, folder: Path, log: Log) -> None:
    for number in range(3):
        log.save("house", b"state %d" % number, number)
        log.keep("ada", b"entry %d" % number)
    log.keep("ben", b"")
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    assert again.saved("house") == (b"state 2", 2)
    assert again.saved("other") is None
    assert dict(again.kept()) == {"ada": b"entry 2", "ben": b""}
    again.close()


# Leaving the house ---------------------------------------------------------------------------------------------------------------


def test_what_must_leave_commits_with_what_caused_it_and_waits_in_order(adapter: Adapter, folder: Path, log: Log) -> None:
    items = [Outgoing(f"k{number}", "bell", b"payload %d" % number, "ada") for number in range(3)]
    append(log, measured(), outgoing=(*items, Outgoing("other", "mail", b"x")))
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    assert [item._replace(owner="ada") for _, item in again.waiting("bell")] == items
    assert [item.key for _, item in again.waiting("bell", limit=2)] == ["k0", "k1"]
    again.close()


def test_the_same_thing_asked_for_twice_leaves_once(adapter: Adapter, folder: Path, log: Log) -> None:
    for _ in range(2):
        append(log, measured(), outgoing=(Outgoing("k", "bell", b"x"),))
    log.commit()
    ((id, _),) = log.waiting("bell")
    log.done([id])
    log.commit()
    append(log, measured(), outgoing=(Outgoing("k", "bell", b"x"),))
    log.commit()
    again = adapter.open(adapter.lose(log, folder))
    assert again.waiting("bell") == []
    again.close()


def test_what_was_delivered_and_not_yet_marked_is_offered_again_under_the_same_key(adapter: Adapter, folder: Path, log: Log) -> None:
    append(log, measured(), outgoing=(Outgoing("k", "bell", b"x"),))
    log.commit()
    log.done([id for id, _ in log.waiting("bell")])
    again = adapter.open(adapter.lose(log, folder))
    assert [item.key for _, item in again.waiting("bell")] == ["k"]
    again.close()


# After a crash -------------------------------------------------------------------------------------------------------------------


def test_attempts_are_counted_durably_at_once_and_survive_a_rollback(adapter: Adapter, folder: Path, log: Log) -> None:
    assert [log.attempts(b"a" * 32), log.attempts(b"b" * 32), log.attempts(b"a" * 32)] == [1, 1, 2]
    log.rollback()
    again = adapter.open(adapter.lose(log, folder))
    assert again.attempts(b"a" * 32) == 3
    again.forget_attempts()
    assert again.attempts(b"a" * 32) == 1
    again.close()


def test_a_log_in_order_reports_no_damage(log: Log) -> None:
    append(log, measured(), raw=b"one")
    log.commit()
    health = log.health()
    assert (health.damaged, health.files) == ((), 1)
    assert 0 < health.bytes < health.total_bytes
