"""The whole way: the simulated hospital into the real listener, the real engine and the durable log; and the dictionaries trained on it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest
import yaml
import zstandard

from simulator.listening import LIVE_AT
from support.hospital import PLAIN
from support.hospital import Hospital as House
from wardline.adapters.embedded.clocks import FeedClock
from wardline.adapters.embedded.packing import Compression, pack
from wardline.core.events import Found, Identifier
from wardline.intake.hl7v2.listener import MllpListener
from wardline.intake.hl7v2.sources import source_from
from wardline.simulator.agreements import AGREEMENTS
from wardline.simulator.hospital import Hospital
from wardline.simulator.places import HOSPITAL
from wardline.simulator.post import Sent
from wardline.simulator.sending import Progress, run

SIMULATED = Hospital(8, live_at=LIVE_AT)
HISTORY_HOURS = 3.0
UNTIL = LIVE_AT + timedelta(hours=2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Wardline on the feeds' clock that has heard everything."""
    profiles = tuple(source_from(yaml.safe_load(text), name, "UTC") for name, text in AGREEMENTS.items())
    path: Path = tmp_path_factory.mktemp("house")
    house = House(path / "data", FeedClock(), PLAIN._replace(sources=profiles), clock_kind="feed")
    house.engine.clock = house.clock
    asyncio.run(listen_to_all(house))
    yield house
    house.close()


async def listen_to_all(house: House) -> Progress:
    house.engine.start()
    listener = MllpListener(house.engine)
    port = await listener.listen("127.0.0.1", 0)
    async with asyncio.timeout(60):
        end = await run(SIMULATED, "127.0.0.1", port, speed=1e6, history_hours=HISTORY_HOURS, until=UNTIL)
    await listener.close()
    return end


def everything() -> list[Sent]:
    return list(SIMULATED.messages(LIVE_AT - timedelta(hours=HISTORY_HOURS), UNTIL))


def test_the_log_holds_every_message_once(house: House) -> None:
    stored = [record.sha256 for _, _, record in house.log.messages(limit=100_000)]
    assert len(stored) == len({each.raw for each in everything()})
    assert house.engine.stats.duplicates >= len(everything()) - len(stored)


def test_the_house_runs_on_simulated_time(house: House) -> None:
    assert UNTIL - timedelta(minutes=2) < house.engine.house.now <= UNTIL


def test_the_patient_in_bed_12_is_found_to_need_emergency_care(house: House) -> None:
    """NEWS2 of 7 or more: RCP 2017, chart 2."""
    raw = next(each.raw for each in everything() if each.feed == "CHARTING" and b"PV1|1|I|W7^706^12^" in each.raw)
    number = raw.split(b"PID|1||", 1)[1].split(b"^", 1)[0].decode()
    about = house.folder.key_of(Identifier(number, HOSPITAL))
    found = [
        event.value.value  # type: ignore[union-attr]
        for event in house.events(Found)
        if event.about == about and event.recorded_at > LIVE_AT
    ]
    assert found[0] <= 2
    assert max(found) >= 7


@pytest.mark.parametrize(("name", "number"), [("messages", 1), ("events", 2)])
def test_the_dictionaries_that_ship_are_dictionaries_with_their_numbers(name: str, number: int) -> None:
    content = resources.files("wardline.adapters.embedded").joinpath(f"dictionaries/{name}.zdict").read_bytes()
    assert zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT).dict_id() == number
    assert 16 * 1024 <= len(content) <= 32 * 1024


def ratio(name: str, plain: list[bytes]) -> float:
    """How many times smaller the log's own compression makes them; what it made is read back."""
    compression = Compression(name)
    small = [compression.compress(each) for each in plain]
    assert [compression.decompress(each) for each in small] == plain
    return sum(map(len, plain)) / sum(map(len, small))


def test_messages_the_dictionary_has_never_seen_shrink_to_a_fifth() -> None:
    fresh = Hospital(31_337, live_at=LIVE_AT + timedelta(days=400))
    raw = [each.raw for each in fresh.messages(fresh.live_at - timedelta(hours=4), fresh.live_at)]
    assert ratio("messages", raw) >= 5


def test_rows_of_events_shrink_to_a_quarter(house: House) -> None:
    rows = [pack(events) for step in house.log.steps() for _, events in step.rows]
    assert ratio("events", rows) >= 4
