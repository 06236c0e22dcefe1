"""One stay as HL7 v2: admitted (A01), observed (one ORU per moment), no longer watched and left the hospital (A03).

What the set does not say, and what is sent in its place:

- **Dates.** There are none. The first stay begins on BEGINNING; each keeps its own intervals from there.
- **Birth date.** Only the age in years is known. PID-7 says 1 January of the year that makes the patient exactly so old on
  admission; the age itself is sent as an observation.
- **After 48 hours** the record ends, though the patient stays in hospital. An A03 without a disposition takes the patient off the
  unit's board then: from here nobody measures anything, and nothing is overdue.
- **End of the stay.** Known in days only: Survival for those who died in hospital, else Length_of_stay, both counted from
  admission to intensive care and rounded in a way that is not published. A second A03 says it, with disposition 20 for a death, that
  many times 24 hours after admission. It is never before the record ends (the set holds no stay of less than 48 hours, yet some
  deaths have a Survival of 1); where the number is missing or the two fall together there is only one A03. A time of death taken
  from it is right to a day or two, not to the hour.
- **Names and beds** are made up: "Stay 132539" in the first free bed of the unit that ICUType names.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final, NamedTuple

from wardline.core.quantities import plain
from wardline.formats.hl7v2.builder import header, message, segment, timestamp
from wardline.intake.datasets.cinc2012.parameters import PARAMETERS, SYSTEM, UNITS
from wardline.intake.datasets.cinc2012.stays import Measurement, Outcome, Stay
from wardline.intake.datasets.timed import Timed

APPLICATION: Final = "CINC2012"
BEGINNING: Final = datetime(2012, 1, 2, tzinfo=UTC)
"""A Monday of the year of the challenge."""
RECORDED: Final = timedelta(hours=48)
"""How long each stay was observed (the challenge's page)."""
EXPIRED: Final = "20"  # HL7 table 0112
MONTHLY: Final = timedelta(days=28)
"""A feed clock takes no leap of more than 31 days; so often a long stay is stated again (A08) while it lasts."""
CLOSING: Final = 900_001
"""Number of the first message after the observations, which never come near it (one per minute is 2,881)."""


class Admission(NamedTuple):
    """A stay that has been given a time, a bed and an end."""

    record: str
    sex: str
    born: str
    unit: str
    bed: int
    at: datetime
    ends_at: datetime
    died: bool

    @property
    def recorded_until(self) -> datetime:
        return self.at + RECORDED

    def pid(self, *, died: bool = False) -> str:
        """PID; with `died`, PID-30 says so."""
        number = (self.record, None, None, APPLICATION, "MR")
        named = segment("PID", "1", None, number, None, ("Stay", self.record), None, self.born, self.sex)
        return named + "|" * (30 - named.count("|")) + "Y" if died else named

    @property
    def place(self) -> tuple[str, None, str]:
        return UNITS[self.unit][0], None, str(self.bed)


def admission(stay: Stay, outcome: Outcome, bed: int, at: datetime) -> Admission:
    days = outcome.survived_days if outcome.died else outcome.days
    ends_at = max(at + RECORDED, at + timedelta(days=days or 0))
    born = f"{date(at.year - int(float(stay.age)), 1, 1):%Y%m%d}" if stay.age else ""
    return Admission(stay.record, stay.sex, born, stay.unit, bed, at, ends_at, outcome.died)


def admitted(person: Admission) -> Timed:
    pv1 = segment(
        "PV1",
        "1",
        "I",
        (*person.place, None, None, None, None, None, UNITS[person.unit][1]),
        *_until(19, 4),
        person.record,
        *_until(44, 20),
        person.at,
    )
    return _timed(person, 0, "ADT^A01^ADT_A01", person.at, [_evn("A01", person.at), person.pid(), pv1])


def observed(person: Admission, stay: Stay) -> Iterator[Timed]:
    """One ORU for each moment at which something was measured."""
    before = [person.pid(), segment("PV1", "1", "I", person.place, *_until(19, 4), person.record)]
    for number, (minutes, measurements) in enumerate(stay.instants, 1):
        at = person.at + timedelta(minutes=minutes)
        obr = segment("OBR", "1", None, None, ("chart", "Charted and measured", SYSTEM), None, None, at)
        yield _timed(person, number, "ORU^R01^ORU_R01", at, [*before, obr, *_obx_lines(measurements)])


def closing(person: Admission) -> Iterator[Timed]:
    """The end of what is recorded, then the end of the stay; one message where they fall together."""
    numbers = count(CLOSING)
    if person.ends_at > person.recorded_until:
        yield _left(person, next(numbers), person.recorded_until, None)
    at = person.recorded_until + MONTHLY
    while at < person.ends_at:
        yield _timed(person, next(numbers), "ADT^A08^ADT_A01", at, [_evn("A08", at), person.pid(), segment("PV1", "1", "I")])
        at += MONTHLY
    yield _left(person, next(numbers), person.ends_at, EXPIRED if person.died else None)


def _left(person: Admission, number: int, at: datetime, disposition: str | None) -> Timed:
    pv1 = segment("PV1", "1", "I", person.place, *_until(19, 4), person.record, *_until(36, 20), disposition, *_until(45, 37), at)
    return _timed(person, number, "ADT^A03^ADT_A03", at, [_evn("A03", at), person.pid(died=disposition == EXPIRED), pv1])


def _obx_lines(measurements: tuple[Measurement, ...]) -> Iterator[str]:
    """OBX-4 tells several values of one thing at one moment apart: two ways of measuring a pressure, a value charted twice."""
    seen: Counter[str] = Counter()
    for number, (name, value) in enumerate(measurements, 1):
        parameter = PARAMETERS[name]
        thing = parameter.loinc or name
        seen[thing] += 1
        part = str(seen[thing]) if seen[thing] > 1 else ""
        yield f"OBX|{number}|NM|{parameter.code}|{part}|{_decimal(value)}|{parameter.unit}|||||F"


def _decimal(value: str) -> str:
    """HL7 NM knows no exponent; the set writes large enzyme values with one ("1.422e+04")."""
    return plain(float(value)) if "e" in value else value


def _timed(person: Admission, number: int, kind: str, at: datetime, lines: list[str]) -> Timed:
    control_id = f"{person.record}-{number}"
    head = header(application=APPLICATION, facility=UNITS[person.unit][0], at=at, kind=kind, control_id=control_id)
    return Timed(at, control_id, message([head, *lines]))


def _evn(trigger: str, at: datetime) -> str:
    return f"EVN|{trigger}|{timestamp(at)}"


def _until(field: int, after: int) -> list[None]:
    """Empty fields from `after` up to, not including, `field`."""
    return [None] * (field - after)
