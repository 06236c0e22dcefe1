"""Reading a schedule, and the rules of one that no official case shows alone."""

from datetime import date
from typing import Any

import pytest
import yaml

from wardline.app.discovery import discover
from wardline.core.errors import Refused
from wardline.science.immunisation.advising import advice
from wardline.science.immunisation.person import DoseGiven, Person
from wardline.science.immunisation.reading import cvx, read_schedule
from wardline.science.immunisation.schedule import Schedule

BORN = date(2020, 1, 31)


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    """The made-up schedule of the capability's own cases: two doses of one vaccine."""
    source = discover().sources["immunisation_forecast"]
    cases = yaml.safe_load(source.with_name("immunisation_forecast.cases.yaml").read_text(encoding="utf-8"))["cases"]
    schedule: dict[str, Any] = cases[0]["given"]["immunisation_schedule"]
    return schedule


@pytest.fixture(scope="module")
def schedule(content: dict[str, Any]) -> Schedule:
    return read_schedule(content)


def person(*days: date, as_of: date = date(2026, 1, 1)) -> Person:
    return Person(BORN, "Female", as_of, tuple(DoseGiven(day, "901", str(at)) for at, day in enumerate(days)), {})


@pytest.mark.parametrize(
    "wrong", [[], {}, 3, "schedule", {"schedule": 1, "antigens": [2]}, {"schedule": {"scheduleSupportingData": {}}, "antigens": [{}]}]
)
def test_what_is_no_schedule_is_refused_before_anything_starts(wrong: Any) -> None:
    with pytest.raises(Refused, match="immunisation schedule"):
        read_schedule(wrong)


def test_codes_with_and_without_leading_zeros_are_the_same_vaccine() -> None:
    assert {cvx("08"), cvx("8"), cvx(8)} == {"8"}


def test_a_dose_of_an_unknown_vaccine_changes_nothing(schedule: Schedule) -> None:
    (with_it,) = advice(Person(BORN, "Female", date(2026, 1, 1), (DoseGiven(date(2021, 6, 1), "999"),), {}), schedule)
    (without,) = advice(person(), schedule)

    assert (with_it.status, with_it.recommended, with_it.doses) == (without.status, without.recommended, ())


def test_the_next_dose_is_never_possible_before_the_last_one_given(schedule: Schedule) -> None:
    (told,) = advice(person(date(2021, 2, 1)), schedule)

    assert told.earliest is not None
    assert told.earliest >= date(2021, 2, 1)
    assert told.recommended is not None
    assert told.recommended >= told.earliest


def test_nobody_is_forecast_for_a_vaccine_that_is_not_for_their_sex(content: dict[str, Any]) -> None:
    antigen = content["antigens"][0]["antigenSupportingData"]
    series = {**antigen["series"][0], "requiredGender": ["Male"]}
    for_men = read_schedule({**content, "antigens": [{"antigenSupportingData": {**antigen, "series": [series]}}]})

    assert advice(person(), for_men) == ()


def test_a_risk_series_is_only_for_those_who_carry_the_risk(content: dict[str, Any]) -> None:
    antigen = content["antigens"][0]["antigenSupportingData"]
    indication = [{"observationCode": {"code": "048", "text": "Travel"}, "beginAge": "1 year"}]
    series = {**antigen["series"][0], "seriesType": "Risk", "indication": indication}
    at_risk = read_schedule({**content, "antigens": [{"antigenSupportingData": {**antigen, "series": [series]}}]})
    traveller = Person(BORN, "Female", date(2026, 1, 1), (), {"048": None})

    assert advice(person(), at_risk) == ()
    assert [each.status for each in advice(traveller, at_risk)] == ["not complete"]
