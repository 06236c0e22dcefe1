"""Journey 13. A series with missing slices says "repeat" while the patient is there; one without a weight shows no SUV and names the tag."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from pydicom import Dataset

from support import dcmtk
from support.messages import Patient, adt
from support.served import Served, agree
from support.studies import ELENA, study
from wardline.simulator.scanner import as_file

NOW = datetime.now(UTC).replace(microsecond=0)
BRUNO = Patient("4016", "KELLER", "BRUNO", "19500102", "M")
MARCHETTI = Patient(ELENA.number, ELENA.family, ELENA.given, ELENA.born, ELENA.sex)
GAPS = replace(ELENA, injected_at=(NOW - timedelta(hours=2)).replace(tzinfo=None))
WEIGHTLESS = replace(GAPS, number="4016", family="KELLER", given="BRUNO", born="19500102", sex="M", zeroed=("PatientWeight",))
MINUTE = 60.0


@pytest.fixture(scope="module")
def radiology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("scanner") / "data"
    agree(data / "config", dicom="issuer: HOSP\nstable_seconds: 2\nstrangers: [store]\n")
    with Served(data, environment=os.environ | {"WARDLINE_DICOM": "0"}) as running:
        running.set_up()
        running.add("radiologist", "Dr Paul Renner", "radiologist")
        at = NOW - timedelta(hours=3)
        running.send(*(adt("A01", each, at=at, visit=f"V{each.number}", unit="7A", bed="1") for each in (MARCHETTI, BRUNO)))
        yield running


def sent(radiology: Served, folder: Path, images: list[Dataset]) -> None:
    folder.mkdir()
    for place, image in enumerate(images):
        (folder / f"{place}.dcm").write_bytes(as_file(image))
    dcmtk.send([folder], radiology.dicom)


def looked_at(radiology: Served, uid: str, *, seconds: float) -> dict[str, Any]:
    """The study once everything has looked at it; within the time the story gives."""
    token, until = radiology.sign_in("radiologist"), monotonic() + seconds
    while monotonic() < until:
        listed = radiology.api("GET", "/api/v1/imaging/studies", token=token)["studies"]
        if any(each["uid"] == uid for each in listed):
            told: dict[str, Any] = radiology.api("GET", f"/api/v1/imaging/studies/{uid}", token=token)
            if {"image_quality", "suv"} <= {each["capability"] for each in told["answers"]}:
                return told
        sleep(0.3)
    raise AssertionError(f"nobody has looked at {uid} within {seconds} seconds: {radiology.log.read_text(encoding='utf-8')[-2000:]}")


def test_missing_slices_are_to_be_repeated_within_a_minute_and_it_says_which(radiology: Served, tmp_path: Path) -> None:
    sent(radiology, tmp_path / "gaps", study(GAPS, missing=(5, 6)))

    told = looked_at(radiology, GAPS.study, seconds=MINUTE)

    assert told["quality"]["verdict"] == "repeat"
    failed = [each for each in told["assessment"]["checks"] if each["ok"] is False]
    assert failed[0]["name"] == "CT: Slices complete"
    assert "missing" in failed[0]["reason"]


def test_a_weight_of_zero_gives_no_number_and_names_the_tag(radiology: Served, tmp_path: Path) -> None:
    sent(radiology, tmp_path / "weightless", study(WEIGHTLESS))

    told = looked_at(radiology, WEIGHTLESS.study, seconds=MINUTE)

    assert told["quality"]["verdict"] == "accept", "nothing is to be repeated: the images are good"
    (answered,) = [each for each in told["answers"] if each["capability"] == "suv"]
    assert answered["outcome"] == "unknown"
    assert "0010,1030" in answered["reason"]
    assert told["lesions"] == []
    assert "0010,1030" in " ".join(each["reason"] for each in told["assessment"]["checks"])
