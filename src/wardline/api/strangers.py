"""Strangers at the doors: every refusal is kept, unless there are so many in a second that they would fill the disk."""

from datetime import datetime, timedelta
from typing import Final

STRANGERS_A_SECOND: Final = 10
"""Refusals of people nobody knows that are kept one by one; more of them in the same second are counted, so that they cannot fill the disk."""


class Strangers:
    """Counts refusals of people nobody knows, second by second."""

    def __init__(self) -> None:
        self._second: datetime | None = None
        self._count = self._left_out = 0

    def count(self, now: datetime) -> dict[str, str] | None:
        """What to add to this one's entry; None when it is one too many."""
        if self._second is None or now - self._second >= timedelta(seconds=1):
            self._second, self._count = now, 0
        self._count += 1
        if self._count > STRANGERS_A_SECOND:
            self._left_out += 1
            return None
        left_out, self._left_out = self._left_out, 0
        return {"not_kept_before": str(left_out)} if left_out else {}
