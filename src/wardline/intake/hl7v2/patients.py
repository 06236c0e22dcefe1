"""PID: who the message is about."""

from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import DELETED, Identifier, Registered
from wardline.core.statements import Statement
from wardline.formats.hl7v2.message import Segment, component_of
from wardline.formats.hl7v2.times import iso_date
from wardline.intake.hl7v2.memory import LONGEST_KEY, Person
from wardline.intake.hl7v2.orders import conclude
from wardline.intake.hl7v2.reading import Reading
from wardline.intake.hl7v2.sources import Source

SOCIAL_SECURITY: Final = "SS"
_ISSUED_AT: Final = Registered._fields.index("issued_at")
_new: Final = tuple.__new__


def read_pid(reading: Reading, pid: Segment) -> None:
    """PID: patient number, name, birth date, sex, death. A new PID starts a new patient.

    The same patient's PID is the same line in message after message, so what it says is remembered by line.
    """
    conclude(reading)
    reading.count("PID")
    person = reading.people.get(pid.line)
    if person is None:
        person = _person(reading, pid)
        if len(pid.line) <= LONGEST_KEY:
            reading.people[pid.line] = person
    reading.patient, reading.encounter = person.about, person.account
    if reading.message.type != "ADT":
        reading.order, reading.orc, reading.observed, reading.document = "", None, None, ""
    # The line says the same every time; only when it was said differs. tuple.__new__ is the one call inside `_replace`.
    registered = _new(Registered, (*person.registered[:_ISSUED_AT], reading.issued_at, *person.registered[_ISSUED_AT + 1 :]))
    reading.statements.append(Statement(registered, person.about, reading.issued_at))


def _person(reading: Reading, pid: Segment) -> Person:
    source = reading.source
    own = identifiers_in(pid, 3, source) or identifiers_in(pid, 2, source) or identifiers_in(pid, 4, source)
    if not own:
        raise Refused("PID-3 has no patient number", code="field-missing", where="PID-3")
    record = record_number(own, source)
    others = (*own, *identifiers_in(pid, 2, source), *identifiers_in(pid, 4, source), *_social_security(pid))
    registered = Registered(
        # The number that names the record comes first: it is the one people are shown.
        identifiers=tuple(dict.fromkeys((record, *others))), family=_name(pid, 1), given=_name(pid, 2), born=_born(pid), sex=_sex(pid),
        died=_died(pid), authority=1 if reading.message.type == "ADT" else 0,
        address=_address(pid), phone=_phone(pid),
    )  # fmt: skip
    return Person(registered, reading.key_of(record), pid.text(18, 1))


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


def _social_security(pid: Segment) -> tuple[Identifier, ...]:
    number = pid.text(19, 1)
    return (Identifier(number[:100], "", SOCIAL_SECURITY),) if number else ()


def _name(pid: Segment, part: int) -> str:
    """PID-5: family or given name, of the legal name where several names are sent."""
    if pid.is_deleted(5):
        return DELETED
    repetitions = pid.repetitions(5)
    legal = next((name for name in repetitions if component_of(name, 7, pid.separators) == "L"), repetitions[0] if repetitions else "")
    return component_of(legal, part, pid.separators)


def _born(pid: Segment) -> str:
    return DELETED if pid.is_deleted(7) else iso_date(pid.text(7, 1))


def _sex(pid: Segment) -> str:
    return DELETED if pid.is_deleted(8) else pid.text(8, 1).upper()[:1]


def _died(pid: Segment) -> bool | None:
    """PID-30, else whether PID-29 says when. Two double quotes take it back; two empty fields say nothing, as in most messages."""
    said = pid.text(30).upper()
    if said in ("Y", "N"):
        return said == "Y"
    if pid.text(29):
        return True
    return False if pid.is_deleted(29) or pid.is_deleted(30) else None


def _address(pid: Segment) -> str:
    if pid.is_deleted(11):
        return DELETED
    return ", ".join(part for part in (pid.text(11, number) for number in (1, 3, 4, 5)) if part)


def _phone(pid: Segment) -> str:
    """The number as one text, else area code and number, else the address of another way to reach the person (e-mail)."""
    if pid.is_deleted(13):
        return DELETED
    return pid.text(13, 1) or "".join(part for part in (pid.text(13, 6), pid.text(13, 7)) if part) or pid.text(13, 4)
