"""From what was said to what is seen: the one place where consents and labels become a masked view of a patient."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from wardline.core.consent import PATIENT, Mark
from wardline.core.events import Event, Registered
from wardline.core.timeline import Timeline
from wardline.security.consent.register import Restrictions
from wardline.security.labels.facts import fact_of
from wardline.security.labels.seeing import View

NAMELESS = Registered((), family="Restricted")
"""In place of who somebody is, where only that somebody is there may be shown."""


class Showing(NamedTuple):
    """What views of one patient are made from. `records` are those read as this person now; `reads`: concepts by capability."""

    restrictions: Restrictions
    records: tuple[str, ...]
    reads: Mapping[str, Collection[str]]

    def view(self, whole: Timeline, is_hidden: Callable[[Mark], bool], answers: Iterable[Event] = ()) -> View | None:
        """None where nothing is hidden. `answers`: some that the timeline does not hold and that are to be shown, too."""
        hidden = {mark for mark in self.restrictions.marks(whole, self.records) if is_hidden(mark)}
        if not hidden:
            return None

        def hides(event: Event) -> bool:
            return any(mark in hidden for mark in self.restrictions.marks_of(event, self.records))

        view = View(whole, hides, self.reads, answers)
        if any(mark.kind == PATIENT for mark in hidden):
            view.timeline.person = NAMELESS
        return view

    def view_for_all(self, whole: Timeline, now: datetime) -> View | None:
        """Without anything labelled, and anything that a consent keeps from anybody."""
        return self.view(whole, lambda mark: self.restrictions.restricts(self.records, mark, now))

    def known(self, view: View) -> int:
        """Hidden facts of which it may be said that they are there: by each label's own word, and those without one."""
        table = self.restrictions.labels.labels
        shown = [
            event for event in view.hidden
            if all(label in table and table[label].existence for label in self.restrictions.labels_of(event, self.records))
        ]  # fmt: skip
        return len({(fact.kind, fact.key) for event in shown if (fact := fact_of(event)) is not None})
