"""DICOM segmentations: written so that others read them, read as others wrote them, refused where they say something else than which voxel it is."""

import contextlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import highdicom as hd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from support.dcmtk import dcmtk
from support.reference import reference_data
from support.scans import SERIES, STUDY, enhanced, file_of, grid, series
from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Label, LabelMap
from wardline.formats.dicom.derived import opened
from wardline.formats.dicom.segmentations import Kind, label_maps, segment_numbers, segmentation_object

AT = datetime(2026, 9, 1, 12, 30, 15, tzinfo=UTC)
LUNG = Label(1, "Lung", Coding("91723000", "snomed"), Coding("39607008", "snomed"), "left")
LESION = Label(2, "L1", Coding("49755003", "snomed"), Coding("52988006", "snomed"))
KINDS: tuple[Kind, ...] = ("binary", "labelmap")
DATA = reference_data() / "imaging"
HIGHDICOM = DATA / "highdicom_testfiles" / "data" / "test_files"
DCMQI = DATA / "dcmqi_seg_sr" / "data"


def drawn(array: Any = None, labels: tuple[Label, ...] = (LUNG, LESION)) -> LabelMap:
    """A lung in the two middle slices with a lesion in it, unless other voxels are given."""
    if array is None:
        array = np.zeros((4, 6, 5), np.uint8)
        array[1:3, 1:5, 1:4] = 1
        array[2, 3, 2] = 2
    return LabelMap(array, grid(), labels, series=SERIES, made_by="lungs 1")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_read_again_voxel_for_voxel_with_its_names_and_codes(kind: Kind) -> None:
    labels = drawn()
    (again,) = label_maps(segmentation_object(labels, series(), at=AT, kind=kind), grid())
    assert np.array_equal(again.array, labels.array)
    assert again.grid.is_same_as(labels.grid)
    assert again.labels == labels.labels
    assert (again.series, again.made_by, again.automatic) == (SERIES, "lungs 1", True)


@pytest.mark.parametrize("kind", KINDS)
def test_another_library_reads_the_same_voxels_at_the_same_places(kind: Kind) -> None:
    labels, sources = drawn(), series()
    found = hd.seg.Segmentation.from_dataset(opened(segmentation_object(labels, sources, at=AT, kind=kind)))
    for source, plane in zip(sources, labels.array, strict=True):
        frames = found.get_pixels_by_source_instance(
            [source.SOPInstanceUID], segment_numbers=[1, 2], combine_segments=True, ignore_spatial_locations=True,
            assert_missing_frames_are_empty=True,
        )  # fmt: skip
        assert np.array_equal(frames[0], plane)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_result_written_twice_is_the_same_object_and_another_result_is_another(kind: Kind) -> None:
    one = segmentation_object(drawn(), series(), at=AT, kind=kind)
    assert segmentation_object(drawn(), list(reversed(series())), at=AT, kind=kind) == one
    other = drawn()
    other.array[0, 0, 0] = 2
    later = segmentation_object(drawn(), series(), at=AT + timedelta(seconds=1), kind=kind)
    uids = {str(opened(file).SOPInstanceUID) for file in (one, later, segmentation_object(other, series(), at=AT, kind=kind))}
    assert len(uids) == 3


def test_an_object_is_about_the_study_and_patient_of_its_images_and_refers_to_each_of_them() -> None:
    sources = series()
    made = opened(segmentation_object(drawn(), sources, at=AT, description="Lungs"))
    assert (made.StudyInstanceUID, made.PatientID, str(made.PatientName), made.AccessionNumber) == (STUDY, "P-1", "Müster^Zoë", "A-77")
    assert made.FrameOfReferenceUID == sources[0].FrameOfReferenceUID
    assert made.SeriesInstanceUID != SERIES
    assert made.SeriesInstanceUID.startswith("2.25.")
    (referenced,) = made.ReferencedSeriesSequence
    assert referenced.SeriesInstanceUID == SERIES
    assert {each.ReferencedSOPInstanceUID for each in referenced.ReferencedInstanceSequence} == {each.SOPInstanceUID for each in sources}
    assert (made.ContentDate, made.ContentTime, made.SeriesDescription) == ("20260901", "123015", "Lungs")


def test_times_are_on_the_clock_that_the_images_state() -> None:
    sources = series()
    for each in sources:
        each.TimezoneOffsetFromUTC = "+0530"
    made = opened(segmentation_object(drawn(), sources, at=AT))
    assert (made.ContentTime, made.TimezoneOffsetFromUTC) == ("180015", "+0530")
    here = AT.astimezone(timezone(timedelta(hours=2)))
    assert opened(segmentation_object(drawn(), series(), at=here)).ContentTime == "143015"


