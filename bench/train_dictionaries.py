"""Trains the two compression dictionaries that ship with the package, on messages of the simulated hospital only.

    python bench/train_dictionaries.py            train, measure on another hospital, write
    python bench/train_dictionaries.py --measure  measure the dictionaries that are there

Run it when messages or rows have changed so much that they compress badly. What was written with an older dictionary of the
same number could then not be read any more: once data exists outside of development, a new dictionary needs a new number.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from random import Random
from typing import Final

import structlog
import zstandard

from wardline.adapters.embedded.packing import pack
from wardline.app.bootstrap import open_wardline
from wardline.app.settings import Settings
from wardline.simulator.agreements import AGREEMENTS
from wardline.simulator.hospital import Hospital

LIVE_AT: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
IDS: Final = {"messages": 1, "events": 2}
SIZE: Final = 32 * 1024
LEVEL: Final = 1
"""The level at which the log compresses: a dictionary is tuned to the level it is used at."""
TRAINED_ON: Final = ((101, 60), (102, 120), (103, 24))
"""Seed and beds of the hospitals trained on; measured on others."""
MEASURED_ON: Final = (9001, 60)
FROM_EACH_FEED: Final = 3_000
"""Monitors send ten times as often as everybody else together; the others shall compress well too."""
DAY: Final = timedelta(hours=24)


def messages_of(seed: int, beds: int, hours: float = 30) -> list[bytes]:
    hospital = Hospital(seed, live_at=LIVE_AT + timedelta(days=seed % 300), beds=beds)
    return [sent.raw for sent in hospital.messages(hospital.live_at - DAY, hospital.live_at - DAY + timedelta(hours=hours))]


def feed_of(raw: bytes) -> str:
    return raw[9:40].decode("ascii", "replace").split("|", 1)[0]


def rows_of(raw: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """The packed rows that the engine writes for these messages, answers of all capabilities included; each with its source."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data", clock="feed")
        sources = settings.config_folder / "sources"
        sources.mkdir(parents=True)
        for name, text in AGREEMENTS.items():
            (sources / name).write_text(text, encoding="utf-8")
        wardline = open_wardline(settings)
        for each in raw:
            wardline.engine.receive(each, lambda answers: None)
            wardline.engine._turn()
        yield from [(events[0].source, pack(events)) for step in wardline.log.steps() for _, events in step.rows]
        wardline.close()


def samples(everything: Iterable[tuple[str, bytes]]) -> list[bytes]:
    by_feed: dict[str, list[bytes]] = {}
    for feed, plain in everything:
        by_feed.setdefault(feed, []).append(plain)
    dice, chosen = Random(1), []
    for _, plain in sorted(by_feed.items()):
        chosen += dice.sample(plain, min(FROM_EACH_FEED, len(plain)))
    dice.shuffle(chosen)
    return chosen


def train(name: str, plain: list[bytes]) -> bytes:
    return zstandard.train_dictionary(SIZE, plain, dict_id=IDS[name], level=LEVEL).as_bytes()


def report(name: str, dictionary: bytes, plain: list[bytes]) -> None:
    data = zstandard.ZstdCompressionDict(dictionary)
    compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=data, write_checksum=False)
    began = time.perf_counter()
    small = [compressor.compress(each) for each in plain]
    compressing = (time.perf_counter() - began) / len(plain)
    decompressor = zstandard.ZstdDecompressor(dict_data=data)
    began = time.perf_counter()
    for each in small:
        decompressor.decompress(each)
    decompressing = (time.perf_counter() - began) / len(plain)
    alone = zstandard.ZstdCompressor(level=LEVEL)
    without = sum(len(alone.compress(each)) for each in plain)
    before, after = sum(map(len, plain)), sum(map(len, small))
    print(
        f"{name}: id {data.dict_id()}, {len(dictionary):,} bytes; {len(plain):,} of {before / len(plain):.0f} bytes -> {after / len(plain):.0f}, "
        f"{before / after:.1f}x (without a dictionary {before / without:.1f}x), {compressing * 1e6:.1f} us to compress, "
        f"{decompressing * 1e6:.1f} us to decompress"
    )  # fmt: skip


def shipped(name: str) -> Path:
    return Path(str(resources.files("wardline.adapters.embedded").joinpath(f"dictionaries/{name}.zdict")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", action="store_true", help="only measure the dictionaries that are there")
    only_measure = parser.parse_args().measure
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    if not only_measure:
        hospitals = [messages_of(seed, beds) for seed, beds in TRAINED_ON]
        dictionaries = {
            "messages": train("messages", samples((feed_of(raw), raw) for each in hospitals for raw in each)),
            "events": train("events", samples(row for each in hospitals for row in rows_of(each))),
        }
        for name, content in dictionaries.items():
            shipped(name).write_bytes(content)
    raw = messages_of(*MEASURED_ON)
    for name, plain in (("messages", raw), ("events", [row for _, row in rows_of(raw)])):
        report(name, shipped(name).read_bytes(), plain)


if __name__ == "__main__":
    main()
