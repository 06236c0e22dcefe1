"""The moments of an EHR's workflow at which it asks: opening a chart, choosing a drug, signing orders, discharging.

Names and contexts from the CDS Hooks hook definitions (cds-hooks/docs, read: allergyintolerance-create, medication-refill,
order-select, order-sign, problem-list-item-create and the retired medication-prescribe and order-review; from memory: patient-view,
order-dispatch, appointment-book, encounter-start, encounter-discharge).
"""

from typing import Final, NamedTuple


class Hook(NamedTuple):
    """`required` are fields its context must have; `proposes` those that hold what somebody is about to do."""

    name: str
    title: str
    required: tuple[str, ...]
    proposes: tuple[str, ...] = ()


_WHO: Final = ("userId", "patientId")

PATIENT_VIEW: Final = Hook("patient-view", "when a chart is opened", _WHO)
ORDER_SIGN: Final = Hook("order-sign", "when orders are signed", (*_WHO, "draftOrders"), ("draftOrders",))
HOOKS: Final[tuple[Hook, ...]] = (
    PATIENT_VIEW,
    Hook("order-select", "when an order is chosen", (*_WHO, "selections", "draftOrders"), ("draftOrders",)),
    ORDER_SIGN,
    Hook("order-dispatch", "when an order goes to who carries it out", ("patientId",), ("fulfillmentTasks",)),
    Hook("appointment-book", "when an appointment is booked", (*_WHO, "appointments"), ("appointments",)),
    Hook("encounter-start", "when a visit begins", (*_WHO, "encounterId")),
    Hook("encounter-discharge", "when a patient goes home", (*_WHO, "encounterId")),
    Hook("allergyintolerance-create", "when an allergy is entered", (*_WHO, "allergyIntolerance"), ("allergyIntolerance",)),
    Hook("problem-list-item-create", "when a problem is entered", (*_WHO, "conditions"), ("conditions",)),
    Hook("medication-refill", "when a refill is asked for", ("patientId", "medications"), ("medications",)),
    Hook("medication-prescribe", "when a drug is prescribed", (*_WHO, "medications"), ("medications",)),
    Hook("order-review", "when orders are reviewed", (*_WHO, "orders"), ("orders",)),
)
BY_NAME: Final = {hook.name: hook for hook in HOOKS}
ORDERING: Final = tuple(hook for hook in HOOKS if hook.proposes and hook.name != "appointment-book")
"""Hooks at which something is about to be ordered, or to change what orders mean."""
LOOKING: Final = tuple(hook for hook in HOOKS if hook not in ORDERING)
