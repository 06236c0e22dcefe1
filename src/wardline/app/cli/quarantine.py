"""`wardline quarantine`: messages that were kept but not understood."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from wardline.app.bootstrap import open_log
from wardline.app.settings import load

Data = Annotated[Path | None, Parameter(help="The data folder.")]
app = App(name="quarantine", help="Messages that were kept but not understood. They are repaired and replayed on the feeds page.")


@app.command(name="list")
def list_quarantined(*, as_json: Annotated[bool, Parameter(name="--json", help="One JSON line each.")] = False, data: Data = None) -> None:
    """Every message nobody has dealt with yet, newest first, with the exact reason.

    For example:

        wardline quarantine list
    """
    console = Console(markup=False, highlight=False, soft_wrap=as_json)
    table = Table(box=None, pad_edge=False)
    for name in ("message", "recorded at", "feed", "control id", "where", "reason"):
        table.add_column(name, overflow="fold")
    for seq, at, message in open_log(load(data=data).data).quarantined():
        problem = message.fate.problem
        line = {
            "seq": seq, "recorded_at": at.isoformat(), "feed": message.feed, "control_id": message.control_id or None,
            "where": problem.where if problem else "", "reason": problem.reason if problem else "",
        }  # fmt: skip
        if as_json:
            console.out(json.dumps(line, ensure_ascii=False))
        else:
            table.add_row(*(str(value) if value is not None else "–" for value in line.values()))
    if not as_json:
        console.print(table if table.row_count else "Nothing is in quarantine.")


@app.command
def show(seq: Annotated[int, Parameter(help="The message's number, as the list shows it.")], *, data: Data = None) -> None:
    """The bytes of one message, one segment a line. It holds patient data.

    For example:

        wardline quarantine show 1042
    """
    raw = open_log(load(data=data).data).raw(seq)
    Console(markup=False, highlight=False, soft_wrap=True).out(raw.decode("utf-8", errors="replace").replace("\r", "\n"))
