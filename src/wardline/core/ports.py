"""The promises adapters keep: what the house needs from clocks, disks, keys, people and the outside world."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from wardline.core.events import Event, EventId
from wardline.core.people import ApiKey, Authenticator, Decision, Person, Session, User
from wardline.core.statements import Fate, Received

# --- time -----------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """One clock per data folder. `wall`: the machine's. `feed`: the highest message time seen so far."""

    kind: Literal["wall", "feed"]

    def now(self) -> datetime: ...

    def heard(self, stated_at: datetime) -> None:
        """A message says that it was sent at this time. A feed clock never goes back; a wall clock ignores it."""
        ...


# --- the log ----------------------------------------------------------------------------------------------------------------


class MessageRecord(NamedTuple):
    """One received message as it is stored."""

    feed: str
    sender: str
    control_id: str
    sha256: bytes
    raw: bytes
    fate: Fate
    owners: tuple[str, ...] = ()
    """Records of the patients it speaks about; its bytes become unreadable when any of them is erased."""


class Outgoing(NamedTuple):
    """Something that must leave the house: kept in the outbox until done. `key` makes it the same thing when asked twice."""

    key: str
    topic: str
    payload: bytes
    owner: str = ""


class Step(NamedTuple):
    """Everything one message, command or tick changed: appended together or not at all."""

    seq: int
    recorded_at: datetime
    message: MessageRecord | None
    rows: tuple[tuple[str, tuple[Event, ...]], ...]
    """Events by the record they are about; one stored row each."""
    outgoing: tuple[Outgoing, ...] = ()


class KnownMessage(NamedTuple):
    seq: int
    sha256: bytes
    fate: Fate


class LogHealth(NamedTuple):
    """How the log is doing, for the system page."""

    files: int
    bytes: int
    free_bytes: int
    total_bytes: int
    damaged: tuple[str, ...] = ()
    """Stored records that do not open any more; they are never shown."""


class EventLog(Protocol):
    """The durable log. Nothing that `commit` returned from is ever lost; before it, nothing counts."""

    def append(self, step: Step) -> None: ...

    def commit(self) -> None:
        """Durable when this returns. Raises `StorageFull` (nothing was stored, senders keep theirs) or `StorageBroken`."""
        ...

    def rollback(self) -> None: ...

    def next_seq(self) -> int: ...

    def next_row(self) -> int:
        """Reserve the number of the next row of events."""
        ...

    def find(self, sender: str, control_id: str, since: datetime) -> list[KnownMessage]:
        """Messages with this identity stored since then, the newest first."""
        ...

    def raw(self, seq: int) -> bytes: ...

    def messages(self, after: int = 0, limit: int = 1000, *, feed: str = "", state: str = "") -> Iterator[tuple[int, datetime, MessageRecord]]:
        """Stored messages in order, without their bytes (`raw` is empty)."""
        ...

    def events_of(self, records: Iterable[str], *, since: datetime | None = None, known_until: datetime | None = None) -> Iterator[Event]:
        """Events about any of these records in the order they were recorded."""
        ...

    def event(self, id: EventId) -> Event | None: ...

    def events_in(self, row: int) -> list[Event]:
        """Every event of one row; none where there is no such row, or where it was erased."""
        ...

    def steps(self, after: int = 0) -> Iterator[Step]:
        """Every step in order, messages without their bytes."""
        ...

    def quarantined(self, limit: int = 500) -> Iterator[tuple[int, datetime, MessageRecord]]:
        """Messages put aside that nobody has dealt with yet, newest first, without their bytes."""
        ...

    def settle(self, seq: int, state: str, *, by: str, at: datetime, note: str = "") -> None:
        """A quarantined message has been dealt with: "replayed" or "dismissed"."""
        ...

    def settlement(self, seq: int) -> str:
        """How a quarantined message was dealt with, "" while it waits."""
        ...

    def save(self, name: str, state: bytes, seq: int) -> None:
        """Keep a snapshot of folded state as of a step."""
        ...

    def saved(self, name: str) -> tuple[bytes, int] | None: ...

    def keep(self, about: str, entry: bytes) -> None:
        """Keep one line of the patient directory."""
        ...

    def kept(self) -> Iterator[tuple[str, bytes | None]]:
        """Every line of the directory; None for one that is damaged and must be made anew."""
        ...

    def attempts(self, sha256: bytes) -> int:
        """Count another attempt at a message, durably at once; returns how many there have been. Used after a crash."""
        ...

    def forget_attempts(self) -> None: ...

    def health(self) -> LogHealth: ...

    def close(self) -> None: ...


