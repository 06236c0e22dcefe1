"""How events are numbered."""

from typing import Final, TypeAlias

EventId: TypeAlias = int
"""Row number in the log * 4096 + place in the row. 0 means: not stored yet."""

EVENTS_PER_ROW: Final = 4096
