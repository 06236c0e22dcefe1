"""The clock of promises that must end: whatever the wall clock does, it only goes forward, and it never stands still."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from support.clocks import MORNING
from wardline.security.steady import SteadyClock


class Clocks:
    """A wall clock that jumps and a count of seconds that does not."""

    def __init__(self) -> None:
        self.wall = MORNING
        self.seconds = 1_000.0
        self.steady = SteadyClock(lambda: self.wall, lambda: self.seconds)

    def passes(self, seconds: float, *, jump: float = 0) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds + jump)


def test_it_is_the_wall_clock_while_nobody_touches_that() -> None:
    clocks = Clocks()
    clocks.passes(90)

    assert clocks.steady.now() == MORNING + timedelta(seconds=90)


def test_a_clock_set_back_does_not_lengthen_anything() -> None:
    clocks = Clocks()
    clocks.passes(60, jump=-3_600)

    assert clocks.steady.now() == MORNING + timedelta(seconds=60)


def test_a_clock_set_forward_and_back_again_does_not_stop_it() -> None:
    clocks = Clocks()
    clocks.passes(0, jump=3 * 3_600)
    ahead = clocks.steady.now()
    clocks.passes(60, jump=-3 * 3_600)

    assert clocks.steady.now() == ahead + timedelta(seconds=60)


def test_after_a_restart_it_goes_on_from_what_was_said_before() -> None:
    clocks = Clocks()
    clocks.steady.heard(MORNING + timedelta(hours=1))

    assert clocks.steady.now() == MORNING + timedelta(hours=1)


@given(some.lists(some.tuples(some.floats(0, 10_000), some.floats(-100_000, 100_000)), max_size=20))
def test_it_goes_at_least_as_fast_as_time_itself_and_never_back(passing: list[tuple[float, float]]) -> None:
    clocks = Clocks()
    before = clocks.steady.now()
    for seconds, jump in passing:
        clocks.passes(seconds, jump=jump)
        now = clocks.steady.now()
        assert now - before >= timedelta(seconds=seconds) - timedelta(milliseconds=1)
        before = now
