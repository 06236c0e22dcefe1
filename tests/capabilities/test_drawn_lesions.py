"""Lesions that a person has outlined are measured as those of the program are: the same voxels give the same numbers."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.capabilities.imaging.percist import TwoScans, percist
from wardline.capabilities.imaging.pet_lesions import PetCt, pet_lesions
from wardline.core.findings import Finding
from wardline.core.imaging import Drawing, Grid, Label, LabelMap, Outlined, Result, Volume

GRID = Grid((10, 16, 18), (4.0, 4.0, 4.0), (-30.0, -30.0, 100.0))
UNIT = "{SUVbw}g/ml"
NO_BLOOD_POOL = (None, None, None, None)


def pet(array: Any) -> Volume:
    return Volume(np.asarray(array, np.float32), GRID, "PT", UNIT, "1.2.3")


def found(volume: Volume, drawn: Drawing | None = None, border: str = "41%") -> tuple[Finding, dict[str, Any]]:
    answer = pet_lesions(PetCt(volume, None, border, drawn))
    assert isinstance(answer, Finding), answer
    return answer, {each.name: each.content for each in answer.artefacts}


def by_hand(array: Any, *lesions: Outlined) -> Drawing:
    return Drawing(LabelMap(array, GRID, tuple(Label(each.label, each.key) for each in lesions), "1.2.3", "Ada Okonkwo", automatic=False), lesions)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["41%", "4.0", "gradient"]))
def test_the_programs_own_outlines_handed_in_by_a_person_give_the_programs_numbers(seed: int, border: str) -> None:
    dice = np.random.default_rng(seed)
    array = dice.uniform(0.5, 2, GRID.shape)
    for _ in range(3):
        s, r, c = (int(dice.integers(2, size - 3)) for size in GRID.shape)
        array[s - 1 : s + 2, r - 1 : r + 2, c - 1 : c + 2] += dice.uniform(3, 9, (3, 3, 3))
    volume = pet(array)
    _, automatic = found(volume, border=border)
    assert automatic["lesions"]
    lesions = tuple(Outlined(each["key"], each["label"], each["site"]) for each in automatic["lesions"])
    mask = replace(automatic["mask"], made_by="Ada Okonkwo", automatic=False)
    _, drawn = found(volume, Drawing(mask, lesions), border)

    def numbers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in each.items() if name != "border"} for each in rows]

    assert numbers(drawn["lesions"]) == numbers(automatic["lesions"])
    assert drawn["scan"] == automatic["scan"]


def test_a_small_outline_is_measured_as_on_paper() -> None:
    array, mask = np.ones(GRID.shape), np.zeros(GRID.shape, np.uint16)
    array[5, 8, 8:11] = 10, 6, 4
    mask[5, 8, 8:11] = 1
    answer, kept = found(pet(array), by_hand(mask, Outlined("L3", 1, "lung", "drawn")))
    (lesion,) = kept["lesions"]
    values = {each["id"]: each["value"] for each in lesion["values"]}

    # 41 % of 10 is 4.1: the third voxel (4) lies in the outline and not in the border. A voxel has 0.064 ml. Within 6.2 mm lie 19 voxels:
    # round the middle one 10, 6, 4 and sixteen of 1.
    assert values == pytest.approx({
        "suv_max": 10.0, "suv_peak": 36 / 19, "suv_mean": 8.0, "sul_peak": None, "mtv": 0.128, "tlg": 1.024, "long_axis": 12.0, "short_axis": 4.0,
        "volume": 0.192,
    }, abs=1e-4)  # fmt: skip
    assert lesion["centre"] == list(GRID.position((5.0, 8.0, 9.0)))
    assert lesion["position"] == list(GRID.position((5.0, 8.0, 8.0)))
    assert (lesion["key"], lesion["site"], lesion["how"]) == ("L3", "lung", "drawn")
    assert lesion["border"] == "41% of the highest value, inside the outline of Ada Okonkwo"
    assert (answer.value, answer.summary) == (1, "1 lesion in the outlines of Ada Okonkwo")
    assert kept["mask"].made_by == "Ada Okonkwo"


def test_a_person_may_say_that_there_is_no_lesion() -> None:
    array = np.ones(GRID.shape)
    array[4:7, 7:10, 7:10] = 9
    assert found(pet(array))[0].value == 1
    answer, kept = found(pet(array), by_hand(np.zeros(GRID.shape, np.uint16)))
    assert (answer.value, answer.summary, kept["lesions"]) == (0, "No lesion in the outlines of Ada Okonkwo", [])


def test_what_was_drawn_on_other_images_is_not_used_and_that_is_said() -> None:
    array = np.ones(GRID.shape)
    array[4:7, 7:10, 7:10] = 9
    drawing = by_hand(np.zeros(GRID.shape, np.uint16))
    elsewhere = (
        replace(drawing.mask, series="9.9"),
        replace(drawing.mask, grid=replace(GRID, origin=(0.0, 0.0, 0.0))),
    )
    for mask in elsewhere:
        answer, kept = found(pet(array), drawing._replace(mask=mask))
        assert (answer.value, kept["lesions"][0]["how"]) == (1, "automatic")
        assert any("Ada Okonkwo" in str(each.band) and "not used" in str(each.band) for each in answer.because)


def test_a_response_says_whose_outlines_it_rests_on() -> None:
    array = np.ones(GRID.shape)
    array[4:7, 7:10, 7:10] = 9
    _, automatic = found(pet(array))

    def result(mask: LabelMap) -> Result:
        lesions = [
            {**each, "values": [{**row, "value": row["value"] if row["id"] != "sul_peak" else 5.0} for row in each["values"]]}
            for each in automatic["lesions"]
        ]
        return Result("pet_lesions", "1.2", datetime(2026, 3, 1), 1, 0, {**automatic, "lesions": lesions, "mask": mask})

    drawn = replace(automatic["mask"], made_by="Ada Okonkwo", automatic=False)
    answer = percist(TwoScans(pet(array), result(drawn), result(automatic["mask"]), *NO_BLOOD_POOL))
    assert isinstance(answer, Finding)
    assert "lesions of this study as Ada Okonkwo has outlined them" in [each.band for each in answer.because]
    assert "the study before as" not in str(answer.because)
