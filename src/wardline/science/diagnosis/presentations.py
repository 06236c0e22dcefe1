"""What a patient comes with, what can be behind it, and which answers make which explanation likelier: diagnosis as data.

A presentation (chest pain) has conditions that explain it, each with the share of patients it is found in before anything is asked,
and questions. For each answer a question holds how often patients with a condition give it, where that was published or counted, and
how often everybody else does. A condition of which nothing is stated answers like everybody else: no figure, no evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardline.core.concepts import Concept
from wardline.core.diseases import Disease

Urgency: TypeAlias = Literal["emergency", "urgent", "routine"]
Kind: TypeAlias = Literal["history", "symptom", "sign", "test"]
OTHER: Final = "other"
YES_NO: Final = ("yes", "no")
_NEVER: Final = 0.005
"""No answer rules a condition in or out alone: what was never counted is held possible in one of two hundred."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One explanation. `share`: of those who come with this, how many have it; all shares leave something for "something else"."""

    id: str
    name: str
    code: str
    share: float
    urgency: Urgency = "routine"
    ages: tuple[int | None, int | None] = (None, None)
    sex: Literal["", "F", "M"] = ""
    source: str = ""

    def is_possible(self, age: int | None, sex: str | None) -> bool:
        """Whether age and sex, where they are known, allow it."""
        low, high = self.ages
        too_young = age is not None and low is not None and age < low
        too_old = age is not None and high is not None and age > high
        return not (too_young or too_old or (self.sex and sex and self.sex != sex))


@dataclass(frozen=True, slots=True)
class Figure:
    """How often those with a condition give each answer, and who says so."""

    chances: tuple[float, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask, to look for, or to test. `measured` and `diseases`: what on the record answers it."""

    id: str
    ask: str
    kind: Kind
    elsewhere: tuple[float, ...]
    figures: Mapping[str, Figure]
    answers: tuple[str, ...] = YES_NO
    measured: tuple[Concept, float] | None = None
    """Yes where the concept's value is at least this."""
    diseases: tuple[Disease, ...] = ()
    ddxplus: str = ""
    """The same evidence in the vocabulary of DDXPlus."""

    def chances(self, condition: str) -> tuple[float, ...]:
        figure = self.figures.get(condition)
        return _possible(self.elsewhere if figure is None else figure.chances)


def _possible(chances: tuple[float, ...]) -> tuple[float, ...]:
    raised = [max(chance, _NEVER) for chance in chances]
    return tuple(chance / sum(raised) for chance in raised)


@dataclass(frozen=True, eq=False)
class Presentation:
    """A reason to come, with all that is known about it."""

    id: str
    title: str
    conditions: tuple[Condition, ...]
    questions: tuple[Question, ...]
    words: tuple[str, ...] = ()
    """What people call it."""
    weight: float = 1.0
    """How much one answer counts: below 1 where answers were seen to repeat each other (learned, never guessed)."""
    source: str = ""

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each question stands, by its id."""
        return {question.id: place for place, question in enumerate(self.questions)}

    @cached_property
    def chances(self) -> NDArray[np.float64]:
        """P(answer | condition) as [question, condition, answer], "something else" last; places of answers a question does not have are 0."""
        most = max(len(question.answers) for question in self.questions)
        table = np.zeros((len(self.questions), len(self.conditions) + 1, most))
        for row, question in enumerate(self.questions):
            for column, id in enumerate((*(condition.id for condition in self.conditions), OTHER)):
                table[row, column, : len(question.answers)] = question.chances(id)
        return table

    @cached_property
    def likelihoods(self) -> NDArray[np.float64]:
        """The same for weighing answers: an emergency keeps its distance to the likeliest explanation of an answer no figure is known for.

        Otherwise every finding of a well studied harmless condition would argue against the dangerous one nobody counted it in.
        """
        table = self.chances.copy()
        for row, question in enumerate(self.questions):
            for column, condition in enumerate(self.conditions):
                if condition.urgency == "emergency" and condition.id not in question.figures:
                    table[row, column] = self.chances[row].max(axis=0)
        return table

    def prior(self, age: int | None, sex: str | None) -> NDArray[np.float64]:
        """Shares before anything is asked, "something else" last; what age or sex excludes has none."""
        shares = [condition.share if condition.is_possible(age, sex) else 0.0 for condition in self.conditions]
        rest = 1.0 - sum(condition.share for condition in self.conditions)
        whole = np.array([*shares, max(rest, 0.0)])
        return np.asarray(whole / whole.sum())
