"""Outlines that a person has changed: nothing comes or goes unsaid, and it stays known who has drawn what."""

from typing import Any

import numpy as np
import pytest

from wardline.core.errors import Refused
from wardline.core.imaging import Drawing, Grid, Label, LabelMap, Outlined
from wardline.science.imaging.segmentation.editing import edited

GRID = Grid((2, 3, 4), (3.0, 2.0, 1.0))
LESIONS = (Outlined("L1", 1, "lung"), Outlined("L2", 2))


def before() -> LabelMap:
    """L1 of four voxels, L2 of two, and a brain of one."""
    array = np.zeros(GRID.shape, np.uint16)
    array[0, 0, :] = 1
    array[1, 0, :2] = 2
    array[1, 2, 3] = 3
    return LabelMap(array, GRID, (Label(1, "L1, lung"), Label(2, "L2"), Label(3, "brain uptake")), "1.2.3", "candidates 1")


def after(change: Any = None) -> Any:
    array = before().array.copy()
    if change is not None:
        change(array)
    return array


def draw(array: Any, *, new: dict[int, str] | None = None, removed: tuple[str, ...] = (), last_key: int = 2) -> Drawing:
    return edited(before(), LESIONS, array, new=new or {}, removed=removed, by="Ada Okonkwo", last_key=last_key)


def erase(array: Any) -> None:
    array[0, 0, 0] = 0


def test_a_lesion_of_which_something_was_erased_is_changed_and_the_others_are_the_programs() -> None:
    mask, lesions = draw(after(erase))
    assert lesions == (Outlined("L1", 1, "lung", "changed"), Outlined("L2", 2, "", "automatic"))
    assert [each.how for each in mask.labels] == ["changed", "automatic", "automatic"]
    assert (mask.made_by, mask.began_as, mask.automatic, mask.series) == ("Ada Okonkwo", "candidates 1", False, "1.2.3")


def test_voxels_that_go_over_to_another_lesion_change_both() -> None:
    def move(array: Any) -> None:
        array[0, 0, 0] = 2

    assert {each.how for each in draw(after(move)).lesions} == {"changed"}


def test_a_new_lesion_gets_the_next_key_that_was_never_used() -> None:
    def add(array: Any) -> None:
        array[0, 2, 0], array[0, 2, 2] = 9, 7

    mask, lesions = draw(after(add), new={9: "", 7: "liver"}, last_key=4)
    assert lesions[2:] == (Outlined("L5", 7, "liver", "drawn"), Outlined("L6", 9, "", "drawn"))
    assert [each.name for each in mask.labels[3:]] == ["L5, liver", "L6"]


def test_what_was_drawn_stays_drawn_when_it_is_changed_again() -> None:
    first = draw(after(erase))
    drawn = tuple(each._replace(how="drawn") for each in first.lesions)
    again = edited(first.mask, drawn, after(), new={}, removed=(), by="Ben Ilves", last_key=2)
    assert [each.how for each in again.lesions] == ["drawn", "drawn"]
    assert (again.mask.made_by, again.mask.began_as) == ("Ben Ilves", "candidates 1")


def test_a_lesion_goes_only_when_that_is_said() -> None:
    def clear(array: Any) -> None:
        array[array == 2] = 0

    mask, lesions = draw(after(clear), removed=("L2",))
    assert [each.key for each in lesions] == ["L1"]
    assert [each.number for each in mask.labels] == [1, 3]
    with pytest.raises(Refused, match="L2 has no voxel left"):
        draw(after(clear))
    with pytest.raises(Refused, match="L2 is to be removed and still has voxels"):
        draw(after(erase), removed=("L2",))
    with pytest.raises(Refused, match="no lesion L8"):
        draw(after(erase), removed=("L8",))


@pytest.mark.parametrize(("new", "why"), [({}, "numbered 9"), ({9: "", 4: ""}, "lesion 4 has no voxel"), ({9: "", 3: ""}, "3 is no free number")])
def test_numbers_that_nobody_has_announced_are_refused(new: dict[int, str], why: str) -> None:
    def add(array: Any) -> None:
        array[0, 2, 0] = 9

    with pytest.raises(Refused, match=why):
        draw(after(add), new=new)


def test_outlines_that_are_the_same_are_no_version() -> None:
    with pytest.raises(Refused, match="nothing was changed"):
        draw(after())
