"""What patients like this one were given: counted, ranked, explained, and never above a veto."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.science.recommending.recommending import ENOUGH, Advised, Likeness, recommend
from wardline.science.recommending.record import Record


def pneumonia(number: int, *drugs: str, well: bool | None = True) -> Record:
    return Record(f"p{number}", frozenset({"problem J18", "age 70 to 79", "sex F", "CRP high"}), frozenset(drugs), well)


def fracture(number: int, *drugs: str) -> Record:
    return Record(f"f{number}", frozenset({"problem S72", "age 80 to 89", "sex M"}), frozenset(drugs), True)


PAST = Likeness([
    *(pneumonia(number, "amoxicillin", "paracetamol") for number in range(29)),
    *(pneumonia(number, "ceftriaxone", well=False) for number in range(29, 41)),
    *(fracture(number, "morphine", "senna") for number in range(30)),
])  # fmt: skip
ILL = Record("me", frozenset({"problem J18", "age 70 to 79", "sex F", "CRP high"}), frozenset())


def test_of_41_similar_patients_29_got_amoxicillin_and_all_left_alive() -> None:
    result = recommend(ILL, PAST, {}, {})

    first = next(each for each in result.ranked if each.drug == "amoxicillin")
    assert (result.similar, result.of) == (41, 71)
    assert (first.got, first.ended_well, first.known) == (29, 29, 29)
    ceftriaxone = next(each for each in result.ranked if each.drug == "ceftriaxone")
    assert (ceftriaxone.got, ceftriaxone.ended_well, ceftriaxone.known) == (12, 0, 12)
    assert "problem J18" in result.shared


def test_what_only_other_patients_got_is_not_named() -> None:
    assert {each.drug for each in recommend(ILL, PAST, {}, {}).ranked} == {"amoxicillin", "paracetamol", "ceftriaxone"}


def test_a_veto_takes_the_drug_out_of_the_ranking_whatever_speaks_for_it() -> None:
    advised = {"amoxicillin": [Advised("community_acquired_pneumonia", "outpatient", "Amoxicillin")]}

    result = recommend(ILL, PAST, advised, {"amoxicillin": "penicillin allergy"})

    assert "amoxicillin" not in {each.drug for each in result.ranked}
    assert [(each.drug, each.veto) for each in result.vetoed] == [("amoxicillin", "penicillin allergy")]


@given(st.sets(st.sampled_from(["amoxicillin", "paracetamol", "ceftriaxone", "doxycycline"])))
def test_no_drug_is_ever_both_ranked_and_vetoed(vetoed: set[str]) -> None:
    result = recommend(ILL, PAST, {"doxycycline": [Advised("g", "s", "w")]}, dict.fromkeys(vetoed, "no"))

    assert not vetoed & {each.drug for each in result.ranked}
    assert {each.drug for each in result.vetoed} == vetoed


def test_with_too_few_similar_patients_only_guidelines_speak() -> None:
    few = Likeness([pneumonia(number, "amoxicillin") for number in range(ENOUGH - 1)])

    result = recommend(ILL, few, {"doxycycline": [Advised("g", "s", "w")]}, {})

    assert result.too_few
    assert [(each.drug, each.got) for each in result.ranked] == [("doxycycline", 0)]


def test_a_patient_is_not_like_themselves_and_has_not_what_they_already_take() -> None:
    me = pneumonia(3, "amoxicillin")

    result = recommend(me, PAST, {}, {})

    assert result.similar == 40
    assert "amoxicillin" not in {each.drug for each in result.ranked}


def test_a_patient_like_nobody_has_no_similar_patients() -> None:
    assert recommend(Record("me", frozenset({"problem A95", "problem B50"}), frozenset()), PAST, {}, {}).similar == 0


def test_drugs_that_went_together_with_what_the_patient_takes_rank_higher() -> None:
    taking = ILL._replace(drugs=frozenset({"paracetamol"}))

    without, with_company = (
        {each.drug: each for each in recommend(who, PAST, {}, {}).ranked} for who in (ILL, taking)
    )  # fmt: skip

    assert with_company["amoxicillin"].score > without["amoxicillin"].score
    assert with_company["amoxicillin"].company == ("paracetamol",)


def test_few_of_few_do_not_outrank_many_of_many() -> None:
    records = [pneumonia(number, "amoxicillin") for number in range(30)] + [pneumonia(number, "ceftriaxone") for number in range(30, 41)]

    ranked = [each.drug for each in recommend(ILL, Likeness(records), {}, {}).ranked]

    assert ranked == ["amoxicillin", "ceftriaxone"]


def test_an_empty_past_is_no_error() -> None:
    result = recommend(ILL, Likeness([]), {}, {})

    assert (result.ranked, result.similar, result.of) == ((), 0, 0)
    assert result.too_few


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_past_does_not_matter(order: int) -> None:
    assert recommend(ILL, Likeness(PAST.records[::order]), {}, {}).ranked == recommend(ILL, PAST, {}, {}).ranked
