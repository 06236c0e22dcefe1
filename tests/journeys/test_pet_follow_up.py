"""Journey 12. Two PET/CT studies arrive; lesions are matched; PERCIST says partial response; the report is signed; SEG and SR open in the PACS."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
from highdicom.seg import segread
from pydicom import dcmread

from support import dcmtk
from support.messages import Patient, adt
from support.orthanc import Orthanc
from support.served import Served, agree
from wardline.science.imaging.phantoms import TRUNK, Lesion, pet_ct
from wardline.simulator import scanner
from wardline.simulator.scanner import Visit, as_file

NOW = datetime.now(UTC).replace(microsecond=0)
ELENA = Patient("4015", "MARCHETTI", "ELENA", "19610622", "F")
BEFORE = Visit("4015", "HOSP", "MARCHETTI", "ELENA", "19610622", "F", (NOW - timedelta(days=86, hours=3)).replace(tzinfo=None))
NOW_THERE = replace(BEFORE, injected_at=(NOW - timedelta(hours=3)).replace(tzinfo=None), seed="now")
LESIONS = (Lesion((-62.0, 8.0, 105.0), (17.0, 16.0, 18.0), 13.0, 35.0, "lung"), Lesion((4.0, 70.0, 20.0), (13.0, 12.0, 13.0), 6.9, 320.0, "bone"))
AFTER = (5.6, 3.4)
SECONDS = 110.0
PACS = """destinations:
  - {{name: pacs, kind: dicom, address: "127.0.0.1:{port}", called: ORTHANC, calling: WARDLINE, reports: true, in_clear: true}}
"""


@pytest.fixture(scope="module")
def pacs() -> Iterator[Orthanc]:
    with Orthanc() as opened:
        yield opened


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory, pacs: Orthanc) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("follow-up") / "data"
    agree(data / "config", dicom="issuer: HOSP\nstable_seconds: 2\nstrangers: [store]\n", outbound=PACS.format(port=pacs.dicom))
    with Served(data, environment=os.environ | {"WARDLINE_DICOM": "0"}) as running:
        running.set_up()
        running.add("radiologist", "Dr Paul Renner", "radiologist")
        running.send(adt("A01", ELENA, at=NOW - timedelta(hours=5), visit="V1", unit="7A", bed="1"))
        yield running


def scanned(hospital: Served, visit: Visit, folder: Path, *, after: bool) -> None:
    """The modality's own program sends what the scanner made."""
    lesions = [replace(lesion, suv=later) if after else lesion for lesion, later in zip(LESIONS, AFTER, strict=True)]
    body = pet_ct(np.random.default_rng(5), lesions=lesions, extent=TRUNK, spacing=(6.0, 5.0, 5.0), uptake={"heart": 0.6})
    folder.mkdir()
    for place, image in enumerate(scanner.pet_ct(visit, body.ct, body.pet_suv)):
        (folder / f"{place}.dcm").write_bytes(as_file(image))
    dcmtk.send([folder], hospital.dicom)


def until(seconds: float, what: str, found: Any) -> Any:
    end = monotonic() + seconds
    while monotonic() < end:
        if (answer := found()) is not None:
            return answer
        sleep(0.3)
    raise AssertionError(f"not within {seconds:g} seconds: {what}")


@pytest.mark.timeout(300)
def test_pet_follow_up(hospital: Served, pacs: Orthanc, tmp_path: Path) -> None:
    token = hospital.sign_in("radiologist")

    def api(method: str, path: str, content: Any = None) -> Any:
        return hospital.api(method, f"/api/v1{path}", content, token=token)

    def answered(uid: str, *capabilities: str) -> Any:
        if all(each["uid"] != uid for each in api("GET", "/imaging/studies")["studies"]):
            return None
        told = api("GET", f"/imaging/studies/{uid}")
        return told if set(capabilities) <= {each["capability"] for each in told["answers"]} else None

    # Two studies arrive from the scanner; quality is accepted, SUV comes with where every constant is from.
    scanned(hospital, BEFORE, tmp_path / "before", after=False)
    until(SECONDS, "lesions of the first study", lambda: answered(BEFORE.study, "pet_lesions"))
    scanned(hospital, NOW_THERE, tmp_path / "now", after=True)
    told = until(SECONDS, "the response", lambda: answered(NOW_THERE.study, "percist", "suv"))
    assert told["quality"]["verdict"] == "accept"
    (suv,) = [each["suv"] for each in told["series"] if each["modality"] == "PT"]
    constants = {each["what"]: each["value"] for each in suv["provenance"]}
    assert any("dose" in name.lower() for name in constants)
    assert suv["refused"] == ""

    # Lesions are matched and have become fainter; PERCIST says partial response.
    matched = [each for each in told["lesions"] if each["prior"] is not None]
    assert matched
    assert all(each["change_percent"] <= -30 for each in matched)
    assert [each["uid"] for each in told["priors"]] == [BEFORE.study]
    assert told["response"]["category"] == "PMR"
    assert "partial metabolic response" in told["response"]["summary"]

    # The draft's sentences are bound to lesions; each lesion's match is confirmed by a person; then it is signed.
    case = api("POST", "/cases", {"study": NOW_THERE.study, "branch": "oncology", "question": "Response after 3 cycles"})
    report = api("POST", "/reports", {"case": case["case"]})
    sentences = [each for section in report["sections"] for each in section["sentences"]]
    assert any("L1" in each["keys"] and "SULpeak" in each["shown"] for each in sentences)
    edited = {
        "version": report["version"], "confirmed": [each["key"] for each in told["lesions"]],
        "sections": [
            {"id": section["id"], "sentences": [{key: each[key] for key in ("id", "text", "keys")} for each in section["sentences"]]}
            for section in report["sections"]
        ],
    }  # fmt: skip
    report = api("PUT", f"/reports/{report['report']}", edited)
    assert report["open"] == [], report["open"]
    signed = api("POST", f"/reports/{report['report']}/sign", {"version": report["version"]})
    assert (signed["state"], signed["signatures"][0]["by"]) == ("signed", "Dr Paul Renner")

    # SEG and SR open in the PACS, by programs that are not ours.
    until(60, "SEG and SR in the PACS", lambda: True if len(pacs.instances()) >= 2 else None)
    files = {}
    for uid in pacs.instances():
        file = tmp_path / f"{uid}.dcm"
        file.write_bytes(pacs.file(uid))
        files[dcmread(file, stop_before_pixels=True).Modality] = file
    assert {"SEG", "SR"} <= files.keys()
    assert {dcmread(file, stop_before_pixels=True).StudyInstanceUID for file in files.values()} == {NOW_THERE.study}
    segmented = segread(files["SEG"])
    labels = {segmented.get_segment_description(number).segment_label for number in segmented.segment_numbers}
    assert {f"{each['key']}, {each['site']}" for each in told["lesions"]} <= labels, labels
    text = dcmtk.report(files["SR"])
    assert "Renner" in text
    assert "SUV" in text
    hottest = next(value["value"] for value in told["lesions"][0]["values"] if value["id"] == "suv_max")
    assert f"{hottest:g}"[:5] in text, text
