"""Feeds: is data arriving, is it understood, and what is to be done about what is not."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.core.concepts import ALL, BY_ID, suggestion_for
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.events import Mapped, Measured
from wardline.core.statements import Statement
from wardline.engine.feeds import Feed
from wardline.engine.house import House as Folded

doors = Doors("feeds")
MESSAGES_AT_ONCE = 500


class Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=300, description="OBX-3 as the feed sends it.", examples=["K^Kalium^L"])
    concept: str = Field(examples=["potassium"])
    unit: str = Field("", max_length=60, description="Unit to assume where the message gives none.", examples=["mmol/L"])


class Repair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=16 * 1024 * 1024, description="The repaired message, one segment a line; left out: as it was.")


class Dismissal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=3, max_length=500, description="Why nothing is lost by leaving it.")


@doors.get("/api/v1/feeds", who="feed.read")
async def feeds(house: House) -> Response:
    """Every feed: rate, age of the last message, what is expected, refusals, codes nobody has mapped."""
    folded = house.engine.house
    waiting: dict[str, int] = {}
    for _, _, message in house.engine.log.quarantined():
        waiting[message.feed] = waiting.get(message.feed, 0) + 1
    return json_response({
        "as_of": folded.now,
        "feeds": [feed_json(feed, folded.now, waiting.get(name, 0), house) for name, feed in sorted(folded.feeds.feeds.items())],
    })  # fmt: skip


def feed_json(feed: Feed, now: datetime, waiting: int, house: Services) -> dict[str, Any]:
    label, confirmed = house.reader.label(feed.name)
    expected = feed.expected_per_hour(now)
    spread = 2 * expected**0.5
    return {
        "name": feed.name,
        "label": label,
        "confirmed": confirmed,
        "last_at": feed.last_at,
        "age_seconds": max(0.0, (now - feed.last_at).total_seconds()),
        "silent_since": feed.silent_since,
        "received": feed.received,
        "quarantined": feed.quarantined,
        "waiting": waiting,
        "per_minute": feed.recent,
        "per_hour": sum(feed.recent),
        "expected_per_hour": [max(0, round(expected - spread)), round(expected + spread)] if expected else None,
        "patience_seconds": feed.patience().total_seconds(),
        "unmapped": len(feed.unmapped),
    }


@doors.get("/api/v1/feeds/{name}/unmapped", who="feed.read")
async def unmapped(name: str, house: House) -> Response:
    """Codes of this feed that nobody has mapped, the most frequent first, each with a suggestion to confirm."""
    feed = _feed(name, house)
    codes = []
    for code, (count, unit, example, last) in sorted(feed.unmapped.items(), key=lambda item: -item[1][0]):
        identifier, _, rest = code.partition("^")
        text = rest.split("^")[0]
        suggested = suggestion_for(text) or suggestion_for(identifier)
        fits = suggested is not None and (not unit or suggested.conversion(unit) is not None)
        codes.append({
            "code": code, "text": text or identifier, "unit": unit, "example": example, "count": count, "last_at": last,
            "suggestion": suggested.id if suggested is not None and fits else None,
        })  # fmt: skip
    return json_response({"feed": name, "codes": codes, "concepts": [{"id": each.id, "name": each.name, "unit": each.unit} for each in ALL]})


@doors.post("/api/v1/feeds/{name}/mappings", who="feed.repair")
async def map_code(name: str, mapping: Mapping, seen_by: SeenBy, house: House) -> Response:
    """Say what a code means. The feed's profile is written, and past messages with the code are read again."""
    _feed(name, house)
    concept = BY_ID.get(mapping.concept)
    if concept is None:
        raise Refused(f"{mapping.concept!r} is not a concept", where="concept")
    if mapping.unit and concept.conversion(mapping.unit) is None:
        raise Refused(f"{mapping.unit!r} is not a unit of {concept.name}", where="unit")
    house.reader.learn(name, mapping.code, mapping.concept, mapping.unit)
    await house.audit.record(seen_by.id, "code mapped", detail=f"{name}: {mapping.code} -> {mapping.concept}")
    now = Mapped(name, mapping.code, mapping.concept, mapping.unit)
    await house.engine.record(lambda folded, moment: [Statement(now, f"feed/{name}", moment)], actor=seen_by.id)
    read_again = 0
    for batch in _batches(name, mapping.code, house):
        events = await house.engine.record(_restating(batch), actor=seen_by.id)
        read_again += sum(1 for event in events if isinstance(event.value, Measured))
    return json_response({"mapped": mapping.code, "concept": concept.id, "values_read_again": read_again})


