"""PREVENT: the coefficients are those of the published tables, and the sum over them agrees with one written differently."""

import csv
import gzip
import io
import math
import random
from typing import Any

import pytest

from support.reference import reference_data
from wardline.science.prevent import ten_years, thirty_years
from wardline.science.prevent.equation import Model, Values, model_for, probability, risks

FOLDER = reference_data() / "knowledge" / "prevent_pce"
is_there = pytest.mark.skipif(not FOLDER.exists(), reason="the reference data set is not here (WARDLINE_REFERENCE_DATA)")
FILES = {"base": "base", "hba1c": "hba1c", "urine albumin": "uacr", "deprivation": "sdi", "full": "full"}
COLUMNS = [f"{sex}_{outcome}" for sex in ("female", "male") for outcome in ("total_cvd", "ascvd", "heart_failure")]
MODELS = {10: ten_years.MODELS, 30: thirty_years.MODELS}

WOMAN = Values(
    age=50, sex="F", cholesterol=200, hdl=45, pressure=160, body_mass_index=35, egfr=90, diabetes=True, smoker=False, pressure_treated=True,
    statin=False,
)  # fmt: skip


def published(model: str, years: int) -> list[dict[str, Any]]:
    with gzip.open(FOLDER / f"sysdata_{FILES[model]}_{years}yr.csv.gz") as packed:
        return list(csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8")))


@pytest.mark.reference
@is_there
@pytest.mark.parametrize("years", [10, 30])
@pytest.mark.parametrize("model", FILES)
def test_the_tables_are_the_published_ones(model: str, years: int) -> None:
    rows = [tuple(float(row[column]) for column in COLUMNS) for row in published(model, years)]

    assert list(MODELS[years][model].values()) == rows


def by_label(label: str, v: dict[str, Any]) -> float:
    """What one line of the published table is multiplied with, told from its label."""
    _, _, second = label.partition(" * ")
    if second:
        return by_label("Age, 10 years", v) * by_label(second, v)
    text = label.lower()
    cholesterol, hdl = (v["cholesterol"] - v["hdl"]) / 38.67 - 3.5, (v["hdl"] / 38.67 - 1.3) / 0.3
    pressure = (max(v["pressure"], 110) - 130) / 20
    options = (
        ("age squared", ((v["age"] - 55) / 10) ** 2), ("age", (v["age"] - 55) / 10), ("treated sbp", pressure * v["pressure_treated"]),
        ("treated non", cholesterol * v["statin"]), ("non-hdl", cholesterol), ("hdl", hdl), ("sbp <", (min(v["pressure"], 110) - 110) / 20),
        ("sbp ≥", pressure), ("diabetes", v["diabetes"]), ("current", v["smoker"]), ("bmi <", (min(v["bmi"], 30) - 25) / 5),
        ("bmi 30", (max(v["bmi"], 30) - 30) / 5), ("egfr <", (60 - min(v["egfr"], 60)) / 15), ("egfr 60", (90 - max(v["egfr"], 60)) / 15),
        ("anti", v["pressure_treated"]), ("statin", v["statin"]), ("constant", 1), ("missing sdi", v["sdi"] is None),
        ("missing acr", v["acr"] is None), ("missing hba1c", v["hba1c"] is None), ("sdi decile categories 4", v["sdi"] in (4, 5, 6)),
        ("sdi decile categories 7", v["sdi"] in (7, 8, 9, 10)), ("ln-acr", 0 if v["acr"] is None else math.log(v["acr"])),
        ("hba1c in dm", 0 if v["hba1c"] is None or not v["diabetes"] else v["hba1c"] - 5.3),
        ("hba1c no dm", 0 if v["hba1c"] is None or v["diabetes"] else v["hba1c"] - 5.3),
    )  # fmt: skip
    return float(next(value for start, value in options if text.startswith(start)))


def anybody(chance: random.Random) -> dict[str, Any]:
    return {
        "age": chance.randint(30, 79), "sex": chance.choice("FM"), "cholesterol": chance.uniform(130, 320), "hdl": chance.uniform(20, 100),
        "pressure": chance.uniform(90, 200), "bmi": chance.uniform(18.5, 39.9), "egfr": chance.uniform(15, 140),
        **{name: chance.random() < 0.5 for name in ("diabetes", "smoker", "pressure_treated", "statin")},
        "hba1c": chance.choice([None, 5.0, 9.0]), "acr": chance.choice([None, 3.0, 900.0]), "sdi": chance.choice([None, 1, 3, 4, 6, 7, 10]),
    }  # fmt: skip


@pytest.mark.reference
@is_there
@pytest.mark.parametrize("model", FILES)
def test_the_sum_agrees_with_one_read_off_the_published_labels(model: Model) -> None:
    chance = random.Random(30)
    for years in (10, 30):
        rows = published(model, years)
        for _ in range(40):
            v = anybody(chance)
            values = Values(
                v["age"], v["sex"], v["cholesterol"], v["hdl"], v["pressure"], v["bmi"], v["egfr"], v["diabetes"], v["smoker"],
                v["pressure_treated"], v["statin"], v["hba1c"], v["acr"], v["sdi"],
            )  # fmt: skip
            columns = COLUMNS[:3] if v["sex"] == "F" else COLUMNS[3:]
            expected = [sum(float(row[column]) * by_label(row["beta_coefficients"], v) for row in rows) for column in columns]

            assert [math.log(risk / (1 - risk)) for risk in risks(values, years, model)] == pytest.approx(expected, abs=1e-9)


def test_the_published_example_comes_out() -> None:
    # preventr's README: 10 and 30 years, total, atherosclerotic, heart failure.
    assert [round(risk, 3) for risk in risks(WOMAN, 10, "base")] == [0.147, 0.092, 0.081]
    assert [round(risk, 3) for risk in risks(WOMAN, 30, "base")] == [0.530, 0.354, 0.390]


def test_what_is_known_chooses_the_model() -> None:
    assert model_for(WOMAN) == "base"
    assert model_for(WOMAN._replace(hba1c=7.5)) == "hba1c"
    assert model_for(WOMAN._replace(urine_albumin=40)) == "urine albumin"
    assert model_for(WOMAN._replace(deprivation=8)) == "deprivation"
    assert model_for(WOMAN._replace(hba1c=7.5, deprivation=8)) == "full"


def test_a_probability_of_no_odds_is_a_half() -> None:
    assert probability(0) == 0.5
