"""`wardline import`: what another FHIR server, or a folder of its files, knows about patients."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from wardline.adapters.outgoing.http import HttpOutside
from wardline.adapters.outgoing.places import Places
from wardline.adapters.outgoing.pools import PoolBook
from wardline.app import logs
from wardline.app.importing import HouseElsewhere, this_house
from wardline.app.outgoing import listed_in, place_of
from wardline.app.settings import Settings, load
from wardline.core.errors import Refused
from wardline.formats.fhir.authorisation import BackendService, Bearer, Proof
from wardline.formats.fhir.client import FhirClient
from wardline.formats.fhir.resources import ID, instant
from wardline.intake.fhir.asking import Asking
from wardline.intake.fhir.bulk import BulkExport
from wardline.intake.fhir.folders import Folder
from wardline.intake.fhir.pages import PagedSearch
from wardline.intake.fhir.parts import Source, Told, key_of
from wardline.intake.fhir.taking import Account, Home, Ledger, take_in

app = App(name="import", help="Take in what other systems know about patients.")
SECONDS = 120.0
LARGEST = 512 * 1024 * 1024
"""Of one answer: a file of an export is read whole."""
SAMPLES = 20


@dataclass(frozen=True)
class Other:
    """The server that is asked, and how."""

    how: Literal["auto", "export", "search"] = "auto"
    """Bulk export, search patient by patient, or what the server says that it can."""
    group: str = ""
    """Export the patients of this Group alone."""
    patient: tuple[str, ...] = ()
    """Search these patients alone, by their ids there."""
    types: str = ""
    """Types of resources, with commas between; default: all of an export, the usual ones of a search."""
    count: int = 100
    """Entries of a page that are asked for; servers may give fewer."""
    whole: bool = False
    """Ask for everything again, not only for what has changed since the last import."""
    token: Path | None = None
    """File with a bearer token."""
    client_id: str = ""
    """SMART Backend Services: our name there."""
    key: Path | None = None
    """SMART Backend Services: our private key in PEM (EC P-384 or RSA)."""
    key_id: str = ""
    """SMART Backend Services: what the server calls our key; default: its thumbprint (RFC 7638)."""
    scope: str = "system/*.rs"
    """SMART Backend Services: what to ask for."""
    token_url: str = ""
    """SMART Backend Services: where tokens are given; default: the server is asked."""
    in_clear: bool = False
    """The network to the server is protected, so http will do."""

    def proof(self) -> Proof | None:
        proof: Proof | None = Bearer(self.token) if self.token is not None else None
        if self.client_id or self.key is not None:
            if not self.client_id or self.key is None or proof is not None:
                raise Refused("give --client-id and --key together, or --token alone", code="proof")
            proof = BackendService(self.client_id, self.key, self.scope, self.token_url, self.key_id)
        if proof is not None:
            proof.check()
        return proof

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(each.strip() for each in self.types.split(",") if each.strip())


@app.command
def fhir(
    source: Annotated[str, Parameter(help="Address of the server, or a folder or file of resources (*.json, *.ndjson, also packed).")],
    *,
    other: Annotated[Other | None, Parameter(name="*")] = None,
    data: Annotated[Path | None, Parameter(help="The data folder to fill; nothing else may run on it.")] = None,
    to: Annotated[str | None, Parameter(help="Address of a running Wardline instead, such as http://127.0.0.1:8080.")] = None,
    to_token: Annotated[Path | None, Parameter(help="File with the API key for --to; it needs fhir.use and fhir.write.")] = None,
    name: Annotated[str, Parameter(help="Of a folder: what its source is called. The same name, the same patients.")] = "",
) -> int:
    """Take in the patients of another FHIR R4 server, or files of resources, and say what was taken and what was not, and why.

    It can be interrupted: the same command goes on where it stopped, and later asks for what has changed since. Resources are kept as
    they came, under ids made of the server and their id there, so that two servers' Patient/1 stay two. Exit code 1 when something
    was refused.

    For example:

        wardline import fhir https://ehr.hospital.example/fhir --data ward --client-id wardline --key ehr.pem

        wardline import fhir https://ehr.hospital.example/fhir --how search --patient 4711 --token ehr.token

        wardline import fhir synthea/ --name synthea --data ward

        wardline import fhir export.ndjson --to http://127.0.0.1:8080 --to-token key.txt
    """
    console = Console(markup=False, highlight=False, soft_wrap=True)
    return asyncio.run(_import(source, other or Other(), load(data=data), to, to_token, name, console))


async def _import(source: str, other: Other, settings: Settings, to: str | None, to_token: Path | None, name: str, console: Console) -> int:
    logs.configure("warning")
    is_server = source.startswith(("https://", "http://"))
    base = source.rstrip("/")
    proof = other.proof()
    addresses = [base] if is_server else []
    addresses += [to] if to is not None else []
    addresses += [other.token_url] if other.token_url else []
    outside = _outside(addresses, settings, in_clear=other.in_clear)
    called = base if is_server else name or _name_of(source)
    question = key_of(called, to or "", other.group, other.types, *other.patient)
    ledger = Ledger(settings.data / "imports" / f"{question}.json", called)
    ledger.begin(instant(datetime.now(UTC)))
    try:
        with Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[taken]}"), TimeElapsedColumn(), console=console
        ) as bar:
            task = bar.add_task("begins", taken="", total=None)

            def told(words: str) -> None:
                bar.update(task, description=words)

            asking = Asking(FhirClient(base, outside, proof), asyncio.sleep)
            chosen = await _server(asking, other, ledger, told) if is_server else Folder(Path(source), called, told=told)
            async with _home(to, to_token, settings, outside) as home:
                account = await take_in(chosen, home, ledger, lambda so_far: bar.update(task, taken=_so_far(so_far)))
    finally:
        await outside.close()
    _say(console, account)
    return 1 if account.refused else 0


def _name_of(folder: str) -> str:
    return Path(folder).resolve().name


async def _server(asking: Asking, other: Other, ledger: Ledger, told: Told) -> Source:
    if not all(ID.fullmatch(each) for each in (*other.patient, *((other.group,) if other.group else ()))):
        raise Refused("--patient and --group are ids: letters, digits, - and .", code="id")
    since = "" if other.whole else ledger.since
    how = other.how
    if how == "auto":
        how = "search" if other.patient or not await _exports(asking) else "export"
    if how == "search":
        return PagedSearch(asking, types=other.wanted, patients=other.patient, since=since, count=other.count, told=told)
    scope = f"Group/{other.group}" if other.group else ""
    return BulkExport(asking, scope=scope, types=other.wanted, since=since, status_url=ledger.status_url, remembered=ledger.exports_at, told=told)


async def _exports(asking: Asking) -> bool:
    """Whether the server says of itself that it can export everything."""
    statement = await asking.resource("metadata")
    operations = [each for rest in statement.get("rest") or () if isinstance(rest, dict) for each in rest.get("operation") or ()]
    return any(isinstance(each, dict) and str(each.get("name", "")).lstrip("$") == "export" for each in operations)


@asynccontextmanager
async def _home(to: str | None, to_token: Path | None, settings: Settings, outside: HttpOutside) -> AsyncIterator[Home]:
    if to is None:
        async with this_house(settings) as home:
            yield home
        return
    yield HouseElsewhere(FhirClient(f"{to.rstrip('/')}/fhir", outside, Bearer(to_token) if to_token is not None else None))


def _outside(addresses: Sequence[str], settings: Settings, *, in_clear: bool) -> HttpOutside:
    """What was named on the command line may be asked, and what the site has listed."""
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme == "http" and not in_clear and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Refused(f"{parts.hostname} would send patient data in clear; use https, or --in-clear where the network is protected", code="clear")
    places = Places((*listed_in(settings.config_folder / "outgoing.yaml"), *map(place_of, addresses)))
    return HttpOutside(places, PoolBook(lambda: datetime.now(UTC)), seconds=SECONDS, largest=LARGEST)


def _so_far(account: Account) -> str:
    return f"{account.taken.total():,} taken, {account.refused.total():,} not"


def _say(console: Console, account: Account) -> None:
    """Everything, by type; and every reason for which something was not taken."""
    console.print(f"{account.taken.total():,} taken, {account.refused.total():,} not, in {account.parts:,} parts")
    for type, count in account.taken.most_common():
        console.print(f"{count:8,}  {type}")
    for (type, reason), count in account.refused.most_common(SAMPLES):
        console.print(f"{count:8,}  {type} not taken: {reason}")
    if len(account.refused) > SAMPLES:
        console.print(f"          and {len(account.refused) - SAMPLES} further reasons")
