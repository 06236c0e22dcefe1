"""The price of durability: acknowledging after the commit, with everything Wardline does for a message, against storing nothing."""

from bench.results import Bar, percentile
from bench.servers import load, no_store, wardline

SECONDS = 8


def run() -> list[Bar]:
    with no_store() as port:
        load(port, connections=100, seconds=2, kind="panel")
        without = load(port, connections=100, seconds=SECONDS, kind="panel")
    with wardline() as server:
        load(server.mllp, connections=100, seconds=2, kind="panel")
        durable = load(server.mllp, connections=100, seconds=SECONDS, kind="panel", first=10_000_000)
        one = load(server.mllp, connections=1, seconds=3, kind="panel", first=20_000_000)
    rate, peer = durable["count"] / durable["seconds"], without["count"] / without["seconds"]
    detail = {
        "durable_per_second": rate, "no_store_per_second": peer, "durable_p99_ms": percentile(durable["latencies_ms"], 0.99),
        "one_connection_per_second": one["count"] / one["seconds"], "one_connection_p50_ms": percentile(one["latencies_ms"], 0.5),
    }  # fmt: skip
    return [Bar("20-result messages a second with 100 senders, durable against no store", rate / peer, 0.30, True, detail)]
