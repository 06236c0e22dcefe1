"""How much urine per kilogram and hour, over at least so many hours of gapless charting."""

from collections.abc import Iterable
from typing import NamedTuple

from wardline.core.capability import Reading

LONGEST = 1.5
"""A window may be this much longer than asked for. Emptying times never fit exactly; a longer gap hides what happened in it. Ours."""


class UrineRate(NamedTuple):
    """Urine over a charted stretch of time."""

    millilitres: float
    hours: float
    per_kg_hour: float


def urine_rates(charted: tuple[Reading, ...], weight: float, windows: Iterable[int]) -> dict[int, UrineRate]:
    """The rate over the last so many hours, or a little longer, for each window that charting covers.

    A charted volume is what came since the charting before it. So a window runs from the newest charting that is at least as many
    hours old to the last one, and the volume charted at its very beginning belongs to the time before.
    """
    end = charted[-1].at if charted else None
    ages = [((end - reading.at).total_seconds() / 3600, reading.value) for reading in charted] if end else []
    rates = {}
    for window in windows:
        start = min((age for age, _ in ages if age >= window), default=None)
        if start is not None and start <= window * LONGEST:
            millilitres = sum(volume for age, volume in ages if age < start)
            rates[window] = UrineRate(millilitres, start, millilitres / weight / start)
    return rates
