"""What has to be known about the hospital to decide who may see whom: places, assignments, emergencies, consent."""

from typing import Literal, Protocol

from wardline.core.people import Person

Consent = Literal["", "permit", "deny"]


class Facts(Protocol):
    """Answered from what the house has folded; asked for every line of a list, so each answer must cost microseconds."""

    def record(self, about: str) -> str:
        """The record under which somebody is read now, after merges."""
        ...

    def units(self, record: str) -> frozenset[str]:
        """Where the patient is now; nothing when not in the hospital."""
        ...

    def left_lately(self, record: str) -> frozenset[str]:
        """Units the patient has left, but not longer ago than the site allows."""
        ...

    def is_assigned(self, who: Person, record: str) -> bool:
        """Whether the patient is assigned to them: by their account, or by name where only a name was given."""
        ...

    def has_open(self, person: str, record: str) -> bool:
        """Whether the person has this record open in an emergency, at this moment."""
        ...

    def is_in_emergency(self, person: str) -> bool:
        """Whether the person has any record open in an emergency."""
        ...

    def is_fresh(self, who: Person) -> bool:
        """Whether they proved who they are within the last minutes."""
        ...

    def consent(self, who: Person, action: str, record: str, label: str) -> Consent:
        """What the patient has said about it; nothing where they have said nothing."""
        ...
