"""What every clock must keep to: it says an aware time in UTC and never goes back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from wardline.adapters.embedded.clocks import LARGEST_LEAP, LATEST, FeedClock, WallClock
from wardline.core.errors import Refused
from wardline.core.ports import Clock

ADAPTERS: dict[str, Callable[[], Clock]] = {"wall": WallClock, "feed": FeedClock}
SECOND = timedelta(seconds=1)


@pytest.fixture(params=sorted(ADAPTERS))
def clock(request: pytest.FixtureRequest) -> Clock:
    return ADAPTERS[request.param]()


def test_a_clock_says_which_kind_it_is(clock: Clock, request: pytest.FixtureRequest) -> None:
    assert clock.kind in ("wall", "feed")


def test_the_present_is_an_aware_time_in_utc(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta(0)


@given(st.lists(st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 20), timezones=st.just(UTC)), max_size=20))
def test_whatever_senders_say_a_clock_never_goes_back(stated: list[datetime]) -> None:
    for make in ADAPTERS.values():
        clock = make()
        last = clock.now()
        for at in stated:
            clock.heard(at)
            assert clock.now() >= last
            last = clock.now()


# The wall clock ----------------------------------------------------------------------------------------------------------------


class Machine:
    """A machine whose time can be set, and which counts the seconds it runs."""

    def __init__(self) -> None:
        self.time, self.seconds = MORNING, 0.0

    def run(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds

    def clock(self) -> WallClock:
        return WallClock(lambda: self.time, lambda: self.seconds)


def test_the_wall_clock_is_the_machine_s_time() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.run(10)
    assert clock.now() == MORNING + 10 * SECOND
    assert abs(WallClock().now() - datetime.now(UTC)) < SECOND


@pytest.mark.parametrize("back", [1, 3600, 86_400])
def test_set_back_the_wall_clock_goes_on_at_half_pace_until_the_machine_has_caught_up(back: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time -= back * SECOND
    assert clock.now() == MORNING
    machine.run(back)
    assert clock.now() == MORNING + back / 2 * SECOND
    machine.run(back)
    assert clock.now() == machine.time == MORNING + back * SECOND
    machine.run(5)
    assert clock.now() == machine.time


@pytest.mark.parametrize("forward", [1, 3600, 86_400])
def test_set_forward_the_wall_clock_follows(forward: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time += forward * SECOND
    assert clock.now() == machine.time


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(-5000, 5000)), max_size=20))
def test_however_the_machine_s_time_is_set_the_wall_clock_moves_on_and_never_too_slowly(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock = machine.clock()
    last = clock.now()
    for seconds, set_by in steps:
        machine.time += set_by * SECOND
        clock.now()
        before = max(last, clock.now())
        machine.run(seconds)
        last = clock.now()
        assert last >= machine.time
        assert last - before >= (seconds / 2) * SECOND - timedelta(microseconds=2)


# The feed clock ------------------------------------------------------------------------------------------------------------------


def test_the_feed_clock_is_the_latest_time_a_message_stated() -> None:
    clock = FeedClock()
    for hour in (1, 5, 3):
        clock.heard(MORNING + timedelta(hours=hour))
    assert clock.now() == MORNING + timedelta(hours=5)


def test_one_wrong_year_does_not_end_the_day_for_everybody() -> None:
    clock = FeedClock(MORNING)
    with pytest.raises(Refused) as refused:
        clock.heard(MORNING + LARGEST_LEAP + SECOND)
    assert (refused.value.code, refused.value.where, clock.now()) == ("clock-leap", "MSH-7", MORNING)
    clock.heard(MORNING + LARGEST_LEAP)
    assert clock.now() == MORNING + LARGEST_LEAP


def test_a_feed_may_begin_in_the_shifted_dates_of_a_data_set_and_not_at_the_end_of_time() -> None:
    clock = FeedClock()
    with pytest.raises(Refused):
        clock.heard(LATEST + SECOND)
    clock.heard(datetime(2178, 5, 6, tzinfo=UTC))
    assert clock.now().year == 2178
