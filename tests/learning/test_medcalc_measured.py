"""MedCalc-Bench: our capabilities on its cases, and every difference accounted for."""

from collections import Counter
from datetime import date

import pytest

from support.reference import REPOSITORY, reference_data
from wardline.app.discovery import discover
from wardline.core import concepts as c
from wardline.learning.evaluation.medcalc.causes import CAUSES, cause_of
from wardline.learning.evaluation.medcalc.measuring import CALCULATORS, Compared, compared
from wardline.learning.evaluation.medcalc.page import page, summary
from wardline.learning.evaluation.medcalc.patient import Patient, Unreadable, patients

CAPABILITIES = {capability.id: capability for capability in discover().capabilities}


@pytest.fixture(scope="module")
def cases() -> list[Compared]:
    if not (reference_data() / "knowledge" / "medcalc_bench").exists():
        pytest.skip("the reference data set MedCalc-Bench is not here (WARDLINE_REFERENCE_DATA)")
    return compared(patients(reference_data()), CAPABILITIES)


@pytest.mark.reference
def test_no_difference_is_left_unexplained(cases: list[Compared]) -> None:
    assert [(each.patient.row, each.patient.answer, each.ours) for each in cases if each.verdict == "differs" and cause_of(each) is None] == []
    assert [each.patient.row for each in cases if each.verdict == "incomplete"] == []


@pytest.mark.reference
def test_where_the_set_is_right_we_agree(cases: list[Compared]) -> None:
    counts = Counter(each.verdict for each in cases)

    assert counts["agrees"] >= 387
    assert counts.total() == 537


@pytest.mark.reference
def test_the_page_in_the_documentation_says_what_comes_out(cases: list[Compared]) -> None:
    written = (REPOSITORY / "docs" / "evaluation" / "medcalc.md").read_text(encoding="utf-8")

    assert summary(cases) in written
    assert len(page(cases, CAPABILITIES, date(2026, 1, 1)).splitlines()) == len(written.splitlines())


def made_up(calculator: str, answer: str, **known: object) -> Compared:
    limits = (answer, answer)
    return compared([Patient("1", calculator, {name.replace("_", " "): value for name, value in known.items()}, answer, *limits)], CAPABILITIES)[0]


def test_a_wrong_answer_is_a_difference_and_stays_unexplained() -> None:
    each = made_up("Maintenance Fluids Calculations", "100", weight=[20.0, "kg"])

    assert (each.verdict, each.ours) == ("differs", 60.0)
    assert cause_of(each) is None


def test_a_right_answer_agrees() -> None:
    assert made_up("Maintenance Fluids Calculations", "60", weight=[20.0, "kg"]).verdict == "agrees"


def test_days_are_compared_as_days() -> None:
    each = made_up("Estimated Due Date", "12/06/2026", **{"Last menstrual date": "03/01/2026", "cycle length": 28})

    assert (each.verdict, each.ours) == ("agrees", "2026-12-06")


def test_a_calculator_nobody_offers_is_not_offered() -> None:
    assert made_up("Target weight", "70").verdict == "not offered"


def test_a_count_in_an_impossible_unit_is_declined() -> None:
    each = made_up("SIRS Criteria", "1", White_blood_cell_count=[9440.0, "L"])

    assert each.verdict == "declined"
    assert "cannot be right" in each.why


def test_a_unit_is_brought_into_ours() -> None:
    patient = Patient("1", "", {"weight": [100, "lbs"], "Platelet count": [180000.0, "µL"], "Temperature": [98.6, "degrees fahreinheit"]}, "", "", "")

    assert patient.measured("weight", c.WEIGHT) == pytest.approx(45.359, abs=0.001)
    assert patient.measured("Platelet count", c.PLATELETS) == 180
    assert patient.measured("Temperature", c.TEMPERATURE) == pytest.approx(37.0)
    with pytest.raises(Unreadable):
        Patient("1", "", {"Calcium": [9, "mm hg"]}, "", "", "").measured("Calcium", c.CALCIUM)


def test_every_cause_is_of_a_calculator_we_answer() -> None:
    assert {name for cause in CAUSES for name in cause.calculators} <= set(CALCULATORS)
