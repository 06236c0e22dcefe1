"""`wardline demo`: a synthetic hospital, alive, in the browser."""

import asyncio
import contextlib
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from wardline.app import demonstration, logs
from wardline.app.bootstrap import open_wardline
from wardline.app.serving import Running, until_stopped
from wardline.app.settings import Settings, load
from wardline.simulator.stories import DETERIORATING_BED


def demo(
    *,
    beds: Annotated[int, Parameter(help="Beds of the hospital.")] = 60,
    speed: Annotated[float, Parameter(help="Simulated seconds in a second: 60 makes an hour pass in a minute.")] = 60.0,
    seed: Annotated[int, Parameter(help="The same seed tells the same days again.")] = 7,
    http: Annotated[int, Parameter(help="Port of the screens; a free one if it is taken.")] = 8080,
    mllp: Annotated[int, Parameter(help="Port for HL7 v2; a free one if it is taken.")] = 2575,
    dicom: Annotated[int, Parameter(help="Port for DICOM; a free one if it is taken.")] = 11112,
    data: Annotated[Path | None, Parameter(help="Keep the hospital in this new folder; default: a temporary one, gone at the end.")] = None,
    for_: Annotated[float | None, Parameter(name="--for", help="Stop this many seconds after it is ready.")] = None,
) -> int:
    """Run a simulated hospital that speaks HL7 v2 and DICOM to the real doors, with sample people to sign in as.

    Everything in it is invented. Ends with Ctrl-C. With --data the hospital stays and opens again, standing still, with wardline serve.

    For example:

        wardline demo

        wardline demo --beds 30 --speed 120 --for 300
    """
    folder = data or Path(tempfile.mkdtemp(prefix="wardline-demo-"))
    # Its people are sample people and sign in with one press.
    settings = load(
        data=folder, http=_free(http), mllp=_free(mllp), dicom=_free(dicom), clock="feed", hospital="Wardline General Hospital", second_factor=()
    )  # fmt: skip
    logs.configure("warning")
    if data is None:
        Console(markup=False, highlight=False).print("Nothing is kept at the end; --data FOLDER keeps it.")
    try:
        demonstration.prepare(folder, beds)
        return asyncio.run(_run(settings, beds, speed, seed, for_))
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _run(settings: Settings, beds: int, speed: float, seed: int, seconds: float | None) -> int:
    begun = time.monotonic()
    wardline = open_wardline(settings)
    people = demonstration.make_people(wardline)
    running = Running(wardline, sample_users=people)
    life: list[asyncio.Task[None]] = []

    def opened(running: Running) -> None:
        life.append(asyncio.create_task(_life(running, people, beds, speed, seed, begun, seconds)))
        life[0].add_done_callback(lambda task: running.stopping.set())

    code = await until_stopped(running, opened)
    for task in life:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    return code


async def _life(
    running: Running, people: tuple[dict[str, str], ...], beds: int, speed: float, seed: int, begun: float, seconds: float | None
) -> None:
    """Bring the hospital to life, say how to come in, and keep it going until told to stop."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"Living through the last 24 hours of a hospital of {beds} beds, message by message; that takes a minute at most.")
    simulator = demonstration.Simulator(running.mllp_port, beds=beds, speed=speed, seed=seed)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("HL7 v2 over MLLP", total=1.0)
        sending = asyncio.create_task(simulator.run(lambda progress: bar.update(task, completed=min(progress.share, 1.0))))
        live = asyncio.create_task(simulator.live.wait())
        await asyncio.wait((sending, live), return_when=asyncio.FIRST_COMPLETED)
    try:
        if sending.done():
            sending.result()
        await demonstration.staff(running.wardline, beds)
        running.downtime.write()
        _welcome(console, running, people, beds, speed, time.monotonic() - begun)
        scanning = asyncio.create_task(demonstration.scan(running))
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, running.stopping.set)
        await asyncio.gather(sending, scanning)
    finally:
        sending.cancel()
        await simulator.stop()


def _welcome(console: Console, running: Running, people: tuple[dict[str, str], ...], beds: int, speed: float, seconds: float) -> None:
    """What there is, who to be, what to look at first, how to end."""
    settings = running.wardline.settings
    url = f"http://{settings.host}:{running.http_port}"
    console.print(f"{running.wardline.engine.stats.received:,} messages in {seconds:.0f} s. From now on {_pace(speed)}. Every patient is invented.\n")
    for person in people:
        console.print(f"  {person['login']:9} {person['password']:22} {person['sees']}")
    console.print("\nFirst: open the address below and choose the nurse. Press ? there for the keys.")
    if demonstration.has_story(beds):
        console.print(f"Watch bed {DETERIORATING_BED} of Ward 7: it gets worse within two hours of theirs, about {_minutes_of(speed)} of yours.")
    console.print(
        f"HL7 v2 over MLLP: {settings.host}:{running.mllp_port}. DICOM: {settings.host}:{running.dicom_port}. "
        f"Downtime pages: {settings.downtime_folder / 'index.html'}. End with Ctrl-C."
    )
    console.print(f"Ready: {url}")


def _pace(speed: float) -> str:
    return "an hour passes in a minute" if speed == 60 else f"time runs {speed:g} times as fast"


def _minutes_of(speed: float) -> str:
    minutes = 120 / speed
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{60 * minutes:.0f} seconds"


def _free(port: int) -> int:
    """The port if nobody has it, else 0: the system chooses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port
