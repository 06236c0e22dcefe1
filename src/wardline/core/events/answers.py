"""What Wardline itself concluded, and what EHRs were advised and made of it."""

from datetime import datetime
from typing import Final, NamedTuple

from wardline.core.events.numbering import EventId

SILENT: Final = "silent"
"""Standing of an answer that nobody at this site has activated: kept for those who read images, on no chart, sent to nobody."""


class Found(NamedTuple):
    """An answer of a capability about this subject, as it stood at `occurred_at`, with everything needed to explain it."""

    capability: str
    version: str
    digest: str
    outcome: str
    """"finding", "at_least", "unknown" or "not_valid"."""
    key: str = ""
    value: float | int | str | None = None
    unit: str = ""
    severity: int = 0
    summary: str = ""
    because: tuple[tuple[str, bool | float | int | str | None, int | None, str, EventId], ...] = ()
    """(input, value, points, band, event) in the order of the chart."""
    missing: tuple[str, ...] = ()
    reason: str = ""
    population: str = ""
    suggestions: tuple[tuple[str, float, str], ...] = ()
    """(what to do, within how many seconds or 0, what is watched for until then)"""
    valid_until: datetime | None = None
    standing: str = "verified"
    revised: bool = False
    """True when this replaces what was said before about the same past moment (a correction or a late result came in)."""
    artefacts: tuple[tuple[str, str, str], ...] = ()
    """(name, media type, digest) of what is too large for the log: masks, tables of lesions. Kept beside the images of the study."""
    models: tuple[tuple[str, str], ...] = ()
    """(id, SHA-256) of the trained models it rests on."""


class Lapsed(NamedTuple):
    """The inputs of an answer have become too old; the capability runs again without them."""

    capability: str


class Overdue(NamedTuple):
    """Something that was due has not happened: vital signs, a repeat test."""

    what: str
    due_at: datetime
    capability: str = ""
    asked_at: datetime | None = None
    """When the answer was given that asked for it."""


class Advised(NamedTuple):
    """An EHR asked at a hook and was given cards (about the patient where the record is ours, else "advice/elsewhere")."""

    hook: str
    service: str
    cards: tuple[tuple[str, str, str, int], ...]
    """(card, capability, key, severity); the words of a card are not kept, they follow from the record."""
    client: str = ""


class AdviceAnswered(NamedTuple):
    """What somebody made of a card: "accepted", or "overridden" for a coded reason."""

    card: str
    outcome: str
    reason: str = ""
    comment: str = ""
    suggestions: tuple[str, ...] = ()
    answered_at: datetime | None = None
