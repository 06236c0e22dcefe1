"""Invented people: what was put in is what is on the images."""

import math

import numpy as np
import pytest

from wardline.science.imaging.phantoms import CHEST, TRUNK, Lesion, pet_ct, random_lesions

BIG = Lesion((-80.0, 0.0, 90.0), (20.0, 20.0, 20.0), suv=10.0)


def test_the_same_generator_gives_the_same_person() -> None:
    one, other = (pet_ct(np.random.default_rng(3), lesions=[BIG], spacing=(6, 6, 6)) for _ in range(2))

    assert np.array_equal(one.ct.array, other.ct.array)
    assert np.array_equal(one.pet_suv.array, other.pet_suv.array)


def test_a_lesion_has_the_volume_of_its_ellipsoid_and_in_its_middle_the_uptake_it_was_given() -> None:
    phantom = pet_ct(np.random.default_rng(1), lesions=[BIG], spacing=(3, 3, 3), extent=(30, 150), pet_noise=0.0)

    drawn = np.count_nonzero(phantom.lesion_truth.array == 1) * phantom.ct.grid.voxel_ml
    s, r, c = (round(each) for each in phantom.pet_suv.grid.index(BIG.position))

    assert BIG.volume_ml == pytest.approx(4 / 3 * math.pi * 8.0)
    assert drawn == pytest.approx(BIG.volume_ml, rel=0.02)
    assert phantom.pet_suv.array[s, r, c] == pytest.approx(10.0, rel=0.01)


def test_blur_hides_part_of_a_small_lesion_as_partial_volume_does() -> None:
    small = Lesion((-80.0, 0.0, 90.0), (4.0, 4.0, 4.0), suv=10.0)

    phantom = pet_ct(np.random.default_rng(1), lesions=[small], spacing=(2, 2, 2), extent=(60, 120), pet_noise=0.0)

    assert 2.0 < phantom.pet_suv.array[phantom.pet_lesion_truth.array == 1].max() < 8.0


def test_ct_and_pet_may_have_voxels_of_their_own_in_the_same_body() -> None:
    phantom = pet_ct(np.random.default_rng(1), lesions=[BIG], spacing=(3, 3, 3), pet_spacing=(5, 6, 6), extent=(30, 150))

    assert phantom.ct.frame_of_reference == phantom.pet_suv.frame_of_reference
    assert phantom.pet_suv.grid.spacing == (5, 6, 6)
    for truth in (phantom.lesion_truth, phantom.pet_lesion_truth):
        middle = np.mean(np.argwhere(truth.array == 1), axis=0)
        assert truth.grid.position(tuple(middle)) == pytest.approx(BIG.position, abs=1.5)


def test_right_is_on_the_right_and_uptake_can_be_turned_up() -> None:
    phantom = pet_ct(np.random.default_rng(1), spacing=(6, 6, 6), extent=TRUNK, uptake={"liver": 2.0}, variation=0.0)

    liver = phantom.truth.array == 8
    x = phantom.truth.grid.position(tuple(np.mean(np.argwhere(liver), axis=0)))[0]

    assert x < 0
    assert np.median(phantom.pet_suv.array[liver]) == pytest.approx(4.4, rel=0.05)


def test_lesions_keep_apart_lie_within_the_images_and_have_known_sites() -> None:
    lesions = random_lesions(np.random.default_rng(5), 8, extent=CHEST)

    assert len(lesions) == 8
    for number, one in enumerate(lesions):
        assert CHEST[0] < one.position[2] < CHEST[1]
        assert all(math.dist(one.position, other.position) > max(one.radii) + max(other.radii) for other in lesions[number + 1 :])
    with pytest.raises(KeyError):
        random_lesions(np.random.default_rng(5), 1, sites=("toe",))
