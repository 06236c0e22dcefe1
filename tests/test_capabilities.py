"""Every capability of the house: its cases, its shape, and the promises all of them make. New ones are found, not listed."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.app.discovery import Case, difference, discover
from wardline.core.capability import Capability
from wardline.core.scoring import Bands, Choice, Table
from wardline.formats.assessment import assess

CATALOGUE = discover()
CAPABILITIES = {capability.id: capability for capability in CATALOGUE.capabilities}
CASES = [(capability, case) for capability in CATALOGUE.capabilities for case in CATALOGUE.cases[capability.id]]
FOUND_CASES = [(capability, case) for capability, case in CASES if assess(capability, case.given)["outcome"] == "finding"]

each_capability = pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=CAPABILITIES)


def each_of(cases: list[tuple[Capability, Case]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("capability", "case"), cases, ids=[f"{capability.id}: {case.name}" for capability, case in cases])


def ask(id: str, **inputs: Any) -> dict[str, Any]:
    return assess(CAPABILITIES[id], inputs)


# --- cases and shape --------------------------------------------------------------------------------------------------------------


@each_of(CASES)
def test_a_reference_case_gives_what_its_source_says(capability: Capability, case: Case) -> None:
    assert difference(case.expect, assess(capability, case.given)) == ""


def test_no_capability_is_refused() -> None:
    assert CATALOGUE.refused == {}


def test_the_first_capabilities_are_there() -> None:
    assert set(CAPABILITIES) >= {
        "news2", "mews", "shock_index", "glasgow_coma_scale", "qsofa", "sirs", "rox_index", "kdigo_aki", "egfr_ckd_epi_2021", "urine_output",
        "critical_values", "delta_check", "anion_gap", "corrected_calcium", "corrected_sodium",
    }  # fmt: skip


@each_capability
def test_a_capability_says_what_it_is_what_it_asks_and_where_it_comes_from(capability: Capability) -> None:
    assert capability.title
    assert capability.question.endswith("?"), "the module's first sentence is Title: question?"
    assert len(capability.reference) > 10
    assert capability.version
    assert CATALOGUE.sources[capability.id].stem == capability.id, "the file is named after the capability"
    assert CATALOGUE.sources[capability.id].parent.name == capability.group


@each_capability
def test_a_capability_has_a_case_for_missing_data_and_one_for_whom_it_is_not_valid(capability: Capability) -> None:
    outcomes = {case.expect["outcome"] for case in CATALOGUE.cases[capability.id]}

    assert outcomes & {"unknown", "at_least"}
    if capability.ages != (None, None) or not capability.pregnancy:
        assert "not_valid" in outcomes
        assert capability.not_for


@each_capability
def test_the_names_of_its_cases_tell_them_apart(capability: Capability) -> None:
    names = [case.name for case in CATALOGUE.cases[capability.id]]

    assert len(set(names)) == len(names)


@each_capability
def test_nothing_urgent_rests_on_provisional_content(capability: Capability) -> None:
    severities = {case.expect.get("severity") for case in CATALOGUE.cases[capability.id]}

    assert capability.standing == "verified" or "high" not in severities


# --- missing is an answer -----------------------------------------------------------------------------------------------------------


def required_inputs(capability: Capability) -> list[str]:
    return [name for name, need in capability.needs if need.required and need.default is None]


@each_of(FOUND_CASES)
def test_without_a_required_input_the_answer_is_incomplete_never_normal(capability: Capability, case: Case) -> None:
    for name in required_inputs(capability):
        without = assess(capability, {key: value for key, value in case.given.items() if key != name})
        null = assess(capability, {**case.given, name: None})

        assert without["outcome"] in ("unknown", "at_least"), name
        assert name in without["missing"]
        assert null == without


@each_of([(capability, case) for capability, case in FOUND_CASES if capability.additive])
def test_an_additive_score_lies_between_at_least_and_at_most_whatever_is_missing(capability: Capability, case: Case) -> None:
    full = assess(capability, case.given)["value"]
    for name in case.given:
        less = assess(capability, {key: value for key, value in case.given.items() if key != name})
        if less["outcome"] == "at_least":
            assert less["value"] <= full <= less["at_most"], name


@each_capability
def test_with_nothing_given_nothing_is_claimed(capability: Capability) -> None:
    assert assess(capability, {})["outcome"] == "unknown"


@each_of(CASES)
def test_the_order_of_the_inputs_does_not_matter(capability: Capability, case: Case) -> None:
    names = list(case.given)
    random.Random(len(names)).shuffle(names)
    shuffled = {name: _shuffled(case.given[name]) for name in names}

    assert assess(capability, shuffled) == assess(capability, case.given)


def _shuffled(given: Any) -> Any:
    """Readings are sorted by time, so they may come in any order; keys of objects may, too. A model has a digest and is one thing."""
    if isinstance(given, list):
        return given[::-1]
    if isinstance(given, dict):
        return {key: _shuffled(value) for key, value in reversed(given.items())} if given.keys().isdisjoint(("limits", "digest")) else given
    return given


# --- boundary sweeps against the published tables, written down a second time ---------------------------------------------------------


def tenths(first: int, last: int) -> list[float]:
    return [value / 10 for value in range(first, last + 1)]


def sweep(usual: dict[str, Any], **ranges: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """One input at a time over its range, the others as usual."""
    for name, values in ranges.items():
        yield from ({**usual, name: value} for value in values)


NEWS2_USUAL = {
    "respiratory_rate": 16, "oxygen_saturation": 97, "spo2_scale": 1, "supplemental_oxygen": False, "systolic_pressure": 120, "pulse": 70,
    "consciousness": "A", "temperature": 37.0,
}  # fmt: skip


def news2_vectors() -> list[dict[str, Any]]:
    vectors = list(
        sweep(
            NEWS2_USUAL, respiratory_rate=range(5, 41), systolic_pressure=range(50, 260), pulse=range(20, 200), consciousness="ACVPU",
            temperature=tenths(330, 419),
        )
    )  # fmt: skip
    for scale in (1, 2):
        for oxygen in (False, True):
            vectors += sweep({**NEWS2_USUAL, "spo2_scale": scale, "supplemental_oxygen": oxygen}, oxygen_saturation=range(70, 101))
    return vectors


def points_of_news2(v: dict[str, Any]) -> int:
    """RCP 2017, charts 1 and 2."""
    rate, saturation, systolic, pulse, temperature = (
        v[name] for name in ("respiratory_rate", "oxygen_saturation", "systolic_pressure", "pulse", "temperature")
    )
    breathing = 3 if rate <= 8 or rate >= 25 else 1 if rate <= 11 else 2 if rate >= 21 else 0
    if v["spo2_scale"] == 1:
        oxygenation = 3 if saturation <= 91 else 2 if saturation <= 93 else 1 if saturation <= 95 else 0
    elif saturation <= 87:
        oxygenation = 3 if saturation <= 83 else 2 if saturation <= 85 else 1
    elif saturation <= 92 or not v["supplemental_oxygen"]:
        oxygenation = 0
    else:
        oxygenation = 1 if saturation <= 94 else 2 if saturation <= 96 else 3
    pressure = 3 if systolic <= 90 or systolic >= 220 else 2 if systolic <= 100 else 1 if systolic <= 110 else 0
    heart = 3 if pulse <= 40 or pulse >= 131 else 2 if pulse >= 111 else 1 if pulse <= 50 or pulse >= 91 else 0
    warmth = 3 if temperature <= 35.0 else 2 if temperature >= 39.1 else 1 if temperature <= 36.0 or temperature >= 38.1 else 0
    return breathing + oxygenation + (2 if v["supplemental_oxygen"] else 0) + pressure + heart + (0 if v["consciousness"] == "A" else 3) + warmth


def test_news2_agrees_with_a_second_transcription_on_every_boundary() -> None:
    vectors = news2_vectors()

    assert len(vectors) == 645
    assert [v for v in vectors if ask("news2", **v)["value"] != points_of_news2(v)] == []


MEWS_USUAL = {"systolic_pressure": 120, "pulse": 70, "respiratory_rate": 12, "temperature": 37.0, "consciousness": "A"}


def points_of_mews(v: dict[str, Any]) -> int:
    """Subbe 2001."""
    systolic, pulse, rate, temperature = (v[name] for name in ("systolic_pressure", "pulse", "respiratory_rate", "temperature"))
    pressure = 3 if systolic <= 70 else 2 if systolic <= 80 else 1 if systolic <= 100 else 2 if systolic >= 200 else 0
    if pulse < 51:
        heart = 2 if pulse < 40 else 1
    else:
        heart = 3 if pulse >= 130 else 2 if pulse >= 111 else 1 if pulse >= 101 else 0
    breathing = 2 if rate < 9 else 0 if rate <= 14 else 1 if rate <= 20 else 2 if rate <= 29 else 3
    warmth = 2 if temperature < 35 or temperature >= 38.5 else 0
    return pressure + heart + breathing + warmth + "AVPU".index(v["consciousness"])


def test_mews_agrees_with_a_second_transcription_on_every_boundary() -> None:
    vectors = list(
        sweep(
            MEWS_USUAL, systolic_pressure=range(50, 260), pulse=range(20, 200), respiratory_rate=range(5, 41), temperature=tenths(330, 419),
            consciousness="AVPU",
        )
    )  # fmt: skip

    assert [v for v in vectors if ask("mews", **v)["value"] != points_of_mews(v)] == []


def test_qsofa_agrees_with_a_second_transcription_on_every_boundary() -> None:
    usual = {"respiratory_rate": 16, "systolic_pressure": 120, "altered_mentation": False}
    vectors = list(sweep(usual, respiratory_rate=range(5, 41), systolic_pressure=range(50, 260), altered_mentation=(False, True)))

    expected = [(v["respiratory_rate"] >= 22) + (v["systolic_pressure"] <= 100) + v["altered_mentation"] for v in vectors]
    assert [ask("qsofa", **v)["value"] for v in vectors] == expected


SIRS_USUAL = {"temperature": 37.0, "pulse": 70, "respiratory_rate": 16, "arterial_carbon_dioxide": 40, "leukocytes": 8.0, "band_forms": 2}


def criteria_of_sirs(v: dict[str, Any]) -> int:
    """The criteria as mimic-code's sirs.sql has them."""
    return (
        (v["temperature"] < 36 or v["temperature"] > 38)
        + (v["pulse"] > 90)
        + (v["respiratory_rate"] > 20 or v["arterial_carbon_dioxide"] < 32)
        + (v["leukocytes"] < 4 or v["leukocytes"] > 12 or v["band_forms"] > 10)
    )


