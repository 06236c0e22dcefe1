"""HTTP connections that do not wait for ever: whoever sends a request slowly, or opens too many connections, is shown out.

uvicorn with httptools bounds the pause between two requests, but neither how long a request line and its headers take nor how long
they are (measured: a connection that sends one header byte a second stays open until it is done). These are the missing bounds.
"""

import asyncio
from collections import Counter
from typing import Any, ClassVar, Final

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEADERS_WITHIN_SECONDS: Final = 10.0
LARGEST_HEAD: Final = 32 * 1024
READS_WITHIN_SECONDS: Final = 60.0
"""How long somebody may leave what is sent to them unread, once everything that is kept for them is full."""
AT_MOST: Final = 2000
"""Connections in all."""
AT_MOST_OF_ONE: Final = 256
"""Connections of one address: a proxy or a ward behind one address has many screens."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with bounds."""

    of_address: ClassVar[Counter[str]] = Counter()
    shown_out: ClassVar[Counter[str]] = Counter()
    """How many connections have been ended, by why."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: asyncio.AbstractEventLoop | None = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head = 0
        self._is_in_head = False
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.of_address[self._address] += 1
        if self.of_address[self._address] > AT_MOST_OF_ONE or len(self.connections) > AT_MOST:
            self._show_out("too many connections")
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_waiting_for_reader()
        self.of_address[self._address] -= 1
        if self.of_address[self._address] <= 0:
            del self.of_address[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._show_out("headers too large")

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(READS_WITHIN_SECONDS, self._show_out, "slow reader")

    def resume_writing(self) -> None:
        self._stop_waiting_for_reader()
        super().resume_writing()

    def on_message_begin(self) -> None:
        """The first byte of a request: from here on its head has so long and no longer."""
        self._is_in_head, self._head = True, 0
        if self._deadline is None:
            self._wait_for_head()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head += len(name) + len(value)
        if self._head > LARGEST_HEAD:
            raise httptools.HttpParserCallbackError("headers too large")

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(HEADERS_WITHIN_SECONDS, self._show_out, "slow headers")

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_waiting_for_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _show_out(self, why: str) -> None:
        if not self.transport.is_closing():
            self.shown_out[why] += 1
            self.transport.abort()
