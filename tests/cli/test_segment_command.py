"""`wardline segment`: from files to outlines."""

import json
from pathlib import Path

import numpy as np
import pytest

from wardline.adapters.embedded.models.folder import SHIPPED
from wardline.app.cli.segmenting import segment
from wardline.core.errors import NotFound, Refused
from wardline.formats.nifti import bytes_of, label_map_of
from wardline.science.imaging.phantoms import pet_ct


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    phantom = pet_ct(np.random.default_rng(6), spacing=(6, 6, 6), extent=(20, 140))
    ct, pet = tmp_path / "ct.nii.gz", tmp_path / "pet.nii.gz"
    ct.write_bytes(bytes_of(phantom.ct))
    pet.write_bytes(bytes_of(phantom.pet_suv))
    return ct, pet


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lungs_are_outlined_measured_and_written(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "lungs.nii.gz"

    segment("lungs", files[0], modality=("CT",), out=out, data=tmp_path, json_lines=True)

    rows = told(capsys)
    drawn = label_map_of(out.read_bytes())
    assert [row["name"] for row in rows] == ["right lung", "left lung", "trachea and main bronchi"]
    assert rows[0]["volume_ml"] == pytest.approx(np.count_nonzero(drawn.array == 1) * 0.216, abs=0.01)
    assert 800 < float(str(rows[0]["volume_ml"])) < 2500


def test_the_shipped_model_runs_by_its_name(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment("phantom-chest", *files, modality=("CT", "PT"), data=tmp_path, json_lines=True)

    rows = told(capsys)
    assert {row["name"] for row in rows} == {"lung", "lung nodule candidate", "PET lesion candidate"}
    assert all(str(row["made_by"]).startswith("phantom-chest 1 (sha256 ") for row in rows)


def test_a_model_of_the_site_without_a_signature_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "ours.json").write_text(json.dumps(json.loads((SHIPPED / "phantom-chest.json").read_text()) | {"id": "ours"}))
    (folder / "phantom-chest.onnx").write_bytes((SHIPPED / "phantom-chest.onnx").read_bytes())

    with pytest.raises(Refused, match="is not signed"):
        segment("ours", *files, modality=("CT", "PT"), data=tmp_path)


def test_what_is_missing_is_said(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="give --modality"):
        segment("lungs", files[0], data=tmp_path)
    with pytest.raises(Refused, match="needs CT images"):
        segment("lungs", files[1], modality=("PT",), data=tmp_path)
    with pytest.raises(Refused, match="two series of CT"):
        segment("lungs", files[0], files[0], modality=("CT", "CT"), data=tmp_path)
    with pytest.raises(NotFound, match="Methods that need no model: lungs"):
        segment("toes", files[0], modality=("CT",), data=tmp_path)
