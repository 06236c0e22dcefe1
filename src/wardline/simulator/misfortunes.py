"""Who gets worse, and how: every so often one of the patients on the wards falls into one of four illnesses."""

from typing import Final

from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens, minutes_until_next
from wardline.simulator.illnesses import BLEEDING, KIDNEY_INJURY, RESPIRATORY_FAILURE, SEPSIS, Illness, Pattern
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

# Hours to the full picture (shortest, longest), hours in which it halves under treatment, share that does not respond.
_COURSE: Final = {
    SEPSIS.name: (4.0, 9.0, 7.0, 0.1), KIDNEY_INJURY.name: (14.0, 30.0, 20.0, 0.0), BLEEDING.name: (2.5, 7.0, 5.0, 0.05),
    RESPIRATORY_FAILURE.name: (3.0, 8.0, 9.0, 0.08),
}  # fmt: skip
_HOSPITAL: Final = 60
"""The number of beds for which rates are given."""


def misfortune(world: World, pattern: Pattern, per_day: float) -> Routine:
    """One kind of deterioration, as often as the settings say."""
    dice = world.dice("misfortune", pattern.name)
    beds = sum(unit.beds for unit in world.beds.units)
    while True:
        yield minutes_until_next(dice, per_day * beds / _HOSPITAL)
        candidates = [each for each in world.stays if _may_fall_ill(world, each)]
        if candidates:
            stay = dice.choice(candidates)
            shortest, longest, half_life, share = _COURSE[pattern.name]
            stay.body.fall_ill(
                Illness(
                    pattern, world.now, hours_to_peak=dice.uniform(shortest, longest), peak=dice.uniform(0.55, 1.1), half_life_hours=half_life,
                    responds=not happens(dice, share),
                )
            )  # fmt: skip
            stay.seen_by_doctor_at = None


def _may_fall_ill(world: World, stay: Stay) -> bool:
    return stay.bed.unit.kind == "ward" and not stay.in_story and stay.body.worst(world.now) < 0.3


def begin_misfortunes(world: World) -> None:
    rates = world.settings.deteriorations
    for pattern, per_day in (
        (SEPSIS, rates.sepsis), (KIDNEY_INJURY, rates.kidney_injury), (BLEEDING, rates.bleeding), (RESPIRATORY_FAILURE, rates.respiratory_failure),
    ):  # fmt: skip
        world.agenda.begin(misfortune(world, pattern, per_day))
