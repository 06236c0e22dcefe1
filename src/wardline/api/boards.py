"""Ward boards: the rows of a unit, and their changes as they are committed."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import Response

from wardline.api import alerts
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.feeds import talking_json
from wardline.api.newcomers import Newcomers
from wardline.api.services import Services
from wardline.api.shapes import boards as shapes
from wardline.api.sight import Seen, seen_by_all
from wardline.api.streams import Streams, sse
from wardline.core.errors import NotFound
from wardline.core.findings import Severity
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import Episode
from wardline.delivery.worklists import board
from wardline.delivery.worklists.board import Row
from wardline.engine.loop import Change
from wardline.security.authorisation.question import UNIT

doors = Doors("ward boards")
TOPIC: Final = "board/"
ROWS_AT_ONCE: Final = 40
"""Rows written between two looks at the network: a flood of messages must not make anybody else wait."""
NOTHING: Final[dict[str, Any]] = {
    "value": None, "outcome": "unknown", "words": "no patient", "missing": [], "previous": None, "as_of": None, "stale": False, "severity": "none"
}  # fmt: skip


@doors.get("/api/v1/boards", who="patient.read", answers=shapes.Boards)
async def boards(seen_by: SeenBy, house: House) -> Response:
    """Every unit of one's own, with how many patients need somebody."""
    await house.audit.record(seen_by.id, "units listed")
    seen = [unit for unit in units(house) if house.access.may(seen_by, "patient.read", UNIT + unit)]
    return json_response({"as_of": house.engine.house.now, "units": [_unit(unit, house) for unit in seen]})


@doors.get("/api/v1/boards/{unit}", who="patient.read", within="unit", answers=shapes.Board)
async def one(unit: str, seen_by: SeenBy, house: House) -> Response:
    """The board of one unit."""
    content = whole(unit, house)
    shown = json_response(content)  # while the entry is on its way to the disk only the bytes wait, not all they were made of
    records = records_on(content)
    del content
    await house.audit.record(seen_by, "board opened", records, detail=unit)
    return shown


def records_on(content: Mapping[str, Any]) -> list[str]:
    """Whose records a board shows."""
    return [row["about"] for row in content["rows"] if row["about"] is not None]


def units(house: Services) -> list[str]:
    """Units with patients, and those the site has described."""
    return sorted({*house.engine.house.directory.known_units(), *house.units})


def _unit(unit: str, house: Services) -> dict[str, Any]:
    rows = rows_of(unit, house)
    count = _counts(rows)
    return {
        "unit": unit,
        "label": label(unit, house),
        "patients": len(rows),
        **{name: count[name] for name in ("high", "medium", "low")},
        "unseen": count["unseen"],
    }


def label(unit: str, house: Services) -> str:
    described = house.units.get(unit)
    return described.label if described is not None else unit


def rows_of(unit: str, house: Services) -> list[Row]:
    """One row per patient of the unit."""
    return [row_of(about, house) for about in house.engine.house.directory.in_unit(unit)]


def row_of(about: str, house: Services) -> Row:
    folded = house.engine.house
    silent = [feed.name for feed in folded.feeds.feeds.values() if feed.silent_since is not None]
    shown = shown_of(about, house)
    return board.row(shown.timeline, _open(shown, house), folded.now, house.alerts.policy, silent_feeds=silent)


def shown_of(about: str, house: Services) -> Seen:
    """What a board may show of a patient. It is made once for all who look, so it holds nothing that is not for everybody."""
    return seen_by_all(house.engine.house.timeline(about), house)


def _open(shown: Seen, house: Services) -> list[Episode]:
    return [shown.episode(episode) for episode in house.alerts.alerts_of(shown.timeline.about) if episode.is_open]


def whole(unit: str, house: Services) -> dict[str, Any]:
    """Everything a screen needs to draw a unit. Raises `NotFound` for a unit nobody has heard of."""
    if unit not in units(house):
        raise NotFound(f"there is no unit {unit!r}")
    folded, policy = house.engine.house, house.alerts.policy
    rows = rows_of(unit, house)
    capability = house.capabilities.get(policy.headline)
    return {
        "unit": unit,
        "label": label(unit, house),
        "as_of": folded.now,
        "now": folded.now,
        "simulated": house.simulated,
        "headline": policy.headline,
        "headline_title": policy.headline_title,
        "headline_reference": capability.reference if capability is not None else "",
        "rows": [row_json(row, house) for row in rows] + free_beds(unit, rows, house),
        "totals": totals(unit, rows, house),
        "feeds": feeds_json(house),
        "not_running": [{"id": id, "since": failure.since} for id, failure in house.engine.assessments.failures.items()],
        "override_reasons": alerts.reasons(house),
    }


def feeds_json(house: Services) -> list[dict[str, Any]]:
    now = house.engine.house.now
    return [talking_json(feed, now, house) for _, feed in sorted(house.engine.house.feeds.feeds.items())]


