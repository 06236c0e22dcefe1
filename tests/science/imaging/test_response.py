"""Response: PERCIST 1.0, RECIST 1.1, Deauville and the pairing of lesions, at the edges of each rule."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.science.imaging.response.deauville import deauville
from wardline.science.imaging.response.matching import Spot, matched
from wardline.science.imaging.response.percist import Category, Lesion, Percist, Scan, percist, surely_new
from wardline.science.imaging.response.recist import NonTarget, Response, Target, choosable, recist
from wardline.science.imaging.uptake.thresholds import Reference

LIVER = Reference(1.6, 0.2)
BASE = Scan((Lesion("L1", 10.0, 100.0), Lesion("L2", 6.0, 20.0)), LIVER, uptake_minutes=60, scanner="A", method="OSEM")


def after(*peaks: float, tlg: float = 100.0, **changes: object) -> Scan:
    lesions = tuple(Lesion(f"N{place}", peak, tlg / len(peaks)) for place, peak in enumerate(peaks, 1))
    return replace(BASE, lesions=lesions, **changes)  # type: ignore[arg-type]


def answer(followup: Scan, *new: str, base: Scan = BASE) -> Percist:
    return percist(base, followup, new)


@pytest.mark.parametrize(
    ("peak", "category"),
    [(7.01, Category.STABLE), (7.0, Category.PARTIAL), (2.0, Category.PARTIAL), (12.99, Category.STABLE), (13.0, Category.PROGRESSIVE)],
)
def test_thirty_percent_of_the_hottest_lesion_decides(peak: float, category: Category) -> None:
    assert answer(after(peak)).category is category


def test_thirty_percent_without_0_8_of_sul_does_not_count() -> None:
    faint = replace(BASE, lesions=(Lesion("L1", 2.8, 10.0),))
    # 2.8 is the least that is measurable with this liver: 1.5 x 1.6 + 2 x 0.2.
    assert answer(after(1.96, tlg=10), base=faint).category is Category.PARTIAL  # -30 %, -0.84
    faint = replace(BASE, lesions=(Lesion("L1", 2.5, 10.0),), liver=Reference(1.5, 0.1))
    assert answer(after(1.72, tlg=10, liver=Reference(1.5, 0.1)), base=faint).category is Category.STABLE  # -31 %, -0.78


def test_the_hottest_lesion_may_be_another_one() -> None:
    found = answer(after(3.0, 8.0))
    assert found.category is Category.STABLE
    assert [each.sul_peak for each in found.reported] == [8.0, 3.0]


def test_a_new_lesion_is_progression_whatever_else_shrank() -> None:
    assert answer(after(2.0, 3.0), "N2").category is Category.PROGRESSIVE


def test_a_spot_is_surely_new_from_a_change_percist_counts_above_what_was_measurable() -> None:
    # 1.5 x 1.6 + 2 x 0.2 = 2.8; 30 % more is 3.64, 0.8 more is 3.6.
    assert [surely_new(peak, BASE) for peak in (2.9, 3.63, 3.64)] == [False, False, True]
    assert not surely_new(9.0, replace(BASE, liver=None))


def test_glycolysis_up_by_more_than_three_quarters_is_progression() -> None:
    assert answer(after(10.0, tlg=120.0 * 1.76)).category is Category.PROGRESSIVE
    assert answer(after(10.0, tlg=120.0 * 1.75)).category is Category.STABLE


def test_no_lesion_left_or_all_within_blood_pool_is_complete() -> None:
    assert answer(replace(BASE, lesions=())).category is Category.COMPLETE
    pool = Reference(1.1, 0.1, "aorta")
    assert answer(after(1.3, aorta=pool)).category is Category.COMPLETE
    assert answer(after(1.4, aorta=pool)).category is Category.PARTIAL
    assert answer(after(1.3)).category is Category.PARTIAL  # blood pool not measured: not claimed


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"liver": Reference(1.91, 0.2)}, "liver's SUL"), ({"liver": Reference(1.27, 0.2)}, "liver's SUL"), ({"liver": None}, "no healthy tissue"),
        ({"uptake_minutes": 75.1}, "minutes after"), ({"uptake_minutes": None}, "not known"), ({"scanner": "B"}, "scanner changed"),
        ({"scanner": ""}, "scanner is not known"), ({"method": "PSF"}, "reconstruction method changed"),
    ],
)  # fmt: skip
def test_scans_that_cannot_be_compared_get_no_category_and_the_reason(changes: dict[str, object], word: str) -> None:
    found = answer(after(2.0, **changes))  # type: ignore[arg-type]
    assert found.category is None
    assert word in " ".join(found.obstacles)
    assert found.change == pytest.approx(-0.8)


def test_scans_within_every_limit_can_be_compared() -> None:
    assert answer(after(2.0, liver=Reference(1.89, 0.3), uptake_minutes=74.9)).category is Category.PARTIAL


def test_a_baseline_too_faint_to_measure_gets_no_category() -> None:
    faint = replace(BASE, lesions=(Lesion("L1", 2.79, 10.0),))
    assert "measurable" in answer(after(1.0), base=faint).obstacles[0]
    ill = replace(faint, liver=None, aorta=Reference(1.2, 0.19, "aorta"))
    # 2.0 x 1.2 + 2 x 0.19 = 2.78
    assert answer(after(1.0, tlg=10, liver=None, aorta=Reference(1.2, 0.19, "aorta")), base=ill).category is Category.PARTIAL


def node(mm: float | None) -> Target:
    return Target("N", "node", mm, is_node=True)


def lesion(mm: float | None) -> Target:
    return Target("T", "lung", mm)


@pytest.mark.parametrize(
    ("targets", "nadir", "expected"),
    [
        ((lesion(0), node(9.9)), 100, Response.COMPLETE),
        ((lesion(0), node(10.0)), 100, Response.PARTIAL),
        ((lesion(70),), 100, Response.PARTIAL),
        ((lesion(70.1),), 100, Response.STABLE),
        ((lesion(119.9),), 100, Response.STABLE),
        ((lesion(120),), 100, Response.PROGRESSIVE),
        ((lesion(24.9),), 20, Response.PARTIAL),  # +24 % of the smallest sum, but only 4.9 mm
        ((lesion(25),), 20, Response.PROGRESSIVE),
        ((lesion(None), lesion(20)), 100, Response.NOT_EVALUABLE),
        ((lesion(None), lesion(130)), 100, Response.PROGRESSIVE),
    ],
)
def test_the_sum_of_diameters_decides(targets: tuple[Target, ...], nadir: float, expected: Response) -> None:
    assert recist(targets, baseline_mm=100, nadir_mm=nadir, non_target=NonTarget.NONE, new_lesion=False).target is expected


JOINED = (
    # target, non-target, new lesion -> overall: Eisenhauer 2009, table 1, as recalled
    (0, NonTarget.COMPLETE, False, "CR"), (0, NonTarget.NEITHER, False, "PR"), (0, NonTarget.NOT_EVALUATED, False, "PR"),
    (60, NonTarget.NEITHER, False, "PR"), (60, NonTarget.NOT_EVALUATED, False, "PR"), (90, NonTarget.NEITHER, False, "SD"),
    (None, NonTarget.NEITHER, False, "NE"), (130, NonTarget.COMPLETE, False, "PD"), (0, NonTarget.PROGRESSIVE, False, "PD"),
    (0, NonTarget.COMPLETE, True, "PD"),
)  # fmt: skip


@pytest.mark.parametrize(("mm", "non_target", "new", "overall"), JOINED)
def test_targets_others_and_new_lesions_join_to_one_response(mm: float | None, non_target: NonTarget, new: bool, overall: str) -> None:
    assert recist((lesion(mm),), baseline_mm=100, nadir_mm=100, non_target=non_target, new_lesion=new).overall == overall


def test_targets_are_chosen_by_the_rules_of_size_and_number() -> None:
    assert choosable([lesion(10), node(15)]) == ()
    assert choosable([lesion(9.9), node(14.9)]) == ("T: 9.9 mm is below 10 mm", "N: 14.9 mm is below 15 mm")
    assert "3 targets in lung: at most 2" in choosable([lesion(20)] * 3)
    assert "6 targets: at most 5" in choosable([Target("T", str(place), 20) for place in range(6)])


@pytest.mark.parametrize(
    ("uptake", "score"), [(None, 1), (1.0, 2), (1.5, 2), (1.6, 3), (2.5, 3), (2.6, 4), (4.9, 4), (5.0, 5)]
)  # fmt: skip
def test_deauville_grades_against_blood_and_liver(uptake: float | None, score: int) -> None:
    assert deauville(uptake, blood_pool=1.5, liver=2.5).score == score


def test_deauville_s_special_cases() -> None:
    assert deauville(1.0, blood_pool=1.5, liver=2.5, new_lesion=True).score == 5
    assert deauville(6.0, blood_pool=1.5, liver=2.5, markedly=3.0).score == 4
    assert [deauville(each, blood_pool=2.6, liver=2.5).score for each in (2.4, 2.5, 2.6)] == [2, 3, 4]
    with pytest.raises(ValueError, match="2 to 3 times"):
        deauville(6.0, blood_pool=1.5, liver=2.5, markedly=1.5)


def spots(*positions: tuple[float, float, float]) -> list[Spot]:
    return [Spot(f"S{place}", position, 5.0) for place, position in enumerate(positions)]


@given(st.permutations(range(6)), st.tuples(*[st.floats(-400, 400)] * 3), st.integers(0, 99))
def test_lesions_that_hardly_moved_are_paired_whatever_their_order_and_the_table(
    order: list[int], shift: tuple[float, float, float], seed: int
) -> None:
    dice = np.random.default_rng(seed)
    places = np.array([(x * 80.0, y * 80.0, 0.0) for x in range(3) for y in range(2)])
    moved = places + shift + dice.uniform(-5, 5, places.shape)
    later = [Spot(f"T{each}", tuple(moved[each])) for each in order]
    found = matched(spots(*[tuple(each) for each in places]), later, shift=shift)
    assert {(pair.earlier, pair.later) for pair in found.pairs} == {(f"S{each}", f"T{each}") for each in range(6)}
    assert min(pair.certainty for pair in found.pairs) > 0.7


def test_what_is_out_of_reach_is_gone_or_new() -> None:
    found = matched(spots((0, 0, 0), (100, 0, 0)), [Spot("A", (3, 0, 0)), Spot("B", (100, 60, 0))])
    assert [(each.earlier, each.later) for each in found.pairs] == [("S0", "A")]
    assert (found.gone, found.new) == (("S1",), ("B",))
    assert matched([], [Spot("A", (0, 0, 0))]).new == ("A",)
    assert matched(spots((0, 0, 0)), []).gone == ("S0",)


def test_two_lesions_nearly_as_near_make_a_pair_doubtful() -> None:
    alone = matched(spots((0, 0, 0)), [Spot("A", (6, 0, 0))]).pairs[0].certainty
    beside = matched(spots((0, 0, 0)), [Spot("A", (6, 0, 0)), Spot("B", (-7, 0, 0))]).pairs[0].certainty
    assert beside == pytest.approx(alone / 2)


def test_the_sum_of_distances_is_smallest_not_the_first_pair() -> None:
    found = matched(spots((0, 0, 0), (10, 0, 0)), [Spot("A", (8, 0, 0)), Spot("B", (20, 0, 0))])
    assert {(each.earlier, each.later) for each in found.pairs} == {("S0", "A"), ("S1", "B")}
