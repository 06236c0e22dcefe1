"""FT-31: a feed that stops talking is noticed, by what the hour usually brings or by its recent pace; a quiet night is not an outage."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import oracle
from support.clocks import MORNING, ManualClock
from support.events import event
from support.fixtures import OpenHospital
from support.hospital import Hospital
from support.messages import ADA, WELL, Obx, oru, vitals
from wardline.core.events import Event, Heard, Silent
from wardline.core.ports import MessageRecord
from wardline.core.statements import Fate
from wardline.engine.feeds import Feed, FeedWatch
from wardline.engine.habits import AT_LEAST, LEARNING, LONGEST_SILENCE, MISSED, SHORTEST_SILENCE

MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)


def heard(watch: FeedWatch, at: datetime, name: str = "LAB") -> Feed:
    watch.heard(MessageRecord(name, f"{name}|HOSP", "1", b"", b"", Fate("stored", 1, at)), at)
    return watch.feeds[name]


def by_day(watch: FeedWatch, weeks: int, *, start: datetime = MORNING, gap: timedelta = MINUTE) -> Feed:
    """A feed that talks from eight to six and is quiet at night, in evenly spaced messages."""
    at, end = start, start + timedelta(weeks=weeks)
    while at < end:
        if 8 <= at.hour < 18:
            heard(watch, at)
        at += gap
    return watch.feeds["LAB"]


def test_ft31_a_feed_is_missed_at_its_recent_pace_while_its_habits_are_not_known() -> None:
    watch = FeedWatch()
    for minute in range(LEARNING + 1):
        feed = heard(watch, MORNING + minute * MINUTE)
    assert feed.patience() == MISSED * MINUTE


def test_ft31_a_feed_of_which_little_is_known_is_given_time() -> None:
    watch = FeedWatch()
    feed = heard(watch, MORNING)
    assert feed.patience() == LONGEST_SILENCE


def test_ft31_a_busy_feed_is_not_missed_within_minutes() -> None:
    watch = FeedWatch()
    for second in range(600):
        feed = heard(watch, MORNING + timedelta(seconds=second))
    assert feed.patience() == SHORTEST_SILENCE


def test_ft31_at_the_end_of_the_day_a_feed_that_is_quiet_at_night_is_not_missed() -> None:
    feed = by_day(FeedWatch(), weeks=3)
    assert feed.last_at.hour == 17
    next_day = feed.last_at.replace(hour=8, minute=0) + timedelta(days=1)
    assert next_day < feed.due_at <= next_day + 2 * MISSED * MINUTE


def test_ft31_during_the_day_the_same_feed_is_missed_after_eight_messages() -> None:
    watch = FeedWatch()
    by_day(watch, weeks=3)
    last = MORNING + timedelta(weeks=3, hours=2)
    for minute in range(121):
        feed = heard(watch, MORNING + timedelta(weeks=3) + minute * MINUTE)
    assert feed.last_at == last
    assert feed.patience() == MISSED * MINUTE


def test_ft31_the_baseline_is_what_that_hour_of_the_week_usually_brings() -> None:
    feed = by_day(FeedWatch(), weeks=4)
    monday_ten, monday_three = MORNING.replace(hour=10), MORNING.replace(hour=3)
    assert feed.expected_per_hour(monday_ten) == pytest.approx(60)
    assert feed.expected_per_hour(monday_three) == 0


def test_ft31_an_outage_does_not_become_what_is_usual() -> None:
    watch = FeedWatch()
    feed = by_day(watch, weeks=4)
    watch.apply(_silent(feed))
    heard(watch, feed.last_at + timedelta(weeks=1))
    assert feed.expected_per_hour(MORNING.replace(hour=10)) == pytest.approx(60)


def test_ft31_a_feed_that_changes_its_habits_is_known_by_the_new_ones() -> None:
    watch = FeedWatch()
    by_day(watch, weeks=4)
    feed = by_day(watch, weeks=16, start=MORNING + timedelta(weeks=4), gap=10 * MINUTE)
    assert feed.expected_per_hour(MORNING.replace(hour=10)) == pytest.approx(6, abs=8)


def test_ft31_nineteen_pauses_are_too_few_to_judge_a_feed() -> None:
    watch = FeedWatch()
    for minute in range(LEARNING):
        feed = heard(watch, MORNING + minute * MINUTE)
    assert feed.patience() == LONGEST_SILENCE


def bursts(dice: Random) -> list[datetime]:
    """A laboratory: some fifteen results within half a minute, then nothing until the next run is done, 25 minutes on average."""
    at, spoken = MORNING, []
    while at < MORNING + WEEK:
        for _ in range(dice.randint(8, 22)):
            at += timedelta(seconds=dice.expovariate(1 / 2))
            spoken.append(at)
        at += timedelta(seconds=dice.expovariate(1 / 1500))
    return spoken


def rounds(dice: Random) -> list[datetime]:
    """A ward: some fifteen charts within four minutes, every four hours or so."""
    at, spoken = MORNING, []
    while at < MORNING + WEEK:
        spoken.extend(at + timedelta(seconds=dice.uniform(0, 240)) for _ in range(dice.randint(8, 18)))
        at += timedelta(hours=dice.uniform(3.5, 4.5))
    return sorted(spoken)


def at_random(dice: Random) -> list[datetime]:
    """A department: a message a minute on average, at random."""
    at, spoken = MORNING, []
    while at < MORNING + WEEK:
        at += timedelta(seconds=dice.expovariate(1 / 60))
        spoken.append(at)
    return spoken


def alarms(watch: FeedWatch, spoken: list[datetime]) -> list[datetime]:
    """When the feed was called silent, although it was about to speak."""
    called = []
    for at in spoken:
        feed = watch.feeds.get("LAB")
        if feed is not None and feed.due_at <= at:
            called.append(feed.due_at)
            watch.apply(_silent(feed))
        heard(watch, at)
        watch.apply(event(Heard("LAB"), about="feed/LAB", at=at))
    return called


@pytest.mark.parametrize("seed", [4, 14, 17, 19])
@pytest.mark.parametrize("habit", [bursts, rounds, at_random])
def test_ft31_a_feed_that_is_well_is_never_called_silent_over_a_week(habit: Callable[[Random], list[datetime]], seed: int) -> None:
    assert alarms(FeedWatch(), habit(Random(seed))) == []


@pytest.mark.parametrize("habit", [bursts, rounds, at_random])
def test_ft31_a_feed_that_stops_is_called_silent_when_its_stated_patience_ends(habit: Callable[[Random], list[datetime]]) -> None:
    watch = FeedWatch()
    alarms(watch, habit(Random(1)))
    feed = watch.feeds["LAB"]
    ends = feed.last_at + feed.patience()
    assert list(watch.tick(ends - timedelta(seconds=1), {})) == []  # type: ignore[arg-type]
    (called,) = watch.tick(ends, {})  # type: ignore[arg-type]
    assert called.value.since == feed.last_at
    assert feed.patience() < LONGEST_SILENCE


@given(pause=st.integers(min_value=2, max_value=25), minute=st.integers(min_value=0, max_value=19))
def test_ft31_patience_is_half_as_long_again_as_the_longest_pause_of_the_day_before_at_this_hour(pause: int, minute: int) -> None:
    watch = FeedWatch()
    start = MORNING.replace(minute=0)
    for each in range(24 * 60 + minute + 1):
        if not 20 < each % (24 * 60) < 20 + pause:
            feed = heard(watch, start + each * MINUTE)
    assert feed.patience() >= AT_LEAST * pause * MINUTE


def test_ft31_a_night_that_was_once_taken_for_an_outage_is_learnt_and_not_taken_for_one_again() -> None:
    watch = FeedWatch()
    minutes = (MORNING + minute * MINUTE for minute in range(21 * 24 * 60))
    called = alarms(watch, [at for at in minutes if 8 <= at.hour < 18])
    assert [each - MORNING < timedelta(days=1) for each in called] == [True]
    assert watch.feeds["LAB"].expected_per_hour(MORNING.replace(hour=3)) == 0


def test_ft31_the_results_of_one_run_are_not_the_pace_of_a_feed() -> None:
    """Sixty results within a minute, six minutes after the first."""
    watch = FeedWatch()
    heard(watch, MORNING)
    for second in range(60):
        feed = heard(watch, MORNING + 6 * MINUTE + timedelta(seconds=second))
    assert feed.patience() == LONGEST_SILENCE


def test_ft31_what_is_known_of_a_feed_survives_a_restart() -> None:
    watch, again = FeedWatch(), FeedWatch()
    by_day(watch, weeks=3)
    again.load(watch.dump())
    assert again.dump() == watch.dump()
    assert again.next_due() == watch.next_due()


def _silent(feed: Feed) -> Event:
    return event(Silent(feed.name, feed.last_at, 60.0), about=f"feed/{feed.name}", at=feed.last_at)


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    """Two feeds, one message a minute each, for half an hour."""
    hospital = open_hospital(clock=ManualClock(MORNING))
    for minute in range(30):
        hospital.clock.at = MORNING + minute * MINUTE
        hospital.send(vitals(ADA, WELL, at=hospital.clock.now()), oru(ADA, Obx("2823-3", 4.5), at=hospital.clock.now(), order=f"L{minute}"))
    return hospital


def test_ft31_only_the_feed_that_stopped_is_reported_and_only_once(ward: Hospital) -> None:
    for minute in range(30, 60):
        ward.clock.at = MORNING + minute * MINUTE
        ward.send(vitals(ADA, WELL, at=ward.clock.now()))
    (silent,) = ward.events(Silent)
    assert (silent.about, silent.value.feed, silent.value.since) == ("feed/LAB HOSP", "LAB HOSP", MORNING + 29 * MINUTE)
    assert silent.recorded_at == MORNING + 37 * MINUTE
    oracle.check(ward)


def test_ft31_a_feed_that_talks_again_is_reported_with_how_long_it_was_silent(ward: Hospital) -> None:
    for minute in (45, 60):
        ward.clock.at = MORNING + minute * MINUTE
        ward.turn()
    ward.send(oru(ADA, Obx("2823-3", 4.5), at=ward.clock.now(), order="late"))
    (heard_again,) = ward.events(Heard)
    assert heard_again.value.silent_seconds == 31 * 60
    assert ward.engine.house.feeds.feeds["LAB HOSP"].silent_since is None
    oracle.check(ward)


def test_ft31_silence_is_noticed_without_any_message_when_its_time_comes(ward: Hospital) -> None:
    due = ward.engine.house.feeds.next_due()
    assert due is not None
    ward.clock.at = due
    ward.turn()
    assert len(ward.events(Silent)) == 2
