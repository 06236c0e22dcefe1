"""Everything that happened, as immutable events: what, about whom, when it was true, when we knew, who said so and why.

Events and their values are named tuples, not dataclasses: one message makes twenty of them on the hot path, and a tuple is
built four times faster and packed without field names (docs/decisions/0002-events-are-named-tuples.md).
Fields are only ever added at the end, with a default, so that older rows stay readable.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

EventId: TypeAlias = int
"""Row number in the log * 4096 + place in the row. 0 means: not stored yet."""

EVENTS_PER_ROW: Final = 4096


DELETED: Final = '""'
"""A detail that is taken back, as HL7 writes it; an empty one says nothing at all."""

# --- who and where -----------------------------------------------------------------------------------------------------


class Identifier(NamedTuple):
    """A number somebody gave a patient (HL7 CX): the number, who assigned it, what type of number it is (table 0203)."""

    number: str
    assigner: str = ""
    type: str = ""


class Registered(NamedTuple):
    """Who the patient is, as one message said it. `authority` 1: an admission system; 0: a result or order carried it along.

    An empty text says nothing, `DELETED` takes back what was said before; `Timeline.person` is what remains.
    """

    identifiers: tuple[Identifier, ...]
    family: str = ""
    given: str = ""
    born: str = ""
    """ISO date, as precise as it was given: "1955-03-03", "1955"."""
    sex: str = ""
    """HL7 table 0001: F, M, O, U, A, N."""
    died: bool | None = None
    """None where nothing was said about it."""
    authority: int = 1
    issued_at: datetime | None = None
    address: str = ""
    phone: str = ""


class Merged(NamedTuple):
    """Two records are one person: `retired` is read as part of the subject from now on (A40, A34)."""

    retired: str
    issued_at: datetime | None = None
    retired_number: str = ""


class Unmerged(NamedTuple):
    """They are two persons after all (A37)."""

    other: str
    issued_at: datetime | None = None


class Moved(NamedTuple):
    """One visit was filed under the wrong patient and belongs to the subject (A45)."""

    encounter: str
    origin: str
    issued_at: datetime | None = None


class Admitted(NamedTuple):
    """The patient is in the hospital, in this place. HL7 A01 and A04 (registered as an outpatient)."""

    encounter: str
    unit: str = ""
    room: str = ""
    bed: str = ""
    patient_class: str = ""
    """HL7 table 0004: I inpatient, O outpatient, E emergency ..."""
    service: str = ""
    doctor: str = ""
    reason: str = ""
    issued_at: datetime | None = None
    facility: str = ""


class Transferred(NamedTuple):
    """The patient is now in this place."""

    encounter: str
    unit: str = ""
    room: str = ""
    bed: str = ""
    patient_class: str = ""
    service: str = ""
    doctor: str = ""
    reason: str = ""
    issued_at: datetime | None = None
    facility: str = ""
    admitted_at: datetime | None = None
    """When the stay began, where the sender repeats it: the admission itself may never have reached us."""


class Discharged(NamedTuple):
    """The stay is over. `disposition` is HL7 table 0112; 20 and 40 to 42 mean that the patient died."""

    encounter: str
    disposition: str = ""
    issued_at: datetime | None = None


class Cancelled(NamedTuple):
    """An admission, transfer or discharge did not happen (A11, A12, A13)."""

    encounter: str
    what: str
    """"Admitted", "Transferred" or "Discharged"."""
    issued_at: datetime | None = None


# --- what was measured, ordered, given, written ---------------------------------------------------------------------------


UNMAPPED: Final = "unmapped"
"""Flag of an observation whose code nobody has mapped to a concept yet."""


class Measured(NamedTuple):
    """One observation in the unit of its concept, with what the sender really wrote.

    `concept` is empty while the sender's code is not mapped. `value` is a number, or the text or code for observations that
    are not numbers, or None where there is none (pending, not asked for, deleted). A number that must not be scored
    (implausible, no unit, decimal comma ...) keeps its text in `value` and the reason in `flags`.
    """

    concept: str
    value: float | int | str | None
    unit: str = ""
    comparator: str = ""
    status: str = "F"
    """HL7 table 0085: F final, P preliminary, C corrected, D deleted, W wrong patient, X cannot be obtained ..."""
    flags: tuple[str, ...] = ()
    code: str = ""
    """OBX-3 as received."""
    order: str = ""
    """Filler order number, else the placer's."""
    part: str = ""
    """OBX-4, the sub-id."""
    issued_at: datetime | None = None
    received: str = ""
    """Value and unit as received, where they differ from `value` and `unit`."""
    reference_range: str = ""
    abnormal: str = ""
    performer: str = ""


