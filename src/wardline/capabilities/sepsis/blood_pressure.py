"""The lowest mean arterial pressure among readings, from the cuff's own mean or from systolic and diastolic of the same moment."""

from collections.abc import Mapping

from wardline.core.capability import Reading
from wardline.core.concepts import DIASTOLIC_PRESSURE, MEAN_PRESSURE, SYSTOLIC_PRESSURE


def lowest_mean(pressures: Mapping[str, tuple[Reading, ...]]) -> float | None:
    """In mm Hg. Where no mean was sent: diastolic plus a third of the difference, the usual estimate."""
    means = {reading.at: reading.value for reading in pressures.get(MEAN_PRESSURE.id, ())}
    diastolic = {reading.at: reading.value for reading in pressures.get(DIASTOLIC_PRESSURE.id, ())}
    for reading in pressures.get(SYSTOLIC_PRESSURE.id, ()):
        if reading.at not in means and reading.at in diastolic:
            means[reading.at] = diastolic[reading.at] + (reading.value - diastolic[reading.at]) / 3
    return min(means.values(), default=None)
