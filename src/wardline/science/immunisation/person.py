"""The person a forecast is for: birth, sex, doses given, and what is known about her."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Status = Literal["valid", "not valid", "extraneous", "inadvertent"]


class DoseGiven(NamedTuple):
    """A vaccine dose as it was given."""

    day: date
    cvx: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked about, as of a day. `observations` are CDSi observation codes with the day each is about, where that is known."""

    born: date
    gender: Literal["Female", "Male", "Unknown"]
    as_of: date
    doses: tuple[DoseGiven, ...]
    observations: dict[str, date | None]


@dataclass(slots=True)
class Evaluated:
    """A dose as a series sees it."""

    given: DoseGiven
    status: Status | None = None
    reason: str = ""
    satisfied: int | None = None
    """The place of the target dose it satisfied, the first being 1."""

    @property
    def counts_for_intervals(self) -> bool:
        return self.status in ("valid", "not valid")
