"""What would this policy have done? The recorded past, replayed through the very same alert policy, touching nothing."""

from wardline.delivery.simulation.comparing import Comparison, Difference, compare
from wardline.delivery.simulation.replaying import deterioration, simulate
from wardline.delivery.simulation.results import Outcome, Page, Result, over_budget

__all__ = ["Comparison", "Difference", "Outcome", "Page", "Result", "compare", "deterioration", "over_budget", "simulate"]
