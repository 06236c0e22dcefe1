"""Laboratory capabilities on a patient's chart, with the site's own tables."""

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wardline.capabilities.laboratory.anion_gap import anion_gap
from wardline.capabilities.laboratory.corrected_calcium import corrected_calcium
from wardline.capabilities.laboratory.corrected_sodium import corrected_sodium
from wardline.capabilities.laboratory.critical_limits import Limit, Verdict, critical_limits, verdict_of
from wardline.capabilities.laboratory.critical_values import critical_values
from wardline.capabilities.laboratory.delta_check import delta_check
from wardline.capabilities.laboratory.delta_limits import delta_limits
from wardline.core import concepts as c
from wardline.core.errors import Refused
from wardline.core.findings import Finding, Severity, Unknown

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "site" / "critical_limits.yaml"
HEAD = {"owner": "Laboratory", "version": "1", "date": "2026-11-21", "source": "invented", "signed_by": "Dr Example"}


def table(**limits: Any) -> dict[str, Any]:
    return {**HEAD, "limits": limits}


CRITICAL = {"critical_limits": table(potassium={"below": 2.8, "above": 6.2, "unit": "mmol/L"}, sodium={"below": 120, "unit": "mmol/L"})}
DELTA = {"delta_limits": table(potassium={"by": 1.5, "unit": "mmol/L", "within_hours": 24})}


# --- critical values --------------------------------------------------------------------------------------------------------------


def test_a_critical_potassium_is_an_urgent_finding_about_potassium(patient: Any) -> None:
    finding = patient.measured(c.POTASSIUM, 7.1).ask(critical_values, site=CRITICAL)

    assert (finding.key, finding.value, finding.severity) == ("potassium", 7.1, Severity.HIGH)
    assert finding.because[0].event == 1
    assert finding.suggestions[0].text == "Tell the clinician responsible at once"


def test_a_corrected_potassium_is_no_longer_critical(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1, order="A1")

    patient.measured(c.POTASSIUM, 4.1, order="A1", status="C", issued=0.1)

    finding = patient.ask(critical_values, 0.1, CRITICAL)
    assert (finding.key, finding.value, finding.severity) == ("potassium", 4.1, Severity.NONE)


def test_a_result_on_the_wrong_patient_leaves_no_answer(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1, order="A1")

    patient.measured(c.POTASSIUM, 7.1, order="A1", status="W", issued=0.1)

    assert patient.ask_all(critical_values, 0.1, CRITICAL) == ()


def test_every_analyte_with_a_limit_and_a_result_has_an_answer_of_its_own(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1).measured(c.SODIUM, 118.0).measured(c.CHLORIDE, 100.0)

    answers = patient.ask_all(critical_values, 0, CRITICAL)

    assert {each.key: each.severity for each in answers} == {"potassium": Severity.HIGH, "sodium": Severity.HIGH}


def test_a_bounded_result_is_critical_only_for_certain(patient: Any) -> None:
    certain = patient.measured(c.POTASSIUM, 2.0, 0, comparator="<").ask(critical_values, 0, CRITICAL)
    open_ = patient.measured(c.POTASSIUM, 5.0, 1, comparator="<").ask(critical_values, 1, CRITICAL)

    assert (certain.value, certain.severity) == ("<2", Severity.HIGH)
    assert isinstance(open_, Unknown)
    assert open_.key == "potassium"


def test_a_critical_value_stands_for_three_days(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1)

    assert patient.ask(critical_values, 72, CRITICAL).severity is Severity.HIGH
    assert patient.ask_all(critical_values, 72.1, CRITICAL) == ()


def test_a_preliminary_result_is_not_called_yet(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1, status="P")

    assert patient.ask_all(critical_values, 0, CRITICAL) == ()


def test_without_a_signed_table_nothing_is_judged(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.1)
    unsigned = {"critical_limits": {**CRITICAL["critical_limits"], "signed_by": None}}

    assert patient.ask(critical_values) == Unknown(("critical_limits",))
    assert patient.ask(critical_values, 0, unsigned) == Unknown(("critical_limits",), "the table of critical limits, version 1, is not signed")


def test_glucose_is_judged_alike_in_either_unit(patient: Any) -> None:
    limits = {"critical_limits": table(glucose={"below": 2.6, "unit": "mmol/L"})}
    to_mg = c.GLUCOSE.conversion("mmol/L")
    assert to_mg is not None

    severities = [
        patient.measured(c.GLUCOSE, to_mg(value), hour).ask(critical_values, hour, limits).severity for hour, value in enumerate((2.5, 2.6))
    ]

    assert severities == [Severity.HIGH, Severity.NONE]


