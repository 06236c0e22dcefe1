"""What the doors open onto: wired by the composition root, handed to every request."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from wardline.api.edge.edge import Edge
from wardline.api.edge.idempotency import OnceOnly
from wardline.api.fhir.desk import Desk
from wardline.api.hooks.desk import HookDesk
from wardline.api.retaining import Backups, Erasing
from wardline.api.strangers import Strangers
from wardline.core.capability import Capability
from wardline.core.errors import Fault
from wardline.core.images import Images, StudyRecord
from wardline.core.imaging import Outlined, Vector
from wardline.core.outside import Outside, Pools
from wardline.core.ports import Access, Audit, Notifier, Reader, Workers
from wardline.core.statements import Statement
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.notifications.contacts import NOBODY, Contacts
from wardline.delivery.outbound.sending import Sender
from wardline.delivery.reports.register import Reports
from wardline.delivery.worklists.drawings import Drawings
from wardline.delivery.worklists.incidents import Incidents
from wardline.delivery.worklists.studies import Studies
from wardline.delivery.worklists.workitems import Workitems
from wardline.engine.loop import Engine
from wardline.formats.audit.heads import Head
from wardline.science.diagnosis.rare.knowledge import RareDiseases
from wardline.science.guidelines.card import Guideline
from wardline.science.recommending.recommending import Likeness
from wardline.security.authorisation.deciding import CedarAccess
from wardline.security.consent.register import Restrictions
from wardline.security.emergency import Emergencies as EmergencyReaction
from wardline.security.entrance import Entrance
from wardline.security.origins import Origins
from wardline.security.provider.sign_in import ProviderSignIn
from wardline.security.sessions import Sessions
from wardline.security.smart.server import SmartServer

if TYPE_CHECKING:  # they work with services themselves
    from wardline.api.dicomweb.event_channel import Reporter
    from wardline.api.subscriptions.telling import Teller


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


class Emergencies(NamedTuple):
    """Records that somebody has open in an emergency, the clock they run by, and for how long one may be open."""

    kept: EmergencyReaction
    now: Callable[[], datetime]
    length: timedelta


class Keys(Protocol):
    """The house's secrets, without their values."""

    @property
    def patients(self) -> int: ...

    def secrets(self) -> list[Any]: ...

    async def rotate(self, name: str) -> Any: ...


class ProofState(NamedTuple):
    """How the proof of the audit trail stands."""

    public: str
    log: str
    records: int
    witness: str
    """Where the second place is; empty where there is none."""
    witnessed: int
    trouble: str
    trouble_since: datetime | None


class AuditProof(Protocol):
    """Signed heads, their witness, and the check of the whole trail."""

    log: str

    async def state(self) -> ProofState: ...

    def newest_heads(self, limit: int) -> list[Head]: ...

    def problems(self) -> list[str]: ...

    def verify(self) -> None:
        """Begin; `progress` and `verified` say the rest."""
        ...

    @property
    def progress(self) -> tuple[int, int] | None: ...

    def verified(self) -> dict[str, Any] | None: ...


class QualityRun(Protocol):
    """A count of the quality measures: how far it is, and what came out."""

    done: int
    of: int
    result: dict[str, Any] | None
    failed: str


class QualityDesk(Protocol):
    """Where quality measures are counted."""

    def run(self, period: str, *, again: bool) -> QualityRun: ...


class PastLikeness(Protocol):
    """The site's own past, made ready to be asked for patients like one."""

    async def likeness(self, house: "Services") -> Likeness: ...


class Filing(Protocol):
    """Whose a study is, when a person says so."""

    def nudge(self) -> None:
        """Something new has come."""
        ...

    def by_hand(self, study: StudyRecord, about: str, by: str, now: datetime) -> list[Statement]: ...

    def whose(self, said: StudyRecord, filed: str = "") -> str:
        """The record that something with these details is about; "" where nobody here has them all. Raises `Refused`."""
        ...