class Ordered(NamedTuple):
    """Something was asked for: a test, a drug, a service. `status` is HL7 table 0119 (NW new, CA cancelled, DC stopped ...)."""

    order: str
    what: str
    code: str = ""
    status: str = "NW"
    category: str = ""
    """"medication", "laboratory", "imaging" or "other"."""
    dose: str = ""
    route: str = ""
    frequency: str = ""
    starts_at: datetime | None = None
    priority: str = ""
    issued_at: datetime | None = None
    orderer: str = ""


class Administered(NamedTuple):
    """A dose was given."""

    order: str
    what: str
    code: str = ""
    dose: str = ""
    route: str = ""
    issued_at: datetime | None = None
    administration: str = ""
    """Its own number, where the sender gives it one: said again it replaces."""
    status: str = ""
    """"" or `TAKEN_BACK`."""


TAKEN_BACK: Final = "taken back"
"""Status of a diagnosis or allergy that its sender has deleted."""


class Diagnosed(NamedTuple):
    """A diagnosis or problem as stated."""

    code: str
    text: str = ""
    system: str = ""
    issued_at: datetime | None = None
    status: str = ""
    """"", "resolved" or `TAKEN_BACK`."""


class Allergic(NamedTuple):
    """An allergy or intolerance as stated (HL7 AL1, IAM)."""

    code: str
    text: str = ""
    reaction: str = ""
    severity: str = ""
    category: str = ""
    issued_at: datetime | None = None
    status: str = ""
    """"" or `TAKEN_BACK`."""


class Documented(NamedTuple):
    """A note, letter or report. Text as received; an embedded file is kept in the raw message and named here."""

    document: str
    title: str
    text: str = ""
    status: str = ""
    media_type: str = "text/plain"
    author: str = ""
    issued_at: datetime | None = None


class Scheduled(NamedTuple):
    """An appointment: booked, moved, cancelled (SIU). `status` is the trigger's word."""

    appointment: str
    what: str
    status: str
    starts_at: datetime | None = None
    issued_at: datetime | None = None


# --- what Wardline itself concluded and did ---------------------------------------------------------------------------------


SILENT: Final = "silent"
"""Standing of an answer that nobody at this site has activated: kept for those who read images, on no chart, sent to nobody."""


class Found(NamedTuple):
    """An answer of a capability about this subject, as it stood at `occurred_at`, with everything needed to explain it."""

    capability: str
    version: str
    digest: str
    outcome: str
    """"finding", "at_least", "unknown" or "not_valid"."""
    key: str = ""
    value: float | int | str | None = None
    unit: str = ""
    severity: int = 0
    summary: str = ""
    because: tuple[tuple[str, bool | float | int | str | None, int | None, str, EventId], ...] = ()
    """(input, value, points, band, event) in the order of the chart."""
    missing: tuple[str, ...] = ()
    reason: str = ""
    population: str = ""
    suggestions: tuple[tuple[str, float, str], ...] = ()
    """(what to do, within how many seconds or 0, what is watched for until then)"""
    valid_until: datetime | None = None
    standing: str = "verified"
    revised: bool = False
    """True when this replaces what was said before about the same past moment (a correction or a late result came in)."""
    artefacts: tuple[tuple[str, str, str], ...] = ()
    """(name, media type, digest) of what is too large for the log: masks, tables of lesions. Kept beside the images of the study."""


class Lapsed(NamedTuple):
    """The inputs of an answer have become too old; the capability runs again without them."""

    capability: str


