"""Which records are one person: merges, unmerges and moved visits, folded so that their order of arrival does not matter.

Rows keep the record they arrived with; reading a person means reading every record that is joined to theirs now.
"""

from collections.abc import Iterable
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
                before = self._merged.get(retired)
                if (before is None or stated >= before[1]) and stated >= self._unmerged.get(retired, float("-inf")):
                    self._unlink(retired)
                    self._link(event.about, retired, stated)
            case Unmerged(other=other):
                for retired in (other, event.about):
                    before = self._merged.get(retired)
                    if before is not None and stated >= before[1] and {before[0], retired} == {other, event.about}:
                        self._unlink(retired)
                    self._unmerged[retired] = max(stated, self._unmerged.get(retired, float("-inf")))
            case Moved(encounter=encounter, origin=origin):
                known = self._moved.get((origin, encounter))
                if known is None or stated >= known[1]:
                    self._moved[origin, encounter] = (event.about, stated)
            case _:
                pass

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

    def as_of(self, events: Iterable[Event]) -> "Links":
        """Links folded from other events, for looking at the past."""
        links = Links()
        for event in events:
            links.apply(event)
        return links

    def dump(self) -> Any:
        return [
            sorted((retired, survivor, stated) for retired, (survivor, stated) in self._merged.items()), sorted(self._unmerged.items()),
            sorted((origin, visit, target, stated) for (origin, visit), (target, stated) in self._moved.items()),
        ]  # fmt: skip

    def load(self, state: Any) -> None:
        self.__init__()  # type: ignore[misc]
        merged, unmerged, moved = state
        for retired, survivor, stated in merged:
            self._link(survivor, retired, stated)
        self._unmerged = dict(unmerged)
        self._moved = {(origin, visit): (target, stated) for origin, visit, target, stated in moved}


def _stated(event: Event) -> float:
    issued_at = event.value.issued_at  # type: ignore[union-attr]
    return (issued_at or event.recorded_at).timestamp()
