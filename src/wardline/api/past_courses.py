"""The site's own past for "patients like this one": every course once, as far as it may be shown to many, read again after some hours.

Only what is shown to everybody goes in: nothing labelled, nothing a patient has forbidden to anybody; when that changes, or somebody is
erased, all of it is forgotten at once. What comes out are counts over at least ten patients; no door shows one of them.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from wardline.api import sight
from wardline.api.services import Services
from wardline.core.events import Consented, Erased, Labelled
from wardline.engine.loop import Change, Engine
from wardline.engine.past import timeline_as_of
from wardline.science.recommending.recommending import Likeness
from wardline.science.recommending.record import Record, record_of

FRESH: Final = timedelta(hours=6)
MOST: Final = 5_000
"""Courses read, the newest entries of the directory."""
_HIDING: Final = frozenset({Consented, Erased, Labelled})
"""After these, something of what was read may not be shown any more."""


class PastCourses:
    """Read once, patient by patient, giving way to the ward between two of them."""

    def __init__(self, engine: Engine) -> None:
        self._likeness = Likeness(())
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()
        self._forgotten = 0
        """How often it was forgotten: what was read meanwhile does not count."""
        engine.listen(self._hear)

    def _hear(self, change: Change) -> None:
        """Forget all of it when somebody is erased, forbids something or is labelled."""
        if any(type(event.value) in _HIDING for event in change.events):
            self._likeness, self._read_at = Likeness(()), None
            self._forgotten += 1

    async def likeness(self, house: Services) -> Likeness:
        """The past, not older than some hours."""
        async with self._reading:
            while self._read_at is None or datetime.now(UTC) - self._read_at > FRESH:
                began = self._forgotten
                likeness = await asyncio.to_thread(Likeness, await self._read(house))
                if began == self._forgotten:
                    self._likeness, self._read_at = likeness, datetime.now(UTC)
            return self._likeness

    async def _read(self, house: Services) -> list[Record]:
        engine, found = house.engine, []
        for about in [about for about, _ in house.engine.house.directory.items()][-MOST:]:
            if engine.house.survivor(about) == about:
                shown = sight.seen_by_all(timeline_as_of(engine.log, about, None, engine.house.links), house)
                record = record_of(shown.timeline, engine.house.now)
                if record.drugs and len(record.features) > 1:
                    found.append(record)
            await asyncio.sleep(0)
        return found
