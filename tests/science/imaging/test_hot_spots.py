"""Lesion candidates on PET: found, parted, placed, and not confused with normal uptake."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from pydicom.sr.codedict import codes

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.phantoms import WHOLE_BODY, Lesion, Phantom, pet_ct
from wardline.science.imaging.segmentation import Candidates, lesion_candidates, lungs

SUV = "{SUVbw}g/ml"
LESIONS = (
    Lesion((-80.0, 10.0, 110.0), (11.0, 11.0, 11.0), suv=9.0, site="lung"),
    Lesion((-22.0, -30.0, 160.0), (9.0, 9.0, 9.0), suv=8.0, site="lymph node, mediastinum"),
    Lesion((-60.0, -10.0, -60.0), (14.0, 14.0, 14.0), suv=11.0, hounsfield=50.0, site="liver"),
    Lesion((0.0, 72.0, -200.0), (12.0, 12.0, 12.0), suv=10.0, hounsfield=200.0, site="bone"),
)


@cache
def person() -> tuple[Phantom, Candidates]:
    phantom = pet_ct(
        np.random.default_rng(4), lesions=LESIONS, extent=WHOLE_BODY, spacing=(5, 5, 5), pet_spacing=(5, 5, 5), uptake={"heart": 3.0}, variation=0.0
    )
    return phantom, lesion_candidates(phantom.pet_suv, phantom.ct)


def spheres(*given: tuple[tuple[float, float, float], float, float], shape: tuple[int, int, int] = (30, 40, 40)) -> Volume:
    """PET with balls of (centre as index, radius in voxels of 3 mm, SUV)."""
    array = np.ones(shape, np.float32)
    at = np.ogrid[: shape[0], : shape[1], : shape[2]]
    for centre, radius, suv in given:
        away = sum((line - middle) ** 2 for line, middle in zip(at, centre, strict=True))
        array = np.maximum(array, suv * np.exp(-away / (2 * (radius / 1.5) ** 2)).astype(np.float32))
    return Volume(array, Grid(shape, (3, 3, 3)), "PT", SUV)


def test_every_lesion_is_found_in_its_place_and_nothing_else_is_suspected() -> None:
    phantom, found = person()

    hit = [set(np.unique(phantom.pet_lesion_truth.array[found.label_map.array == spot.number])) - {0} for spot in found.lesions]

    assert sorted(number for numbers in hit for number in numbers) == [1, 2, 3, 4]
    assert {LESIONS[min(numbers) - 1].site: spot.site for numbers, spot in zip(hit, found.lesions, strict=True)} == {
        lesion.site: lesion.site for lesion in LESIONS
    }


def test_the_node_beside_the_windpipe_is_the_only_suspected_node() -> None:
    _, found = person()

    assert [(node.site, node.position) for node in found.nodes] == [
        ("lymph node, mediastinum", pytest.approx(LESIONS[1].position, abs=9.0)),
    ]  # fmt: skip


def test_normal_uptake_is_named_and_kept_on_the_map() -> None:
    _, found = person()

    normal = {spot.physiological for spot in found.spots if spot.physiological}

    assert normal == {"brain", "heart", "kidney", "bladder"}
    assert {label.name for label in found.label_map.labels} >= {"kidney uptake", "lesion candidate 1"}


def test_every_structure_has_the_code_that_dicom_gives_it() -> None:
    phantom, found = person()
    words = {
        "brain": "Brain", "heart": "Heart", "kidney": "Kidney", "bladder": "Bladder", "liver": "Liver", "lung": "Lung", "spleen": "Spleen",
        "aorta": "Aorta", "trachea": "Trachea", "bone": "Bone", "lesion": "Lesion",
    }  # fmt: skip

    for label in (*found.label_map.labels, *phantom.truth.labels, *phantom.lesion_truth.labels, *lungs(phantom.ct).labels):
        named = next((word for part, word in words.items() if part in label.name), "")
        assert label.type is None or label.type.code == getattr(codes.SCT, named).value


def test_the_threshold_is_that_of_the_liver_where_there_is_one() -> None:
    _, found = person()

    # 1.5 x mean + 2 SD (PERCIST 1.0) with a mean of 2.2 and a noise of a few hundredths.
    assert found.threshold_from == "liver"
    assert 3.3 < found.threshold < 4.0


def test_a_measured_lesion_has_the_uptake_and_size_it_was_given() -> None:
    _, found = person()
    hottest = found.lesions[0]

    assert hottest.suv_max == pytest.approx(11.0, rel=0.1)
    assert hottest.position == pytest.approx(LESIONS[2].position, abs=12.0)
    assert 18 < hottest.short_axis_mm <= hottest.long_axis_mm < 40


def test_two_lesions_that_touch_are_two_and_one_uneven_lesion_is_one() -> None:
    two = lesion_candidates(spheres(((15, 20, 13), 5, 12.0), ((15, 20, 21), 5, 9.0)))
    one = lesion_candidates(spheres(((15, 20, 17), 5, 9.0), ((15, 20, 21), 5, 9.5)))

    assert len(two.lesions) == 2
    assert [round(spot.suv_max) for spot in two.lesions] == [12, 9]
    assert len(one.lesions) == 1


def test_without_a_ct_a_fixed_threshold_is_used_and_no_site_is_claimed() -> None:
    found = lesion_candidates(spheres(((15, 20, 20), 5, 9.0)))

    assert (found.threshold, found.threshold_from) == (4.0, "fixed")
    assert [(spot.physiological, spot.site) for spot in found.spots] == [("", "")]
    assert found.label_map.notes == ("Without a CT, normal uptake (brain, heart, kidneys, bladder) is not told from lesions.",)


def test_a_higher_threshold_finds_less_and_a_speck_is_not_a_lesion() -> None:
    pet = spheres(((15, 20, 12), 5, 9.0), ((15, 20, 30), 5, 5.0), ((5, 5, 5), 0.5, 20.0))

    assert len(lesion_candidates(pet).lesions) == 2
    assert len(lesion_candidates(pet, threshold=6.0).lesions) == 1


@pytest.mark.parametrize("changed", [{"unit": "Bq/ml"}, {"modality": "CT"}])
def test_what_is_no_pet_in_suv_is_refused(changed: Mapping[str, str]) -> None:
    pet = spheres()
    with pytest.raises(Refused, match="SUV"):
        lesion_candidates(Volume(pet.array, pet.grid, changed.get("modality", "PT"), changed.get("unit", SUV)))


def test_pet_and_ct_of_different_coordinates_are_not_laid_over_each_other() -> None:
    phantom, _ = person()
    elsewhere = Volume(phantom.ct.array, phantom.ct.grid, "CT", "[hnsf'U]", frame_of_reference="1.2.3")

    with pytest.raises(Refused, match="frames of reference"):
        lesion_candidates(phantom.pet_suv, elsewhere)
