"""Models in folders, and the program beside Wardline."""

import hashlib
import json
import stat
from pathlib import Path

import numpy as np
import pytest

from wardline.adapters.embedded.models.folder import SHIPPED, ModelFolders
from wardline.adapters.embedded.models.total_segmentator import segment as total_segmentator
from wardline.core.errors import Fault, NotFound, Refused
from wardline.core.imaging import Grid, Volume
from wardline.science.imaging.phantoms import pet_ct
from wardline.science.imaging.segmentation.network.manifest import manifest_of
from wardline.science.imaging.segmentation.network.segmenting import segment
from wardline.science.imaging.surfaces import dice

SHIPPED_MODEL = "phantom-chest"


def nobody(file: Path, content: bytes) -> None:
    raise Refused(f"{file.name} is not signed by anybody this site trusts")


def copied(folder: Path, id: str) -> Path:
    manifest = json.loads((SHIPPED / f"{SHIPPED_MODEL}.json").read_text()) | {"id": id}
    (folder / f"{SHIPPED_MODEL}.onnx").write_bytes((SHIPPED / f"{SHIPPED_MODEL}.onnx").read_bytes())
    file = folder / f"{id}.json"
    file.write_text(json.dumps(manifest))
    return file


def test_the_shipped_model_is_small_says_what_it_is_not_for_and_finds_lungs() -> None:
    models = ModelFolders(admit=nobody)
    manifest, predictor = manifest_of(models.manifest(SHIPPED_MODEL)), models.predictor(SHIPPED_MODEL)
    phantom = pet_ct(np.random.default_rng(2), spacing=(6, 6, 6), extent=(20, 140))

    found = segment({"CT": phantom.ct, "PT": phantom.pet_suv}, manifest, lambda window: predictor([window])[0])

    assert (SHIPPED / f"{SHIPPED_MODEL}.onnx").stat().st_size < 1_000_000
    assert manifest.card["not_for"].startswith("Patients")
    assert dice(found.array == 1, np.isin(phantom.truth.array, (3, 4))) > 0.9
    assert predictor.digest == manifest.sha256
    assert models.predictor(SHIPPED_MODEL) is predictor


def test_a_model_of_the_site_is_opened_only_when_the_site_trusts_it(tmp_path: Path) -> None:
    copied(tmp_path, "ours")
    seen: list[str] = []

    with pytest.raises(Refused, match="not signed"):
        ModelFolders(tmp_path, admit=nobody).predictor("ours")
    models = ModelFolders(tmp_path, admit=lambda file, content: seen.append(file.name))
    models.predictor("ours")

    assert models.ids() == ("ours", SHIPPED_MODEL)
    assert seen == ["ours.json", f"{SHIPPED_MODEL}.onnx"]


def test_a_manifest_that_nobody_has_signed_is_not_used_with_a_model_that_is(tmp_path: Path) -> None:
    """Its thresholds decide what the same network answers."""
    copied(tmp_path, "ours")

    def only_the_model(file: Path, content: bytes) -> None:
        if file.suffix != ".onnx":
            nobody(file, content)

    models = ModelFolders(tmp_path, admit=only_the_model)
    for ask in (models.manifest, models.predictor):
        with pytest.raises(Refused, match=r"ours\.json is not signed"):
            ask("ours")


def test_a_model_that_was_changed_since_its_manifest_is_refused(tmp_path: Path) -> None:
    copied(tmp_path, "ours")
    model = tmp_path / f"{SHIPPED_MODEL}.onnx"
    model.write_bytes(model.read_bytes() + b" ")

    with pytest.raises(Refused, match="is not the file its manifest names"):
        ModelFolders(tmp_path, admit=lambda file, content: None).predictor("ours")


def test_a_file_that_is_whole_and_no_model_is_refused(tmp_path: Path) -> None:
    file = copied(tmp_path, "ours")
    (tmp_path / f"{SHIPPED_MODEL}.onnx").write_bytes(b"no graph")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"sha256": hashlib.sha256(b"no graph").hexdigest()}))

    with pytest.raises(Refused, match="ONNX Runtime does not open this model"):
        ModelFolders(tmp_path, admit=lambda file, content: None).predictor("ours")


@pytest.mark.parametrize("shown", [[], [np.zeros((1, 3, 48, 48, 48), np.float32)], [np.zeros((1, 2, 48, 48, 48), np.int16)]])
def test_a_model_that_is_shown_what_it_was_not_made_for_refuses(shown: list[np.ndarray]) -> None:
    with pytest.raises(Refused, match=r"is to be shown 1 arrays and was shown 0|does not run on what its manifest says it takes"):
        ModelFolders(admit=nobody).predictor(SHIPPED_MODEL)(shown)


def test_a_manifest_cannot_reach_out_of_its_folder(tmp_path: Path) -> None:
    file = copied(tmp_path, "ours")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"file": str(SHIPPED / f"{SHIPPED_MODEL}.onnx")}))

    with pytest.raises(Refused, match="does not lie beside it"):
        ModelFolders(tmp_path, admit=lambda file, content: None).predictor("ours")


def test_the_site_cannot_take_the_name_of_a_shipped_model(tmp_path: Path) -> None:
    copied(tmp_path, SHIPPED_MODEL)

    assert ModelFolders(tmp_path, admit=nobody).predictor(SHIPPED_MODEL)


def test_an_unknown_model_is_not_found_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotFound, match=SHIPPED_MODEL):
        ModelFolders(admit=nobody).manifest("liver")


def test_where_total_segmentator_is_not_installed_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Refused, match="is not installed on this machine"):
        total_segmentator(ct())


def test_labels_of_total_segmentator_come_back_with_their_names_in_their_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    standing_in(tmp_path, monkeypatch, "labels = named(ct)")

    found = total_segmentator(ct())

    assert np.array_equal(found.array, ct().array)
    assert [(label.number, label.name) for label in found.labels] == [(5, "liver")]


def test_a_program_that_fails_is_a_fault_that_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    standing_in(tmp_path, monkeypatch, "raise SystemExit(3)")

    with pytest.raises(Fault, match="ended with code 3"):
        total_segmentator(ct())


def ct() -> Volume:
    array = np.zeros((6, 8, 10), np.int16)
    array[1:3, 2:5, 6:9] = 5
    ways = ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    return Volume(array, Grid((6, 8, 10), (3.0, 2.0, 1.5), (-20.0, -30.0, 40.0), ways), "CT", "[hnsf'U]")


def standing_in(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """A program of the same name and the same command line, which gives the CT back as labels with a table of names (NIfTI-1 extension, code 30)."""
    program = folder / "TotalSegmentator"
    program.write_text(
        "#!/usr/bin/env python3\n"
        "import gzip, struct, sys\n"
        "ct = gzip.open(sys.argv[sys.argv.index('-i') + 1]).read()\n"
        "def named(image):\n"
        '    table = b\'<LabelTable><Label Key="5" Red="0"><![CDATA[liver]]></Label></LabelTable>\'\n'
        "    table += b' ' * (-(len(table) + 8) % 16)\n"
        "    head = image[:108] + struct.pack('<f', 352.0 + len(table) + 8) + image[112:348]\n"
        "    return head + b'\\1\\0\\0\\0' + struct.pack('<ii', len(table) + 8, 30) + table + image[352:]\n"
        f"{body}\n"
        "gzip.open(sys.argv[sys.argv.index('-o') + 1], 'wb').write(labels)\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
