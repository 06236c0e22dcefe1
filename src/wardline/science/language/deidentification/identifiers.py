"""The kinds of things that say who somebody is: the eighteen of the HIPAA Safe Harbor list, and where one was found in a text."""

from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """45 CFR 164.514(b)(2)(i), (A) to (R). Ages over 89 stand with dates in (C); here they are a kind of their own."""

    NAME = "name"  # (A)
    PLACE = "place"  # (B): everything smaller than a state; facilities too, for they say where somebody lives
    DATE = "date"  # (C): all elements but the year
    AGE = "age"  # (C): over 89
    PHONE = "phone"  # (D)
    FAX = "fax"  # (E)
    EMAIL = "email"  # (F)
    SOCIAL_SECURITY = "social security number"  # (G)
    RECORD = "medical record number"  # (H)
    HEALTH_PLAN = "health plan number"  # (I)
    ACCOUNT = "account number"  # (J)
    LICENCE = "licence number"  # (K)
    VEHICLE = "vehicle identifier"  # (L)
    DEVICE = "device identifier"  # (M)
    URL = "web address"  # (N)
    IP = "internet address"  # (O)
    BIOMETRIC = "biometric identifier"  # (P)
    PHOTO = "photograph"  # (Q)
    OTHER = "other unique code"  # (R)

    @property
    def mark(self) -> str:
        """What stands in a redacted text instead: [NAME]."""
        return f"[{self.value.upper()}]"


class Span(NamedTuple):
    """Something found, from character `start` up to `end`."""

    start: int
    end: int
    kind: Kind
    rank: int = 5
    """Where two overlap the lower rank says the kind: what a label names goes before what only looks like it."""


KNOWN_RANK: Final = 0
LABELLED_RANK: Final = 1
SHAPED_RANK: Final = 3
GUESSED_RANK: Final = 7
