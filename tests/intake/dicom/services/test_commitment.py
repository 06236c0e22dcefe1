"""Storage commitment (PS3.4 J): every image that was asked about is in the report, and it is told until it is taken."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import Dataset
from pydicom.uid import UID, CTImageStorage
from pynetdicom import AE, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from api.dicomweb.sending import ct
from support.messages import ADA
from wardline.app.imaging.promises import Folder, Owed
from wardline.intake.dicom.agreement import RIGHTS, Peer

if TYPE_CHECKING:
    from intake.dicom.services.conftest import Door

MISSING = "9.9.9.9"
SOON = 60.0
LET_IT_ANSWER = 0.25


def request(transaction: str, *uids: str, kind: str = CTImageStorage) -> Dataset:
    asked = Dataset()
    asked.TransactionUID, asked.ReferencedSOPSequence = transaction, []
    for uid in uids:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = kind, uid
        asked.ReferencedSOPSequence.append(item)
    return asked


class Told:
    """What a scanner has heard."""

    def __init__(self) -> None:
        self.reports: list[tuple[int, Dataset]] = []
        self.came = threading.Event()
        self.refuses = 0

    def take(self, event: Any) -> tuple[int, None]:
        if self.refuses:
            self.refuses -= 1
            return 0x0110, None
        self.reports.append((event.event_type, event.event_information))
        self.came.set()
        return 0x0000, None


def ask(door: "Door", asked: Dataset, told: Told, *, title: str, stays: bool, action: int = 1) -> int:
    """N-ACTION; the scanner stays on the association for the report, or leaves at once."""
    ae = AE(title)
    ae.add_requested_context(StorageCommitmentPushModel)
    association = ae.associate("127.0.0.1", door.port, ae_title="WARDLINE", evt_handlers=[(evt.EVT_N_EVENT_REPORT, told.take)])
    try:
        status, _ = association.send_n_action(asked, action, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
        assert not stays or told.came.wait(SOON)
        sleep(LET_IT_ANSWER)  # pynetdicom cannot answer a report and release at the same time
    finally:
        association.release()
    return int(status.Status)


@contextmanager
def listening(told: Told) -> Iterator[int]:
    """The scanner's own door for reports."""
    ae = AE("CT1")
    ae.add_supported_context(StorageCommitmentPushModel, scu_role=True, scp_role=True)
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, told.take)])
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def uids(report: Dataset, keyword: str) -> list[str]:
    return [item.ReferencedSOPInstanceUID for item in report.get(keyword) or ()]


def test_images_that_are_safe_are_named_on_the_same_association(door: "Door") -> None:
    told, wanted = Told(), [UID(each.SOPInstanceUID) for each in ct(ADA)]
    assert ask(door, request("1.7.1", *wanted), told, title="CT9", stays=True) == 0x0000
    ((kind, report),) = told.reports
    assert (kind, report.TransactionUID, report.RetrieveAETitle) == (1, "1.7.1", "WARDLINE")
    assert (uids(report, "ReferencedSOPSequence"), uids(report, "FailedSOPSequence")) == (wanted, [])


def test_an_image_that_is_missing_is_named_with_its_reason_beside_those_that_are_safe(door: "Door") -> None:
    told, safe = Told(), ct(ADA)[0].SOPInstanceUID
    ask(door, request("1.7.2", safe, MISSING), told, title="CT9", stays=True)
    ((kind, report),) = told.reports
    assert kind == 2
    assert uids(report, "ReferencedSOPSequence") == [safe]
    assert [(item.ReferencedSOPInstanceUID, item.FailureReason) for item in report.FailedSOPSequence] == [(MISSING, 0x0112)]


def test_an_image_of_another_kind_than_was_said_is_not_committed(door: "Door") -> None:
    told = Told()
    ask(door, request("1.7.3", ct(ADA)[0].SOPInstanceUID, kind="1.2.840.10008.5.1.4.1.1.4"), told, title="CT9", stays=True)
    assert told.reports[0][1].FailedSOPSequence[0].FailureReason == 0x0119


@pytest.mark.parametrize(("asked", "action", "status"), [(request("1.7.4", MISSING), 2, 0x0123), (request(""), 1, 0x0115)])
def test_a_request_that_is_none_is_refused(door: "Door", asked: Dataset, action: int, status: int) -> None:
    assert ask(door, asked, Told(), title="CT9", stays=False, action=action) == status


def run_until(door: "Door", told: Told) -> None:
    """The house's own lane, until the report is there and nothing is owed any more."""

    async def lane() -> None:
        task = asyncio.create_task(door.house.running.peers.run())
        try:
            assert await asyncio.to_thread(told.came.wait, SOON)
            async with asyncio.timeout(SOON):
                while _left(door.house.data):  # noqa: ASYNC110 - the lane tells nobody when it is done
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()

    door.house.do(lane)


def _left(data: Path) -> list[str]:
    return Folder(data / "images" / "promises" / "commitments").names()


def test_a_scanner_that_leaves_at_once_is_told_at_its_own_address_even_if_it_refuses_at_first(door: "Door") -> None:
    told, wanted = Told(), ct(ADA)[1].SOPInstanceUID
    told.refuses = 1
    with listening(told) as port:
        door.peers["CT1"] = Peer("CT1", frozenset(RIGHTS), "127.0.0.1", port)
        assert ask(door, request("1.7.5", wanted), told, title="CT1", stays=False) == 0x0000
        assert len(_left(door.house.data)) == 1, "kept before it was taken"
        run_until(door, told)
    ((kind, report),) = told.reports
    assert (kind, report.TransactionUID, uids(report, "ReferencedSOPSequence")) == (1, "1.7.5", [wanted])
    assert _left(door.house.data) == []


def test_a_report_that_is_owed_outlives_a_restart(tmp_path: Path) -> None:
    owed = Owed("CT1", "127.0.0.1", 104, "WARDLINE", ["1.7.6", [["1.2", "1.3"]], []], datetime(2026, 3, 1, tzinfo=UTC))
    Folder(tmp_path).put("a", owed)
    assert Folder(tmp_path).get("a", Owed) == owed
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"], "no draft is left"


def test_a_commitment_is_in_the_trail(door: "Door") -> None:
    told = Told()
    ask(door, request("1.7.7", ct(ADA)[0].SOPInstanceUID, MISSING), told, title="CT8", stays=True)
    (entry,) = door.house.audited(action="imaging.commitment", who="dicom:CT8")
    assert (entry["detail"]["safe"], entry["detail"]["failed"]) == ("1", "1")
