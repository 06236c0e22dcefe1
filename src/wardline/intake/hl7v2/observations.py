"""OBX: one observation. The hottest lines of the house: twenty of these arrive with every panel."""

from datetime import datetime
from typing import Final

from wardline.core.errors import Refused
from wardline.core.events import DELETED, UNMAPPED, Documented, Measured
from wardline.core.flags import FUTURE, SHORTENED, STATUS_UNKNOWN
from wardline.core.observations import REMOVED, WITHOUT_VALUE
from wardline.core.statements import Statement
from wardline.formats.hl7v2.escapes import unescape
from wardline.formats.hl7v2.message import component_of, person_name
from wardline.intake.hl7v2.memory import LONGEST_KEY, Planned
from wardline.intake.hl7v2.plans import Plan, plan_for
from wardline.intake.hl7v2.reading import Reading
from wardline.intake.hl7v2.values import DELETED_VALUE, LONGEST_TEXT, MOST_READ, plain_number, value_of

STATUSES: Final = frozenset("ABCDFINOPRSUVWX")
TEXTS: Final = frozenset({"TX", "FT", "ST"})
FILES: Final = frozenset({"ED", "RP"})
_WITH_NUMBER: Final = frozenset("ABCFPRSV")
_CODED: Final = frozenset({"CE", "CWE", "CNE", "SN", "NM"})
_AT_A_TIME: Final = 100
_LONGEST_NAME: Final = 200
_NOTHING: Final = [""] * 15
_new: Final = tuple.__new__


def read_panel(reading: Reading, lines: list[str], place: int) -> int:
    """Read the OBX lines that follow each other from `place` on, a hundred at most: one `Measured` each (a file: one `Documented`).

    Returns the place of the first line that was not read. A panel shares its patient, visit, order and usually its time, so
    these are looked up once. Tuples are built by `tuple.__new__`, the one call inside a named tuple's constructor.
    """
    patient, memory, plans, moments, whole = reading.patient, reading.memory, reading.plans, reading.moments, reading.message.is_plain
    if not patient:
        raise Refused("OBX without a patient: there is no PID segment before it", code="segment-missing", where="PID")
    separator, mark = reading.message.separators.field, reading.message.separators.escape
    order, issued_at, encounter, add = reading.order, reading.issued_at, reading.encounter, reading.statements.append
    time = tail = performer = ""
    observed = occurred_at, flags = reading.observed or reading.occurred()
    known = FUTURE not in flags
    panel = lines[place : place + _AT_A_TIME]
    for line in panel:
        # OBX-15 and what follows stay one piece: it says who measured, and that is the same all through a panel.
        fields = line.split(separator, 15)
        if fields[0] != "OBX":
            return place + panel.index(line)
        if len(fields) > 15:
            rest = fields.pop()
            if rest != tail:
                tail, performer = rest, _performer(reading, rest)
        elif tail or len(fields) < 15:
            tail = performer = ""
            fields += _NOTHING[len(fields) :]
        _, number, kind, code, part, field, unit, normal, abnormal, _, _, status, _, _, observed_at = fields
        if observed_at != time:
            time = observed_at
            occurred_at, flags = (moments.get(time) or reading.measured(time, observed)) if time else observed
            known = FUTURE not in flags
        planned = plans.get((code, unit)) or _planned(reading, code, unit, number)
        plan, texts, code = planned
        read = texts.get(field) or memory.read(planned, field)
        # The usual case: a plain number in a unit that fits. Anything unusual goes the long way.
        if read is not None and known and kind == "NM" and status in _WITH_NUMBER and (whole or (mark not in line and DELETED not in line)):
            value, received = read
            measured = _new(Measured, (
                plan.id, value, plan.unit, "", status, flags, code, order, part, issued_at, received, normal, abnormal, performer,
            ))  # fmt: skip
            add(_new(Statement, (measured, patient, occurred_at, encounter)))
            continue
        _read_unusual(reading, fields, plan, (occurred_at, flags), performer)
    return place + len(panel)


def _planned(reading: Reading, code: str, unit: str, number: str) -> Planned:
    if len(code) + len(unit) > LONGEST_KEY:
        raise Refused(f"OBX-3 and OBX-6 are longer than {LONGEST_KEY:,} characters", code="too-large", where=_place(number, 3), rejected=True)
    planned = reading.plans[code, unit] = Planned(plan_for(code, unit, reading.source, reading.message.separators), {}, code)
    return planned


def _place(number: str, field: int) -> str:
    return f"OBX({number})-{field}" if number.isdecimal() and len(number) < 6 else f"OBX-{field}"


