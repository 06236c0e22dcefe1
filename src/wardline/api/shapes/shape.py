"""What all shapes share: how they are closed, and the words that stand in many of them."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

CLOSED: Final = ConfigDict(extra="forbid")
"""Of every shape: an answer has the keys of its shape and no others."""

Severity = Literal["none", "low", "medium", "high"]
Outcome = Literal["finding", "at_least", "unknown", "not_valid", "several", "draft", "refused"]
Tier = Literal["page", "worklist", "chip"]
Number = Annotated[float | str | bool | None, Field(description="A number in the unit beside it, or a coded answer.")]
EventId = Annotated[str, Field(description="Number of the event, as text because it exceeds what JavaScript can count.", examples=["8594128896"])]
RecordKey = Annotated[str, Field(description="The record's key; it does not contain the patient number.", examples=["k7q2mfx3a4b5c6d7"])]
Seconds = Annotated[float, Field(description="Seconds.")]
AsOf = Annotated[datetime, Field(description="The moment this answer is about.")]