def test_a_structure_without_voxels_is_left_out_and_the_rest_is_counted_from_one() -> None:
    labels = drawn()
    labels.array[labels.array == 1] = 0
    assert segment_numbers(labels) == {2: 1}
    (again,) = label_maps(segmentation_object(labels, series(), at=AT), grid())
    assert [(each.number, each.name) for each in again.labels] == [(1, "L1")]


def test_slices_that_the_images_count_from_the_head_are_still_found_by_their_place() -> None:
    down = replace(grid(), origin=grid().position((3.0, 0.0, 0.0)), directions=((0.0, 0.0, -1.0), *grid().directions[1:]))
    labels = LabelMap(drawn().array[::-1], down, (LUNG, LESION), series=SERIES)
    (again,) = label_maps(segmentation_object(labels, series(), at=AT), grid())
    assert np.array_equal(again.array, drawn().array)


@pytest.mark.parametrize("kind", KINDS)
def test_one_image_of_many_frames_is_drawn_on_frame_by_frame_in_whatever_order_they_are(kind: Kind) -> None:
    labels, source = drawn(), enhanced(order=(2, 0, 3, 1))
    made = segmentation_object(labels, [source], at=AT, kind=kind)
    (again,) = label_maps(made, grid())
    assert np.array_equal(again.array, labels.array)
    assert opened(made).ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID


def test_dcmtk_finds_nothing_wrong_with_what_is_written(tmp_path: Path) -> None:
    for kind in KINDS:
        file = tmp_path / f"{kind}.dcm"
        file.write_bytes(segmentation_object(drawn(), series(), at=AT, kind=kind))
        said = dcmtk("dcmdump", "-E", file)  # no -M: every value is looked at
        assert "E:" not in said
        assert "Müster^Zoë" in said


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=3 * 4 * 3, max_size=3 * 4 * 3).filter(any), st.sampled_from(KINDS))
def test_any_label_map_survives_the_way_there_and_back(voxels: list[int], kind: Kind) -> None:
    array = np.array(voxels, np.uint8).reshape(3, 4, 3)
    labels = LabelMap(array, grid(3, 4, 3), tuple(Label(n, f"part {n}") for n in (1, 2, 3)), series=SERIES)
    (again,) = label_maps(segmentation_object(labels, series(3, 4, 3), at=AT, kind=kind), grid(3, 4, 3))
    for old, new in segment_numbers(labels).items():
        assert np.array_equal(again.array == new, array == old)


# --- refusing to write -----------------------------------------------------------------------------------------------------------


def _without(keyword: str) -> list[Dataset]:
    sources = series()
    del sources[1][keyword]
    return sources


def _again(source: Dataset) -> Dataset:
    """Another image of the same place, as of another moment."""
    source.SOPInstanceUID = "2.25.77"
    return source


def _moved(by: float) -> LabelMap:
    x, y, z = grid().origin
    return replace(drawn(), grid=replace(grid(), origin=(x + by, y, z)))


