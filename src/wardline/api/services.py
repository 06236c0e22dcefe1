"""What the doors open onto: wired by the composition root, handed to every request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from wardline.core.capability import Capability
from wardline.core.ports import Access, Audit, Reader
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


@dataclass(slots=True)
class Services:
    """The house as the API sees it."""

    engine: Engine
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
    simulated: bool = False
    sample_users: tuple[dict[str, str], ...] = ()
    """Demonstration only: accounts with the passwords made for this run, offered on the sign-in page."""
    loop_lag: Callable[[], float] = lambda: 0.0
    """Milliseconds by which the event loop was late at worst in the last minute."""
