"""SEC-18: how easily somebody in a table could be told, held against an independent computation, and what an adversary with a voter list gets."""

import itertools
import math
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.science.statistics.disclosure import SMALLEST_CELL, disclosure
from wardline.science.statistics.generalising import suggestions
from wardline.simulator.people import Registry

TODAY = date(2024, 5, 1)
QUASI = ("age", "sex", "zip")
ROWS = st.lists(
    st.fixed_dictionaries({
        "age": st.sampled_from(["30", "31", "47", "91", ""]), "sex": st.sampled_from("FM"), "zip": st.sampled_from(["90210", "90211", "10115"]),
        "sick": st.sampled_from(["flu", "hiv", "none"]), "days": st.sampled_from(["1", "2", "5", "9"]),
    }), min_size=1, max_size=60,
)  # fmt: skip


@given(ROWS, st.integers(2, 12))
def test_it_agrees_with_comparing_everybody_with_everybody(rows: list[dict[str, str]], k: int) -> None:
    """The other way: no groups, a matrix of who looks like whom."""
    features = [tuple(row[name] for name in QUASI) for row in rows]
    alike = np.array([[mine == other for other in features] for mine in features])
    sizes = alike.sum(axis=1)
    report = disclosure(rows, QUASI, k=k, sensitive=("sick", "days"))
    assert report.smallest == sizes.min()
    assert report.breaking == tuple(np.flatnonzero(sizes < k))
    assert report.alone == (sizes == 1).sum()
    assert report.prosecutor.highest == pytest.approx((1 / sizes).max())
    assert report.prosecutor.average == pytest.approx((1 / sizes).mean())
    assert report.marketer == pytest.approx((1 / sizes).mean())
    for said, name in zip(report.sensitive, ("sick", "days"), strict=True):
        values = np.array([row[name] for row in rows])
        groups = [values[line] for line in np.unique(alike, axis=0)]
        assert said.distinct == min(len(set(group)) for group in groups)
        shares = [np.unique(group, return_counts=True)[1] / len(group) for group in groups]
        assert said.entropy == pytest.approx(min(np.prod(share**-share) for share in shares))
        assert said.closeness == pytest.approx(max(_transport(group, values, name == "days") for group in groups))


def _transport(part: np.ndarray, whole: np.ndarray, is_ordered: bool) -> float:
    """Earth mover's distance by its definition as an area between two distribution functions, or as total variation."""
    levels = sorted(set(whole), key=float) if is_ordered else sorted(set(whole))
    shares = [np.array([(each == level).mean() for level in levels]) for each in (part, whole)]
    if not is_ordered:
        return float(np.abs(shares[0] - shares[1]).sum() / 2)
    areas = np.abs(np.cumsum(shares[0]) - np.cumsum(shares[1]))
    return float(areas.sum() / max(len(levels) - 1, 1))


