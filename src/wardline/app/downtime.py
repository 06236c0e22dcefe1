"""Writing the downtime pages every few minutes, whatever else happens."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from wardline.api import boards
from wardline.api.services import Services
from wardline.app.settings import Settings
from wardline.core import concepts as c
from wardline.core.concepts import Concept
from wardline.core.quantities import plain
from wardline.core.timeline import Timeline
from wardline.delivery.worklists.board import natural
from wardline.web import downtime
from wardline.web.downtime import Ward

log = structlog.get_logger()

SIGNS: Final = (
    c.RESPIRATORY_RATE, c.OXYGEN_SATURATION, c.SUPPLEMENTAL_OXYGEN, c.SYSTOLIC_PRESSURE, c.DIASTOLIC_PRESSURE, c.PULSE, c.CONSCIOUSNESS,
    c.TEMPERATURE,
)  # fmt: skip
OLDEST: Final = timedelta(hours=24)
SHOWN_AS: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
"""UCUM units as people write them."""


class DowntimePages:
    """One per house. `failed` is for the system page: pages that are not renewed are worse than none."""

    def __init__(self, house: Services, settings: Settings) -> None:
        self.house = house
        self.settings = settings
        self.failed = ""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.renew()
            await asyncio.sleep(60 * self.settings.downtime_minutes)

    def renew(self) -> None:
        """Write all of them; what keeps them from being written is said on the system page, and stops nothing else."""
        try:
            self.write()
            self.failed = ""
        except Exception as error:  # whatever it is: pages that are not renewed must be known, and are tried again in a few minutes
            self.failed = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            log.error("downtime_pages_failed", reason=self.failed)

    def write(self) -> None:
        """Write all of them from the present state."""
        house, settings = self.house, self.settings
        folded = house.engine.house
        as_of = folded.now if house.simulated else max(folded.now, house.engine.clock.now())
        silent = [feed for feed in boards.feeds_json(house) if feed["silent_since"] is not None]
        wards = [Ward(unit, boards.label(unit, house), _rows(unit, house, as_of), silent) for unit in boards.units(house)]
        downtime.write(
            settings.downtime_folder, wards, hospital=settings.hospital, as_of=as_of, zone=ZoneInfo(settings.zone), simulated=house.simulated,
            stale_after=timedelta(minutes=settings.downtime_minutes + 1),
        )  # fmt: skip


def _rows(unit: str, house: Services, as_of: datetime) -> list[dict[str, Any]]:
    """By bed, as people walk: who needs action stands out by its words."""
    rows = boards.rows_of(unit, house)
    patients = [boards.row_json(row, house) | _beyond_the_board(boards.shown_of(row.about, house).timeline, as_of) for row in rows]
    return sorted(patients + boards.free_beds(unit, rows, house), key=lambda row: natural(str(row["bed"])))


def _beyond_the_board(timeline: Timeline, as_of: datetime) -> dict[str, Any]:
    """What the chart would say if it could be opened: the last vital signs by when they were taken, and allergies."""
    taken: dict[datetime, list[str]] = {}
    for concept in SIGNS:
        found = timeline.latest((concept,), as_of, OLDEST)
        if found is not None:
            value, event = found
            taken.setdefault(event.occurred_at, []).append(_words(concept, value))
    signs = [{"at": at, "words": ", ".join(words)} for at, words in sorted(taken.items(), reverse=True)]
    return {"signs": signs, "allergies": [event.value.text or event.value.code for event in timeline.allergies]}


def _words(concept: Concept, value: float | str) -> str:
    shown = value if isinstance(value, str) else plain(value)
    return f"{concept.name} {shown} {SHOWN_AS.get(concept.unit, concept.unit)}".strip()
