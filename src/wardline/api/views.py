"""What screens are told about a patient: plain JSON made from a timeline, every number with its age and its source."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from wardline.api.services import Services
from wardline.core.concepts import BY_ID, Concept
from wardline.core.course import ENDED
from wardline.core.events import Event, Found, Measured
from wardline.core.findings import Severity
from wardline.core.observations import PRELIMINARY
from wardline.core.ports import EventLog
from wardline.core.timeline import ANSWERS_KEPT, Timeline
from wardline.engine.identity import Links

VITAL_ORDER: Final = (
    "respiratory_rate", "oxygen_saturation", "systolic_pressure", "diastolic_pressure", "mean_pressure", "pulse", "temperature",
    "supplemental_oxygen", "oxygen_flow", "inspired_oxygen", "consciousness", "glasgow_total", "pain", "urine_output",
)  # fmt: skip

UNCOUNTED: Final = frozenset({"Consented", "Labelled"})
"""What is said about data, not about the patient: that it was said at all would tell that there is something."""


def patient(timeline: Timeline, as_of: datetime, house: Services, *, past: bool) -> dict[str, Any]:
    person, place = timeline.person, timeline.place
    return {
        "id": timeline.about,
        "as_of": as_of,
        "past": past,
        "now": house.engine.house.now,
        "family": person.family if person else "",
        "given": person.given if person else "",
        "born": person.born if person else "",
        "sex": person.sex if person else "",
        "age_years": timeline.age_years(as_of),
        "died": bool(person and person.died),
        "identifiers": [identifier._asdict() for identifier in person.identifiers] if person else [],
        "place": place._asdict(),
        "allergies": [_stated(event) for event in timeline.allergies],
        "problems": [_stated(event) for event in timeline.diagnoses],
        "assigned": timeline.assigned,
        "gaps": [{"message": seq, "reason": event.value.reason, "since": event.recorded_at} for seq, event in timeline.gaps.items()],
        "disputes": [event.value._asdict() for event in timeline.disputes],
        "overdue": [{"what": what, "due_at": event.value.due_at} for what, event in timeline.overdue.items()],
        "answers": [found(event, timeline, as_of) for event in timeline.answers.values()],
        "headline": house.alerts.policy.headline,
        "not_running": {id: {"since": failure.since, "reason": failure.reason} for id, failure in house.engine.assessments.failures.items()},
    }


def is_whole(known: Timeline, since: datetime) -> bool:
    """Whether memory still holds every answer since then: of a patient on a monitor it keeps less than a day."""
    return all(len(past) < ANSWERS_KEPT * 3 // 4 or past[0].occurred_at <= since for past in known.answers_over_time.values())


def timeline(known: Timeline, since: datetime, as_of: datetime) -> dict[str, Any]:
    """Everything between two moments, by row."""
    names = [name for name in known.observations if known.observations.between(name, since, as_of) or name in VITAL_ORDER]
    return {
        "patient": known.about,
        "since": since,
        "as_of": as_of,
        "measured": [_series(known, name, since, as_of) for name in sorted(names, key=_row_order)],
        "removed": [
            _point(event, as_of) | {"name": event.value.concept or event.value.code}
            for event in known.observations.struck_through()
            if since <= event.occurred_at <= as_of
        ],
        "pending": [
            {"name": event.value.concept or event.value.code, "order": event.value.order, "at": event.occurred_at}
            for event in known.observations.pending()
        ],
        "scores": [_score(capability, key, past, since, as_of) for (capability, key), past in sorted(known.answers_over_time.items())],
        "orders": [_ordered(event) for event in known.orders.values() if _concerns(event, since, as_of)],
        "given": [_dated(event) for event in known.administered if since <= event.occurred_at <= as_of and not event.value.status],
        "documents": [_dated(event) for event in sorted(known.documents.values(), key=lambda event: event.occurred_at)],
        "appointments": [_dated(event) for event in known.scheduled.values()],
        "movements": [_dated(event) for event in known.movements if since <= event.occurred_at <= as_of],
    }


def _series(known: Timeline, name: str, since: datetime, as_of: datetime) -> dict[str, Any]:
    concept: Concept | None = BY_ID.get(name)
    events = known.observations.between(name, since, as_of)
    before = next((event for event in reversed(known.observations.of(name)) if event.occurred_at < since), None)
    last = events[-1] if events else before
    first = last.value if last is not None else None
    return {
        "name": name,
        "label": concept.name if concept else _readable(name),
        "group": concept.group if concept else "other",
        "unit": concept.unit if concept else (first.unit if isinstance(first, Measured) else ""),
        "decimals": concept.decimals if concept else 1,
        "usual": concept.usual if concept else None,
        "mapped": concept is not None,
        "points": [_point(event, as_of) for event in events],
        "last": _point(last, as_of) if last is not None else None,
    }


def _point(event: Event, as_of: datetime) -> dict[str, Any]:
    measured: Measured = event.value
    point: dict[str, Any] = {"id": str(event.id), "at": event.occurred_at, "value": measured.value, "source": event.source}
    optional = {
        "comparator": measured.comparator, "flags": list(measured.flags), "received": measured.received, "range": measured.reference_range,
        "abnormal": measured.abnormal if measured.abnormal not in ("N", "") else "", "by": measured.performer,
    }  # fmt: skip
    point |= {name: value for name, value in optional.items() if value}
    if measured.status != "F":
        point["status"] = measured.status
    if measured.status in PRELIMINARY:
        point["preliminary"] = True
    if (event.recorded_at - event.occurred_at).total_seconds() > 60:
        point["recorded_at"] = event.recorded_at
    return point


def _score(capability: str, key: str, past: list[Event], since: datetime, as_of: datetime) -> dict[str, Any]:
    """The answers in the window at which something changed, and the newest: a monitor asks again every minute."""
    points: list[dict[str, Any]] = []
    within = [event for event in past if since <= event.occurred_at <= as_of]
    said: tuple[Any, ...] = ()
    for event in within:
        answered: Found = event.value
        before, said = said, (answered.value, answered.outcome, answered.severity)
        if said == before and not answered.revised and event is not within[-1]:
            continue
        points.append({
            "at": event.occurred_at, "value": answered.value, "outcome": answered.outcome, "severity": Severity(answered.severity).word,
            **({"revised_at": event.recorded_at} if answered.revised else {}),
        })  # fmt: skip
    return {"capability": capability, "key": key, "points": points}


def found(event: Event, known: Timeline, as_of: datetime) -> dict[str, Any]:
    """An answer with its reasons: each input with its value, band, points, age and where it came from."""
    answered: Found = event.value
    return {
        "id": str(event.id),
        "capability": answered.capability,
        "version": answered.version,
        "digest": answered.digest,
        "key": answered.key,
        "outcome": answered.outcome,
        "value": answered.value,
        "unit": answered.unit,
        "severity": Severity(answered.severity).word,
        "summary": answered.summary,
        "reason": answered.reason,
        "missing": list(answered.missing),
        "population": answered.population,
        "standing": answered.standing,
        "at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "revised": answered.revised,
        "valid_until": answered.valid_until,
        "stale": answered.valid_until is not None and answered.valid_until < as_of,
        "because": [_reason(line, known) for line in answered.because],
        "suggestions": [{"text": text, "within_seconds": seconds} for text, seconds, _ in answered.suggestions],
        "caused_by": [str(id) for id in event.caused_by],
    }


def _reason(line: tuple[Any, ...], known: Timeline) -> dict[str, Any]:
    name, value, points, band, event_id = line
    shown: dict[str, Any] = {"input": name, "value": value, "points": points, "band": band}
    concept = BY_ID.get(name)
    if concept is not None:
        shown |= {"unit": concept.unit, "decimals": concept.decimals}
    source = _event(known, event_id) if event_id else None
    if source is not None:
        measured: Measured = source.value
        shown |= {"at": source.occurred_at, "source": source.source, "event": str(event_id), "received": measured.received, "status": measured.status}
        shown["unit"] = measured.unit
    return shown


def _event(known: Timeline, id: int) -> Event | None:
    """The standing observation with this id."""
    return next((event for name in known.observations for event in reversed(known.observations.of(name)) if event.id == id), None)


def hidden(log: EventLog, links: Links, about: str, as_of: datetime, shows: Callable[[Event], bool]) -> dict[str, int]:
    """How much was recorded only after the moment that is shown, by kind. Counted is only what may be shown."""
    counts: dict[str, int] = {}
    scopes = {scope.record: scope for scope in links.scopes(links.survivor(about))}
    for event in log.events_of(scopes):
        if event.kind not in UNCOUNTED and event.recorded_at > as_of and scopes[event.about].includes(event) and shows(event):
            concept = BY_ID.get(event.value.concept) if event.kind == "Measured" else None
            kind = concept.group if concept is not None else event.kind
            counts[kind] = counts.get(kind, 0) + 1
    return counts


def _stated(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.value._asdict().items() if value not in ("", None)} | {"stated_at": event.occurred_at}


def _dated(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "kind": event.kind,
        "at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "source": event.source,
        **event.value._asdict(),
    }


def _ordered(event: Event) -> dict[str, Any]:
    return {**_dated(event), "ended": event.value.status in ENDED}


def _concerns(event: Event, since: datetime, as_of: datetime) -> bool:
    starts = event.value.starts_at or event.occurred_at
    return bool(starts <= as_of and (starts >= since or event.value.status not in ENDED))


def _row_order(name: str) -> tuple[int, str]:
    return (VITAL_ORDER.index(name), "") if name in VITAL_ORDER else (len(VITAL_ORDER), name)


def _readable(code: str) -> str:
    """The text of a code as received ("X12^Serum rhubarb^L"), else the code."""
    parts = code.split("^")
    return parts[1] if len(parts) > 1 and parts[1] else parts[0]


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts bed 4 before bed 12."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]
