"""A stretch of a data set in memory, moved forward as its reader goes on, so that the header of a 2 GB object costs what a header costs."""

import zlib
from collections.abc import Callable, Iterator
from typing import Final

from wardline.core.errors import Refused

STRETCH: Final = 256 * 1024
MOST_INFLATED: Final = 256 * 1024 * 1024
"""Bytes a deflated data set may become: deflate can make a thousand bytes of one."""


class Window:
    """Bytes of a data set by their position. `load(position, length)` gives what is not in `first`."""

    def __init__(self, first: bytes | bytearray, total: int, load: Callable[[int, int], bytes]) -> None:
        self.bytes = first
        self.start = 0
        self.total = total
        self._load = load

    def at(self, position: int, length: int) -> int:
        """Where in `bytes` the value at this position begins, all of it being there. Raises `Refused` behind the end."""
        index = position - self.start
        if index >= 0 and index + length <= len(self.bytes):
            return index
        if position + length > self.total:
            raise Refused(f"the data set is cut off: {length} bytes are announced at {position}, it ends at {self.total}", code="dicom")
        self.bytes = self._load(position, min(max(length, STRETCH), self.total - position))
        self.start = position
        return 0


def inflated(pieces: Iterator[bytes]) -> Window:
    """The window of a deflated data set, whole. Raises `Refused` for one that is broken or grows without bound."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    found = bytearray()
    try:
        for piece in pieces:
            rest = piece
            while rest and not engine.eof:
                found += engine.decompress(rest, STRETCH)
                rest = engine.unconsumed_tail
                if len(found) > MOST_INFLATED:
                    raise Refused(f"the deflated data set becomes more than {MOST_INFLATED >> 20} MiB", code="dicom")
        found += engine.flush()
    except zlib.error as error:
        raise Refused(f"the deflated data set is damaged: {error}", code="dicom") from None
    if not engine.eof:
        raise Refused("the deflated data set is cut off", code="dicom")
    return Window(found, len(found), lambda position, length: bytes(found[position : position + length]))
