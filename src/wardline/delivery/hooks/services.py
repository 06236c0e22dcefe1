"""Which services an EHR is offered: one for every capability, and two that ask many at once. Derived, never written by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wardline.core.assessment import Assessor
from wardline.core.capability import Capability
from wardline.core.errors import Fault
from wardline.formats.cds_hooks.hooks import LOOKING, ORDER_SIGN, ORDERING, PATIENT_VIEW, Hook
from wardline.formats.cds_hooks.prefetch import PATIENT, essential, templates_of

SUMMARY: Final = "patient-summary"
SAFETY: Final = "order-safety"
DRUGS: Final = "medication"
"""The area whose capabilities judge orders."""
_ORDERS: Final = frozenset({"medications", "doses"})
_USAGE: Final = "Send the prefetch, or a FHIR server and a token to read it with; a patient that Wardline knows by number needs neither."


@dataclass(frozen=True, slots=True)
class Service:
    """One service: the hook it answers, what it asks, and everything that must run first, in running order."""

    id: str
    hook: Hook
    title: str
    description: str
    asks: tuple[Capability, ...]
    runs: tuple[Assessor, ...]
    is_group: bool = False

    @property
    def prefetch(self) -> dict[str, str]:
        return templates_of(each.capability for each in self.runs)

    @property
    def essential(self) -> frozenset[str]:
        """What it cannot do without: a single question its required inputs, a group the patient."""
        return frozenset({PATIENT}) if self.is_group else essential(self.asks)

    @property
    def judges_orders(self) -> bool:
        return self.hook in ORDERING

    def described(self) -> dict[str, object]:
        """As discovery lists it."""
        return {
            "id": self.id, "hook": self.hook.name, "title": self.title, "description": self.description, "prefetch": self.prefetch,
            "usageRequirements": _USAGE,
        }  # fmt: skip


def services_of(askable: Mapping[str, Assessor]) -> dict[str, Service]:
    """Every service, by id. A capability answers when a chart is opened; one that looks at drugs also when something is ordered."""
    everything = tuple(each.capability for each in askable.values())
    drugs = tuple(each for each in everything if each.group == DRUGS)
    services = [_single(each, hook, askable) for each in everything for hook in (PATIENT_VIEW, *(ORDERING if _reads_orders(each) else ()))]
    services += [_group(SUMMARY, "Patient summary", everything, hook, askable) for hook in LOOKING]
    services += [_group(SAFETY, "Order safety", drugs, hook, askable) for hook in ORDERING if drugs]
    return {service.id: service for service in services}


def _reads_orders(capability: Capability) -> bool:
    return any(need.kind in _ORDERS for _, need in capability.needs)


def _single(capability: Capability, hook: Hook, askable: Mapping[str, Assessor]) -> Service:
    id = capability.id if hook is PATIENT_VIEW else f"{capability.id}-{hook.name}"
    described = f"{capability.question[:1].upper()}{capability.question[1:]} Asked {hook.title}. Source: {capability.reference}"
    return Service(id, hook, capability.title, described, (capability,), in_running_order([capability.id], askable))


def _group(id: str, title: str, capabilities: tuple[Capability, ...], hook: Hook, askable: Mapping[str, Assessor]) -> Service:
    name = id if hook in (PATIENT_VIEW, ORDER_SIGN) else f"{id}-{hook.name}"
    what = "What these orders change" if id == SAFETY else "What stands out"
    described = f"{what}, by {len(capabilities)} capabilities at once, the most severe first. Asked {hook.title}."
    return Service(name, hook, title, described, capabilities, in_running_order([each.id for each in capabilities], askable), True)


def in_running_order(ids: Iterable[str], askable: Mapping[str, Assessor]) -> tuple[Assessor, ...]:
    """These capabilities and those whose answers they use, those first. Raises `Fault` for an answer that nobody gives."""
    ordered: dict[str, Assessor] = {}

    def visit(id: str) -> None:
        if id in ordered:
            return
        if id not in askable:
            raise Fault(f"the finding {id!r} is needed, and there is no such capability")
        for _, need in askable[id].capability.needs:
            if need.kind == "finding":
                visit(need.name)
        ordered[id] = askable[id]

    for id in ids:
        visit(id)
    return tuple(ordered.values())
