"""The desk where people sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from security.virtual import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lasting_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same for properties, whose many examples share it."""
    opened = Desk(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.close()