def test_l_diversity_and_t_closeness_of_a_worked_example() -> None:
    """Li 2007 (ICDE), example 3 for salaries {3k, 4k, 5k} against 3k to 11k: distance 0.375; {6k, 8k, 11k}: 0.167. From memory of the paper."""
    rows = [{"group": str(place // 3), "salary": str(pay)} for place, pay in enumerate((3, 4, 5, 6, 8, 11, 7, 9, 10))]
    (said,) = disclosure(rows, ("group",), sensitive=("salary",)).sensitive
    assert said.closeness == pytest.approx(0.375)
    assert said.distinct == 3
    assert said.entropy == pytest.approx(3)


def test_the_smallest_cell_is_eleven() -> None:
    """CMS shows no cell of 1 to 10."""
    ten = [{"age": "40"}] * 10
    assert SMALLEST_CELL == 11
    assert len(disclosure(ten, ("age",)).breaking) == 10
    assert disclosure([*ten, {"age": "40"}], ("age",)).breaking == ()


def test_case_and_spaces_tell_nobody_apart_and_missing_is_a_value() -> None:
    report = disclosure([{"sex": "F "}, {"sex": "f"}, {"sex": ""}, {}], ("sex",), k=2)
    assert (report.groups, report.breaking) == (2, ())


def test_an_empty_table_gives_nobody_away() -> None:
    assert disclosure([], QUASI).prosecutor.highest == 0


@given(ROWS, st.integers(2, 6))
def test_suggested_steps_end_with_nobody_in_too_small_a_group(rows: list[dict[str, str]], k: int) -> None:
    steps = suggestions(rows, QUASI, k)
    counts = [step.breaking for step in steps]
    assert counts == sorted(counts, reverse=True) or len(rows) < k
    if len(rows) >= k:
        assert not steps or counts[-1] == 0


def test_ages_over_89_become_one_class_and_postal_codes_three_digits() -> None:
    rows = [{"age": str(90 + place), "zip": f"9021{place}"} for place in range(4)]
    assert [(step.column, step.words) for step in suggestions(rows, ("age", "zip"), 4)] == [
        ("age", "bands of 5, 90 and more as one"), ("zip", "first three digits"),
    ]  # fmt: skip


# --- the adversary ------------------------------------------------------------------------------------------------------------


def _voters(count: int) -> list[dict[str, str]]:
    """A made-up town: everybody's name with age, sex and postal code, as a voter list has them."""
    registry, dice = Registry(Random(7)), Random(8)
    people = (registry.somebody(TODAY, (18, 95)) for _ in range(count))
    return [
        {"name": f"{person.given} {person.family} {person.number}", "age": str(int(person.age_years(TODAY))), "sex": person.sex,
         "zip": f"9{dice.randrange(20):02d}{dice.randrange(5):02d}"} for person in people
    ]  # fmt: skip


def _linked(released: list[dict[str, str]], voters: list[dict[str, str]]) -> int:
    """What an adversary does: for each record, look through the whole list; exactly one person who fits is a name."""
    fits = (tuple(voter[name] for name in QUASI) for voter in voters)
    counted: dict[tuple[str, ...], int] = {}
    for each in fits:
        counted[each] = counted.get(each, 0) + 1
    return sum(counted.get(tuple(row[name] for name in QUASI)) == 1 for row in released)


def test_an_adversary_with_a_voter_list_names_people_before_and_nobody_after_the_suggested_steps() -> None:
    voters = _voters(3_000)
    released = [{name: voter[name] for name in QUASI} for voter in voters[:600]]
    before = disclosure(released, QUASI, register=voters)
    assert before.journalist.highest == 1
    assert _linked(released, voters) > 100

    ladder = {"first three digits": 3, "first digit": 1}
    steps = suggestions(released, QUASI, SMALLEST_CELL)
    assert steps[-1].breaking == 0
    for column, words in ((step.column, step.words) for step in steps):
        for row in itertools.chain(released, voters):
            row[column] = _coarse(row[column], words, ladder)
    after = disclosure(released, QUASI, register=voters)
    assert after.breaking == ()
    assert _linked(released, voters) == 0
    assert after.prosecutor.highest <= 1 / SMALLEST_CELL
    assert after.journalist.highest <= 1 / SMALLEST_CELL


def test_the_marketer_s_expectation_is_what_guessing_gives() -> None:
    """Against a register: an adversary who names one of those who fit at random is right as often as the report says."""
    voters, dice = _voters(2_000), Random(3)
    for voter in voters:
        voter["age"], voter["zip"] = voter["age"][0], voter["zip"][:2]
    chosen = dice.sample(range(len(voters)), 500)
    released = [{name: voters[place][name] for name in QUASI} for place in chosen]
    expected = disclosure(released, QUASI, register=voters).marketer
    fitting: dict[tuple[str, ...], list[int]] = {}
    for place, voter in enumerate(voters):
        fitting.setdefault(tuple(voter[name] for name in QUASI), []).append(place)
    right = np.mean([
        [dice.choice(fitting[tuple(row[name] for name in QUASI)]) == place for place, row in zip(chosen, released, strict=True)] for _ in range(200)
    ])  # fmt: skip
    assert right == pytest.approx(expected, abs=4 * math.sqrt(expected / (500 * 200)))


def _coarse(value: str, words: str, digits: dict[str, int]) -> str:
    if words in digits:
        return value[: digits[words]]
    if words == "left out":
        return "*"
    width = int(words.split()[2].rstrip(","))
    first = value.split("-")[0].rstrip("+")
    return "90+" if int(first) > 89 else str(int(first) // width * width)
