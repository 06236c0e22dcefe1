"""Lengths and regions measured by hand, against numbers worked out on paper."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Vector, Volume
from wardline.science.imaging.marks import mark_values

OBLIQUE = ((0.0, 0.0, 1.0), (-0.6, 0.8, 0.0), (0.8, 0.6, 0.0))
GRID = Grid((5, 7, 7), (3.0, 2.0, 2.0), (-6.0, -6.0, 0.0))


def ct(grid: Grid = GRID) -> Volume:
    """Each voxel is 100 times its slice, 10 times its row, and its column."""
    s, r, c = np.indices(grid.shape)
    return Volume((100 * s + 10 * r + c).astype(np.int16), grid, "CT", "[hnsf'U]")


def told(volume: Volume, kind: str, *points: Vector, why_none: str = "") -> dict[str, float | None]:
    return {each.id: each.value for each in mark_values(volume, kind, points, why_none=why_none)}


def test_a_length_is_the_distance_between_its_ends() -> None:
    assert told(ct(), "length", (0.0, 0.0, 0.0), (3.0, 4.0, 12.0)) == {"length": 13.0}


def test_a_sphere_counts_the_voxels_whose_centres_lie_in_it() -> None:
    # Round [2, 3, 3] with 2.5 mm: itself and its four neighbours in the slice at 2 mm; the next slice lies 3 mm away.
    got = told(ct(), "sphere", (0.0, 0.0, 6.0), (2.5, 0.0, 6.0))
    assert got == {"volume": pytest.approx(5 * 0.012), "attenuation_max": 243.0, "attenuation_mean": 233.0}


def test_an_ellipse_counts_the_voxels_of_its_layer() -> None:
    # Half axes of 4.1 mm along the columns and 2.1 mm along the rows in slice 1: (c/4.1)^2 + (r/2.1)^2 <= 1 holds for
    # two columns on either side in the middle row, and straight above and below.
    got = told(ct(), "ellipse", (0.0, -2.1, 3.0), (0.0, 2.1, 3.0), (-4.1, 0.0, 3.0), (4.1, 0.0, 3.0))
    assert got["area"] == pytest.approx(math.pi * 4.1 * 2.1 / 100, abs=1e-4)
    assert (got["attenuation_max"], got["attenuation_mean"]) == (143.0, 133.0)


def test_on_oblique_images_the_same_voxels_are_counted() -> None:
    straight, oblique = ct(), ct(Grid(GRID.shape, GRID.spacing, (40.0, -30.0, 7.0), OBLIQUE))

    def moved(point: Vector) -> Vector:
        return oblique.grid.position(straight.grid.index(point))

    for kind, points in (
        ("sphere", ((0.0, 0.0, 6.0), (3.5, 0.0, 6.0))),
        ("ellipse", ((0.0, -4.1, 6.2), (0.0, 4.1, 6.2), (-2.1, 0.0, 6.2), (2.1, 0.0, 6.2))),
    ):
        assert told(oblique, kind, *map(moved, points)) == pytest.approx(told(straight, kind, *points))


@pytest.mark.parametrize("turned", [False, True])
def test_an_ellipse_midway_between_two_layers_counts_one_of_them(turned: bool) -> None:
    straight = ct()
    volume = ct(Grid(GRID.shape, GRID.spacing, (0.1, 0.7, 0.3), OBLIQUE)) if turned else straight
    points = [volume.grid.position(index) for index in ((1.5, 1.9, 3.0), (1.5, 4.1, 3.0), (1.5, 3.0, 1.9), (1.5, 3.0, 4.1))]
    got = told(volume, "ellipse", *points)["attenuation_mean"]
    assert got in (133.0, 233.0)


def test_in_pet_a_sphere_also_has_a_peak_and_without_an_suv_it_says_why() -> None:
    suv = Volume(np.full(GRID.shape, 4.0, np.float32), GRID, "PT", "{SUVbw}g/ml")
    place = ((0.0, 0.0, 6.0), (2.5, 0.0, 6.0))
    assert told(suv, "sphere", *place) == {"volume": pytest.approx(0.06), "suv_max": 4.0, "suv_mean": 4.0, "suv_peak": 4.0}
    activity = Volume(suv.array, GRID, "PT", "Bq/ml")
    rows = mark_values(activity, "sphere", place, why_none="(0010,1030) Patient's Weight is missing")
    assert [(each.id, each.value) for each in rows] == [("volume", pytest.approx(0.06)), ("suv_max", None), ("suv_mean", None)]
    assert "(0010,1030)" in rows[1].why


@pytest.mark.parametrize(
    ("kind", "points", "why"),
    [
        ("length", ((0.0, 0.0, 0.0),), "2 points"),
        ("arrow", ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), "a mark is one of"),
        ("length", ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), "lie apart"),
        ("length", ((0.0, 0.0, 0.0), (0.0, 0.0, 14.0)), "outside"),
        ("length", ((0.0, 0.0, 0.0), (0.0, math.nan, 0.0)), "outside"),
        ("sphere", ((1.0, 1.0, 4.5), (1.1, 1.0, 4.5)), "draw it larger"),
        ("ellipse", ((0.0, -2.0, 3.0), (0.0, 2.0, 3.0), (-4.0, 1.0, 3.0), (4.0, 1.0, 3.0)), "cross at right angles"),
        ("ellipse", ((0.0, -2.0, 3.0), (0.0, 2.0, 3.0), (-4.0, -2.0, 3.0), (4.0, 2.0, 3.0)), "cross at right angles"),
    ],
)
def test_what_measures_nothing_is_refused(kind: str, points: tuple[Vector, ...], why: str) -> None:
    with pytest.raises(Refused, match=why):
        mark_values(ct(), kind, points)


@given(st.tuples(*[st.floats(-5, 5)] * 3), st.floats(2.5, 6))
def test_a_sphere_is_what_counting_every_voxel_gives(centre: Vector, radius: float) -> None:
    volume = ct()
    place = (centre[0], centre[1], centre[2] + 6)
    inside = [
        float(volume.array[s, r, c])
        for s, r, c in np.ndindex(GRID.shape)
        if math.dist(GRID.position((float(s), float(r), float(c))), place) <= radius
    ]
    near = any(abs(math.dist(GRID.position((float(s), float(r), float(c))), place) - radius) < 1e-6 for s, r, c in np.ndindex(GRID.shape))
    if near or not inside:
        return
    got = told(volume, "sphere", place, (place[0] + radius, place[1], place[2]))
    assert got["volume"] == pytest.approx(len(inside) * 0.012, abs=1e-3)
    assert (got["attenuation_max"], got["attenuation_mean"]) == (max(inside), pytest.approx(sum(inside) / len(inside), abs=1e-3))
