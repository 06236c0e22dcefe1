"""Who is tested when: on arrival, on the daily round, around the clock in intensive care, at meals for diabetics."""

from datetime import timedelta
from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.background import DIABETES
from wardline.simulator.chance import happens
from wardline.simulator.laboratory import BASIC, BEDSIDE_GLUCOSE, BLOOD_COUNT, BLOOD_GAS, COAGULATION, HEART, INFLAMMATION, LIVER, Panel, reported
from wardline.simulator.specimens import draw, examine, report
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

ON_ARRIVAL: Final = (BASIC, BLOOD_COUNT, INFLAMMATION)
WHEN_ALARMED: Final = (BLOOD_GAS, BASIC, BLOOD_COUNT, INFLAMMATION, COAGULATION)
_DAILY: Final = ((BASIC, 0.85), (BLOOD_COUNT, 0.75), (INFLAMMATION, 0.6), (COAGULATION, 0.25), (LIVER, 0.25))
_MEALS: Final = (7, 11, 17, 21)
_GAS_EVERY: Final = 180.0


def begin_investigations(world: World, stay: Stay, *, on_arrival: bool) -> None:
    if on_arrival:
        order_all(world, stay, ON_ARRIVAL, urgent=stay.is_emergency)
        if happens(stay.dice, 0.4):
            order_all(world, stay, (HEART,), urgent=True)
    world.agenda.begin(_daily(world, stay))
    world.agenda.begin(_gases(world, stay))
    if stay.is_intensive or any(each.code == DIABETES for each in stay.background.conditions):
        world.agenda.begin(_bedside_glucose(world, stay))


def order_all(world: World, stay: Stay, panels: tuple[Panel, ...], *, urgent: bool) -> None:
    for panel in panels:
        world.agenda.begin(examine(world, stay, panel, urgent=urgent))


def _daily(world: World, stay: Stay) -> Routine:
    """Blood is drawn once a day on a ward, twice in intensive care; most of it in the morning, some at any hour."""
    hour = stay.dice.triangular(3, 23, 7)
    yield _minutes_until(world, hour)
    while stay.is_here():
        panels = tuple(panel for panel, share in _DAILY if happens(stay.dice, share))
        if not stay.is_emergency:
            order_all(world, stay, panels, urgent=False)
        yield stay.dice.uniform(680, 760) if stay.is_intensive else stay.dice.uniform(1380, 1500)


def _gases(world: World, stay: Stay) -> Routine:
    """Arterial blood every few hours while somebody is in intensive care."""
    yield stay.dice.uniform(0, _GAS_EVERY)
    while stay.is_here():
        if stay.is_intensive:
            order_all(world, stay, (BLOOD_GAS,), urgent=True)
        yield _GAS_EVERY * stay.dice.uniform(0.8, 1.2)


def _bedside_glucose(world: World, stay: Stay) -> Routine:
    """A drop of blood at meals, hourly in intensive care; nobody orders it."""
    while stay.is_here():
        yield stay.dice.uniform(50, 70) if stay.is_intensive else _minutes_until_meal(world) + stay.dice.uniform(-50, 50)
        if stay.is_here():
            specimen = draw(world, stay, BEDSIDE_GLUCOSE, "")
            report(world, stay, specimen, reported(BEDSIDE_GLUCOSE, specimen.values, "F"), status="F")


def _minutes_until_meal(world: World) -> float:
    """Until the next meal that is not being served already."""
    return min(wait for hour in _MEALS if (wait := _minutes_until(world, hour)) > 60)


def _minutes_until(world: World, hour: float) -> float:
    """Until the clock next shows this hour."""
    midnight = world.now.replace(hour=0, minute=0, second=0)
    at = midnight + timedelta(hours=hour)
    return ((at if at > world.now else at + timedelta(days=1)) - world.now).total_seconds() / 60
