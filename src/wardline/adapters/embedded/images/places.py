"""Where new files go: a folder per hour, in which some empty ones lie ready whose names are durable already.

A new file is safe when its bytes and its name are. Flushing a folder for every image would cost as much as flushing the image;
flushed for many names at once it costs next to nothing.
"""

import os
import secrets
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_AT_ONCE: Final = 32


class Places:
    """One per process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._hour = ""
        self._ready: list[str] = []

    def take(self) -> str:
        """An empty file of nobody's, below the folder. Raises `OSError`."""
        with self._lock:
            hour = f"{datetime.now(UTC):%Y%m%d%H}"
            if hour != self._hour:
                self._let_go()
                self._hour = hour
            if not self._ready:
                self._ready = self._made(hour)
            return self._ready.pop()

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _made(self, hour: str) -> list[str]:
        place = self._folder / hour
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
            sync(self._folder)
        names = [f"{hour}/{secrets.token_hex(16)}" for _ in range(_AT_ONCE)]
        for name in names:
            os.close(os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sync(place)
        return names

    def _let_go(self) -> None:
        while self._ready:
            (self._folder / self._ready.pop()).unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
