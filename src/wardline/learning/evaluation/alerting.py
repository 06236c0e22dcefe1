"""What a threshold would cost and give: alerts per patient-day, how many of them were right, whom they missed, how early they came.

An alert is an episode: it begins when the score reaches the threshold and lasts until a known score lies below it. An answer
"unknown" neither begins nor ends one. An answer "at least 5" counts as 5, as it does on the ward.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wardline.learning.evaluation.courses import Course
from wardline.learning.evaluation.discrimination import Floats, Interval, Weights, ratio


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from the first alert to death, of those who died and had one: median and quartiles."""

    patients: int
    median: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Alerting:
    """One threshold of one score over the hours that were observed."""

    threshold: float
    episodes: int
    patients_alerted: int
    per_patient_day: Interval
    ppv_episodes: Interval
    """Of the episodes: those of patients who died (positive predictive value by alert)."""
    ppv_patients: Interval
    """Of the patients with an alert: those who died (positive predictive value by patient)."""
    sensitivity: Interval
    """Of those who died: those with an alert."""
    specificity: Interval
    """Of those who lived: those without one."""
    lead: LeadTime


def episode_starts(values: Floats, threshold: float) -> list[int]:
    """Places in `values`, shape (answers,), at which an episode begins; not-a-number is "unknown"."""
    starts, is_open = [], False
    for place, value in enumerate(values):
        if value >= threshold:
            if not is_open:
                starts.append(place)
            is_open = True
        elif value < threshold:
            is_open = False
    return starts


def alerting(courses: Sequence[Course], capability: str, threshold: float, *, until_hours: float, complete: bool, weights: Weights) -> Alerting:
    """Count alerts of the first `until_hours` of each stay; with `complete`, only answers that rest on every input can raise one.

    `weights`: bootstrap resamples by stay, shape (resamples, stays).
    """
    starts = [_starts(course, capability, threshold, until_hours, complete) for course in courses]
    episodes = np.array([len(each) for each in starts], np.float64)
    days = np.array([min(course.hours, until_hours) / 24 for course in courses])
    died = np.array([course.died for course in courses], np.float64)
    alerted = (episodes > 0).astype(np.float64)
    leads = np.array([(course.hours - first[0]) / 24 for course, first in zip(courses, starts, strict=True) if course.died and len(first)])
    return Alerting(
        threshold=threshold, episodes=int(episodes.sum()), patients_alerted=int(alerted.sum()),
        per_patient_day=ratio(episodes, days, weights), ppv_episodes=ratio(episodes * died, episodes, weights),
        ppv_patients=ratio(alerted * died, alerted, weights), sensitivity=ratio(alerted * died, died, weights),
        specificity=ratio((1 - alerted) * (1 - died), 1 - died, weights), lead=lead_time(leads),
    )  # fmt: skip


def lead_time(days: Floats) -> LeadTime:
    """`days` from first alert to death, shape (patients,)."""
    if not len(days):
        return LeadTime(0, np.nan, np.nan, np.nan)
    lower, median, upper = np.quantile(days, (0.25, 0.5, 0.75))
    return LeadTime(len(days), float(median), float(lower), float(upper))


def _starts(course: Course, capability: str, threshold: float, until_hours: float, complete: bool) -> Floats:
    """Hours at which episodes begin."""
    answers = course.answers[capability]
    values = np.where(answers.complete | (not complete), answers.values, np.nan)
    observed = answers.hours <= until_hours
    return answers.hours[observed][episode_starts(values[observed], threshold)]
