"""One gathering step per kind of need: what of a timeline goes into an input, the event behind it, and until when it counts."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from wardline.core import course
from wardline.core.capability import Need, Reading
from wardline.core.concepts import Concept
from wardline.core.events import Event, EventId, Found
from wardline.core.observations import PRELIMINARY
from wardline.core.timeline import Timeline

Site: TypeAlias = Mapping[str, Any]
"""Tables the site owns, by name."""
Got: TypeAlias = tuple[Any, EventId | None, datetime | None]
"""A value, the event it rests on, and until when it may be used; None for each where there is none."""
Gatherer: TypeAlias = Callable[[Timeline, datetime, Site], Got]
NOTHING: Final[Got] = (None, None, None)


def gatherer(need: Need) -> Gatherer:
    """The step for one need, bound once at start-up."""
    match need.kind:
        case "latest":
            return _latest(need)
        case "series":
            return _series(need)
        case "readings":
            return _readings(need)
        case "age":
            return lambda timeline, as_of, site: (timeline.age_years(as_of), None, timeline.age_until(as_of))
        case "born":
            return lambda timeline, as_of, site: (timeline.born, None, None)
        case "sex":
            return lambda timeline, as_of, site: (timeline.sex, None, None)
        case "moment":
            return lambda timeline, as_of, site: (as_of, None, None)
        case "finding":
            return _finding(need)
        case "site":
            return _site(need)
        case "given" | "volume" | "stacks" | "earlier" | "drawn" | "model" | "models":  # of a study: brought by whoever reads the images
            return lambda timeline, as_of, site: NOTHING
        case "resources":
            return partial(_resources, need)
        case _:
            return _stated(need)


def _latest(need: Need) -> Gatherer:
    concepts, within, convert, preliminary = need.concepts, need.within or timedelta.max, need.convert, need.preliminary

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        got = timeline.latest(concepts, as_of, within, preliminary=preliminary, convert=convert)
        if got is None:
            return NOTHING
        value, event = got
        return value, event.id, event.occurred_at + within

    is_plain = need.within is not None and convert is None and len(concepts) == 1 and not concepts[0].is_coded
    return _newest(concepts[0], within, frozenset() if preliminary else PRELIMINARY, gather) if is_plain else gather


def _newest(concept: Concept, within: timedelta, refused: frozenset[str], otherwise: Gatherer) -> Gatherer:
    """The newest number of one concept, which most inputs are: taken without detours where it is the one, `otherwise` looked for."""
    name = concept.id

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        events = timeline.observations.of(name)
        if not events:
            return NOTHING
        measured, _, at, _, _, _, _, _, id = events[-1]
        value = measured.value
        if at <= as_of and as_of - at <= within and type(value) is float and not measured.comparator and measured.status not in refused:
            return value, id, at + within
        return otherwise(timeline, as_of, site)

    return gather


def _series(need: Need) -> Gatherer:
    (concept,), within = need.concepts, need.within or timedelta.max

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        events = timeline.values(concept, as_of, within, preliminary=need.preliminary)
        if len(events) < need.at_least or not events:
            return NOTHING
        expires = events[0].occurred_at + within
        if need.newest is not None:
            expires = min(expires, events[-1].occurred_at + need.newest)
            if expires < as_of:
                return NOTHING
        return tuple([Reading(event.occurred_at, event.value.value, "", event.id) for event in events]), events[-1].id, expires

    return gather


def _readings(need: Need) -> Gatherer:
    within = need.within or timedelta.max
    look = _last(need, within) if need.last else _all(need, within)
    wanted = {concept.id: concept for concept in need.concepts}

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        values: dict[str, tuple[Reading, ...]] = {}
        expires: datetime | None = None
        for name in timeline.observations.among(wanted):
            events = look(timeline, wanted[name], as_of)
            if not events:
                continue
            values[name] = tuple([Reading(event.occurred_at, event.value.value, event.value.comparator, event.id) for event in events])
            first = events[0].occurred_at + within
            expires = first if expires is None or first < expires else expires
        return values, None, expires

    return gather


def _all(need: Need, within: timedelta) -> Callable[[Timeline, Concept, datetime], list[Event]]:
    return lambda timeline, concept, as_of: timeline.values(concept, as_of, within, preliminary=need.preliminary, bounded=need.bounded)


def _last(need: Need, within: timedelta) -> Callable[[Timeline, Concept, datetime], list[Event]]:
    """The newest few, oldest of them first: a long list is not gone through for its end."""

    def look(timeline: Timeline, concept: Concept, as_of: datetime) -> list[Event]:
        found: list[Event] = []
        for event in timeline.observations.newest(concept.id, as_of, within):
            if type(event.value.value) is float and (need.preliminary or event.value.status not in PRELIMINARY):
                found.append(event)
                if len(found) == need.last:
                    break
        return found[::-1]

    return look


def _stated(need: Need) -> Gatherer:
    """What was ordered, diagnosed, done. A list of which nothing was ever stated is missing; one that has become empty is empty."""
    within = need.within or timedelta.max
    match need.kind:
        case "has":
            return partial(_has, need)
        case "medications":
            return _medications
        case "conditions":
            return lambda timeline, as_of, site: _all_of(course.conditions_of(timeline.diagnoses, as_of), bool(timeline.diagnoses))
        case "allergies":
            return lambda timeline, as_of, site: _all_of(course.allergies_of(timeline.allergies, as_of), bool(timeline.allergies))
        case "doses":
            return lambda timeline, as_of, site: _recent(course.doses_given(timeline.administered, as_of, within), within)
        case "procedures":
            return lambda timeline, as_of, site: _recent(course.procedures_done(timeline.performed.values(), as_of, within), within)
        case _:
            return lambda timeline, as_of, site: _all_of(course.vaccinations_given(timeline.immunised.values(), as_of), bool(timeline.immunised))


def _medications(timeline: Timeline, as_of: datetime, site: Site) -> Got:
    drugs = [event for event in timeline.orders.values() if event.value.category == course.MEDICATION]
    return _all_of(course.running_medications(drugs, as_of), bool(drugs))


def _has(need: Need, timeline: Timeline, as_of: datetime, site: Site) -> Got:
    found = course.condition_naming(course.conditions_of(timeline.diagnoses, as_of), need.diseases, as_of)
    return NOTHING if found is None else (True, found.event, None)


def _all_of(found: tuple[Any, ...], is_known: bool) -> Got:
    return (found, found[-1].event if found else 0, None) if is_known else NOTHING


def _recent(found: tuple[Any, ...], within: timedelta) -> Got:
    if not found:
        return NOTHING
    return found, found[-1].event, min(each.at for each in found) + within if within != timedelta.max else None


def _resources(need: Need, timeline: Timeline, as_of: datetime, site: Site) -> Got:
    found: dict[str, list[Any]] = {type: [] for type in need.types}
    for (type, _), event in timeline.kept.items():
        if type in found and not event.value.deleted:
            found[type].append(json.loads(event.value.body))
    return ({type: tuple(each) for type, each in found.items()}, None, None) if any(found.values()) else NOTHING


def _site(need: Need) -> Gatherer:
    """The site's content is read once, not at every run: as long as it is the same object, so is what was read from it."""
    read = need.convert or _as_it_is
    known: list[Any] = [None, None]

    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        content = site.get(need.name)
        if content is None:
            return NOTHING
        if content is not known[0]:
            known[:] = content, read(content)
        return known[1], None, None

    return gather


def _as_it_is(content: Any) -> Any:
    return content


def _finding(need: Need) -> Gatherer:
    def gather(timeline: Timeline, as_of: datetime, site: Site) -> Got:
        event = timeline.answer(need.name, as_of=as_of)
        if event is None:
            return NOTHING
        answered: Found = event.value
        expired = answered.valid_until is not None and answered.valid_until < as_of
        if answered.outcome not in ("finding", "at_least") or expired:
            return NOTHING
        return answered, event.id, answered.valid_until

    return gather
