"""SEC-2, emergency access: a reason, one patient, a short time that ends exactly, and one review of each by somebody else."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from support.clocks import MORNING
from wardline.core.errors import Conflict, NotAllowed, NotFound, Refused
from wardline.core.events import Erased, Event
from wardline.core.statements import Statement
from wardline.security.emergency import ASKED, LONGEST, REASONS, Emergencies

TWO_HOURS = timedelta(hours=2)
SECOND = timedelta(seconds=1)


class Night:
    """The reaction, and acts recorded on it as the engine would."""

    def __init__(self) -> None:
        self.kept = Emergencies()
        self.log: list[Event] = []

    def record(self, statements: list[Statement], actor: str) -> None:
        for each in statements:
            event = Event(each.value, each.about, each.occurred_at, each.occurred_at, actor=actor)
            self.log.append(event)
            self.kept.apply(event)

    def open(
        self, id: str = "g1", *, about: str = "ada", person: str = "nurse", at: datetime = MORNING, length: timedelta = TWO_HOURS, **said: str
    ) -> None:
        wanted = {"reason": "called", "note": ""} | said
        self.record(self.kept.open(id, about, person=person, now=at, length=length, moment=at, **wanted), person)

    def end(self, *, about: str = "ada", person: str = "nurse", at: datetime) -> None:
        self.record(self.kept.end(lambda record: record, about, person=person, now=at, moment=at), person)

    def review(self, id: str = "g1", *, verdict: str = "justified", note: str = "", by: str = "privacy", at: datetime = MORNING) -> None:
        self.record(self.kept.review(id, verdict=verdict, note=note, by=by, now=at, moment=at), by)

    def open_at(self, at: datetime, person: str = "nurse") -> set[str]:
        return {grant.about for grant in self.kept.open_of(person, at)}


@pytest.fixture
def night() -> Night:
    return Night()


def test_it_is_open_for_two_hours_and_not_a_moment_longer(night: Night) -> None:
    night.open()

    assert night.open_at(MORNING) == night.open_at(MORNING + TWO_HOURS - timedelta(microseconds=1)) == {"ada"}
    assert night.open_at(MORNING + TWO_HOURS) == set()


def test_nobody_else_gets_in_by_it_and_no_other_patient_is_opened(night: Night) -> None:
    night.open()

    assert night.open_at(MORNING, "doctor") == set()
    assert "ben" not in night.open_at(MORNING)


def test_it_never_lasts_longer_than_four_hours_whatever_was_set(night: Night) -> None:
    night.open(length=timedelta(days=1))

    assert timedelta(hours=4) == LONGEST
    assert night.kept.grants["g1"].until == MORNING + LONGEST


@pytest.mark.parametrize(("said", "words"), [({"reason": "curious"}, "the reason is one of"), ({"reason": "other", "note": "  "}, "in a few words")])
def test_without_a_reason_it_is_not_opened(night: Night, said: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        night.open(**said)
    assert night.kept.grants == {}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_each_reason_opens_it(night: Night, reason: str) -> None:
    night.open(reason=reason, note="stood in for the night doctor")

    assert night.open_at(MORNING) == {"ada"}


def test_it_is_opened_once_at_a_time(night: Night) -> None:
    night.open()
    with pytest.raises(Conflict):
        night.open("g2")

    night.open("g3", at=MORNING + TWO_HOURS)
    assert night.open_at(MORNING + TWO_HOURS) == {"ada"}


def test_whoever_opened_it_closes_it_at_once(night: Night) -> None:
    night.open()
    night.end(at=MORNING + SECOND)

    assert night.open_at(MORNING + SECOND) == set()
    with pytest.raises(NotFound):
        night.end(at=MORNING + 2 * SECOND)


def test_nobody_judges_what_they_did_themselves(night: Night) -> None:
    night.open(person="both")
    with pytest.raises(NotAllowed, match="somebody else"):
        night.review(by="both")
    assert night.kept.grants["g1"].waits


def test_a_question_keeps_it_in_the_queue_until_it_is_judged(night: Night) -> None:
    night.open()
    night.review(verdict=ASKED, note="Who called you?")
    assert night.kept.grants["g1"].waits

    night.review(verdict="not justified", note="Nobody had.")
    assert not night.kept.grants["g1"].waits
    assert [review.verdict for review in night.kept.grants["g1"].reviews] == [ASKED, "not justified"]
    with pytest.raises(Conflict, match="judged already"):
        night.review()


@pytest.mark.parametrize("verdict", ["not justified", ASKED])
def test_a_verdict_that_has_consequences_says_why(night: Night, verdict: str) -> None:
    night.open()
    with pytest.raises(Refused, match="few words"):
        night.review(verdict=verdict)


def test_what_does_not_exist_is_not_judged(night: Night) -> None:
    with pytest.raises(NotFound):
        night.review("g9")


def test_with_the_record_goes_what_was_said_about_it(night: Night) -> None:
    night.open(note="Ada fell on the stairs")
    night.open("g2", about="ben")
    night.kept.apply(Event(Erased("r1", ("ada",)), "privacy/erasures", MORNING, MORNING))

    assert set(night.kept.grants) == {"g2"}
    assert "stairs" not in str(night.kept.dump())


acts = some.lists(
    some.tuples(
        some.sampled_from(["open", "end", "judge"]), some.sampled_from(["nurse", "doctor"]), some.sampled_from(["ada", "ben"]),
        some.sampled_from(["justified", ASKED]), some.integers(0, 14_400),
    ),
    max_size=30,
)  # fmt: skip


@given(acts)
def test_each_grant_is_one_item_of_the_queue_until_it_is_judged_and_a_rebuild_says_the_same(wanted: list[tuple[str, str, str, str, int]]) -> None:
    night, now = Night(), MORNING
    for number, (act, person, about, verdict, seconds) in enumerate(wanted):
        now += timedelta(seconds=seconds)
        try:
            if act == "open":
                night.open(f"g{number}", about=about, person=person, at=now)
            elif act == "end":
                night.end(about=about, person=person, at=now)
            else:
                night.review(next(iter(night.kept.grants), "none"), verdict=verdict, note="asked", at=now)
        except (Conflict, NotFound):
            continue
        for each in ("nurse", "doctor"):
            opened = [grant.about for grant in night.kept.open_of(each, now)]
            assert len(opened) == len(set(opened))

    opened = [event.value.grant for event in night.log if event.kind == "EmergencyOpened"]
    judged = {event.value.grant for event in night.log if event.kind == "EmergencyReviewed" and event.value.verdict != ASKED}
    assert sorted(night.kept.grants) == sorted(opened)
    assert {id for id, grant in night.kept.grants.items() if grant.waits} == set(opened) - judged

    rebuilt, again = Emergencies(), Emergencies()
    for event in night.log:
        rebuilt.apply(event)
    again.load(night.kept.dump())
    assert rebuilt.dump() == again.dump() == night.kept.dump()
    assert all(list(again.open_of(person, now)) == list(night.kept.open_of(person, now)) for person in ("nurse", "doctor"))
