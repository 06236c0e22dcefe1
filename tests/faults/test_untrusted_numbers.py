"""FT-20 and FT-21: numbers that must not be scored, from the wire to the timeline."""

import pytest

from support import oracle
from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import Hospital, Kit
from support.messages import ADA, Obx, oru
from support.questions import OUT_OF_LIMITS
from wardline.core import concepts as c
from wardline.core.events import Measured


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    return open_hospital(kit=Kit(capabilities=(OUT_OF_LIMITS,)))


def kept(ward: Hospital, obx: Obx) -> Measured | None:
    ward.send(oru(ADA, obx, at=MORNING, order="L1"))
    oracle.check(ward)
    stored = ward.events(Measured)
    return stored[0].value if stored else None


@pytest.mark.parametrize(
    ("written", "unit", "value", "comparator", "flag"),
    [
        ("<1.5", "mmol/L", 1.5, "<", ""),
        (">10", "mmol/L", 10.0, ">", ""),
        (">=10", "mmol/L", 10.0, ">=", ""),
        ("4,9", "mmol/L", "4,9", "", "decimal comma"),
        ("12-", "mmol/L", "12-", "", "not a number"),
        ("+", "mmol/L", "+", "", "not a number"),
        ("NaN", "mmol/L", "NaN", "", "not a number"),
        ("Infinity", "mmol/L", "Infinity", "", "not a number"),
        ("1e309", "mmol/L", "1e309", "", "not a number"),
        ("0x10", "mmol/L", "0x10", "", "not a number"),
        ("4.9 mmol/L", "mmol/L", "4.9 mmol/L", "", "unit inside the value"),
        ("4.9", "", "4.9", "", "no unit"),
        ("4.9", "furlong", "4.9", "", "unit does not fit"),
        ("4.9", "mmol/l", 4.9, "", ""),
        ("4.9", "MMOL/L", 4.9, "", ""),
        ("4.9", "mEq/L", 4.9, "", ""),
        ("490", "mmol/L", "490", "", "implausible"),
        ("-4.9", "mmol/L", "-4.9", "", "implausible"),
    ],
)  # fmt: skip
def test_ft20_a_number_is_kept_as_it_was_meant_or_not_scored(
    ward: Hospital, written: str, unit: str, value: float | str, comparator: str, flag: str
) -> None:
    measured = kept(ward, Obx("2823-3", written, unit=unit))
    assert measured is not None
    assert (measured.value, measured.comparator, measured.flags) == (value, comparator, (flag,) if flag else ())
    is_scored = ward.timeline(ADA).latest((c.POTASSIUM,), MORNING, c.POTASSIUM and ward.engine.house.timelines.window) is not None
    assert is_scored is (isinstance(value, float) and not comparator)


@pytest.mark.parametrize(("written", "value", "comparator"), [("<^1.5", 1.5, "<"), ("^4.9", 4.9, ""), ("=^4.9", 4.9, ""), (">=^10", 10.0, ">=")])
def test_ft20_a_structured_number_keeps_its_comparator(ward: Hospital, written: str, value: float, comparator: str) -> None:
    measured = kept(ward, Obx("2823-3", written, kind="SN"))
    assert measured is not None
    assert (measured.value, measured.comparator) == (value, comparator)


@pytest.mark.parametrize("written", ["^4.0^-^5.0", "^1^:^128", "^2^+"])
def test_ft20_a_range_a_ratio_or_a_grade_is_no_single_number(ward: Hospital, written: str) -> None:
    measured = kept(ward, Obx("2823-3", written, kind="SN"))
    assert measured is not None
    assert isinstance(measured.value, str)
    assert measured.flags == ("not a single number",)


def test_ft20_two_double_quotes_delete_and_an_empty_field_says_nothing(ward: Hospital) -> None:
    ward.send(oru(ADA, Obx("2823-3", 7.9), at=MORNING, order="L1"))
    ward.clock.step(ward.engine.house.timelines.window / 10_000)
    ward.send(oru(ADA, Obx("2823-3", '""'), at=ward.clock.now(), observed=MORNING, order="L1"))
    assert ward.timeline(ADA).observations.of("potassium") == []
    (empty,) = [event.value for event in ward.events(Measured)][2:] or [None]
    assert empty is None
    oracle.check(ward)


@pytest.mark.parametrize(("code", "value", "unit"), [("59408-5", 9, "%"), ("8867-4", 700, "/min"), ("8310-5", 98.6, "Cel"), ("9279-1", 300, "/min")])
def test_ft21_an_implausible_number_is_shown_marked_and_never_scored(ward: Hospital, code: str, value: float, unit: str) -> None:
    measured = kept(ward, Obx(code, value, unit=unit))
    assert measured is not None
    assert (measured.value, measured.flags) == (f"{value:g}", ("implausible",))
    assert ward.timeline(ADA).values(c.BY_ID[measured.concept], MORNING, ward.engine.house.timelines.window) == []


def test_ft21_a_temperature_of_98_6_degrees_fahrenheit_is_normal(ward: Hospital) -> None:
    measured = kept(ward, Obx("8310-5", 98.6, unit="[degF]"))
    assert measured is not None
    assert measured.value == pytest.approx(37.0)
