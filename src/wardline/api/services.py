"""What the doors open onto: wired by the composition root, handed to every request."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from wardline.core.capability import Capability
from wardline.core.errors import Fault
from wardline.core.ports import Access, Audit, Notifier, Reader
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.notifications.contacts import NOBODY, Contacts
from wardline.delivery.outbound.sending import Sender
from wardline.delivery.worklists.incidents import Incidents
from wardline.engine.loop import Engine
from wardline.security.sessions import Sessions


class Listener(Protocol):
    """What the system page wants to know of the MLLP door."""

    connections: set[Any]
    refused: int
    skipped_bytes: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A reference case as it ran on this machine."""

    name: str
    source: str
    given: dict[str, Any]
    expect: dict[str, Any]
    difference: str


class Unit(NamedTuple):
    """What the site says about a unit."""

    label: str
    beds: tuple[str, ...] = ()


class Proposed(Protocol):
    """A policy that waits for signatures."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def approved_by(self) -> tuple[str, ...]: ...

    def public(self, name_of: Callable[[str], str]) -> dict[str, Any]: ...


class ProposalBox(Protocol):
    """Where proposals are kept."""

    def add(self, text: str, version: str, author: str, note: str, at: datetime) -> Proposed: ...

    def get(self, id: str) -> Proposed | None: ...

    def waiting(self) -> Iterator[Proposed]: ...

    def sign(self, id: str, person: str) -> Proposed: ...

    def close(self, id: str) -> None: ...


class Receipts(Protocol):
    """Who waits for devices to confirm."""

    async def received(self, notification: str, *, recipient: str = "", channel: str = "device") -> None: ...


@dataclass(slots=True)
class Services:
    """The house as the API sees it."""

    engine: Engine
    alerts: AlertPolicy
    incidents: Incidents
    reader: Reader
    sessions: Sessions
    access: Access
    audit: Audit
    capabilities: Mapping[str, Capability]
    cases: Mapping[str, tuple[CaseResult, ...]]
    not_running: Mapping[str, str]
    hospital: str
    zone: str
    started_at: datetime
    listener: Listener | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    proposals: ProposalBox = None  # type: ignore[assignment]
    simulations: Callable[[str, str, datetime | None, datetime | None], Awaitable[dict[str, Any]]] | None = None
    contacts: Contacts = NOBODY
    couriers: Receipts = None  # type: ignore[assignment]
    notifier: Notifier = None  # type: ignore[assignment]
    burdens: Callable[[datetime | None, datetime | None, str], Awaitable[dict[str, Any]]] | None = None
    simulated: bool = False
    sample_users: tuple[dict[str, str], ...] = ()
    """Demonstration only: accounts with the passwords made for this run, offered on the sign-in page."""
    loop_lag: Callable[[], float] = lambda: 0.0
    """Milliseconds by which the event loop was late at worst in the last minute."""
    senders: tuple[Sender, ...] = ()
    """One for each system that results go out to."""
    downtime_failure: Callable[[], str] = lambda: ""
    """Why the downtime pages could not be written when it was last tried; empty when they were."""

    def name_of(self, id: str) -> str:
        """The person's name, for an account's id."""
        user = self.sessions.identities.user(id)
        return user.name if user is not None else id

    async def simulate(self, proposed: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
        """The stored past under the policy in force and another one."""
        if self.simulations is None:
            raise Fault("simulations are not wired here")
        return await self.simulations(self.alerts.policy.text, proposed, since, until)

    async def burden(self, since: datetime | None, until: datetime | None, unit: str) -> dict[str, Any]:
        """What alerts have been to people, counted from the log."""
        if self.burdens is None:
            raise Fault("counting over the log is not wired here")
        return await self.burdens(since, until, unit)