class Outbox(Protocol):
    """What must leave the house, in order per topic."""

    def waiting(self, topic: str, limit: int = 100) -> list[tuple[int, Outgoing]]: ...

    def done(self, ids: Iterable[int]) -> None: ...


class Seal(Protocol):
    """Encryption of everything at rest, one key per patient, so that forgetting a key forgets the patient."""

    def key_for(self, owners: tuple[str, ...]) -> int:
        """The id of the key for these records together; made when there is none yet."""
        ...

    def seal(self, key_id: int, plain: bytes, context: bytes) -> bytes: ...

    def open(self, key_id: int, sealed: bytes, context: bytes) -> bytes:
        """Raises `Fault` when the bytes were altered, moved to another place, or their key is gone."""
        ...

    def commit(self) -> None:
        """Make new keys durable; always before anything sealed with them."""
        ...


class KeyService(Protocol):
    """Keeps the house's secrets from whoever only has its disk: a hardware module, a cloud's key management, an operator's tool."""

    def sealed(self, name: str, plain: bytes) -> bytes:
        """Raises `Fault` when the service does not answer."""
        ...

    def opened(self, name: str, sealed: bytes) -> bytes:
        """Raises `Fault` when the service does not answer or does not open it."""
        ...


# --- coming in ----------------------------------------------------------------------------------------------------------------


class Reader(Protocol):
    """Reads one message of one format; never raises for bad input, it says what the problem is."""

    def read(self, raw: bytes, hear: Callable[[datetime | None], datetime]) -> Received:
        """`hear` takes the time the message says it was sent and gives the present; it may raise `Refused` for an absurd time."""
        ...

    def outline(self, raw: bytes, hear: Callable[[datetime | None], datetime]) -> Received:
        """Only who sent it and whom it is about, and how to answer: for a message whose content is not to be looked at."""
        ...

    def learn(self, feed: str, code: str, concept: str, unit: str) -> None:
        """From now on this code of the feed means this concept."""
        ...

    def label(self, feed: str) -> tuple[str, bool]:
        """What people call the feed, and whether its profile has been confirmed."""
        ...


class Inbox(Protocol):
    """Where a door hands in messages. `reply` is called once, after the message's fate is durable."""

    def receive(self, raw: bytes, reply: Callable[[list[bytes]], None]) -> None: ...

    @property
    def is_full(self) -> bool:
        """True while doors must stop reading from their senders."""
        ...


# --- heavy work -------------------------------------------------------------------------------------------------------------


class Workers(Protocol):
    """Other processes of this house for heavy work, so that the ward never feels it."""

    async def run(self, task: str, *arguments: Any, seconds: float = 600) -> Any:
        """Call "module:function" with arguments that can be pickled. Raises what it raises; `Fault` when the worker died or took too long."""
        ...


class Predictor(Protocol):
    """A trained model, pinned by its digest. Calling it is arithmetic: no file, no network, one thread."""

    @property
    def digest(self) -> str:
        """SHA-256 of the model file, in hex."""
        ...

    def __call__(self, inputs: Sequence[Any]) -> Sequence[Any]:
        """Arrays in the order of the model's inputs and outputs."""
        ...


