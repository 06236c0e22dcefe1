"""Label maps as bytes come back as they were; what is no label map is refused with a sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap
from wardline.formats.labelmaps import header, packed, unpacked, voxels

GRID = Grid((2, 3, 4), (5.0, 1.0, 1.5), (-3.0, 2.0, 9.0))
LUNG = Label(1, "right lung", Coding("123037004", "snomed"), Coding("39607008", "snomed"), "right")


@settings(deadline=None, max_examples=30)
@given(array=arrays.arrays(st.sampled_from([np.uint8, np.uint16]), (2, 3, 4)))
def test_a_label_map_comes_back_as_it_was(array: np.ndarray) -> None:
    labels = LabelMap(array, GRID, (LUNG, Label(2, "node")), "1.2.3", "lungs 1", notes=("touches the edge",))

    back = unpacked(packed(labels))

    assert np.array_equal(back.array, array)
    assert back.array.dtype == array.dtype
    assert (back.grid, back.labels, back.series, back.made_by, back.notes) == (GRID, labels.labels, "1.2.3", "lungs 1", ("touches the edge",))
    assert voxels(packed(labels)) == array.tobytes()


def test_equal_maps_are_equal_bytes() -> None:
    one, other = (LabelMap(np.eye(12, 2, dtype=np.uint8).reshape(2, 3, 4), GRID, (LUNG,)) for _ in range(2))

    assert packed(one) == packed(other)


HUGE = b'{"shape": [9999999, 9999999, 2]}\n'


@pytest.mark.parametrize("content", [b"", b"{}\n", b"no json\n", HUGE, b'{"shape": [1, 2]}\n', b'{"shape": [2, 3, 4]}'])
def test_what_is_no_label_map_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="no label map"):
        header(content)


def test_voxels_that_are_cut_off_or_too_many_are_refused() -> None:
    whole = packed(LabelMap(np.zeros((2, 3, 4), np.uint8), GRID, (LUNG,)))

    with pytest.raises(Refused, match=r"damaged|as many voxels"):
        voxels(whole[:-4])
    with pytest.raises(Refused, match="as many voxels"):
        voxels(whole.replace(b'"shape":[2,3,4]', b'"shape":[2,3,3]'))
