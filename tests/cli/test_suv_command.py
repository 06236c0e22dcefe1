"""`wardline suv`: every PET series of a folder with its factors and where they come from, refusals with their tag, and what is no PET passed over."""

import io
import json
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from cli.processes import wardline
from support.scans import series as ct_series
from wardline.app.cli.suv import suv
from wardline.simulator.pet_series import Scan, Style, enhanced, pet_series


def put(folder: Path, images: list[Dataset]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place, image in enumerate(images):
        buffer = io.BytesIO()
        image.save_as(buffer, enforce_file_format=True)
        (folder / f"{place:03}").write_bytes(buffer.getvalue())


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A good PET, one without a weight, a CT, and what lies about on a disc."""
    put(tmp_path / "a", pet_series(Scan(), Style(decay="NONE")))
    put(tmp_path / "b", pet_series(Scan(), Style(without=("PatientWeight",))))
    put(tmp_path / "c", ct_series())
    (tmp_path / "README").write_text("not DICOM", encoding="utf-8")
    return tmp_path


def test_each_series_is_one_line_of_json_and_a_refusal_is_exit_code_1(study: Path) -> None:
    ended = wardline("suv", study, "--json")
    assert ended.code == 1, ended
    good, bad = (json.loads(line) for line in ended.out.splitlines())
    assert (good["outcome"], good["images"], good["warnings"]) == ("suv", 6, [])
    assert set(good["factors"]) == {"bw", "lbm-james128", "lbm-morgan", "lbm-janmahasatian", "bsa", "ibw"}
    assert len(set(good["factors"]["bw"])) == 2  # two bed positions
    assert len(good["instances"]) == len(good["factors"]["bw"]) == 6
    assert good["units"]["bsa"] == "{SUVbsa}cm2/ml"
    assert good["highest"]["bw"] == pytest.approx(4.0, rel=1e-3)
    assert {"name": "half-life", "value": 6586.2, "unit": "s", "tag": "(0018,1075)", "rule": ""} in good["provenance"]
    assert (bad["outcome"], bad["tag"]) == ("refused", "(0010,1030)")
    assert "Weight is missing" in bad["reason"]


def test_a_table_says_the_same_to_a_person(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert suv(study / "a") == 0
    told = capsys.readouterr().out
    assert "SUVbw" in told
    assert "{SUVlbm}g/ml" in told
    assert "(0018,1074)" in told
    assert suv(study / "b") == 1
    assert "refused: (0010,1030)" in capsys.readouterr().out


def test_one_enhanced_file_will_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "e", [enhanced(pet_series())])
    assert suv(tmp_path / "e" / "000", json_lines=True) == 0
    assert json.loads(capsys.readouterr().out)["highest"]["bw"] == pytest.approx(4.0, rel=1e-3)


def test_a_folder_without_pet_and_one_that_is_not_there_are_said(study: Path, tmp_path: Path) -> None:
    for path, words in ((study / "c", "no PET series"), (tmp_path / "nowhere", "there is no")):
        ended = wardline("suv", path)
        assert ended.code == 2
        assert words in ended.err


def test_a_missing_slice_is_refused_and_a_missing_end_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = pet_series()
    put(tmp_path / "gap", images[:2] + images[3:])
    put(tmp_path / "end", images[:-1])
    assert suv(tmp_path / "gap", json_lines=True) == 1
    assert "slices are missing" in json.loads(capsys.readouterr().out)["reason"]
    assert suv(tmp_path / "end", json_lines=True) == 0
    assert "(0054,0081)" in json.loads(capsys.readouterr().out)["warnings"][0]