class Overdue(NamedTuple):
    """Something that was due has not happened: vital signs, a repeat test."""

    what: str
    due_at: datetime
    capability: str = ""
    asked_at: datetime | None = None
    """When the answer was given that asked for it."""


class Alerted(NamedTuple):
    """People are being told. One open alert per question and episode."""

    alert: str
    """Stable key of the episode; receivers drop repeats of it."""
    capability: str
    key: str = ""
    tier: str = "worklist"
    """"page", "worklist" or "chip"."""
    severity: int = 0
    summary: str = ""
    finding: EventId = 0
    unit: str = ""
    bed: str = ""
    roles: tuple[str, ...] = ()
    action: str = ""
    escalates_at: datetime | None = None
    rule: str = ""
    quiet: str = ""
    """Why nobody was interrupted, where that was the case: an alert that is kept quiet stays visible and counted."""
    joined: str = ""
    """The alert this one was bundled with."""
    quiet_until: datetime | None = None
    """When the reason for being quiet ends, where that is known."""
    why: str = ""
    """"" when the alert opens. The same alert stated again has changed: "worse", "better", "quiet", "quiet time over" ..."""
    owner_role: str = ""
    """The role that answers for it."""


class Shown(NamedTuple):
    """A person opened the alert."""

    alert: str


class Acknowledged(NamedTuple):
    """A person takes it on."""

    alert: str
    comment: str = ""


class Overridden(NamedTuple):
    """A person decides that it needs no action, for one of the coded reasons."""

    alert: str
    reason: str
    comment: str = ""
    until: datetime | None = None
    """When it must be looked at again, for reasons that are a promise to look again."""


class Escalated(NamedTuple):
    """Nobody answered in time, or a person asked for more help: the next roles are told."""

    alert: str
    step: int
    roles: tuple[str, ...] = ()
    by_person: bool = False
    comment: str = ""


class StoodDown(NamedTuple):
    """A person took back their last act on the alert (undo)."""

    alert: str
    undoes: str
    """Kind of the event that is taken back."""
    told: tuple[str, ...] = ()
    """Roles that had been told because of that act, and are told that it is taken back."""


class Resolved(NamedTuple):
    """What the alert was about is no longer true."""

    alert: str
    why: str = ""


class Withdrawn(NamedTuple):
    """The alert should not have been: its input was corrected, deleted or somebody else's. Everyone who was told is told."""

    alert: str
    why: str
    told: tuple[str, ...] = ()


class Notified(NamedTuple):
    """What became of one notification on one channel: "sent", "received" or "failed"."""

    alert: str
    notification: str
    channel: str
    outcome: str
    recipient: str = ""
    detail: str = ""


# --- the house itself ----------------------------------------------------------------------------------------------------


class Silent(NamedTuple):
    """A feed that should be talking is not (about="feed/NAME")."""

    feed: str
    since: datetime
    expected_per_hour: float = 0.0


class Heard(NamedTuple):
    """A silent feed is talking again."""

    feed: str
    silent_seconds: float = 0.0


class Disputed(NamedTuple):
    """Two sources contradict each other in a way only a person can settle (birth date or sex across a merge)."""

    what: str
    values: tuple[str, ...]
    other: str = ""


class Incident(NamedTuple):
    """Something went wrong that people must look into: a result on the wrong patient's chart."""

    what: str
    detail: str = ""
    seen_by: tuple[str, ...] = ()


class GapAhead(NamedTuple):
    """A message about this patient was put aside; what follows may rest on incomplete data."""

    message: int
    reason: str


class GapClosed(NamedTuple):
    """The message that was put aside has been repaired and taken in, or dismissed by a person."""

    message: int


class PolicyActivated(NamedTuple):
    """From now on alerts follow this policy (about="policy/alerts")."""

    version: str
    text: str
    approved_by: tuple[str, ...] = ()


class OriginAllowed(NamedTuple):
    """An administrator lets pages of another site ask some paths for a while (about="access/origins"). The same id again changes it."""

    id: str
    origin: str
    paths: tuple[str, ...]
    expires_at: datetime
    reason: str = ""


