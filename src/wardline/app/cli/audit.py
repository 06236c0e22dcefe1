"""`wardline audit`: is the trail whole, who did what to whom, and the heads for a second place; also while Wardline runs."""

import asyncio
import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.identities import SqliteIdentities
from wardline.app.settings import load
from wardline.core.errors import NotFound, Refused
from wardline.formats.audit.heads import Signer
from wardline.security.audit.tables import as_csv, as_fhir
from wardline.security.audit.verifying import Verdict, verify, witnessed

app = App(name="audit", help="The audit trail: whether it is whole, who did what to whom, and its signed heads; also while Wardline runs.")

ACTOR: Final = "command line"
AT_ONCE: Final = 1_000
Data = Annotated[Path | None, Parameter(help="The data folder.")]
Json = Annotated[bool, Parameter(name="--json", help="One JSON line each.")]
About = Annotated[str, Parameter(help="Key of a patient's record.")]
Who = Annotated[str, Parameter(help="Id or sign-in name of an account.")]
Action = Annotated[str, Parameter(help="What was done, in the trail's words.")]
Outcome = Annotated[Literal["", "success", "refused", "failed"], Parameter(help="How it ended.")]
Since = Annotated[datetime | None, Parameter(help="From this moment on (with offset).")]
Until = Annotated[datetime | None, Parameter(help="Before this moment (with offset).")]


