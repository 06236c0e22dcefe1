"""Lungs, body, liver and lung fields, outlined on invented people."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.phantoms import WHOLE_BODY, Phantom, pet_ct, random_lesions
from wardline.science.imaging.segmentation import (
    LiverReference,
    NoReference,
    body_and_table,
    chest_xray_lungs,
    lesion_candidates,
    liver_reference,
    lungs,
)  # fmt: skip
from wardline.science.imaging.surfaces import dice


@cache
def person() -> Phantom:
    return pet_ct(np.random.default_rng(11), extent=(-250, 290), spacing=(5, 5, 5), pet_spacing=(5, 6, 6))


def water_and_air(spacing: float = 5.0) -> Volume:
    """A box of water with one empty ball: gas, not lung."""
    array = np.full((30, 60, 60), 40, np.int16)
    z, y, x = np.ogrid[:30, :60, :60]
    array[(z - 15) ** 2 + (y - 30) ** 2 + (x - 40) ** 2 < 64] = -1000
    return Volume(array, Grid((30, 60, 60), (spacing,) * 3), "CT", "[hnsf'U]")


def test_both_lungs_and_the_windpipe_are_found_and_not_confused() -> None:
    found, truth = lungs(person().ct), person().truth.array

    assert [label.side for label in found.labels] == ["right", "left", ""]
    assert dice(found.array == 1, truth == 3) > 0.97
    assert dice(found.array == 2, truth == 4) > 0.97
    assert dice(found.array == 3, truth == 5) > 0.75
    assert found.notes == ()


def test_fine_slices_are_outlined_on_their_own_voxels() -> None:
    phantom = pet_ct(np.random.default_rng(12), extent=(20, 120), spacing=(2, 2, 2))

    found = lungs(phantom.ct)

    assert dice(found.array == 1, phantom.truth.array == 3) > 0.98
    assert dice(found.array == 2, phantom.truth.array == 4) > 0.98


def test_the_way_a_scanner_stores_its_slices_changes_nothing() -> None:
    ct = person().ct
    grid = ct.grid
    last = grid.position((grid.shape[0] - 1.0, 0.0, grid.shape[2] - 1.0))
    turned = Volume(
        np.transpose(ct.array[::-1, :, ::-1], (1, 0, 2)),
        Grid(
            (grid.shape[1], grid.shape[0], grid.shape[2]), (grid.spacing[1], grid.spacing[0], grid.spacing[2]), last,
            (grid.directions[1], (0.0, 0.0, -1.0), (-1.0, 0.0, 0.0)),
        ),
        "CT", "[hnsf'U]",
    )  # fmt: skip

    found = lungs(turned)

    assert np.array_equal(np.transpose(found.array, (1, 0, 2))[::-1, :, ::-1], lungs(ct).array)


def test_body_and_table_are_told_apart() -> None:
    found, truth = body_and_table(person().ct).array, person().truth.array

    assert dice(found == 1, (truth != 0) & (truth != 2)) > 0.98
    assert dice(found == 2, truth == 2) > 0.75


@pytest.mark.parametrize("spacing", [5.0, 1.0])
def test_gas_in_the_belly_is_no_lung_and_the_answer_says_that_there_is_none(spacing: float) -> None:
    ct = water_and_air(spacing)
    found = lungs(ct)

    assert found.array.shape == ct.array.shape
    assert not found.array.any()
    assert found.notes == ("No lung was found on these images.",)


def test_a_shell_of_voxels_half_skin_half_air_is_no_lung() -> None:
    rng = np.random.default_rng(3)  # in this person the shell holds together and is as large as a part of a lung
    phantom = pet_ct(rng, lesions=random_lesions(rng, 8, extent=WHOLE_BODY), extent=WHOLE_BODY)

    found = lungs(phantom.ct)

    assert found.notes == ()
    assert dice(found.array == 1, phantom.truth.array == 3) > 0.98


def test_lungs_cut_off_by_the_images_are_said_to_be_cut_off() -> None:
    ct = person().ct
    half = Volume(ct.array[:70], Grid((70, *ct.grid.shape[1:]), ct.grid.spacing, ct.grid.origin), "CT", "[hnsf'U]")

    assert "The lungs reach the highest slice; part of them may be missing." in lungs(half).notes


@pytest.mark.parametrize("volume", [person().pet_suv, Volume(np.zeros((4, 4, 4), np.int16), Grid((4, 4, 4), (1, 1, 1)), "CT", "")])
def test_what_is_no_ct_in_hounsfield_units_is_refused(volume: Volume) -> None:
    with pytest.raises(Refused, match="Hounsfield"):
        lungs(volume)


def test_slices_oblique_to_the_body_are_refused() -> None:
    half = 0.5**0.5
    grid = Grid((4, 4, 4), (1, 1, 1), directions=((0.0, -half, half), (0.0, half, half), (1.0, 0.0, 0.0)))

    with pytest.raises(Refused, match="oblique"):
        lungs(Volume(np.zeros((4, 4, 4), np.int16), grid, "CT", "[hnsf'U]"))


def test_the_sphere_of_percist_lies_in_the_liver_and_measures_its_uptake() -> None:
    found = liver_reference(person().pet_suv, person().ct)

    assert isinstance(found, LiverReference)
    assert found.mean == pytest.approx(2.2, rel=0.05)
    assert 0 < found.sd < 0.4
    assert np.count_nonzero(found.voxels) * person().pet_suv.grid.voxel_ml == pytest.approx(14.1, rel=0.15)
    s, r, c = (round(each) for each in person().truth.grid.index(found.position))
    assert person().truth.label(int(person().truth.array[s, r, c])).name == "liver"


def test_without_lungs_there_is_no_liver_to_go_by() -> None:
    ct = water_and_air()
    pet = Volume(np.full(ct.grid.shape, 2.0, np.float32), ct.grid, "PT", "{SUVbw}g/ml")

    found = liver_reference(pet, ct)

    assert isinstance(found, NoReference)
    assert "No lung" in found.reason


def test_lung_fields_of_a_radiograph_are_found_on_their_sides_also_when_it_is_mirrored() -> None:
    seen = person().ct.array.astype(np.float32)[30:94].clip(-1000, 200).mean(axis=1)[::-1] + 1000
    image = np.repeat(np.repeat(seen, 6, 0), 4, 1)[None]
    grid = Grid(image.shape, (1.0, 1.0, 1.0))

    plain = chest_xray_lungs(Volume(image, grid, "DX")).array
    mirrored = chest_xray_lungs(Volume(image[..., ::-1], grid, "DX"), columns_to_left=False).array

    columns = [np.nonzero(plain[0] == number)[1].mean() for number in (1, 2)]
    assert columns[0] < image.shape[2] / 2 < columns[1]
    assert np.array_equal(plain, mirrored[..., ::-1])


def test_a_blank_radiograph_is_refused() -> None:
    with pytest.raises(Refused, match="blank"):
        chest_xray_lungs(Volume(np.zeros((1, 64, 64)), Grid((1, 64, 64), (1, 1, 1)), "DX"))


def test_a_thumbnail_of_a_radiograph_is_refused() -> None:
    with pytest.raises(Refused, match="smaller than 64"):
        chest_xray_lungs(Volume(np.ones((1, 40, 80)), Grid((1, 40, 80), (1, 1, 1)), "DX"))


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.integers(1, 12)] * 3), st.sampled_from([0.7, 3.0, 8.0]), st.integers(0, 2**16))
def test_whatever_is_on_the_images_there_is_an_answer_on_their_voxels(shape: tuple[int, int, int], spacing: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    grid = Grid(shape, (spacing,) * 3)
    ct = Volume(rng.choice([-1000, -850, 0, 40, 3000], shape).astype(np.int16), grid, "CT", "[hnsf'U]")
    pet = Volume((rng.random(shape) * 20).astype(np.float32), grid, "PT", "{SUVbw}g/ml")

    assert lungs(ct).array.shape == shape
    assert body_and_table(ct).array.shape == shape
    assert lesion_candidates(pet, ct).label_map.array.shape == shape
    assert isinstance(liver_reference(pet, ct), NoReference)