def free_beds(unit: str, rows: Iterable[Row], house: Services) -> list[dict[str, Any]]:
    """The unit's beds that nobody is in, as far as the site has described the unit."""
    described = house.units.get(unit)
    taken = {row.bed for row in rows}
    return [
        {
            "key": f"bed/{unit}/{bed}", "unit": unit, "bed": bed, "room": "", "about": None, "family": "", "given": "", "sex": "", "age_years": None,
            "number": "", "needs_action": False, "urgency": 0, "mark": {"severity": "none", "seen": True, "word": "Free bed"}, "alert": None,
            "score": NOTHING, "trend": [], "changed": {"fact": "Free", "context": "", "at": None, "new": False},
            "vitals": {"at": None, "due_at": None, "overdue": False}, "task": None, "nurse": "", "doctor": "", "gap": False,
        }
        for bed in (described.beds if described is not None else ())
        if bed not in taken
    ]  # fmt: skip


def totals(unit: str, rows: list[Row], house: Services) -> dict[str, Any]:
    described, terms = house.units.get(unit), house.alerts.policy.unit(unit)
    count = _counts(rows)
    return {
        "beds": max(len(described.beds), len(rows)) if described is not None else len(rows),
        "in_use": len(rows),
        **{name: count[name] for name in ("high", "medium", "low", "high_unseen", "medium_unseen", "low_unseen")},
        "overdue": sum(1 for row in rows if row.vital_signs.overdue_since is not None),
        "tasks": sum(1 for row in rows if row.task is not None),
        "tasks_overdue": sum(1 for row in rows if row.task is not None and row.task.is_overdue),
        "nurses": terms.nurses if terms is not None else None,
    }


def _counts(rows: list[Row]) -> dict[str, int]:
    count = dict.fromkeys(("high", "medium", "low", "none", "high_unseen", "medium_unseen", "low_unseen", "none_unseen", "unseen"), 0)
    for row in rows:
        if row.mark is not None:
            word = row.mark.severity.word
            count[word] += 1
            count[f"{word}_unseen"] += not row.mark.is_seen
            count["unseen"] += not row.mark.is_seen
    return count


def row_json(row: Row, house: Services) -> dict[str, Any]:
    """A row as the board draws it."""
    shown = shown_of(row.about, house)
    timeline, score = shown.timeline, row.score
    person = timeline.person
    severity = row.mark.severity if row.mark is not None else Severity.NONE
    urgency = 0 if row.mark is None else 10 * int(severity) + (0 if row.mark.is_seen else 5)
    return {
        "key": row.about, "unit": row.unit, "bed": row.bed, "room": timeline.place.room, "about": row.about,
        "family": person.family if person else "", "given": person.given if person else "", "sex": row.sex, "age_years": row.age,
        "number": row.number, "needs_action": row.needs_action, "urgency": urgency,
        "mark": _mark(row),
        "alert": _alert(row, shown, house),
        "score": {
            "value": score.value, "outcome": _outcome(row), "words": _words(row), "missing": list(score.missing), "previous": score.previous,
            "since": score.since, "as_of": score.as_of, "stale": score.is_stale, "provisional": score.is_provisional,
            "severity": _score_severity(timeline, house),
        },
        "trend": [[point.at, point.value, point.is_at_least] for point in row.trend],
        "changed": {"fact": row.changed.fact, "context": row.changed.context, "at": row.changed.at, "new": row.changed.is_new},
        "vitals": {"at": row.vital_signs.measured_at, "due_at": row.vital_signs.due_at, "overdue": row.vital_signs.overdue_since is not None},
        "task": {"text": row.task.text, "due_at": row.task.due_at, "overdue": row.task.is_overdue} if row.task is not None else None,
        "nurse": row.nurse, "doctor": row.doctor, "gap": row.has_gap, "quiet": list(row.quiet),
    }  # fmt: skip


def _mark(row: Row) -> dict[str, Any]:
    if row.mark is None:
        return {"severity": "none", "seen": True, "word": "Routine"}
    return {"severity": row.mark.severity.word, "seen": row.mark.is_seen, "word": row.mark.severity.word.capitalize()}


def _alert(row: Row, shown: Seen, house: Services) -> dict[str, Any] | None:
    episode = house.alerts.alert(row.mark.alert) if row.mark is not None else None
    if episode is None or row.mark is None:
        return None
    who, at = alerts.answered_by(episode, house)
    whole_item = alerts.item(shown.episode(episode), shown.timeline, house.engine.house.now, house)
    said = ("tier", "severity", "summary", "opened_at", "state", "escalates_at", "escalates_to", "action", "undo_until")
    return {
        "id": episode.alert, **{name: whole_item[name] for name in said}, "acknowledged_by": who, "acknowledged_at": at, "more": row.mark.alerts - 1,
    }  # fmt: skip


def _outcome(row: Row) -> str:
    if row.score.value is None:
        return "not_valid" if "not valid" in row.score.reason else "unknown"
    return "at_least" if row.score.is_at_least else "finding"


