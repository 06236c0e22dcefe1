"""A policy is tried beside a hospital at work: what is recorded meanwhile must not make the two policies look different."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from wardline.app.simulating import comparison
from wardline.core.events import Admitted, Event
from wardline.core.ports import EventLog, Step
from wardline.delivery.policy import default_policy

MORNING = datetime(2026, 11, 14, 6, tzinfo=UTC)
TODAY = default_policy()


class GrowingLog:
    """The far side of a wire: a log to which another process adds an admission each time it is read."""

    def __init__(self) -> None:
        self.read = 0

    def steps(self, after: int = 0) -> Iterator[Step]:
        self.read += 1
        for seq in range(1, self.read + 2):
            at = MORNING + timedelta(hours=seq)
            event = Event(Admitted(f"visit {seq}", "Ward 7", bed=str(seq), patient_class="I"), f"patient {seq}", at, at, id=seq * 4096)
            yield Step(seq, at, None, ((f"patient {seq}", (event,)),))


def compared(since: datetime | None = None) -> tuple[int, int]:
    log: EventLog = GrowingLog()  # type: ignore[assignment]
    result = comparison(log, TODAY, TODAY, since, None)
    assert result.today.until == result.proposed.until
    return result.today.patients, result.proposed.patients


def test_both_policies_are_replayed_over_the_same_steps() -> None:
    assert compared() == (2, 2)


def test_where_nothing_was_recorded_in_the_time_asked_for_there_is_nothing_for_either() -> None:
    assert compared(since=MORNING + timedelta(hours=3)) == (0, 0)
