"""An event as JSON, for the log command, the API and people who look for themselves."""

from datetime import datetime
from typing import Any

from wardline.core.events import Event


def event_json(event: Event) -> dict[str, Any]:
    """Kind, times, source, and the fields of its value that say something."""
    shown: dict[str, Any] = {
        "id": str(event.id), "kind": event.kind, "about": event.about, "occurred_at": event.occurred_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(), "source": event.source,
    }  # fmt: skip
    if event.actor:
        shown["actor"] = event.actor
    if event.encounter:
        shown["encounter"] = event.encounter
    if event.caused_by:
        shown["caused_by"] = [str(id) for id in event.caused_by]
    shown["value"] = {name: _plain(value) for name, value in event.value._asdict().items() if value not in (None, "", (), False)}
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items() if part not in (None, "", ())}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
