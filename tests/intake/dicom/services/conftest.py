"""A house with images, and its DICOM door on a port of loopback: the listener runs here, and asks the house as its own processes do."""

import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pydicom import Dataset

from api.dicomweb.sending import ct, filed, stow
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, adt, msh
from wardline.core.errors import StorageBroken
from wardline.formats.hl7v2 import builder
from wardline.intake.dicom.agreement import RIGHTS, Agreement, Peer
from wardline.intake.dicom.association import Serving
from wardline.intake.dicom.listener import DicomListener
from wardline.intake.dicom.services.handlers import HANDLERS

BENS_STUDY = "1.2.3.10"


class Door:
    """Where peers call: `port`. `peers` are those the site has agreed on beside strangers, who may do everything."""

    def __init__(self, house: OpenHouse) -> None:
        self.house = house
        self.peers: dict[str, Peer] = {}
        self._answerers: dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {}
        house.running.peers.answer(self)  # type: ignore[arg-type]
        serving = Serving(house.running.imaging.images, self._agreement, HANDLERS, self._ask, _broken)
        self._listener = DicomListener(serving)
        self.port = self._listener.listen("127.0.0.1", 0)
        threading.Thread(target=self._listener.run, daemon=True).start()

    def on(self, question: str, answerer: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
        self._answerers[question] = answerer

    def close(self) -> None:
        self._listener.close(patience_seconds=1)

    def _agreement(self) -> Agreement:
        return Agreement(peers=self.peers, strangers=frozenset(RIGHTS))

    def _ask(self, question: str, **fields: Any) -> dict[str, Any]:
        """As it goes between the processes: as JSON, and answered in the house's own loop."""
        answer = self.house.do(self._answerers[question], json.loads(json.dumps(fields)))
        found: dict[str, Any] = json.loads(json.dumps(answer))
        return found


def _broken(error: StorageBroken) -> None:
    raise AssertionError(error)


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as opened:
        yield opened


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("archive") / "data"
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "worklist.yaml").write_text('codes: {"CT*": {modality: CT, station: CT1, location: Room 2}}\n', encoding="utf-8")
    with OpenHouse(folder, portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
        house.send(order("RAD-1", "CTCHEST^CT chest^L"), order("RAD-2", "XYZ^Something^L"))
        assert stow(house, ct(ADA)).status_code == 200
        assert stow(house, bens()).status_code == 200
        filed(house)
        opened = Door(house)
        yield opened
        opened.close()


def bens() -> list[Dataset]:
    images = ct(BEN, 2, study=BENS_STUDY, series=f"{BENS_STUDY}.1")
    for each in images:
        each.StudyDate, each.Modality, each.StudyDescription, each.AccessionNumber = "20260829", "MR", "Schädel", "A-78"
        each.file_meta.MediaStorageSOPClassUID = each.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    return images


def order(number: str, code: str) -> bytes:
    """ORM^O01 of radiology for Ada, to be done at ten."""
    at = builder.timestamp(MORNING + timedelta(hours=2))
    obr = f"OBR|1||{number}|{code}||{at}||||||||||||||||||RAD|||^^^{at}"
    return builder.message([msh("ORM^O01", MORNING, number, "RIS"), ADA.pid(), f"ORC|NW||{number}", obr])
