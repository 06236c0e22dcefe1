"""The vocabulary: codes, units and names of everything that can be measured."""

import pytest

from wardline.core import concepts as c
from wardline.core.concepts import ALL, BY_ID, BY_LOINC, Concept, has_valid_check_digit, suggestion_for
from wardline.core.quantities import ucum


def test_no_two_concepts_share_an_id_or_a_loinc_code() -> None:
    assert len(BY_ID) == len(ALL)
    assert len(BY_LOINC) == sum(len(concept.loinc) for concept in ALL)


@pytest.mark.parametrize("concept", ALL, ids=lambda concept: concept.id)
def test_every_loinc_code_has_a_valid_check_digit(concept: Concept) -> None:
    assert all(has_valid_check_digit(code) for code in concept.loinc)


def test_a_mistyped_loinc_code_fails_its_check_digit() -> None:
    assert not has_valid_check_digit("8867-5")
    assert not has_valid_check_digit("potassium")


@pytest.mark.parametrize("concept", [concept for concept in ALL if not concept.is_coded], ids=lambda concept: concept.id)
def test_every_number_has_a_ucum_unit_and_plausible_limits(concept: Concept) -> None:
    assert ucum(concept.unit) == concept.unit
    assert concept.plausible is not None
    low, high = concept.plausible
    assert low < high
    assert concept.usual is None or low <= concept.usual[0] < concept.usual[1] <= high


@pytest.mark.parametrize("concept", [concept for concept in ALL if concept.is_coded], ids=lambda concept: concept.id)
def test_every_accepted_answer_is_written_in_lower_case_once(concept: Concept) -> None:
    accepted = [answer for answer, _ in concept.codes]
    assert accepted == [answer.lower() for answer in accepted]
    assert len(accepted) == len(set(accepted))


@pytest.mark.parametrize(
    ("answer", "meaning"), [("A", "A"), ("Alert", "A"), ("130987000", "C"), (" responds to voice ", "V"), ("sleepy", None), ("", None)]
)
def test_an_answer_means_what_the_value_set_says_or_nothing(answer: str, meaning: str | None) -> None:
    assert c.CONSCIOUSNESS.meaning(answer) == meaning


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("K", "potassium"),
        ("heart_rate", "pulse"),
        ("hart rate", "pulse"),
        ("Respiratory rate", "respiratory_rate"),
        ("Serum potassium", "potassium"),
        ("Potassium, bedside", "potassium"),
        ("Chloride, urine", None),
        ("Blood", None),
        ("qqq", None),
    ],
)
def test_a_local_name_is_suggested_only_when_it_is_close(written: str, suggested: str | None) -> None:
    found = suggestion_for(written)
    assert (found.id if found is not None else None) == suggested


@pytest.mark.parametrize(
    ("code", "local"),
    [("K^Kalium^L", "K^L"), ("K^Kalium^L^2823-3^Potassium^LN", "K^L"), ("K^Kalium", "K"), ("K", "K"), ("^Kalium^L", "^L"), ("", "")],
)
def test_a_local_code_is_its_identifier_and_system_whatever_it_is_called(code: str, local: str) -> None:
    assert c.local_code(code) == local