def test_a_result_exactly_at_a_limit_stays_there_through_any_conversion() -> None:
    to_grams = c.HAEMOGLOBIN.conversion("g/L")
    assert to_grams is not None

    for value in range(10, 300):
        lower = critical_limits(table(haemoglobin={"below": value, "unit": "g/L"})).limits["haemoglobin"]
        upper = critical_limits(table(haemoglobin={"above": value, "unit": "g/L"})).limits["haemoglobin"]
        assert verdict_of(lower, to_grams(value)) is verdict_of(upper, to_grams(value)) is Verdict.WITHIN


SIZES = {"": [0.0], "<": [-3.0, -1.0, -0.01], "<=": [-3.0, -1.0, 0.0], ">": [0.01, 1.0, 3.0], ">=": [0.0, 1.0, 3.0]}


@given(st.integers(-3, 3), st.sampled_from(list(SIZES)), st.integers(-2, 1), st.integers(2, 3))
def test_a_verdict_holds_for_every_value_the_comparator_allows(value: int, comparator: str, below: int, above: int) -> None:
    limit = Limit(below, above)
    possible = [value + size for size in SIZES[comparator]] + ([-math.inf] if "<" in comparator else [math.inf] if ">" in comparator else [])
    verdicts = {Verdict.LOW if each < below else Verdict.HIGH if each > above else Verdict.WITHIN for each in possible}

    got = verdict_of(limit, value, comparator)

    assert verdicts == {got} if len(verdicts) == 1 else got is Verdict.OPEN


def test_open_is_said_only_where_the_comparator_leaves_it_open() -> None:
    limit = Limit(2.6, 26.9)
    told = {text: verdict_of(limit, float(text.lstrip("<>=")), text[: len(text) - len(text.lstrip("<>="))]) for text in (
        "<1.1", "<2.6", "<=2.6", "<5.0", "<26.9", ">5.0", ">26.9", ">=26.9", "26.9", "2.6", "27", "2.5",
    )}  # fmt: skip

    assert told == {
        "<1.1": Verdict.LOW, "<2.6": Verdict.LOW, "<=2.6": Verdict.OPEN, "<5.0": Verdict.OPEN, "<26.9": Verdict.OPEN, ">5.0": Verdict.OPEN,
        ">26.9": Verdict.HIGH, ">=26.9": Verdict.OPEN, "26.9": Verdict.WITHIN, "2.6": Verdict.WITHIN, "27": Verdict.HIGH, "2.5": Verdict.LOW,
    }  # fmt: skip


# --- the site's tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("not a table", "needs owner"),
        ({**HEAD, "limits": []}, "needs owner"),
        ({**table(), "owner": ""}, "does not say its owner"),
        ({**table(), "version": None}, "does not say its version"),
        (table(kalium={"above": 6.2, "unit": "mmol/L"}), "'kalium' is not a laboratory value"),
        (table(pulse={"above": 130, "unit": "/min"}), "'pulse' is not a laboratory value"),
        (table(potassium={"high": 6.2, "unit": "mmol/L"}), "has fields other than"),
        (table(potassium={"above": 6.2}), "needs a unit of Potassium"),
        (table(potassium={"above": 6.2, "unit": "mg/dL"}), "needs a unit of Potassium"),
        (table(potassium={"above": "high", "unit": "mmol/L"}), "must be a number"),
        (table(potassium={"below": 6.2, "above": 2.8, "unit": "mmol/L"}), "leave nothing between them"),
    ],
)
def test_a_table_with_a_typing_error_is_refused_whole(content: Any, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        critical_limits(content)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"within_hours": 24}, "either by or by_percent"),
        ({"by": 1, "by_percent": 10, "unit": "mmol/L", "within_hours": 24}, "either by or by_percent"),
        ({"by": 1, "within_hours": 24}, "needs a unit"),
        ({"by": 1, "unit": "mmol/L"}, "within_hours, must be a number"),
        ({"by": 1, "unit": "mmol/L", "within_hours": 0}, "must be above 0"),
        ({"by": 1, "unit": "mmol/L", "within_hours": 721}, "at most 720"),
    ],
)
def test_a_delta_limit_with_a_typing_error_is_refused(row: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        delta_limits(table(potassium=row))


def test_the_example_table_can_be_read_and_is_not_signed() -> None:
    read = critical_limits(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))

    assert not read.signature.is_signed
    assert read.signature.version == "example-1"


