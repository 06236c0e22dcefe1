"""Sentences that say the opposite of what was found: each is named, and true ones are left alone."""

import pytest

from delivery.reports.lesions_found import first_scan, followed_up
from wardline.delivery.reports.contradictions import contradictions

MEASURED = followed_up()


def found(text: str, *keys: str) -> list[tuple[str, str]]:
    return [(each.code, each.key) for each in contradictions(text, keys, MEASURED)]


@pytest.mark.parametrize(("text", "key", "code"), [
    ("Left upper lobe mass.", "L1", "side"),
    ("Right adrenal uptake.", "L2", "side"),
    ("New mass in the lung.", "L1", "prior"),
    ("Unchanged mass.", "L1", "prior"),  # it has lost 45 %
    ("The mass has grown.", "L1", "prior"),
    ("The mass has increased in size.", "L1", "prior"),
    ("The mass has resolved.", "L1", "prior"),
    ("Smaller than before.", "L3", "prior"),  # there is nothing to compare it with
    ("Complete metabolic response.", "L1", "prior"),
    ("Stable disease by PERCIST 1.0.", "L1", "prior"),
])  # fmt: skip
def test_a_contradiction_is_named_with_its_lesion(text: str, key: str, code: str) -> None:
    assert code in [each for each, _ in found(text, key)]


@pytest.mark.parametrize(("text", "key"), [
    ("Right upper lobe mass with intense uptake.", "L1"),
    ("Bilateral findings.", "L1"),
    ("The mass is smaller.", "L1"),
    ("Partial metabolic response.", "L1"),
    ("Left adrenal uptake is unchanged.", "L2"),
    ("Increased uptake in the left adrenal.", "L2"),
    ("No new uptake beside the known one.", "L2"),
    ("New lesion in the sixth rib.", "L3"),
    ("Right lower lobe.", "L1"),
])  # fmt: skip
def test_what_agrees_with_the_lesion_is_left_alone(text: str, key: str) -> None:
    assert found(text, key) == []


@pytest.mark.parametrize(("text", "lesions"), [
    ("No suspicious lesion.", "L1, L2, L3"),
    ("No pulmonary nodule.", "L1"),
    ("No evidence of a lung mass.", "L1"),
    ("There is no nodule in the right lung.", "L1"),
    ("No new lesion.", "L3"),
    ("Without osseous metastases.", "L3"),
])  # fmt: skip
def test_nothing_is_denied_that_is_listed(text: str, lesions: str) -> None:
    (answer,) = [each for each in contradictions(text, (), MEASURED) if each.code == "negation"]
    assert lesions in answer.message


@pytest.mark.parametrize("text", [
    "No other lesion.", "No further pulmonary nodule.", "No nodule in the left lung.", "No liver metastases.", "No enlarged mediastinal lymph nodes.",
    "No pleural effusion.",
])  # fmt: skip
def test_what_is_truly_absent_may_be_denied(text: str) -> None:
    assert found(text) == []


def test_without_an_earlier_study_nothing_has_a_course() -> None:
    (answer,) = contradictions("The mass is smaller.", ("L1",), first_scan())
    assert (answer.code, "no earlier study" in answer.message) == ("prior", True)
