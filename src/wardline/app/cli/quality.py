"""`wardline quality`: the quality measures over everybody in the log."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from wardline.app.bootstrap import open_log
from wardline.app.discovery import discover
from wardline.app.quality_measures import measured
from wardline.app.settings import load
from wardline.app.site_tables import site_tables


def quality(
    *,
    period: Annotated[str, Parameter(help='A year ("2026") or two days ("2026-01-01/2026-06-30").')],
    as_json: Annotated[bool, Parameter(name="--json", help="Progress and then the result, one JSON line each.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Count each quality measure over everybody whose FHIR resources are kept, for a measurement period.

    Value sets are read from the folder value_sets of the site's configuration; a measure whose sets are not there says so.

    For example:

        wardline quality --period 2026
    """
    settings, catalogue = load(data=data), discover()
    site = site_tables(settings.config_folder / "site", catalogue)

    def progress(done: int, of: int) -> None:
        if as_json:
            sys.stdout.write(json.dumps({"done": done, "of": of}) + "\n")
            sys.stdout.flush()

    with closing(open_log(settings.data)) as log:
        found = measured(log, catalogue.capabilities, site, period, datetime.now(UTC), progress)
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"{found['patients']:,} patients with FHIR resources, {found['period']}")
    table = Table(box=None, pad_edge=False)
    for heading in ("measure", "populations", "rate", "95 %"):
        table.add_column(heading)
    for each in found["measures"]:
        counts = ", ".join(f"{part['words'].lower()} {part['count']}" for part in each["populations"]) or "–"
        rate = each["rate"]
        known = rate is not None and rate["share"] is not None
        table.add_row(
            each["title"], counts, f"{100 * rate['share']:.1f} %" if known else "–",
            f"{100 * rate['low']:.1f} to {100 * rate['high']:.1f}" if known else "–",
        )  # fmt: skip
    console.print(table)
    for each in found["measures"]:
        for reason in each["unanswered"]:
            console.print(f"{each['title']}: {reason['reason']} ({reason['patients']} patients)", style="dim")
