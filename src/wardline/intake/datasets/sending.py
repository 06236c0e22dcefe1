"""Sending a feed through a real MLLP connection: many messages on their way at once, every acknowledgement looked at.

One connection, not one for each unit: messages then arrive in the order of feed time, so that with a feed clock each is recorded
at the moment it speaks about, and the same replay always leaves the same log. Several connections would let a quick one move
the clock ahead of what a slow one still has to say.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.formats.hl7v2.acknowledgement import Acknowledgement, modes_of, read_acknowledgement, wants
from wardline.formats.hl7v2.client import MllpClient
from wardline.formats.hl7v2.message import header_of
from wardline.intake.datasets.timed import Timed

WINDOW: Final = 150
"""Messages on their way at most. Below the number at which the listener stops reading a connection (200)."""


class Refusal(NamedTuple):
    """A message the receiver did not take, with its code and reason."""

    name: str
    code: str
    reason: str


@dataclass(slots=True)
class Totals:
    """What became of a replay's messages."""

    sent: int = 0
    accepted: int = 0
    unanswered: int = 0
    """Not sure to be acknowledged, by their sender's wish (MSH-15 and MSH-16): their fate is in the log."""
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class _OnItsWay:
    """A message that waits for `due` more acknowledgements. `application`: MSH-16, for the second of two."""

    name: str
    control_id: str
    due: int
    application: str = ""


class Sending:
    """Messages out, acknowledgements in. `pace` waits until it is time for a message; `told` hears of each one that is sent."""

    def __init__(
        self, client: MllpClient, *, pace: Callable[[datetime], Awaitable[None]] | None = None, told: Callable[[int, Timed], None] | None = None
    ) -> None:
        self.client = client
        self.totals = Totals()
        self._pace = pace
        self._told = told
        self._on_their_way: deque[_OnItsWay] = deque()

    async def send_all(self, messages: Iterable[tuple[int, Timed]]) -> Totals:
        """Send everything and wait for the last answer. Raises `NoAnswer` when the receiver falls silent."""
        for begun, message in messages:
            if self._pace is not None and message.at is not None:
                await self._settle(0)
                await self._pace(message.at)
            self._send(message)
            if self._told is not None:
                self._told(begun, message)
            if len(self._on_their_way) >= WINDOW:
                await self._settle(WINDOW // 2)
        await self._settle(0)
        return self.totals

    def _send(self, message: Timed) -> None:
        self.client.write(message.raw)
        self.totals.sent += 1
        waiting = _waiting_for(message)
        if waiting.due:
            self._on_their_way.append(waiting)
        else:
            self.totals.unanswered += 1

    async def _settle(self, left: int) -> None:
        """Read answers until only `left` messages wait for theirs."""
        while len(self._on_their_way) > left:
            self._take(read_acknowledgement(await self.client.answer()))

    def _take(self, answer: Acknowledgement) -> None:
        oldest = self._on_their_way[0]
        if answer.control_id not in (oldest.control_id, ""):
            # Who asked for an answer only in success or only in error hears it when it comes, not in its turn.
            if not answer.positive:
                self.totals.refusals.append(Refusal(answer.control_id, answer.code, answer.text))
            return
        oldest.due -= 1
        if answer.code in ("CE", "CR"):
            oldest.due = int(wants(oldest.application, positive=False))
        if oldest.due == 0:
            self._on_their_way.popleft()
            self.totals.accepted += answer.positive
            if not answer.positive:
                self.totals.refusals.append(Refusal(oldest.name, answer.code, answer.text))


def _waiting_for(message: Timed) -> _OnItsWay:
    """How many acknowledgements a message is sure to get, by its MSH-15 and MSH-16."""
    try:
        header = header_of(message.raw)
    except Refused:
        return _OnItsWay(message.name, "", 1)
    modes = modes_of(header)
    due = _always(modes.accept) + _always(modes.application) if modes.enhanced else 1
    return _OnItsWay(message.name, header.control_id, due, modes.application)


def _always(condition: str) -> bool:
    """Asked for in success and in error. An answer asked for in one of them only cannot be waited for."""
    return wants(condition, positive=True) and wants(condition, positive=False)
