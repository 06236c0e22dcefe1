"""Drug levels: the closed form is the differential equation, nothing gets lost, and a level moves the patient towards itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.science.medication.pharmacokinetics.body import creatinine_clearance, dosing_weight, ideal_weight
from wardline.science.medication.pharmacokinetics.compartments import Infusion, Rates, area, concentrations, steady
from wardline.science.medication.pharmacokinetics.population import GENTAMICIN_XUAN, MODELS, VANCOMYCIN_GOTI, VANCOMYCIN_THOMSON, Model, Patient
from wardline.science.medication.pharmacokinetics.proposing import closest, regimen
from wardline.science.medication.pharmacokinetics.updating import Level, individual

RATES = st.builds(Rates, st.floats(0.3, 12), st.floats(8, 90), st.floats(0.5, 15), st.floats(8, 120))
COURSES = st.lists(st.builds(Infusion, st.floats(0, 72), st.floats(50, 2000), st.floats(0.25, 6)), min_size=1, max_size=5)
EACH_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
USUAL = Patient(weight=70, creatinine_clearance=66)


def integrated(rates: Rates, infusions: list[Infusion], until: float, step: float = 0.005) -> tuple[float, float]:
    """(concentration, area) by Runge and Kutta's fourth-order steps through the differential equations."""
    out, to, back = rates.clearance / rates.central, rates.between / rates.central, rates.between / rates.peripheral
    matrix = np.array([[-(out + to), back, 0], [to, -back, 0], [1 / rates.central, 0, 0]])
    edges = sorted({0.0, until, *(moment for each in infusions for moment in (each.start, each.start + each.hours) if moment < until)})
    state = np.zeros(3)
    for start, end in pairwise(edges):
        inflow = np.array([sum(each.amount / each.hours for each in infusions if each.start <= start < each.start + each.hours), 0, 0])
        count = max(1, round((end - start) / step))
        length = (end - start) / count
        for _ in range(count):
            first = matrix @ state + inflow
            second = matrix @ (state + length / 2 * first) + inflow
            third = matrix @ (state + length / 2 * second) + inflow
            fourth = matrix @ (state + length * third) + inflow
            state = state + length / 6 * (first + 2 * second + 2 * third + fourth)
    return state[0] / rates.central, state[2]


@EACH_MODEL
def test_the_closed_form_agrees_with_a_numeric_integration(model: Model) -> None:
    course = [Infusion(0, 1500, 1.5), Infusion(12, 1000, 1), Infusion(24, 1000, 1)]
    rates = model.typical(USUAL)

    for until in (1.0, 11.9, 25.0, 40.0):
        level, under = integrated(rates, course, until)
        assert concentrations(rates, course, [until])[0] == pytest.approx(level, rel=1e-6)
        assert area(rates, course, 0, until) == pytest.approx(under, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(RATES, COURSES, st.floats(1, 100))
def test_it_agrees_for_any_rates_and_any_course(rates: Rates, course: list[Infusion], until: float) -> None:
    level, under = integrated(rates, course, until, step=0.02)

    assert concentrations(rates, course, [until])[0] == pytest.approx(level, rel=1e-3, abs=1e-3)
    assert area(rates, course, 0, until) == pytest.approx(under, rel=1e-3, abs=1e-2)


@given(RATES, COURSES)
def test_what_goes_in_comes_out(rates: Rates, course: list[Infusion]) -> None:
    long_after = 80 + 60 * rates.half_life

    assert area(rates, course, 0, long_after) * rates.clearance == pytest.approx(sum(each.amount for each in course), rel=1e-6)


@given(RATES, COURSES, st.floats(1, 100))
def test_twice_the_doses_give_twice_the_level(rates: Rates, course: list[Infusion], at: float) -> None:
    double = [each._replace(amount=2 * each.amount) for each in course]

    assert concentrations(rates, double, [at])[0] == pytest.approx(2 * concentrations(rates, course, [at])[0], rel=1e-9, abs=1e-12)


@given(RATES, st.floats(200, 2000), st.sampled_from([6.0, 8.0, 12.0, 24.0]))
def test_once_steady_the_area_of_one_interval_is_dose_by_clearance(rates: Rates, amount: float, every: float) -> None:
    assert area(rates, steady(amount, every, 1, rates), 0, every) == pytest.approx(amount / rates.clearance, rel=2e-3)


@EACH_MODEL
@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.4, 2.5))
def test_a_level_moves_the_prediction_towards_itself_but_not_past_it(model: Model, factor: float) -> None:
    course = [Infusion(0, 1500, 1.5)]
    expected = concentrations(model.typical(USUAL), course, [10.0])[0]
    person = individual(model, USUAL, course, [Level(10, expected * factor)])

    after = concentrations(person.rates, course, [10.0])[0]

    low, high = sorted((expected, expected * factor))
    # The residual error grows with the level, which pulls the answer a little below the typical patient even by a level that fits.
    assert low * 0.94 <= after <= high * 1.06


