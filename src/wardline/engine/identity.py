"""Which records are one person: merges, unmerges and moved visits, folded so that their order of arrival does not matter.

Rows keep the record they arrived with; reading a person means reading every record that is joined to theirs now.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from wardline.core.errors import Conflict
from wardline.core.events import Event, Merged, Moved, Unmerged


class Scope(NamedTuple):
    """What of one record belongs to a person: everything except some visits, or only some visits."""

    record: str
    only: frozenset[str] | None
    without: frozenset[str]

    def includes(self, event: Event) -> bool:
        if self.only is not None:
            return event.encounter in self.only
        return event.encounter not in self.without


class Links:
    """Record -> the record it was merged into; (record, visit) -> the record the visit was moved to."""

    def __init__(self) -> None:
        self._merged: dict[str, str] = {}
        """retired -> survivor, as it stands"""
        self._children: dict[str, set[str]] = {}
        self._merges: dict[str, dict[str, float]] = {}
        """retired -> survivor -> when that was last stated"""
        self._parted: dict[frozenset[str], float] = {}
        self._moved: dict[tuple[str, str], tuple[float, str]] = {}
        self._history: list[tuple[datetime, str, str, str, str, float]] = []
        """(recorded at, kind, about, other record, visit, stated) of every link ever made, for looking at the past."""

    def survivor(self, record: str) -> str:
        """The record that a person is known by now."""
        if record not in self._merged:
            return record
        seen = set()
        while record in self._merged and record not in seen:
            seen.add(record)
            record = self._merged[record]
        return record

    def check(self, merges: Iterable[tuple[str, str]]) -> None:
        """Raise `Conflict` when these merges (survivor, retired), one after the other, would make a circle."""
        ahead: dict[str, str] = {}
        for survivor, retired in merges:
            end: str | None = survivor
            while end is not None and end != retired:
                end = ahead.get(end, self._merged.get(end))
            if end == retired:
                raise Conflict("this merge would make a circle: the surviving record was itself merged into the retired one")
            ahead[retired] = survivor

    def apply(self, event: Event) -> None:
        stated = _stated(event)
        match event.value:
            case Merged(retired=retired):
                self._fold(event.recorded_at, "Merged", event.about, retired, "", stated)
            case Unmerged(other=other):
                self._fold(event.recorded_at, "Unmerged", event.about, other, "", stated)
            case Moved(encounter=encounter, origin=origin):
                self._fold(event.recorded_at, "Moved", event.about, origin, encounter, stated)
            case _:
                pass

    def _fold(self, recorded_at: datetime, kind: str, about: str, other: str, encounter: str, stated: float) -> None:
        self._history.append((recorded_at, kind, about, other, encounter, stated))
        match kind:
            case "Merged":
                said = self._merges.setdefault(other, {})
                said[about] = max(stated, said.get(about, stated))
                self._join(other)
            case "Unmerged":
                pair = frozenset((about, other))
                self._parted[pair] = max(stated, self._parted.get(pair, stated))
                self._join(about)
                self._join(other)
            case _:
                self._moved[other, encounter] = max((stated, about), self._moved.get((other, encounter), (stated, about)))

    def _join(self, retired: str) -> None:
        """Of all that was said about where this record went, the latest that nobody has taken back stands."""
        before = self._merged.pop(retired, None)
        if before is not None:
            self._children[before].discard(retired)
        said = sorted(((stated, survivor) for survivor, stated in self._merges.get(retired, {}).items()), reverse=True)
        for stated, survivor in said:
            parted = self._parted.get(frozenset((survivor, retired)))
            # Taking back a merge can bring an older one back; it must not close a circle with one made since.
            if (parted is None or stated > parted) and self.survivor(survivor) != retired:
                self._merged[retired] = survivor
                self._children.setdefault(survivor, set()).add(retired)
                return

    def records(self, survivor: str) -> list[str]:
        """Every record read as this person, the surviving one first."""
        found = [survivor]
        for record in found:
            found.extend(sorted(self._children.get(record, ())))
        return found

    def scopes(self, survivor: str) -> list[Scope]:
        """What to read for a person: their records without visits moved away, and visits moved here from elsewhere."""
        records = self.records(survivor)
        if not self._moved:
            return [Scope(record, None, frozenset()) for record in records]
        here: dict[str, set[str]] = {}
        away: dict[str, set[str]] = {}
        for origin, visit in self._moved:
            is_here = self.reader_of(origin, visit) == survivor
            (here if is_here else away).setdefault(origin, set()).add(visit)
        own = [Scope(record, None, frozenset(away.get(record, ()))) for record in records]
        return own + [Scope(origin, frozenset(here[origin]), frozenset()) for origin in sorted(here.keys() - set(records))]

    def reader_of(self, record: str, encounter: str) -> str:
        """The person a new event about this record and visit belongs to."""
        if not self._moved or not encounter:
            return self.survivor(record)
        moved, since = self._moved.get((record, encounter)), float("-inf")
        # A visit can move on, and back: each move counts only if it was stated after the one before.
        while moved is not None and moved[0] > since:
            since, record = moved
            moved = self._moved.get((record, encounter))
        return self.survivor(record)

    def erase(self, records: Iterable[str]) -> None:
        """As if these records had never been joined to anything."""
        erased = set(records)
        kept = [link for link in self._history if erased.isdisjoint(link[2:4])]
        if len(kept) < len(self._history):
            self.load(kept)

    def as_of(self, known_until: datetime) -> "Links":
        """The links as they were known at a moment."""
        links = Links()
        for recorded_at, kind, about, other, encounter, stated in self._history:
            if recorded_at <= known_until:
                links._fold(recorded_at, kind, about, other, encounter, stated)
        return links

    def dump(self) -> Any:
        return self._history

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        for recorded_at, kind, about, other, encounter, stated in state:
            self._fold(recorded_at, kind, about, other, encounter, stated)


def _stated(event: Event) -> float:
    issued_at = event.value.issued_at
    return (issued_at or event.recorded_at).timestamp()
