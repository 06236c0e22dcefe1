"""The worst ratio of arterial oxygen to inspired fraction among blood gases and oxygen settings noted at different times."""

from collections.abc import Mapping
from datetime import timedelta

from wardline.core.capability import Reading
from wardline.core.concepts import ARTERIAL_OXYGEN, INSPIRED_OXYGEN

TRUSTED = timedelta(hours=4)
"""How long a noted fraction is taken to hold. Our choice."""


def worst_ratio(gases: Mapping[str, tuple[Reading, ...]]) -> float | None:
    """The lowest PaO2 / FiO2 in mm Hg, each gas with the fraction noted last before it; None where none is known. Oldest first, as readings come."""
    fractions = gases.get(INSPIRED_OXYGEN.id, ())
    worst, place = None, 0
    for gas in gases.get(ARTERIAL_OXYGEN.id, ()):
        while place < len(fractions) and fractions[place].at <= gas.at:
            place += 1
        if place and gas.at - fractions[place - 1].at <= TRUSTED:
            ratio = gas.value / (fractions[place - 1].value / 100)
            worst = ratio if worst is None or ratio < worst else worst
    return worst
