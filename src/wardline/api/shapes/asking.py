"""A capability asked about a patient."""

from datetime import datetime
from typing import Any, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.capabilities import Assessed
from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class AskedInput(TypedDict):
    """One input as it went into the answer."""

    name: str
    value: Any
    origin: Literal["record", "given", "none"]
    """Who says so; "none" where nobody does, or the capability's source prescribes a value."""
    at: NotRequired[datetime]
    """When it was measured."""


@with_config(CLOSED)
class Asked(TypedDict):
    patient: str
    capability: str
    as_of: datetime
    restricted: int
    """How many facts of the record the asker may not see, and the answer does not know."""
    answer: Assessed
    inputs: list[AskedInput]


@with_config(CLOSED)
class Question(TypedDict):
    """A question that is answered only when asked, and what the record alone says to it."""

    id: str
    title: str
    question: str
    standing: Literal["verified", "provisional"]
    area: str
    answer: Assessed


@with_config(CLOSED)
class Answerable(TypedDict):
    patient: str
    as_of: datetime
    restricted: int
    questions: list[Question]
