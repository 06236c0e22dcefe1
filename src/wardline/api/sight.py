"""What of a patient leaves the house: every door, stream and page that speaks about a patient goes through here.

`seen_by` is for one person; `seen_by_all` for what is made once and shown to many (boards, live views, downtime pages): it holds
nothing labelled, and nothing that any consent keeps from anybody.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from wardline.api.services import Services
from wardline.core.errors import NotAllowed
from wardline.core.events import Event
from wardline.core.people import Decision, Person
from wardline.core.stay import Place
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import Entry, Episode
from wardline.security.authorisation.deciding import BREAK_GLASS
from wardline.security.consent.showing import NAMELESS, Showing
from wardline.security.labels.seeing import AFFECTED, View

READ: Final = "label.read"
RESTRICTED: Final = "restricted"
"""In place of what an alert is about."""
SUMMARY: Final = AFFECTED.capitalize()
WHAT_TO_DO: Final = "Open the patient, or ask somebody who may see it"
_TELLING: Final = frozenset({"Escalated", "HandedOver", "Notified"})
"""Entries of an alert's history whose detail begins with whom it was told."""
_LEVELS: Final = frozenset({"page", "worklist", "chip", "worse", "better"})


class Seen(NamedTuple):
    """One patient as somebody may see them."""

    timeline: Timeline
    view: View | None = None
    """None where nothing is hidden: then the timeline is the whole one."""
    known: int = 0
    """How many hidden facts there are, of those whose existence may be known."""
    is_shut: bool = False
    """Whether nothing of the record may be seen but that somebody is in this bed."""

    def hides(self, event: Event) -> bool:
        return self.view is not None and self.view.hides(event)

    def hides_question(self, capability: str, key: str) -> bool:
        return self.is_shut or (self.view is not None and self.view.hides_question(capability, key))

    def episode(self, episode: Episode) -> Episode:
        """The alert as it may be shown: whoever must act is still told to, but not about what."""
        is_hidden = self.view is not None and self.view.hides_question(episode.capability, episode.key, episode.finding)
        if not is_hidden and not self.is_shut:
            return episode
        history = tuple(entry._replace(detail=_detail(entry)) for entry in episode.history)
        why = AFFECTED if episode.why else ""
        return replace(episode, capability=RESTRICTED, key="", summary=SUMMARY, action=WHAT_TO_DO, why=why, finding=0, history=history)


def _detail(entry: Entry) -> str:
    """Whom it was told, and how loudly. What people wrote may say what it is about."""
    if entry.kind == "Alerted":
        return ", ".join(part for part in entry.detail.split(", ") if part in _LEVELS)
    return entry.detail.partition(":")[0] if entry.kind in _TELLING else ""


def seen_by(person: Person, whole: Timeline, house: Services, answers: Iterable[Event] = ()) -> Seen:
    """`answers`: some that the timeline does not hold and that are to be shown, too. Raises `NotAllowed` where the whole record is closed."""
    need_open(person, whole.about, house)
    showing = _showing(whole.about, house)
    view = showing.view(whole, lambda mark: not house.access.may(person, READ, whole.about, label=str(mark)), answers)
    return Seen(whole) if view is None else Seen(view.timeline, view, showing.known(view))


def seen_by_all(whole: Timeline, house: Services) -> Seen:
    view = _showing(whole.about, house).view_for_all(whole, house.emergencies.now())
    return Seen(whole) if view is None else Seen(view.timeline, view)


def at_a_glance(person: Person, whole: Timeline, house: Services) -> Seen:
    """As one line of a list shows it: of a record that is closed to the person only that somebody is in this bed."""
    if closed(person, whole.about, house) is None:
        return seen_by(person, whole, house)
    somebody, place = Timeline(whole.about), whole.place
    somebody.person, somebody.place = NAMELESS, Place(place.is_in, unit=place.unit, room=place.room, bed=place.bed)
    return Seen(somebody, is_shut=True)


def need_open(person: Person, about: str, house: Services) -> None:
    """Raise `NotAllowed` where the whole record is closed to the person."""
    door = closed(person, about, house)
    if door is not None:
        raise NotAllowed(door.reason, remedy=door.remedy)


def closed(person: Person, about: str, house: Services) -> Decision | None:
    """Why nothing of this record may be shown to the person; None where it may."""
    record = house.engine.house.survivor(about)
    for mark in sorted(house.restrictions.record_marks(records_of(record, house))):
        decision = house.access.decide(person, READ, record, label=str(mark))
        if not decision.allowed:
            may_open = house.access.may(person, "emergency.open", record)
            return decision._replace(remedy=BREAK_GLASS if may_open else decision.remedy)
    return None


def records_of(about: str, house: Services) -> tuple[str, ...]:
    """The records that are read as this person now."""
    links = house.engine.house.links
    return tuple(scope.record for scope in links.scopes(links.survivor(about)))


def _showing(about: str, house: Services) -> Showing:
    return Showing(house.restrictions, records_of(about, house), house.reads)