class Analysing(Protocol):
    """Who looks at studies."""

    def ask(self, study: str, only: str = "") -> None: ...

    def is_busy_with(self, study: str) -> bool: ...

    async def assess(self, capability: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """What a study capability says to volumes described as JSON."""
        ...

    async def cases(self, capability: str) -> tuple[CaseResult, ...]:
        """Its reference cases as they ran on this machine."""
        ...


class Reporting(Protocol):
    """What goes with a signed report, and dictation."""

    speech_model: Path | None
    """Folder of the model that turns speech into text, where the site has one."""

    def why_no_dictation(self) -> str:
        """What is missing and what to do; empty where there is dictation."""
        ...

    async def objects(
        self, study: str, *, at: datetime, author: str, made_by: str, mask: str, lesions: Sequence[Mapping[str, Any]], key_images: tuple[str, ...]
    ) -> tuple[tuple[str, str, str], ...]:
        """DICOM objects of a report, kept beside the study: (name, media type, digest)."""
        ...


class ByHand(Protocol):
    """Who keeps what people draw on images, and measures what they mark."""

    async def outlined(
        self, study: str, based_on: str, shape: Sequence[int], voxels: bytes, *, lesions: tuple[Outlined, ...], new: Mapping[int, str],
        removed: tuple[str, ...], last_key: int, by: str,
    ) -> tuple[str, str, tuple[Outlined, ...]]:  # fmt: skip
        """Digest of the mask that is kept, its series, and the lesions in it."""
        ...

    async def marked(self, study: str, series: str, kind: str, points: tuple[Vector, ...]) -> tuple[tuple[str, str, float | None, str, str], ...]:
        """Id, name, value and unit of each number, and why there is none."""
        ...


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
    guidelines: Mapping[str, Guideline] = field(default_factory=dict)
    """Guideline cards by id: the house's and the site's."""
    past: PastLikeness = None  # type: ignore[assignment]
    """What patients like this one were given here."""
    proposals: ProposalBox = None  # type: ignore[assignment]
    simulations: Callable[[str, str, datetime | None, datetime | None], Awaitable[dict[str, Any]]] | None = None
    contacts: Contacts = NOBODY
    couriers: Receipts = None  # type: ignore[assignment]
    notifier: Notifier = None  # type: ignore[assignment]
    burdens: Callable[[datetime | None, datetime | None, str], Awaitable[dict[str, Any]]] | None = None
    simulated: bool = False
    sample_users: tuple[dict[str, str], ...] = ()
    """Demonstration only: accounts with the passwords made for this run, offered on the sign-in page."""
    entrance: Entrance = None  # type: ignore[assignment]
    provider: ProviderSignIn | None = None
    """The hospital's own sign-in service, where it has one."""
    address: str = ""
    """Where browsers reach Wardline, as the site has said; empty where it has not."""
    edge: Edge = field(default_factory=Edge)
    once: OnceOnly = None  # type: ignore[assignment]
    origins: Origins = field(default_factory=Origins)
    pools: Pools = None  # type: ignore[assignment]
    outside: Outside = None  # type: ignore[assignment]
    """Every HTTP request to somebody else goes through it."""
    connections: Callable[[], Mapping[str, int]] = dict
    """How many connections stand open, by kind, and how many have been shown out."""
    loop_lag: Callable[[], float] = lambda: 0.0
    """Milliseconds by which the event loop was late at worst in the last minute."""
    emergencies: Emergencies = None  # type: ignore[assignment]
    restrictions: Restrictions = None  # type: ignore[assignment]
    """What patients have consented to and what is labelled."""
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Which concepts each capability looks at."""
    explorer: CedarAccess = None  # type: ignore[assignment]
    """The access policies and what they are decided from, for explaining them."""
    keys: Keys = None  # type: ignore[assignment]
    erasing: Erasing = None  # type: ignore[assignment]
    backups: Backups = None  # type: ignore[assignment]
    apps: SmartServer = None  # type: ignore[assignment]
    """Other people's programs: which there are, and what they hold."""
    certificates: Callable[[], list[Any]] = list
    """How each certificate in use stands, the most urgent first."""
    certificate_problems: Callable[[], list[str]] = list
    senders: tuple[Sender, ...] = ()
    """One for each system that results go out to."""
    downtime_failure: Callable[[], str] = lambda: ""
    """Why the downtime pages could not be written when it was last tried; empty when they were."""
    proof: AuditProof = None  # type: ignore[assignment]
    fhir: Desk = None  # type: ignore[assignment]
    """What the FHIR door works with."""
    subscriptions: "Teller" = None  # type: ignore[assignment]
    """Who is told of which changes."""
    hooks: HookDesk = None  # type: ignore[assignment]
    """What EHRs are answered at their hooks."""
    rare_diseases: RareDiseases | None = None
    """What the site has of the Human Phenotype Ontology; None where it has put no files."""
    quality: QualityDesk = None  # type: ignore[assignment]
    images: Images = None  # type: ignore[assignment]
    """Studies as they were received."""
    studies: Studies = None  # type: ignore[assignment]
    """Whose each study is."""
    workitems: Workitems = None  # type: ignore[assignment]
    """What is to be done with images, and by whom."""
    work_reports: "Reporter" = None  # type: ignore[assignment]
    """Who hears of what becomes of workitems."""
    workers: Workers = None  # type: ignore[assignment]
    """Where images are decoded and drawn."""
    looks: dict[tuple[str, ...], datetime] = field(default_factory=dict)
    """When somebody last looked at a study, as the trail says it."""
    filing: Filing = None  # type: ignore[assignment]
    analysing: Analysing = None  # type: ignore[assignment]
    drawings: Drawings = None  # type: ignore[assignment]
    """What people have drawn and measured on studies."""
    by_hand: ByHand = None  # type: ignore[assignment]
    reports: Reports = None  # type: ignore[assignment]
    """Cases and their reports."""
    reporting: Reporting = None  # type: ignore[assignment]
    active_imaging: Mapping[str, Any] = field(default_factory=dict)
    """Study capabilities that the site has activated; the others are silent."""
    strangers: Strangers = field(default_factory=Strangers)
    """Refusals of people nobody knows, counted."""

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
