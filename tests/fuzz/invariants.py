"""What must hold for any bytes at the HL7 v2 door, whoever made them up."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from wardline.adapters.embedded.packing import pack, unpack
from wardline.core.errors import Refused
from wardline.core.events import EVENTS_PER_ROW, Event, Identifier, Measured
from wardline.core.statements import Fate, Received, Statement
from wardline.core.timeline import Timeline
from wardline.formats.hl7v2.acknowledgement import is_acknowledgement, read_acknowledgement
from wardline.formats.hl7v2.framing import Deframer, TooLarge, frame
from wardline.formats.hl7v2.message import parse, split_batch
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Sources

NOW: Final = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
LONGEST_SECONDS: Final = 1.0


def new_reader() -> Hl7v2Reader:
    return Hl7v2Reader(Sources("Europe/London"), _key_of)


def _key_of(identifier: Identifier) -> str:
    return f"{identifier.assigner}/{identifier.number}"


WARM: Final = new_reader()
"""A reader that remembers everything it was ever given."""


def check_reading(raw: bytes) -> Received:
    """Reading never raises, never hangs, does not depend on what was read before, and always has an answer."""
    started = time.thread_time()  # of the processor: a busy machine is not a slow reader
    result = WARM.read(raw, lambda stated_at: NOW)
    seconds = time.thread_time() - started
    fresh = new_reader().read(raw, lambda stated_at: NOW)
    assert seconds < LONGEST_SECONDS, f"{seconds:.1f} s"
    assert (result.statements, result.problem, result.patient, result.feed, result.control_id) == (
        fresh.statements, fresh.problem, fresh.patient, fresh.feed, fresh.control_id,
    )  # fmt: skip
    assert result.problem is None or not result.statements
    for statement in result.statements:
        assert statement.about
        assert statement.occurred_at.tzinfo is not None
        if isinstance(statement.value, Measured) and type(statement.value.value) is float:
            assert statement.value.concept
    for about in {statement.about for statement in result.statements}:
        check_keeping(about, [statement for statement in result.statements if statement.about == about])
    for state in ("stored", "quarantined", "refused"):
        for answer in result.replies(Fate(state, 7, NOW, result.problem)):
            assert answer.endswith(b"\r")
            assert is_acknowledgement(answer)
            read_acknowledgement(answer)
    return result


def check_keeping(about: str, statements: list[Statement]) -> None:
    """What was stated can be kept, comes back as it was, and is a timeline."""
    events = [
        Event(each.value, about, each.occurred_at, NOW, "FUZZ", id=EVENTS_PER_ROW + place, encounter=each.encounter)
        for place, each in enumerate(statements)
    ]
    assert unpack(pack(events), row=1, record=about, recorded_at=NOW) == events
    Timeline(about).apply_all(events)


def check_parts(raw: bytes) -> None:
    """The parts a reader is made of refuse with `Refused` or not at all; the messages of a batch are pieces of it."""
    for part in (parse, read_acknowledgement):
        with suppress(Refused):
            part(raw)
    with suppress(Refused):
        assert all(message and message in raw for message in split_batch(raw) or ())
    is_acknowledgement(raw)


def check_framing(stream: bytes, step: int) -> None:
    """However a stream is cut, the same messages come out; none holds a start or end block."""
    whole, pieces = _deframed(stream, len(stream) or 1), _deframed(stream, step)
    assert whole == pieces
    messages, *_ = whole
    assert all(message and b"\x0b" not in message and b"\x1c" not in message for message in messages)
    again = b"".join(frame(message) for message in messages)
    assert _deframed(again, 1 + step) == (messages, 0, 0, False)


def _deframed(stream: bytes, step: int, limit: int = 4_096) -> tuple[list[bytes], int, int, bool]:
    deframer, messages = Deframer(limit), []
    for start in range(0, len(stream), step):
        try:
            messages += deframer.feed(stream[start : start + step])
        except TooLarge as too_large:
            return [*messages, *too_large.whole, too_large.head[:100]], 0, 0, True
    return messages, deframer.skipped, deframer.abandoned, deframer.is_inside
