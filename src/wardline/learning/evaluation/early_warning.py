"""The early-warning suite: how NEWS2, MEWS, qSOFA and SIRS do for death in hospital on the stays of one data folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from wardline.learning.evaluation.alerting import Alerting, alerting
from wardline.learning.evaluation.courses import Course, Courses
from wardline.learning.evaluation.discrimination import RESAMPLES, SEED, Curve, Discrimination, curve, discrimination, resamples

OBSERVED_HOURS: Final = 48
HIGHEST_WITHIN: Final = (24, 48)
LANDMARKS: Final = (12, 24, 36, 48)
"""Hours after admission."""


class Score(NamedTuple):
    """A capability of the suite, and the thresholds at which people are usually called."""

    capability: str
    title: str
    thresholds: tuple[int, ...]


# RCP 2017 (5 urgent, 7 emergency response); Subbe 2001 (5); Singer 2016 (2); Bone 1992 (2). The files of the capabilities cite them.
SCORES: Final = (Score("news2", "NEWS2", (5, 7)), Score("mews", "MEWS", (5,)), Score("qsofa", "qSOFA", (2,)), Score("sirs", "SIRS", (2,)))


class Kind(NamedTuple):
    """A way of taking one value per stay: its highest within so many hours, or the one that stood at an hour."""

    hours: int
    highest: bool

    @property
    def words(self) -> str:
        return f"highest in the first {self.hours} h" if self.highest else f"standing at {self.hours} h"


KINDS: Final = (*(Kind(hours, True) for hours in HIGHEST_WITHIN), *(Kind(hours, False) for hours in LANDMARKS))


@dataclass(frozen=True, slots=True)
class Answered:
    """How often the score was answered, by outcome, and which inputs its incomplete answers lacked."""

    outcomes: Mapping[str, int]
    missing: Mapping[str, int]
    versions: Mapping[tuple[str, str], int]
    """(version, digest) -> answers."""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """One score. `told_apart`: (kind, complete answers only) -> result."""

    score: Score
    answered: Answered
    told_apart: Mapping[tuple[Kind, bool], Discrimination]
    alerting: Sequence[Alerting]
    alerting_complete: Sequence[Alerting]
    every_threshold: Sequence[Alerting]
    """From the lowest value to the highest, for the plot of what each would cost."""
    roc: Curve | None
    """Of the highest value within the observed hours; None without both deaths and survivors."""


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    stays: int
    deaths: int
    days: float
    resamples: int
    seed: int
    scores: Sequence[ScoreResult]


def early_warning(courses: Courses, stays: Sequence[Course], *, count: int = RESAMPLES, seed: int = SEED) -> EarlyWarning:
    """Everything the page shows, from the courses of the stays (`stays` is `courses.all()`)."""
    days = sum(min(stay.hours, OBSERVED_HOURS) for stay in stays) / 24
    results = [_score(score, courses, stays, count, seed) for score in SCORES]
    return EarlyWarning(len(stays), sum(stay.died for stay in stays), days, count, seed, results)


def value_of(stay: Course, capability: str, kind: Kind, *, complete: bool) -> float:
    """One value for the stay, or not a number."""
    answers = stay.answers[capability]
    if not kind.highest:
        return answers.standing(kind.hours, complete=complete)
    known = answers.known(complete=complete, until_hours=kind.hours)
    return float(known.max()) if len(known) else np.nan


def _score(score: Score, courses: Courses, stays: Sequence[Course], count: int, seed: int) -> ScoreResult:
    died = np.array([stay.died for stay in stays])
    values = {
        (kind, complete): np.array([value_of(stay, score.capability, kind, complete=complete) for stay in stays])
        for kind in KINDS
        for complete in (False, True)
    }
    told_apart = {asked: discrimination(column, died, count=count, seed=seed) for asked, column in values.items()}
    drawn = resamples(len(stays), count, seed)
    whole = (Kind(OBSERVED_HOURS, True), False)
    highest = values[whole]
    steps = [float(value) for value in np.unique(highest[~np.isnan(highest)]) if value > 0]

    def at(threshold: float, *, complete: bool = False) -> Alerting:
        return alerting(stays, score.capability, threshold, until_hours=OBSERVED_HOURS, complete=complete, weights=drawn)

    id = score.capability
    return ScoreResult(
        score, Answered(courses.outcomes[id], courses.missing[id], courses.versions[id]), told_apart,
        [at(threshold) for threshold in score.thresholds], [at(threshold, complete=True) for threshold in score.thresholds],
        [at(step) for step in steps], curve(highest, died) if 0 < told_apart[whole].deaths < told_apart[whole].patients else None,
    )  # fmt: skip
