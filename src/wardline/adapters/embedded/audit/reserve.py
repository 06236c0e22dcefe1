"""A few megabytes kept free for the audit trail: when the disk is full, the ward can go on looking while somebody makes room."""

import contextlib
import os
from pathlib import Path
from typing import Final

BYTES: Final = 8 * 1024 * 1024
"""About twenty thousand entries, some hours of a ward."""


class Reserve:
    """A file beside the trail that holds the space; given up when it is needed, taken back when there is room again."""

    def __init__(self, path: Path, size: int = BYTES) -> None:
        self.path = path
        self.size = size

    @property
    def is_there(self) -> bool:
        return self.path.exists() and self.path.stat().st_size >= self.size

    def take(self) -> None:
        """Set the space aside, unless the disk has hardly more than that left."""
        if self.is_there or not self.size:
            return
        disk = os.statvfs(self.path.parent)
        if disk.f_bavail * disk.f_frsize < 2 * self.size:
            return
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, self.size)
        except OSError:  # the disk filled up meanwhile: nothing is reserved, and the system page says so
            self.path.unlink(missing_ok=True)
        finally:
            os.close(handle)

    def give_up(self) -> bool:
        """Free the space; false when there was none set aside."""
        if not self.path.exists():
            return False
        with contextlib.suppress(OSError):  # a disk that became read-only: then nothing can be written anyway
            self.path.unlink()
        return not self.path.exists()
