"""The hazard log (ISO 14971): what could harm a patient through Wardline, what keeps it from happening, and the tests that show it.

Severity and probability are on the scales below. They are the founders' estimates: the hospital's clinical safety officer confirms
or changes them for the place they are used in (DCB0160 in England), which no software can do for them.
"""

from collections.abc import Mapping
from importlib import resources
from typing import Final, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from wardline.security.compliance.matrix import Control, Seen, Shown, shown

SEVERITY: Final = {1: "negligible", 2: "minor", 3: "serious", 4: "critical", 5: "catastrophic"}
PROBABILITY: Final = {1: "improbable", 2: "remote", 3: "occasional", 4: "probable", 5: "frequent"}
"""Semi-quantitative scales of five, as ISO/TR 24971 5.5 gives them as an example (from memory)."""
ACCEPTABLE: Final = 6
UNACCEPTABLE: Final = 12
"""Severity times probability: up to the first acceptable, from the second not; between them as low as reasonably practicable."""
Level = Literal["acceptable", "as low as practicable", "unacceptable"]


class Measure(BaseModel):
    """One risk control, and the tests that show that it works (ISO 14971 7.2)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    tests: tuple[str, ...] = Field(min_length=1)


class Hazard(BaseModel):
    """One way in which somebody could come to harm."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^H-\d\d$")
    hazard: str
    sequence: str = Field(description="How it comes to a hazardous situation.")
    harm: str
    severity: int = Field(ge=1, le=5)
    probability: int = Field(ge=1, le=5, description="Without the measures.")
    measures: tuple[Measure, ...] = Field(min_length=1)
    residual: int = Field(ge=1, le=5, description="Probability with the measures.")
    left: str = Field(description="What remains, and what the hospital has to do about it.")

    @model_validator(mode="after")
    def _is_lower_afterwards(self) -> "Hazard":
        if self.residual > self.probability:
            raise ValueError(f"{self.id}: the measures cannot make it more probable")
        return self

    @property
    def before(self) -> Level:
        return level(self.severity * self.probability)

    @property
    def after(self) -> Level:
        return level(self.severity * self.residual)


class Verified(NamedTuple):
    """A measure with how its tests ended last."""

    measure: Measure
    shown: Shown


def level(risk: int) -> Level:
    if risk <= ACCEPTABLE:
        return "acceptable"
    return "as low as practicable" if risk < UNACCEPTABLE else "unacceptable"


def hazards() -> tuple[Hazard, ...]:
    """The log that ships. A file that is wrong does not get past the tests."""
    file = resources.files("wardline.security.compliance").joinpath("hazards.yaml")
    return tuple(Hazard.model_validate(each) for each in yaml.safe_load(file.read_text(encoding="utf-8")))


def verified(hazard: Hazard, results: Mapping[str, Seen]) -> tuple[Verified, ...]:
    """Each measure as the last run of its tests shows it."""
    controls = [Control(id=hazard.id, title=each.what, answer="built", how=each.what, tests=each.tests) for each in hazard.measures]
    return tuple(Verified(measure, shown(control, results)) for measure, control in zip(hazard.measures, controls, strict=True))
