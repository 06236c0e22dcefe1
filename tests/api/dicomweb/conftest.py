"""A house with images in it: Ada's CT, filed under her record; a study of nobody; and doors that are open as in the other tests here."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from pydicom import Dataset

from api.dicomweb.sending import OTHER_STUDY, ct, filed, stow
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, adt


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """One for all tests of a module: those that add something add it under a study of their own."""
    with OpenHouse(tmp_path_factory.mktemp("archive") / "data", portal) as house:
        yield with_images(house)


def with_images(house: OpenHouse) -> OpenHouse:
    house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
    assert stow(house, ct(ADA)).status_code == 200
    assert stow(house, nobodys()).status_code == 200
    filed(house)
    return house


def nobodys() -> list[Dataset]:
    found = ct(ADA, study=OTHER_STUDY, series=f"{OTHER_STUDY}.1")
    for each in found:
        each.PatientID, each.IssuerOfPatientID = "", ""
    return found
