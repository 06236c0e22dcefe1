"""The kidney capabilities on a patient's chart: corrections, expiry, gates, units."""

import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.capabilities.kidney.creatinine_change import change_of, stage_of
from wardline.capabilities.kidney.egfr_ckd_epi_2021 import egfr_ckd_epi_2021
from wardline.capabilities.kidney.kdigo_aki import kdigo_aki
from wardline.capabilities.kidney.urine_output import urine_output
from wardline.capabilities.kidney.urine_rate import urine_rates
from wardline.core import concepts as c
from wardline.core.capability import Reading
from wardline.core.findings import AtLeast, Finding, NotValid, Severity, Unknown

START = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
UMOL_PER_MG = 88.4


def stage(patient: Any, hours: float = 0) -> Any:
    outcome = patient.ask(kdigo_aki, hours)
    assert isinstance(outcome, Finding)
    return outcome.value


# --- KDIGO AKI ------------------------------------------------------------------------------------------------------------------


def test_a_corrected_baseline_takes_the_stage_back(patient: Any) -> None:
    patient.measured(c.CREATININE, 0.9, 0, order="A1").measured(c.CREATININE, 1.9, 24, order="A2")
    assert stage(patient, 24) == 2

    patient.measured(c.CREATININE, 1.9, 0, order="A1", status="C", issued=25)

    assert stage(patient, 25) == 0


def test_a_creatinine_of_another_patient_leaves_the_comparison(patient: Any) -> None:
    patient.measured(c.CREATININE, 0.9, 0, order="A1").measured(c.CREATININE, 1.9, 24, order="A2")

    patient.measured(c.CREATININE, 0.9, 0, order="A1", status="W", issued=25)

    assert isinstance(patient.ask(kdigo_aki, 25), Unknown)


def test_the_answer_names_its_baseline_and_the_events_it_rests_on(patient: Any) -> None:
    patient.measured(c.CREATININE, 1.0, 0).measured(c.CREATININE, 0.8, 24).measured(c.CREATININE, 1.7, 48)

    finding = patient.ask(kdigo_aki, 48)

    creatinine, baseline = finding.because[:2]
    assert (creatinine.value, creatinine.event) == (1.7, 3)
    assert (baseline.value, baseline.band, baseline.event) == (0.8, "lowest of the last 7 days", 2)


def test_without_a_value_of_the_week_the_baseline_is_the_median_of_the_year(patient: Any) -> None:
    for day, value in ((-300, 0.7), (-200, 0.9), (-100, 1.4)):
        patient.measured(c.CREATININE, value, day * 24)
    patient.measured(c.CREATININE, 1.4, 0)

    baseline = patient.ask(kdigo_aki).because[1]

    assert (baseline.value, baseline.band) == (0.9, "median of 8 to 365 days before (values: 3)")
    assert stage(patient) == 1  # 1.4 / 0.9 is 1.56


def test_the_value_of_the_week_comes_before_the_median(patient: Any) -> None:
    patient.measured(c.CREATININE, 0.5, -100 * 24).measured(c.CREATININE, 1.4, -6 * 24).measured(c.CREATININE, 1.5, 0)

    assert stage(patient) == 0


def test_a_creatinine_older_than_a_week_says_nothing_about_today(patient: Any) -> None:
    patient.measured(c.CREATININE, 0.9, 0).measured(c.CREATININE, 1.9, 24)

    assert stage(patient, 24 + 7 * 24) == 2
    assert isinstance(patient.ask(kdigo_aki, 24 + 7 * 24 + 0.1), Unknown)
    assert patient.valid_until(kdigo_aki, 24) == 24 + 7 * 24


def test_results_may_arrive_in_any_order(patient: Any) -> None:
    results = ((0, 1.0), (10, 0.8), (30, 1.3), (60, 2.5), (90, 1.9))
    for order in itertools.permutations(results):
        other = type(patient)()
        for hours, value in order:
            other.measured(c.CREATININE, value, hours)

        assert stage(other, 90) == 2, order  # 1.9 / 0.8 is 2.4


def test_dropping_urine_is_seen_before_creatinine_rises(patient: Any) -> None:
    patient.measured(c.WEIGHT, 80.0, -48)
    for hour in range(0, 13, 2):
        patient.measured(c.URINE_OUTPUT, 60.0, hour, status="R")

    outcome = patient.ask(kdigo_aki, 12)

    assert isinstance(outcome, AtLeast)  # 60 / 80 / 2 is 0.375 mL/kg/h over 12 hours
    assert (outcome.finding.value, outcome.missing, outcome.at_most) == (2, ("creatinine",), 3)
    assert outcome.finding.severity is Severity.MEDIUM


