"""Bedside scores on a patient's chart: which values they take, and how old or how far apart these may be."""

from typing import Any

from wardline.capabilities.deterioration.glasgow_coma_scale import glasgow_coma_scale
from wardline.capabilities.deterioration.mews import mews
from wardline.capabilities.deterioration.shock_index import shock_index
from wardline.capabilities.lungs.rox_index import rox_index
from wardline.capabilities.sepsis.qsofa import qsofa
from wardline.capabilities.sepsis.sirs import sirs
from wardline.core import concepts as c
from wardline.core.findings import AtLeast, Finding, Severity, Unknown

# --- Glasgow coma scale -----------------------------------------------------------------------------------------------------------


def test_the_voice_from_before_the_tube_is_not_added_to_the_eyes_after_it(patient: Any) -> None:
    patient.measured(c.GLASGOW_EYES, 4.0, 0).measured(c.GLASGOW_VERBAL, 5.0, 0).measured(c.GLASGOW_MOTOR, 6.0, 0)
    patient.measured(c.GLASGOW_EYES, 1.0, 2).measured(c.GLASGOW_VERBAL, "NT", 2, flags=("not a number",)).measured(c.GLASGOW_MOTOR, 4.0, 2)

    assert patient.ask(glasgow_coma_scale, 2) == Unknown(("glasgow_verbal",), "E1 V? M4: a component that is missing or not testable is not 1")


def test_components_noted_within_minutes_are_one_assessment(patient: Any) -> None:
    patient.measured(c.GLASGOW_EYES, 3.0, 0).measured(c.GLASGOW_VERBAL, 4.0, 0.05).measured(c.GLASGOW_MOTOR, 5.0, 0.08)

    (answer,) = patient.note(glasgow_coma_scale, 1).timeline.answers_of("glasgow_coma_scale")

    assert answer.value.value == 12
    assert [event for *_, event in answer.value.because] == [1, 2, 3]


def test_a_newer_total_replaces_older_components(patient: Any) -> None:
    patient.measured(c.GLASGOW_EYES, 4.0, 0).measured(c.GLASGOW_VERBAL, 5.0, 0).measured(c.GLASGOW_MOTOR, 6.0, 0)
    patient.measured(c.GLASGOW_TOTAL, 9.0, 1)

    assert patient.ask(glasgow_coma_scale, 1).summary == "Glasgow coma scale 9, as sent"


# --- qSOFA, SIRS, MEWS ------------------------------------------------------------------------------------------------------------


def breathing_fast_with_low_pressure(patient: Any) -> Any:
    return patient.measured(c.RESPIRATORY_RATE, 22.0).measured(c.SYSTOLIC_PRESSURE, 100.0)


def test_a_glasgow_scale_below_15_is_altered_mentation(patient: Any) -> None:
    breathing_fast_with_low_pressure(patient).measured(c.GLASGOW_TOTAL, 14.0)

    assert patient.ask(qsofa).value == 3


def test_a_glasgow_scale_of_15_is_not(patient: Any) -> None:
    patient.measured(c.RESPIRATORY_RATE, 21.0).measured(c.SYSTOLIC_PRESSURE, 101.0).measured(c.GLASGOW_TOTAL, 15.0)

    assert patient.ask(qsofa).value == 0


def test_confusion_voice_pain_and_unresponsive_are_altered_mentation_and_alert_is_not(patient: Any) -> None:
    breathing_fast_with_low_pressure(patient)
    totals = {}
    for hour, level in enumerate("CVPUA"):
        totals[level] = patient.measured(c.CONSCIOUSNESS, level, hour).ask(qsofa, hour).value

    assert totals == {"C": 3, "V": 3, "P": 3, "U": 3, "A": 2}


def test_the_newer_of_two_ways_to_describe_consciousness_counts(patient: Any) -> None:
    breathing_fast_with_low_pressure(patient).measured(c.GLASGOW_TOTAL, 13.0, -2).measured(c.CONSCIOUSNESS, "A", -1)

    assert patient.ask(qsofa).value == 2


def test_vital_signs_of_yesterday_do_not_score_today(patient: Any) -> None:
    breathing_fast_with_low_pressure(patient).measured(c.CONSCIOUSNESS, "A")

    assert isinstance(patient.ask(qsofa, 12), Finding)
    assert isinstance(patient.ask(qsofa, 12.1), Unknown)
    assert isinstance(patient.ask(mews, 12.1), Unknown)


def test_sirs_takes_white_cells_of_the_last_day_and_nothing_for_granted(patient: Any) -> None:
    patient.measured(c.TEMPERATURE, 38.5).measured(c.PULSE, 80.0).measured(c.RESPIRATORY_RATE, 16.0).measured(c.LEUKOCYTES, 15.0, -23)

    complete, a_day_later = patient.ask(sirs), patient.ask(sirs, 2)

    assert (complete.value, complete.severity) == (2, Severity.LOW)
    assert isinstance(a_day_later, AtLeast)
    assert (a_day_later.finding.value, a_day_later.missing, a_day_later.at_most) == (1, ("leukocytes",), 2)


def test_an_arterial_and_a_venous_gas_do_not_stand_in_for_each_other(patient: Any) -> None:
    patient.measured(c.TEMPERATURE, 37.0).measured(c.PULSE, 80.0).measured(c.RESPIRATORY_RATE, 16.0).measured(c.LEUKOCYTES, 8.0)
    patient.measured(c.VENOUS_PH, 7.2)

    assert patient.ask(sirs).value == 0


# --- ratios -----------------------------------------------------------------------------------------------------------------------


def test_a_pulse_of_now_is_not_divided_by_a_pressure_of_this_morning(patient: Any) -> None:
    patient.measured(c.SYSTOLIC_PRESSURE, 130.0, -6).measured(c.PULSE, 140.0)

    assert patient.ask(shock_index) == Unknown(("systolic_pressure",))


def test_values_of_one_round_of_observations_are(patient: Any) -> None:
    patient.measured(c.SYSTOLIC_PRESSURE, 100.0, -0.2).measured(c.PULSE, 120.0)

    outcome = patient.ask(shock_index)

    assert (outcome.value, outcome.severity) == (1.2, Severity.MEDIUM)


def test_the_site_decides_what_a_raised_shock_index_is(patient: Any) -> None:
    patient.measured(c.SYSTOLIC_PRESSURE, 100.0).measured(c.PULSE, 85.0)

    assert patient.ask(shock_index).severity is Severity.NONE
    assert patient.ask(shock_index, site={"shock_index_limit": 0.8}).severity is Severity.LOW


def test_rox_needs_the_oxygen_of_the_same_time_as_the_saturation(patient: Any) -> None:
    patient.measured(c.INSPIRED_OXYGEN, 60.0, -3).measured(c.OXYGEN_SATURATION, 92.0).measured(c.RESPIRATORY_RATE, 30.0)
    assert patient.ask(rox_index) == Unknown(("inspired_oxygen",))

    patient.measured(c.INSPIRED_OXYGEN, 80.0, 0)

    assert patient.ask(rox_index).value == 3.83  # 92 / 0.8 / 30
