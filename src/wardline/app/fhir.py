"""The FHIR door wired: its register in the engine, its desk for the doors, its index kept up to date, and validation in a process of its own."""

import asyncio
import multiprocessing
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final
from zoneinfo import ZoneInfo

from wardline.adapters.embedded.search import MemorySearch
from wardline.api.fhir.desk import Desk
from wardline.app.settings import Settings
from wardline.core.errors import Conflict
from wardline.core.ports import EventLog
from wardline.engine.loop import Engine
from wardline.formats.fhir.validation import problems_in
from wardline.intake.fhir.register import Resources
from wardline.security.consent.register import Restrictions

FIRST_LOOK_SECONDS: Final = 1.5
"""How long a start waits for the index; what is left is read beside everything else."""
SLICE_SECONDS: Final = 0.01
PATIENTS_AT_ONCE: Final = 5
REST_SECONDS: Final = 0.01
IDLE_SECONDS: Final = 1.0
VALIDATION_SECONDS: Final = 60


def register_of(log: EventLog, restrictions: Restrictions, settings: Settings) -> Resources:
    return Resources(log, MemorySearch(folded), restrictions.sensitivity, ZoneInfo(settings.zone))


def folded(text: str) -> str:
    """As search compares words: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(letter for letter in plain if not unicodedata.combining(letter))


def recover(engine: Engine, register: Resources) -> None:
    """Fold what the log holds, and let the index follow it from now on."""
    house = engine.house
    register.timeline = lambda record: house.timelines.look(record, house.now)
    register.everybody = lambda: [about for about, _ in house.directory.items()]
    engine.recover()
    register.catch_up(FIRST_LOOK_SECONDS)
    engine.listen(lambda change: register.commit())


class FhirDoor:
    """The desk, and what runs beside it."""

    def __init__(self, register: Resources, settings: Settings) -> None:
        self.register = register
        self.address: Callable[[], str] = lambda: settings.address
        self.desk = Desk(register, lambda: MemorySearch(folded), self._base, ZoneInfo(settings.zone), self._validated)
        register.base = self._base
        self._validator: ProcessPoolExecutor | None = None

    def _base(self) -> str:
        return f"{self.address().rstrip('/')}/fhir"

    async def keep_up(self) -> None:
        """Read what a start has left, and meet patients that feeds have told of, a little at a time."""
        while True:
            is_done = self.register.catch_up(SLICE_SECONDS) and self.register.meet_some(PATIENTS_AT_ONCE)
            await asyncio.sleep(IDLE_SECONDS if is_done else REST_SECONDS)

    async def _validated(self, resource: dict[str, Any]) -> list[dict[str, Any]]:
        """In a process of its own, made when it is first needed: the definitions of FHIR take seconds to load."""
        if self._validator is None:
            self._validator = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        asked = asyncio.get_running_loop().run_in_executor(self._validator, problems_in, resource)
        try:
            async with asyncio.timeout(VALIDATION_SECONDS):
                return await asked
        except TimeoutError:
            raise Conflict("validating this takes too long; send less at once") from None

    def close(self) -> None:
        if self._validator is not None:
            self._validator.shutdown(wait=False, cancel_futures=True)
