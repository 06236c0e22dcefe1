"""Chronic scores on a patient's record: what is read from where, how old it may be, and what is left open."""

from datetime import timedelta

from capabilities.conftest import START, PatientChart
from wardline.capabilities.frailty.braden import braden
from wardline.capabilities.kidney.egfr_ckd_epi_2021 import egfr_ckd_epi_2021
from wardline.capabilities.kidney.kfre import kfre
from wardline.capabilities.liver.fib_4 import fib_4
from wardline.capabilities.liver.meld import meld
from wardline.capabilities.prognosis.charlson import charlson
from wardline.core import concepts as c
from wardline.core.events import Diagnosed, Event
from wardline.core.findings import AtLeast, Finding, Unknown

DAY = 24


def diagnosed(patient: PatientChart, code: str, system: str = "I10", id: int = 900) -> PatientChart:
    patient.timeline.apply(Event(Diagnosed(code, system=system), "patient", START, START + timedelta(0), id=id))
    return patient


def test_charlson_reads_the_coded_diagnoses_and_points_at_them(patient: PatientChart) -> None:
    diagnosed(diagnosed(patient.born("1950-01-01"), "I50.9", id=901), "E11.2", id=902)

    answers = {each.key: each for each in patient.ask_all(charlson) if isinstance(each, Finding)}

    # 1987: heart failure 1, diabetes with complication 2; 76 years 3.
    assert {key: each.value for key, each in answers.items()} == {"1987": 3, "1987_with_age": 6, "2011": 3}
    assert [line.event for line in answers["1987"].because] == [901, 902]


def test_charlson_says_that_a_diagnosis_could_not_be_read(patient: PatientChart) -> None:
    diagnosed(patient.born("1950-01-01"), "73211009", "SCT")

    assert all(isinstance(each, AtLeast) and each.missing == ("icd_codes",) for each in patient.ask_all(charlson))


def test_meld_does_not_use_a_laboratory_value_of_last_month(patient: PatientChart) -> None:
    patient.born("1950-01-01").measured(c.CREATININE, 1.9, -30 * DAY).measured(c.BILIRUBIN, 4.2).measured(c.INR, 1.2)

    assert patient.ask(meld) == Unknown(("creatinine",))


def test_fib_4_wants_ast_and_alt_of_the_same_days(patient: PatientChart) -> None:
    patient.born("1960-01-01").measured(c.AST, 60, -20 * DAY).measured(c.ALT, 45).measured(c.PLATELETS, 180)

    assert patient.ask(fib_4) == Unknown(("ast",))


def test_kfre_rests_on_the_egfr_of_the_house(patient: PatientChart) -> None:
    patient.born("1961-01-01", "M").measured(c.CREATININE, 2.4).measured(c.URINE_ALBUMIN_CREATININE, 300).note(egfr_ckd_epi_2021)

    two, five = patient.ask_all(kfre, site={"kfre_region": "elsewhere"})

    assert isinstance(two, Finding)
    assert isinstance(five, Finding)
    assert (two.key, five.key) == ("2_years", "5_years")
    assert float(two.value or 0) < float(five.value or 0)
    assert isinstance(patient.ask(kfre), Unknown), "the site has not said where it is"


def test_braden_adds_the_items_as_nurses_charted_them(patient: PatientChart) -> None:
    patient.born("1950-01-01")
    for concept in (c.BRADEN_SENSORY, c.BRADEN_MOISTURE, c.BRADEN_ACTIVITY, c.BRADEN_MOBILITY, c.BRADEN_NUTRITION):
        patient.measured(concept, 3)
    assert patient.ask(braden) == Unknown(("braden_friction",))

    answer = patient.measured(c.BRADEN_FRICTION, 2).ask(braden)

    assert isinstance(answer, Finding)
    assert answer.value == 17
