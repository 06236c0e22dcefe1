"""Drugs, diagnoses, allergies, procedures and vaccinations of a question as JSON: what a capability's needs for them are asked with.

    "medications": ["warfarin", {"what": "Ibuprofen 400 mg", "code": "5640^ibuprofen^RXNORM", "dose": "400 mg", "frequency": "TID"}]
    "conditions": ["I48.0", {"code": "49436004", "system": "SNOMED", "text": "Atrial fibrillation"}]

A plain text is the name of a drug, an allergy, a procedure or a vaccine, and the code of a condition.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from wardline.core.course import Allergy, Condition, Given, Medication, Procedure, Vaccination
from wardline.core.errors import Refused

_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)


class _Shape(NamedTuple):
    """How entries of one list are written: the value they become, the field a plain text fills, and which fields are times."""

    make: Callable[..., Any]
    plain: str
    fields: tuple[str, ...]
    times: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = {}
    most: int = 2_000


_SHAPES: Final[dict[str, _Shape]] = {
    "medications": _Shape(Medication, "what", ("what", "code", "dose", "route", "frequency", "since", "order"), ("since",), most=300),
    "doses": _Shape(Given, "what", ("what", "code", "dose", "route", "at"), ("at",), defaults={"code": "", "dose": "", "route": "", "at": _SOME_DAY}),
    "conditions": _Shape(Condition, "code", ("code", "system", "text", "since", "is_resolved"), ("since",), ("is_resolved",), {"code": ""}),
    "allergies": _Shape(Allergy, "text", ("text", "code", "reaction", "severity", "category"), defaults={"text": ""}),
    "procedures": _Shape(Procedure, "what", ("what", "code", "at", "ended_at"), ("at", "ended_at"), defaults={"code": "", "at": _SOME_DAY}),
    "vaccinations": _Shape(Vaccination, "what", ("what", "code", "at"), ("at",), defaults={"what": "", "code": ""}),
}  # fmt: skip


def stated(name: str, kind: str, given: Any) -> tuple[Any, ...]:
    """The list behind a need of this kind. Raises `Refused`."""
    shape = _SHAPES[kind]
    if not isinstance(given, list):
        raise Refused(f"{name} is a list; each entry is a text or an object with {', '.join(shape.fields)}")
    if len(given) > shape.most:  # each drug is held against each
        raise Refused(f"{name} has {len(given)} entries; {shape.most} at most are looked at")
    return tuple(_entry(f"{name}[{place}]", shape, each) for place, each in enumerate(given))


def resources(name: str, types: tuple[str, ...], given: Any) -> dict[str, tuple[Any, ...]]:
    """FHIR resources by type, from a list of them or from a Bundle."""
    listed = given.get("entry") if isinstance(given, Mapping) else given
    if isinstance(given, Mapping) and isinstance(listed, list):
        listed = [entry.get("resource") if isinstance(entry, Mapping) else None for entry in listed]
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) and "resourceType" in each for each in listed):
        raise Refused(f"{name} is a FHIR Bundle or a list of FHIR resources")
    return {type: tuple(each for each in listed if each["resourceType"] == type) for type in types}


def _entry(where: str, shape: _Shape, given: Any) -> Any:
    said = {shape.plain: given} if isinstance(given, str) else given
    if not isinstance(said, Mapping):
        raise Refused(f"{where} is a text or an object with {', '.join(shape.fields)}")
    unknown = sorted(set(map(str, said)) - set(shape.fields))
    if unknown:
        raise Refused(f"{unknown[0]!r} is not part of {where}; it has {', '.join(shape.fields)}")
    said = {field: _field(f"{where}.{field}", shape, field, value) for field, value in said.items() if value is not None}
    try:
        return shape.make(**{**shape.defaults, **said})
    except TypeError:
        raise Refused(f"{where} says too little: {shape.plain} is missing") from None


def _field(where: str, shape: _Shape, field: str, value: Any) -> Any:
    if field in shape.flags:
        if not isinstance(value, bool):
            raise Refused(f"{where} is true or false")
        return value
    if not isinstance(value, str):
        raise Refused(f"{where} is a text")
    return time_of(where, value) if field in shape.times else value


def time_of(where: str, given: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        raise Refused(f"{where} is a time such as 2026-11-21T04:00:00Z") from None
    if at.tzinfo is None:
        raise Refused(f"{where} needs its offset, for example 2026-11-21T04:00:00Z")
    return at