class OriginWithdrawn(NamedTuple):
    """Pages of that site may not ask any more (about="access/origins")."""

    id: str


class Mapped(NamedTuple):
    """An administrator has said what a sender's code means (about="feed/NAME")."""

    feed: str
    code: str
    concept: str
    unit: str = ""


class Assigned(NamedTuple):
    """A nurse or doctor looks after the patient from now on; an empty name takes it back."""

    role: str
    name: str
    person: str = ""
    """Their account, where it is known; two people can have one name."""


class HandedOver(NamedTuple):
    """Others answer for the alert from now on: a new shift, another unit or bed, a joined record, or a person who passed it on."""

    alert: str
    why: str
    unit: str = ""
    bed: str = ""
    roles: tuple[str, ...] = ()
    """Who is told now, where others than before must be."""
    owner: str = ""
    """A person's name, where it was handed to one person."""


class Quieted(NamedTuple):
    """A person says why a patient's alerts must not interrupt for a while. They stay visible and counted.

    With an empty `capability` it holds for every question about the patient. An `until` that is not later than the event ends it.
    """

    reason: str
    until: datetime
    capability: str = ""
    key: str = ""
    comment: str = ""


class Concluded(NamedTuple):
    """A person has looked into an `Incident` or a `Disputed` of the same record, and says what came of it."""

    incident: EventId
    note: str


class Consented(NamedTuple):
    """What the patient permits and forbids about their own data: a FHIR R4 Consent as JSON. Stated again it replaces; withdrawn it ends."""

    consent: str
    """Its key in this house."""
    status: str = "active"
    """Of FHIR's consent-state-codes: "active" counts, anything else does not (any more)."""
    resource: str = ""
    reason: str = ""
    """Why it was withdrawn, where that was said."""


class Labelled(NamedTuple):
    """A person says how sensitive a fact of this record is, or the whole record. Without `labels` it takes back what was said."""

    kind: str
    """What is labelled, by the name of its FHIR resource: "Observation", "Condition", "DocumentReference", "Patient" ..."""
    key: str = ""
    """Which one: the observation's name, the diagnosis's code, the document's or order's number; empty for the whole record."""
    labels: tuple[str, ...] = ()
    """Codes of HL7 v3 ActCode: "PSY", "HIV", "VIP" ..."""
    reason: str = ""


class Held(NamedTuple):
    """Nothing of this record may be erased until the hold ends: somebody may need it as evidence. The reason goes with the record."""

    hold: str
    reason: str


class HoldEnded(NamedTuple):
    """The record may be erased again, as far as this hold was in the way."""

    hold: str


class ErasureRequested(NamedTuple):
    """Somebody asks for persons to be erased (about="privacy/erasures"). Names nobody: what it says outlives them."""

    request: str
    persons: tuple[tuple[str, ...], ...]
    """Every record of each person, the surviving one first."""
    ground: str
    """Of GDPR Art. 17(1): "a" to "f"; or "retention" for what the site's rules no longer keep."""


class ErasureClosed(NamedTuple):
    """A request was refused or taken back (about="privacy/erasures")."""

    request: str
    outcome: str
    """"refused" or "withdrawn"."""
    basis: str = ""
    """What binds the house to keep the record."""


class Erased(NamedTuple):
    """The keys of these records are destroyed (about="privacy/erasures"): whoever folds this forgets whatever it knows about them."""

    request: str
    records: tuple[str, ...]
    keys: int = 0


class EmergencyOpened(NamedTuple):
    """Somebody opens this patient's record though it is not theirs to open, says why, and for how long ("breaks the glass").

    Both times are the wall clock's, whatever clock the folder has: access ends when it was said to end.
    """

    grant: str
    person: str
    reason: str
    note: str
    opened_at: datetime
    until: datetime


class EmergencyEnded(NamedTuple):
    """They closed it before its time was up."""

    grant: str
    at: datetime


class EmergencyReviewed(NamedTuple):
    """Somebody else says whether opening it was "justified", "not justified", or has "asked"."""

    grant: str
    verdict: str
    note: str
    at: datetime


