"""`wardline new`: a capability from the template, ready to be filled in."""

import re
from pathlib import Path
from string import Template
from typing import Annotated, Final

from cyclopts import Parameter
from rich.console import Console

from wardline.core.errors import Conflict, Refused

_NAME: Final = re.compile(r"^([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)$")

_CODE: Final = Template('''"""$title: which question does it answer?

Name the source here: authors, journal, year, the table it was taken from.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest
from wardline.core.findings import Finding, Severity
from wardline.core.scoring import bands, points

PULSE = bands((50, 1), (90, 0), above=1)  # the table of the source: up to 50: 1, up to 90: 0, above: 1

CHART = points(pulse=PULSE)


@dataclass(frozen=True)
class Needs(Inputs):
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)


@capability(
    id="$id",
    version="1",
    about="encounter",
    additive=True,
    reference="author, title, year",
    not_for="whom the source excludes",
    standing="provisional",
    chart=CHART,
    unit="{score}",
)
def $id(needs: Needs) -> Finding:
    score = CHART(needs)
    return Finding(value=score.total, unit="{score}", severity=Severity.NONE, summary=f"$title {score.total}", because=score.rows)
''')

_CASES: Final = Template("""# Band edges, the source's own examples, and a missing-data case. `wardline verify` runs them.
cases:
  - name: A pulse of 70 scores 0
    source: where the source says so
    given: {pulse: 70}
    expect: {outcome: finding, value: 0}
  - name: The upper edge of the first band
    given: {pulse: 50}
    expect: {outcome: finding, value: 1}
  - name: Without a pulse nothing is known
    given: {}
    expect: {outcome: unknown, missing: [pulse]}
""")


def new(
    name: Annotated[str, Parameter(help="AREA/NAME, for example deterioration/my_score.")],
    *,
    into: Annotated[Path | None, Parameter(help="Folder of your own package of capabilities; default: this installation's.")] = None,
) -> None:
    """Write the two files of a new capability: its function and its reference cases.

    It is live after the next start: on the board, in the API, in a backtest. Nothing has to be registered.

    For example:

        wardline new deterioration/my_score
    """
    match = _NAME.match(name)
    if match is None:
        raise Refused("write it as AREA/NAME in lower case letters, digits and underscores, for example deterioration/my_score", code="name")
    area, id = match.groups()
    root = into or Path(__file__).resolve().parents[2] / "capabilities"
    code, cases = root / area / f"{id}.py", root / area / f"{id}.cases.yaml"
    for file in (code, cases):
        if file.exists():
            raise Conflict(f"{file} exists already")
    code.parent.mkdir(parents=True, exist_ok=True)
    if not (code.parent / "__init__.py").exists():
        (code.parent / "__init__.py").write_text(f'"""Capabilities about {area.replace("_", " ")}."""\n', encoding="utf-8")
    values = {"id": id, "title": id.replace("_", " ").capitalize()}
    code.write_text(_CODE.substitute(values), encoding="utf-8")
    cases.write_text(_CASES.substitute(values), encoding="utf-8")
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"Written: {code}\n         {cases}\nNext: fill in the table and the cases, then run `wardline verify`.")
