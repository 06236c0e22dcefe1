"""Short ward notes (MDM), invented sentence by sentence from what is the case."""

from typing import Final

from wardline.formats.hl7v2.builder import segment
from wardline.formats.hl7v2.escapes import escape
from wardline.simulator.agenda import Routine
from wardline.simulator.feeds import DOCUMENTS
from wardline.simulator.observations import Code, Observed, obx_lines
from wardline.simulator.people import Doctor
from wardline.simulator.stay import Stay
from wardline.simulator.vitals import vitals_of
from wardline.simulator.world import World

_TEXT: Final = Code("NOTE", "Note", "WGH")
_CALM: Final = (
    "Slept well, ate half of the meal.", "Mobilised to the chair with one helper.", "No complaints. Skin intact, heels free.",
    "Family visited and brought glasses.", "Walked to the bathroom with the frame.", "Pain 2 of 10 at rest, 4 when moving.",
    "Asked when going home; social worker informed.", "Drank 800 mL since the morning, encouraged to drink more.",
)  # fmt: skip
_NURSES: Final = (("N2041", "Brandt", "Amelia"), ("N2077", "Mwangi", "Peter"), ("N2102", "Takeda", "Aiko"), ("N2150", "Sørensen", "Liv"))


def write_note(world: World, stay: Stay, title: str, sentences: list[str], author: Doctor) -> None:
    """One document: TXA and a line of text per sentence."""
    txa = segment(
        "TXA", "1", (title[:2].upper(), title), "TX", world.now, author, world.now, None, None, author, None, None, world.number("DOC"),
        *(None,) * 4, "AU",
    )  # fmt: skip
    observed = [Observed("TX", _TEXT.field, escape(sentence)) for sentence in sentences]
    evn = segment("EVN", "T02", world.now)
    lines = [evn, *stay.named, txa, *obx_lines(observed)]
    world.send(DOCUMENTS, "MDM^T02^MDM_T02", lines, after_seconds=stay.dice.uniform(20, 300), sure=stay.in_story)


def shift_notes(world: World, stay: Stay) -> Routine:
    """A nurse writes once in every shift."""
    yield stay.dice.uniform(30, 460)
    while stay.is_here():
        write_note(world, stay, "Nursing note", _observations(world, stay), stay.dice.choice(_NURSES))
        yield stay.dice.uniform(360, 560)


def doctors_note(world: World, stay: Stay, plan: list[str]) -> None:
    reason = stay.background.reason.text
    write_note(world, stay, "Progress note", [f"{stay.person.age_years(world.now.date()):.0f} years, {reason.lower()}.", *plan], stay.doctor)


def _observations(world: World, stay: Stay) -> list[str]:
    vitals = vitals_of(stay.body, stay.oxygen, world.now)
    seen = [stay.dice.choice(_CALM)]
    if vitals.temperature >= 38:
        seen = [f"Feels hot and shivers, {vitals.temperature:.1f} °C. Doctor informed."]
    if vitals.alertness != "A":
        seen.append("Not oriented to place, was this morning. Bed rails up, call bell within reach.")
    if vitals.oxygen_flow:
        seen.append(f"Oxygen {vitals.oxygen_flow:g} L/min by nasal prongs, saturation {vitals.oxygen_saturation:g} %.")
    if vitals.systolic < 100:
        seen.append(f"Pale, cool hands, pressure {vitals.systolic:g}/{vitals.diastolic:g}. Legs raised.")
    return seen
