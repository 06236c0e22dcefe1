"""Each chronic score agrees with a second, differently written implementation on every edge of its table and at random."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from clinical.second_opinions import long_term as second
from wardline.app.discovery import discover
from wardline.core import concepts as c
from wardline.formats.assessment import assess

CATALOGUE = discover()
AT_RANDOM = 600
YES_NO = [False, True]
SEXES = ["F", "M"]
LIVER = {
    "creatinine": [0.5, 0.99, 1.0, 1.01, 2.0, 2.99, 3.0, 3.01, 3.99, 4.0, 4.01, 9.0], "bilirubin": [0.3, 1.0, 1.1, 4.2, 30.0],
    "inr": [0.8, 1.0, 1.2, 2.5, 6.0], "dialysis": YES_NO, "age_years": [12, 17, 18, 60],
}  # fmt: skip
SODIUM = {"sodium": [118, 124, 125, 126, 131, 136, 137, 138, 150]}
PEOPLE = {
    "age_years": [40, 55, 62, 79], "sex": SEXES, "cholesterol": [130, 213, 320], "hdl_cholesterol": [20, 50, 100],
    "systolic_pressure": [90, 120, 145, 200], "smoker": YES_NO, "diabetes": YES_NO, "pressure_treated": YES_NO, "equation": ["white", "black"],
}  # fmt: skip
VALUES: dict[str, dict[str, list[Any]]] = {
    "meld": LIVER,
    "meld_na": LIVER | SODIUM,
    "meld_3": LIVER | SODIUM | {"albumin": [1.0, 1.4, 1.5, 1.6, 2.8, 3.4, 3.5, 3.6, 5.0], "sex": SEXES},
    "child_pugh": {
        "bilirubin": [1.9, 2.0, 2.1, 2.9, 3.0, 3.1], "albumin": [2.7, 2.8, 2.9, 3.4, 3.5, 3.6], "inr": [1.6, 1.7, 1.8, 2.2, 2.3, 2.4],
        "ascites": ["none", "mild", "moderate"], "encephalopathy": ["none", "grade 1-2", "grade 3-4"],
    },
    "fib_4": {"age_years": [35, 64, 65, 90], "ast": [10, 60, 500], "alt": [5, 45, 800], "platelets": [20, 180, 600]},
    "cockcroft_gault": {"age_years": [18, 60, 80, 99], "weight": [40, 72, 150], "creatinine": [0.5, 1.0, 1.2, 8.0], "sex": SEXES},
    "findrisc": {
        "age_years": [44, 45, 54, 55, 64, 65], "body_mass_index": [24.9, 25.0, 30.0, 30.1], "waist": [79, 80, 88, 89, 93, 94, 102, 103],
        "sex": SEXES, "relatives": ["none", "second degree", "first degree"],
        **dict.fromkeys(("daily_activity", "daily_vegetables", "pressure_treated", "high_glucose_ever"), YES_NO),
    },
    "hospital_readmission": {
        "haemoglobin": [11.9, 12.0], "sodium": [134, 135], "admissions_last_year": [0, 1, 2, 5, 6], "length_of_stay": [4, 5],
        "hospital_admissions_from": [1, 2], **dict.fromkeys(("oncology_service", "procedure", "non_elective"), YES_NO),
    },
    "morse": {
        "walking_aid": ["none", "crutch", "furniture"], "gait": ["normal", "weak", "impaired"],
        **dict.fromkeys(("fall_history", "secondary_diagnosis", "intravenous_access", "overestimates_ability"), YES_NO),
    },
    "glasgow_blatchford": {
        "urea_nitrogen": [18.1, 18.2, 22.3, 22.4, 27.9, 28, 69.9, 70], "haemoglobin": [9.9, 10, 11.9, 12, 12.9, 13], "sex": SEXES,
        "systolic_pressure": [89, 90, 99, 100, 109, 110], "pulse": [99, 100],
        **dict.fromkeys(("melaena", "syncope", "liver_disease", "heart_failure"), YES_NO),
    },
}  # fmt: skip


def ask(id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    capability = CATALOGUE.get(id)
    assert capability is not None
    return assess(capability, inputs)


def people(values: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    """Every value of every input once, the others at random; then all at random."""
    chance = random.Random(20)
    drawn = [{name: chance.choice(options) for name, options in values.items()} for _ in range(count)]
    swept = [{name: chance.choice(options) for name, options in values.items()} | {name: value} for name in values for value in values[name]]
    return swept + drawn


@pytest.mark.parametrize("id", VALUES)
def test_both_implementations_agree_on_every_edge(id: str) -> None:
    opinion: Callable[[dict[str, Any]], float] = getattr(second, id)

    differing = [v for v in people(VALUES[id], AT_RANDOM) if ask(id, v)["value"] != opinion(v)]

    assert differing == []


def test_the_pooled_cohort_equations_agree_to_the_last_digit_shown() -> None:
    for v in people(PEOPLE, AT_RANDOM):
        assert ask("pce", v)["value"] == pytest.approx(second.pce(v), abs=0.0501), v


def test_the_kidney_failure_risk_agrees_to_the_last_digit_shown() -> None:
    values = {
        "age_years": [18, 50, 65, 90], "sex": SEXES, "egfr_ckd_epi_2021": [10, 18, 30, 45, 60], "urine_albumin_creatinine": [1, 30, 300, 5000],
        "kfre_region": ["north america", "elsewhere"],
    }  # fmt: skip
    for v in people(values, AT_RANDOM):
        risks = {each["key"]: each["value"] for each in ask("kfre", v)["answers"]}
        assert risks == pytest.approx(second.kfre(v), abs=0.0501), v


PUBLISHED = [
    # Age, sex, eGFR, ACR: two and five years in North America and elsewhere, in percent (worked out from the kfre package's constants).
    (65, "M", 30, 300, (7.8, 22.3), (5.3, 18.9)),
    (50, "F", 45, 30, (0.58, 1.8), (0.39, 1.5)),
    (75, "M", 18, 1500, (40.0, 79.7), (28.9, 73.3)),
]


@pytest.mark.parametrize(("age", "sex", "egfr", "ratio", "america", "elsewhere"), PUBLISHED)
def test_the_kidney_failure_risk_gives_the_known_vectors(
    age: int, sex: str, egfr: float, ratio: float, america: tuple[float, float], elsewhere: tuple[float, float]
) -> None:
    given = {"age_years": age, "sex": sex, "egfr_ckd_epi_2021": egfr, "urine_albumin_creatinine": ratio}
    for region, expected in (("north america", america), ("elsewhere", elsewhere)):
        assert [each["value"] for each in ask("kfre", {**given, "kfre_region": region})["answers"]] == list(expected)


def test_a_score_does_not_depend_on_the_unit_of_the_laboratory() -> None:
    """umol/L of bilirubin and creatinine, brought into mg/dL by the concepts, give the same MELD 3.0."""
    micromolar = {"creatinine": 150.28, "bilirubin": 51.3}
    conversions = {"creatinine": c.CREATININE.conversion("umol/L"), "bilirubin": c.BILIRUBIN.conversion("umol/L")}
    converted = {name: conversion(micromolar[name]) for name, conversion in conversions.items() if conversion is not None}
    rest = {"sex": "F", "age_years": 50, "sodium": 132, "inr": 1.6, "albumin": 2.8, "dialysis": False}

    assert ask("meld_3", {**rest, **converted})["value"] == ask("meld_3", {**rest, "creatinine": 1.7, "bilirubin": 3.0})["value"]


@pytest.mark.parametrize(("id", "rising"), [
    ("meld", ("creatinine", "bilirubin", "inr")), ("meld_na", ("creatinine", "bilirubin", "inr")),
    ("fib_4", ("ast", "age_years")), ("pce", ("systolic_pressure",)),
])  # fmt: skip
def test_more_of_what_is_bad_never_lowers_the_score(id: str, rising: tuple[str, ...]) -> None:
    values = PEOPLE if id == "pce" else VALUES[id]
    for v in people(values, 60):
        for name in rising:
            scores = [ask(id, {**v, name: value})["value"] for value in sorted(values[name])]
            if id != "pce" or v["equation"] == "white":
                assert scores == sorted(scores), (name, v)
