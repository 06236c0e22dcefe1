"""Trying de-identification: a text, a message or a resource in, the same without what identifies; and how easily a table gives somebody away.

Nothing is kept. Stand-ins hold for one answer only: drawn under a key that is thrown away, so that nobody can ask here which stand-in
a patient has in a study. Exports with lasting stand-ins are made on the machine itself (`wardline deidentify`).
"""

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.patients import seen
from wardline.api.shapes import deidentify as shapes
from wardline.core.deidentification import NOBODY, Known
from wardline.core.errors import Refused
from wardline.formats.fhir import deidentification as fhir
from wardline.formats.hl7v2 import deidentification as hl7v2
from wardline.science.statistics.disclosure import SMALLEST_CELL, disclosure
from wardline.science.statistics.generalising import suggestions
from wardline.security.deidentification import Deidentification, Profile, known_of

doors = Doors("de-identification")
LARGEST: Final = 128 * 1024
"""Bytes of one request: about half a second's work, some seconds for a text made to be slow."""
MOST_RECORDS: Final = 20_000
EXAMPLE: Final = [{"age": "71", "sex": "F"}, {"age": "71", "sex": "F"}]
Words = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)]


class KnownOfPatient(BaseModel):
    """What the record says of the patient: found in the text however it is written there."""

    model_config = ConfigDict(extra="forbid")

    names: Words = Field(default_factory=list, examples=[["Ngozi", "Okafor"]])
    numbers: Words = Field(default_factory=list)
    places: Words = Field(default_factory=list)


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    content: str | dict[str, Any] = Field(
        description="A text or an HL7 v2 message; a FHIR resource as an object.", examples=["Mrs Okafor, seen on 3 March 2024."]
    )
    format: shapes.Format = "text"
    profile: Literal["safe-harbor", "pseudonymised"] = "safe-harbor"
    known: KnownOfPatient = Field(default_factory=KnownOfPatient)
    month_first: bool = Field(True, description="3/4/2024 is 4 March.")


@doors.post("/api/v1/deidentify", who="data.deidentify", answers=shapes.Deidentified, largest=LARGEST, response_model_exclude_unset=True)
async def deidentify(asked: Asked, house: House) -> Response:
    """The same without what identifies, and for a text what was found where. Nothing is kept."""
    policy = Deidentification(Profile(asked.profile), house.engine.house.now.date(), month_first=asked.month_first)
    said = await asyncio.to_thread(_answered, asked, policy)
    return json_response({"profile": asked.profile, "notice": policy.profile.notice, **said})


@doors.post(
    "/api/v1/patients/{id}/deidentify",
    who="patient.chart",
    about="id",
    answers=shapes.Deidentified,
    largest=LARGEST,
    response_model_exclude_unset=True,
)
async def deidentify_of(id: str, asked: Asked, seen_by: SeenBy, house: House) -> Response:
    """The same for a text about a patient: what the record says of them is found however it is written."""
    shown, moment = await seen(id, None, seen_by, house, "text de-identified")
    person = shown.timeline.person
    policy = Deidentification(Profile(asked.profile), moment.date(), month_first=asked.month_first)
    said = await asyncio.to_thread(_answered, asked, policy, known_of(person) if person is not None else NOBODY)
    return json_response({"profile": asked.profile, "notice": policy.profile.notice, **said})


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[dict[str, str | int | float | None]], Field(max_length=MOST_RECORDS, examples=[EXAMPLE])]
    quasi: Annotated[list[str], Field(min_length=1, max_length=20, description="Columns others may know of a person.", examples=[["age", "sex"]])]
    sensitive: Annotated[list[str], Field(max_length=20, description="Columns that nobody must learn.")] = []
    k: Annotated[int, Field(ge=2, le=1_000, description="How many must share their features at least.")] = SMALLEST_CELL


@doors.post("/api/v1/deidentify/risk", who="data.deidentify", answers=shapes.DisclosureRisk)
async def risk(table: Table) -> Response:
    """How easily somebody in a table could be told, and how to make it safer. Nothing is kept."""
    return json_response(await asyncio.to_thread(_risk, table))


def _answered(asked: Asked, policy: Deidentification, recorded: Known = NOBODY) -> dict[str, Any]:
    known = recorded | Known(*(tuple(words) for words in (asked.known.names, asked.known.numbers, asked.known.places)))
    match asked.format, asked.content:
        case "text", str(text):
            result = policy.of(known.numbers[0] if known.numbers else "", known).result(text)
            return {
                "text": result.text,
                "found": [
                    {"kind": each.span.kind.value, "start": each.span.start, "end": each.span.end, "new_start": each.start, "new_end": each.end}
                    for each in result.replaced
                ],
            }
        case "hl7v2", str(message):
            clean = hl7v2.deidentified(message.encode(), lambda number, found: policy.of(number, known | found))
            return {"text": clean.decode()}
        case "fhir", dict(resource):
            made = fhir.deidentified(resource, lambda number, found: policy.of(number, known | found))
            return {"resource": made.resource, "dropped": dict(made.dropped)}
    raise Refused("a FHIR resource is sent as an object, anything else as a text", code="format", where="content")


def _risk(table: Table) -> dict[str, Any]:
    rows = [{name: "" if value is None else str(value) for name, value in row.items()} for row in table.rows]
    missing = [column for column in (*table.quasi, *table.sensitive) if rows and not any(column in row for row in rows)]
    if missing:
        raise Refused(f"no row has a column {missing[0]}", code="column", where="quasi")
    report = disclosure(rows, table.quasi, k=table.k, sensitive=table.sensitive)
    steps = suggestions(rows, table.quasi, table.k) if report.breaking else []
    return {
        **report._asdict(), "breaking": list(report.breaking), "sensitive": [each._asdict() for each in report.sensitive],
        "prosecutor": report.prosecutor._asdict(), "journalist": report.journalist._asdict(), "suggestions": [each._asdict() for each in steps],
    }  # fmt: skip
