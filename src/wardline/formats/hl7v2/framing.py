"""MLLP framing: <VT> message <FS><CR>, however the network cuts it up."""

from typing import Final

START: Final = b"\x0b"
END: Final = b"\x1c"
CARRIAGE_RETURN: Final = b"\r"
LARGEST_MESSAGE: Final = 16 * 1024 * 1024


class TooLarge(Exception):
    """A frame grew beyond the limit; `head` is how it started."""

    def __init__(self, head: bytes, limit: int) -> None:
        super().__init__(f"a message is larger than {limit:,} bytes")
        self.head = head


def frame(message: bytes) -> bytes:
    return START + message + END + CARRIAGE_RETURN


class Deframer:
    """Collects bytes and gives out whole messages.

    Bytes outside a frame are skipped and counted in `skipped`. A start block inside a frame means that the sender gave up on
    the message before: what was collected of it is dropped (it was never acknowledged) and counted in `abandoned`.
    """

    __slots__ = ("_buffer", "_inside", "_searched", "abandoned", "limit", "skipped")

    def __init__(self, limit: int = LARGEST_MESSAGE) -> None:
        self._buffer = bytearray()
        self._inside = False
        self._searched = 0
        self.limit = limit
        self.skipped = 0
        self.abandoned = 0

    @property
    def is_inside(self) -> bool:
        """True while a message has begun and not ended."""
        return self._inside

    def feed(self, data: bytes) -> list[bytes]:
        """Add received bytes; returns the messages they completed. Raises `TooLarge` when one grows beyond the limit."""
        # The usual case: one whole frame in one read.
        if not self._buffer and not self._inside and data[:1] == START and data.find(END) == len(data) - 2 and data[-1:] == CARRIAGE_RETURN:
            content = data[1:-2]
            if START not in content and len(content) <= self.limit:
                return [content]
        self._buffer += data
        messages: list[bytes] = []
        while True:
            if not self._inside and not self._find_start():
                return messages
            end = self._buffer.find(END, self._searched)
            if end < 0:
                self._searched = len(self._buffer)
                if len(self._buffer) > self.limit:
                    head = bytes(self._buffer[:65_536])
                    self._buffer.clear()
                    raise TooLarge(head, self.limit)
                return messages
            content = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._inside, self._searched = False, 0
            restart = content.rfind(START)
            if restart >= 0:
                self.abandoned += 1
                content = content[restart + 1 :]
            if len(content) > self.limit:
                raise TooLarge(content[:65_536], self.limit)
            if content:
                messages.append(content)

    def _find_start(self) -> bool:
        start = self._buffer.find(START)
        if start < 0:
            self.skipped += len(self._buffer.strip(b"\r\n"))
            self._buffer.clear()
            return False
        self.skipped += len(self._buffer[:start].strip(b"\r\n"))
        del self._buffer[: start + 1]
        self._inside, self._searched = True, 0
        return True
