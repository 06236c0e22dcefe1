"""`wardline explain`: what a capability says about one patient at one moment, and why."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wardline.app.bootstrap import open_log
from wardline.app.discovery import discover
from wardline.app.settings import load
from wardline.app.site_tables import site_tables
from wardline.core.assessment import Assessor
from wardline.core.errors import NotFound, Refused
from wardline.core.quantities import plain
from wardline.engine.past import timeline_as_of
from wardline.formats.assessment import answer_json


def explain(
    capability: Annotated[str, Parameter(help="Its id, for example news2.")],
    *,
    about: Annotated[str, Parameter(help="The patient's record key, as the log and the screens show it.")],
    at: Annotated[str | None, Parameter(help="As known at this moment, for example 2026-11-21T03:12:00Z; default: the last thing recorded.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Ask a capability about a patient as of a moment, from the stored log alone, and show its reasons.

    For example:

        wardline explain news2 --about k7q2mfx3a4b5c6d7 --at 2026-11-21T03:12:00+00:00
    """
    settings = load(data=data)
    catalogue = discover()
    found = catalogue.get(capability)
    if found is None:
        raise NotFound(f"there is no capability {capability!r}")
    moment = _moment(at)
    timeline = timeline_as_of(open_log(settings.data), about, moment)
    as_of = moment or timeline.last_recorded_at
    if as_of is None:
        raise NotFound(f"nothing is known about {about!r} at that moment")
    assessed = Assessor.of(found).assess(timeline, as_of, site_tables(settings.config_folder / "site", catalogue))
    answered = answer_json(tuple(each.outcome for each in assessed), assessed[0].population if assessed else "")
    if as_json:
        Console(soft_wrap=True).out(json.dumps({"as_of": as_of.isoformat(), **answered}, ensure_ascii=False))
        return
    for each in answered.get("answers", [answered]):
        _show(each, found.title, as_of)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is not a time; write it like 2026-11-21T03:12:00Z", code="time") from None
    if at.tzinfo is None:
        raise Refused("add the offset to the time, for example 2026-11-21T03:12:00Z", code="time")
    return at


def _show(answered: dict[str, object], title: str, as_of: datetime) -> None:
    console = Console(markup=False, highlight=False)
    said = Text(str(answered.get("summary") or answered.get("reason") or answered["outcome"]), style="bold")
    console.print(Text.assemble(said, f"   {title}, as of {as_of.isoformat()}"))
    if answered.get("missing"):
        console.print(f"missing: {', '.join(answered['missing'])}")  # type: ignore[arg-type]
    table = Table(box=None, pad_edge=False)
    for name in ("input", "value", "band", "points"):
        table.add_column(name, justify="right" if name == "points" else "left")
    for line in answered.get("because", ()):  # type: ignore[attr-defined]
        value = line.get("value", "–")
        shown = plain(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
        table.add_row(str(line["input"]).replace("_", " "), shown, str(line.get("band", "")), str(line.get("points", "")))
    if table.row_count:
        console.print(table)
