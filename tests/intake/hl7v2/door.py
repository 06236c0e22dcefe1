"""The reader as the engine calls it: lines in, statements or a problem out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar, cast

from wardline.core.events import Event, Identifier, Measured
from wardline.core.statements import Problem, Received, Statement
from wardline.core.timeline import Timeline
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import Source, Sources

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
"""When messages are received here."""
SENT = datetime(2025, 3, 1, 8, 15, tzinfo=UTC)
"""MSH-7 of `HEADER`."""
PID = "PID|1||1001^^^HOSP^MR||Moss^Ada||19550303|F"
ABOUT = "HOSP/1001"

T = TypeVar("T")


def key_of(identifier: Identifier) -> str:
    return f"{identifier.assigner}/{identifier.number}"


def header(kind: str, *, application: str = "LAB", control: str = "M1", sent: str = "20250301081500+0000", charset: str = "") -> str:
    return f"MSH|^~\\&|{application}|HOSP|WARDLINE|HOSP|{sent}||{kind}|{control}|P|2.5.1||||||{charset}".rstrip("|")


def reader(*sources: Source, zone: str = "UTC") -> Hl7v2Reader:
    return Hl7v2Reader(Sources(zone, sources), key_of)


def hearing(now: datetime) -> Callable[[datetime | None], datetime]:
    return lambda stated_at: now


def received(*lines: str, by: Hl7v2Reader | None = None, now: datetime = NOW, codec: str = "utf-8") -> Received:
    return (by or reader()).read("".join(f"{line}\r" for line in lines).encode(codec), hearing(now))


def statements(*lines: str, by: Hl7v2Reader | None = None, now: datetime = NOW) -> list[Statement]:
    """Everything a message states; it must be one that is taken."""
    result = received(*lines, by=by, now=now)
    assert result.problem is None, result.problem
    return list(result.statements)


def stated(kind: type[T], *lines: str, by: Hl7v2Reader | None = None, now: datetime = NOW) -> list[T]:
    """The values of one kind that a message states."""
    return [cast(T, statement.value) for statement in statements(*lines, by=by, now=now) if isinstance(statement.value, kind)]


def problem(*lines: str, by: Hl7v2Reader | None = None) -> Problem:
    result = received(*lines, by=by)
    assert result.problem is not None
    assert result.statements == ()
    return result.problem


def oru(*obx: str, obr: str = "OBR|1||F77|panel|||20250301080000+0000") -> tuple[str, ...]:
    """A result with these OBX segments."""
    return header("ORU^R01^ORU_R01"), PID, obr, *obx


def measured(obx: str, *, by: Hl7v2Reader | None = None, now: datetime = NOW) -> Measured:
    """What one OBX says."""
    (found,) = stated(Measured, *oru(obx), by=by, now=now)
    return found


def timeline(*messages: list[Statement], recorded_at: datetime = NOW) -> Timeline:
    """The timeline of the one patient these statements are about."""
    events = [
        Event(each.value, each.about, each.occurred_at, recorded_at, id=number, encounter=each.encounter)
        for number, each in enumerate((each for message in messages for each in message), 1)
    ]
    return Timeline(events[0].about).apply_all(events)
