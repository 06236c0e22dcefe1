"""Holding a library that connects by itself to the site's list: what it looks up and connects to is checked as it happens.

The interpreter says each look-up and each connection to whoever listens (PEP 578) and lets it be refused. We heed it only for work
that has been put under guard; whatever library does that work, with redirects and proxies of its own, gets no further than the list.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from wardline.adapters.outgoing.places import OutOfBounds, Places


class NotListed(OutOfBounds, ConnectionRefusedError):
    """For the library it is a connection that did not come about: it lets go of the socket, as it would of any other."""


class _Watch:
    """One guarded piece of work: the list, the names it has looked up, and what it was refused."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.hosts: list[str] = []
        self.refused: NotListed | None = None

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        try:
            if event in LOOK_UPS:
                self.look_up(arguments[0])
            elif event in CONNECTIONS:
                self.connect(arguments[1])
        except OutOfBounds as refusal:
            self.refused = NotListed(str(refusal))
            raise self.refused from None

    def look_up(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if not self.places.is_named(name):
            raise OutOfBounds(f"{name[:100]!r} is not listed in config/outgoing.yaml; list it there if Wardline should reach it")
        self.hosts.append(name)

    def connect(self, address: object) -> None:
        if not isinstance(address, tuple):
            raise OutOfBounds("only network addresses are reached from here")
        self.places.check_address(str(address[0]).partition("%")[0], int(address[1]), self.hosts)


# Goes along into threads that the library starts for the work, where a value of the thread would be lost.
_watch: Final[ContextVar[_Watch | None]] = ContextVar("outgoing_watch", default=None)
_listening: Final = threading.Event()
LOOK_UPS: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
CONNECTIONS: Final = frozenset({"socket.connect", "socket.sendto"})


@contextmanager
def guarded(places: Places) -> Iterator[None]:
    """Until the end of the block whatever runs here looks up and connects to nothing that is not listed.

    Raises `OutOfBounds` at the end, whatever the library made of it: its sentence says what to list.
    """
    _listen()
    watch = _Watch(places)
    before = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(before)
        if watch.refused is not None:
            raise OutOfBounds(str(watch.refused))


def _listen() -> None:
    """Once in a process: what listens can never stop listening."""
    if not _listening.is_set():
        _listening.set()
        sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    watch = _watch.get()
    if watch is None:
        return
    watch.check(event, arguments)
