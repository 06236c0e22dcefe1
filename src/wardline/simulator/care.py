"""What doctors do when somebody gets worse: come, write, test, treat, ask intensive care; and when it is in vain."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens
from wardline.simulator.illnesses import BLEEDING, INFECTION, KIDNEY_INJURY, RESPIRATORY_FAILURE, SEPSIS
from wardline.simulator.investigations import WHEN_ALARMED, order_all
from wardline.simulator.movements import discharge, transfer
from wardline.simulator.notes import doctors_note
from wardline.simulator.observations import Code
from wardline.simulator.pharmacy import Chart
from wardline.simulator.specimens import send_order
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

_ALARMING: Final = 7
_COMES_AGAIN: Final = timedelta(hours=4)
_DIES_AFTER: Final = timedelta(hours=10)
_CHEST_FILM: Final = Code("XRCH", "Chest X-ray, bedside", "WGH")
_TREATMENT: Final[Mapping[str, tuple[str, ...]]] = {
    SEPSIS.name: ("Piperacillin and tazobactam", "Electrolytes, balanced infusion"),
    INFECTION.name: ("Ceftriaxone", "Paracetamol"),
    BLEEDING.name: ("Tranexamic acid", "Electrolytes, balanced infusion", "Pantoprazole"),
    KIDNEY_INJURY.name: ("Electrolytes, balanced infusion",),
    RESPIRATORY_FAILURE.name: ("Ceftriaxone", "Prednisolone", "Salbutamol"),
}
_STOPPED: Final[Mapping[str, tuple[str, ...]]] = {
    KIDNEY_INJURY.name: ("Ramipril", "Ibuprofen", "Metformin"),
    BLEEDING.name: ("Apixaban", "Enoxaparin", "Acetylsalicylic acid"),
}


def doctors(world: World, stay: Stay, chart: Chart) -> Routine:
    """Somebody looks at the charts every quarter of an hour and goes to whom they must."""
    while stay.is_here():
        yield 15.0
        seen = stay.seen_by_doctor_at
        if stay.points < _ALARMING or not stay.is_here() or (seen is not None and world.now - seen < _COMES_AGAIN):
            continue
        yield stay.dice.uniform(5, 35)
        if stay.is_here():
            yield from attend(world, stay, chart)


def attend(world: World, stay: Stay, chart: Chart) -> Routine:
    """At the bedside: examine, order, treat; a second visit without improvement means intensive care."""
    again = stay.seen_by_doctor_at is not None
    stay.seen_by_doctor_at = world.now
    order_all(world, stay, WHEN_ALARMED, urgent=True)
    names = [each.pattern.name for each in stay.body.illnesses if each.severity(world.now) > 0.15]
    if RESPIRATORY_FAILURE.name in names:
        send_order(world, stay, "ORM^O01^ORM_O01", world.number("ORD"), _CHEST_FILM, urgent=True, section="RAD")
    treat(world, stay, chart, names)
    plan = [f"Seen for worsening, suspected {name}." for name in names] or ["Seen for worsening; no cause found yet."]
    doctors_note(world, stay, [*plan, "Blood taken, treatment started, vital signs every half hour."])
    if again and stay.bed.unit.kind == "ward":
        yield from _to_intensive_care(world, stay)


def treat(world: World, stay: Stay, chart: Chart, names: list[str]) -> None:
    for name in names:
        for drug in _STOPPED.get(name, ()):
            chart.stop(drug)
        for drug in _TREATMENT.get(name, ()):
            chart.prescribe(drug, now=True)
    stay.body.treat(world.now)


def _to_intensive_care(world: World, stay: Stay) -> Routine:
    beds = [bed for unit in world.beds.of_kind("intensive") if (bed := world.beds.take(unit)) is not None]
    if not beds:
        return
    for spare in beds[1:]:
        world.beds.give_back(spare)
    yield stay.dice.uniform(15, 40)
    yield from transfer(world, stay, beds[0])


def in_vain(world: World, stay: Stay) -> Routine:
    """An illness that does not respond ends in death, hours after it was at its worst."""
    while stay.is_here():
        yield 30.0
        hopeless = [each for each in stay.body.illnesses if not each.responds]
        if any(world.now - each.onset - timedelta(hours=each.hours_to_peak) > _DIES_AFTER for each in hopeless) and happens(stay.dice, 0.15):
            stay.died = True
            doctors_note(world, stay, ["Died in spite of all measures. Family present and informed."])
            yield from discharge(world, stay)
