"""Uptake of lesions: the hottest millilitre is found exactly, borders by each rule hold what they say, and what is no SUV is refused."""

import csv
from math import pi

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import find_objects, gaussian_filter

from support.reference import reference_data
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.uptake import (
    PERCIST_LIVER,
    Fixed,
    Gradient,
    OfMaximum,
    OfReference,
    Reference,
    burden,
    peak_of,
    region,
    uptake_of,
)
from wardline.science.imaging.uptake.cutting import box_at, cut_round

UNIT = "{SUVbw}g/ml"
RADIUS = 10 * (3 / (4 * pi)) ** (1 / 3)


def volume(array: np.ndarray, spacing: tuple[float, float, float] = (4.0, 4.0, 4.0), unit: str = UNIT) -> Volume:
    return Volume(array.astype(np.float32), Grid(array.shape, spacing), "PT", unit)  # type: ignore[arg-type]


def ball(shape: tuple[int, int, int], centre: tuple[float, float, float], radius: float, spacing: float = 4.0) -> np.ndarray:
    away = [(np.arange(n) * spacing - c) ** 2 for n, c in zip(shape, centre, strict=True)]
    return away[0][:, None, None] + away[1][None, :, None] + away[2][None, None, :] <= radius**2


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.tuples(*[st.sampled_from([1.5, 2.0, 3.27, 4.0, 5.5])] * 3))
def test_the_peak_is_the_highest_mean_of_every_sphere_one_can_place(seed: int, spacing: tuple[float, float, float]) -> None:
    dice = np.random.default_rng(seed)
    suv = volume(dice.random((9, 8, 7)) * 10, spacing)
    lesion = dice.random((9, 8, 7)) < 0.1
    lesion[4, 4, 4] = True
    means = []
    for centre in np.argwhere(lesion):
        grids = np.stack(np.meshgrid(*[np.arange(n) for n in suv.grid.shape], indexing="ij"), -1)
        inside = (((grids - centre) * np.array(spacing)) ** 2).sum(-1) <= RADIUS**2
        means.append(suv.array[inside].mean(dtype=np.float64))
    peak = peak_of(suv, lesion)
    assert peak.value == pytest.approx(max(means), rel=1e-6)
    assert peak.position == suv.grid.position(tuple(float(each) for each in np.argwhere(lesion)[int(np.argmax(means))]))  # type: ignore[arg-type]


@pytest.mark.reference
def test_the_peak_of_the_digital_phantom_is_ibsi_s_global_intensity_peak() -> None:
    data = reference_data() / "imaging"
    folder = data / "ibsi_1_digital_phantom/ibsi_1_digital_phantom/nifti"
    image, mask = (np.asarray(nibabel.load(folder / f"{name}.nii.gz").dataobj).transpose(2, 1, 0) for name in ("image/phantom", "mask/mask"))
    table = data / "ibsi_reference_values/tests/data/ibsi_1_reference_values_digital_phantom.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())
    expected = next(float(row["reference value"]) for row in rows if row["tag"] == "loc_peak_glob")
    assert peak_of(volume(image, (2.0, 2.0, 2.0)), mask > 0).value == pytest.approx(expected, abs=0.05)


def test_highest_mean_volume_and_glycolysis_of_a_known_lesion() -> None:
    shape = (20, 20, 20)
    array = np.ones(shape)
    lesion = ball(shape, (40, 40, 40), 14)
    array[lesion] = 8.0
    array[10, 10, 10] = 12.0
    found = uptake_of(volume(array), lesion, OfMaximum(0.41))
    voxels = int(lesion.sum())
    mean = (8.0 * (voxels - 1) + 12.0) / voxels
    assert (found.maximum, found.maximum_at, found.voxels) == (12.0, (40.0, 40.0, 40.0), voxels)
    assert found.mtv_ml == pytest.approx(voxels * 0.064)
    assert found.mean == pytest.approx(mean)
    assert found.tlg == pytest.approx(mean * voxels * 0.064)
    assert found.unit == UNIT
    assert found.threshold == "41% of the highest value"
    assert found.notes == ()


@pytest.mark.parametrize(
    ("threshold", "level"),
    [(Fixed(4.0), 4.0), (OfMaximum(0.41), 4.1), (OfMaximum(0.5), 5.0), (OfReference(*PERCIST_LIVER, Reference(2.0, 0.3)), 3.6)],
)
def test_a_border_holds_everything_from_its_value_on(threshold: Fixed | OfMaximum | OfReference, level: float) -> None:
    ramp = np.zeros((3, 3, 101))
    ramp[:] = np.linspace(0, 10, 101)
    found = region(ramp, Grid((3, 3, 101), (1, 1, 1)), np.ones(ramp.shape, bool), threshold)
    assert ramp[found].min() == pytest.approx(level, abs=1e-9)
    assert found.sum() == (ramp >= level - 1e-12).sum()


