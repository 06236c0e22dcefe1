"""FT-26: everything folded can be folded again from the log, while work goes on, to the same bytes and without a page."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import oracle
from support.bell import TOPIC, Bell
from support.clocks import MORNING
from support.events import hours
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS, WORRY
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.events import Event
from wardline.engine import house
from wardline.engine.house import House
from wardline.engine.past import timeline_as_of

KIT = Kit(capabilities=(NEWS2, WORRY, OUT_OF_LIMITS), reactions=lambda: (Bell(),))
OLD = ADA._replace(number="9001")


def a_day(ward: Hospital) -> None:
    """A day with a bit of everything, ending with open alerts and running timers."""
    for hour, message in (
        (0, adt("A01", ADA, at=MORNING)),
        (0, vitals(ADA, ILL, at=MORNING)),
        (1, adt("A01", BEN, at=MORNING + hours(1), visit="B1")),
        (2, oru(OLD, Obx("2823-3", 7.1), at=MORNING + hours(2), order="L1")),
        (3, adt("A40", ADA, at=MORNING + hours(3), retired=OLD)),
        (4, oru(OLD, Obx("2823-3", 4.1, "C"), at=MORNING + hours(4), observed=MORNING + hours(2), order="L1")),
        (5, vitals(BEN, WELL, at=MORNING + hours(5))),
        (6, oru(BEN, Obx("X9^Unknown^L", 1.0), at=MORNING + hours(6))),
        (7, adt("A37", ADA, at=MORNING + hours(7), other=OLD)),
        (8, adt("A03", BEN, at=MORNING + hours(8), visit="B1")),
        (9, vitals(ADA, ILL, at=MORNING + hours(9))),
    ):  # fmt: skip
        ward.clock.at = MORNING + hours(hour)
        ward.send(message)


def test_ft26_a_rebuild_beside_the_running_house_gives_the_same_digest_and_pages_nobody(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    sent = [item.key for _, item in ward.log.waiting(TOPIC)]
    seal = SqliteSeal(ward.path / "keys.db", ward.folder.master_key)
    beside = SqliteLog(ward.path / "log", seal, reading=True)
    again = House(beside, (Bell(),), ward.engine.house.timelines.window)
    again.replay(beside.steps())
    assert again.digest(ward.engine.house.now) == ward.digest()
    assert [item.key for _, item in ward.log.waiting(TOPIC)] == sent
    ward.send(vitals(BEN, WELL, at=ward.clock.now()))
    beside.close()
    seal.close()
    oracle.check(ward)


def test_ft26_a_restart_folds_to_the_same_digest_with_and_without_a_snapshot(open_hospital: OpenHospital, tmp_path: Path) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    expected = ward.digest()
    crashed = ward.crashed_copy(tmp_path / "crashed")
    assert (crashed.recovered, crashed.digest()) == (len(list(crashed.log.steps())), expected)
    crashed.close()
    orderly = Hospital(tmp_path / "crashed", crashed.clock, KIT)
    assert (orderly.recovered, orderly.digest()) == (0, expected)
    orderly.abandon()


def test_ft26_a_restart_records_nothing_by_itself(open_hospital: OpenHospital, tmp_path: Path) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    before = ward.events()
    again = ward.crashed_copy(tmp_path / "again")
    again.turn()
    assert again.events() == before
    again.abandon()


def test_ft26_a_damaged_snapshot_is_not_used(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    expected = ward.digest()
    ward.engine.keep_snapshot()
    ward.log._file.begin()
    ward.log._file.run("UPDATE snapshots SET state = zeroblob(length(state))")
    ward.log._file.commit()
    ward.engine.recover()
    assert ward.digest() == expected
    assert ward.log.damaged == ["snapshot house"]


def test_ft26_a_snapshot_of_another_version_is_not_used_and_the_log_is_folded_again(
    open_hospital: OpenHospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade the same events may fold otherwise: what the version before had folded does not count."""
    ward = open_hospital(kit=KIT)
    a_day(ward)
    expected, steps = ward.digest(), len(list(ward.log.steps()))
    with monkeypatch.context() as before:
        before.setattr(house, "__version__", "0.0.1")
        ward.engine.keep_snapshot()
    assert ward.engine.recover() == steps
    assert ward.digest() == expected
    ward.engine.keep_snapshot()
    assert (ward.engine.recover(), ward.digest()) == (0, expected)


@pytest.mark.parametrize("state", [["0.1.0", 1], [1, 2, 3, 4, 5, 6], "a word", [house.__version__, 7, None, [1], 8, [["feeds", [[1]]]]]])
def test_ft26_a_snapshot_in_a_form_nobody_knows_does_not_stop_the_start(open_hospital: OpenHospital, state: object) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    expected, steps = ward.digest(), len(list(ward.log.steps()))
    ward.log.save(house.SNAPSHOT, msgspec.msgpack.encode(state), 3)
    ward.log.commit()
    assert ward.engine.recover() == steps
    assert ward.digest() == expected


def test_ft26_a_damaged_line_of_the_directory_is_made_anew(open_hospital: OpenHospital) -> None:
    ward = open_hospital(kit=KIT)
    a_day(ward)
    expected = ward.engine.house.directory.get(ward.key(BEN))
    ward.log._file.begin()
    ward.log._file.run("UPDATE directory SET entry = zeroblob(length(entry)) WHERE record = ?", (ward.key(BEN),))
    ward.log._file.commit()
    ward.engine.keep_snapshot()
    ward.engine.recover()
    assert ward.engine.house.directory.get(ward.key(BEN)) == expected


MOMENTS = st.integers(0, 10 * 60)


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """One day for all examples."""
    ward = Hospital(tmp_path_factory.mktemp("yesterday") / "house", kit=KIT)
    a_day(ward)
    yield ward
    ward.abandon()


@settings(max_examples=40, deadline=None)
@given(minute=MOMENTS)
def test_ft26_the_past_is_what_had_been_recorded_by_then(yesterday: Hospital, minute: int) -> None:
    """Folding the log as of a moment equals folding the events that were recorded by that moment."""
    ward = yesterday
    moment = MORNING + hours(minute / 60)
    links = ward.engine.house.links.as_of(moment)
    for patient in (ADA, OLD, BEN):
        person = links.survivor(ward.key(patient))
        known = timeline_as_of(ward.log, ward.key(patient), moment)
        records = {scope.record for scope in links.scopes(person)}
        recorded = [event for event in ward.events() if event.about in records and event.recorded_at <= moment]
        assert known.about == person
        assert _observed(known.observations) == _observed(type(known)(person).apply_all(recorded).observations)
        assert known.place == type(known)(person).apply_all(recorded).place


def _observed(observations) -> dict[str, list[Event]]:  # type: ignore[no-untyped-def]
    return {name: observations.of(name) for name in observations if observations.of(name)}
