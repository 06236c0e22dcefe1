"""Alert episodes, what they cost, whom they find and how early, counted by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from learning.stays import NAN, UNKNOWN, course
from wardline.learning.evaluation.alerting import Alerting, alerting, episode_starts, lead_time
from wardline.learning.evaluation.courses import Course
from wardline.learning.evaluation.discrimination import resamples


def at_five(*courses: Course, complete: bool = False) -> Alerting:
    return alerting(courses, "news2", 5, until_hours=48, complete=complete, weights=resamples(len(courses), 100))


@pytest.mark.parametrize(
    ("values", "starts"),
    [
        ([4, 5, 6, 7], [1]),  # one episode however high it goes
        ([5, 4, 5], [0, 2]),
        ([5, NAN, 5], [0]),  # unknown does not end it
        ([NAN, 5], [1]),
        ([5, NAN, 4, NAN, 5], [0, 4]),
        ([4, 4.9], []),
        ([], []),
    ],
)
def test_an_episode_begins_at_the_threshold_and_ends_only_at_a_known_lower_value(values: list[float], starts: list[int]) -> None:
    assert episode_starts(np.array(values, np.float64), 5) == starts


@given(values=some.lists(some.one_of(some.just(NAN), some.integers(0, 10).map(float)), max_size=40))
def test_every_value_at_the_threshold_lies_in_exactly_one_episode(values: list[float]) -> None:
    starts = episode_starts(np.array(values, np.float64), 5)

    high = [place for place, value in enumerate(values) if value >= 5]
    assert set(starts) <= set(high)
    for place in high:
        begun = max((start for start in starts if start <= place), default=None)
        assert begun is not None
        assert not any(value < 5 for value in values[begun:place])
    for one, next_one in pairwise(starts):
        assert any(value < 5 for value in values[one:next_one])


def test_alerts_are_counted_per_day_and_held_against_what_became_of_the_patients() -> None:
    told = at_five(
        course((1, 7), (10, 3), (20, 6), died=True, days=5),  # two alerts, died
        course((2, 5), died=False),  # one alert, lived
        course((3, 4), died=True),  # none, died
        course((3, 1)),
        course(),
    )

    assert (told.episodes, told.patients_alerted) == (3, 2)
    assert told.per_patient_day.estimate == pytest.approx(3 / 10)  # five stays of two observed days
    assert told.ppv_episodes.estimate == pytest.approx(2 / 3)
    assert told.ppv_patients.estimate == pytest.approx(1 / 2)
    assert told.sensitivity.estimate == pytest.approx(1 / 2)
    assert told.specificity.estimate == pytest.approx(2 / 3)


def test_a_stay_shorter_than_the_observed_hours_counts_for_as_long_as_it_was() -> None:
    told = at_five(course((1, 7), days=0.5), course(days=9))

    assert told.per_patient_day.estimate == pytest.approx(1 / 2.5)


def test_what_was_answered_after_the_observed_hours_raises_nothing() -> None:
    assert at_five(course((48, 4), (48.1, 9), died=True), course()).episodes == 0


def test_lead_time_is_from_the_first_alert_of_those_who_died_to_their_death() -> None:
    told = at_five(
        course((0, 7), (10, 3), (20, 6), died=True, days=5),
        course((24, 5), died=True, days=3),
        course((12, 5), died=True, days=8),
        course((2, 9), died=False, days=30),  # lived: no lead time
        course((2, 1), died=True, days=4),  # no alert: none either
    )

    assert told.lead.patients == 3
    assert told.lead.median == 5  # of 5, 2 and 7.5 days
    assert (told.lead.lower, told.lead.upper) == (3.5, 6.25)


def test_without_an_alert_there_is_no_lead_time() -> None:
    assert lead_time(np.empty(0)).patients == 0
    assert np.isnan(lead_time(np.empty(0)).median)


def test_an_at_least_answer_counts_unless_only_complete_ones_are_asked_for() -> None:
    stays = (course((1, 6, False), (5, 4, True), (9, 7, True), died=True), course((1, UNKNOWN), (2, 5, False)))

    assert (at_five(*stays).episodes, at_five(*stays).patients_alerted) == (3, 2)
    complete = at_five(*stays, complete=True)
    assert (complete.episodes, complete.patients_alerted) == (1, 1)
    assert complete.lead.median == pytest.approx(9 - 9 / 24)
