"""The alert policy: data a site writes, reads, tries on its own past and signs."""

from wardline.delivery.policy.checking import Objection, problems
from wardline.delivery.policy.reading import default_policy, read_policy
from wardline.delivery.policy.terms import Policy, Rule, Tier

__all__ = ["Objection", "Policy", "Rule", "Tier", "default_policy", "problems", "read_policy"]
