"""Other people's programs: which may ask for what, what a person has allowed one, and the keys that our own tokens are signed with.

The words are those of SMART App Launch 2.2 and OAuth 2.0 (RFC 6749). Whatever opens a door (a code, a launch, a refresh token, a
client's secret) is kept as a hash only.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Proof(StrEnum):
    """How an app shows that it is itself when it asks for a token."""

    NONE = "none"
    """Not at all: it runs where it can keep no secret, in a browser or on a phone (a "public" client)."""
    SHARED = "client_secret_basic"
    """With a secret that it was given here."""
    KEYS = "private_key_jwt"
    """With its private key, whose public half is known here."""


class App(NamedTuple):
    """A program that an administrator has entered. `id` is its client_id."""

    id: str
    name: str
    proof: Proof
    scopes: tuple[str, ...]
    """The most it may ask for."""
    added_at: datetime
    publisher: str = ""
    redirects: tuple[str, ...] = ()
    launch_url: str = ""
    """Where it is opened from a patient's page; empty for an app that is only started on its own."""
    secret: bytes = b""
    keys: str = ""
    """Its public keys as a JWK set, where it has given them to us; else they are at `keys_url`."""
    keys_url: str = ""
    roles: frozenset[str] = frozenset()
    """As whom it acts where nobody has signed in: a service behind the scenes. What it may do is also limited by its scopes."""
    introspects: bool = False
    """Whether it may ask what anybody's token is good for: a resource server of the house."""
    closed_at: datetime | None = None

    @property
    def is_service(self) -> bool:
        return bool(self.roles)

    @property
    def is_public(self) -> bool:
        """Whether it runs where it can keep no secret."""
        return self.proof is Proof.NONE


class Launch(NamedTuple):
    """Somebody opens an app for a patient. Good once, for one app, for that person."""

    app: str
    user: str
    patient: str
    encounter: str
    context: tuple[str, ...]
    """Other things that were open, as FHIR references."""
    ends_at: datetime


class Grant(NamedTuple):
    """What a person has allowed an app, or what a service has been given; every token says which grant it comes from."""

    id: str
    app: str
    user: str
    """Empty for a service."""
    scopes: tuple[str, ...]
    began_at: datetime
    ends_at: datetime
    session: str = ""
    """The sign-in it ends with; empty where it goes on without the person (offline_access)."""
    patient: str = ""
    encounter: str = ""
    context: tuple[str, ...] = ()
    ended: str = ""
    """Why it is over: "revoked", "refresh token used twice" ...; empty while it is not."""


class Code(NamedTuple):
    """An authorization code on its way through the person's browser."""

    grant: str
    app: str
    redirect: str
    challenge: str
    nonce: str
    ends_at: datetime


class AppRegister(Protocol):
    """Apps and what they hold, kept durably."""

    def apps(self) -> Iterator[App]: ...

    def app(self, id: str) -> App | None: ...

    def put_app(self, app: App) -> None: ...

    def grants(self, *, user: str = "", app: str = "") -> Iterator[Grant]:
        """Those that are not over, the newest first."""
        ...

    def grant(self, id: str) -> Grant | None: ...

    def put_grant(self, grant: Grant) -> None: ...

    def put_launch(self, token: bytes, launch: Launch) -> None: ...

    def launch(self, token: bytes) -> Launch | None: ...

    def take_launch(self, token: bytes) -> Launch | None:
        """The launch, and nobody gets it again."""
        ...

    def put_code(self, code: bytes, issued: Code) -> None: ...

    def take_code(self, code: bytes) -> tuple[Code, bool] | None:
        """The code, and whether this was the first time that it came."""
        ...

    def put_refresh(self, token: bytes, grant: str) -> None: ...

    def take_refresh(self, token: bytes) -> tuple[str, bool] | None:
        """Its grant, and whether this was the first time that it came."""
        ...

    def refresh(self, token: bytes) -> str:
        """Its grant, "" when there is no such token or it has been used."""
        ...

    def first_time(self, statement: bytes, until: datetime) -> bool:
        """Whether this statement has not come before; it is remembered until then."""
        ...

    def forget(self, before: datetime) -> None:
        """Throw away what ended before this moment. Apps stay: the audit trail names them."""
        ...

    def forget_patients(self, records: Iterable[str]) -> None:
        """Throw away everything about these records: what they were opened for, what was allowed, and what works with it."""
        ...


class SigningKey(NamedTuple):
    """A key that tokens are signed with. A retired one is kept without its private part, until its last token has ended."""

    id: str
    algorithm: str
    made_at: datetime
    jwk: Mapping[str, str]
    retired_at: datetime | None = None


class KeyShelf(Protocol):
    """Signing keys, kept durably and sealed."""

    def stored(self) -> list[SigningKey]:
        """Raises `Fault` when they cannot be opened with the secret that is there."""
        ...

    def put_key(self, key: SigningKey) -> None: ...

    def drop_key(self, id: str) -> None: ...

    def changes(self) -> int:
        """Another number whenever somebody, perhaps another process, has changed something."""
        ...
