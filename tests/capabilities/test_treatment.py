"""Doses: what must hold whatever the patient."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.app.discovery import discover
from wardline.formats.assessment import assess

CATALOGUE = discover()
ADULT = {"age_years": 60, "sex": "M", "weight": 70, "creatinine": 1.0}
DAYS = ["2026-11-18T17:00:00Z", "2026-11-19T17:00:00Z", "2026-11-20T17:00:00Z"]


def ask(id: str, **inputs: Any) -> dict[str, Any]:
    capability = CATALOGUE.get(id)
    assert capability is not None
    return assess(capability, inputs)


def daily(answer: dict[str, Any]) -> float:
    words = answer["summary"].split()
    return float(words[1]) * 24 / float(words[words.index("every") + 1])


@settings(max_examples=15, deadline=None)
@given(st.floats(0.6, 3.0), st.floats(0.6, 3.0))
def test_worse_kidneys_never_get_more_vancomycin(one: float, other: float) -> None:
    better, worse = sorted((one, other))
    fewer, more = (ask("vancomycin_dosing", **{**ADULT, "creatinine": value}) for value in (worse, better))
    if fewer["outcome"] == more["outcome"] == "draft":
        assert daily(fewer) <= daily(more) + 125


def with_level(value: float) -> dict[str, Any]:
    doses = [{"what": "Vancomycin", "dose": "1000 mg", "route": "IV", "at": f"2026-11-20T{hour}:00:00Z"} for hour in ("08", "20")]
    level = [{"at": "2026-11-21T07:00:00Z", "value": value}]
    answer = ask("vancomycin_dosing", **ADULT, doses=doses, vancomycin_level=level, as_of="2026-11-21T08:00:00Z")
    return {each["key"]: each for each in answer["answers"]}


def test_a_higher_level_means_more_exposure_and_a_smaller_dose() -> None:
    low, high = with_level(6), with_level(30)

    assert low["exposure"]["value"] < high["exposure"]["value"]
    assert high["dose"]["outcome"] == "unknown" or daily(high["dose"]) < daily(low["dose"])


@given(st.integers(18, 100), st.floats(0.9, 6.0), st.integers(0, 3))
def test_older_patients_never_get_more_warfarin_on_the_same_day_and_inr(age: int, inr: float, day: int) -> None:
    doses = [{"what": "Warfarin", "at": at} for at in DAYS[:day]]
    asked = {"inr": round(inr, 1), "doses": doses, "as_of": "2026-11-21T08:00:00Z"}

    amounts = [amount(ask("warfarin_start", age_years=years, **asked)) for years in (age, min(age + 20, 120))]

    assert amounts[1] <= amounts[0]


@pytest.mark.parametrize("day", [0, 1, 2, 3])
@pytest.mark.parametrize("age", [40, 60, 75, 90])
def test_a_higher_inr_never_gets_more_warfarin(age: int, day: int) -> None:
    doses = [{"what": "Warfarin", "at": at} for at in DAYS[:day]]
    amounts = [amount(ask("warfarin_start", age_years=age, inr=tenths / 10, doses=doses, as_of="2026-11-21T08:00:00Z")) for tenths in range(9, 60)]

    assert amounts == sorted(amounts, reverse=True)


def amount(answer: dict[str, Any]) -> float:
    words = answer.get("summary", "").split()
    return float(words[1]) if len(words) > 2 and words[0] == "Warfarin" else 0.0


@given(st.floats(180, 600), st.floats(180, 600), st.floats(10, 150))
def test_a_higher_glucose_never_gets_less_insulin(one: float, other: float, units: float) -> None:
    lower, higher = sorted((one, other))
    doses = [insulin(ask("insulin_correction", age_years=50, glucose=value, units_a_day=units)) for value in (lower, higher)]

    assert doses[0] <= doses[1] <= 20


def insulin(answer: dict[str, Any]) -> float:
    return float(answer["summary"].split()[2]) if answer["outcome"] == "draft" else 0.0


@pytest.mark.parametrize("id", ["vancomycin_dosing", "gentamicin_dosing", "warfarin_start", "insulin_correction"])
def test_what_doses_is_provisional_answers_only_when_asked_and_proposes_drafts(id: str) -> None:
    capability = CATALOGUE.get(id)

    assert capability is not None
    assert (capability.live, capability.standing) == (False, "provisional")
    assert any(case.expect["outcome"] == "draft" for case in CATALOGUE.cases[id])
