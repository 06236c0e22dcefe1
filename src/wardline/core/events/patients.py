"""Who the patient is, where they are, and who looks after them."""

from datetime import datetime
from typing import Final, NamedTuple

DELETED: Final = '""'
"""A detail that is taken back, as HL7 writes it; an empty one says nothing at all."""


class Identifier(NamedTuple):
    """A number somebody gave a patient (HL7 CX): the number, who assigned it, what type of number it is (table 0203)."""

    number: str
    assigner: str = ""
    type: str = ""


class Registered(NamedTuple):
    """Who the patient is, as one message said it. `authority` 1: an admission system; 0: a result or order carried it along.

    An empty text says nothing, `DELETED` takes back what was said before; `Timeline.person` is what remains.
    """

    identifiers: tuple[Identifier, ...]
    family: str = ""
    given: str = ""
    born: str = ""
    """ISO date, as precise as it was given: "1955-03-03", "1955"."""
    sex: str = ""
    """HL7 table 0001: F, M, O, U, A, N."""
    died: bool | None = None
    """None where nothing was said about it."""
    authority: int = 1
    issued_at: datetime | None = None
    address: str = ""
    phone: str = ""


class Merged(NamedTuple):
    """Two records are one person: `retired` is read as part of the subject from now on (A40, A34)."""

    retired: str
    issued_at: datetime | None = None
    retired_number: str = ""


class Unmerged(NamedTuple):
    """They are two persons after all (A37)."""

    other: str
    issued_at: datetime | None = None


class Moved(NamedTuple):
    """One visit was filed under the wrong patient and belongs to the subject (A45)."""

    encounter: str
    origin: str
    issued_at: datetime | None = None


class Admitted(NamedTuple):
    """The patient is in the hospital, in this place. HL7 A01 and A04 (registered as an outpatient)."""

    encounter: str
    unit: str = ""
    room: str = ""
    bed: str = ""
    patient_class: str = ""
    """HL7 table 0004: I inpatient, O outpatient, E emergency ..."""
    service: str = ""
    doctor: str = ""
    reason: str = ""
    issued_at: datetime | None = None
    facility: str = ""


class Transferred(NamedTuple):
    """The patient is now in this place."""

    encounter: str
    unit: str = ""
    room: str = ""
    bed: str = ""
    patient_class: str = ""
    service: str = ""
    doctor: str = ""
    reason: str = ""
    issued_at: datetime | None = None
    facility: str = ""
    admitted_at: datetime | None = None
    """When the stay began, where the sender repeats it: the admission itself may never have reached us."""


class Discharged(NamedTuple):
    """The stay is over. `disposition` is HL7 table 0112; 20 and 40 to 42 mean that the patient died."""

    encounter: str
    disposition: str = ""
    issued_at: datetime | None = None


class Cancelled(NamedTuple):
    """An admission, transfer or discharge did not happen (A11, A12, A13)."""

    encounter: str
    what: str
    """"Admitted", "Transferred" or "Discharged"."""
    issued_at: datetime | None = None


class Assigned(NamedTuple):
    """A nurse or doctor looks after the patient from now on; an empty name takes it back."""

    role: str
    name: str
    person: str = ""
    """Their account, where it is known; two people can have one name."""
