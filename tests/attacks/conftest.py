"""The house that is attacked: the same doors as in tests/api, and for what only a socket can say, its real server on loopback."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal

from api.conftest import house, open_house, portal, shared
from attacks.street import Street
from support.clocks import MORNING
from support.messages import ADA, BEN, adt

__all__ = ["house", "open_house", "portal", "shared"]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[Street]:
    """A served house with Ada and Ben in ward 7A, and a nurse."""
    with Street(tmp_path_factory.mktemp("street") / "data", portal) as opened:
        opened.house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="7A", bed="4"))
        yield opened
