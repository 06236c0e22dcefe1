"""What happened to the house: its feeds, its incidents, its doors to others."""

from datetime import datetime
from typing import NamedTuple

from wardline.core.events.numbering import EventId


class Silent(NamedTuple):
    """A feed that should be talking is not (about="feed/NAME")."""

    feed: str
    since: datetime
    expected_per_hour: float = 0.0


class Heard(NamedTuple):
    """A silent feed is talking again."""

    feed: str
    silent_seconds: float = 0.0


class Disputed(NamedTuple):
    """Two sources contradict each other in a way only a person can settle (birth date or sex across a merge)."""

    what: str
    values: tuple[str, ...]
    other: str = ""


class Incident(NamedTuple):
    """Something went wrong that people must look into: a result on the wrong patient's chart."""

    what: str
    detail: str = ""
    seen_by: tuple[str, ...] = ()


class GapAhead(NamedTuple):
    """A message about this patient was put aside; what follows may rest on incomplete data."""

    message: int
    reason: str


class GapClosed(NamedTuple):
    """The message that was put aside has been repaired and taken in, or dismissed by a person."""

    message: int


class OriginAllowed(NamedTuple):
    """An administrator lets pages of another site ask some paths for a while (about="access/origins"). The same id again changes it."""

    id: str
    origin: str
    paths: tuple[str, ...]
    expires_at: datetime
    reason: str = ""


class OriginWithdrawn(NamedTuple):
    """Pages of that site may not ask any more (about="access/origins")."""

    id: str


class Mapped(NamedTuple):
    """An administrator has said what a sender's code means (about="feed/NAME")."""

    feed: str
    code: str
    concept: str
    unit: str = ""


class Concluded(NamedTuple):
    """A person has looked into an `Incident` or a `Disputed` of the same record, and says what came of it."""

    incident: EventId
    note: str


class Subscribed(NamedTuple):
    """How a topic subscription stands, and with whose rights it sees (about="fhir/Subscription/ID"). The newest statement counts."""

    subscription: str
    status: str
    """Of FHIR's subscription-status: "requested", "active", "error", "off"."""
    person: str = ""
    client: str = ""
    session: str = ""
    """Of a program with a key of its own; empty for a person."""
    told: int = 0
    """The last event number that was delivered."""
    reason: str = ""


class Noticed(NamedTuple):
    """A change that a subscription is told of (about the record that changed). Numbers count from 1 without a gap."""

    subscription: str
    number: int
    resource: str
    id: str
    version: int = 0
