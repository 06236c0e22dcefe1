"""`wardline deidentify`: files in, files without what identifies out; what cannot be made safe is named and not written."""

import io
import json
from pathlib import Path

import pydicom
import pytest

from cli.processes import wardline
from support.pictures import bytes_of, picture
from wardline.adapters.embedded.folder import DataFolder

MESSAGE = "MSH|^~\\&|A|B|C|D|20240301||ADT^A01|{number}|P|2.5\rPID|1||40123456^^^H||Okafor^Ngozi||19550303|F\rNTE|1||Mrs Okafor came\r"
PATIENT = {"resourceType": "Patient", "id": "p1", "identifier": [{"value": "40123456"}], "name": [{"family": "Okafor", "given": ["Ngozi"]}]}
NOTE = {"resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1"}, "note": [{"text": "ngozi slept"}]}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """One of each, named as hospitals name files."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "okafor-ngozi.hl7").write_bytes(MESSAGE.format(number=1).encode() + MESSAGE.format(number=2).encode())
    (folder / "patients.ndjson").write_text(json.dumps(PATIENT) + "\n", encoding="utf-8")
    (folder / "observations.ndjson").write_text(f"{json.dumps(NOTE)}\n{json.dumps(NOTE)}\n", encoding="utf-8")
    (folder / "letter.txt").write_text("Dear Mrs Okafor, we saw you on 3 March 2024.", encoding="utf-8")
    (folder / "ct").write_bytes(bytes_of(picture()))
    return folder


def test_one_of_each_comes_out_under_a_number_without_the_person(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean"
    ended = wardline("deidentify", export, "--out", out)
    assert ended.code == 0, ended
    assert "5 written" in ended.out
    assert sorted(file.suffix for file in out.iterdir()) == [".dcm", ".hl7", ".json", ".json", ".ndjson", ".txt"]
    whole = b"".join(file.name.encode() + file.read_bytes() for file in out.iterdir()).lower()
    assert [word for word in (b"okafor", b"ngozi", b"40123456", b"20240301") if word in whole] == []
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (report["profile"], report["refused"]) == ("safe-harbor", 0)


def test_a_study_s_second_export_fits_its_first_under_the_folder_s_key(export: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    DataFolder(data).release()
    (data / "log").mkdir()
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        ended = wardline("deidentify", export, "--profile", "pseudonymised", "--data", data, "--out", out)
        assert ended.code == 0, ended
        assert "Not Safe Harbor" in ended.out
    same = [file.name for file in first.iterdir() if file.read_bytes() == (second / file.name).read_bytes()]
    assert sorted(same) == sorted(file.name for file in first.iterdir())
    image = next(pydicom.dcmread(io.BytesIO(file.read_bytes())) for file in first.glob("*.dcm"))
    message = next(file.read_text(encoding="utf-8") for file in first.glob("*.hl7"))
    assert f"PID|1||{image.PatientID}||" in message


def test_pseudonyms_that_last_need_a_key(export: Path, tmp_path: Path) -> None:
    ended = wardline("deidentify", export, "--profile", "pseudonymised", "--data", tmp_path / "nowhere", "--out", tmp_path / "clean")
    assert ended.code == 2
    assert "no Wardline data" in ended.err


def test_what_cannot_be_made_safe_is_named_and_not_written(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "table.csv").write_text("name,age\nOkafor,70\n", encoding="utf-8")
    (folder / "scan").write_bytes(bytes_of(picture("1.2.840.10008.5.1.4.1.1.7")))
    ended = wardline("deidentify", folder, "--out", out)
    assert ended.code == 1
    assert "table.csv: this is neither HL7 v2" in ended.out
    assert "scan: a secondary capture may show a name in the picture itself" in ended.out
    assert [file.name for file in out.iterdir()] == ["report.json"]
    blanked = wardline("deidentify", folder / "scan", "--out", tmp_path / "blanked", "--option", "clean-pixel-data", "--blank", "0,0,8,2")
    assert blanked.code == 0, blanked


def test_results_are_not_put_among_other_files(export: Path) -> None:
    ended = wardline("deidentify", export, "--out", export)
    assert ended.code == 2
    assert "is not empty" in ended.err


@pytest.mark.parametrize(("words", "says"), [(("--blank", "1,2,3"), "LEFT,TOP"), (("--option", "all"), "clean-descriptors")])
def test_what_is_wrong_is_said_before_anything_is_read(export: Path, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    ended = wardline("deidentify", export, "--out", tmp_path / "out", *words)
    assert ended.code == 2
    assert says in ended.err


# --- risk ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "cohort.csv"
    rows = [f"{40 + place // 12},F,90210,{'flu' if place % 2 else 'none'}" for place in range(24)]
    file.write_text("\n".join(["age,sex,zip,sick", *rows, "93,F,90210,hiv"]), encoding="utf-8")
    return file


def test_a_table_with_somebody_alone_in_it_fails_and_gets_a_way_out(table: Path) -> None:
    ended = wardline("deidentify", "risk", table, "--quasi", "age,sex,zip", "--sensitive", "sick")
    assert ended.code == 1
    assert "1 records are in smaller groups, 1 share their features with nobody" in ended.out
    assert "suggested: age: left out; then 0 records in too small a group" in ended.out
    assert "record 25" in ended.out


def test_without_the_one_who_is_alone_it_passes(table: Path) -> None:
    table.write_text("\n".join(table.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    ended = wardline("deidentify", "risk", table, "--quasi", "age,sex,zip", "--json")
    assert ended.code == 0
    report = json.loads(ended.out)
    assert (report["smallest"], report["breaking"], report["suggestions"]) == (12, [], [])


def test_json_lines_and_a_register_are_read(table: Path, tmp_path: Path) -> None:
    lines, register = tmp_path / "cohort.jsonl", tmp_path / "voters.csv"
    lines.write_text('{"age": 40, "sex": "F"}\n{"age": 41, "sex": "F"}\n', encoding="utf-8")
    register.write_text("age,sex\n" + "40,F\n" * 4 + "41,F\n" * 2, encoding="utf-8")
    ended = wardline("deidentify", "risk", lines, "--quasi", "age,sex", "--k", "2", "--register", register, "--json")
    report = json.loads(ended.out)
    assert report["journalist"] == {"highest": 0.5, "average": 0.375}
    assert report["prosecutor"] == {"highest": 1.0, "average": 1.0}
    assert report["against"] == 6


def test_a_column_that_is_not_there_is_named(table: Path) -> None:
    ended = wardline("deidentify", "risk", table, "--quasi", "age,zip3")
    assert ended.code == 2
    assert "no column zip3; it has age, sex, zip, sick" in ended.err
