"""`wardline verify`: every reference case of every capability, on this machine."""

import json

from rich.console import Console

from wardline.app.discovery import discover
from wardline.app.discovery import verify as verdicts


def verify(*, all: bool = False, json_lines: bool = False) -> int:
    """Run every reference case and say which do not give what their source says.

    Parameters
    ----------
    all
        Show the cases that passed, too.
    json_lines
        One JSON line per case.
    """
    console = Console(highlight=False, soft_wrap=True)
    catalogue = discover()
    passed = failed = 0
    for verdict in verdicts(catalogue):
        passed, failed = passed + (not verdict.difference), failed + bool(verdict.difference)
        if json_lines:
            console.out(
                json.dumps(
                    {"capability": verdict.capability, "case": verdict.case.name, "passed": not verdict.difference, "difference": verdict.difference}
                )
            )
        elif verdict.difference:
            console.print(f"[bold]failed[/bold]  {verdict.capability}: {verdict.case.name}: {verdict.difference}")
        elif all:
            console.print(f"passed  {verdict.capability}: {verdict.case.name}")
    for module, reason in catalogue.refused.items():
        failed += 1
        console.print(f"[bold]not running[/bold]  {module}: {reason}")
    console.out(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
