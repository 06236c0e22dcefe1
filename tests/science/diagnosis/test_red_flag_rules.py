"""Red flags cannot be talked down: more findings and worse vital signs never lower a flag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.science.diagnosis.published.library import PRESENTATIONS
from wardline.science.diagnosis.red_flags import FINDINGS, LIMITS, RED_FLAGS, asked_about, raised

REASONS = st.sampled_from([each.id for each in PRESENTATIONS])
PRESENT = st.frozensets(st.sampled_from(sorted(FINDINGS)), max_size=8)
VITALS = st.fixed_dictionaries({}, optional={name: st.floats(20, 250) for name in LIMITS})


def ids(presentation: str, present: frozenset[str], vitals: dict[str, float], *, is_alert: bool | None = None) -> set[str]:
    return {flag.id for flag in raised(presentation, present, vitals, is_alert=is_alert)}


@given(REASONS, PRESENT, PRESENT, VITALS)
def test_another_finding_never_takes_a_flag_away(presentation: str, present: frozenset[str], more: frozenset[str], vitals: dict[str, float]) -> None:
    assert ids(presentation, present, vitals) <= ids(presentation, present | more, vitals)


@given(REASONS, PRESENT, VITALS, st.floats(0, 50))
def test_a_worse_vital_sign_never_takes_a_flag_away(presentation: str, present: frozenset[str], vitals: dict[str, float], by: float) -> None:
    before = ids(presentation, present, vitals)
    for name, value in vitals.items():
        limit = LIMITS[name]
        if limit.low is not None and value <= limit.low:
            assert before <= ids(presentation, present, {**vitals, name: value - by})
        if limit.high is not None and value >= limit.high:
            assert before <= ids(presentation, present, {**vitals, name: value + by})


@given(REASONS, PRESENT, VITALS)
def test_measuring_one_more_sign_or_saying_not_alert_never_takes_a_flag_away(
    presentation: str, present: frozenset[str], vitals: dict[str, float]
) -> None:
    assert ids(presentation, present, {}) <= ids(presentation, present, vitals) <= ids(presentation, present, vitals, is_alert=False)


@pytest.mark.parametrize(
    ("name", "flagged", "not_flagged"),
    [
        # RCP 2017, chart 1: the values that cost 3 points, and their neighbours.
        ("respiratory_rate", (8, 5, 25, 40), (9, 24)), ("oxygen_saturation", (91, 80), (92,)), ("systolic_pressure", (90, 60, 220, 250), (91, 219)),
        ("pulse", (40, 20, 131, 200), (41, 130)), ("temperature", (35.0, 33.0), (35.1, 41.0)),
    ],
)  # fmt: skip
def test_vital_signs_are_flagged_where_news2_gives_three_points(name: str, flagged: tuple[float, ...], not_flagged: tuple[float, ...]) -> None:
    assert [ids("headache", frozenset(), {name: value}) for value in flagged] == [{name}] * len(flagged)
    assert [ids("headache", frozenset(), {name: value}) for value in not_flagged] == [set()] * len(not_flagged)


def test_every_finding_of_a_flag_has_words_and_every_flag_its_source() -> None:
    for flag in RED_FLAGS:
        assert flag.findings <= set(FINDINGS)
        assert flag.source
        assert flag.action
    assert {each for presentation in PRESENTATIONS for each in asked_about(presentation.id)} == set(FINDINGS)


def test_ids_are_there_once() -> None:
    assert len({flag.id for flag in RED_FLAGS}) == len(RED_FLAGS)
