"""Heavy work in processes of their own: the clinical process asks, a worker of lower priority answers, and none outlives its parent."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import connection, get_context, parent_process, resource_tracker
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Fault

NICE: Final = 10
"""How much further back than the ward's process a worker stands in the queue for the processor."""
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class ProcessWorkers:
    """`Workers` on this machine. Processes start when they are first needed; one that dies is replaced, and its work is said to have failed."""

    def __init__(self, *, most: int | None = None, caches: Path | None = None) -> None:
        self._most = most or max(1, (os.cpu_count() or 2) // 2)
        self._caches = caches
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    async def run(self, task: str, *arguments: Any, seconds: float = 600) -> Any:
        if self._closed:
            raise Fault("the workers have been sent home")
        with _unheard_by_children():
            asked: Future[Any] = self._workers().submit(_perform, task, arguments)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(asked)
        except TimeoutError:
            self._renew()  # a process cannot be asked to let go of what it is doing
            raise Fault(f"{task} took longer than {seconds:g} seconds") from None
        except BrokenProcessPool:
            self._renew()
            raise Fault(f"a worker died at {task}") from None

    def close(self) -> None:
        """End every worker at once; what they were doing is done again by whoever asked."""
        self._closed = True
        self._renew()

    def _workers(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = get_context("spawn")  # a fork would carry open files and locks of the clinical process along
            self._pool = ProcessPoolExecutor(self._most, mp_context=context, initializer=_begin, initargs=(self._caches,))
        return self._pool

    def _renew(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Processes begun meanwhile never hear Ctrl-C: it is for the house, which tells them. What comes meanwhile is heard afterwards."""
    resource_tracker.ensure_running()  # it would let the signal through again when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
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
    threading.Thread(target=_go_with_parent, name="parent watch", daemon=True).start()


def _go_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
