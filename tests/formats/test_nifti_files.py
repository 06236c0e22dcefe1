"""NIfTI files become volumes on our axes: a voxel stays at its place in the patient, and what is no image is refused."""

import gzip
from typing import Any

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.nifti import label_map_of, volume_of


def written(array: Any, affine: Any, *, packed: bool = False) -> bytes:
    content: bytes = nibabel.Nifti1Image(array, affine).to_bytes()
    return gzip.compress(content) if packed else content


@settings(max_examples=20, deadline=None)
@given(st.permutations([0, 1, 2]), st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3), st.tuples(*[st.floats(0.5, 4)] * 3), st.booleans())
def test_a_voxel_lies_where_the_file_says(order: list[int], signs: tuple[float, ...], sides: tuple[float, ...], packed: bool) -> None:
    """NIfTI's x and y run to the right and front, ours to the left and back."""
    affine = np.eye(4)
    affine[:3, :3] = np.eye(3)[order] * (np.array(signs) * sides)
    affine[:3, 3] = (7.0, -20.0, 300.0)
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    volume = volume_of(written(array, affine, packed=packed), modality="CT", unit="[hnsf'U]")
    x, y, z = 1, 2, 3
    right, front, head = (affine @ (x, y, z, 1))[:3]
    assert volume.array[z, y, x] == array[x, y, z]
    assert volume.grid.position((z, y, x)) == pytest.approx((-right, -front, head))
    assert (volume.array.dtype, volume.modality) == (np.int16, "CT")


def test_the_slope_of_the_header_is_applied() -> None:
    image = nibabel.Nifti1Image(np.ones((2, 2, 2), np.int16), np.eye(4))
    image.header.set_slope_inter(0.5, -3)
    content = bytearray(image.to_bytes())
    content[112:120] = np.array([0.5, -3.0], "<f4").tobytes()  # scl_slope and scl_inter at byte 112 of nifti1.h
    volume = volume_of(bytes(content))
    assert volume.array.dtype == np.float32
    assert (volume.array == -2.5).all()


def test_a_mask_names_its_structures_by_their_numbers() -> None:
    array = np.zeros((3, 3, 3), np.float32)
    array[0, 0, 0], array[2, 1, 0] = 1, 40
    labels = label_map_of(written(array, np.eye(4)))
    assert [(each.number, each.name) for each in labels.labels] == [(1, "label 1"), (40, "label 40")]
    assert labels.array[0, 1, 2] == 40


def sheared() -> bytes:
    affine = np.eye(4)
    affine[0, 1] = 0.3
    return written(np.zeros((2, 2, 2), np.int16), affine)


BAD = {
    "no NIfTI": (lambda: volume_of(b"DICM" * 200), "no NIfTI"),
    "half a gzip": (lambda: volume_of(written(np.zeros((9, 9, 9)), np.eye(4), packed=True)[:60]), "damaged"),
    "half an image": (lambda: volume_of(written(np.zeros((9, 9, 9)), np.eye(4))[:900]), "fewer values"),
    "a film": (lambda: volume_of(written(np.zeros((2, 2, 2, 5)), np.eye(4))), "not a series of images"),
    "colours": (lambda: volume_of(written(np.zeros((2, 2, 2), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])), np.eye(4))), "not plain numbers"),
    "a sheared grid": (lambda: volume_of(sheared()), "right angles"),
    "a mask of shares": (lambda: label_map_of(written(np.full((2, 2, 2), 0.5), np.eye(4))), "whole numbers"),
    "a mask below 0": (lambda: label_map_of(written(np.full((2, 2, 2), -1, np.int16), np.eye(4))), "whole numbers"),
    "a mask without numbers": (lambda: label_map_of(written(np.full((2, 2, 2), np.nan), np.eye(4))), "whole numbers"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_image_in_space_is_refused(what: str) -> None:
    ask, said = BAD[what]
    with pytest.raises(Refused, match=said):
        ask()
