"""Watching over the DICOM processes: started with the house, started again when one dies, their questions answered, ended with it."""

import asyncio
import json
import os
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import structlog

from wardline.app.imaging.talking import Task
from wardline.app.settings import Settings
from wardline.core.errors import Conflict, Fault, WardlineError
from wardline.core.images import Images
from wardline.intake.dicom.sockets import bound_socket

log = structlog.get_logger()

START_SECONDS: Final = 20.0
AGAIN_SECONDS: Final = 1.0
STEADY_SECONDS: Final = 5.0
"""A process that lived so long did not die of its start."""
END_SECONDS: Final = 6.0
LOOK_SECONDS: Final = 1.0
_LONGEST_LINE: Final = 16 * 1024 * 1024

Answerer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Reception:
    """The DICOM door as the clinical process sees it."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._settings = settings
        self._wanted = port
        self.nudged: Callable[[], None] = lambda: None
        """Called when the image store's journal has grown."""
        self.port = 0
        self.restarts = 0
        self._answerers: dict[str, Answerer] = {}
        self._held: socket.socket | None = None
        self._children: dict[int, Process] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._answering: set[asyncio.Task[None]] = set()

    def on(self, question: str, answer: Answerer) -> None:
        """Who answers a question of the DICOM processes. What it raises of our four families is said to whoever asked."""
        self._answerers[question] = answer

    async def open(self) -> int:
        """Start listening; returns the port. Raises `Conflict` when it is taken."""
        self._held = _reserved(self._settings.host, self._wanted)
        self.port = int(self._held.getsockname()[1])
        ready = [asyncio.get_running_loop().create_future() for _ in range(self._settings.dicom_processes)]
        self._tasks = [asyncio.create_task(self._keep(number, future), name="reception") for number, future in enumerate(ready)]
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.gather(*ready)
        except TimeoutError:
            await self.close()
            raise Fault("the DICOM processes did not start in time; see the log for why") from None
        return self.port

    async def close(self) -> None:
        """End them; what they are receiving has a moment to become durable."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(_ended(child) for child in list(self._children.values())))
        if self._held is not None:
            self._held.close()

    async def _keep(self, number: int, ready: "asyncio.Future[None]") -> None:
        """One process, for as long as the house is open. One that dies is followed at once, and with a pause where it keeps dying."""
        while True:
            began = time.monotonic()
            child = self._children[number] = await self._start()
            await self._hear(child, ready)
            code = await child.wait()
            self.restarts += 1
            log.error("reception_ended", code=code)
            await asyncio.sleep(0 if time.monotonic() - began > STEADY_SECONDS else AGAIN_SECONDS)

    async def _start(self) -> Process:
        assert self._held is not None
        settings, tls = self._settings, self._settings.dicom_tls
        task = Task(
            data=str(settings.data), config=str(settings.config_folder), socket=self._held.fileno(), zone=settings.zone,
            is_loopback=settings.is_loopback, log_level=settings.log_level, tls=tls.model_dump(mode="json") if tls is not None else None,
        )  # fmt: skip
        words = (sys.executable, "-m", "wardline.app.imaging.reception", msgspec.json.encode(task).decode())
        environment = os.environ | {"MALLOC_ARENA_MAX": "2"}  # a thread per association would keep a heap each
        return await asyncio.create_subprocess_exec(
            *words, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True, limit=_LONGEST_LINE, pass_fds=(self._held.fileno(),)
        )

    async def _hear(self, child: Process, ready: "asyncio.Future[None]") -> None:
        """Everything it says, until it says no more."""
        assert child.stdout is not None
        async for line in child.stdout:
            heard = json.loads(line)
            if "ready" in heard and not ready.done():
                ready.set_result(None)
            elif "nudge" in heard:
                self.nudged()
            elif "ask" in heard:
                task = asyncio.create_task(self._answer(child, heard), name="answer to reception")
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    async def _answer(self, child: Process, heard: dict[str, Any]) -> None:
        answer = self._answerers.get(heard["question"])
        said: dict[str, Any] = {"answer": heard["ask"]}
        try:
            if answer is None:
                raise Fault(f"nobody answers the question {heard['question']!r}")
            said["value"] = await answer(heard["fields"])
        except WardlineError as error:
            said["refused"] = str(error)
        except Exception as error:  # whoever asked must hear something, whatever went wrong
            log.error("question_failed", question=heard["question"], error=type(error).__name__)
            said["refused"] = "it could not be answered"
        if child.stdin is not None and not child.stdin.is_closing():
            child.stdin.write(json.dumps(said).encode() + b"\n")
            await child.stdin.drain()


async def complete_when_quiet(images: Images, agreement: Callable[[], Any], nudged: Callable[[], None]) -> None:
    """Until cancelled: studies to which nothing has come for the agreed time are complete. Also those that came in by DICOMweb."""
    cleaned = ""
    while True:
        if (hour := f"{datetime.now(UTC):%d %H}") != cleaned:
            await asyncio.to_thread(images.clean, datetime.now(UTC))
            cleaned = hour
        before = datetime.now(UTC) - timedelta(seconds=agreement().stable_seconds)
        if await asyncio.to_thread(images.complete, before):
            nudged()
        await asyncio.sleep(LOOK_SECONDS)


def _reserved(host: str, port: int) -> socket.socket:
    """The port is ours alone; the processes we start are given its socket, and accept on it."""
    try:
        return bound_socket(host, port)
    except OSError as error:
        raise Conflict(f"port {port} for DICOM is taken; choose another with --dicom ({error.strerror})") from None


async def _ended(child: Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        async with asyncio.timeout(END_SECONDS):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
