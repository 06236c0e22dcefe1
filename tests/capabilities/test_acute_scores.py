"""Acute scores on a patient's chart: which values count, and what a record can say of its own."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.capabilities.children.pews_chart import pews_chart
from wardline.capabilities.deterioration.apache_ii import apache_ii
from wardline.capabilities.heart.cha2ds2_vasc import cha2ds2_vasc
from wardline.capabilities.heart.qtc import corrected, qtc
from wardline.capabilities.laboratory import compensation
from wardline.capabilities.lungs.horowitz_index import horowitz_index
from wardline.capabilities.sepsis.sepsis_3 import sepsis_3
from wardline.capabilities.sepsis.sofa import sofa
from wardline.capabilities.sepsis.vasopressors import points_of, support_of
from wardline.core import concepts as c
from wardline.core.course import Given
from wardline.core.errors import Refused
from wardline.core.events import Administered, Diagnosed, Ordered, Performed
from wardline.core.findings import AtLeast, Finding, Unknown

# --- SOFA -------------------------------------------------------------------------------------------------------------------------


def well(patient: Any) -> Any:
    for concept, value in ((c.PLATELETS, 200.0), (c.BILIRUBIN, 0.8), (c.CREATININE, 0.9), (c.MEAN_PRESSURE, 80.0)):
        patient.measured(concept, value, 0)
    return patient.measured(c.INSPIRED_OXYGEN, 21.0, 0).measured(c.ARTERIAL_OXYGEN, 90.0, 0)


def rows(answer: Any) -> dict[str, Any]:
    return {line.input: line.points for line in answer.finding.because}


def test_the_worst_of_the_last_day_counts_until_it_is_a_day_old(patient: Any) -> None:
    well(patient).measured(c.CREATININE, 3.6, 1).measured(c.CREATININE, 1.0, 10)

    assert rows(patient.ask(sofa, 20))["creatinine"] == 3
    assert rows(patient.ask(sofa, 26))["creatinine"] == 0


def test_each_blood_gas_is_divided_by_the_oxygen_noted_before_it(patient: Any) -> None:
    well(patient).measured(c.INSPIRED_OXYGEN, 60.0, 2).measured(c.ARTERIAL_OXYGEN, 150.0, 3).measured(c.INSPIRED_OXYGEN, 100.0, 4)

    line = next(line for line in patient.ask(sofa, 5).finding.because if line.input == "blood_gases")
    assert (line.value, line.points) == (250.0, 2)


def test_a_blood_gas_whose_oxygen_was_noted_long_ago_is_no_ratio(patient: Any) -> None:
    well(patient).measured(c.ARTERIAL_OXYGEN, 40.0, 5)

    line = next(line for line in patient.ask(sofa, 6).finding.because if line.input == "blood_gases")
    assert line.points == 0, "the gas at hour 0 counts, the one five hours after the setting does not"


def test_end_expiratory_pressure_on_record_is_respiratory_support(patient: Any) -> None:
    well(patient).measured(c.INSPIRED_OXYGEN, 100.0, 1).measured(c.ARTERIAL_OXYGEN, 90.0, 1)
    assert "respiratory_support" in patient.ask(sofa, 2).missing

    patient.measured(c.END_EXPIRATORY_PRESSURE, 8.0, 2)
    assert rows(patient.ask(sofa, 2))["blood_gases"] == 4


def test_no_vasopressor_is_only_told_where_drugs_are_on_record(patient: Any) -> None:
    well(patient)
    assert "doses" in patient.ask(sofa, 1).missing

    patient._write(Ordered("1", category="medication", what="Paracetamol 1 g"), 0)
    assert "doses" not in patient.ask(sofa, 1).missing


def test_a_running_infusion_outweighs_the_pressure_it_holds_up(patient: Any) -> None:
    well(patient)._write(Administered("1", "Noradrenaline", dose="0.15 mcg/kg/min"), 0.5)

    assert rows(patient.ask(sofa, 1))["circulation"] == 4


def test_an_untold_rate_gives_bounds() -> None:
    def of(what: str, dose: str = "") -> list[tuple[int, int]]:
        return [(each.least, each.most) for each in support_of([Given(what, "", dose, "", None)])]  # type: ignore[arg-type]

    assert of("Norepinephrine") == [(3, 4)]
    assert of("Epinephrine 1 mg") == [(0, 4)], "it may have been a single dose"
    assert of("Dobutamine") == [(2, 2)]
    assert of("Levodopa") == []


def test_the_end_of_a_number_is_no_rate() -> None:
    def of(dose: str) -> list[tuple[int, int]]:
        return [(each.least, each.most) for each in support_of([Given("Norepinephrine", "", dose, "", None)])]  # type: ignore[arg-type]

    assert of("0.1 mcg/kg/min") == [(3, 3)]
    assert of("from 0.05 to 0.2 ug/kg/min") == [(4, 4)]
    for dose in (".1 mcg/kg/min", "0,1 mcg/kg/min", "1.0.1 mcg/kg/min"):
        assert of(dose) == of("")


@given(st.sampled_from(["norepinephrine", "epinephrine", "dopamine", "dobutamine"]), st.floats(0, 50), st.floats(0, 50))
def test_more_of_a_vasopressor_never_scores_less(drug: str, one: float, other: float) -> None:
    assert points_of(drug, min(one, other)) <= points_of(drug, max(one, other))


# --- Sepsis-3 ---------------------------------------------------------------------------------------------------------------------


def infected(patient: Any) -> Any:
    well(patient).measured(c.CREATININE, 2.5, 1).measured(c.GLASGOW_TOTAL, 15.0, 1)
    return patient.note(sofa, 2)


def test_an_antibiotic_and_a_culture_on_record_suspect_infection(patient: Any) -> None:
    infected(patient)._write(Administered("1", "Piperacillin / tazobactam 4.5 g", route="IV"), 1)
    assert isinstance(patient.ask(sepsis_3, 3), Unknown), "an antibiotic alone may be prophylaxis"

    patient._write(Performed("1", "Blood culture"), 2)
    answer = patient.ask(sepsis_3, 3)
    assert answer.value == "sepsis"
    assert "since 2026-11-21 07:00" in answer.because[0].band


def test_eye_drops_suspect_nothing(patient: Any) -> None:
    infected(patient)._write(Administered("1", "Gentamicin eye drops", route="ophthalmic"), 1)
    patient._write(Performed("1", "Blood culture"), 2)

    assert isinstance(patient.ask(sepsis_3, 3), Unknown)


# --- history, pairs, days ---------------------------------------------------------------------------------------------------------


def test_a_diagnosis_scores_and_its_absence_stays_open(patient: Any) -> None:
    patient.born("1946-01-01", "F")._write(Diagnosed("I50.9", system="I10", text="Heart failure"), 0)

    answer = patient.ask(cha2ds2_vasc, 1)
    assert isinstance(answer, AtLeast)
    assert (answer.finding.value, answer.at_most) == (4, 9)
    assert "heart_failure" not in answer.missing


def test_a_heart_rate_from_another_hour_corrects_no_qt(patient: Any) -> None:
    patient.measured(c.PULSE, 100.0, 0).measured(c.QT_INTERVAL, 380.0, 1)

    assert patient.ask(qtc, 1) == Unknown(("pulse",))


def test_oxygen_noted_six_hours_before_the_gas_gives_no_ratio(patient: Any) -> None:
    patient.measured(c.INSPIRED_OXYGEN, 40.0, 0).measured(c.ARTERIAL_OXYGEN, 80.0, 6)

    assert patient.ask(horowitz_index, 6) == Unknown(("inspired_oxygen",))


def test_apache_takes_the_worst_of_the_day_on_either_side(patient: Any) -> None:
    patient.born("1980-01-01").measured(c.TEMPERATURE, 37.0, 0).measured(c.TEMPERATURE, 31.0, 3).measured(c.TEMPERATURE, 38.6, 6)

    line = next(line for line in patient.ask(apache_ii, 7).finding.because if line.input == "temperature")
    assert (line.value, line.points) == (31.0, 3)


# --- QTc --------------------------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(40, 160), st.integers(250, 600))
def test_the_four_formulas_agree_with_a_second_opinion(rate: int, qt: int) -> None:
    seconds = 60 / rate
    expected = {
        "bazett": 1000 * (qt / 1000) / seconds**0.5,
        "fridericia": 1000 * (qt / 1000) / seconds ** (1 / 3),
        "framingham": 1000 * (qt / 1000 + 0.154 * (1 - seconds)),
        "hodges": qt + 1.75 * rate - 105,
    }
    assert corrected(qt, rate) == pytest.approx(expected)


# --- acid and base ----------------------------------------------------------------------------------------------------------------


@given(st.floats(45.1, 100))
def test_the_kidney_answers_more_after_days_than_within_hours(carbon_dioxide: float) -> None:
    acute, chronic = compensation.bicarbonate_in_respiratory_acidosis(carbon_dioxide)
    assert 24 < (acute.least + acute.most) / 2 < (chronic.least + chronic.most) / 2

    acute, chronic = compensation.bicarbonate_in_respiratory_alkalosis(80 - carbon_dioxide if carbon_dioxide < 70 else 20)
    assert 24 > (acute.least + acute.most) / 2 > (chronic.least + chronic.most) / 2


# --- PEWS -------------------------------------------------------------------------------------------------------------------------


def chart(**changed: Any) -> dict[str, Any]:
    rows = {"pulse": {"up_to": {79: 4, 139: 0}, "above": 4}, "supplemental_oxygen": {"answers": {True: 2, False: 0}}}
    whole = {"title": "Ours", "version": "1", "source": "us", "signed_by": "A", "escalate": [{"from": 5, "as": "medium"}]}
    return {**whole, "ages": [{"from": 0, "to": 4, "rows": rows}], **changed}


def test_a_chart_is_read_as_it_is_written() -> None:
    read = pews_chart(chart())

    assert read.is_signed
    assert [name for name, _ in read.of_age(3).tables] == ["pulse", "supplemental_oxygen"]  # type: ignore[union-attr]
    assert read.of_age(5) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"ages": []},
        {"ages": "all"},
        {"ages": [{"from": 0, "to": 4}]},
        {"ages": [{"from": 0, "to": 4, "rows": {"mood": {"up_to": {1: 0}, "above": 1}}}]},
        {"ages": [{"from": 0, "to": 4, "rows": {"pulse": {"up_to": {1: 0}}}}]},
        {"ages": [{"from": 0, "to": 4, "rows": {"pulse": 7}}]},
        {"ages": [{"from": 0, "to": 4, "rows": {"consciousness": {"answers": {"A": 0}}}}]},
        {"ages": [{"from": 0, "to": 4, "rows": {}}, {"from": 4, "to": 9, "rows": {}}]},
        {"escalate": [{"from": 5, "as": "high"}]},
    ],
)
def test_a_chart_that_cannot_be_followed_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="pews_chart"):
        pews_chart(chart(**changed))


def test_an_answer_that_is_complete_is_a_finding(patient: Any) -> None:
    patient.measured(c.INSPIRED_OXYGEN, 40.0, 0).measured(c.ARTERIAL_OXYGEN, 80.0, 1)

    answer = patient.ask(horowitz_index, 1)
    assert isinstance(answer, Finding)
    assert answer.value == 200
    assert patient.valid_until(horowitz_index, 1) == timedelta(hours=12) / timedelta(hours=1)
