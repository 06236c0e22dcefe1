"""How what identifies a person is replaced, the same way in every format: what formats ask, and what the policy answers."""

from typing import NamedTuple, Protocol


class Known(NamedTuple):
    """What is known of the patient whom something is about: found in any text, however it is written there."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Patient, visit and insurance numbers, telephone numbers, the date of birth in digits."""
    places: tuple[str, ...] = ()
    """Parts of the address."""

    def __or__(self, other: "Known") -> "Known":
        return Known(*(tuple(dict.fromkeys((*mine, *theirs))) for mine, theirs in zip(self, other, strict=True)))


NOBODY = Known()


class Replacement(Protocol):
    """The stand-ins of one patient. "" wherever the profile leaves nothing."""

    def text(self, written: str) -> str:
        """Free text with everything that identifies replaced."""
        ...

    def kept(self, value: str) -> str:
        """A code or number that may stay as it is; "" when it holds something known of the patient."""
        ...

    def code(self, value: str) -> str:
        """For a number that somebody gave a person, a stay, an order or a thing."""
        ...

    def name(self, word: str) -> str:
        """For a word of a name."""
        ...

    def moment(self, stated: str, *, birth: bool = False) -> str:
        """For a date or a time with its date, in the notation it came in: 2024-03-01T10:00Z, 20240301, 2024."""
        ...

    def postal(self, code: str) -> str:
        """What of a postal code may stay."""
        ...

    def token(self, value: str) -> str:
        """For an id that only links things to each other; never empty, and always the same for the same value."""
        ...

    def uid(self, value: str) -> str:
        """For a DICOM UID: another one under 2.25 (PS3.5 B.2)."""
        ...
