"""Resampling moves nothing: grids lie centre on centre, straight lines stay straight, and a mask keeps its middle."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from wardline.science.imaging.radiomics import Settings
from wardline.science.imaging.radiomics.interpolation import Axis, axis_of, interpolated, resampled


def test_the_grid_covers_the_extent_and_lies_centre_on_centre() -> None:
    """IBSI manual, 2.4: 4 voxels of 3 mm are 12 mm, so 6 of 2 mm, their middle at the same place."""
    axis = axis_of(4, 3.0, 2.0)
    assert axis.positions == pytest.approx([(each - 5 / 2) * 2 / 3 + 3 / 2 for each in range(6)])


@given(st.integers(1, 60), st.floats(0.3, 6), st.floats(0.3, 6))
def test_the_middle_stays_where_it_is(size: int, old: float, new: float) -> None:
    axis = axis_of(size, old, new)
    assert axis.positions.mean() == pytest.approx((size - 1) / 2, abs=1e-9)
    assert len(axis.positions) * new >= size * old - 1e-4


def test_no_voxel_more_than_needed_through_rounding() -> None:
    assert len(axis_of(40, 0.3, 1.2).positions) == 10


@pytest.mark.parametrize("how", ["linear", "cubic"])
def test_a_slope_stays_a_slope_between_voxels(how: Any) -> None:
    ramp = np.broadcast_to(np.arange(40.0)[:, None, None] * 3, (40, 5, 5))
    axes = [Axis(np.arange(17, 23, 0.37), 1.0), axis_of(5, 1.0, None), axis_of(5, 1.0, None)]
    assert interpolated(ramp, axes, how)[:, 2, 2] == pytest.approx(3 * np.arange(17, 23, 0.37), abs=1e-6)


def test_the_cubic_spline_is_that_of_an_independent_implementation() -> None:
    image = np.random.default_rng(0).normal(size=(30, 28, 26))
    axes = [axis_of(30, 1.0, 0.7), axis_of(28, 1.0, 1.3), axis_of(26, 1.0, 0.9)]
    where = np.meshgrid(*(axis.positions for axis in axes), indexing="ij")
    peer = ndimage.map_coordinates(image, where, order=3, mode="mirror")
    ours = interpolated(image, axes, "cubic")
    assert ours[1:-1, 1:-1, 1:-1] == pytest.approx(peer[1:-1, 1:-1, 1:-1], abs=1e-9)


def test_half_of_a_voxel_belongs_to_the_region() -> None:
    """A voxel that linear interpolation gives 0.5 of the mask is in (mask threshold 0.5, IBSI manual 2.4)."""
    mask = np.zeros((1, 1, 8), bool)
    mask[0, 0, 2:6] = True
    made = resampled(
        mask.astype(float), mask, (1.0, 1.0, 2.0), (slice(0, 1), slice(0, 1), slice(2, 6)), Settings(spacing_mm=(None, None, 1.0)), margin_mm=9
    )
    assert made.mask[0, 0].sum() == 8
    assert made.spacing == (1.0, 1.0, 1.0)
