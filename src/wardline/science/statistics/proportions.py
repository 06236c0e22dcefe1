"""How sure a proportion is."""

from math import sqrt

_Z = 1.959964
"""The standard normal quantile for 95 %, both sides."""


def interval(counted: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a proportion (Wilson, J Am Stat Assoc 1927). Of nothing nothing is known."""
    if of == 0:
        return 0.0, 1.0
    share, spread = counted / of, _Z * _Z / of
    middle, half = share + spread / 2, _Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))