def _words(row: Row) -> str:
    score = row.score
    if score.value is None:
        return f"{' and '.join(score.missing)} missing" if score.missing and len(score.missing) < 3 else score.reason or "not measured yet"
    if score.is_at_least:
        missing = " and ".join(score.missing) if len(score.missing) < 4 else f"{len(score.missing)} inputs"
        return f"{missing} missing"
    if score.previous is None or score.previous == score.value:
        return "same"
    return f"{'up' if score.value > score.previous else 'down'} from {score.previous:g}"


def _score_severity(timeline: Timeline, house: Services) -> str:
    answer = timeline.answer(house.alerts.policy.headline)
    return Severity(answer.value.severity).word if answer is not None else "none"


class Boards:
    """Listens to the engine and tells open screens. Only rows that somebody looks at are made."""

    def __init__(self, house: Services, live: Streams) -> None:
        self.house = house
        self.live = live
        self._newcomers = Newcomers(live, house.audit, self._note)
        self._unit_of: dict[str, str] = {}
        self._changed: dict[str, None] = {}
        self._silent: frozenset[str] = frozenset()
        self._flushing = False

    def heard(self, change: Change) -> None:
        """A turn has been committed."""
        silent = frozenset(name for name, feed in self.house.engine.house.feeds.feeds.items() if feed.silent_since is not None)
        if silent != self._silent:
            self._silent = silent
            self.live.publish_all(sse("feeds", {"feeds": feeds_json(self.house)}))
        self._note(change.persons)

    def _note(self, persons: Iterable[str]) -> None:
        """Their rows are to be written."""
        self._changed.update(dict.fromkeys(persons))
        if not self._flushing and self._changed:
            self._flush()

    def _flush(self) -> None:
        """Write the rows that changed, a few at a time."""
        some = list(self._changed)[:ROWS_AT_ONCE]
        for about in some:
            del self._changed[about]
        by_unit: dict[str, tuple[list[str], list[str]]] = {}
        for about in some:
            self._sort_out(about, by_unit)
        for unit, (present, gone) in by_unit.items():
            self._publish(unit, present, gone)
        for about in some:
            if self.live.watched(f"patient/{about}"):
                self.live.publish(f"patient/{about}", sse("changed", {"patient": about, "now": self.house.engine.house.now}))
        self._flushing = bool(self._changed)
        if self._flushing:
            asyncio.get_running_loop().call_soon(self._flush)

    def _sort_out(self, about: str, by_unit: dict[str, tuple[list[str], list[str]]]) -> None:
        """Which boards a changed patient is on, and which they have left."""
        folded = self.house.engine.house
        entry = folded.directory.get(folded.survivor(about))
        unit = entry.unit if entry is not None and entry.is_in and entry.about == about else ""
        before = self._unit_of.get(about, "")
        if before and before != unit:
            by_unit.setdefault(before, ([], []))[1].append(about)
        if unit:
            self._unit_of[about] = unit
            by_unit.setdefault(unit, ([], []))[0].append(about)
        elif before:
            del self._unit_of[about]

    def _publish(self, unit: str, present: list[str], gone: list[str]) -> None:
        if not self.live.watched(TOPIC + unit):
            return
        if held := self._newcomers.held(TOPIC + unit, present):
            present = [about for about in present if about not in held]
            if not present and not gone:
                return
        now = self.house.engine.house.now
        rows = rows_of(unit, self.house) if gone or len(present) > 3 else [row_of(about, self.house) for about in present]
        changed = [row_json(row, self.house) for row in rows if row.about in present]
        content: dict[str, Any] = {"now": now, "rows": changed, "gone": gone}
        if gone or len(present) > 3:
            content["rows"] += free_beds(unit, rows, self.house)
            content["totals"] = totals(unit, rows, self.house)
        self.live.publish(TOPIC + unit, sse("rows", content))

    async def tick(self, every_seconds: float) -> None:
        """Tell every screen the time, and each board its totals: ages count up even when nothing comes in."""
        while True:
            await asyncio.sleep(every_seconds)
            now = self.house.engine.house.now
            if not self.house.simulated:
                now = max(now, self.house.engine.clock.now())
            for topic in self.live.topics():
                content: dict[str, Any] = {"now": now}
                if topic.startswith(TOPIC):
                    unit = topic.removeprefix(TOPIC)
                    content["totals"] = totals(unit, rows_of(unit, self.house), self.house)
                    content["feeds"] = feeds_json(self.house)
                self.live.publish(topic, sse("tick", content))

    def first(self, topic: str) -> Any:
        """The present state of a topic, for a screen that has just opened."""
        if topic.startswith(TOPIC):
            unit = topic.removeprefix(TOPIC)
            content = whole(unit, self.house)
            for row in content["rows"]:
                if row["about"] is not None:
                    self._unit_of[row["about"]] = unit
            return content
        if topic.startswith("patient/") and self.house.engine.house.survivor(topic.removeprefix("patient/")) in self.house.engine.house.directory:
            return {"patient": topic.removeprefix("patient/"), "now": self.house.engine.house.now}
        raise NotFound("there is no such live view")
