"""Learning a presentation from the site's own cases: counted, smoothed, and weighed so that its probabilities can be believed.

A case is a diagnosis and the answers that were given. What a case does not say is not counted as "no".
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from wardline.core.errors import Refused
from wardline.science.diagnosis.differential import posterior
from wardline.science.diagnosis.presentations import Condition, Figure, Presentation, Question

WEIGHTS: Final = tuple(step / 20 for step in range(4, 21))
_SMOOTH: Final = 1.0
"""Added to every count, spread as everybody together answers: one imagined case."""
_OTHERS: Final = 0.02
"""Of those who come, the share kept for what no case was about."""
_HELD_BACK: Final = 5
"""Every fifth case decides how much an answer counts, and is not counted itself meanwhile."""


_ALIKE: Final = 0.995
"""A question that so many cases answer alike is left out."""


class Case(NamedTuple):
    """One patient: what it was, and what was answered (question id -> answer)."""

    condition: str
    answers: Mapping[str, str]


def learned(id: str, title: str, conditions: Mapping[str, Condition], questions: Sequence[Question], cases: Sequence[Case]) -> Presentation:
    """A presentation with figures counted in the cases. Raises `Refused` when there are too few."""
    if len(cases) < 2 * _HELD_BACK:
        raise Refused(f"{len(cases)} cases are too few to learn from; at least {2 * _HELD_BACK} are needed", code="cases")
    counted = _counted(id, title, conditions, questions, [case for place, case in enumerate(cases) if place % _HELD_BACK])
    weight = max(WEIGHTS, key=lambda each: log_score(replace(counted, weight=each), cases[::_HELD_BACK]))
    return replace(_counted(id, title, conditions, questions, cases), weight=weight)


def asked_often(questions: Sequence[Question], cases: Sequence[Case]) -> tuple[Question, ...]:
    """Without questions that (nearly) all cases answer alike: they take room and tell nothing."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        for question, answer in case.answers.items():
            told[question][answer] += 1
    return tuple(question for question in questions if told[question.id] and _usual(told[question.id]) < _ALIKE)


def _usual(answers: Counter[str]) -> float:
    return max(answers.values()) / answers.total()


def log_score(presentation: Presentation, cases: Sequence[Case]) -> float:
    """The mean logarithm of the probability given to what it was: the higher, the better the probabilities."""
    places = {condition.id: place for place, condition in enumerate(presentation.conditions)}
    rows = [posterior(presentation, asked_of(presentation, case))[places[case.condition]] for case in cases if case.condition in places]
    return float(np.mean(np.log(np.maximum(rows, 1e-12)))) if rows else -np.inf


def asked_of(presentation: Presentation, case: Case) -> dict[str, str]:
    """The case's answers to the questions that were kept."""
    return {question: answer for question, answer in case.answers.items() if question in presentation.places}


def _counted(id: str, title: str, conditions: Mapping[str, Condition], questions: Sequence[Question], cases: Sequence[Case]) -> Presentation:
    seen = Counter(case.condition for case in cases)
    told: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for case in cases:
        for question, answer in case.answers.items():
            told[question][case.condition, answer] += 1
    shares = {condition: (1 - _OTHERS) * count / len(cases) for condition, count in seen.items()}
    known = tuple(replace(conditions[each], share=shares[each]) for each in conditions if each in shares)
    asked = tuple(_question(question, told[question.id], [each.id for each in known]) for question in questions if told[question.id])
    return Presentation(id, title, known, asked, source=f"counted in {len(cases)} cases")


def _question(question: Question, told: Counter[tuple[str, str]], conditions: Sequence[str]) -> Question:
    total = Counter[str]()
    for (_, answer), count in told.items():
        total[answer] += count
    everybody = [(total[answer] + _SMOOTH) / (total.total() + _SMOOTH * len(question.answers)) for answer in question.answers]
    figures = {}
    for condition in conditions:
        counts = [told[condition, answer] for answer in question.answers]
        if sum(counts):
            whole = sum(counts) + _SMOOTH
            chances = tuple((count + _SMOOTH * share) / whole for count, share in zip(counts, everybody, strict=True))
            figures[condition] = Figure(chances, f"{sum(counts)} cases of the site")
    return replace(question, elsewhere=tuple(everybody), figures=figures)
