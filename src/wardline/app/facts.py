"""What access is decided from, read out of the folded house: where patients are, whose they are, what is open in an emergency."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from wardline.core.consent import EMERGENCY
from wardline.core.people import Person
from wardline.engine.house import House
from wardline.security.authorisation.facts import Consent
from wardline.security.authorisation.question import FRESH
from wardline.security.authorisation.whereabouts import Whereabouts
from wardline.security.consent.register import Restrictions
from wardline.security.emergency import Emergencies

_NOWHERE: frozenset[str] = frozenset()


class HouseFacts(NamedTuple):
    """`Facts` of a running house. `now` is the clock that emergencies run by; what patients do has the house's own time."""

    house: House
    whereabouts: Whereabouts
    emergencies: Emergencies
    restrictions: Restrictions
    now: Callable[[], datetime]
    kept_after_leaving: timedelta
    """For how long a unit's people may still open the record of somebody who has left it."""

    def record(self, about: str) -> str:
        return self.house.survivor(about)

    def units(self, record: str) -> frozenset[str]:
        entry = self.house.directory.get(record)
        return frozenset((entry.unit,)) if entry is not None and entry.is_in and entry.unit else _NOWHERE

    def left_lately(self, record: str) -> frozenset[str]:
        since = self.house.now - self.kept_after_leaving
        return _NOWHERE.union(*(self.whereabouts.left_since(each, since) for each in self._joined(record)))

    def is_assigned(self, who: Person, record: str) -> bool:
        """Being assigned holds while the patient is in the hospital, and as long as a unit's people may still look afterwards."""
        joined = self._joined(record)
        if not any(self.whereabouts.is_assigned(who, each, None) for each in joined):
            return False
        entry = self.house.directory.get(record)
        since = None if (entry is not None and entry.is_in) or self.left_lately(record) else self.house.now - self.kept_after_leaving
        return any(self.whereabouts.is_assigned(who, each, since) for each in joined)

    def has_open(self, person: str, record: str) -> bool:
        return any(self.house.survivor(grant.about) == record for grant in self.emergencies.open_of(person, self.now()))

    def is_in_emergency(self, person: str) -> bool:
        return next(self.emergencies.open_of(person, self.now()), None) is not None

    def is_fresh(self, who: Person) -> bool:
        return who.proven_at is not None and self.now() - who.proven_at <= FRESH

    def consent(self, who: Person, action: str, record: str, label: str) -> Consent:
        return self.restrictions.stance(who, tuple(self._joined(record)), label, self.now(), emergency=self._is_emergency(who, record))

    def _is_emergency(self, who: Person, record: str) -> bool:
        """Also for somebody whose patient it is anyway: they opened it to see what is closed to them."""
        return who.purpose == EMERGENCY or self.has_open(who.id, record)

    def _joined(self, record: str) -> list[str]:
        """The records that are read as this person now."""
        return [scope.record for scope in self.house.links.scopes(record)]
