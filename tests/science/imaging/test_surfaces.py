"""Agreement of outlines: numbers that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from wardline.science.imaging.surfaces import dice, distances, surface

MASKS = arrays(bool, (5, 6, 7))


def test_a_cube_shifted_by_a_tenth_shares_nine_tenths() -> None:
    one, other = np.zeros((12, 12, 12), bool), np.zeros((12, 12, 12), bool)
    one[1:11, 1:11, 1:11] = other[2:12, 1:11, 1:11] = True

    assert dice(one, other) == pytest.approx(0.9)


def test_two_plates_three_slices_apart_are_everywhere_as_far_apart_as_three_slices() -> None:
    one, other = np.zeros((10, 8, 8), bool), np.zeros((10, 8, 8), bool)
    one[2], other[5] = True, True

    far = distances(one, other, (2.5, 1.0, 1.0))

    assert far is not None
    assert far == pytest.approx((7.5, 7.5, 7.5))


def test_one_stray_voxel_changes_the_largest_distance_and_not_the_ninety_fifth_percentile() -> None:
    one = np.zeros((4, 40, 40), bool)
    one[1, 10:30, 10:30] = True
    other = one.copy()
    other[1, 20, 39] = True

    far = distances(one, other, (1.0, 1.0, 1.0))

    assert far is not None
    assert far.hausdorff_mm == pytest.approx(10.0)
    assert far.hd95_mm == 0.0


def test_there_is_no_distance_to_nothing() -> None:
    empty, full = np.zeros((3, 3, 3), bool), np.ones((3, 3, 3), bool)

    assert distances(empty, full, (1.0, 1.0, 1.0)) is None
    assert dice(empty, full) == 0.0
    assert dice(empty, empty) == 1.0


@settings(max_examples=40, deadline=None)
@given(MASKS, MASKS)
def test_the_box_around_both_gives_what_the_whole_image_gives(one: np.ndarray, other: np.ndarray) -> None:
    spacing = (3.0, 1.0, 2.0)
    far = distances(one, other, spacing)
    if not one.any() or not other.any():
        assert far is None
        return

    on_one, on_other = np.argwhere(surface(one)) * spacing, np.argwhere(surface(other)) * spacing
    between = np.linalg.norm(on_one[:, None] - on_other[None], axis=2)
    there, back = between.min(axis=1), between.min(axis=0)

    assert far == pytest.approx((
        max(there.max(), back.max()), max(np.percentile(there, 95), np.percentile(back, 95)), np.concatenate([there, back]).mean(),
    ))  # fmt: skip
