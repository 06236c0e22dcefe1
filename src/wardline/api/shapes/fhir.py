"""What the FHIR door answers that is no FHIR resource: the list of an export's files (Bulk Data Access 2.0, "Response - Complete Status")."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class File(TypedDict):
    """One file of it."""

    type: str
    url: str
    count: int


@with_config(CLOSED)
class Manifest(TypedDict):
    """Where an export's files are."""

    transactionTime: Annotated[str, Field(description="As of when the export is.")]
    request: Annotated[str, Field(description="The address that was asked.")]
    requiresAccessToken: bool
    output: list[File]
    error: list[File]
