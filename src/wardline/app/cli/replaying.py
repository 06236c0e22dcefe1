"""`wardline replay`: a published data set as a live feed, through a real MLLP socket."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from wardline.app import logs
from wardline.app.bootstrap import open_wardline
from wardline.app.cli.sending import address
from wardline.app.settings import load
from wardline.core.errors import Conflict, Refused
from wardline.formats.hl7v2.client import MllpClient
from wardline.intake.datasets import hl7_files
from wardline.intake.datasets.cinc2012 import feed as cinc2012_feed
from wardline.intake.datasets.sending import Sending, Totals
from wardline.intake.datasets.timed import Feed, Timed
from wardline.intake.hl7v2.listener import MllpListener

Address: TypeAlias = tuple[str, int]


class Source(NamedTuple):
    """`clock`: what a new folder for this set runs on. `parts`: what its progress counts."""

    read: Callable[[Path, int | None], Feed]
    clock: Literal["wall", "feed"]
    parts: str


SOURCES: Final = {"cinc2012": Source(cinc2012_feed.feed, "feed", "stays"), "hl7": Source(hl7_files.feed, "wall", "files")}


def replay(
    source: Annotated[Literal["cinc2012", "hl7"], Parameter(help="cinc2012: the PhysioNet challenge of 2012; hl7: files of HL7 v2 messages.")],
    path: Annotated[Path, Parameter(help="cinc2012: set-a.csv.gz, with Outcomes-a.txt beside it. hl7: a file, a folder or a .tar.gz.")],
    *,
    to: Annotated[str | None, Parameter(help="HOST:PORT of a running Wardline; without it a data folder is opened here.")] = None,
    speed: Annotated[float | None, Parameter(help="Feed seconds per second; without it as fast as messages are taken.")] = None,
    data: Annotated[Path | None, Parameter(help="The data folder to fill when there is no --to; a new one gets the clock the set needs.")] = None,
    limit: Annotated[int | None, Parameter(help="At most so many stays or files.")] = None,
) -> int:
    """Send a data set as a live feed and say what became of it. Exit code 1 when a message was not accepted.

    Without --to the messages still go through a socket: a listener is opened on a free loopback port for as long as it takes.
    Stays of cinc2012 are staggered over a calendar that begins on 2 January 2012 and keep their intervals; such a folder runs on
    the feed's clock.

    For example:

        wardline replay cinc2012 ../shared/data/clinical/cinc2012/set-a.csv.gz --data icu

        wardline replay hl7 messages.tar.gz --to 127.0.0.1:2575
    """
    chosen = SOURCES[source]
    if limit is not None and limit < 1:
        raise Refused("--limit must be at least 1", code="limit")
    if speed is not None and (speed <= 0 or chosen.clock == "wall"):
        raise Refused("--speed must be above 0" if speed <= 0 else f"{source} has no times to keep, so --speed means nothing", code="speed")
    console = Console(markup=False, highlight=False, soft_wrap=True)
    return asyncio.run(_replay(chosen, path, to, speed, data, limit, console))


async def _replay(
    source: Source, path: Path, to: str | None, speed: float | None, data: Path | None, limit: int | None, console: Console
) -> int:  # fmt: skip
    feed = source.read(path, limit)
    async with _receiver(to, data, source.clock) as (host, port), MllpClient(host, port, timeout_seconds=120) as client:
        with _progress(console) as progress:
            task = progress.add_task(source.parts, total=feed.parts, shown="")

            def told(begun: int, message: Timed) -> None:
                if sending.totals.sent % 500 == 0 or begun == feed.parts:
                    until = f", until {message.at:%d %b %H:%M}" if message.at is not None else ""
                    progress.update(task, completed=begun, shown=f"{sending.totals.sent:,} messages{until}")

            sending = Sending(client, pace=_pace(speed) if speed else None, told=told)
            started = time.perf_counter()
            try:
                await sending.send_all(feed.messages)
            finally:
                _report(console, sending.totals, time.perf_counter() - started)
    return 1 if sending.totals.refusals else 0


@asynccontextmanager
async def _receiver(to: str | None, data: Path | None, clock: Literal["wall", "feed"]) -> AsyncIterator[Address]:
    """Where to send: the server that was named, or a folder opened here behind the real listener."""
    if to is not None:
        yield address(to)
        return
    settings = load(data=data, clock=clock)
    logs.configure("warning")
    wardline = open_wardline(settings)
    listener = MllpListener(wardline.engine, largest=settings.largest_message)
    try:
        if clock == "feed" and wardline.clock.kind != clock:
            raise Conflict(f"{settings.data} runs on the wall clock and this set needs the feed's: name a new folder with --data")
        wardline.engine.start()
        yield "127.0.0.1", await listener.listen("127.0.0.1", 0)
    finally:
        await listener.close()
        wardline.close()


def _pace(speed: float) -> Callable[[datetime], Awaitable[None]]:
    """Wait until it is time for a message; the first one sets the clock."""
    began: list[tuple[float, datetime]] = []

    async def wait(at: datetime) -> None:
        if not began:
            began.append((time.monotonic(), at))
        (real, first) = began[0]
        await asyncio.sleep(max(0.0, real + (at - first).total_seconds() / speed - time.monotonic()))

    return wait


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[shown]}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _report(console: Console, totals: Totals, seconds: float) -> None:
    """What was sent, how fast, and every reason for which something was not taken."""
    console.print(
        f"{totals.sent:,} sent, {totals.accepted:,} accepted, {len(totals.refusals):,} not"
        + (f", {totals.unanswered:,} that wished for no answer" if totals.unanswered else "")
        + f"; {seconds:.1f} s, {totals.sent / seconds:,.0f} messages/s"
    )
    for (code, reason), count in Counter((each.code, each.reason) for each in totals.refusals).most_common():
        first = next(each.name for each in totals.refusals if (each.code, each.reason) == (code, reason))
        console.print(f"{count:6} {code}  {reason}  (first: {first})")
