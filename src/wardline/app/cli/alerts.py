"""`wardline alerts`: try an alert policy on the past before anybody is paged by it."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wardline.app.bootstrap import open_log, policy_in_force
from wardline.app.cli.burdens import burden
from wardline.app.settings import load
from wardline.app.simulating import comparison, comparison_json
from wardline.core.errors import NotFound, Refused
from wardline.delivery.policy import problems, read_policy
from wardline.delivery.policy.terms import Policy

app = App(name="alerts", help="Try an alert policy on the past, check what it says, count what alerts have been.")
app.command(burden)

BAR = 40


@app.command
def simulate(
    policy: Annotated[Path, Parameter(help="The proposed policy, a YAML file; - for standard input.", allow_leading_hyphen=True)],
    *,
    since: Annotated[datetime | None, Parameter(help="Replay from here, for example 2026-10-01T00:00:00Z; default: from the first step.")] = None,
    until: Annotated[datetime | None, Parameter(help="Replay up to here.")] = None,
    plot: Annotated[Path | None, Parameter(help="Also draw pages by hour of day into this file (PNG or SVG).")] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line.")] = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Replay the stored log under another policy and compare it with the one in force. Nothing is recorded and nobody is told.

    Shows alerts per patient-day and per nurse-hour, how many outcomes were preceded by a page and by how long, and what would change.

    For example:

        wardline alerts simulate my-policy.yaml

        wardline alerts simulate my-policy.yaml --since 2026-10-01T00:00:00Z --plot pages.png
    """
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            raise Refused("add the offset to the time, for example 2026-10-01T00:00:00Z", code="time")
    log = open_log(load(data=data).data)
    today, proposed = _policies(policy, log)
    compared = comparison_json(comparison(log, today, proposed, since, until))
    if as_json:
        sys.stdout.write(json.dumps(compared) + "\n")
        return
    _show(compared)
    if plot is not None:
        draw(compared, plot)
        Console(markup=False, highlight=False).print(f"Drawn: {plot}")


@app.command
def check(policy: Annotated[Path, Parameter(help="A policy, a YAML file.")]) -> int:
    """Say what speaks against a policy: a page without an action, an escalation that ends in silence, a budget on what is life-threatening.

    Exit code 1 when something does.

    For example:

        wardline alerts check my-policy.yaml
    """
    found = problems(read_policy(_text(policy), policy.name))
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for each in found:
        console.print(f"{each.where}: {each.sentence}")
    console.print("Nothing speaks against it." if not found else f"{len(found)} objections")
    return 1 if found else 0


def _policies(file: Path, log: Any) -> tuple[Policy, Policy]:
    """(in force, proposed). From standard input both come as JSON: that is how the server asks."""
    if str(file) == "-":
        both = json.loads(sys.stdin.read())
        return read_policy(both["today"], "the policy in force"), read_policy(both["proposed"], "the proposal")
    return policy_in_force(log), read_policy(_text(file), file.name)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from None


def _show(compared: dict[str, Any]) -> None:
    today, proposed = compared["today"], compared["proposed"]
    console = Console(markup=False, highlight=False)
    stretch = " to ".join((today[end] or "–")[:16] for end in ("since", "until"))
    console.print(f"Replayed {today['patients']} patients, {today['patient_days']:.1f} patient-days, {stretch}")
    table = Table(box=None, pad_edge=False)
    for name, justify in (("", "left"), ("today", "right"), ("proposed", "right"), ("", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for label, name, digits in (
        ("pages per patient-day", "pages_per_patient_day", 2), ("pages per nurse-hour", "pages_per_nurse_hour", 2),
        ("worklist items per patient-day", "worklist_per_patient_day", 2), ("pages", "pages", 0), ("escalations", "escalations", 0),
        ("outcomes", "outcomes", 0), ("outcomes preceded by a page", "found", 0), ("pages followed by an outcome", "pages_followed", 0),
    ):  # fmt: skip
        before, after = today[name], proposed[name]
        table.add_row(label, _number(before, digits), _number(after, digits), _bars(before, after))
    table.add_row("median lead time", _hours(today["lead_time_seconds"]), _hours(proposed["lead_time_seconds"]), "")
    console.print(table)
    for reason in compared["reasons"][:12]:
        console.print(f"{reason['count']:>7}  {reason['kind']:<8} {reason['why']}")
    for lost in compared["lost"]:
        console.print(f"   lost  {lost['what']} at {lost['at'][:16]}")
    console.print(today["assumption"], style="dim")


def _number(value: float | None, digits: int) -> str:
    return "not known" if value is None else f"{value:,.{digits}f}"


def _hours(seconds: float | None) -> str:
    return "–" if seconds is None else f"{int(seconds // 3600)} h {int(seconds % 3600 // 60):02d} min"


def _bars(before: float | None, after: float | None) -> Text:
    """Two bars on one scale: grey for today, indigo for the proposal."""
    if not before and not after:
        return Text()
    longest = max(before or 0, after or 0)
    grey, indigo = (round(BAR * (value or 0) / longest) for value in (before, after))
    return Text.assemble(("▀" * grey, "bright_black"), "\n", ("▀" * indigo, "blue"))


def draw(compared: dict[str, Any], file: Path) -> None:
    """Pages by hour of day under both policies."""
    try:
        import matplotlib as mpl  # large, and only for this
    except ModuleNotFoundError:
        raise NotFound("plots need the extra `evaluation`: pip install 'wardline[evaluation]'") from None
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3.2))
    for name, colour in (("today", "#868F98"), ("proposed", "#4548B0")):
        result = compared[name]
        per_hour = [count / max(result["patient_days"], 1e-9) for count in result["hour_of_day"]]
        axes.step(range(25), [*per_hour, per_hour[-1]], where="post", color=colour, label=name, linewidth=1.5)
    axes.set(xlabel="hour of day", ylabel="pages per patient-day, in this hour", xlim=(0, 24), ylim=(0, None), xticks=range(0, 25, 6))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(file)
    plt.close(figure)
