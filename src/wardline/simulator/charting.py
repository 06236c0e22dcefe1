"""The nurses' charts: rounds of vital signs, oxygen, urine, weight and height, sent as ORU by the charting system."""

from datetime import timedelta
from typing import Final

from wardline.core import concepts as c
from wardline.core.concepts.vitals import ACVPU_SNOMED
from wardline.simulator.agenda import Routine
from wardline.simulator.artefacts import has_loose_probe, mistyped, with_artefacts
from wardline.simulator.chance import happens
from wardline.simulator.feeds import CHARTING
from wardline.simulator.observations import Code, Observed, coded, loinc, obr, obx_lines
from wardline.simulator.stay import Stay
from wardline.simulator.vitals import Vitals, minutes_to_next_round, vitals_of, worry
from wardline.simulator.world import World

VITAL_SIGNS: Final = Code("85353-1", "Vital signs", "LN")
FLUID_BALANCE: Final = Code("FLUIDS", "Fluid balance", "WGH")
BODY_SIZE: Final = Code("SIZE", "Weight and height", "WGH")
CONSCIOUSNESS: Final = Code(ACVPU_SNOMED, "ACVPU", "SCT")
# Codes of this hospital's own, which its interface agreement explains: see agreements.py.
OXYGEN_THERAPY: Final = Code("O2THERAPY", "Air or oxygen", "WGH")
SATURATION_SCALE: Final = Code("SPO2SCALE", "SpO2 scale", "WGH")

_ANSWERS: Final = {
    "A": coded("248234008", "Alert", "SCT"), "C": coded("130987000", "New confusion", "SCT"), "V": coded("300202002", "Responds to voice", "SCT"),
    "P": coded("450847001", "Responds to pain", "SCT"), "U": coded("422768004", "Unresponsive", "SCT"),
}  # fmt: skip
_ON_AIR: Final = coded("722742002", "Breathing room air", "SCT")
_ON_OXYGEN: Final = coded("371825009", "Patient on oxygen", "SCT")
_GLASGOW: Final = {"A": (4, 5, 6), "C": (4, 4, 6), "V": (3, 4, 6), "P": (2, 2, 4), "U": (1, 1, 2)}
_LOOK_AGAIN: Final = 35.0
"""Minutes between two glances through the door."""


def observed_of(vitals: Vitals, *, coded_oxygen: bool) -> list[Observed]:
    """A full round. Emergency and intensive care chart "air" or "oxygen", the wards chart the flow."""
    return [
        _number(c.RESPIRATORY_RATE, vitals.respiratory_rate, "/min"),
        _number(c.OXYGEN_SATURATION, vitals.oxygen_saturation, "%"),
        *([Observed("CWE", OXYGEN_THERAPY.field, _ON_OXYGEN if vitals.oxygen_flow else _ON_AIR)] if coded_oxygen else []),
        *([_number(c.OXYGEN_FLOW, vitals.oxygen_flow, "L/min")] if vitals.oxygen_flow or not coded_oxygen else []),
        _number(c.SYSTOLIC_PRESSURE, vitals.systolic, "mm[Hg]"), _number(c.DIASTOLIC_PRESSURE, vitals.diastolic, "mm[Hg]"),
        _number(c.PULSE, vitals.pulse, "/min"),
        Observed("CWE", CONSCIOUSNESS.field, _ANSWERS[vitals.alertness]),
        _number(c.TEMPERATURE, vitals.temperature, "Cel", places=1),
    ]  # fmt: skip


def _number(concept: c.Concept, value: float, unit: str, places: int = 0) -> Observed:
    return Observed("NM", loinc(concept).field, f"{value:.{places}f}", unit)


def rounds(world: World, stay: Stay, first_after: float) -> Routine:
    """Round after round, sooner the worse it looks; a glance in between catches who is getting worse."""
    yield first_after
    while stay.is_here():
        vitals = take_round(world, stay)
        due = world.now + timedelta(minutes=_until_next(world, stay))
        while world.now < due and stay.is_here():
            yield min(_LOOK_AGAIN, (due - world.now).total_seconds() / 60)
            if worry(vitals_of(stay.body, stay.oxygen, world.now), stay.oxygen) >= worry(vitals, stay.oxygen) + 4:
                break


def take_round(world: World, stay: Stay) -> Vitals:
    """Measure, turn the oxygen, write it down."""
    vitals = vitals_of(stay.body, stay.oxygen, world.now)
    stay.points = worry(vitals, stay.oxygen)
    observed = observed_of(vitals, coded_oxygen=stay.bed.unit.kind != "ward")
    if stay.is_intensive:
        observed += _glasgow(vitals.alertness)
    _chart(world, stay, observed)
    stay.oxygen.adjust(vitals.oxygen_saturation)
    return vitals


