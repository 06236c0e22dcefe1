"""What a score said over a stay, read from events as the log holds them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from wardline.core.events import Admitted, Cancelled, Discharged, Event, Found, Value
from wardline.learning.evaluation.courses import Course, Courses

ADMITTED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def event(value: Value, hours: float, *, about: str = "ada", encounter: str = "V1") -> Event:
    at = ADMITTED + timedelta(hours=hours)
    return Event(value, about, at, at, encounter=encounter)


def found(value: float | None, hours: float, outcome: str = "finding", **fields: object) -> Event:
    return event(Found("news2", "2017", "abc", outcome, value=value, **fields), hours)  # type: ignore[arg-type]


def only(*events: Event) -> Course:
    courses = Courses(("news2", "mews"))
    courses.take_in(events)
    (course,) = courses.all()
    return course


CAME = event(Admitted("V1", "7A"), 0)
LEFT = event(Discharged("V1", "01"), 72)


def test_answers_are_in_hours_since_admission_and_keep_what_was_missing() -> None:
    course = only(CAME, found(3, 1.5), found(7, 6, "at_least", missing=("temperature",)), found(None, 18, "unknown"), LEFT)

    answers = course.answers["news2"]
    assert list(answers.hours) == [1.5, 6, 18]
    assert list(answers.values[:2]) == [3, 7]
    assert np.isnan(answers.values[2])
    assert list(answers.complete) == [True, False, False]
    assert course.hours == 72
    assert len(course.answers["mews"].hours) == 0


@pytest.mark.parametrize(("disposition", "died"), [("20", True), ("40", True), ("42", True), ("01", False), ("", False)])
def test_death_is_what_the_disposition_says(disposition: str, died: bool) -> None:
    assert only(CAME, event(Discharged("V1", disposition), 30)).died is died


def test_a_stay_that_lasts_has_no_end() -> None:
    assert only(CAME).hours == np.inf


def test_a_discharge_that_was_cancelled_did_not_happen() -> None:
    death = event(Discharged("V1", "20", ADMITTED + timedelta(hours=30)), 30)
    course = only(CAME, death, event(Cancelled("V1", "Discharged", ADMITTED + timedelta(hours=31)), 31))

    assert (course.died, course.hours) == (False, np.inf)


def test_what_stood_at_an_hour_is_the_last_answer_before_it() -> None:
    answers = only(CAME, found(3, 1), found(7, 6, "at_least", missing=("temperature",)), found(None, 18, "unknown")).answers["news2"]

    assert [answers.standing(hour, complete=False) for hour in (1, 5.9, 6, 17.9)] == [3, 3, 7, 7]
    assert np.isnan(answers.standing(0.5, complete=False))
    assert np.isnan(answers.standing(18, complete=False))  # lapsed: nothing stands
    assert np.isnan(answers.standing(7, complete=True))


def test_known_values_are_those_said_in_time_and_if_wanted_complete_ones() -> None:
    answers = only(CAME, found(3, 1), found(9, 6, "at_least", missing=("temperature",)), found(None, 7, "unknown"), found(5, 25)).answers["news2"]

    assert list(answers.known(complete=False, until_hours=24)) == [3, 9]
    assert list(answers.known(complete=True, until_hours=48)) == [3, 5]


def test_a_revision_made_later_does_not_change_what_was_said_then() -> None:
    assert list(only(CAME, found(7, 1), found(2, 1, revised=True)).answers["news2"].values) == [7]


def test_two_visits_of_one_patient_are_two_stays_and_another_score_is_not_followed() -> None:
    courses = Courses(("news2",))
    second = [event(Admitted("V2"), 200, encounter="V2"), event(Found("news2", "2017", "abc", "finding", value=4), 201, encounter="V2")]
    courses.take_in([CAME, found(3, 1), LEFT, *second, event(Found("rox", "1", "d", "finding", value=9), 202, encounter="V2")])

    assert [list(stay.answers["news2"].values) for stay in courses.all()] == [[3], [4]]
    assert [list(stay.answers["news2"].hours) for stay in courses.all()] == [[1], [1]]


def test_answers_given_under_a_record_that_was_joined_belong_to_the_stay() -> None:
    courses = Courses(("news2",))
    courses.take_in([CAME, event(Found("news2", "2017", "abc", "finding", value=6), 2, about="survivor"), LEFT])

    (stay,) = courses.all(lambda about: "survivor")
    assert list(stay.answers["news2"].values) == [6]


def test_versions_outcomes_and_what_was_missing_are_counted() -> None:
    courses = Courses(("news2",))
    courses.take_in([CAME, found(3, 1), found(7, 6, "at_least", missing=("temperature", "pulse")), found(7, 7, "at_least", missing=("pulse",))])

    assert courses.versions["news2"] == {("2017", "abc"): 3}
    assert courses.outcomes["news2"] == {"finding": 1, "at_least": 2}
    assert courses.missing["news2"] == {"temperature": 1, "pulse": 2}


def test_somebody_never_admitted_has_no_stay() -> None:
    courses = Courses(("news2",))
    courses.take_in([found(3, 1)])

    assert courses.all() == []
