"""Criteria: met, not met or undecided, with reasons; and the words a site writes them with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core import concepts as c
from wardline.core.capability import Reading
from wardline.core.course import Condition, Medication, Vaccination
from wardline.core.diseases import HEART_FAILURE
from wardline.core.errors import Refused
from wardline.science.criteria.facts import Drug, Facts
from wardline.science.criteria.known import drug_of, newest, vaccines_of
from wardline.science.criteria.logic import All, AnyOf, Not, Term
from wardline.science.criteria.reading import term
from wardline.science.criteria.terms import Aged, Asked, Found, Group, Has, Measured, Takes

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
YES, NO, OPEN = Aged(at_least=0), Aged(at_least=200), Measured(c.POTASSIUM, above=1)
SOMEBODY = Facts(age=70, moment=NOW)
WARFARIN = Group("warfarin", ("B01AA03",))


def taking(*drugs: Drug, **known: Any) -> Facts:
    return Facts(drugs=drugs, moment=NOW, **known)


def drug(name: str, code: str, *, daily: float | None = None, days: float | None = None) -> Drug:
    return Drug(name, frozenset({code}), daily, NOW - timedelta(days=days) if days is not None else None)


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [((YES, YES), True, True), ((YES, NO), False, True), ((NO, NO), False, False), ((YES, OPEN), None, True), ((NO, OPEN), False, None),
     ((OPEN, OPEN), None, None)],
)  # fmt: skip
def test_doubt_spreads_as_it_does_in_kleenes_logic(parts: tuple[Term, ...], every: bool | None, some: bool | None) -> None:
    assert All(parts).judged(SOMEBODY).met is every
    assert AnyOf(parts).judged(SOMEBODY).met is some
    assert All(parts[::-1]).judged(SOMEBODY).met is every
    assert Not(All(parts)).judged(SOMEBODY).met is (None if every is None else not every)


@pytest.mark.parametrize(("count", "met"), [(1, True), (2, None), (3, None), (4, False)])
def test_so_many_of_several_are_asked_for(count: int, met: bool | None) -> None:
    assert AnyOf((YES, OPEN, OPEN, NO), count).judged(SOMEBODY).met is met


def test_an_undecided_criterion_says_what_would_decide_it() -> None:
    verdict = All((YES, OPEN, Asked("k", "Is it so?"))).judged(SOMEBODY)

    assert (verdict.met, verdict.missing) == (None, ("potassium", "Is it so?"))


def test_a_kept_problem_list_that_does_not_name_it_says_no_and_no_list_says_nothing() -> None:
    failing = Has((HEART_FAILURE,))

    assert failing.judged(Facts(conditions=())).met is False
    assert failing.judged(Facts()).met is None
    assert failing.judged(Facts(conditions=(Condition("I50.9", "icd10"),))).met is True


@pytest.mark.parametrize(("days", "met"), [(27, False), (28, False), (29, True), (None, None)])
def test_how_long_a_drug_is_taken_counts_from_its_order(days: float | None, met: bool | None) -> None:
    verdict = Takes(WARFARIN, days=28).judged(taking(drug("warfarin", "B01AA03", days=days)))

    assert verdict.met is met
    assert verdict.missing == (("start of warfarin",) if met is None else ())


@pytest.mark.parametrize(("daily", "met"), [(160.0, False), (160.1, True), (None, None)])
def test_a_dose_that_cannot_be_read_leaves_it_open(daily: float | None, met: bool | None) -> None:
    aspirin = Takes(Group("aspirin", ("B01AC06",)), above_mg=160)

    assert aspirin.judged(taking(drug("aspirin", "B01AC06", daily=daily))).met is met


def test_two_orders_of_one_substance_are_not_two_drugs() -> None:
    nsaids = Takes(Group("NSAID", ("M01A",)), count=2)

    assert nsaids.judged(taking(drug("ibuprofen", "M01AE01"), drug("ibuprofen", "M01AE01"))).met is False
    assert nsaids.judged(taking(drug("ibuprofen", "M01AE01"), drug("naproxen", "M01AE02"))).met is True


def test_a_measured_value_counts_only_while_it_is_fresh_enough() -> None:
    low = Measured(c.POTASSIUM, below=3.5, within_hours=6)
    old = Facts(measured={"potassium": Reading(NOW - timedelta(hours=7), 3.0)}, moment=NOW)
    fresh = Facts(measured={"potassium": Reading(NOW - timedelta(hours=6), 3.0)}, moment=NOW)

    assert (low.judged(old).met, low.judged(fresh).met) == (None, True)


@given(st.floats(0, 20), st.floats(0, 20))
def test_an_answer_known_only_to_be_at_least_so_much_can_meet_a_limit_and_never_miss_it(least: float, limit: float) -> None:
    met = Found("news2", at_least=limit).judged(Facts(at_least={"news2": least})).met

    assert met is (True if least >= limit else None)


@pytest.mark.parametrize(
    ("what", "route", "dose", "codes"),
    [
        ("Timolol 0.5 % eye drops", "", "", {"S01ED01"}), ("Timolol 10 mg tablet", "PO", "", {"C07AA06"}),
        ("Budesonide", "inhaled", "", {"R03BA02"}), ("Budesonide 3 mg capsule", "PO", "", {"A07EA06"}),
        ("Aspirin", "PO", "75 mg", {"B01AC06"}), ("Aspirin", "PO", "600 mg", {"B01AC06", "N02BA01"}),
    ],
)  # fmt: skip
def test_the_way_a_drug_is_given_decides_which_of_its_codes_count(what: str, route: str, dose: str, codes: set[str]) -> None:
    assert drug_of(Medication(what, dose=dose, route=route, frequency="QD")).codes == codes


def test_a_stated_atc_code_is_believed() -> None:
    assert drug_of(Medication("Timolol", "S01ED01^timolol^ATC")).codes == {"S01ED01"}


@pytest.mark.parametrize(
    ("what", "code", "group"),
    [
        ("Influenza, seasonal", "", {"J07BB"}),
        ("Haemophilus influenzae b", "", set()),
        ("Fluzone", "140^x^CVX", {"J07BB"}),
        ("Prevnar 20", "", {"J07AL"}),
    ],
)
def test_vaccines_are_recognised_by_name_or_code(what: str, code: str, group: set[str]) -> None:
    (dose,) = vaccines_of((Vaccination(what, code, NOW),)) or ()

    assert dose.codes == group


def test_a_value_known_only_as_a_bound_is_not_compared() -> None:
    assert newest({"inr": (Reading(NOW, 1.0, "<"),)}) == {}


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"has": "hart_failure"}, "did you mean heart_failure"), ({"takes": "warfarine"}, "did you mean warfarin"),
        ({"measured": "potasium", "above": 5}, "did you mean potassium"), ({"measured": "potassium", "over": 5}, "'over' does not belong there"),
        ({"measured": "potassium", "above": "high"}, "above is a number"), ({"all": []}, "is a list of criteria"), ([], "is a criterion such as"),
        ({"finding": "news2"}, "says at_least, below, or among"), ({"age": {}}, "age is {at_least: 18}"), ({"sex": "X"}, "sex is F or M"),
        ({"has": {"name": "Sepsis"}}, "needs at least one code"), ({"weather": "rain"}, "begins with none of the words"), ({"asked": ""},
            "not empty"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_criterion_is_said_with_what_to_write(said: Any, where: str) -> None:
    with pytest.raises(Refused, match="criteria") as refused:
        term(said, "criteria[0].is")

    assert where in str(refused.value)


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
)
def test_whatever_is_written_is_read_or_refused(said: Any) -> None:
    for word in ("all", "any", "not", "has", "takes", "measured", "finding", "age", "sex", "asked"):
        try:
            term({word: said}, "there")
        except Refused:
            continue


def test_what_a_site_writes_is_what_is_judged() -> None:
    read = term({"all": [{"has": "heart_failure"}, {"not": {"takes": "beta_blocker"}}, {"measured": "ejection_fraction", "at_most": 40}]}, "there")
    failing = (Condition("I50.9", "icd10"),)
    weak = {"ejection_fraction": Reading(NOW, 35.0)}

    assert read.judged(Facts(conditions=failing, drugs=(), measured=weak, moment=NOW)).met is True
    assert read.judged(taking(drug("bisoprolol", "C07AB07"), conditions=failing, measured=weak)).met is False
