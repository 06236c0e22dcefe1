"""`wardline privacy`: the rules of retention before they count, and the register of erasures, checked line by line.

Nobody is erased from the command line: that takes two people, signed in, on the privacy page.
"""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.app.erasing import rules_in
from wardline.app.settings import load
from wardline.core.errors import NotFound
from wardline.security.retention.rules import KINDS, Rule
from wardline.security.retention.suggested import SUGGESTED

Data = Annotated[Path | None, Parameter(help="The data folder.")]
Json = Annotated[bool, Parameter(name="--json", help="One JSON line each.")]
app = App(name="privacy", help="How long records are kept, and the register of erasures. Erasing takes two people on the privacy page.")


@app.command
def rules(
    file: Annotated[Path | None, Parameter(help="Rules to be checked; those of the data folder when left out.")] = None,
    *,
    suggested: Annotated[bool, Parameter(help="What laws and codes of practice say, for whoever writes the site's rules.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """How long each kind of record is kept. Ends with a sentence on what is wrong when the file is not right.

    For example:

        wardline privacy rules draft.yaml

        wardline privacy rules --suggested
    """
    if suggested:
        lines = [_suggestion(each.jurisdiction, each.kind, each.rule.keep_years, each.rule.basis, each.standing) for each in SUGGESTED]
        _show(lines, as_json=as_json)
        return
    place = file or load(data=data).config_folder / "retention.yaml"
    if file is not None and not file.exists():
        raise NotFound(f"there is no {file}")
    found = rules_in(place)
    _show([_rule(kind, says, found.of(kind)) for kind, says in KINDS.items()], as_json=as_json)


@app.command
def register(*, as_json: Json = False, data: Data = None) -> None:
    """Every erasure that was carried out, and whether the register is as it was written.

    For example:

        wardline privacy register
    """
    settings = load(data=data)
    folder = DataFolder(settings.data, reading=True)
    found = ErasureRegister(settings.erasures_file, folder.register_key)
    if not found.exists:
        raise NotFound(f"there is no register at {settings.erasures_file}; set WARDLINE_ERASURES to where it is")
    _show([{"at": entry.at.isoformat(), "erasure": entry.erasure, "records": len(entry.owners)} for entry in found.entries()], as_json=as_json)


def _rule(kind: str, says: str, rule: Rule | None) -> dict[str, object]:
    return {"kind": kind, "what": says, "keep_years": rule.keep_years if rule else None, "basis": rule.basis if rule else ""}


def _suggestion(jurisdiction: str, kind: str, keep_years: float, basis: str, standing: str) -> dict[str, object]:
    return {"jurisdiction": jurisdiction, "kind": kind, "keep_years": keep_years, "basis": basis, "standing": standing}


def _show(lines: list[dict[str, object]], *, as_json: bool) -> None:
    console = Console(markup=False, highlight=False, soft_wrap=as_json)
    if as_json:
        for line in lines:
            console.out(json.dumps(line, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for name in lines[0] if lines else ():
        table.add_column(name.replace("_", " "), overflow="fold")
    for line in lines:
        table.add_row(*(str(value) if value is not None else "kept" for value in line.values()))
    console.print(table if lines else "There is nothing in it; it is whole.")
