"""How the tables of common presentations are written: published accuracy of a finding, as a pair of chances.

FIGURES = (
    (ORTHOPNOEA, "heart_failure", accuracy(0.50, 0.77), WANG),    # sensitivity, specificity
    (SUDDEN, "embolism", ratios(1.83, 0.43), WEST),               # likelihood ratio when present, when absent
    (SYNCOPE, "embolism", rises(2.38, elsewhere=0.05), WEST),     # only the ratio when present was published
)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from wardline.core.concepts import Concept
from wardline.core.diseases import Disease
from wardline.science.diagnosis.presentations import Condition, Figure, Kind, Presentation, Question


class Chances(NamedTuple):
    """How often a finding is there: with the condition, and without it."""

    with_it: float
    without: float


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """A finding that several tables may share."""

    id: str
    words: str
    kind: Kind
    ddxplus: str = ""
    measured: tuple[Concept, float] | None = None
    diseases: tuple[Disease, ...] = ()


Row: TypeAlias = tuple[Ask, str, Chances, str]


def accuracy(sensitivity: float, specificity: float) -> Chances:
    return Chances(sensitivity, 1 - specificity)


def ratios(present: float, absent: float) -> Chances:
    """The chances that have these two likelihood ratios: there is exactly one such pair."""
    without = (1 - absent) / (present - absent)
    return Chances(present * without, without)


def rises(present: float, *, elsewhere: float) -> Chances:
    """Where only the ratio of the finding's presence is published: rare elsewhere, so that its absence says next to nothing."""
    return Chances(present * elsewhere, elsewhere)


def presentation(
    id: str, title: str, words: tuple[str, ...], conditions: tuple[Condition, ...], rows: Iterable[Row], source: str = ""
) -> Presentation:
    """A presentation from its table. How often others have a finding is the mean of what the rows about it say."""
    by_question: dict[Ask, list[Row]] = {}
    for row in rows:
        by_question.setdefault(row[0], []).append(row)
    return Presentation(id, title, conditions, tuple(_question(ask, each) for ask, each in by_question.items()), words, source=source)


def _question(ask: Ask, rows: list[Row]) -> Question:
    without = sum(chances.without for _, _, chances, _ in rows) / len(rows)
    figures = {condition: Figure((chances.with_it, 1 - chances.with_it), source) for _, condition, chances, source in rows}
    return Question(
        ask.id, ask.words, ask.kind, (without, 1 - without), figures, measured=ask.measured, diseases=ask.diseases, ddxplus=ask.ddxplus
    )  # fmt: skip