@pytest.mark.parametrize(("labels", "sources", "sentence"), [
    (drawn(), [], "none were given"),
    (drawn(), _without("PatientID"), "has no PatientID"),
    (drawn(), _without("ImagePositionPatient"), "does not say where it lies"),
    (drawn(), series()[:3], "no image lies where slice 4"),
    (drawn(), [*series(), _again(series()[0])], "two images lie in slice 1"),
    (drawn(), [*series()[:3], *series(series="2.25.7")[3:]], "differ in SeriesInstanceUID"),
    (drawn(), [*series()[:3], *series(number="P-2")[3:]], "differ in PatientID"),
    (drawn(), series(rows=7), "lies on another grid"),
    (_moved(0.3), series(), "lies beside its images"),
    (_moved(50.0), series(), "lies beside its images"),
    (drawn(np.zeros((4, 6, 5), np.uint8)), series(), "is empty"),
    (drawn(np.full((4, 6, 5), 3, np.uint8)), series(), "no label says what that is"),
    (drawn(labels=(LUNG, LESION._replace(type=Coding("1", "local")))), series(), "codes of 'local' cannot be written"),
])  # fmt: skip
def test_what_would_be_wrong_is_not_written(labels: LabelMap, sources: list[Dataset], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        segmentation_object(labels, sources, at=AT)
    assert sentence in refused.value.reason


# --- reading what others wrote ---------------------------------------------------------------------------------------------------


@pytest.mark.reference
def test_segments_that_overlap_come_apart_into_as_few_maps_as_hold_them() -> None:
    maps = label_maps((DCMQI / "segmentations" / "partial_overlaps.dcm").read_bytes())
    assert [[each.name for each in found.labels] for found in maps] == [["GREEN", "LIGHT_BLUE", "DARK_BLUE"], ["ORANGE"], ["PURPLE"]]
    for number, name in enumerate(("GREEN", "ORANGE", "PURPLE", "LIGHT_BLUE", "DARK_BLUE"), 1):
        (found,) = [each for each in maps if any(label.name == name for label in each.labels)]
        theirs = hd.seg.segread(DCMQI / "segmentations" / "partial_overlaps.dcm").get_volume(segment_numbers=[number]).array[::-1, ..., 0]
        assert np.array_equal(found.array == number, theirs == 1)


@pytest.mark.reference
@pytest.mark.parametrize("name", ["sparse-labelmap-noppv", "sparse-labelmap-ppv5"])
def test_a_label_map_with_slices_left_out_has_them_empty_in_their_places(name: str) -> None:
    (found,) = label_maps((DCMQI / "segmentations" / f"{name}.dcm").read_bytes())
    assert found.array.shape == (3, 38, 24)
    assert [bool(plane.any()) for plane in found.array] == [True, False, True]
    assert [each.name for each in found.labels] == ["Liver"]


@pytest.mark.reference
def test_slices_come_in_the_order_in_which_volumes_of_the_images_have_them() -> None:
    (found,) = label_maps((DCMQI / "segmentations" / "liver.dcm").read_bytes())
    normal = np.cross(found.grid.directions[2], found.grid.directions[1])
    assert np.dot(found.grid.directions[0], normal) > 0.99


@pytest.mark.reference
@pytest.mark.parametrize(("name", "sentence"), [
    ("seg_image_ct_binary_fractional", "fractional"), ("seg_image_ct_true_fractional", "fractional"),
    ("seg_image_sm_control", "does not lie in the patient"), ("seg_image_sm_control_labelmap", "does not lie in the patient"),
    ("seg_image_sm_dots_tiled_full", "does not lie in the patient"), ("seg_image_cr_binary", "does not lie in the patient"),
    ("ct_image", "no DICOM segmentation"),
])  # fmt: skip
def test_what_is_no_map_of_the_patient_is_refused_with_the_reason(name: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        label_maps((HIGHDICOM / f"{name}.dcm").read_bytes())
    assert sentence in refused.value.reason


@pytest.mark.reference
@pytest.mark.parametrize("name", ["seg_image_ct_binary", "seg_image_ct_binary_overlap", "seg_image_ct_binary_single_frame"])
def test_segmentations_of_another_library_are_read_as_it_reads_them_itself(name: str) -> None:
    theirs = hd.seg.segread(HIGHDICOM / f"{name}.dcm")
    found = label_maps((HIGHDICOM / f"{name}.dcm").read_bytes())
    for number in theirs.segment_numbers:
        (own,) = [each for each in found if any(label.number == number for label in each.labels)]
        assert int((own.array == number).sum()) == int(theirs.get_volume(segment_numbers=[number]).array.sum())


def test_a_segmentation_on_other_voxels_than_the_images_is_refused() -> None:
    file = segmentation_object(drawn(), series(), at=AT)
    for other in (replace(grid(), origin=(-19.6, -30.0, 100.0)), replace(grid(), spacing=(2.5, 0.8, 0.8)), grid(2, 6, 5)):
        with pytest.raises(Refused, match="does not lie on the voxels"):
            label_maps(file, other)


def test_two_slices_far_apart_are_not_made_into_a_stack_that_fills_the_memory() -> None:
    labels = drawn()
    labels.array[3, 0, 0] = 1
    made = opened(segmentation_object(labels, series(), at=AT))
    for frame in made.PerFrameFunctionalGroupsSequence:
        position = frame.PlanePositionSequence[0].ImagePositionPatient
        if float(position[2]) == 107.5:
            position[2] = 102.5 + 2.5 * (1 << 25)
    with pytest.raises(Refused, match="no stack of even distances"):
        label_maps(made)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9), st.integers(1, 20), st.booleans())
@pytest.mark.filterwarnings("ignore")
def test_damaged_files_are_read_or_refused_and_nothing_else(seed: int, places: int, is_cut: bool) -> None:
    chance = random.Random(seed)
    content = bytearray(segmentation_object(drawn(), series(), at=AT, kind=chance.choice(KINDS)))
    for _ in range(places):
        content[chance.randrange(132, len(content))] = chance.randrange(256)
    with contextlib.suppress(Refused):
        label_maps(bytes(content[: chance.randrange(len(content))] if is_cut else content))


def test_a_file_that_is_no_dicom_is_refused() -> None:
    with pytest.raises(Refused, match="no readable DICOM file"):
        label_maps(b"not a DICOM file")
    with pytest.raises(Refused, match="no DICOM segmentation"):
        label_maps(file_of(series()[0]))