@app.command(name="verify")
def verify_trail(
    *,
    witness: Annotated[Path | None, Parameter(help="File or folder of the second place; without it only the file itself is asked.")] = None,
    file: Annotated[Path | None, Parameter(help="An audit.db somewhere else, such as a copy; needs --key.")] = None,
    key: Annotated[str, Parameter(help="The trail's public key, as `wardline audit heads` prints it.")] = "",
    processes: Annotated[int, Parameter(help="How many at once; all processors when 0.")] = 0,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Check every record, every link and every signed head; name the first bad record. Ends with 1 when the trail is not whole.

    For example:

        wardline audit verify --witness /mnt/witness
    """
    path, public = _place(file, key, data)
    heads = witnessed(witness, public) if witness is not None else None
    if as_json:
        verdict = verify(path, public, heads, processes=processes, progress=lambda done, of: print(json.dumps({"done": done, "of": of}), flush=True))
        print(json.dumps(_said(verdict)), flush=True)
    else:
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as shown:
            task = shown.add_task("Verifying", total=None)
            verdict = verify(path, public, heads, processes=processes, progress=lambda done, of: shown.update(task, completed=done, total=of))
        Console(markup=False, highlight=False, soft_wrap=True).print(_sentence(verdict) + _lost(verdict))
    sys.exit(0 if verdict.is_whole else 1)


def _place(file: Path | None, key: str, data: Path | None) -> tuple[Path, bytes]:
    try:
        public = bytes.fromhex(key)
    except ValueError:
        public = b"?"
    if key and len(public) != 32:
        raise Refused("--key must be 64 hexadecimal digits, as `wardline audit heads` prints them")
    if file is not None:
        if not public:
            raise Refused("--file needs --key: a key that lies beside a trail proves nothing about it")
        if not file.exists():
            raise NotFound(f"there is no {file}")
        return file, public
    folder = DataFolder(load(data=data).data, reading=True)
    return folder.path / "audit.db", public or Signer(folder.secrets.newest("audit")).public


def _said(verdict: Verdict) -> dict[str, Any]:
    problem = verdict.problem
    return {
        "records": verdict.records, "heads": verdict.heads, "signed": verdict.signed, "witnessed": verdict.witnessed,
        "first_bad": problem.first if problem is not None else None, "problem": problem.sentence if problem is not None else "",
        "restored": [lost.sentence for lost in verdict.lost],
    }  # fmt: skip


def _sentence(verdict: Verdict) -> str:
    if verdict.problem is not None:
        return f"NOT whole. {verdict.problem.sentence[0].upper()}{verdict.problem.sentence[1:]}."
    seen = "no witness was asked" if verdict.witnessed is None else f"the witness has seen {verdict.witnessed:,}"
    return f"Whole: {verdict.records:,} records, {verdict.signed:,} of them under {verdict.heads:,} signed heads; {seen}."


def _lost(verdict: Verdict) -> str:
    return "".join(f"\n{lost.sentence[0].upper()}{lost.sentence[1:]}." for lost in verdict.lost)


@app.command
def search(
    *, about: About = "", who: Who = "", action: Action = "", outcome: Outcome = "", since: Since = None, until: Until = None,
    limit: Annotated[int, Parameter(help="So many of the newest.")] = 50, as_json: Json = False, data: Data = None,
) -> None:  # fmt: skip
    """Who did what to whom, the newest first. The search is itself recorded.

    For example:

        wardline audit search --outcome refused --limit 20
    """
    with _trail(data) as (audit, names):
        _tell(audit, "audit trail searched", about)
        entries = audit.entries(about=about, who=_account(who, names), action=action, outcome=outcome, since=since, until=until, limit=limit)
    console = Console(markup=False, highlight=False, soft_wrap=as_json)
    table = Table(box=None, pad_edge=False)
    for name in ("record", "at", "who", "what", "outcome", "patient", "more"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        if as_json:
            console.out(json.dumps({**entry, "at": entry["at"].isoformat()}, ensure_ascii=False))
            continue
        more = ", ".join(f"{name}: {value}" for name, value in entry["detail"].items())
        patient = entry["about"] or (f"{len(entry['records'])} patients" if entry["records"] else "")
        who_it_was = names.get(entry["who"], entry["who"])
        table.add_row(str(entry["id"]), f"{entry['at']:%Y-%m-%d %H:%M:%S}", who_it_was, entry["action"], entry["outcome"], patient, more)
    if not as_json:
        console.print(table if table.row_count else "Nothing is recorded of this.")


@app.command
def export(
    *, format: Annotated[Literal["csv", "fhir"], Parameter(help="A table, or AuditEvents (FHIR R4, IHE BALP), one JSON line each.")] = "csv",
    about: About = "", who: Who = "", since: Since = None, until: Until = None, data: Data = None,
) -> None:  # fmt: skip
    """Write everything found to standard output. The export is itself recorded.

    For example:

        wardline audit export --format csv --since 2026-01-01T00:00:00Z > trail.csv
    """
    with _trail(data) as (audit, names):
        _tell(audit, "audit trail exported", about, format=format)
        pages = _pages(audit, about=about, who=_account(who, names), since=since, until=until)
        lines = as_csv(pages) if format == "csv" else (json.dumps(event) for event in as_fhir(pages))
        for line in lines:
            print(line)


@app.command
def heads(*, as_json: Json = False, data: Data = None) -> None:
    """The public key and every signed head: to print, and to keep where nobody here can change them.

    For example:

        wardline audit heads --json > heads.jsonl
    """
    folder = DataFolder(load(data=data).data, reading=True)
    signer = Signer(folder.secrets.newest("audit"))
    console = Console(markup=False, highlight=False, soft_wrap=True)
    with _trail(data) as (audit, _):
        if not as_json:
            console.print(f"Trail {signer.log}, public key {signer.public.hex()}")
        for head in audit.heads():
            at = datetime.fromtimestamp(head.at / 1_000_000).astimezone()
            console.out(head.line() if as_json else f"{at:%Y-%m-%d %H:%M:%S%z}  {head.size:>12,} records  {head.root.hex()}")


@contextmanager
def _trail(data: Path | None) -> Iterator[tuple[SqliteAudit, dict[str, str]]]:
    """The trail, and people's sign-in names by account."""
    folder = DataFolder(load(data=data).data, reading=True)
    with closing(SqliteIdentities(folder.path / "identities.db")) as identities:
        names = {user.id: user.login for user in identities.users()}
    with closing(SqliteAudit(folder.path / "audit.db")) as audit:
        yield audit, names


def _account(who: str, names: Mapping[str, str]) -> str:
    return next((id for id, login in names.items() if login == who.lower()), who)


def _tell(audit: SqliteAudit, action: str, about: str, **detail: str) -> None:
    asyncio.run(audit.record(ACTOR, action, about, person=getpass.getuser(), **detail))


def _pages(audit: SqliteAudit, **wanted: Any) -> Iterator[Mapping[str, Any]]:
    """Everything, the newest first, a page at a time."""
    before = 0
    while entries := audit.entries(**wanted, before=before, limit=AT_ONCE):
        yield from entries
        before = entries[-1]["id"]
