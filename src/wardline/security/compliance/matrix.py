"""The control matrix: each control of a law or standard, what answers it here, the tests that show it, and how they ended last.

The controls are data, one file for each framework in controls/. What is computed from them is counts of what was seen; there is no
score, because a percentage of unlike things says nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import resources
from typing import Final, Literal, NamedTuple, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Answer: TypeAlias = Literal["built", "partly", "site", "not built", "not applicable"]
State: TypeAlias = Literal["shown", "failing", "not run", "partly", "site", "not built", "not applicable"]
STATES: Final[tuple[State, ...]] = ("shown", "failing", "not run", "partly", "site", "not built", "not applicable")
NEEDS_A_REASON: Final = ("partly", "site", "not built", "not applicable")


class Control(BaseModel):
    """One thing that is asked. Its title and answer are our words; the text itself is where `source` of its framework says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    answer: Answer
    how: str = Field(description="What answers it here, or why nothing does.")
    tests: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_shown_or_explained(self) -> "Control":
        if self.answer in ("built", "partly") and not self.tests:
            raise ValueError(f"{self.id}: what is {self.answer} names the tests that show it")
        if self.answer in ("site", "not built", "not applicable") and self.tests:
            raise ValueError(f"{self.id}: what is {self.answer!r} has no test to show it")
        return self


class Framework(BaseModel):
    """One law or standard, with all of its controls that concern software like this."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    source: str = Field(description="Edition, date, where its text is.")
    standing: Literal["verified", "provisional"] = Field(description="Whether the list was held against the text, or is from memory.")
    scope: str = Field("", description="What of it is listed, and what is not.")
    controls: tuple[Control, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> "Framework":
        twice = [id for id, count in Counter(control.id for control in self.controls).items() if count > 1]
        if twice:
            raise ValueError(f"{self.id}: {twice[0]} is there twice")
        return self


class Seen(NamedTuple):
    """How a test ended when it was last run."""

    passed: bool
    at: datetime


class Shown(NamedTuple):
    """A control with what the last run of its tests says."""

    control: Control
    state: State
    tests: tuple[tuple[str, Seen | None], ...]


def frameworks() -> tuple[Framework, ...]:
    """Every framework that ships, in the order of their files. A file that is wrong does not get past the tests."""
    folder = resources.files("wardline.security.compliance").joinpath("controls")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(Framework.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


def shown(control: Control, results: Mapping[str, Seen]) -> Shown:
    """The control as the results show it. One test that failed outweighs all that passed; one that did not run leaves it open."""
    tests = tuple((test, _worst(test, results)) for test in control.tests)
    return Shown(control, _state(control, [seen for _, seen in tests]), tests)


def _state(control: Control, seen: list[Seen | None]) -> State:
    match control.answer:
        case "site" | "not built" | "not applicable":
            return control.answer
        case "built" | "partly":
            pass
    if any(each is not None and not each.passed for each in seen):
        return "failing"
    if None in seen:
        return "not run"
    return "shown" if control.answer == "built" else "partly"


def _worst(test: str, results: Mapping[str, Seen]) -> Seen | None:
    """A test by its name; a file or folder stands for everything in it."""
    under = tuple(f"{test}{mark}" for mark in ("::", "/"))
    found = [seen for name, seen in results.items() if name == test or name.startswith(under)]
    return min(found, default=None, key=lambda seen: (seen.passed, seen.at))


def counted(controls: Iterable[Shown]) -> dict[State, int]:
    """How many are in each state; every state is named, the empty ones too."""
    count = Counter(each.state for each in controls)
    return {state: count[state] for state in STATES}
