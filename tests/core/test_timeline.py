"""One patient, folded: who, where, what may be scored, what was answered."""

from datetime import UTC, datetime, timedelta

import pytest

from support.clocks import MORNING
from support.events import admitted, event, hours, potassium, pulse
from wardline.core import concepts as c
from wardline.core.events import (
    Allergic,
    Diagnosed,
    Documented,
    Event,
    Found,
    GapAhead,
    GapClosed,
    Identifier,
    Measured,
    Ordered,
    Overdue,
    Registered,
)
from wardline.core.flags import ASSUMED_ZONE, FUTURE
from wardline.core.timeline import ANSWERS_KEPT, VITAL_SIGNS_DUE, Timeline, WholeTimeline

DAY = timedelta(days=1)


def timeline(*events: Event, about: str = "ada") -> Timeline:
    return Timeline(about).apply_all(events)


def person(number: str, *, about: str = "ada", born: str = "1955-03-03", authority: int = 1, issued: float = 0, family: str = "Moss") -> Event:
    at = MORNING + hours(issued)
    return event(Registered((Identifier(number, "HOSP", "MR"),), family, "Ada", born, "F", authority=authority, issued_at=at), at=at, about=about)


def test_what_an_admission_system_says_about_a_person_goes_before_what_a_result_carries_along() -> None:
    known = timeline(person("1", family="Moss"), person("1", family="MOSS,A", authority=0, issued=5))
    assert known.person is not None
    assert known.person.family == "Moss"


def test_a_later_statement_of_the_same_system_replaces_the_earlier_one_in_any_order() -> None:
    first, second = person("1", family="Moss"), person("1", family="Byrne", issued=1)
    for arrival in ((first, second), (second, first)):
        known = timeline(*arrival)
        assert known.person is not None
        assert known.person.family == "Byrne"


def test_after_a_merge_the_number_shown_is_the_surviving_record_s() -> None:
    retired_later = person("999", about="old", issued=9)
    known = timeline(person("1", issued=0), retired_later, about="ada")
    assert known.person is not None
    assert known.person.identifiers[0].number == "1"


def test_statements_about_a_person_do_not_pile_up() -> None:
    known = timeline(*(person("1", issued=hour) for hour in range(50)))
    assert len(known.registered) == 1


@pytest.mark.parametrize(("born", "age"), [("1955-03-02", 71), ("1955-03-03", 70), ("1955-03", None), ("1955", None), ("", None), ("2026-03-02", 0)])
def test_an_age_is_completed_years_and_never_guessed_from_a_year(born: str, age: int | None) -> None:
    assert timeline(person("1", born=born)).age_years(MORNING) == age


@pytest.mark.parametrize(("born", "age"), [
    ("1900-01-01", None), ("1726-05-05", None), ("0001-01-01", None), ("1980-02-30", None), ("1980-13-45", None), ("2030-01-01", None),
    ("1904-01-01", 122), ("2026-03-03", 0), ("2026-03-04", None),
])  # fmt: skip
def test_a_birth_date_that_cannot_be_is_no_age(born: str, age: int | None) -> None:
    """Stand-ins such as 1900-01-01 and shifted years of de-identified data; a child of tomorrow's date was born east of here."""
    assert timeline(person("1", born=born)).age_years(MORNING) == age


@pytest.mark.parametrize(("born", "as_of", "next_birthday"), [
    ("1955-03-03", "2026-03-02T23:00", "2026-03-03"), ("1955-03-03", "2026-03-03T00:00", "2027-03-03"),
    ("2008-02-29", "2026-01-01T00:00", "2026-03-01"), ("2008-02-29", "2027-12-01T00:00", "2028-02-29"),
])  # fmt: skip
def test_an_age_holds_until_the_moment_before_the_next_birthday(born: str, as_of: str, next_birthday: str) -> None:
    known, now = timeline(person("1", born=born)), datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    until = known.age_until(now)

    assert until == datetime.fromisoformat(next_birthday).replace(tzinfo=UTC) - timedelta.resolution
    assert known.age_years(until) == known.age_years(now)
    assert known.age_years(until + timedelta.resolution) == known.age_years(now) + 1  # type: ignore[operator]


def test_the_freshest_usable_value_is_taken_whatever_order_they_came_in() -> None:
    old, new = pulse(70, at=MORNING), pulse(90, at=MORNING + hours(1))
    got = timeline(new, old).latest((c.PULSE,), MORNING + hours(2), DAY)
    assert got is not None
    assert got[0] == 90


def test_an_observation_from_the_future_is_never_the_latest() -> None:
    future = event(Measured("pulse", "180", "/min", flags=(FUTURE,), issued_at=MORNING), at=MORNING + hours(30))
    known = timeline(pulse(70), future)
    got = known.latest((c.PULSE,), MORNING + hours(1), DAY)
    assert got is not None
    assert got[0] == 70
    assert known.latest((c.PULSE,), MORNING + hours(31), hours(2)) is None


def test_a_number_kept_as_text_is_shown_and_never_scored() -> None:
    implausible = event(Measured("pulse", "700", "/min", flags=("implausible",)))
    known = timeline(implausible)
    assert [each.value.value for each in known.observations.of("pulse")] == ["700"]
    assert known.latest((c.PULSE,), MORNING, DAY) is None
    assert known.values(c.PULSE, MORNING, DAY) == []


