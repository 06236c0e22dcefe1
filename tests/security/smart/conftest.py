"""The desk where apps are let in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from security.smart.virtual_apps import AppDesk


@pytest.fixture
def app_desk(tmp_path: Path) -> Iterator[AppDesk]:
    opened = AppDesk(tmp_path)
    yield opened
    opened.close()
