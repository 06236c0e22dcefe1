"""The column evaluator says of every row what the scalar chart says of one patient."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.app.discovery import discover
from wardline.core.capability import Capability
from wardline.core.scoring import Bands, Chart, Choice, Codes, Table, bands, choice, codes, flag, points
from wardline.science.scoring import CHUNK, score_columns

CHARTED = {capability.id: capability for capability in discover().capabilities if capability.chart is not None}


def leaves(table: Table) -> list[Bands | Codes]:
    return [leaf for _, option in table.tables for leaf in leaves(option)] if isinstance(table, Choice) else [table]


def selectors(table: Table) -> dict[str, list[Any]]:
    if not isinstance(table, Choice):
        return {}
    found = {table.by: [answer for answer, _ in table.tables]}
    for _, option in table.tables:
        found |= selectors(option)
    return found


def around(bands: Bands) -> st.SearchStrategy[float]:
    """Numbers on, half a step beside and a hair beside every edge, where rounding decides."""
    beside = st.sampled_from([0.0, 1.0, -1.0, 0.5, -0.5, 0.499, -0.499, 0.501, 0.4999999, 0.5000001])
    return st.builds(lambda edge, off: (edge + off) * bands.step, st.sampled_from(bands.edges), beside)


def values_for(table: Table) -> st.SearchStrategy[Any]:
    strategies: list[st.SearchStrategy[Any]] = [st.none()]
    for leaf in leaves(table):
        if isinstance(leaf, Codes):
            strategies.append(st.sampled_from([answer for answer, _ in leaf.scores]))
        else:
            width = 20 * leaf.step
            strategies += [around(leaf), st.floats(leaf.edges[0] * leaf.step - width, leaf.edges[-1] * leaf.step + width)]
            strategies.append(st.integers(leaf.edges[0] - 20, leaf.edges[-1] + 20).map(lambda steps, leaf=leaf: steps * leaf.step))  # type: ignore[misc]
    return st.one_of(strategies)


def rows_for(chart: Chart) -> st.SearchStrategy[list[dict[str, Any]]]:
    inputs = {name: values_for(table) for name, table in chart.tables}
    for _, table in chart.tables:
        for by, answers in selectors(table).items():
            inputs.setdefault(by, st.sampled_from([None, *answers, *answers, "neither"]))
    return st.lists(st.fixed_dictionaries(inputs), min_size=1, max_size=30)


def as_column(values: list[Any]) -> np.ndarray[Any, Any]:
    """The fastest array these values fit in: text with "", floats with NaN, or whatever there is."""
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, str) for value in present):
        return np.array([value or "" for value in values])
    if any(isinstance(value, str) for value in present):
        return np.array(values, dtype=object)
    return np.array([np.nan if value is None else float(value) for value in values])


def assert_same(chart: Chart, rows: list[dict[str, Any]], columns: dict[str, np.ndarray[Any, Any]]) -> None:
    scored = score_columns(chart, columns)
    expected = [chart(SimpleNamespace(**row)) for row in rows]
    assert scored.total.tolist() == [score.total for score in expected]
    assert scored.at_most.tolist() == [score.at_most for score in expected]
    assert scored.missing.tolist() == [len(score.missing) for score in expected]


@pytest.mark.parametrize("capability", CHARTED.values(), ids=CHARTED)
@settings(deadline=None)
@given(data=st.data())
def test_columns_and_single_patients_get_the_same_scores(capability: Capability, data: st.DataObject) -> None:
    rows = data.draw(rows_for(capability.chart))

    assert_same(capability.chart, rows, {name: as_column([row[name] for row in rows]) for name in rows[0]})
    assert_same(capability.chart, rows, {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]})


def test_the_charts_under_test_include_both_saturation_scales() -> None:
    assert {"news2", "mews", "qsofa"} <= set(CHARTED)
    assert selectors(dict(CHARTED["news2"].chart.tables)["oxygen_saturation"]) == {"spo2_scale": [1, 2], "supplemental_oxygen": [False, True]}


TEMPERATURE = bands((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), above=2, step=0.1)


@pytest.mark.parametrize(("celsius", "expected"), [(38.04, 0), (38.05, 1), (39.05, 2), (36.05, 0), (36.04, 1), (35.05, 1), (35.04, 3)])
def test_a_half_step_goes_up(celsius: float, expected: int) -> None:
    assert score_columns(points(temperature=TEMPERATURE), {"temperature": np.array([celsius])}).total.tolist() == [expected]


def test_missing_values_add_nothing_and_are_counted() -> None:
    chart = points(temperature=TEMPERATURE, oxygen=flag(2))

    scored = score_columns(chart, {"temperature": np.array([np.nan, 40.0, np.nan]), "oxygen": np.array([1.0, np.nan, np.nan])})

    assert scored.total.tolist() == [2, 2, 0]
    assert scored.at_most.tolist() == [5, 4, 5]
    assert scored.missing.tolist() == [1, 1, 2]


def test_an_input_left_out_is_missing_in_every_row() -> None:
    scored = score_columns(points(temperature=TEMPERATURE, oxygen=flag(2)), {"oxygen": np.array([True, False])})

    assert (scored.total.tolist(), scored.missing.tolist()) == ([2, 0], [1, 1])


@pytest.mark.parametrize("column", [np.array([1, 0]), np.array([True, False]), np.array([1.0, 0.0]), np.array([True, False], dtype=object)])
def test_yes_and_no_come_in_any_dress(column: np.ndarray[Any, Any]) -> None:
    assert score_columns(points(oxygen=flag(2)), {"oxygen": column}).total.tolist() == [2, 0]


@pytest.mark.parametrize("letters", ["<U1", ">U1", "<U7", object])
def test_coded_answers_come_as_letters_words_or_objects(letters: Any) -> None:
    chart = points(level=codes({"A": 0, "V": 1, "P": 2, "U": 3}))

    scored = score_columns(chart, {"level": np.array(["U", "", "A"], dtype=letters)})

    assert (scored.total.tolist(), scored.missing.tolist()) == ([3, 0, 0], [0, 1, 0])


def test_answers_may_be_longer_than_a_letter() -> None:
    chart = points(level=codes({"alert": 0, "voice": 1}))

    assert score_columns(chart, {"level": np.array(["voice", "alert", ""])}).total.tolist() == [1, 0, 0]


@pytest.mark.parametrize("column", [np.array(["A", "X"]), np.array(["A", "X"], dtype=object), np.array([1.0, 2.0]), np.array(["A", "no"])])
def test_an_answer_without_points_is_an_error_as_it_is_for_one_patient(column: np.ndarray[Any, Any]) -> None:
    with pytest.raises(ValueError, match="no points are defined for the answer"):
        score_columns(points(level=codes({"A": 0, "V": 1})), {"level": column})


def test_a_misspelt_column_is_an_error_not_a_missing_input() -> None:
    with pytest.raises(ValueError, match="'temprature' is no input of this chart; its inputs are temperature"):
        score_columns(points(temperature=TEMPERATURE), {"temprature": np.array([37.0])})


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        score_columns(points(temperature=TEMPERATURE, oxygen=flag(2)), {"temperature": np.array([37.0]), "oxygen": np.array([True, False])})


def test_tables_of_one_choice_must_share_their_precision() -> None:
    chart = points(value=choice("scale", {1: bands((5, 1), above=0), 2: bands((5.5, 1), above=0, step=0.1)}))

    with pytest.raises(ValueError, match="differ in kind or precision"):
        score_columns(chart, {"value": np.array([5.0])})


def test_points_below_zero_add_up() -> None:
    chart = points(first=bands((0, -2), above=1), second=bands((0, -1), above=0))

    scored = score_columns(chart, {"first": np.array([-5.0, 5.0, np.nan]), "second": np.array([-5.0, -5.0, -5.0])})

    assert (scored.total.tolist(), scored.at_most.tolist()) == ([-3, 0, -1], [-3, 0, 0])


def test_an_input_that_can_only_take_points_away_lowers_the_most_it_could_be() -> None:
    scored = score_columns(points(only_down=bands((0, -3), above=-1)), {"only_down": np.array([np.nan, 5.0])})

    assert (scored.total.tolist(), scored.at_most.tolist(), scored.missing.tolist()) == ([0, -1], [-1, -1], [1, 0])


def test_a_chart_too_large_for_the_packing_is_refused_not_miscounted() -> None:
    largest = points(one=bands((0, 0), above=2000), two=flag(47))
    both = {"one": np.array([1.0, np.nan]), "two": np.array([True, True])}

    assert score_columns(largest, both).at_most.tolist() == [2047, 2047]
    with pytest.raises(ValueError, match="more than 2047 points"):
        score_columns(points(one=bands((0, 0), above=2000), two=flag(48)), both)


def test_rows_beyond_the_first_chunk_are_scored_too() -> None:
    temperatures = np.full(2 * CHUNK + 3, 37.0)
    temperatures[CHUNK::CHUNK] = 40.0

    assert np.flatnonzero(score_columns(points(temperature=TEMPERATURE), {"temperature": temperatures}).total).tolist() == [CHUNK, 2 * CHUNK]


def test_whole_numbers_of_any_size_and_values_far_outside_are_scored() -> None:
    chart = points(rate=bands((8, 3), (20, 0), above=2))

    for kind in (np.int8, np.uint8, np.int64, np.float32):
        assert score_columns(chart, {"rate": np.array([0, 8, 9, 20, 21, 120], dtype=kind)}).total.tolist() == [3, 3, 0, 0, 2, 2]
    assert score_columns(chart, {"rate": np.array([-1e18, 1e18, -np.inf, np.inf])}).total.tolist() == [3, 2, 3, 2]


def test_what_is_given_is_not_changed() -> None:
    temperatures = np.array([38.05, np.nan, 35.0])

    score_columns(points(temperature=TEMPERATURE), {"temperature": temperatures})

    np.testing.assert_array_equal(temperatures, [38.05, np.nan, 35.0])
