"""The other side: MLLP senders in a process of their own. `python -m bench.load` sends and prints latencies as JSON.

Closed loop (each connection waits for its acknowledgement) or offered (so many messages a second, whatever happens).
"""

import argparse
import asyncio
import json
import time
from datetime import UTC, datetime

from bench import messages
from wardline.formats.hl7v2.framing import END, frame


async def _connection(port: int, place: int, options: argparse.Namespace, latencies: list[float], until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    make = getattr(messages, options.kind)
    number = options.first + place
    due = time.perf_counter() + place / max(options.rate, 1.0)
    while time.perf_counter() < until:
        if options.rate:
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            due += options.connections / options.rate
        raw = frame(make(number, options.patients, datetime.now(UTC)))
        number += options.connections
        begun = time.perf_counter()
        writer.write(raw)
        answer = b""
        while END not in answer:
            data = await reader.read(65_536)
            if not data:
                return
            answer += data
        if b"MSA|AA" not in answer:
            raise SystemExit(f"not accepted: {answer!r}")
        latencies.append(time.perf_counter() - begun)
    writer.close()


async def _main(options: argparse.Namespace) -> None:
    latencies: list[float] = []
    begun = time.perf_counter()
    until = begun + options.seconds
    await asyncio.gather(*(_connection(options.port, place, options, latencies, until) for place in range(options.connections)))
    taken = time.perf_counter() - begun
    print(json.dumps({"count": len(latencies), "seconds": taken, "latencies_ms": [round(1000 * each, 3) for each in latencies]}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--kind", default="vitals")
    parser.add_argument("--patients", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    asyncio.run(_main(parser.parse_args()))
