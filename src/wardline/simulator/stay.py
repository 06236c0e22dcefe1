"""One patient's stay: who, where, how ill, what is prescribed, and the two lines (PID, PV1) that name them in every message."""

from datetime import datetime, timedelta
from random import Random

from wardline.formats.hl7v2.builder import segment
from wardline.simulator.background import COPD, Background
from wardline.simulator.oxygen import OxygenTherapy
from wardline.simulator.people import Doctor, Person
from wardline.simulator.physiology import Body
from wardline.simulator.places import HOSPITAL, Bed


class Stay:
    """A visit from admission to discharge. Routines ask `is_here` and end."""

    def __init__(
        self, *, person: Person, visit: str, bed: Bed, background: Background, body: Body, doctor: Doctor, admitted_at: datetime, dice: Random,
        leaves_after: timedelta,
    ) -> None:  # fmt: skip
        self.person = person
        self.visit = visit
        self.bed = bed
        self.background = background
        self.allergies = list(background.allergies)
        self.body = body
        self.doctor = doctor
        self.admitted_at = admitted_at
        self.leaves_at = admitted_at + leaves_after
        self.dice = dice
        self._is_here = True
        self.died = False
        self.has_catheter = bed.unit.kind == "intensive" or dice.random() < 0.15
        self.has_telemetry = dice.random() < 0.5
        # The choice of the second scale is a doctor's, made for some patients with COPD and written down.
        self.uses_scale_2 = COPD in background.conditions and dice.random() < 0.6
        self.oxygen = OxygenTherapy(88, 92) if self.uses_scale_2 else OxygenTherapy(94, 98)
        self.points = 0
        """The nurse's rough severity at the last round."""
        self.seen_by_doctor_at: datetime | None = None
        self.in_story = False
        """Reserved for a story: nothing else happens to this patient, and nothing goes wrong with the messages."""
        self._lines: tuple[str, str] | None = None

    def is_here(self) -> bool:
        return self._is_here

    def leave(self) -> None:
        self._is_here = False

    @property
    def is_emergency(self) -> bool:
        return self.bed.unit.kind == "emergency"

    @property
    def is_intensive(self) -> bool:
        return self.bed.unit.kind == "intensive"

    @property
    def has_monitor(self) -> bool:
        """Monitored beds, telemetry on wards, and everybody whose last round was alarming."""
        return self.bed.unit.kind != "ward" or (self.has_telemetry and not self.in_story) or self.points >= 7

    def move_to(self, bed: Bed) -> None:
        self.bed = bed
        self._lines = None

    def becomes(self, person: Person) -> None:
        """From now on the messages carry this person's number and details."""
        self.person = person
        self._lines = None

    def is_treated_by(self, doctor: Doctor) -> None:
        self.doctor = doctor
        self._lines = None

    @property
    def named(self) -> list[str]:
        """PID and PV1 as they stand in results, orders and notes."""
        if self._lines is None:
            self._lines = pid_of(self.person, self.visit), pv1_of(self)
        return list(self._lines)


def pid_of(person: Person, visit: str = "", died_at: datetime | None = None) -> str:
    """PID: number, name, birth date, sex, address, and the account number that names the visit."""
    street, town, code = person.address
    return segment(
        "PID", "1", None, (person.number, None, None, HOSPITAL, "MR"), None, (person.family, person.given, None, None, None, None, "L"), None,
        f"{person.born:%Y%m%d}", person.sex, None, None, (street, None, town, None, code), None, person.phone, None, None, None, None, visit,
        *(() if died_at is None else (None,) * 10 + (died_at, "Y")),
    )  # fmt: skip


def pv1_of(stay: Stay, *, disposition: str = "", left_at: datetime | None = None) -> str:
    """PV1: class, place, doctor, service, visit number, admission; at the end also where to and when (PV1-36, PV1-45)."""
    unit, room, bed = stay.bed
    patient_class = "E" if stay.is_emergency else "I"
    fields = [
        "1", patient_class, (unit.code, room, bed, HOSPITAL, None, None, None, None, unit.label), None, None, None, stay.doctor, None, None,
        unit.service, *(None,) * 8, stay.visit, *(None,) * 16, disposition, *(None,) * 7, stay.admitted_at, left_at,
    ]  # fmt: skip
    return segment("PV1", *fields)
