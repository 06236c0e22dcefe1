"""Units as wards and laboratories write them, and numbers as charts round them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core import concepts as c
from wardline.core.quantities import SCALES, Quantity, conversion, plain, rounded, steps, ucum


@pytest.mark.parametrize(
    ("received", "meant"),
    [
        ("mmHg", "mm[Hg]"), ("MMHG", "mm[Hg]"), ("degC", "Cel"), ("°F", "[degF]"), ("bpm", "/min"), ("breaths/min", "/min"), ("mcg/L", "ug/L"),
        ("µmol/L", "umol/L"), ("K/uL", "10*3/uL"), ("x10^9/L", "10*9/L"), ("IU/L", "[IU]/L"), ("lbs", "[lb_av]"), ("inches", "[in_i]"),
        ("mL/24h", "mL/(24.h)"), ("%", "%"), ("mmol/L", "mmol/L"), (" mmol/L ", "mmol/L"), ("mmol/L{serum}", "mmol/L"),
    ],
)  # fmt: skip
def test_a_common_spelling_is_read_as_its_ucum_unit(received: str, meant: str) -> None:
    assert ucum(received) == meant


@pytest.mark.parametrize("received", ["furlong", "mg/dL/h", "banana"])
def test_an_unknown_unit_stays_as_it_was_written(received: str) -> None:
    assert ucum(received) == received


@pytest.mark.parametrize(
    ("value", "received", "wanted", "expected"),
    [
        (98.6, "[degF]", "Cel", 37.0),
        (32.0, "[degF]", "Cel", 0.0),
        (310.15, "K", "Cel", 37.0),
        (16.0, "kPa", "mm[Hg]", 120.00992),  # NIST SP 811: 1 kPa = 7.50062 mmHg
        (1.0, "[lb_av]", "kg", 0.45359237),  # exact by definition
        (70.0, "[in_i]", "cm", 177.8),
        (1.0, "g/dL", "g/L", 10.0),
        (0.5, "1", "%", 50.0),
        (1.0, "L", "mL", 1000.0),
        (250.0, "10*3/uL", "10*9/L", 250.0),
        (1.0, "mol/L", "mmol/L", 1000.0),
    ],
)  # fmt: skip
def test_a_conversion_gives_the_number_of_the_other_unit(value: float, received: str, wanted: str, expected: float) -> None:
    convert = conversion(received, wanted)
    assert convert is not None
    assert convert(value) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("received", "wanted"), [("mmol/L", "mg/dL"), ("kPa", "Cel"), ("", "mmol/L"), ("banana", "mmol/L")])
def test_units_that_measure_different_things_do_not_convert(received: str, wanted: str) -> None:
    assert conversion(received, wanted) is None


@given(st.sampled_from(sorted(SCALES)), st.floats(0.001, 1e6))
def test_converting_there_and_back_changes_nothing(unit: str, value: float) -> None:
    base = next(other for other, scale in SCALES.items() if scale.dimension == SCALES[unit].dimension)
    there, back = conversion(unit, base), conversion(base, unit)
    assert there is not None
    assert back is not None
    assert back(there(value)) == pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("concept", "value", "unit", "expected"),
    [
        (c.CREATININE, 88.4, "umol/L", 1.0),  # 88.4 umol/L is 1 mg/dL
        (c.GLUCOSE, 5.5, "mmol/L", 99.0),  # 18 mg/dL per mmol/L
        (c.POTASSIUM, 4.0, "mEq/L", 4.0),  # one charge per ion
        (c.CALCIUM, 5.0, "mEq/L", 10.02),  # two charges: 2.5 mmol/L * 4.008
        (c.TEMPERATURE, 98.6, "degF", 37.0),
    ],
)  # fmt: skip
def test_a_substance_converts_between_mass_and_amount(concept: c.Concept, value: float, unit: str, expected: float) -> None:
    convert = concept.conversion(unit)
    assert convert is not None
    assert convert(value) == pytest.approx(expected, rel=1e-6)


def test_a_code_for_amount_with_a_unit_of_mass_is_a_contradiction() -> None:
    assert c.CREATININE.contradicts("14682-9", "mg/dL")
    assert c.CREATININE.contradicts("2160-0", "umol/L")
    assert not c.CREATININE.contradicts("2160-0", "mg/dL")


@pytest.mark.parametrize(
    ("value", "step", "whole"),
    [(38.05, 0.1, 381), (38.04, 0.1, 380), (24.5, 1, 25), (24.4, 1, 24), (-0.5, 1, 0), (0.3 - 0.1, 0.1, 2), (1.2 - 0.9, 0.1, 3)],
)
def test_halves_are_rounded_up_as_charts_do(value: float, step: float, whole: int) -> None:
    assert steps(value, step) == whole


def test_rounding_keeps_as_many_decimals_as_asked() -> None:
    assert (rounded(38.05, 1), rounded(2.5), rounded(1.005, 2)) == (38.1, 3.0, 1.01)


@given(st.integers(-10_000, 10_000), st.sampled_from([0, 1, 2]))
def test_a_number_of_the_chart_s_precision_is_not_moved(hundredths: int, decimals: int) -> None:
    value = hundredths / 10**decimals
    assert rounded(value, decimals) == pytest.approx(value, abs=1e-9)


@given(st.floats(-1e5, 1e5), st.sampled_from([0.1, 1.0, 5.0]))
def test_rounding_never_moves_a_value_by_more_than_half_a_step(value: float, step: float) -> None:
    assert abs(steps(value, step) - value / step) <= 0.5 + 1e-5


@pytest.mark.parametrize(("value", "shown"), [(7.0, "7"), (7.25, "7.25"), (0.02, "0.02"), (1e-7, "1e-07"), (120.00992, "120.01")])
def test_numbers_are_shown_without_needless_digits(value: float, shown: str) -> None:
    assert plain(value) == shown


def test_a_quantity_reads_with_its_comparator_and_unit() -> None:
    assert str(Quantity(0.02, "ng/mL", "<")) == "<0.02 ng/mL"


def test_no_conversion_invents_a_number_out_of_nothing() -> None:
    for unit in SCALES:
        convert = conversion(unit, unit)
        assert convert is not None
        assert math.isfinite(convert(1.0))
