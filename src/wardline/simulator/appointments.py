"""Appointments (SIU): a follow-up is booked when somebody goes home, and now and then called off again."""

from datetime import datetime, timedelta
from typing import Final

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens
from wardline.simulator.feeds import SCHEDULING
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

_FOLLOWED_UP: Final = 0.4
_CALLED_OFF: Final = 0.15


def book_follow_up(world: World, stay: Stay) -> None:
    """For some patients: an outpatient visit a few weeks ahead."""
    if happens(stay.dice, _FOLLOWED_UP):
        starts_at = (world.now + timedelta(days=stay.dice.randrange(7, 29))).replace(hour=stay.dice.randrange(8, 16), minute=30, second=0)
        world.agenda.begin(_appointment(world, stay, starts_at))


def _appointment(world: World, stay: Stay, starts_at: datetime) -> Routine:
    number = world.number("APP")
    _send(world, stay, "S12", number, starts_at, "Booked")
    if happens(stay.dice, _CALLED_OFF):
        yield stay.dice.uniform(30, 600)
        _send(world, stay, "S15", number, starts_at, "Cancelled")


def _send(world: World, stay: Stay, trigger: str, number: str, starts_at: datetime, status: str) -> None:
    ends_at = starts_at + timedelta(minutes=30)
    lines = [
        segment(
            "SCH", number, None, None, None, None, trigger, ("FOLLOWUP", "Follow-up visit", "WGH"), None, "30", "min",
            (None, None, None, starts_at, ends_at), *(None,) * 13, status,
        ),
        *stay.named,
        segment("RGS", "1"),
        segment("AIS", "1", None, ("FOLLOWUP", "Follow-up visit", "WGH"), starts_at),
    ]  # fmt: skip
    world.send(SCHEDULING, f"SIU^{trigger}^SIU_S12", lines, after_seconds=stay.dice.uniform(5, 60))
