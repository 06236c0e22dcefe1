"""Filters give the published response maps; turned images give turned responses; wavelet rows are what defines them."""

import numpy as np
import pytest

from support.reference import reference_data
from wardline.app.evaluating_ibsi import response_maps
from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.filters import (
    Filter,
    gabor,
    laplacian_of_gaussian,
    laws,
    mean,
    nonseparable_wavelet,
    riesz_transform,
    separable_wavelet,
)
from wardline.science.imaging.filters.separable import turned
from wardline.science.imaging.filters.wavelets import scaling_row, wavelet_row
from wardline.science.imaging.radiomics import Settings, features, settings_from

SIDE = (2.0, 2.0, 2.0)


def noise(seed: int = 0, shape: tuple[int, int, int] = (16, 16, 16)) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.reference
def test_every_response_map_there_is_agrees() -> None:
    maps = list(response_maps(reference_data()))
    assert [(each.number, each.furthest) for each in maps if not each.agrees] == []
    assert len(maps) == 8


@pytest.mark.parametrize("family", ["haar", "db2", "db3", "db6", "db10", "coif1"])
def test_a_wavelets_rows_are_orthogonal_and_its_moments_vanish(family: str) -> None:
    low, high = np.array(scaling_row(family)), np.array(wavelet_row(scaling_row(family)))
    for shift in range(0, len(low), 2):
        assert low[shift:] @ low[: len(low) - shift] == pytest.approx(1.0 if shift == 0 else 0.0, abs=1e-7)
        assert low[shift:] @ high[: len(low) - shift] == pytest.approx(0, abs=1e-7)
    moments = 2 if family == "coif1" else {"haar": 1}.get(family) or int(family[2:])
    places = np.arange(len(high)) - len(high) / 2
    assert [float(high @ places**power) for power in range(min(moments, 4))] == pytest.approx([0] * min(moments, 4), abs=1e-5)


def test_daubechies_2_is_the_row_of_the_textbooks() -> None:
    """Closed form: (1 +- sqrt 3) and (3 +- sqrt 3) over 4 sqrt 2."""
    root = 3**0.5
    assert sorted(scaling_row("db2")) == pytest.approx(sorted(each / (4 * 2**0.5) for each in (1 + root, 3 + root, 3 - root, 1 - root)))


def test_a_filter_in_space_has_24_positions_and_4_within_slices() -> None:
    a, b, c = (1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0)
    assert len(set(turned((a, b, c)))) == 24
    assert len(set(turned((None, b, c)))) == 4


@pytest.mark.parametrize("plane", [(0, 1), (0, 2), (1, 2)])
def test_a_rotation_invariant_filter_turns_with_the_image(plane: tuple[int, int]) -> None:
    image = noise(sum(plane))
    for response in (
        lambda x: laws(x, "E5L5S5", rotation_invariant=True, energy=2),
        lambda x: separable_wavelet(x, family="db2", bands="LHL", level=2, rotation_invariant=True),
    ):
        assert np.rot90(response(image), axes=plane) == pytest.approx(response(np.rot90(image, axes=plane)), abs=1e-9)


def test_the_sum_of_a_wavelets_bands_has_the_energy_of_the_image() -> None:
    """An undecimated orthogonal transform is a tight frame: each axis counts everything twice."""
    image = noise(3)
    bands = [separable_wavelet(image, family="db3", bands=a + b + c, boundary="periodic") for a in "LH" for b in "LH" for c in "LH"]
    assert sum(float((each**2).sum()) for each in bands) == pytest.approx(8 * float((image**2).sum()))


def test_a_blob_answers_most_to_the_laplacian_of_its_size_and_flat_not_at_all() -> None:
    away = sum(np.square((np.arange(33) - 16.0) * 2).reshape([-1 if n == axis else 1 for n in range(3)]) for axis in range(3))
    blob = np.exp(-away / (2 * 6.0**2))
    depth = {sigma: -laplacian_of_gaussian(blob, SIDE, sigma_mm=sigma)[16, 16, 16] * sigma**2 for sigma in (3.0, 7.0, 14.0)}
    assert max(depth, key=lambda each: depth[each]) == 7.0  # sqrt(2 / 3) times the blob's variance is the scale of the maximum: near 6 mm
    assert np.abs(mean(np.full((8, 8, 8), 4.0), size=3) - 4.0).max() < 1e-12


def test_gabor_answers_to_stripes_of_its_direction_and_width() -> None:
    x = np.arange(64)
    across = np.broadcast_to(np.cos(2 * np.pi * x / 8), (3, 64, 64))
    found = {angle: gabor(across, SIDE, sigma_mm=10, wavelength_mm=16, angle_degrees=angle)[1, 32, 32] for angle in (0, 45, 90)}
    assert found[0] > 50 * max(found[45], found[90])


def test_the_riesz_transform_keeps_the_energy_of_an_image_without_a_mean() -> None:
    """Odd sides: there the frequencies are those of the transform."""
    image = noise(4, (15, 15, 15))
    image -= image.mean()
    parts = [riesz_transform(image, order) for order in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
    assert sum(float((each**2).sum()) for each in parts) == pytest.approx(float((image**2).sum()))


def test_a_constant_has_no_detail_of_any_size() -> None:
    flat = np.full((15, 15, 15), 9.0)
    for family in ("shannon", "simoncelli"):
        assert np.abs(nonseparable_wavelet(flat, family=family, level=2)).max() < 1e-9  # type: ignore[arg-type]


def test_features_of_a_response_keep_the_region_of_the_image() -> None:
    image = noise(6, (14, 14, 14)) * 100
    volume = Volume(image, Grid(image.shape, SIDE))
    mask = np.zeros(image.shape, bool)
    mask[4:10, 4:10, 4:10] = True
    given = settings_from({"filter": {"kind": "laplacian_of_gaussian", "sigma_mm": 3.0}, "range": [-100, 100], "families": ["statistics"]})
    found = features(volume, mask, given)
    inside = laplacian_of_gaussian(image, SIDE, sigma_mm=3.0)[mask & (image >= -100) & (image <= 100)]
    assert found.values["stat_mean"] == pytest.approx(inside.mean())
    assert settings_from(found.declared["settings"]) == given


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: Filter("sharpen"), "no filter 'sharpen'"),
        (lambda: Filter("mean", {"width": 3}), "knows no 'width'"),
        (lambda: Filter("mean", {}), "needs 'size'"),
        (lambda: mean(noise(), size=4), "odd number"),
        (lambda: laws(noise(), "Q5L5"), "no Laws kernel 'Q5'"),
        (lambda: laplacian_of_gaussian(noise(), (3.0, 1.0, 1.0), sigma_mm=3), "equal sides"),
        (lambda: separable_wavelet(noise(), family="sym4", bands="LLH"), "no wavelet family 'sym4'"),
        (lambda: Settings(filter=Filter("gabor", {"sigma_mm": 3.0})), "needs 'wavelength_mm'"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(ask, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused, match=said):
        ask()
