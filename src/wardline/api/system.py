"""Is Wardline itself well: health per dependency and per capability, metrics, and what runs here."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from pydantic import BaseModel, Field

from wardline import __version__
from wardline.api.connections import measured
from wardline.api.doors import OPEN, Doors, House
from wardline.api.encoding import json_response
from wardline.api.feeds import feeds_json
from wardline.api.services import Services
from wardline.api.shapes import system as shapes
from wardline.core.ports import LogHealth
from wardline.delivery.outbound.sending import Sender

doors = Doors("system")
DISK_TIGHT = 0.10


class Health(BaseModel):
    status: str = Field(description='"ok" or "degraded"; no more is said to strangers.', examples=["ok"])


@doors.get("/health", who=OPEN, response_model=Health)
async def health(response: Response, house: House) -> Health:
    """Whether Wardline works. Open to load balancers; says no more than that.

    503 is for what another instance could do better. A feed that is silent is silent for every instance.
    """
    if _stopped(house):
        response.status_code = 503
    return Health(status="degraded" if _problems(house) else "ok")


@doors.get("/api/v1/hospital", who=OPEN, answers=shapes.Hospital)
async def hospital(house: House) -> Response:
    """What the sign-in page shows before anybody has signed in."""
    provider = {"provider": house.provider.name} if house.provider is not None else {}
    said = {"name": house.hospital, "version": __version__, "simulated": house.simulated, "zone": house.zone, "sample_users": house.sample_users}
    return json_response({**said, **provider})


@doors.get("/health/detail", who="system.read", answers=shapes.HealthDetail)
async def detail(house: House) -> Response:
    """The truth per dependency, per feed and per capability."""
    engine, folded = house.engine, house.engine.house
    log = engine.log.health()
    return json_response({
        "as_of": folded.now,
        "version": __version__,
        "started_at": house.started_at,
        "status": "degraded" if _problems(house) else "ok",
        "problems": _problems(house),
        "dependencies": {
            "log": {"state": _log_state(house), "files": log.files, "bytes": log.bytes, "damaged": log.damaged},
            "audit": {"state": "ok" if house.audit.failed_since is None else "failing", "since": house.audit.failed_since},
            "disk": {"state": _disk_state(log), "free_bytes": log.free_bytes, "total_bytes": log.total_bytes},
            "mllp": _listener(house),
            "downtime_pages": {"state": "failing" if house.downtime_failure() else "ok", "reason": house.downtime_failure()},
            "backup": _backup(house),
            "destinations": [_destination(sender) for sender in house.senders],
        },
        "engine": {
            "steps": folded.seq, "patients": len(folded.directory), "timelines_in_memory": len(folded.timelines), "due": len(folded.schedule),
            "received": engine.stats.received, "duplicates": engine.stats.duplicates, "quarantined": engine.stats.quarantined,
            "turns": engine.stats.turns,
            "loop_lag_ms": house.loop_lag(),
        },
        "feeds": feeds_json(house),
        "capabilities": [
            {"id": id, "state": "ok" if id not in engine.assessments.failures else "not watched", "since": _since(house, id)}
            for id in house.capabilities
        ],
        "not_running": [{"module": module, "reason": reason} for module, reason in house.not_running.items()],
    })  # fmt: skip


def _stopped(house: Services) -> list[str]:
    """Why messages are not taken or patients not shown, one sentence each."""
    engine, found = house.engine, []
    if engine.broken is not None:
        found.append("the log could not be written; Wardline has stopped taking messages")
    if engine.full_since is not None:
        found.append(f"nothing can be stored since {_clock(engine.full_since, house)}; senders keep their messages")
    if house.audit.failed_since is not None:
        found.append("the audit trail cannot be written; patient data is not shown")
    return found


def _problems(house: Services) -> list[str]:
    """One sentence each, the worst first."""
    engine, found = house.engine, _stopped(house)
    if house.audit.reserve_used_since is not None:
        found.append("the audit trail lives on the space kept free for it; make room on its disk now")
    found += house.proof.problems()
    failures = engine.assessments.failures.items()
    found += [f"{id} is not running since {_clock(failure.since, house)}; the rest goes on" for id, failure in failures]
    found += [f"{module} was not taken in: {reason}" for module, reason in house.not_running.items()]
    damaged = engine.log.health().damaged
    if damaged:
        found.append(f"{len(damaged)} stored records are damaged and are not shown")
    if house.downtime_failure():
        found.append("the downtime pages cannot be written; those that are there get old")
    found += [
        f"{house.reader.label(feed.name)[0]} is silent since {_clock(feed.silent_since, house)}"
        for feed in engine.house.feeds.feeds.values() if feed.silent_since is not None
    ]  # fmt: skip
    found += [f"{each.destination.name} takes nothing since {_clock(each.trouble_since, house)}" for each in house.senders if each.trouble_since]
    found += house.certificate_problems()
    if late := house.backups.age(house.sessions.now()).problem:
        found.append(late)
    if _disk_state(engine.log.health()) == "tight":
        found.append("the disk is more than nine tenths full")
    return found


def _clock(at: datetime, house: Services) -> str:
    """The time of day in the hospital."""
    return f"{at.astimezone(ZoneInfo(house.zone)):%H:%M}"


def _log_state(house: Services) -> str:
    if house.engine.broken is not None:
        return "broken"
    if house.engine.full_since is not None:
        return "full"
    return "damaged" if house.engine.log.health().damaged else "ok"


def _disk_state(log: LogHealth) -> str:
    return "tight" if log.free_bytes / log.total_bytes < DISK_TIGHT else "ok"


def _listener(house: Services) -> dict[str, Any]:
    listener = house.listener
    if listener is None:
        return {"state": "off"}
    return {
        "state": "ok", "connections": len(listener.connections), "refused_connections": listener.refused, "skipped_bytes": listener.skipped_bytes,
        "abandoned_messages": listener.abandoned,
    }  # fmt: skip


def _backup(house: Services) -> dict[str, Any]:
    age = house.backups.age(house.sessions.now())
    return {"state": "late" if age.problem else "ok", "age_seconds": age.backup, "drill_age_seconds": age.drill, "reason": age.problem}


def _destination(sender: Sender) -> dict[str, Any]:
    return {
        "name": sender.destination.name, "state": "ok" if sender.trouble is None else "waiting", "since": sender.trouble_since,
        "reason": sender.trouble or "", "sent": sender.sent,
    }  # fmt: skip


def _since(house: Services, id: str) -> datetime | None:
    failure = house.engine.assessments.failures.get(id)
    return failure.since if failure is not None else None


class HouseCollector:
    """The engine's own counters as Prometheus metrics, read when somebody asks."""

    def __init__(self, house: Services) -> None:
        self.house = house

    def collect(self) -> list[Metric]:
        engine = self.house.engine
        messages = CounterMetricFamily("wardline_messages", "Messages received since the start", labels=["outcome"])
        taken = engine.stats.received - engine.stats.duplicates - engine.stats.quarantined
        for outcome, count in (("taken", taken), ("duplicate", engine.stats.duplicates), ("quarantined", engine.stats.quarantined)):
            messages.add_metric([outcome], count)
        age = GaugeMetricFamily("wardline_feed_age_seconds", "Age of the last message of a feed", labels=["feed"])
        silent = GaugeMetricFamily("wardline_feed_silent", "1 while a feed is silent that should be talking", labels=["feed"])
        for feed in engine.house.feeds.feeds.values():
            age.add_metric([feed.name], max(0.0, (engine.house.now - feed.last_at).total_seconds()))
            silent.add_metric([feed.name], float(feed.silent_since is not None))
        failing = GaugeMetricFamily("wardline_capability_failing", "1 while a capability is not running", labels=["capability"])
        for id in self.house.capabilities:
            failing.add_metric([id], float(id in engine.assessments.failures))
        return [
            messages, age, silent, failing,
            GaugeMetricFamily("wardline_patients", "Patients known", value=len(engine.house.directory)),
            GaugeMetricFamily("wardline_steps", "Steps in the log", value=engine.house.seq),
            GaugeMetricFamily("wardline_loop_lag_seconds", "How late the event loop runs", value=self.house.loop_lag() / 1000),
            GaugeMetricFamily("wardline_storage_full", "1 while nothing can be stored", value=float(engine.full_since is not None)),
            *measured(self.house),
        ]  # fmt: skip


@doors.get("/metrics", who="system.read", response_class=PlainTextResponse)
async def metrics(house: House) -> Response:
    """For Prometheus. Names and numbers only, never patient content."""
    registry = CollectorRegistry()
    registry.register(HouseCollector(house))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
