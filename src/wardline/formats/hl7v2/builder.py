"""Writing HL7 v2: values in, bytes out, delimiters in the values escaped."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from wardline.formats.hl7v2.escapes import STANDARD, Separators, escape

Component: TypeAlias = str | int | float | datetime | None
Field: TypeAlias = Component | Sequence[Component | Sequence[Component]]


def segment(name: str, *fields: Field, separators: Separators = STANDARD) -> str:
    """One line. A tuple is a field of components, a list is a field of repetitions; None is empty."""
    return separators.field.join((name, *(_field(field, separators) for field in fields))).rstrip(separators.field)


def header(
    *, application: str, facility: str, to_application: str = "", to_facility: str = "", at: datetime, kind: str, control_id: str,
    processing_id: str = "P", version: str = "2.5.1", charset: str = "UNICODE UTF-8", accept: str = "", application_ack: str = "",
) -> str:  # fmt: skip
    """An MSH segment; `kind` is MSH-9 with its components, "ORU^R01^ORU_R01"."""
    fields = (
        STANDARD.encoding_characters, escape(application), escape(facility), escape(to_application), escape(to_facility), timestamp(at), "",
        kind, escape(control_id), processing_id, version, "", "", accept, application_ack, "", charset,
    )  # fmt: skip
    return "|".join(("MSH", *fields))


def message(lines: Iterable[str], codec: str = "utf-8") -> bytes:
    """Lines to bytes, each ended by a carriage return, the last one too."""
    return "".join(f"{line}\r" for line in lines).encode(codec, errors="replace")


def timestamp(at: datetime) -> str:
    """YYYYMMDDHHMMSS with its offset; milliseconds when there are any."""
    shown = at.strftime("%Y%m%d%H%M%S")
    if at.microsecond:
        shown += f".{at.microsecond // 1000:03d}"
    return shown + at.strftime("%z")


def _field(field: Field, separators: Separators) -> str:
    if isinstance(field, list):
        return separators.repetition.join(_field(repetition, separators) for repetition in field)
    if isinstance(field, tuple):
        return separators.component.join(_component(part, separators) for part in field).rstrip(separators.component)
    return _component(field, separators)  # type: ignore[arg-type]


def _component(part: Component, separators: Separators) -> str:
    match part:
        case None:
            return ""
        case str():
            return escape(part, separators)
        case datetime():
            return timestamp(part)
        case float() if part == int(part):
            return str(int(part))
        case _:
            return str(part)
