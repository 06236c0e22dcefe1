"""The house whose doors these tests try."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, WELL, adt, vitals


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """The event loop in which all houses of these tests live."""
    with start_blocking_portal() as opened:
        yield opened


@pytest.fixture
def open_house(tmp_path: Path, portal: BlockingPortal) -> Iterator[Callable[..., OpenHouse]]:
    """Opens a house in a folder of this test, with nobody in it."""
    with ExitStack() as stack:
        yield lambda name="data", **how: stack.enter_context(OpenHouse(tmp_path / name, portal, **how))


@pytest.fixture
def house(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    """A house of this test's own: Ada, ill, and Ben, well, in ward 7A since eight o'clock."""
    return _with_patients(open_house())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """The same house for all tests of a module, which only look."""
    with OpenHouse(tmp_path_factory.mktemp("shared") / "data", portal) as opened:
        yield _with_patients(opened)


def _with_patients(house: OpenHouse) -> OpenHouse:
    house.send(
        adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"),
        adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"),
        vitals(ADA, ILL, at=MORNING + timedelta(minutes=10)),
        vitals(BEN, WELL, at=MORNING + timedelta(minutes=10)),
    )
    return house
