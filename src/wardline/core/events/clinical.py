"""What was measured, ordered, given, done and written."""

from datetime import datetime
from typing import Final, NamedTuple

UNMAPPED: Final = "unmapped"
"""Flag of an observation whose code nobody has mapped to a concept yet."""


class Measured(NamedTuple):
    """One observation in the unit of its concept, with what the sender really wrote.

    `concept` is empty while the sender's code is not mapped. `value` is a number, or the text or code for observations that
    are not numbers, or None where there is none (pending, not asked for, deleted). A number that must not be scored
    (implausible, no unit, decimal comma ...) keeps its text in `value` and the reason in `flags`.
    """

    concept: str
    value: float | int | str | None
    unit: str = ""
    comparator: str = ""
    status: str = "F"
    """HL7 table 0085: F final, P preliminary, C corrected, D deleted, W wrong patient, X cannot be obtained ..."""
    flags: tuple[str, ...] = ()
    code: str = ""
    """OBX-3 as received."""
    order: str = ""
    """Filler order number, else the placer's."""
    part: str = ""
    """OBX-4, the sub-id."""
    issued_at: datetime | None = None
    received: str = ""
    """Value and unit as received, where they differ from `value` and `unit`."""
    reference_range: str = ""
    abnormal: str = ""
    performer: str = ""


class Ordered(NamedTuple):
    """Something was asked for: a test, a drug, a service. `status` is HL7 table 0119 (NW new, CA cancelled, DC stopped ...)."""

    order: str
    what: str
    code: str = ""
    status: str = "NW"
    category: str = ""
    """"medication", "laboratory", "imaging" or "other"."""
    dose: str = ""
    route: str = ""
    frequency: str = ""
    starts_at: datetime | None = None
    priority: str = ""
    issued_at: datetime | None = None
    orderer: str = ""


class Administered(NamedTuple):
    """A dose was given."""

    order: str
    what: str
    code: str = ""
    dose: str = ""
    route: str = ""
    issued_at: datetime | None = None
    administration: str = ""
    """Its own number, where the sender gives it one: said again it replaces."""
    status: str = ""
    """"" or `TAKEN_BACK`."""


TAKEN_BACK: Final = "taken back"
"""Status of a diagnosis or allergy that its sender has deleted."""


class Diagnosed(NamedTuple):
    """A diagnosis or problem as stated."""

    code: str
    text: str = ""
    system: str = ""
    issued_at: datetime | None = None
    status: str = ""
    """"", "resolved" or `TAKEN_BACK`."""


class Allergic(NamedTuple):
    """An allergy or intolerance as stated (HL7 AL1, IAM)."""

    code: str
    text: str = ""
    reaction: str = ""
    severity: str = ""
    category: str = ""
    issued_at: datetime | None = None
    status: str = ""
    """"" or `TAKEN_BACK`."""


class Documented(NamedTuple):
    """A note, letter or report. Text as received; an embedded file is kept in the raw message and named here."""

    document: str
    title: str
    text: str = ""
    status: str = ""
    media_type: str = "text/plain"
    author: str = ""
    issued_at: datetime | None = None


class Scheduled(NamedTuple):
    """An appointment: booked, moved, cancelled (SIU). `status` is the trigger's word."""

    appointment: str
    what: str
    status: str
    starts_at: datetime | None = None
    issued_at: datetime | None = None


class Performed(NamedTuple):
    """A procedure was done; `occurred_at` of the event is when it began. `code` as received ("80146002^Appendectomy^SCT")."""

    procedure: str
    what: str
    code: str = ""
    status: str = "completed"
    """Of FHIR's event-status: "completed", "in-progress", "not-done", "entered-in-error" ..."""
    ended_at: datetime | None = None
    issued_at: datetime | None = None


class Immunised(NamedTuple):
    """A vaccine dose was given, or expressly not. `code` as received, with its CVX code ("140^Influenza^CVX")."""

    vaccination: str
    what: str
    code: str = ""
    status: str = "completed"
    """Of FHIR's immunization-status: "completed", "not-done", "entered-in-error"."""
    dose: str = ""
    lot: str = ""
    issued_at: datetime | None = None


class Kept(NamedTuple):
    """A FHIR resource exactly as it was received, in one of its versions; what it states as facts are events of their own."""

    resource: str
    """Its type: "Observation", "CarePlan" ..."""
    id: str
    version: int
    body: str = ""
    """Its JSON; empty for a version that says it was deleted."""
    deleted: bool = False
