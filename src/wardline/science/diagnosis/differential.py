"""The differential: which explanations are how likely after these answers, what speaks for and against each, and what to ask next.

Bayes' rule with answers taken as independent given the condition. What nobody answered stays unknown: it is neither present nor
absent. The next question is the one whose answer is expected to tell most (Shannon's information, in bits).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.science.diagnosis.presentations import OTHER, Condition, Presentation, Question

SPEAKS: Final = 1.2
"""A likelihood ratio nearer to 1 than this (or its inverse) is not shown as evidence."""
FEWEST: Final = 2
"""Answers with a figure, below which nothing is concluded."""
LEAST_BITS: Final = 0.05
"""If all answers together moved the picture less than this, they said nothing."""
LISTED: Final = 5
SOMETHING_ELSE: Final = Condition(OTHER, "Something else", "", 0.0)


class Weighed(NamedTuple):
    """One answer seen from one condition: how many times likelier it is there than elsewhere."""

    question: Question
    answer: str
    ratio: float
    source: str


class Ranked(NamedTuple):
    """One explanation with its reasons. `without_figure`: answers of which nothing is known for it."""

    condition: Condition
    probability: float
    before: float
    speaks_for: tuple[Weighed, ...]
    speaks_against: tuple[Weighed, ...]
    without_figure: int


class Outlook(NamedTuple):
    """What an answer would make of the picture."""

    answer: str
    chance: float
    leading: Condition
    probability: float


class Next(NamedTuple):
    """A question worth asking, and how much its answer is expected to tell."""

    question: Question
    bits: float
    outlook: tuple[Outlook, ...]


class Differential(NamedTuple):
    """The whole picture. `not_enough` says why nothing may be concluded yet; empty when something may."""

    presentation: Presentation
    ranked: tuple[Ranked, ...]
    next: tuple[Next, ...]
    answered: int
    not_enough: str

    @property
    def leading(self) -> Ranked | None:
        """The likeliest named explanation, where there is enough to go on and nothing else is likelier."""
        first = self.ranked[0]
        return None if self.not_enough or first.condition.id == OTHER else first


def differential(presentation: Presentation, answers: Mapping[str, str], *, age: int | None = None, sex: str | None = None) -> Differential:
    """Weigh the answers (question id -> answer). Raises `Refused` for a question or an answer there is not."""
    given = _given(presentation, answers)
    before = presentation.prior(age, sex)
    after = _updated(presentation, before, given)
    names = (*presentation.conditions, SOMETHING_ELSE)
    ranked = [
        _ranked(presentation, names[place], float(after[place]), float(before[place]), given) for place in range(len(names)) if before[place] > 0
    ]
    ranked.sort(key=lambda each: -each.probability)
    told = sum(1 for row, _ in given if presentation.questions[row].figures)
    return Differential(presentation, tuple(ranked), _next(presentation, after, {row for row, _ in given}), told, _too_little(told, before, after))


def posterior(presentation: Presentation, answers: Mapping[str, str], *, age: int | None = None, sex: str | None = None) -> NDArray[np.float64]:
    """The probabilities alone, in the order of the presentation's conditions, "something else" last. Raises `Refused`."""
    return _updated(presentation, presentation.prior(age, sex), _given(presentation, answers))


def _given(presentation: Presentation, answers: Mapping[str, str]) -> list[tuple[int, int]]:
    """Answers as (question, answer) numbers."""
    places = presentation.places
    given = []
    for id, answer in answers.items():
        if id not in places:
            raise Refused(f"{id!r} is not asked about {presentation.title.lower()}", where=id)
        question = presentation.questions[places[id]]
        if answer not in question.answers:
            raise Refused(f"{id} is one of {', '.join(question.answers)}", where=id)
        given.append((places[id], question.answers.index(answer)))
    return sorted(given)


def _updated(presentation: Presentation, before: NDArray[np.float64], given: list[tuple[int, int]]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        logs = np.log(before)
    for row, answer in given:
        logs = logs + presentation.weight * np.log(presentation.likelihoods[row, :, answer])
    weights = np.exp(logs - logs.max())
    normal: NDArray[np.float64] = weights / weights.sum()
    return normal


def _ranked(presentation: Presentation, condition: Condition, after: float, before: float, given: list[tuple[int, int]]) -> Ranked:
    weighed, without = [], 0
    for row, answer in given:
        question = presentation.questions[row]
        figure = question.figures.get(condition.id)
        if figure is None:
            without += condition.id != OTHER
            continue
        ratio = question.chances(condition.id)[answer] / question.chances(OTHER)[answer]
        weighed.append(Weighed(question, question.answers[answer], ratio, figure.source))
    weighed.sort(key=lambda each: -abs(np.log(each.ratio)))
    return Ranked(
        condition,
        after,
        before,
        tuple(each for each in weighed if each.ratio >= SPEAKS),
        tuple(each for each in weighed if each.ratio <= 1 / SPEAKS),
        without,
    )


def expected_bits(presentation: Presentation, after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each question: by how many bits its answer is expected to narrow the picture (the mutual information of both)."""
    chances = presentation.chances
    joint = chances * after[None, :, None]
    total = joint.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = joint * np.log2(np.where(joint > 0, chances / np.where(total > 0, total, 1.0)[:, None, :], 1.0))
    bits: NDArray[np.float64] = np.maximum(parts.sum(axis=(1, 2)), 0.0)
    return bits


def _next(presentation: Presentation, after: NDArray[np.float64], asked: set[int]) -> tuple[Next, ...]:
    bits = expected_bits(presentation, after)
    open_ = [row for row in np.argsort(-bits, kind="stable") if int(row) not in asked and bits[row] > 0]
    return tuple(Next(presentation.questions[row], float(bits[row]), _outlook(presentation, after, int(row))) for row in open_[:LISTED])


def _outlook(presentation: Presentation, after: NDArray[np.float64], row: int) -> tuple[Outlook, ...]:
    question, names = presentation.questions[row], (*presentation.conditions, SOMETHING_ELSE)
    found = []
    for answer, word in enumerate(question.answers):
        chance = float((after * presentation.chances[row, :, answer]).sum())
        then = _updated(presentation, after, [(row, answer)])
        best = int(then.argmax())
        found.append(Outlook(word, chance, names[best], float(then[best])))
    return tuple(found)


def _too_little(told: int, before: NDArray[np.float64], after: NDArray[np.float64]) -> str:
    if told < FEWEST:
        return f"fewer than {FEWEST} findings that tell something are known"
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = float(np.where(after > 0, after * np.log2(after / np.where(before > 0, before, 1.0)), 0.0).sum())
    return "" if moved >= LEAST_BITS else "the findings known so far do not tell the explanations apart"
