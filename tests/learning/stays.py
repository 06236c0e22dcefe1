"""Hand-made stays: what a score said at which hour, and how it ended."""

from collections.abc import Sequence

import numpy as np

from wardline.learning.evaluation.courses import Answers, Course

NAN = float("nan")
UNKNOWN = None


def course(*said: tuple[float, float | None] | tuple[float, float | None, bool], died: bool = False, days: float = 9, score: str = "news2") -> Course:
    """`said` are (hours after admission, value) or (hours, value, complete); UNKNOWN is an answer without a value."""
    rows: Sequence[tuple[float, float | None, bool]] = [(each[0], each[1], each[2] if len(each) > 2 else True) for each in said]
    hours = np.array([at for at, _, _ in rows], np.float64)
    values = np.array([NAN if value is None else value for _, value, _ in rows], np.float64)
    return Course(died, days * 24, {score: Answers(hours, values, np.array([complete for *_, complete in rows], bool))})
