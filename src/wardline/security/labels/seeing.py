"""A patient as somebody may see them: without what is hidden from them, without what follows from it, and saying so where lives hang on it.

Capabilities see everything; only what leaves is masked, and here alone. What Wardline answered is hidden with the facts it stands on.
An answer that a screen would miss is not left out but said to be affected, without what it is or why: nobody must read "not assessed"
where something was found. Allergies are never left out either; they are there without their names.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from wardline.core.events import Admitted, Allergic, Discharged, Event, EventId, Found, Measured, Overdue, Transferred
from wardline.core.observations import Observations
from wardline.core.timeline import Timeline

AFFECTED: Final = "restricted information affects this"
ALLERGY: Final = "Restricted: ask before giving anything new"
Hides = Callable[[Event], bool]


class View:
    """What may be shown of one timeline. `reads` says which concepts each capability looks at; `answers` are some that were superseded."""

    def __init__(self, whole: Timeline, hides: Hides, reads: Mapping[str, Collection[str]], answers: Iterable[Event] = ()) -> None:
        self.whole = whole
        self._hides = hides
        self._reads = reads
        observations, gone = whole.observations.without(hides)
        self.hidden = [event for event in whole.stated() if hides(event)]
        """The facts that are hidden; of each kind of observation one."""
        self._gone: set[EventId] = gone | {event.id for event in self.hidden}
        shown = set(observations)
        self._names = {name for name in whole.observations if name not in shown}
        # Capabilities read drugs, diagnoses and procedures by their kind, as "@Ordered".
        self._names |= {f"@{event.kind}" for event in self.hidden if not isinstance(event.value, Measured)}
        self._hide_answers(answers)
        self.timeline = self._seen(observations)

    def hides(self, event: Event) -> bool:
        """Whether this must not be shown: hidden itself, or standing on something that is."""
        if isinstance(event.value, Found):
            return event.id in self._gone or self._stands_on_hidden(event.value)
        if isinstance(event.value, Overdue):
            return self.hides_question(event.value.capability, "")
        return self._hides(event)

    def hides_question(self, capability: str, key: str, answer: EventId = 0) -> bool:
        """Whether answers to this question stand, or ever stood, on something hidden. `answer` is one of them, if known."""
        if key in self._names or answer in self._gone:
            return True
        overdue = self.whole.overdue.get(key)
        if overdue is not None and self.hides(overdue):
            return True
        past = self.whole.answers_over_time.get((capability, key), ())
        reads = () if past else self._reads.get(capability, ())
        return any(event.id in self._gone for event in past) or not self._names.isdisjoint(reads)

    def shown(self, event: Event) -> Event | None:
        """The event as it may be shown; None for one that may not be."""
        match event.value:
            case Found() as found:
                if not self.hides(event):
                    return event._replace(caused_by=tuple(id for id in event.caused_by if id not in self._gone))
                return None if found.key else event._replace(value=affected(found), caused_by=())
            case Allergic() as allergic:
                return event if not self._hides(event) else event._replace(value=Allergic("", ALLERGY, issued_at=allergic.issued_at))
            case Admitted() | Transferred() as moved:
                return event if not self._hides(event) else event._replace(value=moved._replace(reason="", service="", doctor=""))
            case Discharged():
                return event
            case _:
                return None if self.hides(event) else event

    # --- what follows from what is hidden ---

    def _hide_answers(self, others: Iterable[Event]) -> None:
        """Answers that stand on hidden facts, answers that stand on those, and so on."""
        answers = [*others, *(event for past in self.whole.answers_over_time.values() for event in past)]
        more = True
        while more:
            found = {event.id for event in answers if event.id not in self._gone and self._stands_on_hidden(event.value)}
            self._gone |= found
            more = bool(found)

    def _stands_on_hidden(self, found: Found) -> bool:
        if found.key in self._names:
            return True
        rests_on = {line[4] for line in found.because}
        if not self._gone.isdisjoint(rests_on):
            return True
        # Where a reason does not say what it rests on, whatever the capability looks at counts.
        is_vague = 0 in rests_on or (not rests_on and found.outcome in ("finding", "at_least"))
        return is_vague and not self._names.isdisjoint(self._reads.get(found.capability, ()))

    def _seen(self, observations: Observations) -> Timeline:
        """Past answers leave no gap that says something was there; the present one says that it is affected."""
        seen = self.whole.through(self.shown, observations)
        seen.answers_over_time = {
            question: kept
            for question, past in self.whole.answers_over_time.items()
            if (kept := [shown for event in past if not self.hides(event) and (shown := self.shown(event)) is not None])
        }
        return seen


def affected(found: Found) -> Found:
    """All that may be said of an answer that stands on something hidden."""
    return Found(found.capability, found.version, found.digest, "unknown", reason=AFFECTED, standing=found.standing)
