"""C-MOVE and C-GET with dcmtk's movescu and getscu (PS3.4 C.4.2, C.4.3): as stored where it is taken, decoded where not, and counted."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless, RLELossless
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet, StudyRootQueryRetrieveInformationModelMove

from api.dicomweb.sending import STUDY, ct, filed, stow
from support.dcmtk import Said, dcmtk
from support.messages import ADA
from support.orthanc import Orthanc
from wardline.intake.dicom.agreement import Peer

if TYPE_CHECKING:
    from intake.dicom.services.conftest import Door

PACKED = "1.2.3.20"


@pytest.fixture(scope="module", autouse=True)
def _packed(door: "Door") -> None:
    """A study whose images are compressed."""
    images = ct(ADA, 2, study=PACKED, series=f"{PACKED}.1")
    for each in images:
        each.compress(RLELossless, generate_instance_uid=False)
    assert stow(door.house, images).status_code == 200
    filed(door.house)


def get(door: "Door", folder: Path, *words: str) -> Said:
    return dcmtk("getscu", "-d", "-S", "-aec", "WARDLINE", "-od", folder, *words, "127.0.0.1", str(door.port), check=False)


def test_a_study_comes_on_the_association_that_asks_for_it(door: "Door", tmp_path: Path) -> None:
    get(door, tmp_path, "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={STUDY}")
    found = [dcmread(each) for each in tmp_path.iterdir()]
    sent = {each.SOPInstanceUID: each for each in ct(ADA)}
    assert {each.SOPInstanceUID for each in found} == set(sent)
    for each in found:
        assert (each.PixelData, each.PatientName) == (sent[each.SOPInstanceUID].PixelData, sent[each.SOPInstanceUID].PatientName)


def test_one_image_comes_by_its_own_number(door: "Door", tmp_path: Path) -> None:
    uid = ct(ADA)[2].SOPInstanceUID
    keys = ("QueryRetrieveLevel=IMAGE", f"StudyInstanceUID={STUDY}", f"SeriesInstanceUID={STUDY}.1", f"SOPInstanceUID={uid}")
    get(door, tmp_path, *(word for key in keys for word in ("-k", key)))
    assert [dcmread(each).SOPInstanceUID for each in tmp_path.iterdir()] == [uid]


@pytest.mark.parametrize(("syntaxes", "came"), [
    ([RLELossless], RLELossless), ([ExplicitVRLittleEndian], ExplicitVRLittleEndian), ([ImplicitVRLittleEndian], ImplicitVRLittleEndian),
])  # fmt: skip
def test_a_compressed_image_comes_in_a_form_that_was_agreed(door: "Door", syntaxes: list[Any], came: Any) -> None:
    statuses, got = _got(door, PACKED, syntaxes)
    assert [each.file_meta.TransferSyntaxUID for each in got] == [came] * 2
    assert [int(each.pixel_array[0, 0]) for each in got] == [0, 1]
    assert statuses[-1].Status == 0x0000


def test_what_can_be_sent_in_no_form_that_was_agreed_is_counted_and_named(door: "Door") -> None:
    statuses, got = _got(door, PACKED, [JPEG2000Lossless])
    assert (statuses[-1].Status, statuses[-1].NumberOfFailedSuboperations, got) == (0xA702, 2, [])


def _got(door: "Door", study: str, syntaxes: list[Any]) -> tuple[list[Any], list[Any]]:
    """Answers and images of a C-GET by pynetdicom."""
    got: list[Any] = []
    ae = AE("READER")
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelGet)
    ae.add_requested_context(CTImageStorage, syntaxes)
    asked = _identifier(study)

    def keep(event: Any) -> int:
        event.dataset.file_meta = event.file_meta
        got.append(event.dataset)
        return 0

    role = build_role(CTImageStorage, scp_role=True)
    association = ae.associate("127.0.0.1", door.port, ae_title="WARDLINE", ext_neg=[role], evt_handlers=[(evt.EVT_C_STORE, keep)])
    statuses = [status for status, _ in association.send_c_get(asked, StudyRootQueryRetrieveInformationModelGet)]
    association.release()
    return statuses, got


def _identifier(study: str) -> Dataset:
    asked = Dataset()
    asked.QueryRetrieveLevel, asked.StudyInstanceUID = "STUDY", study
    return asked


def move(door: "Door", to: str, *keys: str) -> Said:
    words = [word for key in keys for word in ("-k", key)]
    return dcmtk("movescu", "-d", "-S", "-aec", "WARDLINE", "-aet", "PACS", "-aem", to, *words, "127.0.0.1", str(door.port), check=False)


def numbers(said: str, what: str) -> list[int]:
    return [int(number) for number in re.findall(rf"{what} Suboperations\s*: (\d+)", said)]


def test_a_study_is_moved_to_an_archive_and_counted_on_the_way(door: "Door") -> None:
    with Orthanc() as pacs:
        door.peers["ORTHANC"] = Peer("ORTHANC", frozenset(), "127.0.0.1", pacs.dicom)
        said = move(door, "ORTHANC", "QueryRetrieveLevel=STUDY", f"StudyInstanceUID={STUDY}\\{PACKED}")
        assert len(pacs.instances()) == 6
    assert numbers(said, "Completed")[-1] == 6
    assert numbers(said, "Remaining") == [5, 4, 3, 2, 1]
    entry = door.house.audited(action="imaging.read", who="dicom:PACS", about=door.house.key(ADA))[-1]
    assert (entry["detail"]["what"], entry["detail"]["shown"]) == ("move to ORTHANC", "2")


def test_a_destination_nobody_knows_is_said(door: "Door") -> None:
    assert "0xa801" in move(door, "NOWHERE", "QueryRetrieveLevel=STUDY", f"StudyInstanceUID={STUDY}")


def test_a_destination_that_does_not_answer_fails_every_image_by_name(door: "Door") -> None:
    door.peers["GONE"] = Peer("GONE", frozenset(), "127.0.0.1", 1)
    said = move(door, "GONE", "QueryRetrieveLevel=STUDY", f"StudyInstanceUID={STUDY}")
    assert "0xa702" in said
    assert numbers(said, "Failed")[-1] == 4
    assert all(each.SOPInstanceUID in said for each in ct(ADA)), "Failed SOP Instance UID List (0008,0058)"


def test_nothing_to_move_is_no_failure(door: "Door") -> None:
    door.peers["GONE"] = Peer("GONE", frozenset(), "127.0.0.1", 1)
    assert "0x0000: Success" in move(door, "GONE", "QueryRetrieveLevel=STUDY", "StudyInstanceUID=9.9")


def test_a_move_that_does_not_say_what_is_refused(door: "Door") -> None:
    door.peers["GONE"] = Peer("GONE", frozenset(), "127.0.0.1", 1)
    assert "0xa900" in move(door, "GONE", "QueryRetrieveLevel=SERIES", f"StudyInstanceUID={STUDY}")


def test_a_move_that_is_taken_back_stops_and_says_how_far_it_came(door: "Door") -> None:
    arrived: list[str] = []
    taker = AE("SLOW")
    taker.add_supported_context(CTImageStorage)
    ae = AE("PACS")
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelMove)
    association = ae.associate("127.0.0.1", door.port, ae_title="WARDLINE")

    def taken(event: Any) -> int:
        arrived.append(event.request.AffectedSOPInstanceUID)
        if len(arrived) == 1:
            association.send_c_cancel(1, query_model=StudyRootQueryRetrieveInformationModelMove)
        return 0

    destination = taker.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, taken)])
    try:
        door.peers["SLOW"] = Peer("SLOW", frozenset(), "127.0.0.1", destination.server_address[1])
        asked = _identifier(STUDY)
        answers = [status for status, _ in association.send_c_move(asked, "SLOW", StudyRootQueryRetrieveInformationModelMove, msg_id=1)]
    finally:
        association.release()
        destination.shutdown()
    assert answers[-1].Status == 0xFE00
    assert answers[-1].NumberOfCompletedSuboperations == len(arrived)
    assert answers[-1].NumberOfRemainingSuboperations == 4 - len(arrived) > 0