def test_sirs_agrees_with_a_second_transcription_on_every_boundary() -> None:
    vectors = list(
        sweep(
            SIRS_USUAL, temperature=tenths(330, 419), pulse=range(20, 200), respiratory_rate=range(5, 41), arterial_carbon_dioxide=tenths(250, 500),
            leukocytes=[value / 100 for value in range(300, 1300)], band_forms=range(40),
        )
    )  # fmt: skip

    assert [v for v in vectors if ask("sirs", **v)["value"] != criteria_of_sirs(v)] == []


@settings(deadline=None)
@given(
    temperature=st.sampled_from(tenths(350, 395)),
    pulse=st.integers(80, 100),
    rate=st.integers(15, 25),
    carbon_dioxide=st.none() | st.sampled_from(tenths(300, 340)),
    leukocytes=st.sampled_from(tenths(35, 125)),
    band_forms=st.none() | st.integers(5, 15),
)
def test_sirs_counts_each_criterion_once_in_any_combination(
    temperature: float, pulse: int, rate: int, carbon_dioxide: float | None, leukocytes: float, band_forms: int | None
) -> None:
    given_ = {
        "temperature": temperature, "pulse": pulse, "respiratory_rate": rate, "arterial_carbon_dioxide": carbon_dioxide, "leukocytes": leukocytes,
        "band_forms": band_forms,
    }  # fmt: skip
    without_gaps = {**given_, "arterial_carbon_dioxide": carbon_dioxide or 40, "band_forms": band_forms or 0}

    assert ask("sirs", **given_)["value"] == criteria_of_sirs(without_gaps)


