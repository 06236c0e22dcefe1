"""Two stories that are told the same way whatever the seed, so that a visitor sees them within the first hours.

The deteriorating patient: bed 12 of ward 7, at ease at first, falls into sepsis from minute 20; within two hours breathing and
pulse are fast, the pressure low, the temperature high. Treated then, and better by the evening.

The corrected potassium: another bed of ward 7, a potassium of 7.1 mmol/L, and four minutes later the laboratory's correction.
"""

from datetime import datetime, timedelta
from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.background import HERNIA, URINARY, Background, Reason, illness_of
from wardline.simulator.care import attend
from wardline.simulator.charting import take_round
from wardline.simulator.flow import begin_attention, begin_stay
from wardline.simulator.illnesses import SEPSIS, Illness
from wardline.simulator.laboratory import BASIC, reported
from wardline.simulator.pharmacy import Chart
from wardline.simulator.physiology import Body
from wardline.simulator.specimens import ask_for, draw, examine, report
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

WARD: Final = "W7"
DETERIORATING_BED: Final = "12"
POTASSIUM_BED: Final = "15"
FALLS_ILL_AFTER: Final = timedelta(minutes=20)
_ROUNDS: Final = (4, 45, 70, 90, 108, 120)
"""Minutes after the beginning at which the deteriorating patient is seen; treated after the last of them."""
_TESTED_BEFORE: Final = timedelta(hours=5)
"""When the other patient's potassium was last found to be as it should."""
_STORY_ENDS_AFTER: Final = timedelta(hours=10)
HAEMOLYSED_POTASSIUM: Final = 7.1
TRUE_POTASSIUM: Final = 4.1
CORRECTED_AFTER_MINUTES: Final = 4.0


def begin_stories(world: World, live_at: datetime) -> None:
    """Put the two patients into their beds; `live_at` is when the visitors come."""
    for bed, reason, story in ((DETERIORATING_BED, URINARY, _deteriorating), (POTASSIUM_BED, HERNIA, _corrected)):
        stay = _patient(world, bed, reason)
        chart = begin_stay(world, stay, on_arrival=False)
        world.agenda.begin(_told(world, stay, chart, story(world, stay, chart, live_at)))


def _patient(world: World, bed_number: str, reason: Reason) -> Stay:
    ward = next(unit for unit in world.beds.units if unit.code == WARD)
    bed = world.beds.take(ward, bed_number)
    assert bed is not None
    visit = world.number("V")
    dice = world.dice("story", bed_number)
    person = world.people.somebody(world.now.date(), (60, 72))
    admitted_at = world.now - timedelta(hours=dice.randrange(50, 70))
    body = Body(dice, sex=person.sex, age_years=60, calm=True)
    body.fall_ill(illness_of(dice, reason, admitted_at, treated=True))
    stay = Stay(
        person=person, visit=visit, bed=bed, background=Background((), (), reason), body=body, doctor=world.doctor_for(ward, dice),
        admitted_at=admitted_at, dice=dice, leaves_after=timedelta(days=6),
    )  # fmt: skip
    stay.in_story = True
    return stay


def _told(world: World, stay: Stay, chart: Chart, story: Routine) -> Routine:
    """The story; after it a stay like any other."""
    yield from story
    stay.in_story = False
    begin_attention(world, stay, chart, on_arrival=False, first_round_after=30)


def _quiet_rounds(world: World, stay: Stay, until: datetime) -> Routine:
    """The time before: a round every five hours, nothing to report."""
    yield min(stay.dice.uniform(5, 60), _minutes_to(world, until))
    while _minutes_to(world, until) > 30:
        take_round(world, stay)
        yield min(300.0, _minutes_to(world, until))
    yield _minutes_to(world, until)


def _minutes_to(world: World, moment: datetime) -> float:
    return max(0.0, (moment - world.now).total_seconds() / 60)


def _deteriorating(world: World, stay: Stay, chart: Chart, live_at: datetime) -> Routine:
    yield from _quiet_rounds(world, stay, live_at)
    stay.body.fall_ill(Illness(SEPSIS, world.now + FALLS_ILL_AFTER, hours_to_peak=2.0, peak=0.95, half_life_hours=2.5))
    passed = 0
    for minute in _ROUNDS:
        yield minute - passed
        passed = minute
        take_round(world, stay)
    yield from attend(world, stay, chart)
    while world.now < live_at + _STORY_ENDS_AFTER:
        yield 30.0
        take_round(world, stay)


def _corrected(world: World, stay: Stay, chart: Chart, live_at: datetime) -> Routine:
    before = live_at - _TESTED_BEFORE
    if before > world.now:
        world.agenda.begin(examine(world, stay, BASIC), before)
    yield from _quiet_rounds(world, stay, live_at)
    yield 35.0
    take_round(world, stay)
    placer = ask_for(world, stay, BASIC)
    yield 12.0
    specimen = draw(world, stay, BASIC, placer)
    yield 40.0
    haemolysed = {**specimen.values, "potassium": HAEMOLYSED_POTASSIUM}
    report(world, stay, specimen, reported(BASIC, haemolysed, "F"), status="F")
    yield CORRECTED_AFTER_MINUTES
    true = {**specimen.values, "potassium": TRUE_POTASSIUM}
    report(world, stay, specimen, reported(BASIC, true, "C", ("potassium",)), status="C")
    yield 180.0