class Models(Protocol):
    """Trained models with what they say of themselves."""

    def ids(self) -> tuple[str, ...]: ...

    def manifest(self, id: str) -> Mapping[str, Any]:
        """The JSON beside the model, card included. Raises `NotFound`."""
        ...

    def predictor(self, id: str) -> Predictor:
        """Ready to be called. Raises `NotFound`, and `Refused` where the file is not the one its manifest names."""
        ...


# --- people -------------------------------------------------------------------------------------------------------------------


class Identities(Protocol):
    """Accounts and sessions, kept durably."""

    def users(self) -> Iterator[User]: ...

    def user(self, id: str) -> User | None: ...

    def user_named(self, login: str) -> User | None: ...

    def put_user(self, user: User) -> None: ...

    def sessions(self, user: str = "") -> Iterator[Session]: ...

    def session(self, id: str) -> Session | None: ...

    def session_with(self, refresh: bytes) -> Session | None: ...

    def put_session(self, session: Session) -> None: ...

    def put_once(self, token: bytes, purpose: str, ends_at: datetime) -> None: ...

    def take_once(self, token: bytes, purpose: str, now: datetime) -> bool: ...

    def authenticators(self, user: str = "") -> Iterator[Authenticator]: ...

    def authenticator_with(self, credential: bytes) -> Authenticator | None: ...

    def put_authenticator(self, authenticator: Authenticator) -> None: ...

    def use_authenticator(self, id: str, counter: int, at: datetime) -> bool:
        """Count a use durably; false when this count or a later one has been there before."""
        ...

    def remove_authenticator(self, id: str) -> bool:
        """False when it was gone already."""
        ...

    def api_keys(self) -> Iterator[ApiKey]: ...

    def api_key(self, id: str) -> ApiKey | None: ...

    def put_api_key(self, key: ApiKey) -> None: ...

    def linked(self, issuer: str, subject: str) -> User | None:
        """Whose account this is at a sign-in service."""
        ...

    def link(self, issuer: str, subject: str, user: str) -> None: ...


class Access(Protocol):
    """May this person do this? The one place that decides, for every door, stream, hook and export."""

    def decide(self, who: Person, action: str, about: str = "", *, label: str = "") -> Decision:
        """`about` is the record of a patient where the action is about one; `label` a security label that what is asked for carries."""
        ...

    def may(self, who: Person, action: str, about: str = "", *, label: str = "") -> bool:
        """Only whether: cheap enough to ask for every row of a board."""
        ...


class Audit(Protocol):
    """Who did what to whom: written before the answer leaves; if it cannot be written, patient data is refused."""

    @property
    def failed_since(self) -> datetime | None: ...

    @property
    def reserve_used_since(self) -> datetime | None:
        """Since when it lives on the space that was kept free for it, because the disk is full."""
        ...

    async def record(self, who: Person | str, action: str, about: str | Sequence[str] = "", *, outcome: str = "success", **detail: str) -> None:
        """`about` is the key of a patient's record, or of all that were shown together. Never a name, neither there nor in `detail`."""
        ...

    def entries(
        self, *, about: str = "", who: str = "", action: str = "", outcome: str = "", since: datetime | None = None, until: datetime | None = None,
        before: int = 0, limit: int = 200,
    ) -> list[Mapping[str, Any]]:  # fmt: skip
        """The newest first, those included in which the patient was one of several. `outcome` may be "not success"."""
        ...

    def actions(self) -> list[str]:
        """Every word for what has been done."""
        ...


class Notification(NamedTuple):
    """One message to one channel. Carries no patient content unless the site has said so for that channel."""

    id: str
    alert: str
    title: str
    body: str
    severity: int
    channel: str


class Notifier(Protocol):
    """Delivers notifications. Raises `Fault` when the channel did not take it."""

    async def send(self, notification: Notification) -> str:
        """ "sent" when the channel took it, "received" when it confirmed delivery to the device."""
        ...