SWEPT = {
    "respiratory_rate": (5, 40), "oxygen_saturation": (70, 100), "systolic_pressure": (50, 259), "pulse": (20, 199), "temperature": (33.0, 41.9),
}  # fmt: skip


def bands_of(table: Table) -> list[Bands]:
    if isinstance(table, Choice):
        return [bands for _, option in table.tables for bands in bands_of(option)]
    return [table] if isinstance(table, Bands) else []


@pytest.mark.parametrize("id", ["news2", "mews", "qsofa"])
def test_the_sweeps_step_over_every_edge_of_the_chart(id: str) -> None:
    for name, table in CAPABILITIES[id].chart.tables:
        for bands in bands_of(table):
            low, high = SWEPT[name]
            assert all(low <= edge * bands.step and (edge + 1) * bands.step <= high for edge in bands.edges), name


@pytest.mark.parametrize("capability", [each for each in CAPABILITIES.values() if each.chart], ids=lambda each: each.id)
def test_points_never_fall_on_the_way_from_normal_to_either_side(capability: Capability) -> None:
    for name, table in capability.chart.tables:
        for bands in bands_of(table):
            scores = list(bands.scores)
            normal = scores.index(min(scores))
            assert scores[normal:] == sorted(scores[normal:]), name
            assert scores[: normal + 1] == sorted(scores[: normal + 1], reverse=True), name
