"""C-FIND, as dcmtk's findscu asks (PS3.4 C.4.1): every level, DICOM's own matching, and a trail of who was shown."""

from typing import TYPE_CHECKING

import pytest

from api.dicomweb.sending import SERIES, STUDY
from intake.dicom.services.answers import values
from support.dcmtk import Said, dcmtk
from support.messages import ADA, BEN

if TYPE_CHECKING:
    from intake.dicom.services.conftest import Door

BENS_STUDY = "1.2.3.10"


def found(door: "Door", level: str, *keys: str, model: str = "-S", how: str = "-v", check: bool = True) -> Said:
    words = [word for key in (f"QueryRetrieveLevel={level}", *keys) for word in ("-k", key)]
    return dcmtk("findscu", how, model, "-aec", "WARDLINE", "-aet", "PACS", *words, "127.0.0.1", str(door.port), check=check)


def studies(door: "Door", *keys: str) -> list[str]:
    return values(found(door, "STUDY", "StudyInstanceUID", *keys), "0020,000d")


@pytest.mark.parametrize(("keys", "wanted"), [
    (("PatientName=MOSS*",), [STUDY]),
    (("PatientName=moss^ada",), [STUDY]),
    (("PatientName=M?ss*",), [STUDY]),
    (("PatientName=Moss",), []),
    (("PatientID=1002",), [BENS_STUDY]),
    (("StudyDate=20260825-20260831",), [BENS_STUDY]),
    (("StudyDate=20260830-",), [STUDY]),
    (("StudyTime=1000-1030",), [STUDY, BENS_STUDY]),
    (("ModalitiesInStudy=MR",), [BENS_STUDY]),
    (("ModalitiesInStudy=MR\\CT",), [STUDY, BENS_STUDY]),
    (("AccessionNumber=A-7*",), [STUDY, BENS_STUDY]),
    ((f"StudyInstanceUID={STUDY}\\{BENS_STUDY}\\9.9",), [STUDY, BENS_STUDY]),
    ((), [STUDY, BENS_STUDY]),
])  # fmt: skip
def test_studies_match_as_dicom_says(door: "Door", keys: tuple[str, ...], wanted: list[str]) -> None:
    assert studies(door, *keys) == wanted


def test_a_patient_is_one_answer_with_the_numbers_of_what_there_is(door: "Door") -> None:
    said = found(door, "PATIENT", "PatientID", "PatientName", "NumberOfPatientRelatedStudies", "NumberOfPatientRelatedInstances", model="-P")
    assert values(said, "0010,0020") == [ADA.number, BEN.number]
    assert values(said, "0020,1204") == ["4", "2"]


def test_series_and_images_are_found_under_their_study(door: "Door") -> None:
    series = found(door, "SERIES", f"StudyInstanceUID={STUDY}", "SeriesInstanceUID", "Modality", "NumberOfSeriesRelatedInstances")
    assert (values(series, "0020,000e"), values(series, "0008,0060"), values(series, "0020,1209")) == ([SERIES], ["CT"], ["4"])
    images = found(door, "IMAGE", f"StudyInstanceUID={STUDY}", f"SeriesInstanceUID={SERIES}", "SOPInstanceUID", "InstanceNumber=3")
    assert values(images, "0020,0013") == ["3"]


def test_only_what_was_asked_for_comes_back_and_where_it_can_be_fetched(door: "Door") -> None:
    said = found(door, "STUDY", f"StudyInstanceUID={STUDY}", "StudyDescription", "PatientAge")
    assert values(said, "0008,1030") == ["Thorax"]
    assert values(said, "0008,0054") == ["WARDLINE"]
    assert "(0010,1010) AS (no value available)" in said.partition("Find Response: 1")[2], "asked for, and nothing is known"
    assert "0010,0010" not in said.partition("Find Response: 1")[2]


def test_letters_beyond_ascii_come_as_utf_8_and_say_so(door: "Door") -> None:
    said = found(door, "STUDY", "PatientID=1002", "StudyDescription")
    assert values(said, "0008,1030") == ["Schädel"]
    assert values(said, "0008,0005") == ["ISO_IR 192"]


def test_a_key_that_a_level_does_not_know_is_let_go_and_that_is_said(door: "Door") -> None:
    said = found(door, "STUDY", "StudyInstanceUID", "SliceThickness=9", how="-d")
    assert said.count("0xff01") == 2, "both studies, each with: pending, one or more optional keys were not supported (PS3.4 C.4.1.1.4)"


@pytest.mark.parametrize(("level", "keys", "model"), [("PATIENT", (), "-S"), ("NONSENSE", (), "-S"), ("STUDY", ("StudyDate=yesterday",), "-S")])
def test_a_query_that_is_none_is_refused_with_its_reason(door: "Door", level: str, keys: tuple[str, ...], model: str) -> None:
    said = found(door, level, *keys, model=model, how="-d", check=False)
    assert "0xa900" in said


def test_what_a_peer_was_shown_is_in_the_trail_under_its_title(door: "Door") -> None:
    assert studies(door, "PatientID=1001") == [STUDY]
    entry = door.house.audited(action="imaging.read", who="dicom:PACS", about=door.house.key(ADA))[-1]
    assert (entry["detail"]["what"], entry["detail"]["shown"]) == ("find", "1")
