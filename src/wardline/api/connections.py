"""What is connected: who came in, which ways out are open, busy or resting, and whether trail and log take what they are given."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from pydantic import BaseModel, Field

from wardline.api.doors import Doors, House
from wardline.api.services import Services
from wardline.core.findings import Severity
from wardline.core.outside import PoolState

doors: Final = Doors("system")
WORDS: Final = tuple(severity.word for severity in Severity)
BREAKERS: Final = ("closed", "half-open", "open")
"""By how bad it is: the number that metrics show."""


class Waiting(BaseModel):
    """How many wait, by clinical severity; the most urgent goes first."""

    none: int
    low: int
    medium: int
    high: int


class PoolOut(BaseModel):
    name: str = Field(examples=["ward-nurse/app"])
    kind: str = Field(examples=["notifications"])
    size: int = Field(description="How many at once.")
    busy: int
    waiting: Waiting
    breaker: Literal["closed", "half-open", "open"] = Field(description="open: left alone because it failed; half-open: one call tries.")
    failures: int = Field(description="In a row.")
    calls: int
    refused: int
    tries_again_at: datetime | None = None


class Writer(BaseModel):
    """Something everything depends on being written."""

    name: Literal["audit", "log"]
    state: Literal["ok", "failing", "full", "broken"]
    since: datetime | None = None


class Connections(BaseModel):
    as_of: datetime
    incoming: dict[str, int] = Field(description="Open connections by kind, and how many have been shown out since the start.")
    limits_met: dict[str, int] = Field(description="Requests refused since the start, by limit.")
    pools: list[PoolOut]
    writers: list[Writer]


@doors.get("/api/v1/connections", who="connection.read", response_model=Connections)
async def connections(house: House) -> Connections:
    """Connections in, pools out with their queues by clinical priority and their breakers, and the writers."""
    return Connections(
        as_of=house.sessions.now(), incoming=dict(house.connections()), limits_met=dict(house.edge.limits.refused),
        pools=[_pool(state) for state in house.pools.states()], writers=list(_writers(house)),
    )  # fmt: skip


def _pool(state: PoolState) -> PoolOut:
    waiting = Waiting(**dict(zip(WORDS, state.waiting, strict=True)))
    return PoolOut(**{**state._asdict(), "waiting": waiting})


def _writers(house: Services) -> Iterator[Writer]:
    failed = house.audit.failed_since
    yield Writer(name="audit", state="ok" if failed is None else "failing", since=failed)
    if house.engine.broken is not None:
        yield Writer(name="log", state="broken")
    else:
        full = house.engine.full_since
        yield Writer(name="log", state="ok" if full is None else "full", since=full)


def measured(house: Services) -> list[Metric]:
    """The same as numbers for Prometheus."""
    open_now = GaugeMetricFamily("wardline_connections", "Connections open now", labels=["kind"])
    shown_out = CounterMetricFamily("wardline_connections_shown_out", "Connections ended by us since the start", labels=["why"])
    for kind, number in house.connections().items():
        family, label = (shown_out, kind.removeprefix("shown out: ")) if kind.startswith("shown out: ") else (open_now, kind)
        family.add_metric([label], number)
    limits = CounterMetricFamily("wardline_limit_met", "Requests refused because there were too many", labels=["limit"])
    for limit, number in house.edge.limits.refused.items():
        limits.add_metric([limit], number)
    return [open_now, shown_out, limits, *_pools_measured(house.pools.states())]


def _pools_measured(states: list[PoolState]) -> list[Metric]:
    breaker = GaugeMetricFamily("wardline_pool_breaker", "0 closed, 1 half-open, 2 open", labels=["pool", "kind"])
    busy = GaugeMetricFamily("wardline_pool_busy", "Calls under way", labels=["pool", "kind"])
    waiting = GaugeMetricFamily("wardline_pool_waiting", "Calls that wait", labels=["pool", "kind", "severity"])
    for state in states:
        breaker.add_metric([state.name, state.kind], BREAKERS.index(state.breaker))
        busy.add_metric([state.name, state.kind], state.busy)
        for word, number in zip(WORDS, state.waiting, strict=True):
            waiting.add_metric([state.name, state.kind, word], number)
    return [breaker, busy, waiting]
