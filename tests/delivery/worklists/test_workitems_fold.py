"""Workitems and who follows them, folded from events: the same after a restart, gone when their patient is erased."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.events import Erased, Event, Value, WorkitemStated, WorklistWatched
from wardline.delivery.worklists.workitem_steps import Gone, found
from wardline.delivery.worklists.workitems import ABOUT, ENDED, FILTERED, SUBSCRIBED, SUSPENDED, WORKLIST, Workitems, filter_of
from wardline.formats.dicom import ups
from wardline.formats.dicom.matching import Condition

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
URGENT = filter_of([Condition(ups.PRIORITY, "CS", "single", ("HIGH",))])


def event(value: Value, about: str = "ada", *, id: int = 1, days: float = 0) -> Event:
    at = NOON + timedelta(days=days)
    return Event(value, about, at, at, id=id)


def stated(uid: str = "1.1", state: str = ups.SCHEDULED, priority: str = "LOW") -> WorkitemStated:
    attributes = {ups.STATE: ups.element("CS", state), ups.PRIORITY: ups.element("CS", priority)}
    return WorkitemStated(uid, state, json.dumps(attributes), ("9.9",), events=(1,))


def watched(workitem: str = WORKLIST, state: str = SUBSCRIBED, *, title: str = "RIS", lock: bool = False, filter: str = "") -> WorklistWatched:
    return WorklistWatched(title, workitem, state, lock, filter, "u1")


def folded(*values: Value | Event) -> Workitems:
    workitems = Workitems()
    for number, each in enumerate(values, 1):
        workitems.apply(each if isinstance(each, Event) else event(each, ABOUT if isinstance(each, WorklistWatched) else "ada", id=number))
    return workitems


def test_a_claim_is_known_by_the_event_that_made_it() -> None:
    workitems = folded(stated(), stated(state=ups.IN_PROGRESS), stated(state=ups.IN_PROGRESS))
    assert workitems.all["1.1"].claimed == 2
    assert [each.uid for each in workitems.of_studies("9.9")] == ["1.1"]


def test_whoever_follows_the_worklist_follows_what_is_there_and_what_comes() -> None:
    workitems = folded(stated("1.1"), watched(), stated("1.2"))
    assert (workitems.told_of("1.1"), workitems.told_of("1.2")) == (["RIS"], ["RIS"])


def test_a_suspended_subscription_keeps_what_it_has_and_gets_nothing_new() -> None:
    workitems = folded(stated("1.1"), watched(), watched(state=SUSPENDED), stated("1.2"))
    assert (workitems.told_of("1.1"), workitems.told_of("1.2")) == (["RIS"], [])


def test_an_ended_subscription_hears_nothing_and_leaves_nothing_behind() -> None:
    workitems = folded(stated("1.1"), watched("1.1"), watched(), watched(state=ENDED), stated("1.2"))
    assert (workitems.told_of("1.1"), workitems.subscribers) == ([], {})


def test_what_is_said_of_one_workitem_goes_before_what_is_said_of_all() -> None:
    workitems = folded(stated("1.1"), watched(), watched("1.1", ENDED), stated("1.2"), stated("1.1", ups.IN_PROGRESS))
    assert (workitems.told_of("1.1"), workitems.told_of("1.2")) == ([], ["RIS"])


def test_a_lock_on_one_workitem_outlasts_a_subscription_to_all() -> None:
    workitems = folded(stated("1.1"), watched("1.1", lock=True), watched())
    assert workitems.subscribers["RIS"].of == {"1.1": True}


def test_a_filtered_subscription_follows_only_what_matches() -> None:
    workitems = folded(stated("1.1"), stated("1.2", priority="HIGH"), watched(FILTERED, filter=URGENT), stated("1.3"), stated("1.4", priority="HIGH"))
    assert [uid for uid in ("1.1", "1.2", "1.3", "1.4") if workitems.told_of(uid)] == ["1.2", "1.4"]


def test_what_was_finished_is_kept_a_week_and_longer_while_somebody_holds_it() -> None:
    over = [event(stated(uid, ups.COMPLETED), days=0) for uid in ("1.1", "1.2")]
    before = folded(stated("1.1"), stated("1.2"), watched("1.2", lock=True), *over, event(stated("1.3"), days=6.9))
    assert set(before.all) == {"1.1", "1.2", "1.3"}

    before.apply(event(stated("1.4"), days=7.1))
    assert set(before.all) == {"1.2", "1.3", "1.4"}
    with pytest.raises(Gone):
        found(before, "1.1")


def test_of_an_erased_patient_nothing_is_known() -> None:
    workitems = folded(stated("1.1"), event(stated("1.2"), "ben"), watched("1.1"), event(stated("1.3", ups.COMPLETED)))
    workitems.apply(event(stated("1.4"), "ben", days=8))
    assert "1.3" in workitems.gone

    workitems.apply(event(Erased("e1", ("ada",)), ABOUT))
    assert (set(workitems.all), workitems.gone, workitems.subscribers) == ({"1.2", "1.4"}, {}, {})
    assert "ada" not in str(workitems.dump())


_UIDS = st.sampled_from(["1.1", "1.2", "1.3"])
_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.builds(stated, _UIDS, st.sampled_from([ups.SCHEDULED, ups.IN_PROGRESS, ups.COMPLETED]), st.sampled_from(["LOW", "HIGH"])),
    st.builds(
        watched, st.one_of(_UIDS, st.just(WORKLIST)), st.sampled_from([SUBSCRIBED, SUSPENDED, ENDED]), title=st.sampled_from(["RIS", "PACS"]),
        lock=st.booleans(),
    ),
    st.builds(lambda lock: watched(FILTERED, lock=lock, filter=URGENT), st.booleans()),
)  # fmt: skip


@given(st.lists(st.tuples(_VALUES, st.floats(0, 20)), max_size=25))
def test_a_snapshot_is_the_fold(said: list[tuple[Value, float]]) -> None:
    events = [event(value, id=number, days=days) for number, (value, days) in enumerate(sorted(said, key=lambda each: each[1]), 1)]
    whole, halfway = folded(*events), folded(*events[: len(events) // 2])
    restored = Workitems()
    restored.load(msgspec.msgpack.decode(msgspec.msgpack.encode(halfway.dump())))  # as snapshots are written
    for each in events[len(events) // 2 :]:
        restored.apply(each)
    assert restored.dump() == whole.dump()
