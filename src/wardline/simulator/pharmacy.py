"""The pharmacy: drugs prescribed (RDE), given at the rounds (RAS) and stopped."""

from datetime import timedelta
from typing import NamedTuple

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.agenda import Routine
from wardline.simulator.drugs import CONTINUOUS, FORMULARY, ROUNDS, Drug
from wardline.simulator.feeds import PHARMACY
from wardline.simulator.stay import Stay
from wardline.simulator.world import World


class Prescription(NamedTuple):
    order: str
    drug: Drug


class Chart:
    """The drug chart of one stay."""

    def __init__(self, world: World, stay: Stay) -> None:
        self._world = world
        self._stay = stay
        self.prescriptions: list[Prescription] = []
        self._hours_later = stay.dice.choice((-1, 0, 0, 1, 2))
        """Wards and corridors have their own hours."""

    def prescribe(self, name: str, *, now: bool = False) -> None:
        """Order a drug unless it is on the chart or the patient cannot have it; with `now` the first dose follows at once."""
        if any(each.drug.name == name for each in self.prescriptions) or not _may_have(self._stay, name):
            return
        prescription = Prescription(self._world.number("RX"), FORMULARY[name])
        self.prescriptions.append(prescription)
        self._order(prescription, "NW")
        if now:
            self._world.agenda.begin(self._first_dose(prescription))

    def stop(self, name: str) -> None:
        for prescription in [each for each in self.prescriptions if each.drug.name == name]:
            self.prescriptions.remove(prescription)
            self._order(prescription, "DC")

    def _order(self, prescription: Prescription, control: str) -> None:
        order, drug = prescription
        lines = [
            segment("ORC", control, order, *(None,) * 6, self._world.now, None, None, self._stay.doctor),
            segment("TQ1", "1", None, drug.pattern, None, None, None, self._world.now + timedelta(hours=1)),
            segment("RXE", None, (drug.code, drug.name, "WC"), drug.amount, None, drug.unit, drug.form),
            segment("RXR", drug.route),
        ]
        self._send("RDE^O11^RDE_O11", lines)

    def give(self, prescription: Prescription) -> None:
        order, drug = prescription
        lines = [
            segment("ORC", "RE", order),
            segment("RXA", "0", "1", self._world.now, self._world.now, (drug.code, drug.name, "WC"), drug.amount, drug.unit, *(None,) * 12, "CP"),
            segment("RXR", drug.route),
        ]
        self._send("RAS^O17^RAS_O17", lines)

    def _send(self, kind: str, lines: list[str]) -> None:
        stay = self._stay
        self._world.send(PHARMACY, kind, [*stay.named, *lines], after_seconds=5, sure=stay.in_story)

    def _first_dose(self, prescription: Prescription) -> Routine:
        yield self._stay.dice.uniform(8, 25)
        if self._stay.is_here():
            self.give(prescription)

    def giving(self) -> Routine:
        """The drug rounds: what is due at this hour is given in the course of the next two, for it takes its time."""
        yield 60.0 - self._world.now.minute
        while self._stay.is_here():
            for prescription in self.prescriptions:
                if (self._world.now.hour - self._hours_later) % 24 in ROUNDS[prescription.drug.pattern]:
                    self._world.agenda.begin(self._later(prescription))
            yield 60.0 - self._world.now.minute

    def _later(self, prescription: Prescription) -> Routine:
        yield self._stay.dice.uniform(0, 59 if prescription.drug.pattern == CONTINUOUS else 130)
        if self._stay.is_here() and prescription in self.prescriptions:
            self.give(prescription)


def _may_have(stay: Stay, name: str) -> bool:
    """Wards check allergies too."""
    allergic = {code for code, *_ in stay.allergies}
    return not ((name.startswith(("Amoxicillin", "Piperacillin")) and "PEN" in allergic) or (name == "Ibuprofen" and "NSAID" in allergic))
