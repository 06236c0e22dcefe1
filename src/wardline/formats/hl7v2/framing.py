"""MLLP framing: <VT> message <FS><CR>, however the network cuts it up."""

from typing import Final

START: Final = b"\x0b"
END: Final = b"\x1c"
CARRIAGE_RETURN: Final = b"\r"
LARGEST_MESSAGE: Final = 16 * 1024 * 1024
CUT_OFF: Final = "(cut off: the message was too large)"
_HEAD: Final = 65_536


class TooLarge(Exception):
    """A frame grew beyond the limit; `head` is how it started, `whole` the messages that were complete before it."""

    def __init__(self, head: bytes, limit: int, whole: list[bytes]) -> None:
        super().__init__(f"a message is larger than {limit:,} bytes")
        self.head = head
        self.whole = whole

    @property
    def beginning(self) -> bytes:
        """What is kept for people to look at. Its last line makes sure that a part is never read as the whole."""
        return self.head[: self.head.rfind(CARRIAGE_RETURN)] + CARRIAGE_RETURN + CUT_OFF.encode() + CARRIAGE_RETURN


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
        if not self._inside and data[:1] == START and data.find(END) == len(data) - 2 and data[-1:] == CARRIAGE_RETURN:
            content = data[1:-2]
            if content and START not in content and len(content) <= self.limit:
                return [content]
        self._buffer += data
        messages: list[bytes] = []
        while self._inside or self._find_start():
            end = self._buffer.find(END, self._searched)
            if end < 0:
                self._drop_abandoned()
                self._searched = len(self._buffer)
                self._check(self._buffer, messages)
                return messages
            content = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._inside, self._searched = False, 0
            if START in content:
                self.abandoned += content.count(START)
                content = content[content.rfind(START) + 1 :]
            self._check(content, messages)
            if content:
                messages.append(content)
        return messages

    def _find_start(self) -> bool:
        start = self._buffer.find(START)
        outside = self._buffer if start < 0 else self._buffer[:start]
        self.skipped += len(outside.translate(None, b"\r\n"))
        if start < 0:
            self._buffer.clear()
            return False
        del self._buffer[: start + 1]
        self._inside, self._searched = True, 0
        return True

    def _drop_abandoned(self) -> None:
        """A sender that starts again and again without ever finishing must not fill the memory."""
        restart = self._buffer.rfind(START, self._searched)
        if restart >= 0:
            self.abandoned += self._buffer.count(START, self._searched)
            del self._buffer[: restart + 1]

    def _check(self, content: bytes | bytearray, whole: list[bytes]) -> None:
        if len(content) > self.limit:
            head = bytes(content[:_HEAD])
            self._buffer.clear()
            self._inside, self._searched = False, 0
            raise TooLarge(head, self.limit, whole)
