"""The current version of every observation of one patient, whatever order originals and corrections arrive in.

HL7 table 0085 decides what a status means: C and A replace, D, W and X remove, U confirms an earlier preliminary value, I, O
and N carry no value. Of two versions of the same observation the one that was issued later stands.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from wardline.core.concepts.concept import Concept
from wardline.core.events import Event, EventId, Measured
from wardline.core.flags import ABOUT_TIME

Series: TypeAlias = tuple[str, str, str]
"""(order number, concept id or code as received, sub-id)"""
Identity: TypeAlias = tuple[str, str, str, datetime]
"""A series and when the observation was first said to have been made."""

REMOVED: Final = frozenset("DWX")
CORRECTED: Final = frozenset("CADWX")
WITHOUT_VALUE: Final = frozenset("ION")
PRELIMINARY: Final = frozenset("PRS")
_RANK: Final = {"O": 0, "N": 0, "I": 0, "P": 1, "R": 1, "S": 1, "B": 2, "F": 2, "V": 2, "U": 2, "A": 3, "C": 3, "X": 4, "D": 4, "W": 5}
_NOT_SHOWN: Final = REMOVED | WITHOUT_VALUE


NUMBERS: Final = (float, int)


def usable(concept: Concept, measured: Measured, preliminary: bool) -> float | str | None:
    """The value if it may be scored: a plain number, or a code with a known meaning; preliminary ones only if allowed.

    Numbers that must not be scored (implausible, unit missing ...) are stored as text and so never get here.
    """
    if measured.comparator or (not preliminary and measured.status in PRELIMINARY):
        return None
    value = measured.value
    if concept.codes:
        return value if type(value) is str and ABOUT_TIME.issuperset(measured.flags) else None
    return value if type(value) in NUMBERS else None


def name_of(measured: Measured) -> str:
    """The list an observation belongs to: its concept, or its code as received while it is not mapped."""
    return measured.concept or measured.code


def _precedence(event: Event) -> tuple[datetime, int, datetime, int]:
    measured: Measured = event.value
    return measured.issued_at or event.recorded_at, _RANK.get(measured.status, 2), event.recorded_at, event.id


def _place(event: Event) -> tuple[datetime, tuple[datetime, int, datetime, int]]:
    """Clinical order; of two values of the same moment the one that was issued later is the newer."""
    return event.occurred_at, _precedence(event)


def _occurred(event: Event) -> datetime:
    return event.occurred_at


class Observations:
    """Values by concept, each list in clinical order, superseded and removed versions set aside."""

    __slots__ = ("_by_name", "_corrected", "_gone", "_of_series", "_samples", "_versions")

    def __init__(self) -> None:
        self._by_name: dict[str, list[Event]] = {}
        self._versions: dict[Identity, list[Event]] = {}
        """Everything said about one observation, the version that stands last."""
        self._of_series: dict[Series, list[Identity]] = {}
        self._corrected: dict[Series, _ToldApart] = {}
        self._samples: dict[str | tuple[str, str | None], Event] = {}
        self._gone: set[EventId] = set()
        """What is left out, where this is made to be shown."""

    def apply(self, event: Event) -> None:
        """Take in one Measured event."""
        measured: Measured = event.value
        name = measured.concept or measured.code
        value = measured.value
        self._samples[measured.concept or (name, value if isinstance(value, str) else None)] = event
        if measured.concept and measured.code in self._by_name:
            self._drop_unmapped(event, measured)
        series = measured.order, name, measured.part
        if measured.order and (measured.status in CORRECTED or series in self._corrected):
            self._sort_out(series, event)
            return
        identity = (*series, event.occurred_at)
        versions = self._versions.get(identity)
        if versions is not None:
            self._weigh(name, versions, event)
            return
        self._versions[identity] = [event]
        if measured.order:
            self._of_series.setdefault(series, []).append(identity)
        self._insert(name, event)

    def _weigh(self, name: str, versions: list[Event], event: Event) -> None:
        before = _standing(versions)
        insort(versions, event, key=_precedence)
        after = _standing(versions)
        if after != before:
            self._remove(name, before)
            self._insert(name, after)

    def _sort_out(self, series: Series, event: Event) -> None:
        """Which observation a correction belongs to is worked out from everything said about its order and code so far."""
        told = self._corrected.get(series)
        if told is None or told.newest is None or _precedence(event) < told.newest:
            known = [self._versions.pop(identity) for identity in self._of_series.pop(series, ())]
            for versions in known:
                self._remove(series[1], _standing(versions))
            told = self._corrected[series] = _ToldApart()
            for version in sorted([event, *(version for versions in known for version in versions)], key=_precedence):
                self._tell_apart(series, told, version)
            return
        self._tell_apart(series, told, event)

    def _tell_apart(self, series: Series, told: "_ToldApart", event: Event) -> None:
        versions = told.versions_for(event)
        if versions:
            self._remove(series[1], _standing(versions))
        else:
            identity = (*series, event.occurred_at)
            self._versions[identity] = versions
            self._of_series.setdefault(series, []).append(identity)
        versions.append(event)
        self._insert(series[1], _standing(versions))

    def _drop_unmapped(self, event: Event, measured: Measured) -> None:
        """The same observation was kept before its code was mapped: the mapped one takes its place."""
        series = measured.order, measured.code, measured.part
        identity = (*series, event.occurred_at)
        twins = self._versions.pop(identity, None)
        if twins is not None:
            self._remove(measured.code, _standing(twins))
            if measured.order:
                self._of_series[series].remove(identity)

    def _insert(self, name: str, event: Event) -> None:
        if event.value.status in _NOT_SHOWN:
            return
        events = self._by_name.setdefault(name, [])
        if not events or events[-1].occurred_at < event.occurred_at:
            events.append(event)
        else:
            insort(events, event, key=_place)

    def _remove(self, name: str, event: Event) -> None:
        events = self._by_name.get(name)
        if events is not None and event in events:
            events.remove(event)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of these names of which there is something, in their order."""
        known = self._by_name
        return [name for name in names if name in known]

    def of(self, name: str) -> list[Event]:
        """Every standing value of a concept (or unmapped code), in clinical order. Not to be changed by the caller."""
        return self._by_name.get(name, [])

    def pending(self) -> Iterator[Event]:
        """Observations that are awaited: status I or O, with no value yet."""
        return (versions[-1] for versions in self._all_versions() if versions[-1].value.status in WITHOUT_VALUE)

    def versions(self, event: Event) -> list[Event]:
        """What was said about the same observation before `event`, oldest first."""
        measured: Measured = event.value
        series = measured.order, name_of(measured), measured.part
        for identity in self._of_series.get(series, ((*series, event.occurred_at),)):
            versions = self._versions.get(identity, [])
            for place, version in enumerate(versions):
                if version.id == event.id:
                    return versions[:place]
        return []

    def ids(self) -> set[EventId]:
        """Of everything that was ever said, standing or not."""
        return {event.id for versions in self._all_versions() for event in versions}

    def samples(self) -> Iterable[Event]:
        """One event of each concept, and of each thing said in words under a code that is not mapped: enough to know what there is."""
        return self._samples.values()

    def without(self, hides: Callable[[Event], bool]) -> tuple["Observations", set[EventId]]:
        """The same without some of them, in every version, to be shown and not to be folded on; and the numbers of those left out.

        A concept is hidden as a whole or not at all; under a code that is not mapped each event is asked about.
        """
        concepts = {name for name, event in self._samples.items() if isinstance(name, str) and hides(event)}
        gone: set[EventId] = set()
        for (_, name, _, _), versions in self._versions.items():
            if name in concepts:
                gone.update([event.id for event in versions])
            elif name not in self._samples:
                gone.update([event.id for event in versions if hides(event)])
        shown = Observations()
        for name, events in self._by_name.items():
            kept = events if name in self._samples else [event for event in events if event.id not in gone]
            if kept and name not in concepts:
                shown._by_name[name] = kept
        shown._versions, shown._of_series, shown._gone = self._versions, self._of_series, gone
        shown._samples = {name: event for name, event in self._samples.items() if not hides(event)}
        return shown, gone

    def _all_versions(self) -> Iterable[list[Event]]:
        """Of each observation everything said about it, but for what is left out."""
        if not self._gone:
            return self._versions.values()
        told = ([event for event in versions if event.id not in self._gone] for versions in self._versions.values())
        return [versions for versions in told if versions]

    def removed(self) -> list[Event]:
        """Every version that no longer counts, for history: struck through, never shown as current."""
        gone = [event for versions in self._all_versions() for event in versions[:-1]]
        gone += [versions[-1] for versions in self._all_versions() if versions[-1].value.status in REMOVED]
        return sorted(gone, key=_occurred)

    def struck_through(self) -> list[Event]:
        """What a chart still shows of that. A result of somebody else (W) leaves the chart altogether: it was never this patient's."""
        foreign = {event.id for versions in self._all_versions() if versions[-1].value.status == "W" for event in versions}
        return [event for event in self.removed() if event.id not in foreign]

    def between(self, name: str, since: datetime, until: datetime) -> list[Event]:
        """Standing values with since <= occurred_at <= until, oldest first."""
        events = self._by_name.get(name)
        if not events or events[-1].occurred_at < since:
            return []
        last = bisect_right(events, until, key=_occurred)
        first = last
        while first > 0 and events[first - 1].occurred_at >= since:
            first -= 1
        return events[first:last]

    def newest(self, name: str, until: datetime, within: timedelta) -> Iterable[Event]:
        """Standing values not older than `within` at `until`, newest first."""
        events = self._by_name.get(name)
        if not events:
            return
        for event in reversed(events):
            if event.occurred_at > until:
                continue
            if until - event.occurred_at > within:
                return
            yield event


