"""Who a patient is, from everything one source has said: an empty detail says nothing, a deleted one is taken back."""

from datetime import datetime
from typing import Any

from wardline.core.events import DELETED, Event, Registered


class Details:
    """Of every detail the newest statement, in whatever order statements arrive."""

    __slots__ = ("_newest", "_said")

    def __init__(self) -> None:
        self._newest: Event | None = None
        self._said: dict[str, tuple[tuple[datetime, datetime], Any]] = {}

    def apply(self, event: Event) -> Event:
        """Take in one `Registered`. Returns the newest statement, completed with what older ones said."""
        stated_at = _stated_at(event)
        if self._newest is None or stated_at >= _stated_at(self._newest):
            self._newest = event
        for name, value in zip(Registered._fields, event.value, strict=True):
            before = self._said.get(name)
            if value not in ("", (), None) and (before is None or stated_at >= before[0]):
                self._said[name] = stated_at, value
        known: dict[str, Any] = {"identifiers": ()} | {name: "" if value == DELETED else value for name, (_, value) in self._said.items()}
        return self._newest._replace(value=Registered(**known))


def _stated_at(event: Event) -> tuple[datetime, datetime]:
    return event.value.issued_at or event.recorded_at, event.recorded_at
