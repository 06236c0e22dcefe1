"""The simulated laboratory: units the house can convert, printed ranges, derived values that agree with each other."""

from datetime import timedelta
from random import Random

import pytest

from simulator.listening import LIVE_AT
from wardline.core import concepts as c
from wardline.simulator.chance import dice_for
from wardline.simulator.illnesses import RESPIRATORY_FAILURE, SEPSIS, Illness
from wardline.simulator.laboratory import (
    BASIC,
    BEDSIDE_GLUCOSE,
    BLOOD_COUNT,
    BLOOD_GAS,
    COAGULATION,
    HEART,
    INFLAMMATION,
    LIVER,
    Analyte,
    Panel,
    reported,
    values_of,
)
from wardline.simulator.physiology import Body

PANELS = (BASIC, BLOOD_COUNT, BLOOD_GAS, COAGULATION, HEART, INFLAMMATION, LIVER, BEDSIDE_GLUCOSE)
ANALYTES = [(panel, analyte) for panel in PANELS for analyte in panel.analytes]


def bodies() -> list[Body]:
    """Well, septic and short of breath, in several shapes."""
    found = []
    for seed, pattern in enumerate([None, SEPSIS, RESPIRATORY_FAILURE] * 4):
        body = Body(dice_for(seed, "laboratory"), sex="FM"[seed % 2], age_years=30 + 5 * seed)
        if pattern is not None:
            body.fall_ill(Illness(pattern, LIVE_AT - timedelta(hours=20), hours_to_peak=8))
        found.append(body)
    return found


@pytest.mark.parametrize(("panel", "analyte"), ANALYTES, ids=[f"{panel.code.id}-{analyte.quantity}" for panel, analyte in ANALYTES])
def test_every_analyte_is_a_known_concept_in_a_unit_that_fits(panel: Panel, analyte: Analyte) -> None:
    concept = c.BY_LOINC[analyte.code.id]
    assert concept.conversion(analyte.unit) is not None
    assert not concept.contradicts(analyte.code.id, analyte.unit)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.code.id)
def test_values_of_well_and_very_ill_patients_are_plausible(panel: Panel) -> None:
    for body in bodies():
        values = values_of(panel, body, 95.0, LIVE_AT)
        for analyte in panel.analytes:
            concept = c.BY_LOINC[analyte.code.id]
            conversion = concept.conversion(analyte.unit)
            assert conversion is not None
            assert concept.is_plausible(conversion(values[analyte.quantity])), (analyte.quantity, values)


def test_ph_bicarbonate_and_carbon_dioxide_agree() -> None:
    """Henderson-Hasselbalch: bicarbonate 24 mmol/L and 40 mmHg make pH 7.39 (pK 6.1, solubility 0.0307)."""
    for body in bodies():
        values = values_of(BLOOD_GAS, body, 95.0, LIVE_AT)
        hydrogen = 10 ** (6.1 - values["ph"])
        assert values["bicarbonate"] * hydrogen == pytest.approx(0.0307 * values["carbon_dioxide"] * 7.50062, rel=1e-9)


def test_arterial_oxygen_follows_the_dissociation_curve() -> None:
    """Severinghaus 1979: half saturated at 26.9 mmHg (3.6 kPa), 90 % near 58 mmHg (7.8 kPa)."""
    body = bodies()[0]
    assert values_of(BLOOD_GAS, body, 50.0, LIVE_AT)["oxygen"] == pytest.approx(3.6, abs=0.1)
    assert values_of(BLOOD_GAS, body, 90.0, LIVE_AT)["oxygen"] == pytest.approx(7.8, abs=0.15)


def test_what_is_outside_the_printed_range_carries_its_mark() -> None:
    values = {
        "sodium": 129.0,
        "potassium": 5.14,
        "chloride": 102.0,
        "bicarbonate": 24.0,
        "urea": 5.0,
        "creatinine": 380.0,
        "glucose": 5.0,
        "calcium": 2.3,
    }
    marks = {each.code.split("^")[1]: each.abnormal for each in reported(BASIC, values, "F")}
    assert marks["Sodium"] == "L"
    assert marks["Creatinine"] == "H"
    # 5.14 is printed as 5.1, and 5.1 is within 3.5 to 5.1.
    assert marks["Potassium"] == "N"


def test_less_than_the_analyser_can_tell_is_a_comparator() -> None:
    (result,) = reported(INFLAMMATION, {"c_reactive_protein": 0.4}, "F")
    assert (result.kind, result.value) == ("SN", "<^1")


def test_women_have_less_haemoglobin_than_men() -> None:
    women, men = (
        [Body(Random(seed), sex=sex, age_years=45).level("haemoglobin", LIVE_AT) for seed in range(60)] for sex in "FM"
    )  # fmt: skip
    assert sum(women) / 60 < sum(men) / 60 - 8
