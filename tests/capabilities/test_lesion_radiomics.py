"""What the lesion capability measures of large and of small candidates, and in which unit."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from wardline.capabilities.imaging.lesion_radiomics import FEWEST_VOXELS, Lesions, lesion_radiomics
from wardline.core.findings import Finding
from wardline.core.imaging import Grid, Label, LabelMap, Result, Volume

GRID = Grid((24, 24, 24), (4.0, 4.0, 4.0))


def two_lesions() -> tuple[Volume, LabelMap]:
    """A ball of several hundred voxels and one of a handful."""
    s, r, c = np.ogrid[:24, :24, :24]
    array = np.zeros(GRID.shape, np.uint16)
    array[(s - 8) ** 2 + (r - 8) ** 2 + (c - 8) ** 2 <= 25] = 1
    array[(s - 19) ** 2 + (r - 19) ** 2 + (c - 19) ** 2 <= 2] = 2
    suv = np.random.default_rng(2).gamma(4.0, 1.5, GRID.shape).astype(np.float32) + 1
    return Volume(suv, GRID, "PT", "{SUVbw}g/ml"), LabelMap(array, GRID, (Label(1, "L1"), Label(2, "L2")))


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, Any]]:
    pet, mask = two_lesions()
    found = [{"key": "L1", "site": "liver", "label": 1}, {"key": "L2", "site": "", "label": 2}]
    answer = lesion_radiomics(Lesions(pet, Result("pet_lesions", "1.2", datetime(2026, 1, 1, tzinfo=UTC), 2, 0, {"lesions": found, "mask": mask})))
    assert isinstance(answer, Finding)
    return {each["key"]: each for each in answer.artefacts[0].content["regions"]}


def test_a_large_lesion_has_textures_and_its_values_are_in_suv(regions: dict[str, dict[str, Any]]) -> None:
    rows = {each["id"]: each for each in regions["L1"]["features"]}
    assert regions["L1"]["voxels"] >= FEWEST_VOXELS
    assert "cm_contrast_3D_comb" in rows
    pet, mask = two_lesions()
    assert rows["stat_mean"]["value"] == pytest.approx(float(pet.array[mask.array == 1].mean()))
    assert (rows["stat_mean"]["unit"], rows["morph_volume"]["unit"]) == ("{SUVbw}g/ml", "mm3")


def test_textures_of_a_handful_of_voxels_are_left_out_and_its_uptake_is_not(regions: dict[str, dict[str, Any]]) -> None:
    ids = {each["id"] for each in regions["L2"]["features"]}
    assert regions["L2"]["voxels"] < FEWEST_VOXELS
    assert {"stat_max", "loc_peak_glob", "morph_volume"} <= ids
    assert not any(each.startswith(("cm_", "rlm_", "szm_", "dzm_", "ngt_", "ngl_", "ih_")) for each in ids)
    assert regions["L2"]["name"] == "site not known"
