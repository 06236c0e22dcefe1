"""OBX: one observation. The hottest lines of the house: twenty of these arrive with every panel."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from wardline.core.errors import Refused
from wardline.core.events import UNMAPPED, Documented, Measured
from wardline.core.observations import REMOVED, WITHOUT_VALUE
from wardline.core.statements import Statement
from wardline.formats.hl7v2.escapes import unescape
from wardline.formats.hl7v2.message import component_of
from wardline.intake.hl7v2.values import DELETED_VALUE, IMPLAUSIBLE, Plan, plan_for, value_of

if TYPE_CHECKING:
    from wardline.intake.hl7v2.reading import Reading

STATUSES: Final = frozenset("ABCDFINOPRSUVWX")
STATUS_UNKNOWN: Final = "status not known"
FUTURE: Final = "in the future"
_WITH_NUMBER: Final = frozenset("ABCFPRSV")
_NOTHING: Final = [""] * 19
_new: Final = tuple.__new__
_CODED: Final = frozenset({"CE", "CWE", "CNE", "SN", "NM"})
_LONGEST_TEXT: Final = 20_000


def read_panel(reading: "Reading", lines: list[str], place: int) -> int:
    """Read the OBX lines that follow each other from `place` on: one `Measured` each (an embedded file: one `Documented`).

    Returns the place of the first line that is not an OBX. A panel shares its patient, visit, order and usually its time, so
    these are looked up once. Tuples are built by `tuple.__new__`, the one call inside a named tuple's constructor.
    """
    separator, plans, moments, patient = reading.separator, reading.plans, reading.moments, reading.patient
    if not patient:
        raise Refused("OBX without a patient: there is no PID segment before it", code="segment-missing", where="PID")
    order, issued_at, encounter, add = reading.order, reading.issued_at, reading.encounter, reading.statements.append
    observed = reading.observed or reading.occurred()
    for line in lines[place:]:
        if line[:3] != "OBX":
            return place
        place += 1
        fields = line.split(separator)
        if len(fields) < 19:
            fields += _NOTHING[len(fields) :]
        code, field, unit, status = fields[3], fields[5], fields[6], fields[11]
        concept, conversion, low, high, _, shown_unit, changes = plans.get((code, unit)) or _new_plan(reading, code, unit, fields[1])
        occurred_at, flags = (moments.get(fields[14]) or reading.occurred(fields[14])) if fields[14] else observed
        # The usual case: a plain number that a plan knows how to read. Anything unusual goes the long way.
        if conversion is not None and fields[2] == "NM" and status in _WITH_NUMBER and not flags and field.replace(".", "", 1).isdecimal():
            value = float(field)
            received = ""
            if changes:
                value, received = value * conversion.factor + conversion.offset, f"{field} {shown_unit}"
            if low <= value <= high:
                measured = _new(Measured, (
                    concept.id, value, concept.unit, "", status, (), code, order, fields[4], issued_at, received, fields[7], fields[8], fields[18],  # type: ignore[union-attr]
                ))  # fmt: skip
                add(_new(Statement, (measured, patient, occurred_at, encounter)))
                continue
        _read_unusual(reading, fields, occurred_at, flags)
    return place


def _read_unusual(reading: "Reading", fields: list[str], occurred_at: datetime, flags: tuple[str, ...]) -> None:
    plan = reading.plans[fields[3], fields[6]]
    if fields[2] in ("ED", "RP"):
        _embedded(reading, fields)
        return
    if plan.concept is None and fields[2] in _CODED:
        flags = (*flags, UNMAPPED)
    measured = _unusual(reading, plan, fields[2], fields[5], fields[11][:1].upper() or "F", flags)
    measured = measured._replace(code=fields[3], part=fields[4], reference_range=fields[7], abnormal=fields[8], performer=fields[18])
    reading.statements.append(Statement(measured, reading.patient, occurred_at, reading.encounter))


def _new_plan(reading: "Reading", code: str, unit: str, number: str) -> Plan:
    if not code:
        raise Refused("OBX-3 does not say what was observed", code="field-missing", where=f"OBX({number[:6]})-3")
    plan = reading.plans[code, unit] = plan_for(code, unit, reading.source, reading.message.separators)
    return plan


def _unusual(reading: "Reading", plan: Plan, kind: str, field: str, status: str, flags: tuple[str, ...]) -> Measured:
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
    shown = f"{unescape(field, separators)[:200]} {plan.shown_unit}".strip()
    received = (
        shown if value is not None and (plan.changes or read.problem == IMPLAUSIBLE or (plan.concept is not None and plan.concept.is_coded)) else ""
    )
    if type(value) is str:
        value = value[:_LONGEST_TEXT]
    concept = plan.concept
    return Measured(
        concept.id if concept is not None else "", value, concept.unit if concept is not None else plan.shown_unit, read.comparator, status, flags,
        order=reading.order, issued_at=reading.issued_at, received=received,
    )  # fmt: skip


def _embedded(reading: "Reading", fields: list[str]) -> None:
    """ED and RP: a file inside or beside the message. Its bytes stay in the raw message; the timeline names it."""
    separators = reading.message.separators
    kind = "/".join(part for part in (component_of(fields[5], 2, separators), component_of(fields[5], 3, separators)) if part)
    title = component_of(fields[3], 2, separators) or component_of(fields[3], 1, separators)
    document = f"{reading.order or reading.message.control_id}/{fields[1]}"
    occurred_at = (reading.observed or reading.occurred())[0]
    reading.state(Documented(document, title, "", fields[11][:1], kind.lower() or "application/octet-stream", "", reading.issued_at), occurred_at)
