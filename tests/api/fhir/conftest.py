"""The FHIR door, tried by a doctor of the whole house."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from support.fhir import Client

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def fhir(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[Client]:
    """A doctor at the FHIR door of a house that the tests of a module share; each has patients of its own."""
    with OpenHouse(tmp_path_factory.mktemp("fhir") / "data", portal) as house:
        yield Client(house, "doctor")


@pytest.fixture
def own_fhir(open_house: Callable[..., OpenHouse]) -> Client:
    """The same in a house of this test's own."""
    return Client(open_house(), "doctor")


@pytest.fixture
def ada() -> str:
    """The id of a patient that no other test has."""
    return f"ada-{next(_NUMBERS)}"
