"""The post room: messages wait here until they are sent, and here the things go wrong that go wrong on the way.

MSH-7 is the moment at which a message was made; it is sent later when the interface was silent.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from wardline.formats.hl7v2.builder import header, message
from wardline.simulator.chance import happens
from wardline.simulator.feeds import CHARTING, DOCUMENTS, LABORATORY, Feed
from wardline.simulator.places import HOSPITAL
from wardline.simulator.settings import Faults
from wardline.simulator.spoiling import spoil

_MAY_BE_SPOILT: Final = (CHARTING, LABORATORY, DOCUMENTS)


class Sent(NamedTuple):
    """A message as it goes onto the wire at a simulated moment."""

    send_at: datetime
    feed: str
    raw: bytes


class _Waiting(NamedTuple):
    """Ordered by its first three fields: what waited out a silence goes before what was made after it."""

    send_at: datetime
    made_at: datetime
    number: int
    feed: Feed
    kind: str
    lines: list[str]
    sure: bool
    raw: bytes


class PostRoom:
    """Takes messages in and gives them out in the order in which they are sent."""

    def __init__(self, faults: Faults, dice: Random, opened_at: datetime) -> None:
        self._faults = faults
        self._dice = dice
        self._waiting: list[_Waiting] = []
        self._count = 0
        self._numbers: dict[str, int] = {}
        # Control ids name a message for a month; two simulations into the same house must not use the same ones.
        self._series = opened_at.strftime("%y%m%d%H%M")
        self._silent: dict[Feed, tuple[datetime, datetime]] = {}

    def silence(self, feed: Feed, since: datetime, until: datetime) -> None:
        """The feed stays connected and says nothing; what it has to say waits."""
        self._silent[feed] = (since, until)

    def hand_in(self, feed: Feed, kind: str, lines: list[str], made_at: datetime, *, sure: bool = False) -> None:
        """`kind` is MSH-9, `lines` the segments after MSH. Nothing goes wrong with a message that is `sure`."""
        self._wait(made_at, made_at, feed, kind, lines, sure)

    def sent_before(self, moment: datetime | None) -> Iterator[Sent]:
        """Give out, in order, what is sent before the moment."""
        while self._waiting and (moment is None or self._waiting[0].send_at < moment):
            each = heapq.heappop(self._waiting)
            since, until = self._silent.get(each.feed, (None, None))
            if since is not None and until is not None and since <= each.send_at < until:
                self._wait(until, each.made_at, each.feed, each.kind, each.lines, each.sure, each.raw)
                continue
            yield Sent(each.send_at, each.feed.name, each.raw or self._seal(each))

    def _wait(self, send_at: datetime, made_at: datetime, feed: Feed, kind: str, lines: list[str], sure: bool, raw: bytes = b"") -> None:
        self._count += 1
        heapq.heappush(self._waiting, _Waiting(send_at, made_at, self._count, feed, kind, lines, sure, raw))

    def _seal(self, each: _Waiting) -> bytes:
        """The message's bytes: it gets its control id as it is sent, so that a feed's ids count up."""
        number = self._numbers[each.feed.name] = self._numbers.get(each.feed.name, 0) + 1
        head = header(
            application=each.feed.name, facility=HOSPITAL, to_application="WARDLINE", to_facility=HOSPITAL, at=each.made_at, kind=each.kind,
            control_id=f"{each.feed.name[:3]}{self._series}{number:06d}",
        )  # fmt: skip
        raw = message([head, *each.lines])
        if each.sure:
            return raw
        if each.feed in _MAY_BE_SPOILT and happens(self._dice, self._faults.malformed):
            return spoil(raw, self._dice)
        if happens(self._dice, self._faults.duplicate):
            again_at = each.send_at + timedelta(seconds=self._dice.randrange(2, 90))
            self._wait(again_at, each.made_at, each.feed, each.kind, [], True, raw)
        return raw
