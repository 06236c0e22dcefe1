"""The grammar of bedside scores: tables that read like the chart."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.scoring import bands, choice, codes, flag, points

# RCP 2017, NEWS2 chart 1.
RESPIRATION = bands((8, 3), (11, 1), (20, 0), (24, 2), above=3)
TEMPERATURE = bands((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), above=2, step=0.1)
SCALE_1 = bands((91, 3), (93, 2), (95, 1), above=0)
SCALE_2_AIR = bands((83, 3), (85, 2), (87, 1), above=0)
SCALE_2_OXYGEN = bands((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), above=3)
SATURATION = choice("scale", {1: SCALE_1, 2: choice("oxygen", {False: SCALE_2_AIR, True: SCALE_2_OXYGEN})})
CHART = points(rate=RESPIRATION, saturation=SATURATION, oxygen=flag(2))


@dataclass
class Answers:
    rate: float | None = 16
    saturation: float | None = 97
    scale: int | None = 1
    oxygen: bool | None = False


@pytest.mark.parametrize(("rate", "given_points"), [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)])
def test_each_band_ends_where_the_chart_says(rate: float, given_points: int) -> None:
    assert RESPIRATION.lookup(rate)[0] == given_points


@pytest.mark.parametrize(("value", "given_points"), [(35.0, 3), (35.04, 3), (35.05, 1), (36.1, 0), (38.04, 0), (38.05, 1), (39.1, 2)])
def test_a_temperature_is_rounded_half_up_before_it_is_banded(value: float, given_points: int) -> None:
    assert TEMPERATURE.lookup(value)[0] == given_points


def test_bands_are_labelled_as_the_chart_prints_them() -> None:
    assert RESPIRATION.labels == ("≤8", "9–11", "12–20", "21–24", "≥25")
    assert TEMPERATURE.labels == ("≤35.0", "35.1–36.0", "36.1–38.0", "38.1–39.0", "≥39.1")


def test_bands_that_do_not_rise_are_refused_when_they_are_written() -> None:
    with pytest.raises(ValueError, match="must rise"):
        bands((11, 1), (8, 3), above=0)


def test_an_answer_that_has_no_points_is_never_scored_as_nought() -> None:
    with pytest.raises(ValueError, match="no points"):
        codes({"A": 0, "C": 3}).lookup("X")


def test_the_scale_decides_which_table_a_saturation_is_read_from() -> None:
    assert CHART(Answers(saturation=92)).total == 2
    assert CHART(Answers(saturation=92, scale=2)).total == 0
    assert CHART(Answers(saturation=97, scale=2, oxygen=True)).total == 3 + 2


def test_a_missing_input_adds_nothing_and_says_what_it_could_add_at_most() -> None:
    score = CHART(Answers(rate=None))
    assert (score.total, score.missing, score.at_most) == (0, ("rate",), 3)


def test_a_missing_choice_counts_the_least_it_can_mean() -> None:
    score = CHART(Answers(saturation=97, scale=2, oxygen=None))
    assert (score.total, score.missing) == (0, ("oxygen",))
    assert score.at_most == 3 + 2


def test_the_worst_row_is_the_most_that_one_input_gave() -> None:
    assert CHART(Answers(rate=26, saturation=95)).worst_row == 3


INPUTS = st.builds(
    Answers, rate=st.one_of(st.none(), st.floats(0, 60)), saturation=st.one_of(st.none(), st.floats(50, 100)), scale=st.sampled_from([1, 2]),
    oxygen=st.one_of(st.none(), st.booleans()),
)  # fmt: skip


@given(INPUTS, st.floats(0, 60), st.floats(50, 100), st.booleans())
def test_filling_in_what_is_missing_stays_between_the_score_and_its_worst(answers: Answers, rate: float, saturation: float, oxygen: bool) -> None:
    score = CHART(answers)
    filled = Answers(
        answers.rate if answers.rate is not None else rate, answers.saturation if answers.saturation is not None else saturation, answers.scale,
        answers.oxygen if answers.oxygen is not None else oxygen,
    )  # fmt: skip
    assert score.total <= CHART(filled).total <= score.at_most


@given(st.floats(-50, 150))
def test_every_value_falls_into_exactly_one_band(value: float) -> None:
    rows = RESPIRATION.rows()
    rounded = int(value + 0.5 + 1e-6) if value + 0.5 >= 0 else None
    if rounded is not None:
        inside = [given_points for low, high, given_points in rows if (low is None or rounded >= low) and (high is None or rounded <= high)]
        assert inside == [RESPIRATION.lookup(value)[0]]