class _ToldApart:
    """The versions of one order and code by observation, taken in the order in which they were issued.

    A version belongs to the observation that was ever said to have been made at its time. A correction may also correct the
    time: at another time than any before it belongs to the one observation there was, if there was exactly one.
    """

    __slots__ = ("_made_at", "_only", "newest")

    def __init__(self) -> None:
        self._made_at: dict[datetime, list[Event]] = {}
        self._only: list[Event] | None = None
        """The one observation, while there is exactly one."""
        self.newest: tuple[datetime, int, datetime, int] | None = None

    def versions_for(self, event: Event) -> list[Event]:
        """The list the version is to be added to."""
        versions = self._made_at.get(event.occurred_at)
        if versions is None and event.value.status in CORRECTED:
            versions = self._only
        if versions is None:
            versions = []
            self._only = versions if self.newest is None else None
        self._made_at[event.occurred_at] = versions
        self.newest = _precedence(event)
        return versions


def _standing(versions: list[Event]) -> Event:
    """The version issued last. U confirms without sending the value again: the value is that of the version before it."""
    newest = versions[-1]
    measured: Measured = newest.value
    if measured.status != "U" or measured.value is not None:
        return newest
    for older in reversed(versions[:-1]):
        if older.value.value is not None:
            return newest._replace(value=older.value._replace(status="U", issued_at=measured.issued_at))
    return newest
