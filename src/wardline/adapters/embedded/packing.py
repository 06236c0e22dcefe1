"""Events of one row to bytes and back: MessagePack without field names, ids relative to the row, then zstd with a dictionary."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any, Final

import msgspec
import zstandard

from wardline.core.events import EVENTS_PER_ROW, KINDS, Event, Found

_NUMBER: Final = {kind: number for number, kind in enumerate(KINDS)}
_FOUND: Final = _NUMBER[Found]
_BECAUSE: Final = Found._fields.index("because")
_DECODERS: Final = tuple(msgspec.msgpack.Decoder(kind).decode for kind in KINDS)
_ENCODE: Final = msgspec.msgpack.Encoder().encode

# A row names events relative to its own first one. A reason may rest on no event: that is 0, and every other number is odd.
_NO_EVENT: Final = 0

# source, then (kind, occurred_at in microseconds, value, encounter, caused_by relative to the row, actor) per event
_DECODE_ROW: Final = msgspec.msgpack.Decoder(tuple[str, list[tuple[int, int, msgspec.Raw, str, tuple[int, ...], str, str]]]).decode
_MICROSECOND: Final = 1_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * _MICROSECOND + passed.microseconds


def moment(microseconds_since_1970: int) -> datetime:
    return _EPOCH + timedelta(0, 0, microseconds_since_1970)


def pack(events: Sequence[Event]) -> bytes:
    """The events of one row. All have the same record, time of recording and row number."""
    base, source = events[0].id, events[0].source
    at, passed = _EPOCH, 0
    packed: list[tuple[Any, ...]] = []
    for value, _, occurred_at, _, said_by, actor, caused_by, encounter, _ in events:
        kind = _NUMBER[type(value)]
        if kind == _FOUND and value.because:
            because = [(*line[:4], 2 * (line[4] - base) + 1 if line[4] else _NO_EVENT) for line in value.because]
            value = (*value[:_BECAUSE], because, *value[_BECAUSE + 1 :])
        if occurred_at is not at:  # the events of a row mostly share their moment
            at, passed = occurred_at, microseconds(occurred_at)
        causes = [id - base for id in caused_by]
        packed.append((kind, passed, value, encounter, causes, actor, "" if said_by == source else said_by))
    return _ENCODE((source, packed))


def unpack(packed: bytes, *, row: int, record: str, recorded_at: datetime) -> list[Event]:
    source, entries = _DECODE_ROW(packed)
    base = row * EVENTS_PER_ROW
    events = []
    for place, (kind, occurred_at, raw, encounter, caused_by, actor, other_source) in enumerate(entries):
        value: Any = _DECODERS[kind](raw)
        if kind == _FOUND and value.because:
            value = value._replace(because=tuple([(*line[:4], (line[4] >> 1) + base if line[4] else 0) for line in value.because]))
        caused_by = tuple([id + base for id in caused_by])
        said_by = other_source or source
        events.append(Event(value, record, moment(occurred_at), recorded_at, said_by, actor, caused_by, encounter, base + place))
    return events


class Compression:
    """zstd at its fastest level with a dictionary trained on simulated messages only, so that it holds no patient's data.

    The dictionaries ship with the package; a file written with one names it by number and stays readable.
    """

    def __init__(self, name: str) -> None:
        dictionary = zstandard.ZstdCompressionDict(resources.files(__package__).joinpath(f"dictionaries/{name}.zdict").read_bytes())
        self._compress = zstandard.ZstdCompressor(level=1, dict_data=dictionary, write_checksum=False).compress
        self._decompress = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=2**27).decompress

    def compress(self, plain: bytes) -> bytes:
        return self._compress(plain)

    def decompress(self, small: bytes) -> bytes:
        return self._decompress(small)
