"""Patients who come to a ward while people have its board open: that they were shown is in the audit trail before their row is on a screen.

Rows of everybody else go on meanwhile. A row that had to wait is made anew when it may be shown, so no screen sees an older one later.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable

from wardline.api.streams import SHOWN, Look, Streams
from wardline.core.errors import Fault
from wardline.core.ports import Audit
from wardline.core.trail import ASKED


class Newcomers:
    """Holds rows back until every screen's person is in the trail for them. `settled` hears of whom it is no longer waited for."""

    def __init__(self, live: Streams, audit: Audit, settled: Callable[[Iterable[str]], None]) -> None:
        self._live = live
        self._audit = audit
        self._settled = settled
        self._waiting: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def held(self, topic: str, records: Collection[str]) -> set[str]:
        """Whose rows must wait; their entries are on the way from now on. Almost always nobody's."""
        unseen = self._live.unseen(topic, records)
        fresh = {record for record in unseen if (topic, record) not in self._waiting}
        if fresh:
            self._waiting.update((topic, record) for record in fresh)
            writing = asyncio.create_task(self._write(topic, fresh), name="audit trail of open boards")
            self._tasks.add(writing)
            writing.add_done_callback(self._tasks.discard)
        return unseen

    async def _write(self, topic: str, records: set[str]) -> None:
        """The entries of all screens, asked for in one turn of the loop: one write."""
        looks = [(screen, look, new) for screen, look in self._live.looks(topic) if (new := records - look.shown)]
        try:
            written = await asyncio.gather(*(self._entry(topic, look, new) for _, look, new in looks))
        finally:
            self._waiting.difference_update((topic, record) for record in records)
        for (screen, *_), is_written in zip(looks, written, strict=True):
            if not is_written:
                self._live.send_away(screen)
        self._live.note_seen(topic, records)
        self._settled(records)

    async def _entry(self, topic: str, look: Look, new: set[str]) -> bool:
        """In the name of the request that opened the screen. False when it cannot be written, which the system page says."""
        ASKED.set(look.asked)
        try:
            await self._audit.record(look.person, SHOWN, sorted(new), topic=topic)
        except Fault:
            return False
        look.shown.update(new)
        return True
