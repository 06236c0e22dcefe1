"""`wardline verify`: every reference case of every capability, on this machine."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from wardline.app.discovery import discover
from wardline.app.discovery import verify as verdicts
from wardline.app.imaging.site_models import models_in
from wardline.app.settings import load


def verify(
    *,
    all: Annotated[bool, Parameter(help="Show the cases that passed, too.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder, for the site's models.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line per case before the last line.")] = False,
) -> int:
    """Run every reference case and say which do not give what their source says. Exit code 1 when there is one.

    For example:

        wardline verify --all
    """
    console = Console(markup=False, highlight=False, soft_wrap=True)
    catalogue = discover()
    passed = failed = 0
    for verdict in verdicts(catalogue, models=models_in(load(data=data).data)):
        passed, failed = passed + (not verdict.difference), failed + bool(verdict.difference)
        if as_json:
            line = {"capability": verdict.capability, "case": verdict.case.name, "passed": not verdict.difference, "difference": verdict.difference}
            console.out(json.dumps(line, ensure_ascii=False))
        elif verdict.difference:
            console.print(f"failed  {verdict.capability}: {verdict.case.name}: {verdict.difference}")
        elif all:
            console.print(f"passed  {verdict.capability}: {verdict.case.name}")
    for module, reason in catalogue.refused.items():
        failed += 1
        console.print(f"not running  {module}: {reason}")
    console.out(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
