"""Where every version of every FHIR resource stands: a fold over `Kept`, which is also what keeps the search index up to date.

The index follows each event inside the engine's turn, so whoever writes finds at once what was written. It holds nothing that is not
in the log: at a start it is made anew, row by row, and until that is done the door asks programs to come back in a moment.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from itertools import islice
from time import monotonic
from typing import Any, Final

from wardline.core.errors import Fault
from wardline.core.events import EVENTS_PER_ROW, Erased, Event, EventId, Kept, Merged, Registered, Unmerged, Value
from wardline.core.ports import EventLog
from wardline.core.reactions import Memory
from wardline.core.resources import NUMBERLESS, SOURCE, Search, Stored, Version
from wardline.core.timeline import Timeline
from wardline.formats.fhir.outward.people import patient_resource, retired
from wardline.formats.fhir.resources import Resource, others_in, plainly
from wardline.formats.fhir.search.indexing import entries_of, tail_of

FROM_A_FEED: Final = 0
"""In place of the event of a resource that nobody has written over FHIR."""
MET_AT_ONCE: Final = 500
"""Patients that a search waits for."""
LETTERS_KEPT: Final = 64_000_000
"""Of resources that were read from the log, how much stays in memory."""
Resolve = Callable[[str], Mapping[str, Any] | None]
Sensitive = Callable[[Kept, Resolve, Iterable[Value] | None], tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]
"""Labels of a version and under what names people can label it; given with what it states where that is known already."""


class NotReady(Fault):
    """The index is still being made after a start: 503, and a moment later it works."""


class Resources(Memory):
    """A `Reaction` that only remembers, and finds."""

    name = "resources"

    def __init__(self, log: EventLog, search: Search, sensitive: Sensitive, zone: tzinfo) -> None:
        self.search = search
        self.base: Callable[[], str] = lambda: ""
        """The address of our own FHIR door, as references may say it."""
        self._log = log
        self._sensitive = sensitive
        self._zone = zone
        self.timeline: Callable[[str], Timeline] = Timeline
        """The timeline of a patient as it is now."""
        self.everybody: Callable[[], Iterable[str]] = tuple
        """Every record that there is."""
        self._changed: dict[str, None] | None = None
        """Patients of whom feeds have told something new since they were last put into the index; None: all of them."""
        self._rows: dict[int, None] = {}
        """Every row of the log that holds a resource, in order."""
        self._newest = self._committed = 0
        """The newest row in the index; and the newest that stays there whatever happens to this turn. Rows of a step fill side by side."""
        self._waiting: deque[int] = deque()
        self._read: OrderedDict[int, dict[EventId, Kept]] = OrderedDict()
        self._letters = 0
        self._fresh: dict[EventId, Kept] = {}
        """Of the turn under way: it is in no file yet."""
        self._announced: dict[str, tuple[Resource, tuple[Value, ...]]] = {}
        """By their text, resources of the turn under way that have been read already, and what they state."""

    # --- looking ---

    @property
    def is_ready(self) -> bool:
        return not self._waiting

    def check_ready(self) -> None:
        if self._waiting:
            raise NotReady("the index of FHIR resources is being made; try again in a moment")

    def kept(self, event: EventId) -> Kept:
        """One version. Raises `Fault` when it cannot be read any more."""
        if event in self._fresh:
            return self._fresh[event]
        row = event // EVENTS_PER_ROW
        known = self._read.get(row)
        if known is None or event not in known:
            known = self._remember(row, {each.id: each.value for each in self._log.events_in(row) if type(each.value) is Kept})
        else:
            self._read.move_to_end(row)
        if event not in known:
            raise Fault(f"a stored resource (event {event}) does not open any more")
        return known[event]

    def _remember(self, row: int, kept: dict[EventId, Kept]) -> dict[EventId, Kept]:
        self._letters += _letters(kept) - _letters(self._read.pop(row, {}))
        self._read[row] = kept
        while self._letters > LETTERS_KEPT and len(self._read) > 1:
            self._letters -= _letters(self._read.popitem(last=False)[1])
        return kept

    def _forget_read(self) -> None:
        self._read.clear()
        self._letters = 0

    def resource(self, stored: Stored | Version) -> Resource:
        """The text of a version, read."""
        return plainly(self.kept(stored.event).body)

    def resolve(self, reference: str) -> Resource | None:
        """What "Medication/17" points at here; None for what is not here."""
        type, _, id = tail_of(reference).partition("/")
        stored = self.search.get(type, id.partition("/")[0])
        return self.resource(stored) if stored is not None else None

    def announce(self, body: str, resource: Resource, stated: Iterable[Value]) -> None:
        """This text is about to be kept: it need not be read a second time."""
        self._announced[body] = resource, tuple(stated)

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        kind = type(event.value)
        if kind is Kept:
            row = event.id // EVENTS_PER_ROW
            self._rows[row] = None
            if self._waiting:
                if self._waiting[-1] != row:
                    self._waiting.append(row)
            elif row > self._committed:
                self._fresh[event.id] = event.value
                self._put(event)
        elif kind is Registered:
            if event.source != SOURCE and self._changed is not None:
                self._changed[event.about] = None
        elif kind is Erased:
            self.search.forget(event.value.records)
            self._forget_read()
        elif kind in (Merged, Unmerged) and self._changed is not None:
            self._changed |= dict.fromkeys((event.about, event.value.retired if kind is Merged else event.value.other))

    def sensitivity(self, kept: Kept) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Labels of one version, and under what names people can label it."""
        return self._sensitive(kept, self.resolve, None)

    def _put(self, event: Event) -> None:
        kept: Kept = event.value
        self._newest = max(self._newest, event.id // EVENTS_PER_ROW)
        if kept.deleted:
            self.search.remove(Version(kept.resource, kept.id, kept.version, event.id, event.about, event.recorded_at, True))
            return
        resource, stated = self._announced.pop(kept.body, None) or (plainly(kept.body), None)
        labels, facts = self._sensitive(kept, self.resolve, stated)
        others = others_in(resource, event.about)
        stored = Stored(0, kept.resource, kept.id, kept.version, event.id, event.about, event.recorded_at, labels, facts, others)
        self.search.put(stored, entries_of(resource, base=self.base(), zone=self._zone))

    # --- patients that feeds have told of ---

    def meet_some(self, most: int) -> bool:
        """Put patients into the index of whom feeds have told something new, so many at most; whether that was all of them.

        Not at every message: nobody may have to wait for what only a search needs.
        """
        if self._changed is None:
            self._changed = dict.fromkeys(self.everybody())
        for record in list(islice(self._changed, most)):
            self.meet(record)
        return not self._changed

    def meet_all(self) -> None:
        """Before a search among patients. Raises `NotReady` while there are too many to wait for, as after a start."""
        if not self.meet_some(MET_AT_ONCE):
            raise NotReady("the index of patients is being made; try again in a moment")

    def meet(self, record: str) -> None:
        """Put one patient into the index, as feeds have told of them until now."""
        if self._changed is not None:
            self._changed.pop(record, None)
        known = self.search.get("Patient", record)
        resource = self.patient(record)
        if resource is not None and (known is None or known.event == FROM_A_FEED):
            at = max(event.recorded_at for event in self.timeline(record).registered)
            stored = Stored(NUMBERLESS, "Patient", record, 1, FROM_A_FEED, record, at)
            self.search.put(stored, entries_of(resource, base=self.base(), zone=self._zone))

    def patient(self, record: str) -> Resource | None:
        """The Patient as feeds have told of them; None where none has."""
        timeline = self.timeline(record)
        by_feed = [event for event in timeline.registered if event.source != SOURCE]
        if not by_feed:
            return None
        newest = max(by_feed, key=lambda event: event.recorded_at)
        return patient_resource(timeline, newest) if timeline.about == record else retired(record, timeline.about, newest)

    # --- what is folded ---

    def dump(self) -> Any:
        return list(self._rows)

    def load(self, state: Any) -> None:
        """Back to the last commit; what the state holds beyond it waits to be read again."""
        self.search.rollback()
        self._newest = self._committed
        self._fresh.clear()
        self._announced.clear()
        self._rows = dict.fromkeys(state or ())
        self._waiting = deque(row for row in self._rows if row > self._committed)
        self._changed = None
        self._forget_read()

    # --- keeping up ---

    def commit(self) -> None:
        """What was found so far stays found: called when the log has committed."""
        self.search.commit()
        self._committed = self._newest
        self._fresh.clear()
        self._announced.clear()

    def catch_up(self, seconds: float) -> bool:
        """Read waiting rows for so long at most; whether all have been read."""
        until = monotonic() + seconds
        while self._waiting and monotonic() < until:
            for event in self._log.events_in(self._waiting.popleft()):
                if type(event.value) is Kept:
                    self._put(event)
        self.commit()
        return not self._waiting


def _letters(kept: dict[EventId, Kept]) -> int:
    return sum(len(each.body) for each in kept.values())
