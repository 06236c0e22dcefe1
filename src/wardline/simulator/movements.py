"""ADT: patients come, move, are described anew, leave; and now and then a clerk takes the last step back."""

from datetime import datetime
from typing import Final

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens
from wardline.simulator.feeds import ADMISSIONS
from wardline.simulator.places import Bed
from wardline.simulator.stay import Stay, pid_of, pv1_of
from wardline.simulator.world import World

_STRUCTURES: Final = {
    "A01": "ADT_A01", "A04": "ADT_A01", "A08": "ADT_A01", "A13": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03",
    "A11": "ADT_A09", "A12": "ADT_A09", "A31": "ADT_A05", "A37": "ADT_A37", "A40": "ADT_A39",
}  # fmt: skip
"""Trigger to message structure, MSH-9.3."""
_DESCRIBED_ANEW_EVERY: Final = 900.0
"""Minutes, on average."""


def announce(world: World, stay: Stay, trigger: str, *, occurred_at: datetime | None = None, after_seconds: float = 0) -> None:
    """One ADT message about a stay as it is now. A clerk needs a while; sometimes so long that observations overtake it."""
    if after_seconds and not stay.in_story and trigger in ("A01", "A02", "A04") and happens(stay.dice, world.settings.faults.overtaken):
        after_seconds += stay.dice.uniform(240, 1500)
    pid, pv1 = stay.named
    if trigger == "A03":
        left_at = occurred_at or world.now
        pid = pid_of(stay.person, stay.visit, left_at if stay.died else None)
        pv1 = pv1_of(stay, disposition="20" if stay.died else "01", left_at=left_at)
    lines = [_event(world, trigger, occurred_at), pid, pv1]
    if trigger in ("A01", "A04", "A08"):
        lines += [segment("PV2", None, None, (None, stay.background.reason.text)), *_details(stay)]
    send_adt(world, trigger, lines, after_seconds=after_seconds, sure=stay.in_story)


def send_adt(world: World, trigger: str, lines: list[str], *, after_seconds: float = 0, sure: bool = False) -> None:
    world.send(ADMISSIONS, f"ADT^{trigger}^{_STRUCTURES[trigger]}", lines, after_seconds=after_seconds, sure=sure)


def _event(world: World, trigger: str, occurred_at: datetime | None = None) -> str:
    return segment("EVN", trigger, world.now, None, None, None, occurred_at or world.now)


def _details(stay: Stay) -> list[str]:
    """Allergies, the reason for coming and what has been known for years."""
    background = stay.background
    lines = [
        segment("AL1", str(number), category, (code, text, "WGH"), severity, reaction)
        for number, (code, text, reaction, severity, category) in enumerate(stay.allergies, 1)
    ]
    diagnoses = [(background.reason.code, background.reason.text, "A"), *((each.code, each.name, "W") for each in background.conditions)]
    lines += [segment("DG1", str(n), None, (code, text, "I10"), None, None, kind) for n, (code, text, kind) in enumerate(diagnoses, 1)]
    return lines


def admit(world: World, stay: Stay, *, on_arrival: bool) -> None:
    """A01, or A04 in the emergency department. Who is here already when the simulation begins is announced at its first moment."""
    world.stays.append(stay)
    announce(world, stay, "A04" if stay.is_emergency else "A01", after_seconds=stay.dice.uniform(2, 40) if on_arrival else 0)


def transfer(world: World, stay: Stay, bed: Bed) -> Routine:
    """Move to another bed. Rarely the transfer is announced, taken back, and announced again when it really happens."""
    old = stay.bed
    if happens(stay.dice, world.settings.faults.cancelled):
        stay.move_to(bed)
        announce(world, stay, "A02")
        yield stay.dice.uniform(4, 12)
        stay.move_to(old)
        announce(world, stay, "A12")
        yield stay.dice.uniform(20, 60)
    if not stay.is_here():
        world.beds.give_back(bed)
        return
    stay.move_to(bed)
    world.beds.give_back(old)
    announce(world, stay, "A02", after_seconds=stay.dice.uniform(2, 60))


def discharge(world: World, stay: Stay) -> Routine:
    """A03. Rarely it came too early and is taken back (A13); the patient then leaves an hour later."""
    if not stay.died and happens(stay.dice, world.settings.faults.cancelled):
        announce(world, stay, "A03")
        yield stay.dice.uniform(5, 20)
        announce(world, stay, "A13")
        yield stay.dice.uniform(30, 90)
    if not stay.is_here():
        return
    stay.leave()
    world.stays.remove(stay)
    world.beds.give_back(stay.bed)
    announce(world, stay, "A03")


def admitted_by_mistake(world: World, stay: Stay) -> Routine:
    """The wrong person was clicked: admitted, noticed, cancelled (A11). Nothing else is ever said about this visit."""
    announce(world, stay, "A04" if stay.is_emergency else "A01")
    yield stay.dice.uniform(4, 15)
    announce(world, stay, "A11")
    world.beds.give_back(stay.bed)


def describe_anew(world: World, stay: Stay) -> Routine:
    """A08 now and then: another telephone number, another doctor in charge."""
    while stay.is_here():
        yield stay.dice.expovariate(1 / _DESCRIBED_ANEW_EVERY)
        if not stay.is_here():
            return
        if happens(stay.dice, 0.5):
            stay.becomes(stay.person._replace(phone=f"555-01{stay.dice.randrange(100):02d}"))
        else:
            stay.is_treated_by(world.doctor_for(stay.bed.unit, stay.dice))
        announce(world, stay, "A08")
