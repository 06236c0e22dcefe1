"""Heavy work in processes of their own: the clinical process asks, a worker of lower priority answers, and none outlives its parent."""

import asyncio
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import connection, get_context, parent_process, resource_tracker
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Fault

NICE: Final = 10
"""How much further back than the ward's process a worker stands in the queue for the processor."""
EXPENDABLE: Final = Path("/proc/self/oom_score_adj")
"""Where Linux is told who goes first when memory ends: a worker with a picture that swells, not the ward's process (proc(5))."""
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class ProcessWorkers:
    """`Workers` on this machine. Processes start when they are first needed; one that dies is replaced, and its work is said to have failed."""

    def __init__(self, *, most: int | None = None, caches: Path | None = None) -> None:
        self._most = most or max(1, (os.cpu_count() or 2) // 2)
        self._caches = caches
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False
        self._free = asyncio.Semaphore(self._most)

    async def run(self, task: str, *arguments: Any, seconds: float = 600) -> Any:
        if self._closed:
            raise Fault("the workers have been sent home")
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:  # what has not begun takes nobody else's work with it
            raise Fault(f"{task}: no worker was free for {seconds:g} seconds") from None
        try:
            return await self._done(task, arguments, seconds)
        finally:
            self._free.release()

    async def _done(self, task: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        pool = self._workers()
        try:
            asked = _submitted(pool, task, arguments)
        except BrokenProcessPool:  # one of them has died while nobody needed it
            self._renew(pool)
            pool = self._workers()
            asked = _submitted(pool, task, arguments)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            self._renew(pool)  # a process cannot be asked to let go of what it is doing
            raise Fault(f"{task} took longer than {seconds:g} seconds") from None
        except BrokenProcessPool:
            self._renew(pool)
            raise Fault(f"a worker died at {task}") from None

    def close(self) -> None:
        """End every worker at once; what they were doing is done again by whoever asked."""
        self._closed = True
        if self._pool is not None:
            self._renew(self._pool)

    def _workers(self) -> ProcessPoolExecutor:
        if self._closed:  # while this was waited for
            raise Fault("the workers have been sent home")
        if self._pool is None:
            context = get_context("spawn")  # a fork would carry open files and locks of the clinical process along
            self._pool = ProcessPoolExecutor(self._most, mp_context=context, initializer=_begin, initargs=(self._caches,))
        return self._pool

    def _renew(self, pool: ProcessPoolExecutor) -> None:
        """End these workers. Several may hear of one death: whoever is second must not end those that came in their place."""
        if self._pool is not pool:
            return
        self._pool = None
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()


def _submitted(pool: ProcessPoolExecutor, task: str, arguments: tuple[Any, ...]) -> Future[Any]:
    """Processes that this begins never hear Ctrl-C: it is for the house, which tells them. What comes meanwhile is heard afterwards."""
    resource_tracker.ensure_running()  # it would let the signal through again when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_perform, task, arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _perform(task: str, arguments: tuple[Any, ...]) -> Any:
    module, _, name = task.partition(":")
    return getattr(import_module(module), name)(*arguments)


def _begin(caches: Path | None) -> None:
    """In the worker, before anything else: stand back, use one core, keep compiled code in the house, and go when the parent goes."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    if caches is not None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(caches))
    if hasattr(os, "nice"):
        os.nice(NICE)
    if EXPENDABLE.exists():
        EXPENDABLE.write_text("800", encoding="ascii")
    threading.Thread(target=_go_with_parent, name="parent watch", daemon=True).start()


def _go_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
