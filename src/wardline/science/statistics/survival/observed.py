"""Who was watched for how long, and whether it happened: the two columns every survival question starts from."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.int64]


class Observed(NamedTuple):
    """One place per person. Where it did not happen the person was watched until that time without it (censored)."""

    time: Floats
    happened: Flags

    def __len__(self) -> int:  # of people, not of the two columns
        return len(self.time)

    def of(self, places: Places | Flags) -> "Observed":
        """Some of the people, in that order; one may be named more than once."""
        return Observed(self.time[places], self.happened[places])

    @property
    def events(self) -> int:
        return int(self.happened.sum())


def observed(time: Sequence[float] | Floats, happened: Sequence[bool] | Flags) -> Observed:
    """Raises `Refused` for times that are no times."""
    times, events = np.asarray(time, np.float64), np.asarray(happened, np.bool_)
    if times.ndim != 1 or times.shape != events.shape or not len(times):
        raise Refused("survival needs one time and one yes or no for each person, and at least one person", code="survival")
    if not np.isfinite(times).all() or (times < 0).any():
        raise Refused("a time under observation is a number of 0 or more; look for empty cells and for dates in the wrong order", code="survival")
    return Observed(times, events)


def censoring(seen: Observed) -> Observed:
    """The other way round: how long until the watching ended, for those to whom nothing happened."""
    return Observed(seen.time, ~seen.happened)
