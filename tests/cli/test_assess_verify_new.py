"""`wardline assess`, `verify` and `new`, as tools outside rely on them."""

import json
from pathlib import Path

import pytest

from cli.processes import wardline

WELL = {"respiratory_rate": 16, "oxygen_saturation": 97, "spo2_scale": 1, "supplemental_oxygen": False, "systolic_pressure": 120, "pulse": 70,
        "consciousness": "A", "temperature": 37.0}  # fmt: skip
"""NEWS2 0: RCP 2017, chart 1, every value in its 0 band."""
KEYS = {"outcome", "value", "unit", "severity", "summary", "because", "missing", "reason", "population", "at_most", "suggestions", "key"}


def test_each_line_that_is_not_empty_gets_one_answer_in_order(tmp_path: Path) -> None:
    questions = [
        WELL,
        {**WELL, "respiratory_rate": 25, "supplemental_oxygen": True, "oxygen_saturation": 93, "temperature": None},  # 3 + 2 + 2, chart 1
        {},
        {**WELL, "age_years": 15},
        {**WELL, "pulse": "fast"},
        {**WELL, "age_years": 16, "pregnant": False},
    ]
    file = tmp_path / "patients.jsonl"
    file.write_text("\n\n".join(json.dumps(each) for each in questions) + "\n   \n", encoding="utf-8")

    answered = wardline("assess", "news2", file)

    assert [line["outcome"] for line in answered.lines] == ["finding", "at_least", "unknown", "not_valid", "refused", "finding"]
    assert [line.get("value") for line in answered.lines] == [0, 7, None, None, None, 0]
    assert answered.lines[1]["missing"] == ["temperature"]
    assert [line.get("population") for line in answered.lines[:2]] == ["not checked", "not checked"]
    assert "population" not in answered.lines[5]
    assert all(set(line) <= KEYS for line in answered.lines)
    assert answered.code == 1  # one was refused


def test_without_a_refused_line_the_exit_code_is_0() -> None:
    assert wardline("assess", "news2", says=json.dumps(WELL)).code == 0


def test_a_hyphen_and_nothing_both_read_standard_input() -> None:
    line = json.dumps(WELL)
    assert wardline("assess", "news2", "-", says=line).lines == wardline("assess", "news2", says=line).lines


def test_a_line_that_is_no_json_is_refused_and_the_next_is_answered() -> None:
    answered = wardline("assess", "news2", says="{nonsense\n[1]\n" + json.dumps(WELL))
    assert [line["outcome"] for line in answered.lines] == ["refused", "refused", "finding"]
    assert "not JSON" in answered.lines[0]["reason"]


def test_a_misspelt_input_is_refused_and_not_taken_for_a_missing_one() -> None:
    (line,) = wardline("assess", "news2", says=json.dumps({**WELL, "puls": 70})).lines
    assert line["outcome"] == "refused"
    assert "'puls' is not an input of news2" in line["reason"]


def test_a_temperature_is_rounded_half_up_before_it_is_banded() -> None:
    (line,) = wardline("assess", "news2", says=json.dumps({**WELL, "temperature": 38.05})).lines
    assert line["value"] == 1  # 38.1: RCP 2017, chart 1


def test_several_answers_come_as_one_line() -> None:
    table = {"version": "1", "date": "2026-11-21", "owner": "Laboratory", "source": "Example", "signed_by": "Dr Example",
             "limits": {"potassium": {"above": 6.2, "unit": "mmol/L"}, "sodium": {"above": 160, "unit": "mmol/L"}}}  # fmt: skip
    asked = {"results": {"potassium": 7.1, "sodium": 140}, "critical_limits": table}
    (line,) = wardline("assess", "critical_values", says=json.dumps(asked)).lines
    assert line["outcome"] == "several"
    assert {each["key"]: each["severity"] for each in line["answers"]} == {"potassium": "high", "sodium": "none"}


def test_an_unknown_capability_is_one_sentence_that_names_the_known_ones() -> None:
    ended = wardline("assess", "news3", says="{}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("wardline: there is no capability 'news3'; there are ")
    assert "news2" in ended.err


def test_a_file_that_is_not_there_is_said() -> None:
    ended = wardline("assess", "news2", "nowhere.jsonl")
    assert ended.code == 2
    assert "nowhere.jsonl cannot be read" in ended.err


def test_verify_ends_with_the_counts_and_0() -> None:
    ended = wardline("verify")
    passed, _, failed, _ = ended.out.splitlines()[-1].replace(",", "").split()
    assert ended.code == 0
    assert int(passed) > 100
    assert failed == "0"


def test_verify_as_json_says_every_case() -> None:
    lines = wardline("verify", "--json").out.splitlines()
    cases = [json.loads(line) for line in lines[:-1]]
    assert all(case["passed"] and case["difference"] == "" for case in cases)
    assert lines[-1] == f"{len(cases)} passed, 0 failed"


@pytest.mark.parametrize("name", ["mews", "Deterioration/mews", "deterioration/2mews", "../mews", "a/b/c", "deterioration/my-score"])
def test_a_name_that_is_no_area_and_name_is_refused(name: str, tmp_path: Path) -> None:
    ended = wardline("new", name, "--into", tmp_path)
    assert ended.code == 2
    assert "AREA/NAME" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_new_does_not_write_over_what_is_there(tmp_path: Path) -> None:
    assert wardline("new", "deterioration/my_score", "--into", tmp_path).code == 0
    written = (tmp_path / "deterioration" / "my_score.py").read_text(encoding="utf-8")
    again = wardline("new", "deterioration/my_score", "--into", tmp_path)
    assert again.code == 2
    assert "exists already" in again.err
    assert (tmp_path / "deterioration" / "my_score.py").read_text(encoding="utf-8") == written
