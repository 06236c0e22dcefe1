"""`python -m wardline.simulator HOST:PORT`: the simulated hospital in a process of its own, telling how far it is on standard output.

It ends when its standard input closes, so that it never outlives whoever started it.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from datetime import datetime

from wardline.simulator.hospital import Hospital
from wardline.simulator.sending import Progress, run


def _tell(progress: Progress) -> None:
    shown = {**progress._asdict(), "simulated_at": progress.simulated_at.isoformat()}
    sys.stdout.write(json.dumps(shown) + "\n")
    sys.stdout.flush()


async def _until_alone() -> None:
    """Returns when standard input closes."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def _main(options: argparse.Namespace) -> None:
    host, _, port = options.to.rpartition(":")
    hospital = Hospital(options.seed, live_at=datetime.fromisoformat(options.live_at), beds=options.beds)
    sending = asyncio.create_task(run(hospital, host, int(port), speed=options.speed, history_hours=options.history_hours, progress=_tell))
    alone = asyncio.create_task(_until_alone())
    await asyncio.wait((sending, alone), return_when=asyncio.FIRST_COMPLETED)
    if sending.done():
        alone.cancel()
        sending.result()
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("to", help="HOST:PORT of the MLLP listener")
    parser.add_argument("--live-at", required=True, help="the moment at which its visitors come, RFC 3339")
    parser.add_argument("--beds", type=int, default=60)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--history-hours", type=float, default=24.0)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(parser.parse_args()))
