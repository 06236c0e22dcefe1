"""Feeds: is data arriving, is it understood, and what is to be done about what is not."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import Services
from wardline.api.shapes import feeds as shapes
from wardline.core.concepts import ALL, BY_ID, local_code, suggestion_for
from wardline.core.errors import Conflict, Fault, NotFound, Refused
from wardline.core.events import Mapped, Measured
from wardline.core.statements import Statement
from wardline.engine.feeds import Feed
from wardline.engine.house import House as Folded

doors = Doors("feeds")
LARGEST_REPAIR: Final = 16 * 1024 * 1024
"""Letters of a repaired message; as JSON it may be twice as long."""
WAITING_COUNTED: Final = 10_000
MESSAGES_AT_ONCE: Final = 100
"""Past messages read again between two turns of the loop: some milliseconds, in which nobody else is served."""


class Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=300, description="OBX-3 as the feed sends it.", examples=["K^Kalium^L"])
    concept: str = Field(examples=["potassium"])
    unit: str = Field("", max_length=60, description="Unit to assume where the message gives none.", examples=["mmol/L"])


class Repair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=LARGEST_REPAIR, description="The repaired message, one segment a line; left out: as it was.")


class Dismissal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(min_length=3, max_length=500, description="Why nothing is lost by leaving it.")


@doors.get("/api/v1/feeds", who="feed.read", answers=shapes.Feeds)
async def feeds(house: House) -> Response:
    """Every feed: rate, age of the last message, what is expected, refusals, codes nobody has mapped."""
    return json_response({"as_of": house.engine.house.now, "feeds": feeds_json(house)})


def feeds_json(house: Services) -> list[dict[str, Any]]:
    """All of them, by the name people know them by."""
    folded = house.engine.house
    waiting = Counter(message.feed for _, _, message in house.engine.log.quarantined(WAITING_COUNTED))
    told = [feed_json(feed, folded.now, waiting[name], house) for name, feed in folded.feeds.feeds.items()]
    return sorted(told, key=lambda feed: (feed["label"].casefold(), feed["name"]))


def feed_json(feed: Feed, now: datetime, waiting: int, house: Services) -> dict[str, Any]:
    """One line of the feeds page. It opens the feed's last message to say how late that was."""
    minutes = feed.minutes(now)
    return talking_json(feed, now, house) | {
        "confirmed": house.reader.label(feed.name)[1],
        "lag_seconds": _lag(feed, house),
        "received": feed.received,
        "quarantined": feed.quarantined,
        "waiting": waiting,
        "per_minute": minutes,
        "per_hour": sum(minutes),
        "patience_seconds": feed.patience().total_seconds(),
        "unmapped": len(feed.unmapped),
    }


def talking_json(feed: Feed, now: datetime, house: Services) -> dict[str, Any]:
    """What every board says of a feed: whether it talks, and when it last did."""
    expected = feed.expected_per_hour(now)
    spread = 2 * expected**0.5
    return {
        "name": feed.name,
        "label": house.reader.label(feed.name)[0],
        "last_at": feed.last_at,
        "age_seconds": max(0.0, (now - feed.last_at).total_seconds()),
        "silent_since": feed.silent_since,
        "expected_per_hour": [max(0, round(expected - spread)), round(expected + spread)] if expected else None,
    }


def _lag(feed: Feed, house: Services) -> float | None:
    """Between the time the last message says it was sent (MSH-7) and its arrival. None: it does not say, or does not open any more."""
    said: list[datetime | None] = []

    def hear(stated_at: datetime | None) -> datetime:
        said.append(stated_at)
        return feed.last_at

    try:
        house.reader.outline(house.engine.log.raw(feed.last_seq), hear)
    except Fault:
        return None
    stated = next((each for each in said if each is not None), None)
    return max(0.0, (feed.last_at - stated).total_seconds()) if stated is not None else None


@doors.get("/api/v1/feeds/{name}/unmapped", who="feed.read", answers=shapes.Unmapped)
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
            "code": code, "text": text or identifier, "unit": unit, "count": count, "last_at": last,
            "example": "" if house.restrictions.labels.of_code(code) else example,  # a sensitive result is nobody's example
            "suggestion": suggested.id if suggested is not None and fits else None,
        })  # fmt: skip
    return json_response({"feed": name, "codes": codes, "concepts": [{"id": each.id, "name": each.name, "unit": each.unit} for each in ALL]})


