"""What patients permit, what is sensitive, what must be kept or erased, and who opened a record in an emergency."""

from datetime import datetime
from typing import NamedTuple


class Consented(NamedTuple):
    """What the patient permits and forbids about their own data: a FHIR R4 Consent as JSON. Stated again it replaces; withdrawn it ends."""

    consent: str
    """Its key in this house."""
    status: str = "active"
    """Of FHIR's consent-state-codes: "active" counts, anything else does not (any more)."""
    resource: str = ""
    reason: str = ""
    """Why it was withdrawn, where that was said."""


class Labelled(NamedTuple):
    """A person says how sensitive a fact of this record is, or the whole record. Without `labels` it takes back what was said."""

    kind: str
    """What is labelled, by the name of its FHIR resource: "Observation", "Condition", "DocumentReference", "Patient" ..."""
    key: str = ""
    """Which one: the observation's name, the diagnosis's code, the document's or order's number; empty for the whole record."""
    labels: tuple[str, ...] = ()
    """Codes of HL7 v3 ActCode: "PSY", "HIV", "VIP" ..."""
    reason: str = ""


class Held(NamedTuple):
    """Nothing of this record may be erased until the hold ends: somebody may need it as evidence. The reason goes with the record."""

    hold: str
    reason: str


class HoldEnded(NamedTuple):
    """The record may be erased again, as far as this hold was in the way."""

    hold: str


class ErasureRequested(NamedTuple):
    """Somebody asks for persons to be erased (about="privacy/erasures"). Names nobody: what it says outlives them."""

    request: str
    persons: tuple[tuple[str, ...], ...]
    """Every record of each person, the surviving one first."""
    ground: str
    """Of GDPR Art. 17(1): "a" to "f"; or "retention" for what the site's rules no longer keep."""


class ErasureClosed(NamedTuple):
    """A request was refused or taken back (about="privacy/erasures")."""

    request: str
    outcome: str
    """"refused" or "withdrawn"."""
    basis: str = ""
    """What binds the house to keep the record."""


class Erased(NamedTuple):
    """The keys of these records are destroyed (about="privacy/erasures"): whoever folds this forgets whatever it knows about them."""

    request: str
    records: tuple[str, ...]
    keys: int = 0


class EmergencyOpened(NamedTuple):
    """Somebody opens this patient's record though it is not theirs to open, says why, and for how long ("breaks the glass").

    Both times are the wall clock's, whatever clock the folder has: access ends when it was said to end.
    """

    grant: str
    person: str
    reason: str
    note: str
    opened_at: datetime
    until: datetime


class EmergencyEnded(NamedTuple):
    """They closed it before its time was up."""

    grant: str
    at: datetime


class EmergencyReviewed(NamedTuple):
    """Somebody else says whether opening it was "justified", "not justified", or has "asked"."""

    grant: str
    verdict: str
    note: str
    at: datetime
