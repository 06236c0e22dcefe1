"""What a patient permits and forbids about their own data: who, for what, which facts, how long."""

from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

EMERGENCY: Final = "BTG"
"""HL7 v3 PurposeOfUse: break the glass."""
NORMAL: Final = "N"
"""HL7 v3 Confidentiality: of a fact that carries no label."""
PATIENT: Final = "Patient"
"""As a kind of fact: the record as a whole."""
ActorKind: TypeAlias = Literal["person", "unit", "role", "program"]


class Mark(NamedTuple):
    """What consent is asked about: how sensitive something is, and what kind of fact (the name of its FHIR resource) it is."""

    label: str = NORMAL
    kind: str = ""
    """Empty: of whatever kind."""

    def __str__(self) -> str:
        return f"{self.label}/{self.kind}" if self.kind else self.label


def mark_of(text: str) -> Mark:
    """The mark behind "HIV/Observation" or "HIV"."""
    label, _, kind = text.partition("/")
    return Mark(label, kind)


class Actor(NamedTuple):
    """Whom a provision is about: one person, a unit's people, a role or a program."""

    kind: ActorKind
    id: str


class Provision(NamedTuple):
    """One rule, and the rules inside it that are its exceptions. What is empty matches everything."""

    permits: bool | None
    """None: it decides nothing itself, only its exceptions do."""
    labels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    actors: tuple[Actor, ...] = ()
    actions: frozenset[str] = frozenset()
    """Codes of FHIR's consentaction: "access", "use", "disclose" ..."""
    purposes: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    exceptions: tuple["Provision", ...] = ()


class Consent(NamedTuple):
    """One consent as it was read."""

    patient: str
    provision: Provision
    stated_at: datetime | None = None
    performer: str = ""
    """Who gave it, in words: the patient, or whoever speaks for them."""
    text: str = ""
    """What was agreed, in the patient's own words, where it was written down."""
    is_damaged: bool = False
    """What was kept cannot be read any more; this stands in for it."""