class Performed(NamedTuple):
    """A procedure was done; `occurred_at` of the event is when it began. `code` as received ("80146002^Appendectomy^SCT")."""

    procedure: str
    what: str
    code: str = ""
    status: str = "completed"
    """Of FHIR's event-status: "completed", "in-progress", "not-done", "entered-in-error" ..."""
    ended_at: datetime | None = None
    issued_at: datetime | None = None


class Immunised(NamedTuple):
    """A vaccine dose was given, or expressly not. `code` as received, with its CVX code ("140^Influenza^CVX")."""

    vaccination: str
    what: str
    code: str = ""
    status: str = "completed"
    """Of FHIR's immunization-status: "completed", "not-done", "entered-in-error"."""
    dose: str = ""
    lot: str = ""
    issued_at: datetime | None = None


class Kept(NamedTuple):
    """A FHIR resource exactly as it was received, in one of its versions; what it states as facts are events of their own."""

    resource: str
    """Its type: "Observation", "CarePlan" ..."""
    id: str
    version: int
    body: str = ""
    """Its JSON; empty for a version that says it was deleted."""
    deleted: bool = False


class Advised(NamedTuple):
    """An EHR asked at a hook and was given cards (about the patient where the record is ours, else "advice/elsewhere")."""

    hook: str
    service: str
    cards: tuple[tuple[str, str, str, int], ...]
    """(card, capability, key, severity); the words of a card are not kept, they follow from the record."""
    client: str = ""


class AdviceAnswered(NamedTuple):
    """What somebody made of a card: "accepted", or "overridden" for a coded reason."""

    card: str
    outcome: str
    reason: str = ""
    comment: str = ""
    suggestions: tuple[str, ...] = ()
    answered_at: datetime | None = None


class Subscribed(NamedTuple):
    """How a topic subscription stands, and with whose rights it sees (about="fhir/Subscription/ID"). The newest statement counts."""

    subscription: str
    status: str
    """Of FHIR's subscription-status: "requested", "active", "error", "off"."""
    person: str = ""
    client: str = ""
    session: str = ""
    """Of a program with a key of its own; empty for a person."""
    told: int = 0
    """The last event number that was delivered."""
    reason: str = ""


class Noticed(NamedTuple):
    """A change that a subscription is told of (about the record that changed). Numbers count from 1 without a gap."""

    subscription: str
    number: int
    resource: str
    id: str
    version: int = 0


ELSEWHERE: Final = "elsewhere"
"""State of a study that turned out to be about somebody else."""


class Imaged(NamedTuple):
    """A study as far as it has arrived from a scanner or an archive; `occurred_at` of the event is when it was begun. Said again it replaces."""

    study: str
    """Study Instance UID."""
    state: str
    """"arriving", "complete" or `ELSEWHERE`."""
    journal: int = 0
    """Number of the image store's journal entry that this was made from."""
    modalities: tuple[str, ...] = ()
    description: str = ""
    accession: str = ""
    instances: int = 0
    series: tuple[tuple[str, str, int, str, int], ...] = ()
    """(Series Instance UID, modality, number, description, instances), in the order of their numbers."""
    why: str = ""
    """How it came to this patient: "order" (accession number), "identity" (number and details agree), or the person who placed it."""


class Unplaced(NamedTuple):
    """A study whose patient is not certain (about="imaging/unplaced"); a person decides. Who it says it is stays with the images."""

    study: str
    why: str
    journal: int = 0
    candidates: tuple[str, ...] = ()
    """Records it may be about."""


class CaseOpened(NamedTuple):
    """Somebody is to report on a study: a question, the branch whose template answers it, and the study it is compared with."""

    case: str
    study: str
    """Study Instance UID."""
    branch: str
    """"oncology", "pulmonology", "cardiology", "neurology" or "general"."""
    question: str = ""
    baseline: str = ""
    """Study Instance UID of the one before; "" where there is nothing to compare with."""
    accession: str = ""


class CaseMoved(NamedTuple):
    """A case goes on, or back: "intake", "imaging", "evidence", "report", "signed", "closed"."""

    case: str
    stage: str
    note: str = ""
    checklist: tuple[tuple[str, str], ...] = ()
    """(item, what was found) of the branch's intake list."""


