"""WebSocket connections of the HTTP server: from the handshake to the goodbye, bounded in size and time, as ASGI sees them.

uvicorn hands a connection over after the request that asks for the upgrade. Whoever does not answer a ping is gone; whoever does not
read what is sent makes only the sender of this connection wait.
"""

import asyncio
import contextlib
from collections import deque
from typing import Any, Final
from urllib.parse import unquote

from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from wardline.formats.websocket import CLOSE, GOING_AWAY, NORMAL, PING, POLICY, PONG, TEXT, Broken, Message, Unframer, accept_for, closing, encoded

PING_SECONDS: Final = 20.0
LARGEST_MESSAGE: Final = 64 * 1024
WAITING_AT_MOST: Final = 32
"""Messages that have come and that nobody has taken yet; more is a flood."""
GOODBYE_SECONDS: Final = 2.0
VERSION: Final = b"13"  # RFC 6455 4.1


class WebSocketConnection(asyncio.Protocol):
    """One connection, made the way uvicorn makes them."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.app = config.loaded_app
        self.connections = server_state.connections
        self.tasks = server_state.tasks
        self.loop = _loop or asyncio.get_event_loop()
        self.transport: asyncio.Transport
        self._headers: list[tuple[bytes, bytes]] = []
        self._unframer: Unframer | None = None
        self._came: deque[dict[str, Any]] = deque([{"type": "websocket.connect"}])
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._is_accepted = self._is_over = self._heard = False
        self._pings: asyncio.TimerHandle | None = None

    # --- what the network says ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.connections.add(self)  # type: ignore[arg-type]
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.connections.discard(self)
        self._end(GOING_AWAY)
        self._writable.set()

    def eof_received(self) -> None:
        self._end(GOING_AWAY)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """The first piece is the request, as the HTTP side has read it; everything after it is frames."""
        if self._unframer is None:
            self._unframer = Unframer(LARGEST_MESSAGE)
            self._asked(data)
            return
        self._heard = True
        try:
            for message in self._unframer.feed(data):
                self._take(message)
        except Broken as broken:
            self._close(broken.code, str(broken))

    def shutdown(self) -> None:
        """The server stops."""
        self._close(GOING_AWAY, "Wardline stops")

    # --- the handshake ---

    def _asked(self, request: bytes) -> None:
        first, *lines = request.removesuffix(b"\r\n\r\n").split(b"\r\n")
        method, target, _ = first.split(b" ", 2)
        for line in lines:
            name, _, value = line.partition(b": ")
            self._headers.append((name.lower(), value))
        given = dict(self._headers)
        if method != b"GET" or given.get(b"sec-websocket-version") != VERSION or len(given.get(b"sec-websocket-key", b"")) != 24:
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nsec-websocket-version: 13\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()
            return
        task = self.loop.create_task(self._run(self._scope(target)))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _scope(self, target: bytes) -> dict[str, Any]:
        raw_path, _, query = target.partition(b"?")
        offered = [each.strip() for name, value in self._headers if name == b"sec-websocket-protocol" for each in value.decode("latin-1").split(",")]
        return {
            "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "scheme": "wss" if is_ssl(self.transport) else "ws", "server": get_local_addr(self.transport), "client": get_remote_addr(self.transport),
            "root_path": "", "path": unquote(raw_path.decode("ascii", "replace")), "raw_path": raw_path, "query_string": query,
            "headers": self._headers, "subprotocols": offered, "state": {},
        }  # fmt: skip

    async def _run(self, scope: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionError):
            await self.app(scope, self.receive, self.send)
        if not self._is_accepted:
            self._refuse(403, b"")
        self._close(NORMAL, "")

    # --- what the application says ---

    async def receive(self) -> dict[str, Any]:
        while not self._came:
            self._news.clear()
            await self._news.wait()
        return self._came.popleft()

    async def send(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                self._accept(message.get("subprotocol"), message.get("headers", ()))
            case "websocket.send":
                if self._is_over:
                    raise ConnectionResetError("the other side is gone")
                text = message.get("text")
                self.transport.write(encoded(TEXT, text.encode() if text is not None else message["bytes"]))
                await self._writable.wait()
            case "websocket.close" if self._is_accepted:
                self._close(message.get("code", NORMAL), message.get("reason") or "")
            case "websocket.http.response.start":
                self._refusal = message
            case "websocket.http.response.body":
                self._refuse(self._refusal["status"], message["body"], self._refusal["headers"])
            case _:
                self._refuse(403, b"")

    def _accept(self, subprotocol: str | None, headers: Any) -> None:
        answer = [b"HTTP/1.1 101 Switching Protocols", b"upgrade: websocket", b"connection: Upgrade"]
        answer.append(b"sec-websocket-accept: " + accept_for(dict(self._headers)[b"sec-websocket-key"]))
        if subprotocol is not None:
            answer.append(b"sec-websocket-protocol: " + subprotocol.encode("latin-1"))
        answer += [name + b": " + value for name, value in headers]
        self.transport.write(b"\r\n".join(answer) + b"\r\n\r\n")
        self._is_accepted = self._heard = True
        self._look()

    def _refuse(self, status: int, body: bytes, headers: Any = ()) -> None:
        """An answer like any other: the connection never becomes a WebSocket."""
        if self._is_accepted or self._is_over:
            return
        answer = [f"HTTP/1.1 {status} Refused".encode(), b"connection: close"]
        answer += [name + b": " + value for name, value in headers]
        if not any(name.lower() == b"content-length" for name, _ in headers):
            answer.append(f"content-length: {len(body)}".encode())
        self.transport.write(b"\r\n".join(answer) + b"\r\n\r\n" + body)
        self._is_over = True
        self.transport.close()

    # --- frames ---

    def _take(self, message: Message) -> None:
        if self._is_over:
            return
        match message.opcode:
            case opcode if opcode == PING:
                self.transport.write(encoded(PONG, message.payload))
            case opcode if opcode == CLOSE:
                self._close(int.from_bytes(message.payload[:2], "big") or NORMAL, "")
            case opcode if opcode == TEXT and self._is_accepted and len(self._came) < WAITING_AT_MOST:
                self._came.append({"type": "websocket.receive", "text": message.payload.decode()})
                self._news.set()
            case opcode if opcode != PONG:
                self._close(POLICY, "this is more than is taken here")

    def _look(self) -> None:
        """Ask whether somebody is still there; hang up on whoever has said nothing since the last time."""
        if self._is_over:
            return
        if not self._heard:
            self._end(GOING_AWAY)
            self.transport.abort()
            return
        self._heard = False
        self.transport.write(encoded(PING, b""))
        self._pings = self.loop.call_later(PING_SECONDS, self._look)

    def _close(self, code: int, reason: str) -> None:
        if self._is_accepted and not self._is_over:
            self.transport.write(closing(code if 1000 <= code < 5000 and code not in (1005, 1006) else NORMAL, reason))
            self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)
        self._end(code)
        self.transport.close()

    def _end(self, code: int) -> None:
        if not self._is_over:
            self._is_over = True
            self._came.append({"type": "websocket.disconnect", "code": code})
            self._news.set()
            if self._pings is not None:
                self._pings.cancel()
