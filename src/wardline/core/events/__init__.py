"""Everything that happened, as immutable events: what, about whom, when it was true, when we knew, who said so and why.

Events and their values are named tuples, not dataclasses: one message makes twenty of them on the hot path, and a tuple is
built four times faster and packed without field names (docs/decisions/0002-events-are-named-tuples.md).
Fields are only ever added at the end, with a default, so that older rows stay readable.

Everybody imports them from here; which file a kind stands in follows from what it is about.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.events.alerts import (
    Acknowledged,
    Alerted,
    Escalated,
    HandedOver,
    Notified,
    Overridden,
    PolicyActivated,
    Quieted,
    Resolved,
    Shown,
    StoodDown,
    Withdrawn,
)
from wardline.core.events.answers import (
    SILENT,
    AdviceAnswered,
    Advised,
    Found,
    Lapsed,
    Overdue,
)
from wardline.core.events.clinical import (
    TAKEN_BACK,
    UNMAPPED,
    Administered,
    Allergic,
    Diagnosed,
    Documented,
    Immunised,
    Kept,
    Measured,
    Ordered,
    Performed,
    Scheduled,
)
from wardline.core.events.house import (
    Concluded,
    Disputed,
    GapAhead,
    GapClosed,
    Heard,
    Incident,
    Mapped,
    Noticed,
    OriginAllowed,
    OriginWithdrawn,
    Silent,
    Subscribed,
)
from wardline.core.events.imaging import (
    ELSEWHERE,
    WAITING,
    WITHDRAWN,
    CaseMoved,
    CaseOpened,
    Contoured,
    Imaged,
    Marked,
    ReportDrafted,
    ReportSigned,
    ReportWithdrawn,
    Unmarked,
    Unplaced,
    WorkitemStated,
    WorklistWatched,
)
from wardline.core.events.numbering import (
    EVENTS_PER_ROW,
    EventId,
)
from wardline.core.events.patients import (
    DELETED,
    Admitted,
    Assigned,
    Cancelled,
    Discharged,
    Identifier,
    Merged,
    Moved,
    Registered,
    Transferred,
    Unmerged,
)
from wardline.core.events.privacy import (
    Consented,
    EmergencyEnded,
    EmergencyOpened,
    EmergencyReviewed,
    Erased,
    ErasureClosed,
    ErasureRequested,
    Held,
    HoldEnded,
    Labelled,
)

Value: TypeAlias = (
    Registered | Merged | Unmerged | Moved | Admitted | Transferred | Discharged | Cancelled | Measured | Ordered | Administered | Diagnosed |
    Allergic | Documented | Scheduled | Found | Lapsed | Overdue | Alerted | Shown | Acknowledged | Overridden | Escalated | StoodDown | Resolved |
    Withdrawn | Notified | Silent | Heard | Disputed | Incident | GapAhead | GapClosed | PolicyActivated | Assigned | Mapped | HandedOver | Quieted
    | Concluded | Consented | Labelled | Held | HoldEnded | ErasureRequested | ErasureClosed | Erased | EmergencyOpened | EmergencyEnded |
    EmergencyReviewed | OriginAllowed | OriginWithdrawn | Performed | Immunised | Kept | Advised | AdviceAnswered | Subscribed | Noticed | Imaged |
    Unplaced | CaseOpened | CaseMoved | ReportDrafted | ReportSigned | ReportWithdrawn | Contoured | Marked | Unmarked |
    WorkitemStated | WorklistWatched
)  # fmt: skip

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
    ReportWithdrawn,
    Contoured, Marked, Unmarked,
    WorkitemStated, WorklistWatched,
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


__all__ = [
    "DELETED", "ELSEWHERE", "EVENTS_PER_ROW", "KINDS", "SILENT", "TAKEN_BACK", "UNMAPPED", "WAITING", "WITHDRAWN", "Acknowledged", "Act",
    "Administered", "Admitted", "AdviceAnswered", "Advised", "Alerted", "Allergic", "Assigned", "Cancelled", "CaseMoved", "CaseOpened", "Concluded",
    "Consented", "Contoured", "Diagnosed", "Discharged", "Disputed", "Documented", "EmergencyEnded", "EmergencyOpened", "EmergencyReviewed",
    "Erased", "ErasureClosed", "ErasureRequested", "Escalated", "Event", "EventId", "Found", "GapAhead", "GapClosed", "HandedOver", "Heard", "Held",
    "HoldEnded", "Identifier", "Imaged", "Immunised", "Incident", "Kept", "Labelled", "Lapsed", "Mapped", "Marked", "Measured", "Merged", "Moved",
    "Movement", "Noticed", "Notified", "Ordered", "OriginAllowed", "OriginWithdrawn", "Overdue", "Overridden", "Performed", "PolicyActivated",
    "Quieted", "Registered", "ReportDrafted", "ReportSigned", "ReportWithdrawn", "Resolved", "Scheduled", "Shown", "Silent", "StoodDown",
    "Subscribed", "Transferred", "Unmarked", "Unmerged", "Unplaced", "Value", "Withdrawn", "WorkitemStated", "WorklistWatched",
]  # fmt: skip
