"""Whose every study is, what was asked for and what was answered: folded from events, the same after a restart."""

from datetime import UTC, datetime, timedelta

import msgspec

from wardline.core.events import ELSEWHERE, Erased, Event, Found, Imaged, Ordered, Unplaced, Value
from wardline.delivery.worklists.studies import UNPLACED, Studies

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERIES = (("1.2.1", "CT", 2, "Low-dose CT", 300), ("1.2.2", "PT", 3, "PET", 299))


def event(value: Value, about: str = "elena", *, id: int = 1, hours: float = 0) -> Event:
    return Event(value, about, NOON + timedelta(hours=hours), NOON + timedelta(hours=hours), id=id)


def imaged(study: str = "1.2", state: str = "complete", journal: int = 1) -> Imaged:
    return Imaged(study, state, journal, ("CT", "PT"), "PET/CT", "RAD-77", 599, SERIES, "identity")


def found(study: str, capability: str = "image_quality", part: str = "", value: float = 0.94) -> Found:
    key = f"{study}/{part}" if part else study
    return Found(capability, "1", "abc", "finding", key, value, artefacts=(("quality", "application/json", "d1"),))


def folded(*events: Event) -> Studies:
    studies = Studies()
    for each in events:
        studies.apply(each)
    return studies


def test_a_study_is_filed_and_its_answers_are_known_by_capability() -> None:
    studies = folded(event(imaged()), event(found("1.2"), id=2), event(found("1.2", "pet_lesions", "L1"), id=3))

    assert studies.record_of("1.2") == "elena"
    answered = studies.answer("1.2", "image_quality")
    assert answered is not None
    assert (answered.value, answered.event, answered.artefacts) == (0.94, 2, {"quality": ("application/json", "d1")})
    assert set(studies.answers("1.2")) == {("image_quality", ""), ("pet_lesions", "L1")}


def test_answers_with_keys_that_are_no_study_are_not_taken_for_one() -> None:
    assert folded(event(Found("critical_values", "1", "x", "finding", "potassium", 7.1))).answers("potassium") == {}


def test_a_study_that_leaves_for_another_patient_takes_no_answer_along() -> None:
    studies = folded(
        event(imaged()), event(found("1.2"), id=2), event(imaged(state=ELSEWHERE, journal=2), id=3), event(imaged(journal=2), "bruno", id=4)
    )

    assert studies.record_of("1.2") == "bruno"
    assert studies.answers("1.2") == {}
    assert studies.of({"elena"}) == []


def test_an_older_statement_about_the_same_study_changes_nothing() -> None:
    studies = folded(event(imaged(journal=5)), event(imaged(state="arriving", journal=4), id=2))

    assert studies.placed["1.2"].imaged.state == "complete"
    assert studies.journal == 5


def test_a_study_waits_until_somebody_says_whose_it_is() -> None:
    studies = folded(event(Unplaced("1.2", "its sex is not that of the patient with this number", 3, ("elena",)), UNPLACED))
    assert studies.waiting["1.2"].unplaced.candidates == ("elena",)

    studies.apply(event(imaged(journal=3), id=2))
    assert studies.waiting == {}


def test_earlier_studies_are_those_begun_before_the_newest_first_over_all_records_of_the_person() -> None:
    studies = folded(
        event(imaged("1.1"), "old record", hours=-2000), event(imaged("1.2"), hours=-1000, id=2), event(imaged("1.3"), id=3),
        event(imaged("1.4"), hours=5, id=4),
    )  # fmt: skip

    assert [each.imaged.study for each in studies.before("1.3", {"elena", "old record"})] == ["1.2", "1.1"]


def test_imaging_orders_stand_until_they_end() -> None:
    asked = Ordered("RAD-77", "PET/CT", category="imaging")
    studies = folded(event(asked), event(Ordered("LAB-1", "Potassium", category="laboratory"), id=2))
    assert set(studies.requested) == {"RAD-77"}

    studies.apply(event(Ordered("RAD-77", "", status="CA"), id=3))
    assert studies.requested == {}


def test_whoever_was_erased_has_no_study_no_order_and_is_nobodys_candidate() -> None:
    studies = folded(
        event(imaged()), event(found("1.2"), id=2), event(Ordered("RAD-77", "PET/CT", category="imaging"), id=3),
        event(Unplaced("1.9", "its sex", 4, ("elena", "bruno")), UNPLACED, id=4), event(Erased("e1", ("elena",)), "privacy/erasures", id=5),
    )  # fmt: skip

    assert (studies.placed, studies.requested, studies.answers("1.2")) == ({}, {}, {})
    assert studies.waiting["1.9"].unplaced.candidates == ("bruno",)


def test_a_restart_knows_what_was_known_before_it() -> None:
    studies = folded(
        event(imaged()), event(found("1.2"), id=2), event(found("1.2", "pet_lesions", "L1"), id=3),
        event(Ordered("RAD-78", "CT", category="imaging", starts_at=NOON), id=4), event(Unplaced("1.9", "its sex", 4, ("bruno",)), UNPLACED, id=5),
    )  # fmt: skip
    again = Studies()
    again.load(msgspec.msgpack.decode(msgspec.msgpack.encode(studies.dump())))

    assert again.dump() == studies.dump()
    assert (again.placed, again.waiting, again.requested, again.journal) == (studies.placed, studies.waiting, studies.requested, studies.journal)
    assert again.answers("1.2") == studies.answers("1.2")
    again.apply(event(imaged(state=ELSEWHERE, journal=9), id=9))
    assert again.placed == {}
