"""From the order to the result: asked for, drawn, preliminary, final, and now and then corrected, deleted or somebody else's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.agenda import Routine
from wardline.simulator.chance import happens
from wardline.simulator.feeds import LABORATORY, ORDERS
from wardline.simulator.laboratory import BASIC, Panel, reported, values_of
from wardline.simulator.observations import Code, Observed, obr, obx_lines
from wardline.simulator.settings import NO_FAULTS
from wardline.simulator.stay import Stay
from wardline.simulator.world import World

_BEDSIDE_POTASSIUM: Final = "K-POC^Potassium, bedside^WGH"
"""A device nobody has told the receiver about: its code is this hospital's own and not in the interface agreement."""
_PRELIMINARY: Final = 0.2
"""Share of panels whose first values are released before the rest is verified."""


class Specimen(NamedTuple):
    """What was drawn: the panel, its true values, and the numbers under which it is known."""

    panel: Panel
    placer: str
    filler: str
    drawn_at: datetime
    values: Mapping[str, float]


def ask_for(world: World, stay: Stay, panel: Panel, *, urgent: bool = False) -> str:
    """Send the order of a panel (OML); returns its number."""
    placer = world.number("ORD")
    send_order(world, stay, "OML^O21^OML_O21", placer, panel.code, urgent=urgent)
    return placer


def send_order(world: World, stay: Stay, kind: str, placer: str, service: Code, *, urgent: bool, section: str = "LAB") -> None:
    """ORC and OBR of a new order; `section` is OBR-24, the department that carries it out."""
    priority = "S" if urgent else "R"
    lines = [
        segment("ORC", "NW", placer, *(None,) * 4, (None, None, None, None, None, priority), None, world.now, None, None, stay.doctor),
        segment("OBR", "1", placer, None, (service.id, service.text, service.system), priority, world.now, *(None,) * 17, section),
    ]
    world.send(ORDERS, kind, [*stay.named, *lines], after_seconds=3, sure=stay.in_story)


def examine(world: World, stay: Stay, panel: Panel, *, urgent: bool = False) -> Routine:
    """One panel of one patient, from order to last correction."""
    placer = ask_for(world, stay, panel, urgent=urgent)
    yield stay.dice.uniform(3, 12) if urgent else stay.dice.uniform(10, 60)
    if not stay.is_here():
        return
    specimen = draw(world, stay, panel, placer)
    wait = stay.dice.uniform(*panel.minutes) * (0.7 if urgent else 1.0)
    if len(panel.analytes) > 2 and happens(stay.dice, _PRELIMINARY):
        yield wait * 0.6
        early = tuple(stay.dice.sample(list(specimen.values), k=3))
        report(world, stay, specimen, reported(panel, specimen.values, "P", early), status="P")
        wait *= 0.6
    yield wait
    yield from _release(world, stay, specimen)


def draw(world: World, stay: Stay, panel: Panel, placer: str) -> Specimen:
    saturation = stay.oxygen.saturation(stay.body.level("air_saturation", world.now))
    return Specimen(panel, placer, world.number("L"), world.now, values_of(panel, stay.body, saturation, world.now))


def report(world: World, stay: Stay, specimen: Specimen, observed: list[Observed], *, status: str, late_seconds: float = 0) -> None:
    """One ORU from the laboratory."""
    orc = segment("ORC", "RE", specimen.placer, specimen.filler)
    head = obr(placer=specimen.placer, filler=specimen.filler, service=specimen.panel.code, observed_at=specimen.drawn_at, status=status)
    lines = [*stay.named, orc, head, *obx_lines(observed)]
    world.send(LABORATORY, "ORU^R01^ORU_R01", lines, after_seconds=2 + late_seconds, sure=stay.in_story)


def _release(world: World, stay: Stay, specimen: Specimen) -> Routine:
    """The final report, and what becomes of it."""
    faults, dice = NO_FAULTS if stay.in_story else world.settings.faults, stay.dice
    final = reported(specimen.panel, specimen.values, "F")
    if happens(dice, faults.wrong_patient):
        yield from _mix_up(world, stay, specimen, final)
    elif happens(dice, faults.corrected):
        yield from _correct(world, stay, specimen)
    elif happens(dice, faults.deleted):
        yield from _delete(world, stay, specimen, final)
    else:
        report(world, stay, specimen, final, status="F", late_seconds=0 if stay.in_story else world.lateness(dice))
    if happens(dice, faults.local_code):
        yield dice.uniform(5, 30)
        _bedside_potassium(world, stay)


def _delete(world: World, stay: Stay, specimen: Specimen, final: list[Observed]) -> Routine:
    """A value that should never have been reported is taken out again."""
    report(world, stay, specimen, final, status="F")
    yield stay.dice.uniform(10, 90)
    deleted = stay.dice.choice(final)._replace(status="D", abnormal="")
    report(world, stay, specimen, [deleted], status="C")


def _correct(world: World, stay: Stay, specimen: Specimen) -> Routine:
    """One value was wrong at first (clotted, diluted, mixed up with the neighbour's tube); the repeat replaces it."""
    true = stay.dice.choice(specimen.panel.analytes)
    wrong_values = {**specimen.values, true.quantity: specimen.values[true.quantity] * stay.dice.choice((0.62, 0.8, 1.3, 1.55))}
    if true.quantity == "ph":
        wrong_values["ph"] = specimen.values["ph"] - 0.18
    report(world, stay, specimen, reported(specimen.panel, wrong_values, "F"), status="F")
    yield stay.dice.uniform(4, 50)
    report(world, stay, specimen, reported(specimen.panel, specimen.values, "C", (true.quantity,)), status="C")


def _mix_up(world: World, stay: Stay, specimen: Specimen, final: list[Observed]) -> Routine:
    """Filed under another patient, noticed, taken back there (W), and reported where it belongs."""
    others = [each for each in world.stays if each is not stay and not each.in_story and each.is_here()]
    if others:
        other = stay.dice.choice(others)
        report(world, other, specimen, final, status="F")
        yield stay.dice.uniform(8, 40)
        report(world, other, specimen, [each._replace(status="W") for each in final], status="C")
    report(world, stay, specimen._replace(filler=world.number("L")), final, status="F")


def _bedside_potassium(world: World, stay: Stay) -> None:
    if not stay.is_here():
        return
    value = f"{stay.body.level('potassium', world.now):.1f}"
    observed = [Observed("NM", _BEDSIDE_POTASSIUM, value, "mmol/L")]
    specimen = Specimen(BASIC, "", world.number("P"), world.now, {})
    report(world, stay, specimen, observed, status="F")
