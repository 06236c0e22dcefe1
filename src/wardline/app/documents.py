"""Pages that are made from the code, so that they cannot disagree with it: capabilities, settings, the command line.

`make docs` writes them; a test compares them with what would be written now.
"""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from wardline.app.discovery import Case, Catalogue, discover
from wardline.app.settings import Settings
from wardline.core.capability import Capability, Need
from wardline.core.concepts import LOINC_NOTICE
from wardline.core.scoring import Bands, Chart, Choice, Codes, Table

DOCS: Final = Path(__file__).resolve().parents[3] / "docs"
MADE: Final = "<!-- Made from the code by `make docs`; change the code instead. -->\n"


STANDING: Final = """
**Standing.** *Verified*: the table was checked against its source, or two independent implementations agree on every boundary. *Provisional*:
recalled or from one source; marked on screen, never interrupts anybody, waits for the site's named clinician.
"""
PRECEDENCE: Final = """The command line wins over the environment (`WARDLINE_` and the name in capitals, `__` between levels), which wins over the
YAML file given with `--config`. No secret is a setting.
"""


def pages() -> Iterator[tuple[str, str]]:
    """(path below docs/, text) of every page."""
    catalogue = discover()
    for capability in catalogue.capabilities:
        yield f"capabilities/{capability.id}.md", capability_page(capability, catalogue.cases[capability.id])
    yield "capabilities/README.md", _index(catalogue)
    yield "operating/settings.md", settings_page()
    yield "operating/command-line.md", command_line_page()


def write() -> list[Path]:
    """Write every page that differs; returns those."""
    changed = []
    for name, text in pages():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


# --- capabilities ---------------------------------------------------------------------------------------------------------------


def _index(catalogue: Catalogue) -> str:
    lines = [MADE, "# Capabilities\n", "Each is one file with its reference cases beside it. `wardline verify` runs every case on your machine.\n"]
    lines += ["| capability | answers | standing | cases |", "|---|---|---|---|"]
    for each in catalogue.capabilities:
        cases = len(catalogue.cases[each.id])
        lines.append(f"| [{each.title}]({each.id}.md) | {each.question} | {each.standing} | {cases} |")
    lines += [STANDING, f"**LOINC.** {LOINC_NOTICE}\n"]
    return "\n".join(lines)


def capability_page(capability: Capability, cases: tuple[Case, ...]) -> str:
    lines = [MADE, f"# {capability.title}\n", f"**{capability.question[:1].upper()}{capability.question[1:]}**\n"]
    facts = {
        "Id": f"`{capability.id}`, version {capability.version}", "Reference": capability.reference, "Standing": capability.standing,
        "Not for": capability.not_for, "Caution": capability.caution,
        "Missing inputs": "the answer says at least how much" if capability.additive else "the answer is unknown and names them",
    }  # fmt: skip
    lines += [f"- {name}: {value}" for name, value in facts.items() if value]
    lines += ["\n## What it needs\n", "| input | what | not older than |", "|---|---|---|"]
    lines += [f"| `{name}` | {_need(need)} | {_age(need)} |" for name, need in capability.needs]
    if isinstance(capability.chart, Chart):
        lines.append("\n## Its table\n")
        for name, table in capability.chart.tables:
            lines += _table(name.replace("_", " "), table)
    lines += [f"\n## Reference cases ({len(cases)})\n", *(f"- {case.name}{f' ({case.source})' if case.source else ''}" for case in cases), ""]
    return "\n".join(lines)


def _need(need: Need) -> str:
    words = {"age": "age in completed years", "sex": "sex", "finding": f"the answer of `{need.name}`", "site": f"the site's table `{need.name}`"}
    what = ", ".join(f"{concept.name}{f' ({concept.unit})' if concept.unit else ''}" for concept in need.concepts)
    text = {"series": f"all values of {what}", "readings": f"values of {what}", "latest": what, "given": "given by the caller"}.get(
        need.kind, words.get(need.kind, "")
    )
    if need.default is not None:
        text += f"; {need.default} where nothing is recorded"
    return text if need.required or need.default is not None else f"{text}; optional"


def _age(need: Need) -> str:
    if need.within is None:
        return "–"
    hours = need.within.total_seconds() / 3600
    return f"{hours:g} h" if hours < 48 else f"{hours / 24:g} days"


def _table(name: str, table: Table) -> list[str]:
    match table:
        case Bands():
            return [f"{name[:1].upper()}{name[1:]}\n", _row(table.labels), _rule(table.labels), _row(table.scores), ""]
        case Codes():
            return [f"{name[:1].upper()}{name[1:]}\n", _row(table.labels), _rule(table.labels), _row(points for _, points in table.scores), ""]
        case Choice():
            parts: list[str] = []
            for answer, inner in table.tables:
                parts += _table(f"{name}, {table.by.replace('_', ' ')} {_word(answer)}", inner)
            return parts


def _word(answer: Any) -> str:
    return {True: "yes", False: "no"}.get(answer, str(answer)) if isinstance(answer, bool) else str(answer)


def _row(cells: Any) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _rule(cells: Any) -> str:
    return f"|{'---|' * len(tuple(cells))}"


# --- operating ------------------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    lines = [MADE, "# Settings\n", PRECEDENCE, "| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "–" if field.default is None else f"`{field.default}`"
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join([*lines, ""])


def command_line_page() -> str:
    from wardline.app.cli import COMMANDS, app, register  # the whole command line is only needed here

    register(whole=True)
    lines = [MADE, "# Command line\n", "```", _help(app, []), "```"]
    for name in COMMANDS:
        lines += [f"\n## wardline {name}\n", "```", _help(app, [name]), "```"]
    return "\n".join([*lines, ""])


def _help(app: Any, tokens: list[str]) -> str:
    text = io.StringIO()
    console = Console(file=text, width=100, force_terminal=False, color_system=None, legacy_windows=False)
    with contextlib.redirect_stdout(text):
        app.help_print(tokens, console=console)
    return "\n".join(line.rstrip() for line in text.getvalue().strip().splitlines())


if __name__ == "__main__":
    for written in write():
        Console().print(f"written: {written.relative_to(DOCS.parent)}")
