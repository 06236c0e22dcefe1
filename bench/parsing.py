"""Reading a message: against plain splitting in Python, and against the Python library most people use."""

import itertools
from datetime import timedelta

import hl7

from bench import messages
from bench.results import Bar, paired_ratio
from wardline.core.events import Identifier
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources

NOW = messages.START + timedelta(days=1)


def run() -> list[Bar]:
    raws = [messages.panel(number) for number in range(500)]
    texts = [raw.decode() for raw in raws]
    reader = Hl7v2Reader(Sources("UTC"), _key_of)
    ours, plain, library = itertools.cycle(raws), itertools.cycle(raws), itertools.cycle(texts)

    def read() -> None:
        reader.read(next(ours), lambda stated_at: NOW)

    def split() -> None:
        [line.split("|") for line in next(plain).decode().split("\r")]

    ratio, our_seconds, plain_seconds = paired_ratio(split, read, 2000)
    slower, library_seconds, _ = paired_ratio(lambda: hl7.parse(next(library)), read, 60)
    detail = {"ours_us": our_seconds * 1e6, "split_us": plain_seconds * 1e6, "python_hl7_us": library_seconds * 1e6, "bytes": len(raws[0])}
    return [
        Bar("reading 20 results, against splitting into fields", ratio, 0.25, True, detail),
        Bar("reading 20 results, against python-hl7's parse", slower, 40, True, detail),
    ]


def _key_of(identifier: Identifier) -> str:
    return f"{identifier.assigner}{identifier.number}"