def test_a_value_below_the_limit_of_detection_is_no_number_to_score() -> None:
    known = timeline(potassium(1.5, comparator="<"))
    assert known.latest((c.POTASSIUM,), MORNING, DAY) is None
    assert known.values(c.POTASSIUM, MORNING, DAY) == []
    assert len(known.values(c.POTASSIUM, MORNING, DAY, bounded=True)) == 1


def test_a_preliminary_value_counts_only_where_the_need_allows_it() -> None:
    known = timeline(potassium(4.9, "P"))
    assert known.latest((c.POTASSIUM,), MORNING, DAY, preliminary=False) is None
    assert known.latest((c.POTASSIUM,), MORNING, DAY, preliminary=True) is not None


def test_a_coded_answer_whose_time_zone_was_assumed_still_counts() -> None:
    alert = event(Measured("consciousness", "A", flags=(ASSUMED_ZONE,)))
    assert timeline(alert).latest((c.CONSCIOUSNESS,), MORNING, DAY) is not None


def test_a_coded_answer_that_is_not_known_does_not_count() -> None:
    strange = event(Measured("consciousness", "sleepy", flags=("answer not known",)))
    assert timeline(strange).latest((c.CONSCIOUSNESS,), MORNING, DAY) is None


def overdue(*, asked: float, due: float) -> Event:
    return event(Overdue(VITAL_SIGNS_DUE, MORNING + hours(due), "news2", MORNING + hours(asked)), at=MORNING + hours(due))


def test_a_vital_sign_ends_overdue_and_one_from_before_it_was_asked_for_does_not() -> None:
    assert timeline(overdue(asked=1, due=2), pulse(70, at=MORNING)).overdue
    assert not timeline(overdue(asked=1, due=2), pulse(70, at=MORNING + hours(1.5))).overdue
    assert not timeline(overdue(asked=1, due=2), pulse(70, at=MORNING + hours(3))).overdue


def answer(value: int, *, at: float, key: str = "", revised: bool = False) -> Event:
    return event(Found("news2", "2017", "", "finding", key, value, revised=revised), at=MORNING + hours(at))


def test_the_standing_answers_of_a_capability_are_one_for_each_key_the_empty_one_included() -> None:
    assert timeline(answer(3, at=1), answer(7, at=2)).answers_by_key("news2").keys() == {""}
    known = timeline(answer(3, at=1), answer(7, at=2, key="left"), answer(5, at=3, key="right"), answer(4, at=4, key="left"))
    assert {key: event.value.value for key, event in known.answers_by_key("news2").items()} == {"": 3, "left": 4, "right": 5}
    assert [event.value.key for event in known.answers_of("news2")] == ["", "left", "right"]
    assert known.answers_by_key("mews") == {}


def test_the_answer_of_a_past_moment_is_the_last_one_given_by_then() -> None:
    known = timeline(answer(3, at=1), answer(7, at=3))
    for moment, expected in ((0.5, None), (1, 3), (2, 3), (3, 7), (9, 7)):
        found = known.answer("news2", as_of=MORNING + hours(moment))
        assert (found.value.value if found is not None else None) == expected


def test_a_revised_answer_replaces_the_one_of_its_moment_only() -> None:
    known = timeline(answer(3, at=1), answer(7, at=3), answer(9, at=1, revised=True))
    assert [(each.occurred_at, each.value.value) for each in known.answers_over_time["news2", ""]] == [
        (MORNING + hours(1), 9),
        (MORNING + hours(3), 7),
    ]
    current = known.answer("news2")
    assert current is not None
    assert current.value.value == 7


def test_a_look_back_forgets_no_answer_where_memory_does() -> None:
    said = [answer(number % 8, at=number / 60) for number in range(ANSWERS_KEPT + 1)]
    kept, whole = Timeline("ada").apply_all(said), WholeTimeline("ada").apply_all(said)
    assert len(kept.answers_over_time["news2", ""]) <= ANSWERS_KEPT
    assert whole.answers_over_time["news2", ""] == said


def test_of_two_statements_about_an_order_the_later_issued_stands() -> None:
    new = event(Ordered("L1", "Potassium", status="NW", issued_at=MORNING))
    cancelled = event(Ordered("L1", "Potassium", status="CA", issued_at=MORNING + hours(1)))
    for arrival in ((new, cancelled), (cancelled, new)):
        assert timeline(*arrival).orders["L1"].value.status == "CA"


def test_diagnoses_allergies_and_documents_keep_one_entry_each() -> None:
    said = [
        event(kind, at=MORNING + hours(hour))
        for hour in (0, 1)
        for kind in (
            Diagnosed("I10", "Hypertension", issued_at=MORNING + hours(hour)), Allergic("PEN", "Penicillin", issued_at=MORNING + hours(hour)),
            Documented("D1", "Letter", f"version {hour}", issued_at=MORNING + hours(hour)),
        )
    ]  # fmt: skip
    known = timeline(*said)
    assert (len(known.diagnoses), len(known.allergies), known.documents["D1"].value.text) == (1, 1, "version 1")


def test_a_gap_stays_until_its_own_message_has_been_dealt_with() -> None:
    first, second = event(GapAhead(4, "poison")), event(GapAhead(9, "poison"))
    assert set(timeline(first, second, event(GapClosed(4))).gaps) == {9}


def test_folding_a_place_follows_the_movements() -> None:
    assert timeline(admitted("7A")).place.unit == "7A"
