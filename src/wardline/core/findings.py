"""What a capability can answer. Missing is an answer; so is "not valid for this patient"."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.events import EventId
from wardline.core.quantities import plain


class Severity(IntEnum):
    """How urgently somebody must act. The words are those of IEC 60601-1-8 priorities."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Evidence(NamedTuple):
    """One line of the reasons: an input, its value, the band it fell into and the points it gave.

    `event` is filled in by the assessment from the input's name; a capability never deals in event ids.
    """

    input: str
    value: float | str | None = None
    points: int | None = None
    band: str = ""
    event: EventId = 0


class Suggestion(NamedTuple):
    """What to do next and how soon, as the reference says it: `Suggestion("Measure vital signs", hours(1), repeats="vital signs")`.

    With `repeats` the house watches for it: when the time passes without it, that is `Overdue`.
    """

    text: str
    within: timedelta | None = None
    repeats: str = ""


class Artefact(NamedTuple):
    """What is too large for the log: a table of lesions as plain JSON values, a mask as `core.imaging.LabelMap`. Kept beside the images."""

    name: str
    content: Any


class Finding(NamedTuple):
    """An answer: a value with its unit, how severe it is, one sentence, and the reasons."""

    value: float | str | None
    summary: str
    severity: Severity = Severity.NONE
    unit: str = ""
    because: tuple[Evidence, ...] = ()
    key: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    """Only of capabilities about a study."""
    models: tuple[tuple[str, str], ...] = ()
    """(id, SHA-256) of the trained models this one answer rests on, where that is not every model its run has opened."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A score whose points only add, with inputs missing: the truth is this or worse, at most `at_most`."""

    finding: Finding
    missing: tuple[str, ...]
    at_most: float | None = None

    @property
    def key(self) -> str:
        return self.finding.key

    @property
    def summary(self) -> str:
        value = self.finding.value
        shown = plain(value) if isinstance(value, int | float) else str(value)
        return f"At least {shown}: {' and '.join(words(name) for name in self.missing)} missing"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Cannot be answered; says what is missing. An open alert is not resolved by this."""

    missing: tuple[str, ...] = ()
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class NotValid:
    """The question makes no sense for this patient: too young, pregnant, on dialysis."""

    reason: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text a person must sign before it counts."""

    text: str
    because: tuple[Evidence, ...] = ()
    key: str = ""


Outcome: TypeAlias = Finding | AtLeast | Unknown | NotValid | Draft
Answer: TypeAlias = Outcome | tuple[Outcome, ...]
_OUTCOMES: Final = (Finding, AtLeast, Unknown, NotValid, Draft)


def outcomes(answer: Answer) -> tuple[Outcome, ...]:
    """One answer or several, always as a tuple."""
    return (answer,) if isinstance(answer, _OUTCOMES) else answer


def words(name: str) -> str:
    """A field name as a person reads it: "systolic_pressure" -> "systolic pressure"."""
    return name.replace("_", " ")


@dataclass(slots=True)
class Reasons:
    """Collects evidence while a capability thinks: `because.add("creatinine", 1.9, band="2.0 times baseline")`."""

    lines: list[Evidence] = field(default_factory=list)

    def add(self, name: str, value: float | str | None = None, *, points: int | None = None, band: str = "", event: EventId = 0) -> None:
        self.lines.append(Evidence(name, value, points, band, event))
