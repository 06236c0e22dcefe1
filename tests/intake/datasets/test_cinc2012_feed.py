"""The whole set as one feed: in the order of time, nobody in somebody else's bed, nothing lost, nothing added."""

import csv
import gzip
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.datasets.written import Written, kind_of, lines_of, messages_of, write_set
from wardline.core.errors import NotFound
from wardline.formats.hl7v2.message import header_of
from wardline.intake.datasets.cinc2012.feed import INTERVAL, Beds, feed
from wardline.intake.datasets.cinc2012.messages import BEGINNING, RECORDED

ROUNDS = tuple((f"{hour:02}:07", "HR", str(60 + hour)) for hour in range(48))


def test_messages_come_in_the_order_of_time_and_each_stay_keeps_its_intervals(tmp_path: Path) -> None:
    messages = messages_of(tmp_path, *(Written(str(record), ROUNDS) for record in range(100, 106)))

    moments = [message.at for message in messages if message.at is not None]
    assert moments == sorted(moments)
    assert len(moments) == len(messages)
    third = [message for message in messages if message.name.startswith("102-")]
    assert [kind_of(message) for message in third] == ["A01", *["R01"] * 49, "A03", "A03"]
    admitted_at = BEGINNING + 2 * INTERVAL
    hours = [timedelta(hours=hour, minutes=7) for hour in range(48)]
    assert [message.at for message in third] == [
        admitted_at,
        admitted_at,
        *(admitted_at + at for at in hours),
        admitted_at + RECORDED,
        admitted_at + timedelta(days=9),
    ]


def test_sixty_patients_are_in_the_units_at_once(tmp_path: Path) -> None:
    messages = messages_of(tmp_path, *(Written(str(record)) for record in range(100, 300)))

    inside, most = set(), 0
    for message in messages:
        record = message.name.split("-")[0]
        if kind_of(message) == "A01":
            inside.add(record)
        elif kind_of(message) == "A03":
            inside.discard(record)
        most = max(most, len(inside))
    assert most == RECORDED / INTERVAL == 60


@given(units=some.lists(some.sampled_from("1234"), min_size=70, max_size=200))
def test_nobody_is_put_into_a_bed_that_is_taken(units: list[str]) -> None:
    beds = Beds()
    taken: dict[tuple[str, int], object] = {}
    for number, unit in enumerate(units):
        at = BEGINNING + number * INTERVAL
        bed = beds.take(unit, at)
        free_from = taken.get((unit, bed), BEGINNING)
        assert bed >= 1
        assert free_from <= at  # type: ignore[operator]
        taken[unit, bed] = at + RECORDED


def test_control_ids_are_all_different_and_the_same_every_time(tmp_path: Path) -> None:
    stays = [Written(str(record), ROUNDS, days=40) for record in range(100, 104)]
    once, again = messages_of(tmp_path, *stays), messages_of(tmp_path, *stays)

    assert len({header_of(message.raw).control_id for message in once}) == len(once)
    assert once == again


def test_a_limit_counts_stays(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written(str(record)) for record in range(100, 110)])

    limited = feed(path, 3)

    assert limited.parts == 3
    assert {message.name.split("-")[0] for _, message in limited.messages} == {"100", "101", "102"}


def test_stays_are_read_only_as_far_as_they_are_needed(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written(str(record), ROUNDS) for record in range(100, 110)], extra=["this is not a line of the set"])
    messages = feed(path).messages

    assert [next(messages)[1].name for _ in range(2)] == ["100-0", "100-1"]  # the fault lies ahead


def test_a_stay_without_an_outcome_is_named(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written("7"), Written("8")])
    outcomes = tmp_path / "Outcomes-x.txt"
    outcomes.write_text("\n".join(outcomes.read_text(encoding="ascii").split("\n")[:2]) + "\n", encoding="ascii")

    with pytest.raises(NotFound, match="record 8"):
        list(feed(path).messages)


@pytest.mark.reference
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_of_set_a_is_lost_and_nothing_is_added(cinc2012_set: Path) -> None:
    """Every value of the file that is not missing is in exactly one OBX under its own name, except what PID and PV1 say."""
    in_file: Counter[str] = Counter()
    with gzip.open(cinc2012_set, "rt", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for _, _, parameter, value in rows:
            in_file[parameter] += value != "-1"

    sent: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    before = None
    for _, message in feed(cinc2012_set).messages:
        assert message.at is not None
        assert before is None or timedelta() <= message.at - before <= timedelta(days=31)
        before = message.at
        kinds[kind_of(message)] += 1
        for fields in lines_of(message, "OBX"):
            parts = fields[3].split("^")
            sent[parts[3] if len(parts) > 3 else parts[0]] += 1

    for parameter in ("RecordID", "Gender", "ICUType"):
        del in_file[parameter]
    assert sent == in_file
    # PROVENANCE: 4,000 stays.
    assert kinds["A01"] == 4000
    assert 4000 <= kinds["A03"] <= 8000


@pytest.mark.reference
def test_as_many_deaths_are_sent_as_the_publisher_counts(cinc2012_set: Path) -> None:
    limited = [message for _, message in feed(cinc2012_set, 300).messages if kind_of(message) == "A03"]
    rows = list(csv.DictReader(cinc2012_set.with_name("Outcomes-a.txt").read_text(encoding="ascii").splitlines()))
    died = {row["RecordID"] for row in rows[:300] if row["In-hospital_death"] == "1"}

    assert {message.name.split("-")[0] for message in limited if lines_of(message, "PV1")[0][36] == "20"} == died
    assert sum(row["In-hospital_death"] == "1" for row in rows) == 554  # PROVENANCE
