"""Reading a message: against plain splitting in Python, and against the Python library most people use."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import hl7

from bench import messages
from bench.results import Bar, paired_ratio
from wardline.core.events import Identifier
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources

NOW = messages.START + timedelta(days=1)


def run() -> list[Bar]:
    panels, vitals = ([make(number) for number in range(500)] for make in (messages.panel, messages.vitals))
    reader = Hl7v2Reader(Sources("UTC"), _key_of)
    against_splitting, ours, splitting = paired_ratio(_splitting(panels), _reading(reader, panels), (1_000, 250))
    texts = itertools.cycle([raw.decode() for raw in panels])
    against_library, _, library = paired_ratio(lambda: hl7.parse(next(texts)), _reading(reader, panels), (5, 250))
    small, ours_small, splitting_small = paired_ratio(_splitting(vitals), _reading(reader, vitals), (1_000, 250))
    detail = {"ours_us": ours * 1e6, "split_us": splitting * 1e6, "python_hl7_us": library * 1e6, "bytes": len(panels[0])}
    detail_small = {"ours_us": ours_small * 1e6, "split_us": splitting_small * 1e6, "bytes": len(vitals[0])}
    return [
        Bar("reading 20 results, against splitting into fields", against_splitting, 0.25, True, detail),
        Bar("reading 20 results, against python-hl7's parse", against_library, 40, True, detail),
        Bar("reading 7 vital signs, against splitting into fields", small, detail=detail_small),
    ]


def _reading(reader: Hl7v2Reader, raws: list[bytes]) -> Callable[[], object]:
    """What the engine asks for: statements in the concepts' units, bytes to `Received`."""
    following = itertools.cycle(raws)
    return lambda: reader.read(next(following), lambda stated_at: NOW)


def _splitting(raws: list[bytes]) -> Callable[[], object]:
    """The least that Python can do with a message: text, lines, fields. Nothing is checked, found or converted."""
    following = itertools.cycle(raws)
    return lambda: [line.split("|") for line in next(following).decode().split("\r")]


def _key_of(identifier: Identifier) -> str:
    return f"{identifier.assigner}{identifier.number}"
