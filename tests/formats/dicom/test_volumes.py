"""A series of images becomes one volume, or is refused with the tag: order, spacing, slopes, gaps, doubles, tilt, multi-frame files."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from support.reference import reference_data
from wardline.core.errors import Refused
from wardline.formats.dicom.geometry import geometry_of
from wardline.formats.dicom.volumes import projection_of, series_in, volume_of
from wardline.simulator.pet_series import Scan, Style, enhanced, pet_series, truth


def ct(count: int = 5, spacing: float = 2.5, *, ways: tuple[float, ...] = (1, 0, 0, 0, 1, 0)) -> list[Dataset]:
    """Slices whose stored number is their place, in Hounsfield units 1000 below."""
    images = pet_series()[:1] * count
    return [slice_at(images[place], place, spacing, ways) for place in range(count)]


def slice_at(like: Dataset, place: int, spacing: float, ways: tuple[float, ...]) -> Dataset:
    image = deepcopy(like)
    normal = np.cross(ways[:3], ways[3:])
    image.Modality, image.SOPInstanceUID = "CT", f"1.2.{place + 1}"
    image.ImageOrientationPatient, image.ImagePositionPatient = list(ways), [float(each) for each in place * spacing * normal]
    image.RescaleSlope, image.RescaleIntercept, image.PixelSpacing = 1, -1000, [3.0, 5.0]
    image.PixelData = np.full((8, 8), place, "<i2").tobytes()
    del image.NumberOfSlices
    return image


def test_slices_are_ordered_by_where_they_lie_and_not_by_their_number_or_name() -> None:
    images = ct()
    volume = volume_of([images[each] for each in (3, 0, 4, 1, 2)])
    assert volume.array[:, 0, 0].tolist() == [-1000, -999, -998, -997, -996]
    assert volume.slices == tuple(f"1.2.{place}" for place in range(1, 6))
    assert (volume.grid.shape, volume.grid.spacing, volume.unit) == ((5, 8, 8), (2.5, 3.0, 5.0), "[hnsf'U]")
    assert volume.array.dtype == np.int16
    assert not volume.array.flags.writeable


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(5)), st.floats(0.5, 10.0), st.floats(0, 2 * np.pi), st.floats(-1.2, 1.2))
def test_a_voxel_s_place_is_where_its_own_image_says_it_is(order: list[int], spacing: float, turned: float, leant: float) -> None:
    row = (np.cos(turned), np.sin(turned), 0.0)
    column = (-np.sin(turned) * np.cos(leant), np.cos(turned) * np.cos(leant), np.sin(leant))
    images = ct(spacing=spacing, ways=tuple(float(f"{each:.14g}") for each in (*row, *column)))
    grid = volume_of([images[each] for each in order]).grid
    for place, image in enumerate(images):
        first, along, down = (np.array(each, float) for each in (image.ImagePositionPatient, row, column))
        assert np.allclose(grid.position((place, 2, 3)), first + 3.0 * 2 * down + 5.0 * 3 * along, atol=1e-3)


def test_each_slice_has_its_own_slope() -> None:
    volume = volume_of(pet_series())
    assert len({each["RescaleSlope"] for each in volume.headers}) == 2  # with the spot and without it
    assert volume.unit == "Bq/ml"
    assert np.allclose(volume.array / volume.array[0, 0, 0] * 0.2, truth(), rtol=1e-3)


def without(images: list[Dataset], place: int) -> list[Dataset]:
    return images[:place] + images[place + 1 :]


def changed(images: list[Dataset], place: int, **tags: object) -> list[Dataset]:
    for keyword, value in tags.items():
        if value is None:
            delattr(images[place], keyword)
        else:
            setattr(images[place], keyword, value)
    return images


BROKEN: dict[str, tuple[Callable[[], list[Dataset]], str, str]] = {
    "a slice is missing": (lambda: without(ct(7), 3), "missing-slices", "(0020,0032)"),
    "slices are uneven": (lambda: changed(ct(), 1, ImagePositionPatient=[0, 0, 3.2]), "uneven-spacing", "(0020,0032)"),
    "two images at one place": (lambda: changed(ct(), 1, ImagePositionPatient=[0, 0, 5.0]), "several-at-one-place", "(0020,0032)"),
    "a scout among them": (lambda: changed(ct(), 2, ImageOrientationPatient=[0, 1, 0, 0, 0, -1]), "mixed-orientation", "(0020,0037)"),
    "another pixel spacing": (lambda: changed(ct(), 2, PixelSpacing=[4, 4]), "mixed-spacing", "(0028,0030)"),
    "another size": (lambda: changed(ct(), 2, Rows=4, Columns=16), "mixed-size", "(0028,0010)"),
    "another series": (lambda: changed(ct(), 2, SeriesInstanceUID="1.9"), "mixed-series", "(0020,000E)"),
    "another frame of reference": (lambda: changed(ct(), 2, FrameOfReferenceUID="1.9"), "mixed-series", "(0020,0052)"),
    "no position": (lambda: changed(ct(), 2, ImagePositionPatient=None), "no-position", "(0020,0032)"),
    "no orientation": (lambda: changed(ct(), 2, ImageOrientationPatient=None), "bad-orientation", "(0020,0037)"),
    "skew directions": (lambda: changed(ct(1), 0, ImageOrientationPatient=[1, 0, 0, 0.5, 1, 0]), "bad-orientation", "(0020,0037)"),
    "no pixel spacing": (lambda: changed(ct(), 2, PixelSpacing=None), "no-spacing", "(0028,0030)"),
    "one slice of unknown height": (lambda: changed(ct(1), 0, SliceThickness=None), "no-spacing", "(0018,0050)"),
    "one identity, two images": (lambda: changed(ct(), 1, SOPInstanceUID="1.2.1"), "repeated-image", "(0008,0018)"),
    "several frames of unknown place": (lambda: changed(ct(1), 0, NumberOfFrames=3), "no-position", "(5200,9230)"),
    "nothing at all": (list, "not-an-image", ""),
    "no slope": (lambda: changed(ct(), 2, RescaleSlope=None), "no-slope", "(0028,1053)"),
    "slope 0": (lambda: changed(ct(), 2, RescaleSlope=0), "no-slope", "(0028,1053)"),
    "pixels cut off": (lambda: changed(ct(), 2, PixelData=b"ab"), "pixels", "(7FE0,0010)"),
    "colour": (lambda: changed(ct(1), 0, SamplesPerPixel=3), "not-an-image", "(0028,0002)"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_would_make_a_wrong_volume_is_refused_with_the_tag(broken: str) -> None:
    make, code, tag = BROKEN[broken]
    with pytest.raises(Refused) as refused:
        volume_of(make())
    assert (refused.value.code, refused.value.where) == (code, tag)
    assert tag in str(refused.value)


def test_a_tilted_gantry_is_refused_and_its_angle_told() -> None:
    images = ct(20)
    for place, image in enumerate(images):
        image.ImagePositionPatient = [0, place * 2.5 * float(np.tan(np.radians(15))), place * 2.5]
    with pytest.raises(Refused, match=r"15\.0 degrees") as refused:
        volume_of(images)
    assert refused.value.code == "tilted"


def test_what_tells_images_of_one_place_apart_is_named() -> None:
    images = ct(4) + ct(4)
    for place, image in enumerate(images):
        image.SOPInstanceUID, image.AcquisitionNumber = f"1.3.{place + 1}", place // 4
    (problem,) = geometry_of(images).problems
    assert "(0020,0012) AcquisitionNumber" in problem.reason
    assert len(problem.images) == 8


def test_every_problem_is_told_without_raising_and_once() -> None:
    images = changed(changed(ct(), 1, ImagePositionPatient=None), 3, ImagePositionPatient=None)
    geometry = geometry_of(images)
    assert [(each.code, each.images) for each in geometry.problems] == [("no-position", ("1.2.2", "1.2.4"))]
    assert geometry.grid is None


def test_the_same_file_twice_counts_once_and_is_told() -> None:
    images = ct()
    geometry = geometry_of([*images, images[2]])
    assert [(each.code, each.stops) for each in geometry.problems] == [("repeated-image", False)]
    assert volume_of([*images, images[2]]).grid.shape == (5, 8, 8)


def test_fewer_slices_than_the_header_counts_are_told() -> None:
    geometry = geometry_of(pet_series()[:-1])
    assert [each.code for each in geometry.problems] == ["incomplete"]
    assert geometry.grid is not None


def test_an_enhanced_file_is_the_same_volume_as_its_slices() -> None:
    images = pet_series(Scan(), Style())
    apart, whole = volume_of(images), volume_of([enhanced(images)])
    assert np.array_equal(apart.array, whole.array)
    assert apart.grid == whole.grid
    assert (whole.unit, apart.unit) == ("Bq/ml", "Bq/ml")


def test_series_are_told_apart() -> None:
    other = [changed([image], 0, SeriesInstanceUID="1.9")[0] for image in ct(2)]
    assert {uid: len(images) for uid, images in series_in([*other, *pet_series()]).items()}["1.9"] == 2


def test_a_radiograph_is_a_slice_in_which_more_is_denser() -> None:
    (image,) = changed(ct(1), 0, Modality="DX", PhotometricInterpretation="MONOCHROME1", PixelData=np.arange(64, dtype="<i2").tobytes())
    volume = projection_of(image)
    assert volume.array[0].ravel().tolist() == list(range(63, -1, -1))
    assert volume.grid.spacing == (1.0, 3.0, 5.0)
    with pytest.raises(Refused, match="0018,1164"):
        projection_of(changed([image], 0, PixelSpacing=None)[0])
    with pytest.raises(Refused, match="no radiograph"):
        projection_of(ct(1)[0])


@pytest.mark.reference
def test_a_legacy_converted_file_of_another_maker_is_the_volume_of_its_slices() -> None:
    folder = reference_data() / "imaging/dcmqi_seg_sr/data/segmentations/23x38x3"
    whole = volume_of([dcmread(folder / "multiframe/mf.dcm")])
    apart = volume_of([dcmread(each) for each in sorted(Path(folder / "image").glob("*.dcm"))])
    assert whole.grid.is_same_as(apart.grid)
    assert np.array_equal(whole.array, apart.array)


@pytest.mark.parametrize(
    ("intercept", "signed", "value", "kind", "expected"),
    [(-1000, 1, 32767, np.int16, 31767), (1, 1, 32767, np.float32, 32768), (-1024, 0, 60000, np.float32, 58976), (-40000, 0, 60000, np.int16, 20000),
     (-0.5, 1, 7, np.float32, 6.5), (-1024, 1, -2000, np.int16, -3024)],
)  # fmt: skip
def test_a_number_is_what_slope_and_intercept_say_whatever_the_bits(intercept: float, signed: int, value: int, kind: type, expected: float) -> None:
    pixels = np.full((8, 8), value, "<i2" if signed else "<u2").tobytes()
    volume = volume_of(changed(ct(1), 0, RescaleIntercept=intercept, PixelRepresentation=signed, PixelData=pixels))
    assert volume.array.dtype == kind
    assert float(volume.array[0, 0, 0]) == expected
