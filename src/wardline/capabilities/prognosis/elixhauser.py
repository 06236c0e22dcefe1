"""Elixhauser, van Walraven: how much do this patient's other diseases add to the risk of dying in hospital?

Elixhauser A et al. Med Care 1998;36:8-27, code lists of Quan 2005, weights of van Walraven C et al. Med Care 2009;47:626-33 (see
`elixhauser_groups`). From -19 to 89. The severer of a pair displaces the milder one (hypertension, diabetes, cancer).
"""

from dataclasses import dataclass

from wardline.core.capability import Inputs, capability, conditions
from wardline.core.course import Condition
from wardline.core.findings import Evidence, Finding, Outcome, Unknown
from wardline.science.comorbidity.elixhauser_groups import ELIXHAUSER, SUPERSEDED, VAN_WALRAVEN
from wardline.science.comorbidity.groups import grouped

NAMES = {group.id: group.name for group in ELIXHAUSER}


@dataclass(frozen=True)
class Burden(Inputs):
    conditions: tuple[Condition, ...] = conditions()


@capability(
    id="elixhauser",
    version="quan2005",
    standing="verified",
    about="patient",
    reference="Elixhauser et al., Med Care 1998;36:8-27; van Walraven et al., Med Care 2009;47:626-33; Quan et al., Med Care 2005;43:1130-9",
    not_for="children: made in adults (the limit of 18 years is ours)",
    ages=(18, None),
    unit="{score}",
    caution="As complete as the coded diagnoses. Some weights are negative: those diagnoses go with surviving, they do not protect.",
    live=False,
)
def elixhauser(v: Burden) -> Outcome:
    there = grouped(v.conditions, ELIXHAUSER, SUPERSEDED)
    if there.unread:
        # Weights go both ways, so nothing can be said about the total.
        return Unknown(("icd_codes",), f"{there.unread} of {len(v.conditions)} diagnoses have no ICD code")
    total = sum(VAN_WALRAVEN[id] for id in there.found)
    because = tuple(Evidence(id, condition.code, VAN_WALRAVEN[id], NAMES[id], condition.event) for id, condition in there.found.items())
    return Finding(total, f"Elixhauser {total} (van Walraven), {len(because)} of 31 groups", unit="{score}", because=because)
