"""`wardline log`: what is durably stored, in order, while the server runs or is stopped."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from wardline.adapters.embedded.log import SqliteLog
from wardline.app.bootstrap import open_log
from wardline.app.settings import load
from wardline.core.events import Event
from wardline.formats.events import event_json


def log(
    *,
    raw: Annotated[bool, Parameter(help="Received messages.")] = False,
    events: Annotated[bool, Parameter(help="What became of them (the default).")] = False,
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line each.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
    after: Annotated[int, Parameter(help="Only what comes after this number.")] = 0,
    limit: Annotated[int, Parameter(help="At most so many lines.")] = 1_000_000,
) -> None:
    """Show the durable log: received messages (number, feed, control id, SHA-256, state) or the events they became.

    For example:

        wardline log --raw --json

        wardline log --events --limit 50
    """
    stored = open_log(load(data=data).data)
    lines = _messages(stored, after, limit) if raw and not events else _events(stored, after, limit)
    if as_json:
        for line in lines:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    console = Console(markup=False, highlight=False)
    table = Table(box=None, pad_edge=False)
    for place, line in enumerate(lines):
        if not place:
            for name in line:
                table.add_column(name.replace("_", " "), overflow="fold")
        table.add_row(*(str(value) if value is not None else "–" for value in line.values()))
    console.print(table if table.columns else "The log is empty.")


def _messages(stored: SqliteLog, after: int, limit: int) -> Any:
    for seq, recorded_at, message in stored.messages(after, limit):
        yield {
            "seq": seq, "feed": message.feed, "control_id": message.control_id or None, "sha256": message.sha256.hex(),
            "recorded_at": recorded_at.isoformat(), "state": message.fate.state,
        }  # fmt: skip


def _events(stored: SqliteLog, after: int, limit: int) -> Any:
    shown = 0
    for step in stored.steps(after):
        events: list[Event] = [event for _, row in step.rows for event in row]
        for event in sorted(events, key=lambda event: event.id):
            if shown >= limit:
                return
            shown += 1
            yield event_json(event)
