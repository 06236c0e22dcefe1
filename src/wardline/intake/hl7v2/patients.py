"""PID and MRG: who the message is about."""

from typing import TYPE_CHECKING

from wardline.core.errors import Refused
from wardline.core.events import Identifier, Registered
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Segment, component_of
from wardline.formats.hl7v2.times import iso_date
from wardline.intake.hl7v2.sources import Source

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading


def ignore(reading: "Reading", segment: Segment) -> None:
    """Segments that are kept in the raw message and say nothing the timeline has a place for."""


def read_pid(reading: "Reading", pid: Segment) -> None:
    """PID: patient number, name, birth date, sex, death. A new PID starts a new patient.

    The same patient's PID is the same line in message after message, so what it says is remembered by line.
    """
    known = reading.people.get(pid.line)
    if known is None:
        known = reading.people[pid.line] = _person(reading, pid)
    reading.person, reading.patient, account = known
    reading.person = known[0]._replace(issued_at=reading.issued_at)
    reading.encounter = account if reading.message.type != "ADT" else ""
    reading.statements.append(Statement(reading.person, reading.patient, reading.issued_at))


def _person(reading: "Reading", pid: Segment) -> tuple[Registered, str, str]:
    """The person, the record's key, and the account number (PID-18)."""
    identifiers = identifiers_in(pid, 3, reading.source) or identifiers_in(pid, 2, reading.source) or identifiers_in(pid, 4, reading.source)
    if not identifiers:
        raise Refused("PID-3 has no patient number", code="field-missing", where="PID-3")
    person = Registered(
        identifiers=identifiers, family=_name(pid, 1), given=_name(pid, 2), born=iso_date(pid.text(7, 1)), sex=pid.text(8, 1).upper()[:1],
        died=pid.text(30).upper() == "Y" or bool(pid.text(29)), authority=1 if reading.message.type == "ADT" else 0,
        address=_address(pid), phone=pid.text(13, 1) or pid.text(13, 4),
    )  # fmt: skip
    return person, reading.key_of(record_number(identifiers, reading.source)), pid.text(18, 1)


def read_mrg(reading: "Reading", mrg: Segment) -> None:
    """MRG: the record or visit that is given up."""
    identifiers = identifiers_in(mrg, 1, reading.source)
    reading.retired = record_number(identifiers, reading.source) if identifiers else None
    reading.retired_visit = mrg.text(5, 1)


def identifiers_in(segment: Segment, number: int, source: Source) -> tuple[Identifier, ...]:
    """Every patient number (CX) in a field. The assigner is its namespace, else its universal id, else the source's."""
    found = []
    for repetition in segment.repetitions(number):
        digits = component_of(repetition, 1, segment.separators).strip()
        if digits:
            assigner = component_of(repetition, 4, segment.separators) or component_of(repetition, 4, segment.separators, 2) or source.assigner
            found.append(Identifier(digits[:100], assigner[:100], component_of(repetition, 5, segment.separators)))
    return tuple(found)


def record_number(identifiers: tuple[Identifier, ...], source: Source) -> Identifier:
    """The number that names the record: by the source's preferred types, else the first one given."""
    for wanted in source.number_types:
        for identifier in identifiers:
            if identifier.type == wanted:
                return identifier
    return identifiers[0]


def _name(pid: Segment, part: int) -> str:
    """PID-5: family or given name, of the legal name where several names are sent."""
    repetitions = pid.repetitions(5)
    legal = next((name for name in repetitions if component_of(name, 7, pid.separators) == "L"), repetitions[0] if repetitions else "")
    return component_of(legal, part, pid.separators)


def _address(pid: Segment) -> str:
    parts = (pid.text(11, 1), pid.text(11, 3), pid.text(11, 4), pid.text(11, 5))
    return ", ".join(part for part in parts if part)
