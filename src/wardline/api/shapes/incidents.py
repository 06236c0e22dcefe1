"""What people must look into."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, EventId, RecordKey


@with_config(CLOSED)
class Incident(TypedDict):
    id: EventId
    at: datetime
    what: str
    detail: Annotated[str, Field(description="Names what it is about; never a result's value.")]
    patient: RecordKey
    name: str
    number: str
    unit: str
    bed: str
    seen_by: Annotated[list[str], Field(description="Who had looked at the patient while the wrong result stood there.")]
    other: Annotated[str, Field(description="The second record of a contradiction; else empty.")]


@with_config(CLOSED)
class Incidents(TypedDict):
    as_of: AsOf
    items: list[Incident]
