"""What the survival models are worth on an open set, a sample of `wardline evaluate survival`."""

import pytest

from support.reference import reference_data
from wardline.learning.evaluation.survival import SETS, OpenSet, read
from wardline.learning.survival.measuring import measured

BY_NAME = {each.name: each for each in SETS}


@pytest.mark.reference
def test_the_heart_failure_set_is_the_published_one_and_regression_tells_its_patients_apart() -> None:
    """299 patients and 96 deaths are published (Chicco and Jurman, 2020)."""
    what = BY_NAME["Heart failure, Faisalabad"]
    people = read(reference_data(), what)
    assert (len(people), people.seen.events, people.left_out) == (299, 96, 0)

    found = measured("cox", people, what.horizon, seed=1, resamples=50)
    assert 0.65 < found.harrell.estimate < 0.75
    assert found.gain > 0


@pytest.mark.reference
@pytest.mark.parametrize("what", SETS, ids=lambda what: what.name)
def test_every_set_of_the_suite_is_there_with_events_before_its_horizon(what: OpenSet) -> None:
    people = read(reference_data(), what)

    assert ((people.seen.time <= what.horizon) & people.seen.happened).sum() >= 30
    assert (people.seen.time >= what.horizon).sum() >= 10
