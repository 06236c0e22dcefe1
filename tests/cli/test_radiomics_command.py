"""`wardline radiomics`: images and masks of any kind in, one row for each structure out, each with how it was made."""

import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from wardline.app.cli.radiomics import radiomics
from wardline.app.imaging.radiomics_reading import Pair, batch, rows_of
from wardline.core.errors import Refused
from wardline.formats.dicom.rtstruct import RT_STRUCTURE_SET
from wardline.science.imaging.radiomics import Settings
from wardline.simulator.pet_series import pet_series

STATISTICS = {"families": ["statistics", "morphology"]}


def nifti(path: Path, array: Any, side: float = 2.0) -> Path:
    nibabel.save(nibabel.Nifti1Image(array, np.diag([-side, -side, side, 1.0])), path)
    return path


@pytest.fixture
def ball(tmp_path: Path) -> tuple[Path, Path]:
    x, y, z = np.ogrid[:12, :12, :12]
    inside = (x - 6) ** 2 + (y - 6) ** 2 + (z - 6) ** 2 <= 16
    return nifti(tmp_path / "image.nii.gz", np.where(inside, 50, -20).astype(np.int16)), nifti(tmp_path / "mask.nii.gz", inside.astype(np.uint8))


def settings_file(tmp_path: Path, **settings: Any) -> Path:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_pair_gives_one_json_line_with_values_and_declaration(tmp_path: Path, ball: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert radiomics(*ball, settings=settings_file(tmp_path, **STATISTICS), json_lines=True) == 0
    (told,) = lines(capsys)
    assert (told["outcome"], told["label"], told["values"]["stat_mean"]) == ("radiomics", 1, 50)
    assert told["values"]["morph_volume"] == pytest.approx(257 * 8, rel=0.05)
    assert told["declared"]["settings"]["families"] == STATISTICS["families"]
    assert told["declared"]["spacing_mm"]["used"] == [2.0, 2.0, 2.0]


def test_the_table_names_what_was_measured(tmp_path: Path, ball: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert radiomics(*ball, settings=settings_file(tmp_path, **STATISTICS)) == 0
    shown = capsys.readouterr().out
    assert "Sphericity" in shown
    assert "stat_mean" in shown


def test_what_is_refused_is_a_line_too_and_the_others_are_measured(
    tmp_path: Path, ball: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = nifti(tmp_path / "elsewhere.nii.gz", np.ones((12, 12, 12), np.uint8), side=3.0)
    again = radiomics(
        ball[0], elsewhere, *ball, ball[0], tmp_path / "none.nii", settings=settings_file(tmp_path, **STATISTICS), processes=1, json_lines=True
    )
    assert again == 1
    told = lines(capsys)
    assert [each["outcome"] for each in told] == ["refused", "radiomics", "refused"]
    assert "other voxels" in told[0]["reason"]
    assert "none.nii" in told[2]["reason"]


def test_several_pairs_say_the_same_as_one_by_one(ball: tuple[Path, Path]) -> None:
    settings = Settings(families=("statistics",))
    together = list(batch([Pair(*ball), Pair(*ball)], settings, processes=2))
    assert together == [rows_of(Pair(*ball), settings)] * 2


def test_a_structure_is_chosen_by_its_name(tmp_path: Path, ball: tuple[Path, Path]) -> None:
    two = np.zeros((12, 12, 12), np.uint8)
    two[:6], two[6:] = 3, 8
    mask = nifti(tmp_path / "two.nii", two)
    settings = Settings(families=("statistics",))
    assert [row.label for row in rows_of(Pair(ball[0], mask), settings)] == [3, 8]
    assert [row.label for row in rows_of(Pair(ball[0], mask, "label 8"), settings)] == [8]
    assert "it has label 3, label 8" in rows_of(Pair(ball[0], mask, "liver"), settings)[0].refused


def test_a_dicom_pet_is_measured_in_suv_within_an_rt_structure(tmp_path: Path) -> None:
    images = pet_series()
    folder = tmp_path / "pet"
    folder.mkdir()
    for number, image in enumerate(images):
        image.save_as(folder / f"{number}.dcm", enforce_file_format=True)
    first = images[0]
    row = rows_of(Pair(folder, _outlined(first, tmp_path / "rt.dcm")), Settings(families=("statistics",)))[0]
    assert row.refused == ""
    assert row.name == "spot"
    assert row.declared["image"] == {"modality": "PT", "unit": "{SUVbw}g/ml", "series": str(first.SeriesInstanceUID)}


def _outlined(image: Dataset, path: Path) -> Path:
    """A square of 4 by 4 voxels on the slice of an image."""
    x, y, z = (float(each) for each in image.ImagePositionPatient)
    side = float(image.PixelSpacing[0])
    corners = [(x + side * c, y + side * r, z) for r, c in ((0.5, 0.5), (0.5, 4.5), (4.5, 4.5), (4.5, 0.5))]
    drawn = Dataset()
    drawn.file_meta = FileMetaDataset()
    drawn.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    drawn.SOPClassUID, drawn.SOPInstanceUID, drawn.Modality = RT_STRUCTURE_SET, "1.2.3.4", "RTSTRUCT"
    named, region, contour = Dataset(), Dataset(), Dataset()
    named.ROINumber, named.ROIName = 1, "spot"
    region.ReferencedROINumber = 1
    contour.ContourGeometricType, contour.NumberOfContourPoints = "CLOSED_PLANAR", 4
    contour.ContourData = [each for corner in corners for each in corner]
    region.ContourSequence = [contour]
    drawn.StructureSetROISequence, drawn.ROIContourSequence = [named], [region]
    drawn.save_as(path, enforce_file_format=True)
    return path


@pytest.mark.parametrize(("files", "said"), [((), "an image and its mask"), (("one.nii",), "an image and its mask")])
def test_a_question_that_is_no_pair_is_refused(files: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused, match=said):
        radiomics(*(Path(each) for each in files))


@pytest.mark.parametrize(("content", "said"), [("{", "no JSON"), ("[1]", "no JSON object"), ('{"bin": 3}', "no 'bin'")])
def test_settings_that_cannot_be_read_are_refused(tmp_path: Path, ball: tuple[Path, Path], content: str, said: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match=said):
        radiomics(*ball, settings=path)
