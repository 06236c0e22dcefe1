"""Which images a model is for: others are refused with what they are."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.core.imaging import AXIAL, Grid, Vector
from wardline.science.imaging.segmentation.network.suits import PLANES, Suits, plane_of, suits_of

HEAD, BACK, LEFT = AXIAL
CHEST = {"planes": ["axial"], "slice_mm": [0.5, 5], "pixel_mm": [0.4, 1.6], "extent_mm": [150, 600]}


def grid(spacing: Vector = (2.0, 0.8, 0.8), slices: int = 150, directions: tuple[Vector, Vector, Vector] = AXIAL) -> Grid:
    return Grid((slices, 512, 512), spacing, directions=directions)


def test_images_within_the_limits_are_taken_their_ends_included() -> None:
    suits = suits_of(CHEST)

    for each in (grid(), grid((5.0, 0.8, 0.8), 30), grid((0.5, 1.6, 0.4), 300), grid((4.0, 0.8, 0.8), 150)):
        suits.check(each)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (grid((6.0, 0.8, 0.8), 60), "This model is for slices 0.5 to 5 mm apart; these have 6 mm."),
        (grid((2.0, 0.8, 1.7)), "This model is for pixels of 0.4 to 1.6 mm; these have 1.7 mm."),
        (grid(slices=20), "This model is for stacks 150 to 600 mm long; these have 40 mm."),
        (grid(directions=(LEFT, HEAD, BACK)), "This model is for axial images; these are sagittal."),
        (grid(directions=(BACK, HEAD, LEFT)), "This model is for axial images; these are coronal."),
    ],
)
def test_other_images_are_refused_with_what_they_are_and_what_it_is_for(images: Grid, words: str) -> None:
    with pytest.raises(Refused) as refused:
        suits_of(CHEST).check(images)

    assert str(refused.value) == words


def test_a_tilted_gantry_is_still_axial() -> None:
    assert plane_of(grid(directions=((0.0, -0.34, 0.94), BACK, LEFT))) == "axial"
    assert plane_of(grid(directions=((0.0, 0.0, -1.0), BACK, LEFT))) == "axial"


def test_what_a_manifest_does_not_limit_is_not_limited() -> None:
    assert suits_of({}) == Suits(PLANES)
    suits_of({}).check(grid((40.0, 9.0, 9.0), 3, (LEFT, HEAD, BACK)))


@pytest.mark.parametrize(
    "wrong",
    [[], {"slices_mm": [1, 2]}, {"planes": []}, {"planes": ["oblique"]}, {"planes": "axial"}, {"slice_mm": [5, 0.5]}, {"slice_mm": [True, 5]}],
)
def test_limits_that_make_no_sense_are_refused(wrong: Any) -> None:
    with pytest.raises(Refused, match=r"In the manifest, suits|suits do not know the key slices_mm"):
        suits_of(wrong)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from([*CHEST, "other"]), st.recursive(st.none() | st.floats() | st.text(max_size=6), st.lists, max_leaves=6)))
def test_whatever_a_manifest_says_it_is_taken_or_refused(content: Any) -> None:
    with suppress(Refused):
        suits_of(json.loads(json.dumps(content)))
