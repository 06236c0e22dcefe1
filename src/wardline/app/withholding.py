"""What is too sensitive to leave the house in a message to another system: the same that no board shows."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from wardline.core.events import Event
from wardline.core.timeline import Timeline
from wardline.engine.house import House
from wardline.security.consent.register import Restrictions
from wardline.security.consent.showing import Showing


class Withholding(NamedTuple):
    restrictions: Restrictions
    house: House
    reads: Mapping[str, Collection[str]]

    def withholds(self, event: Event, timeline: Timeline) -> bool:
        """Whether this event stands on something labelled, or on something that a consent keeps from anybody."""
        records = tuple(scope.record for scope in self.house.links.scopes(timeline.about))
        view = Showing(self.restrictions, records, self.reads).view_for_all(timeline, datetime.now(UTC))
        return view is not None and view.hides(event)
