"""Bodies and illnesses: ranges of health, signs that move together, and each illness in the order in which it shows itself."""

from datetime import timedelta
from itertools import pairwise
from statistics import correlation, mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.listening import LIVE_AT
from wardline.core import concepts as c
from wardline.simulator.chance import dice_for
from wardline.simulator.illnesses import BLEEDING, KIDNEY_INJURY, RESPIRATORY_FAILURE, SEPSIS, Illness, Pattern
from wardline.simulator.oxygen import OxygenTherapy
from wardline.simulator.physiology import Body
from wardline.simulator.vitals import vitals_of, worry

ONSET = LIVE_AT


def a_body(seed: int = 1, *, calm: bool = False) -> Body:
    return Body(dice_for(seed, "body"), sex="F", age_years=60, calm=calm)


def an_ill_body(pattern: Pattern, hours_to_peak: float, seed: int = 1) -> Body:
    body = a_body(seed, calm=True)
    body.fall_ill(Illness(pattern, ONSET, hours_to_peak=hours_to_peak))
    return body


def course(body: Body, name: str, hours: float, every_minutes: float = 10) -> list[float]:
    return [body.level(name, ONSET + timedelta(minutes=every_minutes * step)) for step in range(int(hours * 60 / every_minutes) + 1)]


def first_time(values: list[float], beyond: float, *, below: bool) -> int:
    return next(step for step, value in enumerate(values) if (value < beyond if below else value > beyond))


# --- health ---


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("respiratory_rate", c.RESPIRATORY_RATE), ("systolic_pressure", c.SYSTOLIC_PRESSURE), ("pulse", c.PULSE), ("temperature", c.TEMPERATURE),
        ("sodium", c.SODIUM), ("potassium", c.POTASSIUM), ("leukocytes", c.LEUKOCYTES), ("platelets", c.PLATELETS), ("lactate", c.LACTATE),
    ],
)  # fmt: skip
def test_healthy_adults_stay_in_the_range_drawn_as_usual(name: str, concept: c.Concept) -> None:
    low, high = concept.usual or (0, 0)
    values = [value for seed in range(12) for value in course(a_body(seed), name, 24, every_minutes=60)]
    assert mean(low - 0.05 * (high - low) <= value <= high + 0.05 * (high - low) for value in values) > 0.9


def test_a_value_is_close_to_the_one_before_and_forgets_the_day_before() -> None:
    """Memory of an hour: e^(-10/60) = 0.85 after ten minutes, e^-24 after a day, where the only link left is the time of day."""
    pulse = [value for seed in range(4) for value in course(a_body(seed), "pulse", 240)]
    assert correlation(pulse[:-1], pulse[1:]) > 0.7
    one = course(a_body(9), "pulse", 24 * 30)
    assert correlation(one[: -6 * 36], one[6 * 36 :]) < 0.2


def test_unrest_moves_pulse_and_breathing_together() -> None:
    body = a_body(3)
    moments = [ONSET + timedelta(days=day) for day in range(3000)]  # always the same hour: the day's swing must not be the link
    both = [(body.level("pulse", at), body.level("respiratory_rate", at)) for at in moments]
    assert correlation(*zip(*both, strict=True)) > 0.08


def test_temperature_is_highest_in_the_evening() -> None:
    body, midnight = a_body(2), ONSET.replace(hour=0)
    morning, evening = (mean(body.level("temperature", midnight + timedelta(days=day, hours=hour)) for day in range(60)) for hour in (6, 18))
    assert 0.2 < evening - morning < 0.8


# --- illness ---


@pytest.mark.parametrize("pattern", [SEPSIS, BLEEDING, RESPIRATORY_FAILURE], ids=lambda pattern: pattern.name)
def test_a_nurse_is_not_worried_at_first_and_alarmed_in_the_end(pattern: Pattern) -> None:
    body, oxygen = an_ill_body(pattern, 6), OxygenTherapy(94, 98)
    before, after = (worry(vitals_of(body, oxygen, ONSET + timedelta(hours=hours)), oxygen) for hours in (0, 20))
    assert before <= 2
    assert after >= 7


def test_in_sepsis_the_pulse_rises_as_the_pressure_falls() -> None:
    body = an_ill_body(SEPSIS, 6)
    moments = [ONSET + timedelta(minutes=10 * step) for step in range(43)]
    both = [(body.level("pulse", at), body.level("systolic_pressure", at)) for at in moments]
    assert correlation(*zip(*both, strict=True)) < -0.8


