"""Where new files go: a folder per hour, in which some empty ones lie ready and open, whose names are durable already.

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
        self._ready: list[tuple[str, int]] = []

    def take(self) -> tuple[str, int]:
        """An empty file of nobody's, below the folder, and its handle for reading and writing. Raises `OSError`."""
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

    def _made(self, hour: str) -> list[tuple[str, int]]:
        place = self._folder / hour
        if not place.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
            sync(self._folder)
        made: list[tuple[str, int]] = []
        try:
            while len(made) < _AT_ONCE:
                name = secrets.token_hex(16)
                made.append((f"{hour}/{name}", os.open(f"{place}/{name}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)))
            sync(place)
        except OSError:
            self._remove(made)
            raise
        return made

    def _let_go(self) -> None:
        self._remove(self._ready)

    def _remove(self, files: list[tuple[str, int]]) -> None:
        while files:
            name, file = files.pop()
            os.close(file)
            (self._folder / name).unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
