"""One-time tickets for WebSockets: a browser cannot send its token with the handshake, and a token in an address ends up in logs.

Somebody who is signed in asks for a ticket for one path; the handshake brings it, once, within half a minute, from a page of the
same origin. What is stolen from a log afterwards opens nothing (TRAP-6, ASVS 4.4.2 to 4.4.4).
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.people import Person
from wardline.security.refusals import NotSignedIn

LASTS: Final = timedelta(seconds=30)
AT_MOST: Final = 10_000
"""Unused tickets; beyond it the oldest is void, which makes its screen ask again."""
NO_GOOD: Final = "this ticket is not good for this; ask for a new one"


class Ticket(NamedTuple):
    """Who may open what, from where, until when."""

    person: Person
    path: str
    origin: str
    ends_at: datetime


class Tickets:
    """Kept in memory as hashes: a restart voids them all, and nobody minds within half a minute."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._open: OrderedDict[bytes, Ticket] = OrderedDict()

    def issue(self, person: Person, path: str, origin: str) -> tuple[str, datetime]:
        """The ticket's words and until when they are good."""
        words, ends_at = secrets.token_urlsafe(32), self._now() + LASTS
        self._open[_hashed(words)] = Ticket(person, path, origin, ends_at)
        while len(self._open) > AT_MOST:
            self._open.popitem(last=False)
        return words, ends_at

    def take(self, words: str, path: str, origin: str) -> Person:
        """Whose it is. It is gone whatever the answer is: a ticket tried at the wrong door is a stolen one. Raises `NotSignedIn`."""
        ticket = self._open.pop(_hashed(words), None)
        if ticket is None or ticket.ends_at <= self._now() or (ticket.path, ticket.origin) != (path, origin):
            raise NotSignedIn(NO_GOOD)
        return ticket.person


def _hashed(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()
