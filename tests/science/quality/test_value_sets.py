"""Value sets: what counts as a member, and what is refused when the site loads them."""

from typing import Any

import pytest

from wardline.core.errors import Refused
from wardline.science.quality.value_sets import ValueSet, read_value_sets

OPIOIDS = ValueSet("1.2.3", "Opioids")
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def includes(members: list[list[str]], **coding: str) -> bool:
    return read_value_sets({"1.2.3": members}).includes(OPIOIDS, {"coding": [coding]})


def test_a_code_counts_in_its_own_system_however_that_is_written() -> None:
    assert includes([["rxnorm", "7052"]], system=RXNORM, code="7052")
    assert not includes([["rxnorm", "7052"]], system="http://snomed.info/sct", code="7052")


def test_a_word_counts_as_a_whole_word_of_the_name() -> None:
    assert includes([["rxnorm", "", "morphine"]], system=RXNORM, code="1", display="Morphine sulfate 10 MG Oral Tablet")
    assert not includes([["rxnorm", "", "morphine"]], system=RXNORM, code="1", display="apomorphine hydrochloride 10 MG/ML")


@pytest.mark.parametrize("concept", [None, "7052", {}, {"coding": None}, {"coding": ["7052"]}, {"text": "morphine"}])
def test_what_is_no_coded_concept_is_no_member(concept: Any) -> None:
    assert not read_value_sets({"1.2.3": [["rxnorm", "7052"]]}).includes(OPIOIDS, concept)


@pytest.mark.parametrize(
    "wrong", [[], 3, {"1.2.3": []}, {"1.2.3": "codes"}, {"1.2.3": [["rxnorm"]]}, {"1.2.3": [["rxnorm", "", ""]]}, {"1.2.3": [[1, 2]]}]
)
def test_what_is_no_value_set_is_refused(wrong: Any) -> None:
    with pytest.raises(Refused, match="value set"):
        read_value_sets(wrong)


def test_a_set_the_site_lacks_is_named_with_its_number() -> None:
    assert read_value_sets({}).without((OPIOIDS,)) == "the site has not loaded Opioids (1.2.3)"
