"""The immunisation engine on histories nobody wrote: whatever was given and when, its dates keep their order and every dose is judged."""

import os
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.learning.evaluation.immunisation import FOLDER, schedule_of
from wardline.science.immunisation.advising import advice
from wardline.science.immunisation.person import DoseGiven, Person
from wardline.science.immunisation.schedule import Schedule

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
BORN = date(1990, 5, 31)

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not (REFERENCE / FOLDER).is_dir(), reason="the reference data sets are not here (WARDLINE_REFERENCE_DATA)"),
]


@cache
def schedule() -> Schedule:
    return schedule_of(REFERENCE)


@settings(max_examples=120, deadline=None)
@given(data=st.data(), days=st.lists(st.integers(0, 13_000), max_size=10), age=st.integers(1, 13_000))
def test_dates_keep_their_order_and_every_dose_is_judged(data: st.DataObject, days: list[int], age: int) -> None:
    vaccines, observations = sorted(schedule().protects), sorted(schedule().observations)
    as_of = BORN + timedelta(age)
    doses = tuple(
        sorted(DoseGiven(BORN + timedelta(day), data.draw(st.sampled_from(vaccines)), str(at)) for at, day in enumerate(days) if day <= age)
    )
    known = dict.fromkeys(data.draw(st.lists(st.sampled_from(observations), max_size=3)), as_of)

    for each in advice(Person(BORN, "Female", as_of, doses, known), schedule()):
        assert all(dose.status for dose in each.doses)
        if each.status == "not complete":
            assert each.earliest is not None
            assert each.recommended is not None
            assert BORN <= each.earliest <= each.recommended
            assert each.past_due is None or each.earliest <= each.past_due
        else:
            assert (each.earliest, each.recommended, each.past_due) == (None, None, None)
