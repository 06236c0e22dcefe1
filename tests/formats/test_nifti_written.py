"""NIfTI files that are written: what is read back is what was there, in the same place."""

import numpy as np
import pytest

from wardline.core.imaging import AXIAL, Grid, LabelMap, Volume
from wardline.formats.nifti import bytes_of, label_map_of, names_of, volume_of

CORONAL_BACKWARDS = ((0.0, -1.0, 0.0), (0.0, 0.0, -1.0), (-1.0, 0.0, 0.0))


@pytest.mark.parametrize("directions", [AXIAL, CORONAL_BACKWARDS])
def test_a_volume_comes_back_in_the_same_place(directions: tuple[tuple[float, float, float], ...]) -> None:
    grid = Grid((3, 4, 5), (3.0, 2.0, 1.5), (-20.0, 7.0, 40.0), directions)  # type: ignore[arg-type]
    array = np.arange(60, dtype=np.int16).reshape(3, 4, 5)

    back = volume_of(bytes_of(Volume(array, grid, "CT")))

    assert np.array_equal(back.array, array)
    assert back.grid.is_same_as(grid)


def test_a_label_map_comes_back_with_its_numbers_and_without_names() -> None:
    array = np.zeros((3, 4, 5), np.uint16)
    array[1, 2, 3] = 300

    written = bytes_of(LabelMap(array, Grid((3, 4, 5), (1.0, 1.0, 1.0)), ()))

    assert np.array_equal(label_map_of(written).array, array)
    assert names_of(written) == {}
    assert bytes_of(LabelMap(array, Grid((3, 4, 5), (1.0, 1.0, 1.0)), ())) == written
