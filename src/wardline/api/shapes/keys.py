"""Shapes of answers about keys and certificates. No value of a secret is in any of them."""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class Key(TypedDict):
    """One secret of the house."""

    name: str
    protects: str
    version: int
    kept: int
    made_at: datetime | None
    origin: Literal["file", "key service", "environment"]


@with_config(CLOSED)
class Keys(TypedDict):
    """The house's secrets, and how many keys of patients they protect."""

    keys: list[Key]
    patients: int


@with_config(CLOSED)
class Certificate(TypedDict):
    """The certificate of one place: a door, a client authority, a receiver."""

    place: str
    file: str
    state: Literal["ok", "expiring", "expired", "not valid yet", "unusable"]
    problem: str
    subject: str | None
    names: list[str]
    issuer: str | None
    not_before: datetime | None
    not_after: datetime | None
    fingerprint: str | None


@with_config(CLOSED)
class Certificates(TypedDict):
    """Every certificate in use, the one that ends first at the top."""

    now: datetime
    warned_days: list[int]
    certificates: list[Certificate]