def _batches(name: str, code: str, house: Services) -> Iterator[list[Statement]]:
    """Past observations of the feed with this code, read again, a few hundred messages at a time."""
    after = 0
    while messages := list(house.engine.log.messages(after, MESSAGES_AT_ONCE, feed=name, state="stored")):
        after = messages[-1][0]
        batch = [each for seq, recorded_at, _ in messages for each in _read_again(house, seq, recorded_at, code)]
        if batch:
            yield batch


def _read_again(house: Services, seq: int, recorded_at: datetime, code: str) -> list[Statement]:
    raw = house.engine.log.raw(seq)
    if code.split("^")[0].encode() not in raw:
        return []
    received = house.reader.read(raw, lambda stated_at: recorded_at)
    return [each for each in received.statements if isinstance(each.value, Measured) and each.value.code == code and each.value.concept]


def _restating(batch: list[Statement]) -> Any:
    def decide(folded: Folded, now: datetime) -> Iterable[Statement]:
        return batch

    return decide


@doors.get("/api/v1/quarantine", who="feed.read")
async def quarantine(house: House, feed: str = "", limit: int = 200) -> Response:
    """Messages that were kept but not understood and that nobody has dealt with, newest first."""
    shown = []
    for seq, at, message in house.engine.log.quarantined(limit):
        problem = message.fate.problem
        if not feed or message.feed == feed:
            shown.append({
                "id": seq, "recorded_at": at, "feed": message.feed, "control_id": message.control_id or None, "code": problem.code if problem else "",
                "reason": problem.reason if problem else "", "where": problem.where if problem else "",
            })  # fmt: skip
    return json_response({"as_of": house.engine.house.now, "messages": shown})


@doors.get("/api/v1/quarantine/{id}", who="feed.repair")
async def quarantined(id: int, seen_by: SeenBy, house: House) -> Response:
    """One message as it was received, one segment a line."""
    _waiting(id, house)
    await house.audit.record(seen_by.id, "quarantined message opened", detail=str(id))
    text = house.engine.log.raw(id).decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return json_response({"id": id, "text": text})


@doors.post("/api/v1/quarantine/{id}/replay", who="feed.repair")
async def replay(id: int, repair: Repair, seen_by: SeenBy, house: House) -> Response:
    """Take the message in, as it was or as repaired. What is still wrong comes back as a sentence, and it stays here."""
    _waiting(id, house)
    raw = house.engine.log.raw(id) if repair.text is None else _as_message(repair.text)
    await house.audit.record(seen_by.id, "quarantined message replayed", detail=str(id))
    fate = await house.engine.repair(id, raw, actor=seen_by.id)
    if fate.problem is not None:
        raise Refused(fate.problem.reason, code=fate.problem.code, where=fate.problem.where)
    return json_response({"id": id, "replayed_as": fate.seq})


@doors.post("/api/v1/quarantine/{id}/dismiss", who="feed.repair", status_code=204)
async def dismiss(id: int, dismissal: Dismissal, seen_by: SeenBy, house: House) -> None:
    """Leave it for good, saying why."""
    _waiting(id, house)
    await house.audit.record(seen_by.id, "quarantined message dismissed", detail=f"{id}: {dismissal.note}")
    await house.engine.dismiss(id, actor=seen_by.id, note=dismissal.note)


def _as_message(text: str) -> bytes:
    return text.replace("\r\n", "\r").replace("\n", "\r").encode()


def _waiting(id: int, house: Services) -> None:
    if not any(seq == id for seq, _, _ in house.engine.log.quarantined(100_000)):
        raise Conflict("this message is not in quarantine (any more)")


def _feed(name: str, house: Services) -> Feed:
    feed: Feed | None = house.engine.house.feeds.feeds.get(name)
    if feed is None:
        raise NotFound("there is no such feed")
    return feed
