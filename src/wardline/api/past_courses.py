"""The site's own past for "patients like this one": every course once, as far as it may be shown to many, read again after some hours.

Only what is shown to everybody goes in: nothing labelled, nothing a patient has forbidden to anybody. What comes out are counts over at
least ten patients; no door shows one of them.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from wardline.api import sight
from wardline.api.services import Services
from wardline.engine.past import timeline_as_of
from wardline.science.recommending.recommending import Likeness
from wardline.science.recommending.record import Record, record_of

FRESH: Final = timedelta(hours=6)
MOST: Final = 5_000
"""Courses read, the newest entries of the directory."""


class PastCourses:
    """Read once, patient by patient, giving way to the ward between two of them."""

    def __init__(self) -> None:
        self._likeness = Likeness(())
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def likeness(self, house: Services) -> Likeness:
        """The past, not older than some hours."""
        async with self._reading:
            if self._read_at is None or datetime.now(UTC) - self._read_at > FRESH:
                records = await self._read(house)
                self._likeness = await asyncio.to_thread(Likeness, records)
                self._read_at = datetime.now(UTC)
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
