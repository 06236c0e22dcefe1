"""How radiomics is computed may change; what comes out may not: to the twelfth digit as the first, plain implementation gave it.

That one measured every value here before its loops, its transform and its hull were replaced by faster ones; it met the published values as well.
"""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.radiomics import FixedSize, Settings, features
from wardline.science.imaging.radiomics.extraction import TEXTURES
from wardline.science.imaging.radiomics.hull import outermost
from wardline.science.imaging.radiomics.neighbours import IN_SPACE, laid_out
from wardline.science.imaging.radiomics.runs import matrices

IN_SPACE_WITH_32_BINS = {
    "morph_volume": 2187.34375, "morph_area_mesh": 1131.8244547734587, "morph_com": 7.507846588219294, "morph_pca_maj_axis": 23.427650781052357,
    "morph_pca_least_axis": 9.518833275126953, "morph_diam": 25.88435821108957, "morph_vol_dens_aabb": 0.5832916666666667,
    "morph_area_dens_aabb": 0.730209325660296, "morph_vol_dens_conv_hull": 0.9333911188158421, "morph_area_dens_conv_hull": 1.16238084060179,
    "morph_moran_i": 0.002957370021022963, "morph_geary_c": 0.9913487235285365, "loc_peak_loc": 0.06826923076923076,
    "loc_peak_glob": 2.7025547445255476, "stat_mean": -1.5520477815699658, "stat_kurt": -0.21466860692985534, "stat_p90": 30.25,
    "stat_rmad": 14.374156133295031, "ivh_v10": 0.9880546075085325, "ivh_i90": 273.0, "ivh_auc": 0.5001238439804992,
    "ih_skew": 0.02151321624122865, "ih_iqr": 8.0, "ih_medad": 4.621160409556314, "cm_joint_entr_3D_avg": 8.367731911875888,
    "cm_clust_shade_3D_avg": 19.86033282833745, "cm_joint_entr_3D_comb": 8.933543493173362, "cm_clust_shade_3D_comb": 20.048776270773118,
    "rlm_lrhge_3D_avg": 345.6097450033108, "rlm_rl_var_3D_avg": 0.04439781635547209, "rlm_lrhge_3D_comb": 345.4282191780822,
    "rlm_rl_var_3D_comb": 0.044403753049352596, "szm_lze_3D": 5.537091988130563, "szm_zs_entr_3D": 5.8838927970595405,
    "dzm_ldhge_3D": 605.5637982195847, "dzm_zd_var_3D": 0.342540658102123, "ngt_busyness_3D": 0.20615399826799058,
    "ngt_strength_3D": 2.868971214863474, "ngl_hdhge_3D": 1768.3447098976108, "ngl_dc_energy_3D": 0.015177812205150906,
}  # fmt: skip
BY_SLICE_IN_BINS_OF_30 = {
    "cm_joint_entr_2D_avg": 3.2887444309486398, "cm_clust_shade_2D_avg": 0.17892001039774388, "cm_joint_entr_2D_comb": 3.4162050945326286,
    "cm_clust_shade_2D_comb": 0.1762106814468789, "cm_joint_entr_2_5D_avg": 3.6040030171523894, "cm_clust_shade_2_5D_avg": 0.3348139563559619,
    "cm_joint_entr_2_5D_comb": 3.63482306876551, "cm_clust_shade_2_5D_comb": 0.3385638157825148, "rlm_lrhge_2D_avg": 20.71739718466061,
    "rlm_rl_var_2D_avg": 0.5325640488009691, "rlm_lrhge_2D_comb": 20.24116790885658, "rlm_rl_var_2D_comb": 0.5276888264682814,
    "rlm_lrhge_2_5D_avg": 21.117389926593425, "rlm_rl_var_2_5D_avg": 0.5551901598797824, "rlm_lrhge_2_5D_comb": 20.919905771495877,
    "rlm_rl_var_2_5D_comb": 0.5525505652739106, "szm_lze_2D": 44.107301267927866, "szm_zs_entr_2D": 3.2114724642082875,
    "szm_lze_2_5D": 43.58974358974359, "szm_zs_entr_2_5D": 4.544450197403942, "dzm_ldhge_2D": 22.35241855615257,
    "dzm_zd_var_2D": 0.42245698334026727, "dzm_ldhge_2_5D": 25.147435897435894, "dzm_zd_var_2_5D": 0.4945348454963839,
    "ngt_busyness_2D": 1.0916688893548803, "ngt_strength_2D": 0.6347304092353012, "ngl_hdhge_2D": 101.83802944357942,
    "ngl_dc_energy_2D": 0.09866071683439295, "ngt_busyness_2_5D": 8.496304139416383, "ngt_strength_2_5D": 0.06753949255655059,
    "ngl_hdhge_2_5D": 105.16723549488054, "ngl_dc_energy_2_5D": 0.07014059569709606,
}  # fmt: skip


