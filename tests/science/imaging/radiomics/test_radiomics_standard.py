"""Radiomics gives the published values, and what a region is made of decides its numbers: where it lies, or how it is turned, does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from support.reference import reference_data
from wardline.app.evaluating_ibsi import AS_THE_PHANTOM, CONFIGURATIONS, reference_values
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Label, LabelMap, Vector, Volume
from wardline.science.imaging.radiomics import AsIs, FixedNumber, FixedSize, Settings, feature, features, settings_from
from wardline.science.imaging.radiomics.spatial import autocorrelation

CHEAP = replace(AS_THE_PHANTOM, textures=("3D",))


def a_volume(array: Any, spacing: Vector = (2.0, 2.0, 2.0)) -> Volume:
    return Volume(array, Grid(array.shape, spacing), "CT", "[hnsf'U]")


def a_region(seed: int, *, side: int = 9, greys: int = 5) -> tuple[Any, Any]:
    """Whole numbers from 1, and a lump of voxels in the middle."""
    dice = np.random.default_rng(seed)
    image = dice.integers(1, greys + 1, (side, side, side))
    away = sum((np.arange(side) - side / 2).reshape([-1 if n == axis else 1 for n in range(3)]) ** 2 for axis in range(3))
    return image, (away < (side / 2.6) ** 2) & (dice.random(image.shape) > 0.1)


@pytest.mark.reference
def test_every_standardised_value_of_the_phantom_is_reproduced() -> None:
    values = reference_values(reference_data())
    assert len(values) == 482
    assert [each.tag for each in values if not each.agrees] == []


@pytest.mark.reference
def test_tags_are_read_as_the_published_table_names_them() -> None:
    for each in reference_values(reference_data()):
        named = feature(each.tag)
        assert (named.family.lower(), named.name) == (each.family.lower(), each.name)


def test_a_box_has_the_volume_and_area_of_its_bevelled_mesh() -> None:
    """Halfway between inside and outside: the box of 4 x 3 x 5 voxels with bevelled edges and cut corners."""
    mask = np.zeros((8, 8, 9), bool)
    mask[2:6, 2:5, 2:7] = True
    values = features(a_volume(np.where(mask, 7, 1), (1.0, 1.0, 1.0)), mask, replace(CHEAP, families=("morphology",))).values
    a, b, c = 4.0, 3.0, 5.0
    edges = 4 * (a + b + c - 3)  # each bevel takes a triangle of 1/8 off along the straight part of an edge
    corners = 8 * (1 / 8 - 1 / 48)  # of an eighth of a voxel at a corner a sixth of it stays: a tetrahedron
    assert values["morph_vol_approx"] == 60
    assert values["morph_volume"] == pytest.approx(a * b * c - edges / 8 - corners)
    assert values["morph_vol_dens_aabb"] == pytest.approx(values["morph_volume"] / 60)
    assert values["morph_diam"] == pytest.approx((4.0**2 + 2.0**2 + 5.0**2) ** 0.5, abs=0.8)
    assert values["morph_integ_int"] == pytest.approx(7 * values["morph_volume"])


def test_moran_and_geary_are_the_sums_over_all_pairs() -> None:
    image, mask = a_region(5)
    spacing = (3.0, 1.0, 2.0)
    x = image[mask].astype(float)
    near = 1 / pdist(np.argwhere(mask) * np.array(spacing))
    one, other = np.triu_indices(x.size, 1)
    z = x - x.mean()
    moran = x.size * (near * z[one] * z[other]).sum() / (near.sum() * (z @ z))
    geary = (x.size - 1) * (near * (x[one] - x[other]) ** 2).sum() / (2 * near.sum() * (z @ z))
    assert autocorrelation(image.astype(float), mask, spacing) == pytest.approx((moran, geary))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([(0, 1), (0, 2), (1, 2)]))
def test_a_quarter_turn_changes_no_value_in_space(seed: int, plane: tuple[int, int]) -> None:
    image, mask = a_region(seed)
    straight = features(a_volume(image), mask, CHEAP).values
    turned = features(a_volume(np.rot90(image, axes=plane).copy()), np.rot90(mask, axes=plane).copy(), CHEAP).values
    assert turned == pytest.approx(straight, rel=1e-9, abs=1e-9)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.tuples(*[st.integers(0, 4)] * 3))
def test_where_the_region_lies_changes_no_value(seed: int, away: tuple[int, int, int]) -> None:
    image, mask = a_region(seed)
    room = [(4 + step, 8 - step) for step in away]
    moved = features(a_volume(np.pad(image, room, constant_values=1)), np.pad(mask, room), AS_THE_PHANTOM).values
    still = features(a_volume(np.pad(image, 6, constant_values=1)), np.pad(mask, 6), AS_THE_PHANTOM).values
    assert moved == pytest.approx(still, rel=1e-9, abs=1e-9)


def test_a_region_at_the_edge_of_the_images_is_measured_to_its_last_voxel() -> None:
    image, _ = a_region(3)
    whole = np.ones(image.shape, bool)
    values = features(a_volume(image), whole, AS_THE_PHANTOM).values
    assert values["morph_vol_approx"] == image.size * 8
    assert values["stat_mean"] == pytest.approx(image.mean())
    assert values["dzm_sde_3D"] < 1  # zones inside lie deeper than those at the edge


def test_only_shape_looks_at_voxels_outside_the_range() -> None:
    image, mask = a_region(7)
    all_of_it = features(a_volume(image), mask, CHEAP)
    some = features(a_volume(image), mask, replace(CHEAP, range=(2.0, 4.0)))
    assert some.values["morph_volume"] == all_of_it.values["morph_volume"]
    assert (some.values["stat_min"], some.values["stat_max"]) == (2, 4)
    assert some.declared["voxels"]["counted"] == int(((image >= 2) & (image <= 4) & mask).sum())


def test_outliers_are_those_beyond_so_many_deviations_of_what_is_left_within_the_range() -> None:
    image, mask = a_region(2, greys=3)
    image = image.copy()
    first, second = np.argwhere(mask)[:2]
    image[tuple(first)], image[tuple(second)] = 5000, 40
    kept = features(a_volume(image), mask, Settings(range=(None, 1000.0), outlier_sigma=3.0, families=("statistics",)))
    assert kept.values["stat_max"] == 3
    assert kept.declared["voxels"]["counted"] == int(mask.sum()) - 2


def test_bins_of_a_size_are_counted_from_the_lower_end_of_the_range() -> None:
    image = np.array([[[-280, -276, -275, 0, 390]]])
    binned = Settings(range=(-300.0, 400.0), bins=FixedSize(25.0), families=("histogram",))
    values = features(a_volume(image), image > -1000, binned).values
    assert (values["ih_min"], values["ih_max"]) == (1, 28)  # floor(690 / 25) + 1; counted from -280 it would be 27


def test_a_number_of_bins_spans_the_region_and_its_highest_value_falls_into_the_last() -> None:
    image = np.array([[[0.0, 1.0, 2.0, 4.0]]])
    values = features(a_volume(image), image > -1, Settings(bins=FixedNumber(4), families=("histogram",))).values
    assert (values["ih_min"], values["ih_max"], values["ih_mean"]) == (1, 4, pytest.approx((1 + 2 + 3 + 4) / 4))


def test_a_region_of_one_voxel_or_one_grey_level_leaves_out_what_it_cannot_have() -> None:
    image = np.full((5, 5, 5), 3)
    mask = np.zeros(image.shape, bool)
    mask[2, 2, 2] = True
    alone = features(a_volume(image), mask, AS_THE_PHANTOM)
    assert {"morph_moran_i", "morph_pca_flatness", "cm_contrast_3D_comb"} <= set(alone.undefined)
    assert alone.values["rlm_sre_3D_comb"] == 1
    flat = features(a_volume(image), image == 3, AS_THE_PHANTOM)
    assert {"cm_corr_3D_comb", "cm_info_corr1_3D_comb", "morph_geary_c"} <= set(flat.undefined)
    assert flat.values["cm_contrast_3D_comb"] == 0
    assert np.isfinite(list(flat.values.values())).all()


def test_equal_intensities_have_no_shape_and_no_outliers() -> None:
    """The mean of a thousand times 0.1 is not quite 0.1."""
    image = np.full((10, 10, 10), 0.1)
    values = features(a_volume(image), image > 0, Settings(outlier_sigma=3.0, families=("statistics",))).values
    assert (values["stat_var"], values["stat_skew"], values["stat_kurt"], values["stat_mad"]) == (0, 0, 0, 0)
    assert values["stat_energy"] == pytest.approx(10)


def test_of_two_intensities_the_robust_deviation_is_undefined() -> None:
    """None of them lies between the 10th and the 90th percentile."""
    image = np.array([[[1.0, 2.0]]])
    assert features(a_volume(image), image > 0, Settings(families=("statistics",))).undefined == ("stat_rmad",)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_configurations_of_the_standard_run_and_declare_what_they_did(name: str) -> None:
    dice = np.random.default_rng(1)
    image = dice.normal(0, 200, (12, 20, 20)).astype(np.float32).round()
    mask = np.zeros(image.shape, bool)
    mask[3:9, 4:16, 4:16] = True
    _, prepared = CONFIGURATIONS[name]
    found = features(a_volume(image, (3.0, 1.5, 1.5)), mask, prepared)
    assert settings_from(found.declared["settings"]) == prepared
    assert len(found.values) + len(found.undefined) == (347 if "2D" in prepared.textures else 211)


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "an empty mask": (lambda: features(a_volume(np.ones((3, 3, 3))), np.zeros((3, 3, 3))), "no voxel"),
    "another shape": (lambda: features(a_volume(np.ones((3, 3, 3))), np.ones((3, 3, 4))), "do not belong together"),
    "nothing within the range": (lambda: features(a_volume(np.ones((3, 3, 3))), np.ones((3, 3, 3)), Settings(range=(5.0, 9.0))), "within the range"),
    "no number inside": (lambda: features(a_volume(np.full((3, 3, 3), np.nan)), np.ones((3, 3, 3))), "without a number"),
    "broken levels": (lambda: features(a_volume(np.full((3, 3, 3), 1.5)), np.ones((3, 3, 3)), Settings(bins=AsIs())), "whole numbers"),
    "too many levels": (
        lambda: features(a_volume(np.arange(27).reshape(3, 3, 3)), np.ones((3, 3, 3)), Settings(bins=FixedSize(0.001), families=("histogram",))),
        "wider bins",
    ),
    "an unknown word": (lambda: settings_from({"bin": 32}), "'bin'"),
    "a wrong kind": (lambda: settings_from({"bins": {"fixed_number": "many"}}), "fixed_number"),
    "no sense": (lambda: Settings(range=(3.0, 1.0)), "below the upper"),
    "spacing 0": (lambda: Settings(spacing_mm=(0.0, 1.0, 1.0)), "above 0"),
    "a family that is none": (lambda: settings_from({"families": ["colour"]}), "colour"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_would_give_a_wrong_number_is_refused_in_one_sentence(what: str) -> None:
    ask, said = BAD[what]
    with pytest.raises(Refused, match=said):
        ask()


def test_a_label_map_on_other_voxels_is_refused() -> None:
    volume = a_volume(np.ones((3, 3, 3)))
    elsewhere = LabelMap(np.ones((3, 3, 3), np.uint8), Grid((3, 3, 3), (2.0, 2.0, 2.0), (5.0, 0.0, 0.0)), (Label(1, "one"),))
    with pytest.raises(Refused, match="other voxels"):
        features(volume, elsewhere)
    with pytest.raises(Refused, match="no structure 2"):
        features(volume, replace(elsewhere, grid=volume.grid), label=2)
