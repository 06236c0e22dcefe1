"""Risks of one patient: every score that was asked, with what it rests on and what it is not for."""

from datetime import datetime
from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.asking import AskedInput
from wardline.api.shapes.capabilities import Assessed
from wardline.api.shapes.shape import CLOSED

Kind = Literal["assessment", "progression", "complications", "readmission", "mortality"]


@with_config(CLOSED)
class RiskScore(TypedDict):
    capability: str
    title: str
    question: str
    area: str
    version: str
    standing: Literal["verified", "provisional"]
    reference: str
    not_for: str
    caution: str
    answer: Assessed
    inputs: list[AskedInput]


@with_config(CLOSED)
class StillToSay(TypedDict):
    """An input that is missing, and the scores that wait for it."""

    input: str
    scores: list[str]


@with_config(CLOSED)
class Risks(TypedDict):
    kind: Kind
    patient: NotRequired[str]
    """Left out where no record was asked."""
    as_of: datetime
    restricted: int
    """How many facts of the record the asker may not see, and the scores do not know."""
    answered: int
    """Scores with a value; the others say what they lack or that they are not for this patient."""
    scores: list[RiskScore]
    still_to_say: list[StillToSay]
    intended_use: str
