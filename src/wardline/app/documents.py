"""Pages that are made from the code, so that they cannot disagree with it: capabilities, safety, settings, the command line.

`make docs` writes them; a test compares them with what would be written now.
"""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from cyclopts import App
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from rich.console import Console

from wardline.app.capability_pages import MADE, ROOT, capability_page, index_page
from wardline.app.chart_pictures import picture
from wardline.app.cli import COMMANDS, command_line
from wardline.app.discovery import discover
from wardline.app.safety_pages import safety_pages
from wardline.app.settings import Settings
from wardline.core.scoring import Chart

DOCS: Final = ROOT / "docs"
PRECEDENCE: Final = """The command line wins over the environment (`WARDLINE_` and the name in capitals, `__` between levels), which wins over the
YAML file given with `--config`. No secret is a setting.
"""


def pages() -> Iterator[tuple[str, str]]:
    """(path below docs/, text) of every page and picture."""
    catalogue = discover()
    # A hospital's own package may be installed beside ours: its pages are its own business.
    ours = tuple(each for each in catalogue.capabilities if catalogue.sources[each.id].is_relative_to(ROOT / "src"))
    for each in ours:
        yield f"capabilities/{each.id}.md", capability_page(each, catalogue.cases[each.id], catalogue.sources[each.id])
        if isinstance(each.chart, Chart):
            yield f"capabilities/{each.id}.svg", picture(each.chart, each.title)
    yield "capabilities/README.md", index_page(ours, catalogue.cases)
    yield from safety_pages()
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


# --- operating ------------------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    lines = [MADE, "# Settings\n", PRECEDENCE, "| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        lines.append(_setting(name, field))
        inner = next((part for part in get_args(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None)
        if inner is not None:
            lines += [_setting(f"{name}.{part}", below) for part, below in inner.model_fields.items()]
    return "\n".join([*lines, ""])


def _setting(name: str, field: FieldInfo) -> str:
    said = ", ".join(map(str, field.default)) if isinstance(field.default, tuple) and field.default else field.default
    default = "required" if field.is_required() else "–" if said is None else f"`{said}`"
    return f"| `{name}` | {default} | {field.description} |"


def command_line_page() -> str:
    app = command_line(whole=True)
    lines = [MADE, "# Command line\n", "```", _help(app, []), "```"]
    for command in commands(app):
        lines += [f"\n## wardline {' '.join(command)}\n", "```", _help(app, list(command)), "```"]
    return "\n".join([*lines, ""])


def commands(app: App) -> Iterator[tuple[str, ...]]:
    """Every command that does something, in the order of the list: ("serve",), ("users", "add") ..."""
    for name in COMMANDS:
        below = [each for each in app[name] if not each.startswith("-")]
        if not below or app[name].default_command is not None:
            yield (name,)
        yield from ((name, each) for each in below)


def _help(app: App, tokens: list[str]) -> str:
    text = io.StringIO()
    console = Console(file=text, width=100, force_terminal=False, color_system=None, legacy_windows=False)
    with contextlib.redirect_stdout(text):
        app.help_print(tokens, console=console)
    return "\n".join(line.rstrip() for line in text.getvalue().strip().splitlines())


if __name__ == "__main__":
    for written in write():
        Console().print(f"written: {written.relative_to(DOCS.parent)}")