def a_grainy_ball() -> tuple[Volume, Any]:
    dice = np.random.default_rng(20261121)
    image = dice.integers(-90, 90, (11, 14, 13))
    image = image[:-1] + image[1:]
    image = (image[:, :, :-1] + image[:, :, 1:]) / 4
    away = (np.indices(image.shape) - np.array(image.shape).reshape(3, 1, 1, 1) / 2.1) ** 2
    mask = (away.sum(axis=0) < 28) & (dice.random(image.shape) > 0.05)
    return Volume(image, Grid(image.shape, (2.5, 1.0, 1.5))), mask


def test_every_family_gives_what_it_always_gave() -> None:
    found = features(*a_grainy_ball(), Settings()).values
    assert {name: found[name] for name in IN_SPACE_WITH_32_BINS} == pytest.approx(IN_SPACE_WITH_32_BINS, rel=1e-12, abs=0)


def test_textures_by_slice_are_what_they_always_were() -> None:
    by_slice = Settings(textures=("2D", "2.5D"), bins=FixedSize(30.0), families=tuple(sorted(TEXTURES)))
    found = features(*a_grainy_ball(), by_slice).values
    assert {name: found[name] for name in BY_SLICE_IN_BINS_OF_30} == pytest.approx(BY_SLICE_IN_BINS_OF_30, rel=1e-12, abs=0)


def test_several_threads_give_the_same_values_in_the_same_order() -> None:
    image, mask = a_grainy_ball()
    alone, together = (features(image, mask, workers=workers) for workers in (1, 4))
    assert list(together.values.items()) == list(alone.values.items())
    assert together.declared == alone.declared


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.tuples(*[st.integers(1, 5)] * 3))
def test_what_is_left_out_is_no_corner_of_the_hull(seed: int, sides: tuple[int, int, int]) -> None:
    mask = np.random.default_rng(seed).random(sides) > 0.6
    mask.flat[0] = True
    steps = [step * way for step, way in product((-1, 1), np.eye(3, dtype=int))]
    points = np.array([2 * voxel + step for voxel in np.argwhere(mask) for step in steps if not _filled(mask, voxel + step)])
    kept = {tuple(point) for point in outermost(mask).tolist()}
    assert kept <= {tuple(point) for point in points.tolist()}
    assert kept >= {tuple(points[n].tolist()) for n in ConvexHull(points).vertices}


def _filled(mask: Any, at: Any) -> bool:
    return all(0 <= n < side for n, side in zip(at, mask.shape, strict=True)) and bool(mask[tuple(at)])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_runs_are_counted_as_one_would_by_hand(seed: int, greys: int) -> None:
    """Walk from every voxel that has no equal before it, as long as levels are equal."""
    dice = np.random.default_rng(seed)
    cube, mask = dice.integers(1, greys + 1, (4, 5, 6)), dice.random((4, 5, 6)) > 0.2
    cube = np.where(mask, cube, 0)
    laid = laid_out(mask, cube[mask], greys)
    found = matrices(laid, laid.offsets(IN_SPACE), by_slice=False)[0]
    for number, way in enumerate(IN_SPACE):
        expected = np.zeros_like(found[number])
        for start in np.argwhere(mask):
            level = cube[tuple(start)]
            if _filled(cube == level, start - way):
                continue
            length = 1
            while _filled(cube == level, start + length * np.array(way)):
                length += 1
            expected[level - 1, length - 1] += 1
        assert np.array_equal(found[number], expected)