def test_in_sepsis_fever_and_lactate_come_before_c_reactive_protein() -> None:
    body = an_ill_body(SEPSIS, 5)
    temperature, lactate, protein = (course(body, name, 24) for name in ("temperature", "lactate", "c_reactive_protein"))
    hot, sour, late = first_time(temperature, 38.0, below=False), first_time(lactate, 2.0, below=False), first_time(protein, 100, below=False)
    assert hot < late
    assert sour < late


def test_in_bleeding_the_pulse_rises_before_the_pressure_falls_and_haemoglobin_last() -> None:
    body = an_ill_body(BLEEDING, 6)
    pulse, pressure, haemoglobin = (course(body, name, 12) for name in ("pulse", "systolic_pressure", "haemoglobin"))
    fast = first_time(pulse, pulse[0] + 20, below=False)
    low = first_time(pressure, pressure[0] - 20, below=True)
    pale = first_time(haemoglobin, haemoglobin[0] - 30, below=True)
    assert pressure[fast] > pressure[0] - 14
    assert fast < low < pale


def test_in_kidney_injury_urine_falls_below_half_a_millilitre_before_creatinine_rises_by_half() -> None:
    """KDIGO 2012: less than 0.5 mL/kg/h, and 1.5 times the baseline, are the first stage by either sign."""
    body = an_ill_body(KIDNEY_INJURY, 20)
    urine, creatinine = course(body, "urine", 48), course(body, "creatinine", 48)
    assert first_time(urine, 0.5, below=True) < first_time(creatinine, 1.5 * creatinine[0], below=False)


def test_in_kidney_injury_potassium_rises_and_bicarbonate_falls() -> None:
    body, later = an_ill_body(KIDNEY_INJURY, 20), ONSET + timedelta(hours=40)
    assert body.level("potassium", later) > 5.5
    assert body.level("bicarbonate", later) < 18


def test_in_respiratory_failure_saturation_falls_first_and_carbon_dioxide_rises_late() -> None:
    body = an_ill_body(RESPIRATORY_FAILURE, 6)
    saturation, carbon_dioxide = course(body, "air_saturation", 10), course(body, "carbon_dioxide", 10)
    assert first_time(saturation, 92, below=True) < first_time(carbon_dioxide, 6.5, below=False)


def test_oxygen_is_turned_up_until_the_target_is_reached_and_down_again_afterwards() -> None:
    oxygen = OxygenTherapy(94, 98)
    for _ in range(12):
        oxygen.adjust(oxygen.saturation(84))
    assert oxygen.flow > 0
    assert oxygen.saturation(84) >= 94
    for _ in range(12):
        oxygen.adjust(oxygen.saturation(97))
    assert oxygen.flow == 0


def test_the_second_scale_is_content_with_88_to_92_percent() -> None:
    oxygen = OxygenTherapy(88, 92)
    for _ in range(12):
        oxygen.adjust(oxygen.saturation(90))
    assert oxygen.flow == 0


@given(
    hours_to_peak=st.floats(1, 48), peak=st.floats(0.1, 1.2), treated_after=st.floats(0, 72), half_life=st.floats(1, 48),
)  # fmt: skip
def test_an_illness_builds_up_and_fades_and_is_never_worse_than_its_peak(
    hours_to_peak: float, peak: float, treated_after: float, half_life: float
) -> None:
    illness = Illness(SEPSIS, ONSET, hours_to_peak=hours_to_peak, peak=peak, half_life_hours=half_life)
    illness.treat(ONSET + timedelta(hours=treated_after))
    severities = [illness.severity(ONSET + timedelta(hours=hour)) for hour in range(200)]
    turning = next(hour for hour in range(200) if hour > treated_after + 1)
    assert all(0 <= each <= peak + 1e-9 for each in severities)
    assert all(before <= after + 1e-9 for before, after in pairwise(severities[:turning]))
    assert all(before >= after - 1e-9 for before, after in pairwise(severities[turning:]))


def test_an_illness_that_does_not_respond_is_not_helped_by_treatment() -> None:
    illness = Illness(BLEEDING, ONSET, hours_to_peak=4, responds=False)
    illness.treat(ONSET + timedelta(hours=1))
    assert illness.severity(ONSET + timedelta(hours=30)) == 1.0