@EACH_MODEL
def test_a_level_makes_the_prediction_surer(model: Model) -> None:
    course = [Infusion(0, 1500, 1.5), Infusion(12, 1500, 1.5)]
    level = concentrations(model.typical(USUAL), course, [23.0])[0]

    _, before = individual(model, USUAL, course, []).area(course, 0, 24)
    _, after = individual(model, USUAL, course, [Level(23, level)]).area(course, 0, 24)

    assert after < before


@pytest.mark.parametrize("clearance", [2.0, 3.5, 6.0])
def test_many_exact_levels_find_the_true_clearance(clearance: float) -> None:
    true = VANCOMYCIN_THOMSON.typical(USUAL)._replace(clearance=clearance)
    course = [Infusion(12 * place, 1000, 1) for place in range(30)]
    times = [12 * place + hour for place in range(30) for hour in (2.0, 6, 11.5)]

    person = individual(VANCOMYCIN_THOMSON, USUAL, course, [Level(at, concentrations(true, course, [at])[0]) for at in times])

    assert person.rates.clearance == pytest.approx(clearance, rel=0.05)


def test_the_typical_patients_of_the_papers() -> None:
    # Thomson 2009: at 66 mL/min clearance is 2.99 L/h, and 15.4 % more for every 10 mL/min; distribution volume together 1.4 L/kg.
    assert VANCOMYCIN_THOMSON.typical(USUAL).clearance == pytest.approx(2.99)
    assert VANCOMYCIN_THOMSON.typical(USUAL._replace(creatinine_clearance=76)).clearance == pytest.approx(2.99 * 1.154)
    assert sum(VANCOMYCIN_THOMSON.typical(Patient(1, 66))[1::2]) == pytest.approx(1.407)
    # Goti 2018: at 120 mL/min and 70 kg 4.5 L/h and 58.4 L; on dialysis 70 % and 50 % of them.
    assert VANCOMYCIN_GOTI.typical(Patient(70, 120))[:2] == (4.5, 58.4)
    assert VANCOMYCIN_GOTI.typical(Patient(70, 120, on_dialysis=True))[:2] == pytest.approx((3.15, 29.2))
    # Xuan 2004: 0.047 L/h per mL/min and 0.28 L/kg.
    assert GENTAMICIN_XUAN.typical(Patient(70, 100))[:2] == pytest.approx((4.7, 19.6))


def test_the_proposed_regimen_is_the_one_nearest_to_the_target() -> None:
    person = individual(VANCOMYCIN_THOMSON, USUAL, [], [])
    offered = [regimen(person, amount, every, 1.5) for amount in (500, 750, 1000, 1250) for every in (8, 12, 24)]

    best = closest(offered, target=500)

    # 500 mg*h/L at 2.99 L/h are 1,495 mg a day.
    assert best is not None
    assert best.daily == 1500
    assert best.area == pytest.approx(1500 / 2.99, rel=0.01)
    assert best.trough < best.peak
    assert 0.5 < best.within(400, 600) < 1


def test_weights_and_clearance_as_two_implementations_give_them() -> None:
    assert creatinine_clearance(60, 72, 1.2, "M") == pytest.approx(66.7, abs=0.05)
    assert creatinine_clearance(80, 50, 1.0, "F") == pytest.approx(35.4, abs=0.05)
    assert ideal_weight(177.8, "M") == pytest.approx(73.0)
    assert dosing_weight(80, 73) == (80, "actual weight")
    assert dosing_weight(120, 73) == (73 + 0.4 * 47, "adjusted weight")
