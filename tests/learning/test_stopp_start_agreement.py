"""STOPP/START against its structured rules: every rule has a criterion, and every difference an explanation."""

import os
from pathlib import Path

import pytest

from wardline.core.errors import NotFound
from wardline.learning.evaluation.stopp_start import FILE, Compared, compared, run
from wardline.learning.evaluation.stopp_start_page import EXPLAINED
from wardline.learning.evaluation.structured_rules import Item, MadeUp, fires, rules

pytestmark = pytest.mark.reference
RULES = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data")) / FILE


@pytest.fixture(scope="module")
def results() -> list[Compared]:
    return compared(list(rules(RULES)))


def test_all_112_rules_have_a_criterion(results: list[Compared]) -> None:
    assert len(results) == 112
    assert sum(each.rule.id.startswith("STOPP") for each in results) == 77


def test_every_difference_is_explained_and_nothing_is_explained_that_does_not_differ(results: list[Compared]) -> None:
    assert {each.rule.id for each in results if each.differences} == set(EXPLAINED)


def test_at_least_97_of_100_made_up_patients_get_the_same_answer(results: list[Compared]) -> None:
    agreed = sum(each.fired["same"] + each.fired["asks"] + each.silent["same"] for each in results)
    asked = sum(each.fired.total() + each.silent.total() for each in results)

    assert asked > 1_600
    assert agreed / asked > 0.97


def test_the_interpreter_reads_a_rule_as_its_file_says_it() -> None:
    by_id = {rule.id: rule for rule in rules(RULES)}

    # STOPP C10: an oral anticoagulant and an NSAID.
    assert fires(by_id["STOPP C10"], MadeUp((Item("B01AA03"), Item("M01AE01"))))
    assert not fires(by_id["STOPP C10"], MadeUp((Item("B01AA03"),)))
    # STOPP D6: any antipsychotic but clozapine, quetiapine and lithium, with G20.
    assert fires(by_id["STOPP D6"], MadeUp((Item("N05AD01"),), (Item("G20"),)))
    assert not fires(by_id["STOPP D6"], MadeUp((Item("N05AH04"),), (Item("G20"),)))
    # STOPP E1: digoxin over 0.125 mg a day with an eGFR below 30.
    assert fires(by_id["STOPP E1"], MadeUp((Item("C01AA05", 0.25),), measured={"62238-1": 29}))
    assert not fires(by_id["STOPP E1"], MadeUp((Item("C01AA05", 0.125),), measured={"62238-1": 29}))


def test_the_page_is_written_and_without_the_data_set_the_folder_is_named(tmp_path: Path) -> None:
    said = run(RULES.parents[2], tmp_path)

    assert said.startswith("112 rules")
    assert "## Where they differ, and why" in (tmp_path / "stopp-start.md").read_text(encoding="utf-8")
    with pytest.raises(NotFound, match="WARDLINE_REFERENCE_DATA"):
        run(tmp_path, tmp_path)
