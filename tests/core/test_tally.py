"""A score added up row by row: open rows are named, never normal, and bound the total on both sides."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from wardline.core.findings import AtLeast, Finding, Unknown
from wardline.core.scoring import bands, flag
from wardline.core.tally import Tally

SYSTOLIC, DIASTOLIC = bands((89, 1), above=0), bands((60, 1), above=0)


@dataclass
class Pressures:
    systolic: float | None
    diastolic: float | None


def finding(total: int) -> Finding:
    return Finding(total, f"{total}")


def low_pressure(systolic: float | None, diastolic: float | None, *, one_suffices: bool = False) -> Tally:
    tally = Tally()
    tally.any_of(Pressures(systolic, diastolic), (("systolic", SYSTOLIC), ("diastolic", DIASTOLIC)), one_suffices=one_suffices)
    return tally


def test_a_row_met_twice_gives_its_points_once() -> None:
    tally = low_pressure(80, 50)

    assert (tally.total, tally.at_most) == (1, 1)
    assert [row.points for row in tally.rows] == [1, 0]


def test_a_row_met_by_one_input_does_not_need_the_other() -> None:
    assert low_pressure(80, None).outcome(finding) == Finding(1, "1", because=tuple(low_pressure(80, None).rows))


def test_a_row_not_met_by_the_one_input_that_is_known_stays_open() -> None:
    answer = low_pressure(None, 70).outcome(finding)

    assert isinstance(answer, AtLeast)
    assert (answer.finding.value, answer.missing, answer.at_most) == (0, ("systolic",), 1)


def test_two_ways_to_measure_the_same_need_only_one_measurement() -> None:
    assert isinstance(low_pressure(None, 70, one_suffices=True).outcome(finding), Finding)


def test_with_every_row_open_nothing_is_known() -> None:
    tally = low_pressure(None, None)
    tally.row("fever", None, flag(2))

    assert tally.outcome(finding) == Unknown(("systolic", "diastolic", "fever"))


@given(st.none() | st.integers(50, 120), st.none() | st.integers(30, 90), st.none() | st.booleans())
def test_the_truth_lies_between_the_total_and_the_most(systolic: int | None, diastolic: int | None, fever: bool | None) -> None:
    tally = low_pressure(systolic, diastolic)
    tally.row("fever", fever, flag(2))

    for one in (systolic,) if systolic is not None else (70, 120):
        for other in (diastolic,) if diastolic is not None else (40, 90):
            for hot in (fever,) if fever is not None else (True, False):
                assert tally.total <= (one < 90 or other <= 60) + 2 * hot <= tally.at_most
