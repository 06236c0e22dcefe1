"""Modality worklist from our own orders (PS3.4 K), and procedure steps (PS3.4 F) that say how many images a study has."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import ModalityPerformedProcedureStep

from api.dicomweb.sending import ct, stow
from intake.dicom.services.answers import values
from support.clocks import MORNING
from support.dcmtk import Said, dcmtk
from support.messages import ADA
from wardline.app.imaging.worklist import stations_in
from wardline.core.errors import Refused
from wardline.formats.dicom.uids import uid_of

if TYPE_CHECKING:
    from intake.dicom.services.conftest import Door

STEP = "ScheduledProcedureStepSequence[0]"
TODAY = f"{MORNING + timedelta(hours=2):%Y%m%d}"


def worklist(door: "Door", *keys: str) -> Said:
    asked = ("PatientName", "PatientID", "AccessionNumber", "StudyInstanceUID", "RequestedProcedureID", "RequestedProcedureDescription", *keys)
    words = [word for key in asked for word in ("-k", key)]
    return dcmtk("findscu", "-v", "-W", "-aec", "WARDLINE", "-aet", "CT1", *words, "127.0.0.1", str(door.port))


def test_a_scanner_finds_what_it_is_to_do_today(door: "Door") -> None:
    said = worklist(door, f"{STEP}.Modality=CT", f"{STEP}.ScheduledStationAETitle=CT1", f"{STEP}.ScheduledProcedureStepStartDate={TODAY}")
    assert values(said, "0008,0050") == ["RAD-1"]
    assert values(said, "0010,0010") == ["Moss^Ada"]
    assert values(said, "0020,000d") == [uid_of("study of order", "RAD-1")]
    assert values(said, "0032,1060") == ["CT chest"]
    assert values(said, "0008,0060") == ["CT"]
    assert values(said, "0040,0002") == [TODAY]


@pytest.mark.parametrize("keys", [
    (f"{STEP}.Modality=MR",), (f"{STEP}.ScheduledProcedureStepStartDate=20200101",), (f"{STEP}.ScheduledStationAETitle=CT2",),
    ("PatientName=Byrne*",),
])  # fmt: skip
def test_what_is_not_for_it_is_not_offered(door: "Door", keys: tuple[str, ...]) -> None:
    assert values(worklist(door, *keys), "0008,0050") == []


def test_an_order_whose_code_has_no_modality_is_found_by_its_patient_alone(door: "Door") -> None:
    assert set(values(worklist(door, f"PatientID={ADA.number}"), "0008,0050")) == {"RAD-1", "RAD-2"}
    assert values(worklist(door, f"PatientID={ADA.number}", f"{STEP}.Modality=CT"), "0008,0050") == ["RAD-1"]


def test_the_worklist_is_in_the_trail(door: "Door") -> None:
    worklist(door, "AccessionNumber=RAD-1")
    entry = door.house.audited(action="imaging.read", who="dicom:CT1", about=door.house.key(ADA))[-1]
    assert entry["detail"]["what"] == "worklist"


@pytest.mark.parametrize("text", ["codes: [CT]", "codes: {CT: {station: A}}", "codes: {CT: {modality: CT, colour: red}}", "a: ["])
def test_a_list_of_stations_that_is_wrong_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "worklist.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"worklist\.yaml"):
        stations_in(file)


# --- procedure steps ----------------------------------------------------------------------------------------------------------------------


def asked_of(door: "Door", do: str, content: Dataset, uid: str | None) -> tuple[int, str]:
    """Status and instance UID of the answer to an N-CREATE or N-SET."""
    ae = AE("CT1")
    ae.add_requested_context(ModalityPerformedProcedureStep)
    answers: list[Any] = []
    heard = [(evt.EVT_DIMSE_RECV, lambda event: answers.append(event.message.command_set))]
    association = ae.associate("127.0.0.1", door.port, ae_title="WARDLINE", evt_handlers=heard)
    send: Any = association.send_n_create if do == "create" else association.send_n_set
    status, _ = send(content, ModalityPerformedProcedureStep, uid)
    association.release()
    return int(status.Status), str(answers[-1].AffectedSOPInstanceUID)


def begun(study: str, state: str = "IN PROGRESS") -> Dataset:
    step, scheduled = Dataset(), Dataset()
    scheduled.StudyInstanceUID, scheduled.AccessionNumber = study, "RAD-1"
    step.PerformedProcedureStepStatus, step.ScheduledStepAttributesSequence = state, [scheduled]
    return step


def ended(images: list[Dataset], state: str = "COMPLETED") -> Dataset:
    step, series = Dataset(), Dataset()
    series.SeriesInstanceUID, series.ReferencedImageSequence = images[0].SeriesInstanceUID, []
    for image in images:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
        series.ReferencedImageSequence.append(item)
    step.PerformedProcedureStepStatus, step.PerformedSeriesSequence = state, [series]
    return step


def state_of(door: "Door", study: str) -> str:
    return str(door.house.running.imaging.images.study(study).state)  # type: ignore[union-attr]


def test_a_study_is_complete_as_soon_as_every_image_the_scanner_made_is_here(door: "Door") -> None:
    images = ct(ADA, 3, study="1.2.3.30", series="1.2.3.30.1")
    assert asked_of(door, "create", begun("1.2.3.30"), "1.8.1") == (0x0000, "1.8.1")
    assert stow(door.house, images[:2]).status_code == 200
    assert asked_of(door, "set", ended(images), "1.8.1")[0] == 0x0000
    assert state_of(door, "1.2.3.30") == "arriving"
    assert stow(door.house, images[2:]).status_code == 200
    assert state_of(door, "1.2.3.30") == "complete"


def test_a_step_that_ends_before_its_first_image_is_here_counts_when_it_comes(door: "Door") -> None:
    images = ct(ADA, 2, study="1.2.3.34", series="1.2.3.34.1")
    asked_of(door, "create", begun("1.2.3.34"), "1.8.7")
    asked_of(door, "set", ended(images), "1.8.7")
    assert stow(door.house, images).status_code == 200
    assert state_of(door, "1.2.3.34") == "arriving"
    door.house.running.peers._steps.meet_all()
    assert state_of(door, "1.2.3.34") == "complete"


def test_a_step_that_has_ended_is_not_changed_any_more(door: "Door") -> None:
    images = ct(ADA, 1, study="1.2.3.31", series="1.2.3.31.1")
    asked_of(door, "create", begun("1.2.3.31"), "1.8.2")
    assert asked_of(door, "set", ended(images, "DISCONTINUED"), "1.8.2")[0] == 0x0000
    assert asked_of(door, "set", ended(images), "1.8.2")[0] == 0x0110


@pytest.mark.parametrize(("do", "content", "uid", "status"), [
    ("create", begun("1.2.3.32", "COMPLETED"), "1.8.3", 0x0106),
    ("create", begun(""), "1.8.4", 0x0106),
    ("set", ended(ct(ADA, 1)), "1.8.5", 0x0112),
])  # fmt: skip
def test_a_step_that_cannot_be_is_refused(door: "Door", do: str, content: Dataset, uid: str, status: int) -> None:
    assert asked_of(door, do, content, uid)[0] == status


def test_a_step_begins_once_and_is_named_by_us_where_the_scanner_does_not(door: "Door") -> None:
    assert asked_of(door, "create", begun("1.2.3.33"), "1.8.6")[0] == 0x0000
    assert asked_of(door, "create", begun("1.2.3.33"), "1.8.6")[0] == 0x0111
    status, uid = asked_of(door, "create", begun("1.2.3.33"), None)
    assert status == 0x0000
    assert uid.startswith("2.25.")