def test_urine_that_is_no_longer_charted_says_nothing(patient: Any) -> None:
    patient.measured(c.WEIGHT, 80.0, -48).measured(c.CREATININE, 1.0, -24).measured(c.CREATININE, 1.0, 0)
    for hour in range(0, 13, 2):
        patient.measured(c.URINE_OUTPUT, 60.0, hour, status="R")

    assert stage(patient, 18) == 2
    assert stage(patient, 18.1) == 0


@given(earlier=st.integers(20, 1000), later=st.integers(20, 1500))
def test_micromoles_per_litre_give_the_stage_of_the_guideline_in_micromoles(earlier: int, later: int) -> None:
    """KDIGO prints 26.5 and 353.6 umol/L beside 0.3 and 4.0 mg/dL; whole numbers of umol/L must not be rounded across them."""
    to_mg = c.CREATININE.conversion("umol/L")
    assert to_mg is not None
    baseline, value = to_mg(earlier), to_mg(later)

    got, _ = stage_of(value, baseline, value - baseline)

    assert got == _stage_by_fractions(Fraction(later), Fraction(earlier), Fraction("26.5"), Fraction("353.6"))


@given(earlier=st.integers(10, 1500), later=st.integers(10, 1500))
def test_hundredths_of_mg_per_dl_give_the_stage_of_exact_arithmetic(earlier: int, later: int) -> None:
    got, _ = stage_of(later / 100, earlier / 100, later / 100 - earlier / 100)

    assert got == _stage_by_fractions(Fraction(later, 100), Fraction(earlier, 100), Fraction("0.3"), Fraction("4.0"))


@given(earlier=st.integers(10, 1500), later=st.integers(10, 1500))
def test_the_same_values_in_either_unit_give_the_same_stage(earlier: int, later: int) -> None:
    to_mg = c.CREATININE.conversion("umol/L")
    assert to_mg is not None
    there_and_back = [to_mg(value / 100 * UMOL_PER_MG) for value in (earlier, later)]

    plain, _ = stage_of(later / 100, earlier / 100, (later - earlier) / 100)
    converted, _ = stage_of(there_and_back[1], there_and_back[0], there_and_back[1] - there_and_back[0])

    assert converted == plain


@given(st.lists(st.tuples(st.integers(0, 24 * 400), st.integers(30, 600)), min_size=2, max_size=12, unique_by=lambda each: each[0]).map(sorted))
def test_any_series_gets_the_stage_of_its_newest_value_against_the_stated_baseline(series: list[tuple[int, int]]) -> None:
    readings = tuple(Reading(START + timedelta(hours=hours), value / 100) for hours, value in series)
    *earlier, (now, value) = [(hours, Fraction(hundredths, 100)) for hours, hundredths in series]
    within = {days: [each for hours, each in earlier if now - hours <= 24 * days] for days in (2, 7, 365)}

    stage = change_of(readings).stage

    if not within[365]:
        assert stage is None
        return
    baseline = min(within[7]) if within[7] else Fraction(median(within[365]))
    rise = value - min(within[2]) if within[2] else Fraction(0)
    acute = rise >= Fraction("0.3") or value >= baseline * Fraction(3, 2)
    times = max((each for each in (3, 2) if value >= each * baseline), default=0)
    assert stage == (3 if times == 3 or (value >= 4 and acute) else times or int(acute))


def _stage_by_fractions(value: Fraction, baseline: Fraction, rise: Fraction, highest: Fraction) -> int:
    """KDIGO 2012, table 2, written down a second time."""
    acute = value - baseline >= rise or value >= baseline * Fraction(3, 2)
    if value >= 3 * baseline or (value >= highest and acute):
        return 3
    if value >= 2 * baseline:
        return 2
    return 1 if acute else 0


@given(baseline=st.integers(20, 1000), values=st.lists(st.integers(20, 1500), min_size=2, max_size=2).map(sorted))
def test_a_higher_creatinine_never_lowers_the_stage(baseline: int, values: list[int]) -> None:
    stages = [stage_of(value / 100, baseline / 100, (value - baseline) / 100)[0] for value in values]

    assert stages == sorted(stages)


# --- urine ----------------------------------------------------------------------------------------------------------------------


def charted(*volumes: tuple[float, float]) -> tuple[Reading, ...]:
    return tuple(Reading(START + timedelta(hours=hours), volume) for hours, volume in volumes)


