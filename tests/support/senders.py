"""The far side of the MLLP wire: a system that keeps every message until it is acknowledged, and sends it again after a cut."""

import re
from collections.abc import Sequence
from itertools import count
from socket import socket
from time import monotonic, sleep

from delivery.receiver import Receiver
from support.served import Served
from wardline.formats.hl7v2.framing import Deframer, frame

WINDOW = 8
"""Messages on the wire at once: an interface that does not wait for each answer."""


class Sender:
    """`waiting` in order; `acknowledged` are (message, answer) of all that was taken, each once."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self.waiting: dict[str, bytes] = {}
        self.acknowledged: list[tuple[bytes, bytes]] = []
        self.resent = 0
        self._sent: set[str] = set()

    def add(self, messages: Sequence[bytes]) -> None:
        self.waiting |= {control_of(message): message for message in messages}

    def send_all(self, ward: Served) -> bool:
        """Until everything is acknowledged, True; False when the other side is gone."""
        try:
            with ward.connect() as connection:
                self._talk(connection)
        except OSError:
            return False
        return not self.waiting

    def _talk(self, connection: socket) -> None:
        deframer, flying = Deframer(), 0
        unsent = iter(list(self.waiting.items()))
        for _ in count():
            while flying < self._window and (each := next(unsent, None)) is not None:
                self.resent += each[0] in self._sent
                self._sent.add(each[0])
                connection.sendall(frame(each[1]))
                flying += 1
            received = connection.recv(65536) if flying else b""
            if not received:
                return
            for answer in deframer.feed(received):
                flying -= 1
                self._answered(answer)

    def _answered(self, answer: bytes) -> None:
        found = re.search(rb"\rMSA\|(\w\w)\|([^|\r]+)", answer)
        assert found is not None, answer
        assert found[1] == b"AA", answer
        self.acknowledged.append((self.waiting.pop(found[2].decode()), answer))


def hear_out(phones: Receiver, quiet_seconds: float = 1.5) -> None:
    """Until no phone has rung for a while."""
    heard, since = -1, monotonic()
    while monotonic() - since < quiet_seconds:
        if len(phones.taken) != heard:
            heard, since = len(phones.taken), monotonic()
        sleep(0.05)


def control_of(message: bytes) -> str:
    return message.split(b"|", 10)[9].decode()