class ReportDrafted(NamedTuple):
    """A version of a report that nobody has signed. `content` is its sections and sentences as JSON, each with what it rests on."""

    report: str
    case: str
    version: int
    content: str


class ReportSigned(NamedTuple):
    """A person answers for this text. What is signed never changes; an addendum is a version of its own."""

    report: str
    case: str
    study: str
    version: int
    title: str
    text: str
    """As it was shown when it was signed."""
    digest: str
    """SHA-256 of the signed content, in hex."""
    author: str
    """Name of who signed."""
    addendum: bool = False
    critical: bool = False
    """Whoever signed has said that somebody must be told now."""
    artefacts: tuple[tuple[str, str, str], ...] = ()
    """(name, media type, digest) of what goes with it: DICOM SEG, SR, key objects."""


Value: TypeAlias = (
    Registered
    | Merged
    | Unmerged
    | Moved
    | Admitted
    | Transferred
    | Discharged
    | Cancelled
    | Measured
    | Ordered
    | Administered
    | Diagnosed
    | Allergic
    | Documented
    | Scheduled
    | Found
    | Lapsed
    | Overdue
    | Alerted
    | Shown
    | Acknowledged
    | Overridden
    | Escalated
    | StoodDown
    | Resolved
    | Withdrawn
    | Notified
    | Silent
    | Heard
    | Disputed
    | Incident
    | GapAhead
    | GapClosed
    | PolicyActivated
    | Assigned
    | Mapped
    | HandedOver
    | Quieted
    | Concluded
    | Consented
    | Labelled
    | Held
    | HoldEnded
    | ErasureRequested
    | ErasureClosed
    | Erased
    | EmergencyOpened
    | EmergencyEnded
    | EmergencyReviewed
    | OriginAllowed
    | OriginWithdrawn
    | Performed
    | Immunised
    | Kept
    | Advised
    | AdviceAnswered
    | Subscribed
    | Noticed
    | Imaged
    | Unplaced
    | CaseOpened
    | CaseMoved
    | ReportDrafted
    | ReportSigned
)

# The number of a kind in stored rows. Never reorder; add at the end.
KINDS: Final[tuple[type[Value], ...]] = (
    Registered, Merged, Unmerged, Moved, Admitted, Transferred, Discharged, Cancelled,
    Measured, Ordered, Administered, Diagnosed, Allergic, Documented, Scheduled,
    Found, Lapsed, Overdue,
    Alerted, Shown, Acknowledged, Overridden, Escalated, StoodDown, Resolved, Withdrawn, Notified,
    Silent, Heard, Disputed, Incident, GapAhead, GapClosed, PolicyActivated, Assigned, Mapped,
    HandedOver, Quieted, Concluded,
    Consented, Labelled,
    Held, HoldEnded, ErasureRequested, ErasureClosed, Erased,
    EmergencyOpened, EmergencyEnded, EmergencyReviewed,
    OriginAllowed, OriginWithdrawn,
    Performed, Immunised, Kept,
    Advised, AdviceAnswered, Subscribed, Noticed,
    Imaged, Unplaced,
    CaseOpened, CaseMoved, ReportDrafted, ReportSigned,
)  # fmt: skip

Movement: TypeAlias = Admitted | Transferred | Discharged | Cancelled

Act: TypeAlias = Shown | Acknowledged | Overridden | Escalated | StoodDown
"""What a person does to an alert."""


class Event(NamedTuple):
    """One thing that happened. `occurred_at` is clinical time, `recorded_at` is when we knew; both aware, UTC.

    `value` is one of `Value`; whoever reads it knows which from where the event was kept, or asks with `match`.
    """

    value: Any
    about: str
    occurred_at: datetime
    recorded_at: datetime
    source: str = ""
    actor: str = ""
    caused_by: tuple[EventId, ...] = ()
    encounter: str = ""
    id: EventId = 0

    @property
    def kind(self) -> str:
        """ "Measured", "Found" ...: the name of the value's type."""
        return type(self.value).__name__
