"""`wardline alerts burden`: what alerts have been to the people who got them."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from wardline.app import burdens
from wardline.app.bootstrap import open_log, policy_in_force
from wardline.app.settings import load
from wardline.core.errors import Refused

COLUMNS: Final = {
    "alerts": "alerts", "pages": "pages", "acknowledged": "taken on", "overridden": "overridden", "escalated": "escalated",
    "withdrawn": "withdrawn", "ended_unanswered": "unanswered",
}  # fmt: skip
"""Count -> its heading."""

WIDTH: Final = 100
"""Columns that the table needs: rather long lines than cut headings."""


def burden(
    *,
    since: Annotated[datetime | None, Parameter(help="From here, for example 2026-10-01T00:00:00Z; default: from the first step.")] = None,
    until: Annotated[datetime | None, Parameter(help="Up to here.")] = None,
    unit: Annotated[str, Parameter(help="Only this unit.")] = "",
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Count what alerts have been to people: how many per patient-day, how fast they were answered, how they ended, why they were overridden.

    For example:

        wardline alerts burden

        wardline alerts burden --unit W7 --since 2026-10-01T00:00:00Z
    """
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            raise Refused("add the offset to the time, for example 2026-10-01T00:00:00Z", code="time")
    log = open_log(load(data=data).data)
    counted = burdens.burden_json(burdens.burden(log, since, until, unit), policy_in_force(log))
    if as_json:
        sys.stdout.write(json.dumps(counted) + "\n")
    else:
        _show(counted)


def _show(counted: dict[str, Any]) -> None:
    console = Console(markup=False, highlight=False, width=max(WIDTH, Console().width))
    stretch = " to ".join((counted[end] or "–")[:16] for end in ("since", "until"))
    console.print(f"{counted['patient_days']:.1f} patient-days, {stretch}" + (f", unit {counted['unit']}" if counted["unit"] else ""))
    per_day = (("alerts", counted["alerts_per_patient_day"]), ("pages", counted["pages_per_patient_day"]))
    if all(value is not None for _, value in per_day):
        console.print(" and ".join(f"{value:.2f} {what}" for what, value in per_day) + " per patient-day")
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for title in (*COLUMNS.values(), "median answer"):
        table.add_column(title, justify="right")
    for line in (*counted["by_capability"], {"capability": "all", **counted["total"]}):
        seconds = line["median_answer_seconds"]
        table.add_row(line["capability"], *(f"{line[name]:,}" for name in COLUMNS), "–" if seconds is None else f"{seconds / 60:.1f} min")
    console.print(table)
    for reason in counted["override_reasons"]:
        console.print(f"{reason['count']:>7}  {reason['text']}")
    for delivery in counted["deliveries"]:
        console.print(f"{delivery['count']:>7}  {delivery['channel'] or 'any channel'}: {delivery['outcome']}", style="dim")
