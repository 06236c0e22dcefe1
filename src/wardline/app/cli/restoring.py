"""`wardline restore`: from a backup to a data folder that opens; and the drill that shows it would."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console

from wardline.adapters.embedded import sealed_secrets
from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.packing import microseconds
from wardline.adapters.embedded.restoring import Restored, Sources
from wardline.adapters.embedded.restoring import restore as restore_data
from wardline.app.backups import Drill, remember
from wardline.app.bootstrap import RUNNING
from wardline.app.cli.backup import Json, note, passphrase, progress_bar
from wardline.app.settings import load
from wardline.core.errors import Fault, Refused
from wardline.formats.audit.heads import Signer
from wardline.formats.audit.restores import ACTION, Restore
from wardline.security.audit.verifying import verify


def restore(
    place: Annotated[Path, Parameter(help="The backup: one of the folders that `wardline backup` made.")],
    *,
    data: Annotated[Path | None, Parameter(help="The new data folder; with --drill the one in use.")] = None,
    keys: Annotated[Path | None, Parameter(help="Where the copy of the keys is. Default: keys beside the backup.")] = None,
    secrets: Annotated[Path | None, Parameter(help="A folder of secrets, or the file of --with-secrets. Default: the environment.")] = None,
    register: Annotated[Path | None, Parameter(help="The register of erasures. Default: the one the settings name.")] = None,
    without_register: Annotated[str, Parameter(help="There is no register any more: why. Whoever was erased may come back; it is audited.")] = "",
    drill: Annotated[bool, Parameter(help="Only try it: restore into a folder that is thrown away, and remember how long it took.")] = False,
    as_json: Json = False,
) -> None:
    """Make a data folder from a backup: check every file, open every row, erase again whoever has been erased since.

    For example:

        wardline restore /mnt/backups/2026-11-21T03-00-00Z --data /srv/new --secrets /media/usb/wardline.secrets --register /mnt/register

        wardline restore /mnt/backups/2026-11-21T03-00-00Z --drill --data /srv/wardline
    """
    settings, began = load(data=data), monotonic()
    known = _register(register, settings.erasures_file, without_register)
    in_use = settings.data if drill else None
    with _secrets(secrets, in_use) as laid_out, tempfile.TemporaryDirectory(dir=settings.data.parent if drill else None) as trial:
        to = Path(trial) / "drill" if drill else settings.data
        sources = Sources(place, keys or place.parent / "keys", laid_out, known)
        with progress_bar("Restoring", quiet=as_json) as progress:
            restored = restore_data(sources, to, running=RUNNING, progress=progress)
        verdict = _audit_verdict(to)
        said = {"backup": place.name, **({"without_register": without_register} if without_register else {})}
        # A trial explains nothing: only what is put to use is signed.
        note(to, ACTION, **said, **({} if drill else _signed(to, restored.manifest.made_at)))
    seconds = monotonic() - began
    if in_use is not None:
        remember(in_use, drill=Drill(datetime.now(UTC), str(place.resolve()), restored.counts.messages, restored.erased_again, seconds))
        note(in_use, "restore tried", backup=place.name)
    _say(restored, to, seconds, verdict, as_json=as_json, drill=drill)


def _register(given: Path | None, usual: Path, without: str) -> Path | None:
    """Raises `Refused` where there is none and nobody has answered for that."""
    if without.strip():
        return None
    file = given or usual
    if not file.exists():
        raise Refused(
            f"the register of erasures {file} is missing: say where it is with --register. If it is lost, say why with --without-register; "
            "whoever was erased since the backup may come back", where="register",
        )  # fmt: skip
    return file


@contextmanager
def _secrets(given: Path | None, in_use: Path | None) -> Iterator[Path | None]:
    """A folder with the secrets: as given, unsealed for as long as it takes, or that of the folder in use."""
    if given is None:
        own = in_use / "secrets" if in_use is not None else None
        yield own if own is not None and own.is_dir() else None
        return
    if given.is_dir():
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        sealed_secrets.unseal(given, passphrase(twice=False), Path(folder) / "secrets")
        yield Path(folder) / "secrets"


def _audit_verdict(data: Path) -> int:
    """How many entries the audit trail has. Raises `Fault` naming the first that is not as it was written."""
    folder = DataFolder(data, reading=True)
    verdict = verify(data / "audit.db", Signer(folder.secrets.newest("audit")).public, processes=1)
    if verdict.problem is not None:
        raise Fault(f"the audit trail is not whole: {verdict.problem.sentence}")
    return verdict.records


def _signed(data: Path, made_at: datetime) -> dict[str, str]:
    """That the trail goes on from here by a restore, signed with its key: a witness knows entries that are gone."""
    signer = Signer(DataFolder(data, reading=True).secrets.newest("audit"))
    with closing(SqliteAudit(data / "audit.db")) as audit:
        size, link = audit.end()
    return Restore(size, link, microseconds(datetime.now(UTC)), made_at).detail(signer)


def _say(restored: Restored, to: Path, seconds: float, audited: int, *, as_json: bool, drill: bool) -> None:
    counts = restored.counts
    said: dict[str, Any] = {
        "data": "" if drill else str(to), "made_at": restored.manifest.made_at.isoformat(), "steps": restored.last_step, "messages": counts.messages,
        "rows": counts.rows, "erased": counts.erased, "erased_again": restored.erased_again, "damaged": counts.damaged, "audit": audited,
        "seconds": round(seconds, 3),
    }  # fmt: skip
    if as_json:
        print(json.dumps(said))
        return
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"{'Tried' if drill else 'Restored'}  a backup of {restored.manifest.made_at:%Y-%m-%d %H:%M} UTC in {seconds:.1f} s")
    console.print(f"Log       {counts.messages} messages, {restored.last_step} steps, every row opened, {counts.damaged} damaged")
    console.print(f"Erased    {restored.erased_again} erasures carried out again; {counts.erased} messages and rows stay closed for good")
    console.print(f"Audit     {audited} entries, the chain is whole")
    if not drill:
        console.print(f"Now       wardline serve --data {to}   (senders repeat what came after the backup)")
