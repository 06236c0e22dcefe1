"""The DICOM door: accepts connections and gives each association a thread. Several processes may listen on the same port."""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections import Counter
from typing import Final

import structlog

from wardline.intake.dicom.association import Association, Serving
from wardline.intake.dicom.pdus import Line
from wardline.intake.dicom.sockets import bound_socket

log = structlog.get_logger()

MOST_ASSOCIATIONS: Final = 100
"""Of one process; beyond it a caller hears "local limit exceeded" and tries again."""
SHARE: Final = 0.5
"""Of them that one address may hold: whoever opens connections and says nothing leaves room for the scanners."""
BUSY: Final = bytes((3, 0, 0, 0, 0, 4, 0, 2, 3, 2))
"""A-ASSOCIATE-RJ: transient, by the provider's presentation side, local limit exceeded (PS3.8 9.3.4)."""
_HANDSHAKE_SECONDS: Final = 15.0
_BACKLOG: Final = 128
_BREATH_SECONDS: Final = 0.2
_LOOK_SECONDS: Final = 0.5
_COURTESY_SECONDS: Final = 0.002
_MOST_COURTESY: Final = 5
"""For each association that is open a process lets its siblings go first by so much, up to this many times: whoever serves fewer takes the next."""


class DicomListener:
    """Listens on a port of its own, or together with other processes of ours on a socket that all of them were given."""

    def __init__(self, serving: Serving, *, tls: ssl.SSLContext | None = None, most: int = MOST_ASSOCIATIONS) -> None:
        self._serving = serving
        self._tls = tls
        self._most = most
        self._socket: socket.socket | None = None
        self._is_shared = False
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._from: Counter[str] = Counter()
        self._most_from_one = max(1, round(most * SHARE))

    def listen(self, host: str, port: int) -> int:
        """Start listening; returns the port, which the system chooses when `port` is 0."""
        sock = bound_socket(host, port)
        self._use(sock)
        return int(sock.getsockname()[1])

    def share(self, sock: socket.socket) -> None:
        """Listen on this socket, as other processes do."""
        self._use(sock)
        self._is_shared = True

    def _use(self, sock: socket.socket) -> None:
        sock.listen(_BACKLOG)
        sock.setblocking(False)
        self._socket = sock

    @property
    def open(self) -> int:
        """Associations at this moment."""
        return len(self._threads)

    def run(self) -> None:
        """Accept until `close` is called."""
        listening = self._socket
        while listening is not None and self._socket is listening:
            try:
                self._await(listening)
                sock, address = listening.accept()
            except BlockingIOError:  # nobody has called, or another process was first
                continue
            except (OSError, ValueError) as error:  # closed, or too many files are open: those who wait are let in when some have gone
                if self._socket is listening:
                    log.error("association_not_accepted", reason=str(error))
                    time.sleep(_BREATH_SECONDS)
                continue
            if self.open >= self._most or self._from[address[0]] >= self._most_from_one:
                log.warning("association_turned_away", address=address[0], open=self.open)
                _turn_away(sock)
                continue
            thread = threading.Thread(target=self._serve, args=(sock, str(address[0])), name="association", daemon=True)
            self._threads.add(thread)
            self._from[str(address[0])] += 1
            thread.start()

    def close(self, patience_seconds: float = 5.0) -> None:
        """Stop accepting, give what is being received a moment, then hang up."""
        listening, self._socket = self._socket, None
        if listening is not None:
            if not self._is_shared:  # the others go on accepting
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for sock in list(self._open):  # no new requests; an object whose last byte is here is still answered
            with contextlib.suppress(OSError):  # it has gone already
                socket.socket.shutdown(sock, socket.SHUT_RD)  # not TLS's own, which would go on in clear
        until = time.monotonic() + patience_seconds
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

    def _await(self, listening: socket.socket) -> None:
        """Until somebody calls, or it is time to look whether this is over."""
        waiting = select.poll()
        waiting.register(listening, select.POLLIN)
        if waiting.poll(_LOOK_SECONDS * 1000) and self._is_shared:
            time.sleep(min(self.open, _MOST_COURTESY) * _COURTESY_SECONDS)

    def _serve(self, sock: socket.socket, address: str) -> None:
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock = self._secured(sock)
            self._open.add(sock)
            Association(Line(sock), self._serving, address).run()
        except OSError as error:  # also a TLS handshake that failed
            log.info("connection_refused", address=address, reason=type(error).__name__)
            sock.close()
        finally:
            self._open.discard(sock)
            self._from[address] -= 1
            self._threads.discard(threading.current_thread())

    def _secured(self, sock: socket.socket) -> socket.socket:
        if self._tls is None:
            return sock
        sock.settimeout(_HANDSHAKE_SECONDS)
        return self._tls.wrap_socket(sock, server_side=True)


def _turn_away(sock: socket.socket) -> None:
    sock.settimeout(0.5)
    with contextlib.suppress(OSError):  # it has gone already
        sock.sendall(BUSY)
    sock.close()
