"""The whole simulated hospital: give it a seed, and it tells the same days again, message by message.

It speaks only HL7 v2 and knows nothing of who listens. Patients, names and places are invented; courses are a simulation, not
a clinical source.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.feeds import LABORATORY
from wardline.simulator.flow import emergency_arrivals, fill, planned_admissions
from wardline.simulator.misfortunes import begin_misfortunes
from wardline.simulator.places import Unit, units_for
from wardline.simulator.post import Sent
from wardline.simulator.settings import Settings
from wardline.simulator.stories import begin_stories
from wardline.simulator.world import World

_FIRST_SILENCE: Final = timedelta(hours=3.7)


class Hospital:
    """A hospital of `beds` beds. `live_at` is the moment, in its own time, at which its visitors come: stories are told from there."""

    def __init__(self, seed: int = 7, *, live_at: datetime, beds: int = 60, settings: Settings | None = None) -> None:
        self.seed = seed
        self.live_at = live_at.replace(microsecond=0)
        self.settings = settings or Settings()
        self.units: tuple[Unit, ...] = units_for(beds)

    def messages(self, start: datetime, until: datetime | None = None) -> Iterator[Sent]:
        """Everything that is sent from `start` on, in order; without `until` it never ends.

        At `start` the house is full already: its patients are announced with the times at which they came.
        """
        world = World(self.seed, self.units, self.settings, start.replace(microsecond=0))
        self._open(world)
        while until is None or world.now <= until:
            for sent in world.post.sent_before(world.agenda.next_at):
                if until is not None and sent.send_at > until:
                    return
                yield sent
            world.agenda.step()

    def _open(self, world: World) -> None:
        if self.settings.stories:
            begin_stories(world, self.live_at)
        fill(world)
        world.agenda.begin(emergency_arrivals(world))
        for unit in (*world.beds.of_kind("ward"), *world.beds.of_kind("intensive")):
            world.agenda.begin(planned_admissions(world, unit))
        begin_misfortunes(world)
        world.agenda.begin(_laboratory_silences(world, self.live_at))


def _laboratory_silences(world: World, live_at: datetime) -> Routine:
    """The laboratory's interface stays connected and says nothing, for the first time some hours into the visit."""
    dice, per_day = world.dice("silences"), world.settings.faults.laboratory_silences_per_day
    if per_day <= 0:
        return
    yield max(0.0, (live_at + _FIRST_SILENCE - world.now).total_seconds() / 60)
    while True:
        world.post.silence(LABORATORY, world.now, world.now + timedelta(minutes=dice.uniform(80, 110)))
        yield dice.uniform(0.7, 1.3) * 1440 / per_day
