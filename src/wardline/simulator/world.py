"""What everybody in the simulated hospital shares: its time, its beds, its people, its post room and its settings."""

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from wardline.simulator.agenda import Agenda
from wardline.simulator.chance import dice_for, happens
from wardline.simulator.feeds import Feed
from wardline.simulator.people import Doctor, Registry
from wardline.simulator.places import Beds, Unit
from wardline.simulator.post import PostRoom
from wardline.simulator.settings import Settings

if TYPE_CHECKING:
    from wardline.simulator.stay import Stay

_DOCTORS: Final = 4
"""Of each unit."""


class World:
    def __init__(self, seed: int, units: tuple[Unit, ...], settings: Settings, opened_at: datetime) -> None:
        self.seed = seed
        self.settings = settings
        self.opened_at = opened_at
        self.agenda = Agenda(opened_at)
        self.post = PostRoom(settings.faults, dice_for(seed, "post"), opened_at)
        self.people = Registry(dice_for(seed, "people"))
        self.beds = Beds(units)
        self.stays: list[Stay] = []
        """The patients who are in the hospital, in the order in which they came."""
        self._numbers: dict[str, int] = {}
        self._doctors: dict[str, list[Doctor]] = {}

    def doctor_for(self, unit: Unit, dice: Random) -> Doctor:
        """One of the few doctors of a unit."""
        if unit.code not in self._doctors:
            self._doctors[unit.code] = [self.people.doctor() for _ in range(_DOCTORS)]
        return dice.choice(self._doctors[unit.code])

    @property
    def now(self) -> datetime:
        return self.agenda.now

    def dice(self, *purpose: object) -> Random:
        return dice_for(self.seed, *purpose)

    def number(self, kind: str) -> str:
        """The next number of a kind: orders, specimens, visits, notes."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}{self.opened_at:%y%m%d}{self._numbers[kind]:05d}"

    def lateness(self, dice: Random) -> float:
        """Seconds by which something is written down late: hours now and then, mostly none."""
        return dice.uniform(3_600, 5 * 3_600) if happens(dice, self.settings.faults.late) else 0.0

    def send(self, feed: Feed, kind: str, lines: list[str], *, after_seconds: float = 0, sure: bool = False) -> None:
        """Hand a message to the post room; the sending system takes `after_seconds` to write it."""
        self.post.hand_in(feed, kind, lines, self.now + timedelta(seconds=int(after_seconds)), sure=sure)
