"""Whose patient somebody still is: units lately left, people assigned; folded from movements that may come in any order."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from support.clocks import MORNING
from support.events import admitted, discharged, event, transferred
from wardline.core.events import Assigned, Erased, Event
from wardline.core.people import Person
from wardline.security.authorisation.whereabouts import LONGEST, Whereabouts

HOUR = timedelta(hours=1)
ALWAYS = datetime.min.replace(tzinfo=MORNING.tzinfo)


def _after(*events: Event) -> Whereabouts:
    folded = Whereabouts()
    for each in events:
        folded.apply(each)
    return folded


def test_a_unit_is_left_when_the_patient_is_moved_on() -> None:
    folded = _after(admitted("7A"), transferred("8B", at=MORNING + HOUR))

    assert folded.left_since("ada", MORNING + HOUR) == {"7A"}
    assert folded.left_since("ada", MORNING + HOUR + timedelta(seconds=1)) == frozenset()


def test_nothing_is_left_while_the_patient_stays() -> None:
    assert _after(admitted("7A"), transferred("7A", at=MORNING + HOUR)).left_since("ada", ALWAYS) == frozenset()


def test_a_discharge_leaves_the_last_unit() -> None:
    folded = _after(admitted("7A"), transferred("8B", at=MORNING + HOUR), discharged(at=MORNING + 2 * HOUR))

    assert folded.left_since("ada", MORNING + 2 * HOUR) == {"8B"}
    assert folded.left_since("ada", MORNING) == {"7A", "8B"}


def test_a_movement_that_comes_late_tells_where_the_patient_had_been() -> None:
    folded = _after(transferred("8B", at=MORNING + HOUR), admitted("7A", at=MORNING))

    assert folded.left_since("ada", MORNING + HOUR) == {"7A"}


def test_assignments_replace_each_other_by_role_and_can_be_taken_back() -> None:
    folded = _after(event(Assigned("nurse", "Amelia Brandt")), event(Assigned("doctor", "Helen Vance")), event(Assigned("nurse", "Grace Mwangi")))
    assert _assigned(folded) == {"Grace Mwangi", "Helen Vance"}

    folded.apply(event(Assigned("nurse", "")))
    assert _assigned(folded) == {"Helen Vance"}


def _assigned(folded: Whereabouts) -> set[str]:
    people = ("Amelia Brandt", "Helen Vance", "Grace Mwangi")
    return {name for name in people if folded.is_assigned(Person(name.lower(), name, frozenset()), "ada", None)}


def test_who_has_the_account_is_assigned_and_who_only_has_the_same_name_is_not() -> None:
    one, other = (Person(id, "Kim Ward", frozenset()) for id in ("kim1", "kim2"))
    folded = _after(event(Assigned("nurse", "Kim Ward", "kim1")))

    assert folded.is_assigned(one, "ada", None)
    assert not folded.is_assigned(other, "ada", None)
    assert not folded.is_assigned(one, "ada", MORNING + HOUR)


def test_a_snapshot_from_before_assignments_had_accounts_is_read() -> None:
    folded = Whereabouts()
    folded.load([MORNING.date().isoformat(), [], [], [["ada", [["nurse", "Kim Ward", MORNING]]]]])

    assert folded.is_assigned(Person("kim1", "Kim Ward", frozenset()), "ada", None)
    kept = Whereabouts()
    kept.load(folded.dump())
    assert kept.dump() == folded.dump()


def test_what_is_older_than_anybody_may_ask_is_dropped() -> None:
    folded = _after(admitted("7A"), discharged(at=MORNING + HOUR))
    folded.apply(event(Assigned("nurse", "A"), about="ben", at=MORNING + HOUR + LONGEST + timedelta(days=1)))

    assert folded.left_since("ada", ALWAYS) == frozenset()
    assert [record for record, *_ in folded.dump()[2]] == []


def test_an_erased_record_is_not_remembered() -> None:
    folded = _after(
        admitted("7A"), event(Assigned("nurse", "A")), transferred("8B", at=MORNING + HOUR), event(Erased("r", ("ada",)), about="privacy/erasures")
    )

    assert "ada" not in str(folded.dump())


@given(some.lists(some.tuples(some.sampled_from(["7A", "8B", "9C", ""]), some.integers(0, 500)), max_size=15), some.integers(0, 15))
def test_kept_and_taken_up_again_it_is_the_same(moves: list[tuple[str, int]], at: int) -> None:
    events = [
        (transferred(unit, at=MORNING + hour * HOUR) if unit else discharged(at=MORNING + hour * HOUR)) for unit, hour in moves
    ]  # fmt: skip
    whole = _after(*events)
    halfway = _after(*events[:at])
    again = Whereabouts()
    again.load(halfway.dump())
    for each in events[at:]:
        again.apply(each)

    assert again.dump() == whole.dump()
