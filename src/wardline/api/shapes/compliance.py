"""Shapes of the control matrix: counts of what was seen, never a score."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED

State = Literal["shown", "failing", "not run", "partly", "site", "not built", "not applicable"]
Counts = Annotated[dict[State, int], Field(description="How many controls are in each state; every state is named.")]


@with_config(CLOSED)
class Test(TypedDict):
    name: str
    passed: Annotated[bool | None, Field(description="How it ended when it ran last; null when it did not run on this version.")]
    at: datetime | None


@with_config(CLOSED)
class Control(TypedDict):
    """One thing that is asked, what answers it, and what showed it."""

    id: str
    title: str
    state: State
    how: str
    tests: list[Test]


@with_config(CLOSED)
class Framework(TypedDict):
    id: str
    title: str
    source: str
    standing: Literal["verified", "provisional"]
    scope: str
    counts: Counts
    controls: list[Control]


@with_config(CLOSED)
class Compliance(TypedDict):
    """Every framework, with the last run of the tests that show its controls."""

    version: str
    tested_at: Annotated[datetime | None, Field(description="When tests were last run on this version; null when never.")]
    tests: int
    frameworks: list[Framework]


@with_config(CLOSED)
class Measure(TypedDict):
    what: str
    state: State
    tests: list[Test]


Level = Literal["acceptable", "as low as practicable", "unacceptable"]


@with_config(CLOSED)
class Hazard(TypedDict):
    """One way in which somebody could come to harm, with what keeps it from happening."""

    id: str
    hazard: str
    sequence: str
    harm: str
    severity: int
    probability: int
    residual: int
    before: Level
    after: Level
    measures: list[Measure]
    left: str


@with_config(CLOSED)
class Hazards(TypedDict):
    """The hazard log, each measure as the last run of its tests shows it."""

    severity: dict[int, str]
    probability: dict[int, str]
    hazards: list[Hazard]


@with_config(CLOSED)
class ComplianceCounts(TypedDict):
    tested_at: datetime | None
    frameworks: dict[str, Counts]