def test_the_volume_at_the_start_of_the_window_belongs_to_the_time_before() -> None:
    rate = urine_rates(charted((0, 900), (6, 210)), 70, [6])[6]

    assert (rate.millilitres, rate.hours, rate.per_kg_hour) == (210, 6, 0.5)


def test_two_catheters_emptied_at_one_moment_are_added() -> None:
    assert urine_rates(charted((0, 900), (3, 100), (6, 60), (6, 50)), 70, [6])[6].millilitres == 210


@pytest.mark.parametrize("volumes", [(), ((0, 100),), ((0, 100), (5.9, 100)), ((0, 100), (9.1, 100))])
def test_a_rate_needs_charting_that_covers_its_window(volumes: tuple[tuple[float, float], ...]) -> None:
    assert urine_rates(charted(*volumes), 70, [6]) == {}


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 500)), min_size=8, max_size=30), st.integers(40, 150))
def test_a_rate_is_never_more_than_all_the_urine_there_was(entries: list[tuple[int, int]], weight: int) -> None:
    hour, volumes = 0, []
    for gap, volume in entries:
        hour += gap
        volumes.append((hour, volume))

    rate = urine_rates(charted(*volumes), weight, [6])[6]

    assert 6 <= rate.hours <= 9
    assert 0 <= rate.per_kg_hour <= sum(volume for _, volume in volumes) / weight / 6


def test_a_volume_of_a_whole_day_is_not_read_as_one_emptying(patient: Any) -> None:
    patient.measured(c.WEIGHT, 70.0, 0).measured(c.URINE_24_HOURS, 1500.0, 0).measured(c.URINE_24_HOURS, 1500.0, 6)

    assert isinstance(patient.ask(urine_output, 6), Unknown)


# --- eGFR -----------------------------------------------------------------------------------------------------------------------


def test_egfr_is_not_valid_while_the_kidneys_are_injured_and_is_again_when_they_are_not(patient: Any) -> None:
    patient.born("1960-05-01", "M").measured(c.CREATININE, 1.0, 0).measured(c.CREATININE, 1.6, 24).note(kdigo_aki, 24)
    injured = patient.ask(egfr_ckd_epi_2021, 24)

    patient.measured(c.CREATININE, 1.1, 72).note(kdigo_aki, 72)
    recovered = patient.ask(egfr_ckd_epi_2021, 72)

    assert injured == NotValid("Creatinine is not steady: acute kidney injury, stage 1")
    assert isinstance(recovered, Finding)
    assert "steady" not in recovered.summary


def test_egfr_says_when_nobody_knows_whether_creatinine_is_steady(patient: Any) -> None:
    patient.born("1960-05-01", "M").measured(c.CREATININE, 1.0, 0).note(kdigo_aki, 0)

    outcome = patient.ask(egfr_ckd_epi_2021, 0)

    assert isinstance(outcome, Finding)
    assert outcome.summary.endswith("whether creatinine is steady is not known")


def test_a_year_of_birth_alone_is_no_age_for_egfr(patient: Any) -> None:
    patient.born("1960", "M").measured(c.CREATININE, 1.0, 0)

    assert patient.ask(egfr_ckd_epi_2021, 0) == Unknown(("age_years",))


def equation(creatinine: float, age: int, sex: str) -> float:
    function_inputs = {"creatinine": creatinine, "age_years": age, "sex": sex, "kdigo_aki": None}
    outcome = egfr_ckd_epi_2021(egfr_ckd_epi_2021.wardline_capability.inputs(**function_inputs))  # type: ignore[attr-defined]
    assert isinstance(outcome, Finding)
    assert isinstance(outcome.value, float)
    return outcome.value


@given(st.floats(0.2, 15), st.integers(18, 100), st.sampled_from("FM"))
def test_egfr_is_the_same_from_either_unit(creatinine: float, age: int, sex: str) -> None:
    to_mg = c.CREATININE.conversion("umol/L")
    assert to_mg is not None

    assert equation(to_mg(creatinine * UMOL_PER_MG), age, sex) == pytest.approx(equation(creatinine, age, sex), abs=0.1)


@given(st.floats(0.2, 14), st.floats(0, 1), st.integers(18, 99), st.sampled_from("FM"))
def test_egfr_falls_with_creatinine_and_with_age(creatinine: float, more: float, age: int, sex: str) -> None:
    now = equation(creatinine, age, sex)

    assert equation(creatinine + more, age, sex) <= now
    assert equation(creatinine, age + 1, sex) <= now
