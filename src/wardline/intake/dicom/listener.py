"""The DICOM door: accepts connections and gives each association a thread. Several processes may listen on the same port."""

import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from typing import Final

import structlog

from wardline.intake.dicom.association import Association, Serving
from wardline.intake.dicom.pdus import Line
from wardline.intake.dicom.sockets import shared_socket

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


class DicomListener:
    """Listens on a port that other processes of ours may share: the system deals connections out among them."""

    def __init__(self, serving: Serving, *, tls: ssl.SSLContext | None = None, most: int = MOST_ASSOCIATIONS) -> None:
        self._serving = serving
        self._tls = tls
        self._most = most
        self._socket: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._from: Counter[str] = Counter()
        self._most_from_one = max(1, round(most * SHARE))

    def listen(self, host: str, port: int) -> int:
        """Start listening; returns the port, which the system chooses when `port` is 0."""
        self._socket = shared_socket(host, port)
        self._socket.listen(_BACKLOG)
        return int(self._socket.getsockname()[1])

    def run(self) -> None:
        """Accept until `close` is called."""
        listening = self._socket
        while listening is not None and self._socket is listening:
            try:
                sock, address = listening.accept()
            except OSError as error:  # closed, or too many files are open: those who wait are let in when some have gone
                if self._socket is listening:
                    log.error("association_not_accepted", reason=error.strerror)
                    time.sleep(_BREATH_SECONDS)
                continue
            if len(self._threads) >= self._most or self._from[address[0]] >= self._most_from_one:
                log.warning("association_turned_away", address=address[0], open=len(self._threads))
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
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for sock in list(self._open):  # no new requests; an object whose last byte is here is still answered
            with contextlib.suppress(OSError):  # it has gone already
                socket.socket.shutdown(sock, socket.SHUT_RD)  # not TLS's own, which would go on in clear
        until = time.monotonic() + patience_seconds
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

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
