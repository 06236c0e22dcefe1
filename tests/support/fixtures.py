"""Fixtures that a folder of tests takes in with one line in its conftest."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from support.hospital import PLAIN, Hospital, Kit
from wardline.core.ports import Clock


class OpenHospital(Protocol):
    def __call__(self, name: str = "house", clock: Clock | None = None, kit: Kit = PLAIN, *, clock_kind: str = "wall") -> Hospital: ...


@pytest.fixture
def open_hospital(tmp_path: Path) -> Iterator[OpenHospital]:
    """Opens a hospital in a folder of this test; whatever is still open at the end is let go of."""
    opened: list[Hospital] = []

    def open_one(name: str = "house", clock: Clock | None = None, kit: Kit = PLAIN, *, clock_kind: str = "wall") -> Hospital:
        opened.append(Hospital(tmp_path / name, clock, kit, clock_kind=clock_kind))
        return opened[-1]

    yield open_one
    for each in opened:
        each.abandon()


@pytest.fixture
def hospital(open_hospital: Callable[[], Hospital]) -> Hospital:
    """One hospital with NEWS2, on Monday morning."""
    return open_hospital()
