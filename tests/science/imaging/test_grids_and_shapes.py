"""The small tools beneath the outlines: same place in two scans, millimetres instead of voxels, axes of a spot, parts of a spot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.segmentation.extents import axes_mm
from wardline.science.imaging.segmentation.morphology import closed, grown, largest, opened, shrunk
from wardline.science.imaging.segmentation.orientation import upright
from wardline.science.imaging.segmentation.resampling import coarser, onto, with_spacing
from wardline.science.imaging.segmentation.splitting import parted

MASKS = arrays(bool, (6, 7, 8))
SPACING = (3.0, 1.0, 2.0)


def ramp(grid: Grid) -> np.ndarray:
    """A number that depends on the place in the patient alone."""
    index = np.indices(grid.shape).reshape(3, -1).T
    return np.array([sum(grid.position(tuple(map(float, each)))) for each in index], np.float32).reshape(grid.shape)


def test_a_place_reads_the_same_on_any_grid_turned_or_not() -> None:
    source = Grid((12, 14, 16), (2.0, 1.5, 1.0), (-8.0, -10.0, 5.0))
    turned = Grid((5, 6, 4), (1.2, 2.2, 1.7), (5.0, -6.0, 20.0), ((-1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))

    assert np.allclose(onto(ramp(source), source, turned), ramp(turned), atol=1e-3)


def test_blocks_and_new_spacings_keep_every_place_where_it_was() -> None:
    grid = Grid((9, 12, 8), (1.0, 1.0, 1.5), (3.0, -4.0, 7.0))
    small = coarser(ramp(grid), grid, 3.0)
    resampled = with_spacing(grid, (3.0, 2.0, 3.0))

    assert small.factors == (3, 3, 2)
    assert np.allclose(small.array, ramp(small.grid), atol=1e-4)
    assert np.allclose(onto(ramp(grid), grid, resampled), ramp(resampled), atol=1e-4)
    assert np.array_equal(small.finer(np.ones(small.array.shape, bool), grid.shape), np.ones(grid.shape, bool))


def test_the_last_block_may_be_smaller_than_the_others() -> None:
    grid = Grid((5, 4, 4), (1.0, 1.0, 1.0))
    small = coarser(np.ones(grid.shape, np.int16), grid, 2.0)

    assert small.array.shape == (3, 2, 2)
    assert np.all(small.array == 1.0)
    assert small.finer(small.array > 0, grid.shape).shape == grid.shape


@given(st.permutations((0, 1, 2)), st.tuples(*[st.booleans()] * 3))
def test_turning_upright_and_back_is_nothing_and_upright_is_upright(order: tuple[int, ...], flips: tuple[bool, ...]) -> None:
    axes = np.eye(3)[[2, 1, 0]]
    ways = tuple(tuple(float(each) * (-1 if flip else 1) for each in axes[axis]) for axis, flip in zip(order, flips, strict=True))
    grid = Grid((3, 4, 5), (1.0, 2.0, 3.0), (1.0, 2.0, 3.0), ways)  # type: ignore[arg-type]
    volume = Volume(ramp(grid), grid)

    view = upright(volume)

    assert np.allclose(view.array, ramp(view.grid), atol=1e-3)
    assert np.array_equal(view.as_stored(view.array), volume.array)
    assert [max(way) for way in view.grid.directions] == [1.0, 1.0, 1.0]
    assert view.grid.directions[0][2] == view.grid.directions[2][0] == 1.0


@settings(max_examples=30, deadline=None)
@given(MASKS, st.sampled_from([1.0, 2.5, 4.0]))
def test_working_in_the_box_is_working_on_the_whole(mask: np.ndarray, mm: float) -> None:
    wide = ndimage.distance_transform_edt(~mask, SPACING) <= mm if mask.any() else mask
    deep = ndimage.distance_transform_edt(mask, SPACING) > mm if not mask.all() else mask

    assert np.array_equal(grown(mask, mm, SPACING), wide)
    assert np.array_equal(shrunk(mask, mm, SPACING), deep)
    assert not (opened(mask, mm, SPACING) & ~mask).any()
    assert not (mask & ~closed(mask, mm, SPACING)).any()


def test_of_nothing_the_largest_piece_is_nothing() -> None:
    assert not largest(np.zeros((3, 3, 3), bool)).any()


def test_axes_run_from_edge_to_edge() -> None:
    bar = np.zeros((3, 20, 20), bool)
    bar[1, 5, 3:13] = True

    assert axes_mm(bar, (5.0, 2.0, 2.0)) == pytest.approx((20.0, 2.0))
    assert axes_mm(np.zeros((2, 2, 2), bool), (1.0, 1.0, 1.0)) == (0.0, 0.0)


def test_a_disk_is_as_long_as_it_is_wide() -> None:
    row, column = np.ogrid[:41, :41]
    disk = ((row - 20) ** 2 + (column - 20) ** 2 <= 15**2)[None]

    long, short = axes_mm(disk, (1.0, 1.0, 1.0))

    assert long == pytest.approx(31, abs=1.0)
    assert short == pytest.approx(31, abs=1.0)


@settings(max_examples=20, deadline=None)
@given(st.floats(3.0, 12.0), st.floats(3.0, 12.0), st.integers(2, 14))
def test_parting_loses_nothing_and_adds_nothing(one: float, other: float, apart: int) -> None:
    z, y, x = np.ogrid[:9, :9, :30]
    values = sum(peak * np.exp(-((z - 4) ** 2 + (y - 4) ** 2 + (x - at) ** 2) / 8.0) for peak, at in ((one, 8), (other, 8 + apart)))
    mask = largest(values > 2.0)

    parts = parted(values, mask, 2.0)

    assert np.array_equal(parts > 0, mask)
    assert set(np.unique(parts[mask])) in ({1}, {1, 2})
