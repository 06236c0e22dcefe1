"""The house that apps come to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.smart.far_side import BASE, App
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, adt, vitals


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    with OpenHouse(tmp_path_factory.mktemp("apps") / "data", portal, address=BASE) as opened:
        opened.send(
            adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"),
            vitals(ADA, ILL, at=MORNING),
        )  # fmt: skip
        yield opened


@pytest.fixture
def app(ward: OpenHouse) -> App:
    return App(ward)


@pytest.fixture
def own_ward(tmp_path: Path, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """For what ends things for everybody."""
    with OpenHouse(tmp_path / "data", portal, address=BASE) as opened:
        opened.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"))
        yield opened
