"""Takes notifications from the outbox to people: the next channel when one fails, the policy when all have failed.

Delivery is at least once: a row leaves the outbox only when its fate is recorded. The notification's id never changes, so that
receivers drop repeats. Messages to one role about one alert stay in order; all others go side by side, so that no slow channel
holds up another. The engine is only ever handed results.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Protocol

import msgspec
import structlog

from wardline.core.errors import Fault
from wardline.core.events import Notified
from wardline.core.findings import Severity
from wardline.core.outside import Pools
from wardline.core.ports import Notification, Notifier, Outbox, Outgoing
from wardline.delivery.alerts.telling import TOPIC, Message, alert_of
from wardline.delivery.notifications.contacts import Channel, Contacts

log = structlog.get_logger()

LOOK_EVERY: Final = 5.0
"""Seconds between looks at the outbox when nobody calls: only a net, `wake` is what is meant."""
FIRST_PAUSE: Final = 0.5
"""Seconds before a channel is tried again; doubled each time."""
AT_ONCE_PER_CHANNEL: Final = 4
ROWS: Final = 200
_DECODE: Final = msgspec.json.Decoder(Message).decode


class Recorder(Protocol):
    """Has results recorded in the log; returns once they are durable."""

    async def __call__(self, results: tuple[Notified, ...]) -> None: ...


class Courier:
    """One per house."""

    def __init__(
        self, outbox: Outbox, contacts: Contacts, notifier: Notifier, record: Recorder, pools: Pools, *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._outbox = outbox
        self._contacts = contacts
        self._notifier = notifier
        self._record = record
        self._pools = pools
        self._pause = pause
        self._awake = asyncio.Event()
        self._lanes: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._awaited: dict[str, asyncio.Event] = {}

    def wake(self) -> None:
        """There may be something to deliver."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until cancelled. What is under way then is delivered again after the next start."""
        try:
            while True:
                self._awake.clear()
                try:
                    self.deliver_waiting()
                except Exception as error:  # a worker that stops is a house that tells nobody: say so, and look again
                    log.error("outbox_not_read", error=type(error).__name__)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._awake.wait()
        finally:
            for lane in self._lanes.values():
                lane.cancel()

    def deliver_waiting(self) -> None:
        """Begin to deliver what waits and is not under way."""
        waiting: dict[tuple[str, str], list[tuple[int, Message]]] = {}
        for row, outgoing in self._outbox.waiting(TOPIC, ROWS + len(self._lanes)):
            message = self._read(row, outgoing)
            if message is not None and (message.alert, message.role) not in self._lanes:
                waiting.setdefault((message.alert, message.role), []).append((row, message))
        for lane, rows in waiting.items():
            task = self._lanes[lane] = asyncio.get_running_loop().create_task(self._deliver_in_order(rows))
            task.add_done_callback(lambda done, lane=lane: self._lane_ended(lane, done))  # type: ignore[misc]

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._lanes:
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)
            await asyncio.sleep(0)

    async def received(self, notification: str, *, recipient: str = "", channel: str = "device") -> None:
        """A device confirms that it has the notification: that, not sending, closes the loop."""
        awaited = self._awaited.get(notification)
        if awaited is not None:
            awaited.set()
        await self._record((Notified(alert_of(notification), notification, channel, "received", recipient),))

    def _read(self, row: int, outgoing: Outgoing) -> Message | None:
        try:
            return _DECODE(outgoing.payload)
        except msgspec.DecodeError:
            log.error("notification_unreadable", key=outgoing.key)
            self._outbox.done((row,))
            return None

    def _lane_ended(self, lane: tuple[str, str], task: "asyncio.Task[None]") -> None:
        self._lanes.pop(lane, None)
        if not task.cancelled() and task.exception() is not None:
            # The result could not be recorded: the row stays in the outbox and is delivered again at the next look.
            log.error("notification_not_recorded", alert=lane[0], error=type(task.exception()).__name__)
        else:
            self.wake()

    async def _deliver_in_order(self, rows: list[tuple[int, Message]]) -> None:
        for row, message in rows:
            await self._deliver(message)
            self._outbox.done((row,))

    async def _deliver(self, message: Message) -> None:
        """Channel after channel until one has taken it, and confirmed it where it can."""
        channels = self._contacts.of(message.person, message.contact)
        for channel in channels:
            if await self._by(channel, message):
                return
        detail = "no channel reached anybody" if channels else f"there is no channel for {message.contact or message.person or message.role}"
        log.warning("notification_failed", alert=message.alert, role=message.role, channels=len(channels))
        await self._record((self._result(message, "", "failed", detail),))

    async def _by(self, channel: Channel, message: Message) -> bool:
        confirmed = self._awaited.setdefault(message.id, asyncio.Event())
        try:
            outcome, detail = await self._sent(channel, message)
            await self._record((self._result(message, channel.name, outcome, detail),))
            if outcome == "failed":
                return False
            if outcome == "received" or channel.confirm_within is None or await _within(confirmed, channel.confirm_within.total_seconds()):
                return True
            detail = f"taken, but not confirmed within {channel.confirm_within.total_seconds():g} s"
            await self._record((self._result(message, channel.name, "failed", detail),))
            return False
        finally:
            self._awaited.pop(message.id, None)

    async def _sent(self, channel: Channel, message: Message) -> tuple[str, str]:
        """Try a channel a few times: ("sent" or "received", "") or ("failed", why)."""
        notification = Notification(message.id, message.alert, message.title, message.body, Severity[message.severity.upper()], channel.id)
        failure, pool = "", self._pools.of(channel.id, "notifications", AT_ONCE_PER_CHANNEL)
        for attempt in range(channel.tries):
            if attempt:
                await self._pause(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                return await pool.run(lambda: self._notifier.send(notification), severity=notification.severity), ""
            except Fault as fault:
                failure = str(fault)
        return "failed", failure

    @staticmethod
    def _result(message: Message, channel: str, outcome: str, detail: str = "") -> Notified:
        return Notified(message.alert, message.id, channel, outcome, message.role, detail)


async def _within(confirmed: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await confirmed.wait()
    except TimeoutError:
        return False
