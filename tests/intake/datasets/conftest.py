"""Where the reference data is, and what a replayed house looks like."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from support.hospital import Hospital
from wardline.adapters.embedded.clocks import FeedClock
from wardline.intake.datasets.timed import Timed


@pytest.fixture
def clinical() -> Path:
    """The clinical folder of the reference data."""
    path = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data")) / "clinical"
    if not path.exists():
        pytest.skip(f"the reference data is not there: {path}")
    return path


@pytest.fixture
def cinc2012_set(clinical: Path) -> Path:
    return clinical / "cinc2012/set-a.csv.gz"


@pytest.fixture
def taken_in(tmp_path: Path) -> Iterable[Callable[[Iterable[Timed]], Hospital]]:
    """A house on the feed's clock that has taken in these messages; every one must be accepted."""
    house = Hospital(tmp_path / "house", FeedClock(), clock_kind="feed")

    def take_in(messages: Iterable[Timed]) -> Hospital:
        for message in messages:
            (answer,) = house.send(message.raw)
            assert b"\rMSA|AA|" in answer, answer
        return house

    yield take_in
    house.close()
