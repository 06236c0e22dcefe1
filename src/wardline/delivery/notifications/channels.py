"""Channels through Apprise: e-mail, webhooks, push and paging services, each named by a URL."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from wardline.core.errors import Fault
from wardline.core.ports import Notification
from wardline.delivery.notifications.contacts import Channel

THREADS: Final = 16
_TYPES: Final = ("info", "info", "warning", "failure")
"""Apprise's word for each severity."""


class AppriseNotifier:
    """A `Notifier`. Everything slow happens in its own threads; the clinical loop only waits for the answer.

    `guard` holds whatever a service does to the places the site has listed.
    """

    def __init__(self, channels: Iterable[Channel], *, guard: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._guard = guard
        self._channels = {channel.id: channel for channel in channels}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="notify")

    async def send(self, notification: Notification) -> str:
        channel = self._channels.get(notification.channel)
        if channel is None:
            raise Fault(f"there is no channel {notification.channel!r}")
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._send, channel, notification)
        except Fault:
            raise
        except Exception as error:  # a foreign service may raise anything; for us it only means: try the next channel
            raise Fault(f"failed with {type(error).__name__}") from error
        return "sent"

    def _send(self, channel: Channel, notification: Notification) -> None:
        with self._guard():
            _send(channel, notification)

    async def not_understood(self) -> list[str]:
        """The channels whose URL Apprise does not know, so that a misspelt one is found when the house starts, not at night."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _unknown, tuple(self._channels.values()))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _send(channel: Channel, notification: Notification) -> None:
    # apprise: takes 0.2 s to import and a second to load its services; here it costs neither start-up nor the clinical loop.
    import apprise

    filled = channel.url
    for name, value in (("{id}", notification.id), ("{alert}", notification.alert), ("{severity}", str(notification.severity))):
        filled = filled.replace(name, value)
    service = apprise.Apprise()
    if not service.add(filled):
        raise Fault("the channel's URL is not understood")
    # The receiver drops repeats by the reference: a message can come twice, its reference stays the same.
    body = f"{notification.body}\nReference {notification.id}"
    seconds = channel.timeout.total_seconds()
    result = service.notify(body, title=notification.title, notify_type=_TYPES[notification.severity], timeout=seconds)
    if result.status is apprise.AppriseResultStatus.TIMEOUT:
        raise Fault(f"no answer within {seconds:g} s")
    if not result:
        raise Fault("not taken")


def _unknown(channels: tuple[Channel, ...]) -> list[str]:
    import apprise  # as above

    return [channel.id for channel in channels if apprise.Apprise.instantiate(channel.url, suppress_exceptions=True) is None]
