"""Which records are one person: merges, unmerges and moved visits, folded so that their order of arrival does not matter.

Rows keep the record they arrived with; reading a person means reading every record that is joined to theirs now.
"""

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
        self._merged: dict[str, tuple[str, float]] = {}
        """retired -> (survivor, when stated); the later statement about the retired record stands."""
        self._unmerged: dict[str, float] = {}
        self._children: dict[str, set[str]] = {}
        self._moved: dict[tuple[str, str], tuple[str, float]] = {}
        self._history: list[tuple[datetime, str, str, str, str, float]] = []
        """(recorded at, kind, about, other record, visit, stated) of every link ever made, for looking at the past."""

    def survivor(self, record: str) -> str:
        """The record that a person is known by now."""
        seen = set()
        while record in self._merged and record not in seen:
            seen.add(record)
            record = self._merged[record][0]
        return record

    def check(self, survivor: str, retired: str) -> None:
        """Raise `Conflict` when this merge would make a circle."""
        if self.survivor(survivor) == retired or self.survivor(survivor) == self.survivor(retired) == retired:
            raise Conflict("this merge would make a circle: the surviving record was itself merged into the retired one")

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
                retired = other
                before = self._merged.get(retired)
                if (before is None or stated >= before[1]) and stated >= self._unmerged.get(retired, float("-inf")):
                    self._unlink(retired)
                    self._link(about, retired, stated)
            case "Unmerged":
                for retired in (other, about):
                    before = self._merged.get(retired)
                    if before is not None and stated >= before[1] and {before[0], retired} == {other, about}:
                        self._unlink(retired)
                    self._unmerged[retired] = max(stated, self._unmerged.get(retired, float("-inf")))
            case _:
                known = self._moved.get((other, encounter))
                if known is None or stated >= known[1]:
                    self._moved[other, encounter] = (about, stated)

    def _link(self, survivor: str, retired: str, stated: float) -> None:
        self._merged[retired] = (survivor, stated)
        self._children.setdefault(survivor, set()).add(retired)

    def _unlink(self, retired: str) -> None:
        before = self._merged.pop(retired, None)
        if before is not None:
            self._children.get(before[0], set()).discard(retired)

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
        scopes = []
        for record in records:
            away = frozenset(visit for (origin, visit), (target, _) in self._moved.items() if origin == record and self.survivor(target) != survivor)
            scopes.append(Scope(record, None, away))
        for origin in sorted({origin for origin, _ in self._moved} - set(records)):
            here = frozenset(visit for (other, visit), (target, _) in self._moved.items() if other == origin and self.survivor(target) == survivor)
            if here:
                scopes.append(Scope(origin, here, frozenset()))
        return scopes

    def reader_of(self, record: str, encounter: str) -> str:
        """The person a new event about this record and visit belongs to."""
        moved = self._moved.get((record, encounter)) if self._moved and encounter else None
        return self.survivor(moved[0] if moved is not None else record)

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
