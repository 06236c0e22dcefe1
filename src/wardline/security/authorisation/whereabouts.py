"""Which units a patient has lately left, and who was assigned to them: what makes somebody's patient theirs for a while longer.

Where a patient is now is the directory's to say. This fold is kept beside it because lists ask it of hundreds of patients at once,
whose timelines nobody wants to open for that.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.events import DELETED, Admitted, Assigned, Discharged, Erased, Event, Transferred
from wardline.core.people import Person
from wardline.core.reactions import Memory

LONGEST: Final = timedelta(days=7)
"""Nobody asks further back; what is older is dropped."""
_NOTHING: Final[dict[str, datetime]] = {}


class _Named(NamedTuple):
    name: str
    at: datetime


class _Carer(NamedTuple):
    name: str
    at: datetime
    person: str = ""
    """Their account, where it was given."""


class Whereabouts(Memory):
    """A `Reaction` that only remembers."""

    name = "whereabouts"

    def __init__(self) -> None:
        self._day = date.min
        self._in: dict[str, _Named] = {}
        self._left: dict[str, dict[str, datetime]] = {}
        self._assigned: dict[str, dict[str, _Carer]] = {}

    def left_since(self, record: str, since: datetime) -> frozenset[str]:
        """Units this record's patient has left, not before this moment."""
        return frozenset(unit for unit, left_at in self._left.get(record, _NOTHING).items() if left_at >= since)

    def is_assigned(self, who: Person, record: str, since: datetime | None) -> bool:
        """Whether the patient is assigned to them; with a moment, only since then. Where an account was given, its name says nothing."""
        return any(
            (carer.person == who.id if carer.person else carer.name == who.name) and (since is None or carer.at >= since)
            for carer in self._assigned.get(record, {}).values()
        )

    # --- the reaction ---

    def apply(self, event: Event) -> None:
        match event.value:
            case Admitted(unit=unit) | Transferred(unit=unit) if unit and unit != DELETED:
                self._moved(event.about, unit, event.occurred_at)
            case Discharged():
                before = self._in.pop(event.about, None)
                if before is not None:
                    self._has_left(event.about, before.name, event.occurred_at)
            case Assigned(role=role, name=name, person=person):
                roles = self._assigned.setdefault(event.about, {})
                roles.pop(role, None)
                if name:
                    roles[role] = _Carer(name, event.occurred_at, person)
            case Erased(records=records):
                self._forget(records)
            case _:
                return
        self._drop_old(event.recorded_at)

    def _moved(self, record: str, unit: str, at: datetime) -> None:
        """Movements may arrive in any order: an older one tells where the patient had been before."""
        before = self._in.get(record)
        if before is not None and at < before.at:
            if unit != before.name:
                self._has_left(record, unit, before.at)
            return
        if before is not None and before.name != unit:
            self._has_left(record, before.name, at)
        self._in[record] = _Named(unit, at)

    def _has_left(self, record: str, unit: str, at: datetime) -> None:
        left = self._left.setdefault(record, {})
        left[unit] = max(at, left.get(unit, at))

    def _forget(self, records: Iterable[str]) -> None:
        for record in records:
            self._in.pop(record, None)
            self._left.pop(record, None)
            self._assigned.pop(record, None)

    def _drop_old(self, recorded_at: datetime) -> None:
        """Once a day."""
        if recorded_at.date() <= self._day:
            return
        self._day, oldest = recorded_at.date(), recorded_at - LONGEST
        self._left = {
            record: kept for record, left in self._left.items() if (kept := {unit: at for unit, at in left.items() if at >= oldest})
        }  # fmt: skip
        self._assigned = {
            record: roles for record, roles in self._assigned.items()
            if roles and (record in self._in or record in self._left or any(carer.at >= oldest for carer in roles.values()))
        }  # fmt: skip

    def dump(self) -> Any:
        return [
            self._day.isoformat(),
            sorted((record, *place) for record, place in self._in.items()),
            sorted((record, sorted(left.items())) for record, left in self._left.items()),
            sorted((record, sorted((role, *carer) for role, carer in roles.items())) for record, roles in self._assigned.items()),
        ]

    def load(self, state: Any) -> None:
        day, places, left, assigned = state or (date.min.isoformat(), (), (), ())
        self._day = date.fromisoformat(day)
        self._in = {record: _Named(unit, at) for record, unit, at in places}
        self._left = {record: dict(units) for record, units in left}
        self._assigned = {record: {role: _Carer(*carer) for role, *carer in roles} for record, roles in assigned}
