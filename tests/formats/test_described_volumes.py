"""Volumes, series and earlier results described as JSON: what is described is there, and a slip is refused with its name."""

import numpy as np
import pytest

from wardline.core.errors import Refused
from wardline.formats.volumes import result, stacks, volume

BALL = {"shape": [5, 20, 20], "spacing": [4, 2, 2], "background": 1.0, "spheres": [{"centre": [8, 20, 20], "radius": 6, "value": 7.5}], "unit": "x"}


def test_a_sphere_is_where_and_as_large_as_it_is_described() -> None:
    painted = volume("pet", BALL, "PT")

    assert painted.array[2, 10, 10] == 7.5
    assert painted.array[0, 0, 0] == 1.0
    fine = volume("pet", {"shape": [30, 30, 30], "spheres": [{"centre": [15, 15, 15], "radius": 10, "value": 1}]})
    assert float(fine.array.sum()) * fine.grid.voxel_ml == pytest.approx(4 / 3 * np.pi, rel=0.02)
    assert (painted.modality, painted.unit) == ("PT", "x")


def test_every_voxel_can_be_given() -> None:
    assert volume("ct", {"shape": [1, 2, 2], "values": [1, 2, 3, 4]}).array.tolist() == [[[1, 2], [3, 4]]]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (7, "pet is an object"),
        ({**BALL, "spacin": 1}, "pet is an object"),
        ({**BALL, "shape": [5, 20]}, "pet.shape"),
        ({**BALL, "shape": [5000, 2000, 2000]}, "voxels in all"),
        ({**BALL, "spacing": [0, 1, 1]}, "lengths in mm"),
        ({**BALL, "spheres": [{"centre": [1, 2, 3], "radius": "wide", "value": 1}]}, r"pet.spheres\[0\].radius"),
        ({"shape": [1, 2, 2], "values": [1, 2, 3]}, "list of 4 numbers"),
        ({**BALL, "background": float("nan")}, "pet.background"),
    ],
)
def test_a_slip_in_a_description_is_refused_with_its_name(given: object, wrong: str) -> None:
    with pytest.raises(Refused, match=wrong):
        volume("pet", given)


def test_a_series_says_its_problems_and_why_it_makes_no_volume() -> None:
    told = {"modality": "CT", "headers": [{"KVP": 120}], "problems": [["missing-slices", "3 are missing", True]], "refused": "gaps"}
    (series,) = stacks("stacks", [told])

    assert [each.code for each in series.problems] == ["missing-slices"]
    with pytest.raises(Refused, match="gaps"):
        series.volume()


def test_an_earlier_result_is_read_with_its_artefacts() -> None:
    told = result("before", "pet_lesions", {"value": 2, "at": "2026-08-18T09:00:00Z", "artefacts": {"lesions": [{"key": "L1"}]}})

    assert (told.capability, told.value, told.at.year, told.artefacts["lesions"][0]["key"]) == ("pet_lesions", 2, 2026, "L1")
    with pytest.raises(Refused, match=r"before\.at"):
        result("before", "pet_lesions", {"at": "yesterday"})