@doors.post("/api/v1/feeds/{name}/mappings", who="feed.map", answers=shapes.MappedCode)
async def map_code(name: str, mapping: Mapping, seen_by: SeenBy, house: House) -> Response:
    """Say what a code means. The feed's profile is written, and past messages with the code are read again."""
    _feed(name, house)
    concept = BY_ID.get(mapping.concept)
    if concept is None:
        raise Refused(f"{mapping.concept!r} is not a concept", where="concept")
    if mapping.unit and concept.conversion(mapping.unit) is None:
        raise Refused(f"{mapping.unit!r} is not a unit of {concept.name}", where="unit")
    if not local_code(mapping.code).partition("^")[0]:
        raise Refused("the sender gives this observation no code, only words, and words change; ask it to fill OBX-3.1", where="code")
    await house.audit.record(seen_by.id, "code mapped", detail=f"{name}: {mapping.code} -> {mapping.concept}")
    house.reader.learn(name, mapping.code, mapping.concept, mapping.unit)
    now = Mapped(name, mapping.code, mapping.concept, mapping.unit)
    await house.engine.record(lambda folded, moment: [Statement(now, f"feed/{name}", moment)], actor=seen_by.id)
    values = messages = unreadable = 0
    async for said, closed in _past(name, mapping.code, house):
        events = await house.engine.record(_restating([each for message in said for each in message]), actor=seen_by.id) if said else []
        values += sum(1 for event in events if isinstance(event.value, Measured))
        messages += len(said)
        unreadable += closed
    return json_response({
        "mapped": mapping.code, "concept": concept.id, "values_read_again": values, "messages_read_again": messages, "unreadable": unreadable,
    })  # fmt: skip


async def _past(name: str, code: str, house: Services) -> AsyncIterator[tuple[list[list[Statement]], int]]:
    """What past messages of the feed say with this code, some of them at a time, and how many of those do not open any more."""
    after = 0
    while messages := list(house.engine.log.messages(after, MESSAGES_AT_ONCE, feed=name, state="stored")):
        after, said, closed = messages[-1][0], [], 0
        for seq, recorded_at, _ in messages:
            try:
                said.append(_read_again(house, seq, recorded_at, code))
            except Fault:
                closed += 1
        yield [each for each in said if each], closed
        await asyncio.sleep(0)


def _read_again(house: Services, seq: int, recorded_at: datetime, code: str) -> list[Statement]:
    raw, meant = house.engine.log.raw(seq), local_code(code)
    identifier = meant.partition("^")[0]
    if identifier.isascii() and identifier.encode() not in raw:
        return []
    received = house.reader.read(raw, lambda stated_at: recorded_at)
    return [
        each for each in received.statements
        if isinstance(each.value, Measured) and each.value.concept and local_code(each.value.code) == meant
    ]  # fmt: skip


def _restating(batch: list[Statement]) -> Any:
    def decide(folded: Folded, now: datetime) -> Iterable[Statement]:
        return batch

    return decide


@doors.get("/api/v1/quarantine", who="feed.read", answers=shapes.Quarantine)
async def quarantine(house: House, feed: str = "", limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> Response:
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


@doors.get("/api/v1/quarantine/{id}", who="feed.repair", answers=shapes.QuarantinedMessage)
async def quarantined(id: int, seen_by: SeenBy, house: House) -> Response:
    """One message as it was received, one segment a line."""
    _waiting(id, house)
    await house.audit.record(seen_by.id, "quarantined message opened", detail=str(id))
    return json_response({"id": id, "text": _as_text(house.engine.log.raw(id))})


@doors.post("/api/v1/quarantine/{id}/replay", who="feed.repair", answers=shapes.Replayed, largest=2 * LARGEST_REPAIR)
async def replay(id: int, repair: Repair, seen_by: SeenBy, house: House) -> Response:
    """Take the message in, as it was or as repaired. What is still wrong comes back as a sentence, and it stays here."""
    _waiting(id, house)
    received = house.engine.log.raw(id)
    raw = received if repair.text is None else _as_message(repair.text, received)
    await house.audit.record(seen_by.id, "quarantined message replayed", detail=str(id))
    fate = await house.engine.repair(id, raw, actor=seen_by.id)
    if fate.problem is not None:
        raise Refused(fate.problem.reason, code=fate.problem.code, where=fate.problem.where)
    return json_response({"id": id, "replayed_as": fate.seq})


@doors.post("/api/v1/quarantine/{id}/dismiss", who="feed.repair", status_code=204)
async def dismiss(id: int, dismissal: Dismissal, seen_by: SeenBy, house: House) -> None:
    """Leave it for good, saying why."""
    _waiting(id, house)
    await house.audit.record(seen_by.id, "quarantined message dismissed", detail=str(id))
    await house.engine.dismiss(id, actor=seen_by.id, note=dismissal.note)


def _as_text(raw: bytes) -> str:
    """One segment a line, every byte as a letter, so that what was not changed goes back as it came."""
    return raw.decode(_codec(raw)).replace("\r\n", "\n").replace("\r", "\n")


def _as_message(text: str, received: bytes) -> bytes:
    """In the bytes of the message it repairs."""
    try:
        return text.replace("\r\n", "\r").replace("\n", "\r").encode(_codec(received))
    except UnicodeEncodeError as error:
        wrong = text[error.start]
        raise Refused(f"{wrong!r} cannot be written in the character set of this message", code="charset-wrong", where="text") from None


def _codec(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return "utf-8"


def _waiting(id: int, house: Services) -> None:
    if not any(seq == id for seq, _, _ in house.engine.log.quarantined(100_000)):
        raise Conflict("this message is not in quarantine (any more)")


def _feed(name: str, house: Services) -> Feed:
    feed: Feed | None = house.engine.house.feeds.feeds.get(name)
    if feed is None:
        raise NotFound("there is no such feed")
    return feed
