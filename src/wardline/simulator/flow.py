"""How patients flow through the house: in by the emergency door or as planned, to a ward, home again."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.appointments import book_follow_up
from wardline.simulator.background import WITHOUT_A_BED, background_of, illness_of
from wardline.simulator.care import doctors, in_vain
from wardline.simulator.chance import happens
from wardline.simulator.charting import rounds, size_and_scale, urine
from wardline.simulator.investigations import begin_investigations
from wardline.simulator.monitoring import monitor
from wardline.simulator.movements import admit, admitted_by_mistake, describe_anew, discharge, transfer
from wardline.simulator.notes import doctors_note, shift_notes
from wardline.simulator.pharmacy import Chart
from wardline.simulator.physiology import Body
from wardline.simulator.places import Bed, Unit
from wardline.simulator.records import found_twice
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

_DISCHARGE_HOURS: Final = (10, 18)
_WARD_DAYS: Final = 4.5
_IN_EMERGENCY: Final = 0.6
"""Share of its bays that are taken when the simulation begins."""
_HOURS_HERE: Final = {"emergency": (0.2, 3), "intensive": (6, 60), "ward": (12, 24 * _WARD_DAYS)}
"""For how long they have been there then."""


def new_stay(world: World, bed: Bed, admitted_at: datetime, leaves_after: timedelta) -> Stay:
    """Somebody new in a bed, with a body, a past and an illness."""
    visit = world.number("V")
    dice = world.dice("stay", visit)
    person = world.people.somebody(world.now.date(), bed.unit.ages)
    age = person.age_years(admitted_at.date())
    background = background_of(dice, age, bed.unit.service)
    body = Body(dice, sex=person.sex, age_years=age, conditions=[each.body for each in background.conditions])
    body.fall_ill(illness_of(dice, background.reason, admitted_at, treated=True))
    return Stay(
        person=person, visit=visit, bed=bed, background=background, body=body, doctor=world.doctor_for(bed.unit, dice), admitted_at=admitted_at,
        dice=dice, leaves_after=leaves_after,
    )  # fmt: skip


def begin_stay(world: World, stay: Stay, *, on_arrival: bool) -> Chart:
    """What every stay has, whoever tells its story: admission, drugs, monitor, notes and an end. Returns the drug chart."""
    agenda, chart = world.agenda, Chart(world, stay)
    admit(world, stay, on_arrival=on_arrival)
    agenda.begin(_first_prescriptions(stay, chart, stay.dice.uniform(10, 50) if on_arrival else 0))
    agenda.begin(chart.giving())
    agenda.begin(size_and_scale(world, stay))
    agenda.begin(monitor(world, stay))
    agenda.begin(shift_notes(world, stay))
    if stay.has_catheter:
        agenda.begin(urine(world, stay))
    agenda.begin(course(world, stay))
    return chart


def begin_attention(world: World, stay: Stay, chart: Chart, *, on_arrival: bool, first_round_after: float) -> None:
    """Nurses, doctors and the laboratory go about it as they see fit."""
    agenda = world.agenda
    agenda.begin(rounds(world, stay, first_round_after))
    agenda.begin(doctors(world, stay, chart))
    agenda.begin(in_vain(world, stay))
    agenda.begin(describe_anew(world, stay))
    begin_investigations(world, stay, on_arrival=on_arrival)


def _begin(world: World, stay: Stay, *, on_arrival: bool) -> None:
    chart = begin_stay(world, stay, on_arrival=on_arrival)
    first_round_after = stay.dice.uniform(2, 15 if on_arrival else 240)
    begin_attention(world, stay, chart, on_arrival=on_arrival, first_round_after=first_round_after)


def _first_prescriptions(stay: Stay, chart: Chart, after: float) -> Routine:
    yield after
    if not stay.is_here():
        return
    home = [drug for condition in stay.background.conditions for drug in condition.drugs]
    for name in (*stay.background.reason.drugs, *home):
        chart.prescribe(name)


def course(world: World, stay: Stay) -> Routine:
    """From the door to the ward, through intensive care where needed, and out again."""
    if stay.is_emergency:
        yield stay.dice.triangular(90, 420, 200)
        goes_home = stay.background.reason in WITHOUT_A_BED and stay.points < 4 and happens(stay.dice, 0.9)
        if not goes_home:
            yield from _find_ward(world, stay)
    while stay.is_here():
        if stay.is_intensive and stay.points <= 5 and world.now >= stay.leaves_at:
            yield from _find_ward(world, stay)
        elif _may_go_home(world, stay):
            doctors_note(world, stay, ["Discharged home in good condition.", "Letter to the family doctor to follow."])
            book_follow_up(world, stay)
            yield from discharge(world, stay)
        yield 45.0


def _may_go_home(world: World, stay: Stay) -> bool:
    if stay.in_story or stay.is_intensive:
        return False
    if stay.is_emergency:
        return stay.points <= 6
    first, last = _DISCHARGE_HOURS
    return world.now >= stay.leaves_at and first <= world.now.hour < last and stay.points <= 4


def _find_ward(world: World, stay: Stay) -> Routine:
    """Wait for a bed on a ward, or in intensive care for the very ill, and move there."""
    while stay.is_here():
        wanted = "intensive" if stay.is_emergency and stay.points >= 9 else "ward"
        units = [unit for unit in world.beds.of_kind(wanted) if world.beds.free(unit)] or _free_wards(world)
        if units:
            bed = world.beds.take(stay.dice.choice(units))
            assert bed is not None
            stay.leaves_at = world.now + timedelta(days=_days_on_ward(stay.dice))
            yield from transfer(world, stay, bed)
            return
        yield 20.0


def _free_wards(world: World) -> list[Unit]:
    return [unit for unit in world.beds.of_kind("ward") if world.beds.free(unit)]


def _days_on_ward(dice: Random) -> float:
    return max(1.0, dice.lognormvariate(1.4, 0.5) * _WARD_DAYS / 4.6)


def emergency_arrivals(world: World) -> Routine:
    """People come to the emergency department at all hours, most of them in the afternoon and evening."""
    dice = world.dice("arrivals")
    unit = world.beds.of_kind("emergency")[0]
    while True:
        busy = 1.5 if 10 <= world.now.hour < 23 else 0.5
        yield dice.expovariate(unit.beds * busy / 460)
        bed = world.beds.take(unit)
        if bed is None:
            continue
        stay = _arrive(world, dice, new_stay(world, bed, world.now, timedelta(days=1)))
        if happens(dice, world.settings.faults.duplicate_record) and stay in world.stays:
            world.agenda.begin(found_twice(world, stay))


def planned_admissions(world: World, unit: Unit) -> Routine:
    """Free beds are filled in the morning, but never the last ones: the emergency door needs them."""
    dice = world.dice("planned", unit.code)
    while True:
        yield dice.uniform(40, 200)
        kept_free = max(1.0, unit.beds * (1 - world.settings.occupancy))
        if not 7 <= world.now.hour < 14 or world.beds.free(unit) <= kept_free:
            continue
        bed = world.beds.take(unit)
        assert bed is not None
        _arrive(world, dice, new_stay(world, bed, world.now, timedelta(days=_days_on_ward(dice))))


def _arrive(world: World, dice: Random, stay: Stay) -> Stay:
    """Somebody comes; rarely it was the wrong person who was registered."""
    if happens(dice, world.settings.faults.cancelled):
        world.agenda.begin(admitted_by_mistake(world, stay))
    else:
        _begin(world, stay, on_arrival=True)
    return stay


def fill(world: World) -> None:
    """The patients who are in the house when the simulation begins, admitted hours or days ago."""
    dice = world.dice("fill")
    for unit in world.beds.units:
        taken = unit.beds - world.beds.free(unit)
        for _ in range(round(unit.beds * (_IN_EMERGENCY if unit.kind == "emergency" else world.settings.occupancy)) - taken):
            bed = world.beds.take(unit)
            assert bed is not None
            hours = dice.uniform(*_HOURS_HERE[unit.kind])
            admitted_at = (world.now - timedelta(hours=hours)).replace(microsecond=0)
            _begin(world, new_stay(world, bed, admitted_at, timedelta(hours=hours * dice.uniform(1.1, 2.5))), on_arrival=False)
