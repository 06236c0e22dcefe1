"""Outside the house: its server on loopback, and what somebody can send there who keeps to no rule."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from wardline.formats.websocket import CLOSE, PING, TEXT, accept_for

KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 1.3, the example's
PATIENCE: Final = 5.0


class Answer(NamedTuple):
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Street:
    """A served house, and raw bytes to it."""

    def __init__(self, data: Path, portal: BlockingPortal, **said: Any) -> None:
        self.house = OpenHouse(data, portal, **said)
        self.house.do(self.house.running.open)
        self.port: int = self.house.running.http_port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.house.is_open:
            self.house.is_open = False
            self.house.do(self.house.running.close)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def say(self, raw: bytes, *, patience: float = 0.4) -> list[Answer]:
        """Send these bytes; everything that is answered until the server hangs up or says nothing for so long."""
        with self.connect() as line:
            line.sendall(raw)
            return answers_in(heard(line, patience))

    def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Answer:
        lines = [f"{method} {path} HTTP/1.1", "Host: ward", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        answers = self.say("\r\n".join([*lines, "", ""]).encode("latin-1") + body, patience=PATIENCE)
        assert answers, f"no answer to {method} {path}"
        return answers[0]


class Socket:
    """A WebSocket client that does as it is told."""

    def __init__(self, street: Street, path: str, *, protocols: Iterable[str] = (), origin: str = "http://ward", headers: Iterable[str] = ()) -> None:
        self.line = street.connect()
        lines = [f"GET {path} HTTP/1.1", "Host: ward", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        lines += [f"Sec-WebSocket-Key: {KEY}", *headers]
        if origin:
            lines.append(f"Origin: {origin}")
        if protocols := list(protocols):
            lines.append("Sec-WebSocket-Protocol: " + ", ".join(protocols))
        self.line.sendall("\r\n".join([*lines, "", ""]).encode())
        self._kept = b""
        head = self._until(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1])
        self.is_open = self.status == 101
        if self.is_open:
            assert accept_for(KEY.encode()) in head

    def frame(self) -> tuple[int, bytes]:
        """The next frame that is no ping."""
        while True:
            while len(self._kept) < 2:
                self._more()
            size, start = self._kept[1] & 0x7F, 2
            if size >= 126:
                width = 2 if size == 126 else 8
                while len(self._kept) < 2 + width:
                    self._more()
                size, start = int.from_bytes(self._kept[2 : 2 + width], "big"), 2 + width
            while len(self._kept) < start + size:
                self._more()
            opcode, content = self._kept[0] & 0x0F, self._kept[start : start + size]
            self._kept = self._kept[start + size :]
            if opcode != PING:
                return opcode, content

    def text(self) -> str:
        opcode, content = self.frame()
        assert opcode == TEXT, (opcode, content)
        return content.decode()

    def closed_with(self) -> int:
        while True:
            opcode, content = self.frame()
            if opcode == CLOSE:
                return int.from_bytes(content[:2], "big")

    def send(self, raw: bytes) -> None:
        self.line.sendall(raw)

    def close(self) -> None:
        self.line.close()

    def _until(self, end: bytes) -> bytes:
        while end not in self._kept:
            self._more()
        head, _, self._kept = self._kept.partition(end)
        return head + end

    def _more(self) -> None:
        some = self.line.recv(65536)
        if not some:
            raise ConnectionResetError("the server hung up")
        self._kept += some


def masked(opcode: int, content: bytes, *, final: bool = True) -> bytes:
    """A client's frame; the mask is zero, which the standard does not forbid a test."""
    size = len(content)
    head = bytes([(0x80 if final else 0) | opcode, 0x80 | min(size, 126)]) + (size.to_bytes(2, "big") if size >= 126 else b"")
    return head + b"\0\0\0\0" + content


def one_answer(line: socket.socket) -> Answer:
    """The answer to one request on a line that stays open."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += line.recv(65536)
    head, _, body = raw.partition(b"\r\n\r\n")
    (found,) = answers_in(head + b"\r\n\r\n")
    while len(body) < int(found.headers.get("content-length", 0)):
        body += line.recv(65536)
    return found._replace(body=body)


def heard(line: socket.socket, seconds: float) -> bytes:
    """Everything that comes until nothing comes for so long, or the line is closed."""
    line.settimeout(seconds)
    taken = b""
    with suppress(TimeoutError, ConnectionResetError):
        while some := line.recv(65536):
            taken += some
    return taken


def answers_in(raw: bytes) -> list[Answer]:
    found = []
    while raw.startswith(b"HTTP/1.1 "):
        head, _, rest = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body, rest = _body(headers, rest)
        found.append(Answer(int(first.split(" ", 2)[1]), headers, body))
        raw = rest
    return found


def _body(headers: dict[str, str], rest: bytes) -> tuple[bytes, bytes]:
    if headers.get("transfer-encoding") != "chunked":
        length = int(headers.get("content-length", 0))
        return rest[:length], rest[length:]
    whole = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        whole, rest = whole + rest[:length], rest[length + 2 :]
        if length == 0:
            break
    return whole, rest