def test_the_example_table_holds_the_survey_means_and_leaves_open_what_differs() -> None:
    rows = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["limits"]
    filled = {analyte: (row.get("below"), row.get("above"), row["unit"]) for analyte, row in rows.items() if row}

    # Kost, JAMA 1990;263:704, and the later tables, as the clinical reference lists them.
    assert filled == {
        "potassium": (2.8, 6.2, "mmol/L"), "bicarbonate": (11, 40, "mmol/L"), "ionised_calcium": (0.82, 1.55, "mmol/L"),
        "magnesium": (0.41, 2.02, "mmol/L"), "phosphate": (0.39, 2.87, "mmol/L"), "haemoglobin": (66, 199, "g/L"),
        "haematocrit": (18, 61, "%"), "fibrinogen": (0.88, None, "g/L"), "arterial_ph": (7.21, 7.59, "[pH]"),
        "arterial_carbon_dioxide": (19, 67, "mm[Hg]"), "arterial_oxygen": (43, None, "mm[Hg]"),
    }  # fmt: skip
    assert {analyte for analyte, row in rows.items() if row is None} >= {"sodium", "glucose", "lactate", "platelets"}


# --- delta check ------------------------------------------------------------------------------------------------------------------


def test_a_potassium_that_jumps_asks_whether_the_sample_is_this_patients(patient: Any) -> None:
    finding = patient.measured(c.POTASSIUM, 3.9).measured(c.POTASSIUM, 6.0, 8).ask(delta_check, 8, DELTA)

    assert (finding.key, finding.value, finding.severity) == ("potassium", 2.1, Severity.LOW)
    assert [line.event for line in finding.because] == [1, 2, 0]


def test_only_the_last_two_results_are_compared(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 7.0).measured(c.POTASSIUM, 4.0, 2).measured(c.POTASSIUM, 4.2, 4)

    assert patient.ask(delta_check, 4, DELTA).value == 0.2


def test_a_bounded_result_is_not_passed_over_in_the_comparison(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 3.9).measured(c.POTASSIUM, 8.0, 4, comparator=">")

    assert isinstance(patient.ask(delta_check, 4, DELTA), Unknown)


def test_results_too_far_apart_have_no_answer(patient: Any) -> None:
    patient.measured(c.POTASSIUM, 3.9).measured(c.POTASSIUM, 6.0, 25)

    assert patient.ask_all(delta_check, 25, DELTA) == ()


# --- values worked out from several ----------------------------------------------------------------------------------------------


def test_electrolytes_of_different_draws_make_no_anion_gap(patient: Any) -> None:
    patient.measured(c.BICARBONATE, 24.0, -8).measured(c.SODIUM, 140.0).measured(c.CHLORIDE, 104.0)

    assert patient.ask(anion_gap) == Unknown(("bicarbonate",))


def test_albumin_may_be_older_than_the_electrolytes(patient: Any) -> None:
    patient.measured(c.ALBUMIN, 2.0, -60).measured(c.SODIUM, 140.0).measured(c.CHLORIDE, 104.0).measured(c.BICARBONATE, 24.0)

    assert patient.ask(anion_gap).summary == "Anion gap 12 mmol/L, 17 corrected for albumin"


def test_a_glucose_of_later_does_not_correct_a_sodium_of_before(patient: Any) -> None:
    patient.measured(c.SODIUM, 130.0, -3).measured(c.GLUCOSE, 500.0, -3)
    assert patient.ask(corrected_sodium, -2).value == 136.4  # 130 + 1.6 x 4

    patient.measured(c.GLUCOSE, 250.0)

    assert patient.ask(corrected_sodium) == Unknown(("sodium",))


def test_the_site_chooses_the_formula_of_the_corrected_sodium(patient: Any) -> None:
    patient.measured(c.SODIUM, 130.0).measured(c.GLUCOSE, 500.0)

    outcome = patient.ask(corrected_sodium, 0, {"corrected_sodium_formula": "hillier"})

    assert outcome.value == 139.6  # 130 + 2.4 x 4
    assert [(line.input, line.value, line.band) for line in outcome.because[2:]] == [("katz", 136.4, ""), ("hillier", 139.6, "counts")]


def test_calcium_is_corrected_alike_in_either_unit() -> None:
    """Payne's SI form: 0.02 mmol/L for each g/L of albumin below 40."""
    to_mg = c.CALCIUM.conversion("mmol/L")
    assert to_mg is not None

    for millimoles, grams_per_litre in itertools.product((1.6, 2.0, 2.4), (18, 30, 40, 48)):
        inputs = {"calcium": to_mg(millimoles), "albumin": grams_per_litre / 10, "ionised_calcium": None}
        outcome = corrected_calcium(corrected_calcium.wardline_capability.inputs(**inputs))  # type: ignore[attr-defined]
        assert isinstance(outcome, Finding)
        assert isinstance(outcome.value, float)
        assert outcome.value / to_mg.factor == pytest.approx(millimoles + 0.02 * (40 - grams_per_litre), abs=0.01)
