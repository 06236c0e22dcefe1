"""Writing the downtime pages every few minutes, whatever else happens."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from wardline.api import boards
from wardline.api.services import Services
from wardline.app.settings import Settings
from wardline.delivery.worklists.board import natural
from wardline.web import downtime
from wardline.web.downtime import Ward

log = structlog.get_logger()


class DowntimePages:
    """One per house. `failed` is for the system page: pages that are not renewed are worse than none."""

    def __init__(self, house: Services, settings: Settings) -> None:
        self.house = house
        self.settings = settings
        self.failed = ""

    async def run(self) -> None:
        """Until cancelled; a failure is logged and tried again at the next turn."""
        while True:
            try:
                self.write()
                self.failed = ""
            except OSError as error:
                self.failed = error.strerror or type(error).__name__
                log.error("downtime_pages_failed", reason=self.failed)
            await asyncio.sleep(60 * self.settings.downtime_minutes)

    def write(self) -> None:
        """Write all of them from the present state."""
        silent = [feed for feed in boards.feeds_json(self.house) if feed["silent_since"] is not None]
        wards = [Ward(unit, boards.label(unit, self.house), _rows(unit, self.house), silent) for unit in boards.units(self.house)]
        folded = self.house.engine.house
        as_of = folded.now if self.house.simulated else max(folded.now, self.house.engine.clock.now())
        settings = self.settings
        downtime.write(
            settings.downtime_folder, wards, hospital=settings.hospital, as_of=as_of, zone=ZoneInfo(settings.zone), simulated=self.house.simulated,
            stale_after=timedelta(minutes=settings.downtime_minutes + 1),
        )  # fmt: skip


def _rows(unit: str, house: Services) -> list[dict[str, object]]:
    """By bed, as people walk: who needs action stands out by its words."""
    rows = boards.rows_of(unit, house)
    content = [boards.row_json(row, house) for row in rows] + boards.free_beds(unit, rows, house)
    return sorted(content, key=lambda row: natural(str(row["bed"])))
