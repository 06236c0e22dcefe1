"""How far the log had got: written beside it after every commit, so that a log that lost its end is noticed.

A damaged write-ahead log is silently shorter when it is opened. This file says how long it must be at least.
"""

import os
import struct
import zlib
from pathlib import Path
from typing import Final

from wardline.core.errors import StorageBroken

_CONTENT: Final = struct.Struct("<QQQ")
_SIZE: Final = _CONTENT.size + 4


class Head:
    """The numbers of the last committed step, of its last row and of the last change without a step, with a checksum.

    Not synced: after a crash of the machine it may be behind.
    """

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.is_damaged = False
        if is_new:
            self.write(0, 0, 0)

    def write(self, seq: int, row: int, change: int) -> None:
        content = _CONTENT.pack(seq, row, change)
        os.pwrite(self._file, content + zlib.crc32(content).to_bytes(4, "little"), 0)

    def check(self, seq: int, row: int, change: int) -> None:
        """Raise `StorageBroken` when more had been committed than the log holds now."""
        stored = os.pread(self._file, _SIZE + 1, 0)
        content = stored[: _CONTENT.size]
        if len(stored) != _SIZE or zlib.crc32(content) != int.from_bytes(stored[_CONTENT.size :], "little"):
            self.is_damaged = True
            return
        last_seq, last_row, last_change = _CONTENT.unpack(content)
        if last_seq > seq or last_row > row or last_change > change:
            raise StorageBroken(f"the log ends at step {seq}, but step {last_seq} had been committed: restore it from a backup")

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
