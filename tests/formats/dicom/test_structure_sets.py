"""Outlines become voxels: holes stay holes, points stay out, and what lies at an angle or between slices is refused."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from wardline.core.errors import Refused
from wardline.core.imaging import Grid
from wardline.formats.dicom.rtstruct import RT_STRUCTURE_SET, label_maps, structures

Points = Sequence[tuple[float, float]]
GRID = Grid((5, 40, 40), (3.0, 2.0, 1.0), (-20.0, -40.0, 100.0))
SQUARE: Points = [(-10.0, -20.0), (10.0, -20.0), (10.0, 20.0), (-10.0, 20.0)]


def structure_set(*regions: tuple[str, Sequence[tuple[str, float, Points]]]) -> Dataset:
    """(name, (kind, height, points) ...) of each region."""
    made = Dataset()
    made.SOPClassUID = RT_STRUCTURE_SET
    made.StructureSetROISequence, made.ROIContourSequence = [], []
    for number, (name, outlines) in enumerate(regions, 1):
        named, drawn = Dataset(), Dataset()
        named.ROINumber, named.ROIName, named.ReferencedFrameOfReferenceUID = number, name, "1.2.3"
        drawn.ReferencedROINumber, drawn.ContourSequence = number, []
        for kind, height, points in outlines:
            contour = Dataset()
            contour.ContourGeometricType, contour.NumberOfContourPoints = kind, len(points)
            contour.ContourData = [each for x, y in points for each in (x, y, height)]
            drawn.ContourSequence.append(contour)
        made.StructureSetROISequence.append(named)
        made.ROIContourSequence.append(drawn)
    return made


def circle(radius: float, *, at: tuple[float, float] = (0.0, 0.0), backwards: bool = False) -> Points:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)[:: -1 if backwards else 1]
    return [(at[0] + radius * float(np.cos(each)), at[1] + radius * float(np.sin(each))) for each in turn]


def test_a_voxel_is_in_when_its_centre_is() -> None:
    (labels,) = label_maps(structure_set(("GTV", [("CLOSED_PLANAR", 106.0, [(-10.2, -20.2), (9.8, -20.2), (9.8, 19.8), (-10.2, 19.8)])])), GRID)
    assert [each.name for each in labels.labels] == ["GTV"]
    inside = np.argwhere(labels.array)
    assert set(inside[:, 0]) == {2}
    assert len(inside) == 20 * 20  # 20 mm of 1 mm columns, 40 mm of 2 mm rows
    assert GRID.position(tuple(inside[0].astype(float))) == (-10.0, -20.0, 106.0)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_any_polygon_is_filled_as_point_by_point_counting_fills_it(seed: int) -> None:
    dice = np.random.default_rng(seed)
    points = [(float(x), float(y)) for x, y in dice.uniform((-24, -44), (24, 44), (dice.integers(3, 12), 2))]
    filled = label_maps(structure_set(("R", [("CLOSED_PLANAR", 103.0, points), ("CLOSED_PLANAR", 100.0, SQUARE)])), GRID)[0].array[1]
    for row, column in dice.integers(0, 40, (60, 2)):
        x, y, _ = GRID.position((1.0, float(row), float(column)))
        crossings = sum(
            (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
            for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True)
        )
        assert bool(filled[row, column]) == (crossings % 2 == 1)


@pytest.mark.parametrize("backwards", [False, True])
def test_an_outline_within_another_is_a_hole_whichever_way_it_turns(backwards: bool) -> None:
    ring = structure_set(("ring", [("CLOSED_PLANAR", 103.0, circle(15)), ("CLOSED_PLANAR", 103.0, circle(7, backwards=backwards))]))
    (labels,) = label_maps(ring, GRID)
    assert labels.array[1, 20, 20] == 0
    assert int((labels.array > 0).sum()) * 2 == pytest.approx(np.pi * (15**2 - 7**2), rel=0.03)


def test_a_hole_joined_by_a_keyhole_is_the_same_hole() -> None:
    """The channel runs there and back over the same points."""
    outer, inner = circle(15), circle(7, backwards=True)
    keyhole = [*outer, outer[0], inner[0], *inner[1:], inner[0], outer[0]]
    apart = label_maps(structure_set(("r", [("CLOSED_PLANAR", 103.0, outer), ("CLOSED_PLANAR", 103.0, inner)])), GRID)[0]
    joined = label_maps(structure_set(("r", [("CLOSED_PLANAR", 103.0, keyhole)])), GRID)[0]
    assert (apart.array != joined.array).sum() == 0


def test_points_and_open_lines_are_left_out_and_said() -> None:
    drawn = structure_set(("GTV", [("CLOSED_PLANAR", 103.0, SQUARE), ("POINT", 103.0, SQUARE[:1]), ("OPEN_PLANAR", 106.0, SQUARE[:3])]))
    (labels,) = label_maps(drawn, GRID)
    assert set(np.argwhere(labels.array)[:, 0]) == {1}
    assert any("2 points or open lines" in note for note in labels.notes)


def test_structures_that_overlap_come_on_maps_of_their_own() -> None:
    maps = label_maps(structure_set(("GTV", [("CLOSED_PLANAR", 103.0, circle(6))]), ("PTV", [("CLOSED_PLANAR", 103.0, circle(12))])), GRID)
    assert [[each.name for each in labels.labels] for labels in maps] == [["GTV"], ["PTV"]]
    assert maps[1].array[1, 20, 20] == 2


def test_slices_without_an_outline_stay_empty_and_are_said() -> None:
    (labels,) = label_maps(structure_set(("GTV", [("CLOSED_PLANAR", 100.0, SQUARE), ("CLOSED_PLANAR", 109.0, SQUARE)])), GRID)
    assert not labels.array[1:3].any()
    assert any("2 slices between" in note for note in labels.notes)


def test_it_draws_on_tilted_images_as_well_as_on_straight_ones() -> None:
    """Oblique images with outlines in their own planes are no trouble; outlines at an angle to them are."""
    lean = np.deg2rad(20)
    rows, slices = (0.0, float(np.cos(lean)), float(np.sin(lean))), (0.0, float(-np.sin(lean)), float(np.cos(lean)))
    tilted = Grid(GRID.shape, GRID.spacing, GRID.origin, (slices, rows, (1.0, 0.0, 0.0)))
    corners = [tilted.position((2.0, row, column)) for row, column in ((9.5, 9.5), (9.5, 29.5), (29.5, 29.5), (29.5, 9.5))]
    drawn = structure_set(("GTV", [("CLOSED_PLANAR", 0.0, SQUARE)]))
    drawn.ROIContourSequence[0].ContourSequence[0].ContourData = [each for corner in corners for each in corner]
    assert int((label_maps(drawn, tilted)[0].array[2] > 0).sum()) == 400
    with pytest.raises(Refused, match="at an angle"):
        label_maps(drawn, GRID)


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (structure_set(("GTV", [("CLOSED_PLANAR", 104.5, SQUARE)])), "between two slices"),
        (structure_set(("GTV", [("CLOSED_PLANAR", 103.0, SQUARE[:2])])), "three points"),
        (structure_set(("GTV", [("POINT", 103.0, SQUARE[:1])])), "outlines nothing"),
        (structure_set(("GTV", [("CLOSED_PLANAR", 400.0, SQUARE)])), "beyond the images"),
    ],
)
def test_what_cannot_be_drawn_rightly_is_refused(drawn: Dataset, said: str) -> None:
    with pytest.raises(Refused, match=said):
        label_maps(drawn, GRID)


def test_a_wish_for_what_is_not_there_and_images_of_another_frame_are_refused() -> None:
    drawn = structure_set(("GTV", [("CLOSED_PLANAR", 103.0, SQUARE)]))
    with pytest.raises(Refused, match="no 'PTV'"):
        label_maps(drawn, GRID, names=["PTV"])
    with pytest.raises(Refused, match="another frame"):
        label_maps(drawn, GRID, frame_of_reference="9.9")
    assert label_maps(drawn, GRID, names=["GTV"], frame_of_reference="1.2.3")[0].labels[0].number == 1


def test_a_real_planning_system_s_file_is_read() -> None:
    """pydicom's own sample."""
    found = structures(dcmread(get_testdata_file("rtstruct.dcm"), force=True))  # type: ignore[no-untyped-call]
    assert [(each.name, len(each.outlines), each.left_out) for each in found] == [("patient", 3, 0), ("Isocenter 1", 0, 1), ("Isocenter 2", 0, 1)]


def test_another_kind_of_object_is_no_structure_set() -> None:
    with pytest.raises(Refused, match="no RT Structure Set"):
        structures(Dataset())