def _chart(world: World, stay: Stay, observed: list[Observed]) -> None:
    rates, dice = world.settings.artefacts, stay.dice
    if stay.in_story:
        send_charted(world, stay, VITAL_SIGNS, observed)
        return
    written = with_artefacts(observed, rates, dice)
    mistake = mistyped(written, dice) if happens(dice, rates.wrong_entry) else None
    if mistake is not None:
        world.agenda.begin(_mistake(world, stay, *mistake))
        return
    send_charted(world, stay, VITAL_SIGNS, written, late_seconds=world.lateness(dice))
    if has_loose_probe(written):
        world.agenda.begin(_second_reading(world, stay))


def _mistake(world: World, stay: Stay, wrong: list[Observed], right: list[Observed]) -> Routine:
    """A typing mistake is noticed some minutes later; the correction names the same set of observations."""
    filler = send_charted(world, stay, VITAL_SIGNS, wrong)
    taken_at = world.now
    yield stay.dice.uniform(5, 25)
    lines = [obr(filler=filler, service=VITAL_SIGNS, observed_at=taken_at, status="C"), *obx_lines(right)]
    world.send(CHARTING, "ORU^R01^ORU_R01", [*stay.named, *lines])


def _second_reading(world: World, stay: Stay) -> Routine:
    """The probe is put back and the saturation taken once more."""
    yield stay.dice.uniform(2, 6)
    if stay.is_here():
        vitals = vitals_of(stay.body, stay.oxygen, world.now)
        send_charted(world, stay, VITAL_SIGNS, [_number(c.OXYGEN_SATURATION, vitals.oxygen_saturation, "%")])


def send_charted(world: World, stay: Stay, service: Code, observed: list[Observed], *, late_seconds: float = 0) -> str:
    """One ORU from the charting system; returns the number of the set."""
    filler = world.number("CH")
    lines = [*stay.named, obr(filler=filler, service=service, observed_at=world.now), *obx_lines(observed)]
    world.send(CHARTING, "ORU^R01^ORU_R01", lines, after_seconds=stay.dice.uniform(10, 75) + late_seconds, sure=stay.in_story)
    return filler


def _until_next(world: World, stay: Stay) -> float:
    planned = minutes_to_next_round(stay.points)
    if stay.is_intensive:
        planned = 60
    elif stay.is_emergency:
        planned = min(planned, 60)
    late = stay.dice.uniform(1.25, 1.7) if happens(stay.dice, world.settings.artefacts.late_round) else stay.dice.uniform(0.8, 1.0)
    return planned * late


def _glasgow(alertness: str) -> list[Observed]:
    eyes, verbal, motor = _GLASGOW[alertness]
    parts = ((c.GLASGOW_EYES, eyes), (c.GLASGOW_VERBAL, verbal), (c.GLASGOW_MOTOR, motor), (c.GLASGOW_TOTAL, eyes + verbal + motor))
    return [_number(concept, value, "{score}") for concept, value in parts]


def urine(world: World, stay: Stay) -> Routine:
    """The bag is emptied: hourly in intensive care, every six hours on a ward."""
    yield stay.dice.uniform(5, 60)
    since = world.now
    while stay.is_here():
        yield 60.0 if stay.is_intensive else stay.dice.uniform(330, 380)
        if not stay.is_here():
            return
        hours = (world.now - since).total_seconds() / 3600
        volume = stay.body.level("urine", world.now) * stay.person.weight_kg * hours
        send_charted(world, stay, FLUID_BALANCE, [_number(c.URINE_OUTPUT, 5 * round(volume / 5), "mL")])
        since = world.now


def size_and_scale(world: World, stay: Stay) -> Routine:
    """Once after arrival: weight and height (in pounds and inches here and there), and the saturation scale a doctor chose."""
    yield stay.dice.uniform(15, 90)
    if not stay.is_here():
        return
    person = stay.person
    if happens(stay.dice, 0.1):
        size = [_number(c.WEIGHT, person.weight_kg / 0.45359237, "[lb_av]", 1), _number(c.HEIGHT, person.height_cm / 2.54, "[in_i]", 1)]
    else:
        size = [_number(c.WEIGHT, person.weight_kg, "kg", 1), _number(c.HEIGHT, person.height_cm, "cm")]
    send_charted(world, stay, BODY_SIZE, size)
    if stay.uses_scale_2:
        answer = coded("2", "Scale 2, target 88 to 92 %", "WGH")
        send_charted(world, stay, VITAL_SIGNS, [Observed("CWE", SATURATION_SCALE.field, answer)])