def test_only_the_piece_with_the_hottest_voxel_belongs_to_the_lesion() -> None:
    array = np.zeros((3, 3, 12))
    array[1, 1, 1:4], array[1, 1, 8:10] = 5.0, 9.0
    found = region(array, Grid((3, 3, 12), (1, 1, 1)), np.ones(array.shape, bool), Fixed(4.0))
    assert np.argwhere(found).tolist() == [[1, 1, 8], [1, 1, 9]]


@pytest.mark.parametrize("background", [1.0, 3.0])
def test_the_steepest_fall_is_near_the_edge_of_a_blurred_ball_whatever_surrounds_it(background: float) -> None:
    shape = (30, 30, 30)
    true = ball(shape, (60, 60, 60), 24)
    blurred = gaussian_filter(np.where(true, 8.0, background), 1.0)
    grid = Grid(shape, (4, 4, 4))
    within = ball(shape, (60, 60, 60), 44)

    def overlap(threshold: Gradient | OfMaximum) -> float:
        found = region(blurred, grid, within, threshold)
        return float(2 * (found & true).sum() / (found.sum() + true.sum()))

    assert overlap(Gradient()) > 0.9
    if background == 3.0:
        assert overlap(OfMaximum()) < overlap(Gradient())


def test_the_percist_threshold_is_one_and_a_half_times_liver_and_two_deviations() -> None:
    assert OfReference(*PERCIST_LIVER, Reference(2.0, 0.3)).value == pytest.approx(3.6)


def test_what_is_no_suv_or_no_lesion_is_refused() -> None:
    array = np.ones((4, 4, 4))
    with pytest.raises(Refused, match="not in Bq/ml"):
        uptake_of(volume(array, unit="Bq/ml"), array > 0)
    with pytest.raises(Refused, match="no voxel"):
        uptake_of(volume(array), array > 2)


def test_a_lesion_that_does_not_reach_a_fixed_border_has_a_peak_and_no_volume() -> None:
    array = np.ones((4, 4, 4))
    found = uptake_of(volume(array), array > 0, Fixed(4.0))
    assert (found.maximum, found.peak.value, found.mean, found.mtv_ml, found.tlg, found.voxels) == (1.0, 1.0, None, 0.0, 0.0, 0)


def test_a_lesion_at_the_edge_or_below_a_millilitre_says_so() -> None:
    array = np.ones((6, 6, 6))
    lesion = np.zeros(array.shape, bool)
    lesion[0:2, 2:4, 2:4] = True
    array[lesion] = 5.0
    notes = uptake_of(volume(array), lesion).notes
    assert [note.split(":")[0] for note in notes] == ["touches the edge of the images", "smaller than 1 ml"]


def test_the_burden_is_the_sum_over_lesions() -> None:
    array = np.ones((12, 12, 24))
    first, second = ball(array.shape, (24, 24, 20), 10), ball(array.shape, (24, 24, 70), 12)
    array[first], array[second] = 6.0, 4.0
    each = [uptake_of(volume(array), lesion) for lesion in (first, second)]
    total = burden(each)
    assert total.lesions == 2
    assert total.mtv_ml == pytest.approx((first.sum() + second.sum()) * 0.064)
    assert total.tlg == pytest.approx((6 * first.sum() + 4 * second.sum()) * 0.064)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_a_lesion_measured_in_a_piece_is_the_same_as_in_the_whole_body(seed: int) -> None:
    dice = np.random.default_rng(seed)
    array = dice.random((24, 30, 28)) * 8
    low = dice.integers(0, 18, 3)
    lesion = np.zeros(array.shape, bool)
    lesion[low[0] : low[0] + 4, low[1] : low[1] + 5, low[2] : low[2] + 3] = True
    whole = volume(array, (4.0, 3.0, 5.0))
    piece, box = cut_round(whole, find_objects(lesion.astype(int))[0])
    for threshold in (OfMaximum(), Fixed(3.0), Gradient()):
        one, other = uptake_of(whole, lesion, threshold), uptake_of(piece, lesion[box], threshold)
        assert (one.maximum, one.voxels, one.mtv_ml, one.notes) == (other.maximum, other.voxels, other.mtv_ml, other.notes)
        assert one.peak.value == pytest.approx(other.peak.value)
        assert one.peak.position == pytest.approx(other.peak.position)
        assert one.maximum_at == pytest.approx(other.maximum_at)


def test_a_place_outside_the_images_has_no_box() -> None:
    whole = volume(np.ones((10, 10, 10)))
    assert box_at(whole, (18.0, 18.0, 18.0), 4.0) == (slice(3, 7), slice(3, 7), slice(3, 7))
    assert box_at(whole, (-30.0, 18.0, 18.0), 10.0) is None
    assert box_at(whole, (18.0, 18.0, 60.0), 10.0) is None
    assert box_at(whole, (18.0, 18.0, -3.0), 10.0) is not None
