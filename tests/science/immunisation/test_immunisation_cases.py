"""The immunisation engine on CDC's own test cases. All of them, because they take two seconds; the page says which differ and why."""

import os
from functools import cache
from pathlib import Path

import pytest

from wardline.learning.evaluation.immunisation import EXPLAINED, SETS, Compared, cases_of, compared, schedule_of

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA") or Path(__file__).parents[3].parent / "shared" / "data")

pytestmark = pytest.mark.reference


@cache
def found(name: str) -> list[Compared]:
    if not (REFERENCE / "knowledge/cdc_cdsi").is_dir():
        pytest.skip("the reference data sets are not here")
    schedule = schedule_of(REFERENCE)
    return [compared(row, schedule) for row in cases_of(REFERENCE, name)]


def test_every_healthy_person_is_judged_and_dated_as_cdc_expects() -> None:
    assert [(each.id, each.differences) for each in found("healthy") if each.differences] == []


def test_every_difference_for_people_with_a_condition_is_explained() -> None:
    assert [each.id for each in found("conditions") if each.differences and each.id not in EXPLAINED] == []
    assert sum(not each.differences for each in found("conditions")) >= 149


def test_an_explanation_that_is_not_needed_any_more_goes() -> None:
    differing = {each.id for name in SETS for each in found(name) if each.differences}

    assert set(EXPLAINED) - differing == set()
