"""The price of durability: acknowledging after the commit, against reading and acknowledging without storing anything."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

from bench.results import Bar, percentile
from bench.servers import load, peer, wardline

SECONDS = 4
ROUNDS = 3
SENDERS = 100


def run() -> list[Bar]:
    """Three servers take turns: one stores nothing, one stores, one is the whole of Wardline. What was measured together is compared."""
    first = count(0, 1_000_000)
    with ExitStack() as servers:
        ports = {kind: servers.enter_context(peer(kind)) for kind in ("no_store", "store_only")}
        ports["whole"] = servers.enter_context(wardline()).mllp
        for port in ports.values():
            load(port, connections=SENDERS, seconds=1, kind="panel", first=next(first))
        rounds = [{kind: _loaded(port, first) for kind, port in ports.items()} for _ in range(ROUNDS)]
        one = load(ports["whole"], connections=1, seconds=3, kind="panel", first=next(first))
    detail = {f"{kind}_per_second": statistics.median(_rate(each[kind]) for each in rounds) for kind in ports}
    detail |= {f"{kind}_p99_ms": statistics.median(percentile(each[kind]["latencies_ms"], 0.99) for each in rounds) for kind in ports}
    detail |= {"one_connection_per_second": _rate(one), "one_connection_p50_ms": percentile(one["latencies_ms"], 0.5)}
    stored, whole = (statistics.median(_rate(each[kind]) / _rate(each["no_store"]) for each in rounds) for kind in ("store_only", "whole"))
    return [
        Bar("20-result messages a second from 100 senders, durable against no store", stored, 0.30, True, detail),
        Bar("the same with every capability asked and every alert decided, against no store", whole, detail=detail),
    ]


def _loaded(port: int, first: Iterator[int]) -> dict[str, Any]:
    return load(port, connections=SENDERS, seconds=SECONDS, kind="panel", first=next(first))


def _rate(loaded: dict[str, Any]) -> float:
    return float(loaded["count"] / loaded["seconds"])
