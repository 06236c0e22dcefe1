"""Days of the simulated hospital that several tests look at: made once, never changed."""

from datetime import timedelta

import pytest

from simulator.listening import LIVE_AT, ReadBack, read_back
from wardline.simulator.hospital import Hospital
from wardline.simulator.post import Sent
from wardline.simulator.settings import NO_ARTEFACTS, NO_FAULTS, Settings

FLAWLESS = Settings(artefacts=NO_ARTEFACTS, faults=NO_FAULTS)


@pytest.fixture(scope="session")
def a_day() -> list[Sent]:
    """The day before the visitors come, with everything that goes wrong in it."""
    return list(Hospital(7, live_at=LIVE_AT).messages(LIVE_AT - timedelta(hours=24), LIVE_AT))


@pytest.fixture(scope="session")
def a_read_day(a_day: list[Sent]) -> list[ReadBack]:
    return read_back(a_day)


@pytest.fixture(scope="session")
def a_flawless_day() -> list[Sent]:
    """Half a day before and half a day after, in which nothing goes wrong but what the stories tell."""
    return list(Hospital(3, live_at=LIVE_AT, settings=FLAWLESS).messages(LIVE_AT - timedelta(hours=12), LIVE_AT + timedelta(hours=12)))