def _performer(reading: Reading, tail: str) -> str:
    """Who or what measured it: the device (OBX-18), else the person (OBX-16), else the laboratory (OBX-15)."""
    separators = reading.message.separators
    fields = (*tail.split(separators.field, 4), "", "", "")
    named = fields[0][:_LONGEST_NAME], fields[1][:_LONGEST_NAME], fields[3][:_LONGEST_NAME], separators
    known = reading.memory.performers.get(named)
    if known is not None:
        return known
    laboratory, person, device = (name.split(separators.repetition, 1)[0] for name in named[:3])
    names = component_of(device, 1, separators), person_name(person, separators), component_of(laboratory, 2, separators)
    return reading.memory.performer(named, next(filter(None, names), component_of(laboratory, 1, separators)))


def _read_unusual(reading: Reading, fields: list[str], plan: Plan, at: tuple[datetime, tuple[str, ...]], performer: str) -> None:
    kind, (occurred_at, flags) = fields[2], at
    if reading.document and kind in TEXTS | FILES:
        return  # a part of the document that TXA has announced
    if kind in FILES:
        _embedded(reading, fields)
        return
    if not fields[3]:
        raise Refused("OBX-3 does not say what was observed", code="field-missing", where=_place(fields[1], 3))
    # Many senders write numbers as ST; a free text has nothing to map.
    if plan.concept is None and (kind in _CODED or (kind == "ST" and plain_number(fields[5]) is not None)):
        flags = (*flags, UNMAPPED)
    measured = _unusual(reading, plan, kind, fields[5], fields[11][:1].upper() or "F", flags)
    part, normal, abnormal = (_short(reading, fields, number) for number in (4, 7, 8))
    measured = measured._replace(code=fields[3], part=part, reference_range=normal, abnormal=abnormal, performer=performer)
    reading.statements.append(Statement(measured, reading.patient, occurred_at, reading.encounter))


def _short(reading: Reading, fields: list[str], number: int) -> str:
    if len(fields[number]) > LONGEST_KEY:
        raise Refused(f"OBX-{number} is longer than {LONGEST_KEY:,} characters", code="too-large", where=_place(fields[1], number), rejected=True)
    return "" if fields[number] == DELETED else unescape(fields[number], reading.message.separators)


def _unusual(reading: Reading, plan: Plan, kind: str, field: str, status: str, flags: tuple[str, ...]) -> Measured:
    """Codes, texts, comparators, other units, statuses without a value, and every number that must not be scored."""
    separators = reading.message.separators
    read = value_of(kind, field, plan, reading.source, separators)
    value: float | str | None = read.number if read.number is not None else read.text
    if read is DELETED_VALUE:
        status = "D"
    elif read.problem and status not in WITHOUT_VALUE | REMOVED and not (status == "U" and not field):
        flags = (*flags, read.problem)
    if status not in STATUSES:
        status, flags = "R", (*flags, STATUS_UNKNOWN)
    if type(value) is float and (FUTURE in flags or STATUS_UNKNOWN in flags):
        value = field
    if status in WITHOUT_VALUE or status == "X":
        value = None
    if type(value) is str and (len(value) > LONGEST_TEXT or len(field) > MOST_READ):
        value, flags = value[:LONGEST_TEXT], (*flags, SHORTENED)
    # What is not scored is shown as it was sent, in the sender's unit and never in the one it would have been converted to.
    unscored = plan.concept is not None and type(value) is str
    received = f"{unescape(field[:200], separators)} {plan.shown_unit}".strip() if value is not None and (unscored or plan.changes) else ""
    unit = plan.shown_unit if unscored else plan.unit
    return Measured(
        plan.id, value, unit, read.comparator, status, flags, order=reading.order, issued_at=reading.issued_at, received=received,
    )  # fmt: skip


def _embedded(reading: Reading, fields: list[str]) -> None:
    """ED and RP: a file inside or beside the message. Its bytes stay in the raw message; the timeline names it, or says where it is."""
    separators = reading.message.separators
    title = component_of(fields[3], 2, separators) or component_of(fields[3], 1, separators)
    document = f"{reading.order or reading.message.control_id}/{fields[1]}"
    occurred_at = (reading.observed or reading.occurred())[0]
    pointer = component_of(fields[5][:LONGEST_KEY], 1, separators) if fields[2] == "RP" else ""
    reading.state(Documented(document, title, pointer, fields[11][:1], media_type(fields, reading), "", reading.issued_at), occurred_at)


def media_type(fields: list[str], reading: Reading) -> str:
    """What kind of file an OBX holds (ED) or points to (RP): type and subtype, as HL7 tables 0191 and 0291 name them."""
    separators = reading.message.separators
    head = fields[5][:LONGEST_KEY]
    first, second = (2, 3) if fields[2] == "ED" else (3, 4)
    kind = "/".join(part for part in (component_of(head, first, separators), component_of(head, second, separators)) if part)
    return kind.lower() or "application/octet-stream"
