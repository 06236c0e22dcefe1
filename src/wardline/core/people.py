"""People and programs here: what they may be, who they are, how they prove it, and what is decided about what they ask for."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple


class Role(StrEnum):
    """What a person may be here. A person can have several."""

    NURSE = "nurse"
    DOCTOR = "doctor"
    RADIOLOGIST = "radiologist"
    PHARMACIST = "pharmacist"
    MANAGER = "manager"
    RESEARCHER = "researcher"
    ENGINEER = "engineer"
    AUDITOR = "auditor"
    PRIVACY = "privacy"
    ADMIN = "admin"
    PATIENT = "patient"


class Person(NamedTuple):
    """Somebody signed in, or a program that acts under a name of its own or for somebody."""

    id: str
    name: str
    roles: frozenset[str]
    units: tuple[str, ...] = ()
    """Units whose patients they look after; empty for the whole house."""
    session: str = ""
    factors: int = 1
    """By how many kinds of proof (something known, held, inherent) they have shown who they are in this session."""
    proven_at: datetime | None = None
    """When they last proved it; doors that ask for fresh proof look at this."""
    client: str = ""
    """The program that acts: an API key or an app; empty for a person at a screen of ours."""
    scopes: frozenset[str] | None = None
    """What a program was allowed, as SMART scopes; None where no such limit applies."""
    patient: str = ""
    """The only record this sign-in reaches: the patient's own, or the one an app was launched for; empty for no such limit."""
    purpose: str = "TREAT"
    """Why they look, as HL7 v3 PurposeOfUse."""
    awaited: Literal["", "factor"] = ""
    """ "factor": they have no role until they have shown a second kind of proof."""


class User(NamedTuple):
    """An account. `password` is an Argon2id hash; empty where nobody signs in with one."""

    id: str
    login: str
    name: str
    password: str
    roles: frozenset[str]
    units: tuple[str, ...] = ()
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    service: bool = False
    """A program's account: it comes in with API keys, and never with a password."""
    patient: str = ""
    """A patient's own account: the record it reaches, and no other."""


class Session(NamedTuple):
    """One sign-in on one device. Tokens are kept as hashes; `previous` is the refresh token before the last rotation."""

    id: str
    user: str
    refresh: bytes
    previous: bytes | None
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended: str | None = None
    """Why it is over: "signed out", "idle", "replayed" ..."""
    device: str = ""
    factors: int = 1
    """By how many kinds of proof they have shown in it who they are."""
    proven_at: datetime | None = None
    """When they last did."""
    provider: str = ""
    """What the sign-in service calls this session; empty for one that began with us."""


class Authenticator(NamedTuple):
    """A second proof of who somebody is: an app with codes, a passkey, a recovery code on paper."""

    id: str
    user: str
    kind: Literal["app", "passkey", "recovery"]
    name: str
    secret: bytes
    """An app's secret, sealed; a passkey's public key; a recovery code's hash."""
    added_at: datetime
    used_at: datetime | None = None
    counter: int = 0
    """An app's last time step used, a passkey's own count of its uses: neither ever goes back."""
    credential: bytes = b""
    """What a passkey calls itself."""


class ApiKey(NamedTuple):
    """What a program comes in with: kept as a hash, for a time, for some actions only."""

    id: str
    user: str
    """The service account it acts as."""
    name: str
    secret: bytes
    scopes: frozenset[str]
    """Actions of the access policy it was made for."""
    made_at: datetime
    made_by: str
    ends_at: datetime
    units: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Networks it may come from; empty for any."""
    used_at: datetime | None = None
    ended: bool = False


class Decision(NamedTuple):
    """Whether somebody may do something, and why."""

    allowed: bool
    reason: str = ""
    """One sentence for whoever was refused: what to do, or whom to ask."""
    policies: tuple[str, ...] = ()
    """Which policies decided it; none where nothing allows it."""
    remedy: str = ""
    """What would open the door: "break-glass", "step-up"; empty where nothing they can do would."""
    purpose: str = ""
    """Why they look, where what let them in says it: "BTG" in an emergency; empty where it is the purpose of their sign-in."""
