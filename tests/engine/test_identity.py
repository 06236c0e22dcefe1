"""Which records are one person: the same links whatever order merges, partings and moves arrive in."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import event, hours
from wardline.core.errors import Conflict
from wardline.core.events import Event, Merged, Moved, Unmerged
from wardline.engine.identity import Links


def at(hour: float) -> datetime:
    return MORNING + hours(hour)


def merged(survivor: str, retired: str, *, stated: float = 1) -> Event:
    return event(Merged(retired, at(stated)), about=survivor, at=at(stated))


def parted(one: str, other: str, *, stated: float = 2) -> Event:
    return event(Unmerged(other, at(stated)), about=one, at=at(stated))


def moved(visit: str, *, origin: str, target: str, stated: float = 1) -> Event:
    return event(Moved(visit, origin, at(stated)), about=target, at=at(stated))


def folded(*events: Event) -> Links:
    links = Links()
    for each in events:
        links.apply(each)
    return links


def test_a_record_nobody_linked_is_its_own_person() -> None:
    links = Links()
    assert (links.survivor("a"), links.records("a"), links.reader_of("a", "V1")) == ("a", ["a"], "a")


def test_a_chain_of_merges_ends_at_its_last_record() -> None:
    links = folded(merged("b", "a"), merged("c", "b"))
    assert links.survivor("a") == "c"
    assert links.records("c") == ["c", "b", "a"]


def test_of_two_merges_of_one_record_the_later_stated_stands() -> None:
    first, second = merged("b", "a", stated=1), merged("c", "a", stated=2)
    assert folded(first, second).survivor("a") == folded(second, first).survivor("a") == "c"


def test_parting_from_the_later_survivor_brings_back_the_earlier_one() -> None:
    links = folded(merged("b", "a", stated=1), merged("c", "a", stated=2), parted("c", "a", stated=3))
    assert links.survivor("a") == "b"


def test_a_parting_takes_back_only_that_pair() -> None:
    assert folded(parted("x", "a", stated=2), merged("b", "a", stated=1)).survivor("a") == "b"


def test_a_merge_stated_before_a_parting_stays_taken_back_when_it_comes_late() -> None:
    assert folded(parted("b", "a", stated=2), merged("b", "a", stated=1)).survivor("a") == "a"


@pytest.mark.parametrize("merges", [[("a", "b"), ("b", "a")], [("b", "a"), ("c", "b"), ("a", "c")], [("a", "a")]])
def test_merges_that_would_close_a_circle_are_a_conflict(merges: list[tuple[str, str]]) -> None:
    with pytest.raises(Conflict, match="circle"):
        Links().check(merges)
    with pytest.raises(Conflict):
        folded(*(merged(survivor, retired) for survivor, retired in merges[:-1])).check(merges[-1:])


def test_merges_without_a_circle_are_fine_in_one_message() -> None:
    folded(merged("b", "a")).check([("c", "b"), ("d", "c"), ("d", "x")])


def test_a_moved_visit_is_read_by_its_new_person_alone() -> None:
    links = folded(moved("V1", origin="a", target="b"))
    assert (links.reader_of("a", "V1"), links.reader_of("a", "V2"), links.reader_of("a", "")) == ("b", "a", "a")
    (own,), (other, taken) = links.scopes("a"), links.scopes("b")
    assert own.without == {"V1"}
    assert (other.record, taken.record, taken.only) == ("b", "a", {"V1"})


def test_a_visit_that_moved_back_is_where_it_was() -> None:
    there, back = moved("V1", origin="a", target="b", stated=1), moved("V1", origin="b", target="a", stated=2)
    for links in (folded(there, back), folded(back, there)):
        assert links.reader_of("a", "V1") == links.reader_of("b", "V1") == "a"


def test_the_links_of_a_past_moment_are_those_recorded_by_then() -> None:
    links = folded(merged("b", "a", stated=1), parted("b", "a", stated=2))
    assert [links.as_of(at(hour)).survivor("a") for hour in (0.5, 1, 1.5, 2)] == ["a", "b", "b", "a"]


def test_links_come_back_from_a_snapshot_as_they_were() -> None:
    links, again = folded(merged("b", "a"), parted("b", "a"), moved("V1", origin="a", target="c")), Links()
    again.load(links.dump())
    assert again.dump() == links.dump()
    assert again.reader_of("a", "V1") == "c"


RECORDS = "abcde"
STATED = st.integers(0, 1_000_000).map(lambda second: second / 3600)
PAIRS = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS)).filter(lambda pair: pair[0] < pair[1])
"""A record is only ever merged into one before it in the alphabet, so that there is no circle to refuse."""
LINKS = st.one_of(
    st.tuples(st.just("merged"), PAIRS, STATED), st.tuples(st.just("parted"), PAIRS, STATED), st.tuples(st.just("moved"), PAIRS, STATED)
)  # fmt: skip


def linked(kind: str, pair: tuple[str, str], stated: float) -> Event:
    if kind == "merged":
        return merged(*pair, stated=stated)
    return parted(*pair, stated=stated) if kind == "parted" else moved("V1", origin=pair[1], target=pair[0], stated=stated)


@given(st.lists(LINKS, max_size=8, unique_by=lambda drawn: drawn[2]), st.randoms(use_true_random=False))
def test_the_same_statements_in_any_order_make_the_same_persons(drawn: list[tuple[str, tuple[str, str], float]], random: Any) -> None:
    events = [linked(*each) for each in drawn]
    shuffled = list(events)
    random.shuffle(shuffled)
    in_order, out_of_order = folded(*events), folded(*shuffled)
    for record in RECORDS:
        assert in_order.survivor(record) == out_of_order.survivor(record)
        assert in_order.records(record) == out_of_order.records(record)
        assert in_order.reader_of(record, "V1") == out_of_order.reader_of(record, "V1")


@given(st.lists(LINKS, max_size=8))
def test_every_record_belongs_to_exactly_one_person(drawn: list[tuple[str, tuple[str, str], float]]) -> None:
    links = folded(*(linked(*each) for each in drawn))
    persons = {links.survivor(record) for record in RECORDS}
    owned = [record for person in persons for record in links.records(person)]
    assert sorted(owned) == sorted({*RECORDS})


@given(st.lists(LINKS, max_size=8), st.sampled_from(RECORDS), st.sampled_from(["V1", "V2", ""]))
def test_every_event_is_read_by_exactly_one_person(drawn: list[tuple[str, tuple[str, str], float]], record: str, visit: str) -> None:
    links = folded(*(linked(*each) for each in drawn))
    result = event(Merged("x"), about=record, encounter=visit)
    persons = {links.survivor(each) for each in RECORDS}
    readers = [person for person in persons for scope in links.scopes(person) if scope.record == record and scope.includes(result)]
    assert readers == [links.reader_of(record, visit)]
