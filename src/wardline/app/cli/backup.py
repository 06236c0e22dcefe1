"""`wardline backup`: a copy of the data folder while it is in use, opened and counted before it counts as one."""

import asyncio
import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated, Final

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress as Bar

from wardline.adapters.embedded import sealed_secrets
from wardline.adapters.embedded.audit import SqliteAudit
from wardline.adapters.embedded.backup import IMAGES, Progress, take
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.app.backups import Taken, remember
from wardline.app.settings import load
from wardline.core.errors import Fault, Refused

ACTOR: Final = "command line"
Json = Annotated[bool, Parameter(name="--json", help="One JSON line at the end, no progress.")]


def backup(
    to: Annotated[Path, Parameter(help="Folder that backups are kept in; each gets a folder of its own there.")],
    *,
    keys: Annotated[Path | None, Parameter(help="Folder for the one copy of the keys, best on another disk. Default: beside the backups.")] = None,
    secrets: Annotated[Path | None, Parameter(name="--with-secrets", help="Also seal the house's secrets by a passphrase, into this file.")] = None,
    with_images: Annotated[bool, Parameter(help="Copy the images as well; without it only their keys are in it.")] = False,
    as_json: Json = False,
    data: Annotated[Path | None, Parameter(help="The data folder.")] = None,
) -> None:
    """Take a backup, while Wardline runs or not: log, accounts, audit trail, configuration; the keys apart; the secrets not at all.

    For example:

        wardline backup /mnt/backups --keys /mnt/keys

        wardline backup /mnt/backups --with-secrets /media/usb/wardline.secrets
    """
    settings, began = load(data=data), monotonic()
    folder = DataFolder(settings.data, reading=True)
    sealed = sealed_secrets.seal(folder.path / "secrets", secrets, passphrase(twice=True)) if secrets is not None else 0
    register = ErasureRegister(settings.erasures_file, folder.register_key)
    at, kept = datetime.now(UTC), keys or to / "keys"
    with progress_bar("Backing up", quiet=as_json) as progress:
        place, manifest = take(folder, register, to, kept, at=at, progress=progress, with_images=with_images)
    counts = manifest.counts
    taken = Taken(at, str(place.resolve()), str(kept.resolve()), counts.messages, counts.erased, counts.damaged, manifest.size, monotonic() - began)
    remember(folder.path, taken=taken)
    note(folder.path, "data backed up", place=place.name)
    if as_json:
        print(json.dumps({
            "place": taken.place, "keys": taken.keys, "steps": manifest.last_step, "messages": counts.messages, "rows": counts.rows,
            "erased": counts.erased, "damaged": counts.damaged, "bytes": taken.bytes, "seconds": round(taken.seconds, 3), "secrets": sealed,
        }))  # fmt: skip
    else:
        _say(taken, manifest.last_step, secrets)
        _say_images(folder.path / IMAGES, with_images=with_images)
    if counts.damaged:
        raise Fault(f"{counts.damaged} rows of the log are damaged; the backup holds them as they are. See `wardline log` and the system page")


def _say(taken: Taken, steps: int, secrets: Path | None) -> None:
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"Backup   {taken.place}  ({taken.messages} messages, {steps} steps, every row opened, {taken.seconds:.1f} s)")
    console.print(f"Keys     {taken.keys}  (as they are now; what is erased later leaves this copy too)")
    if secrets is not None:
        console.print(f"Secrets  {secrets}  (sealed by your passphrase; keep it where the backups are not)")
    else:
        console.print("Secrets  not in the backup: keep a copy of the folder `secrets` where the backups are not")


def _say_images(images: Path, *, with_images: bool) -> None:
    """Nothing where none have ever been received."""
    if images.is_dir():
        place = "in the backup, sealed; their index is made from them at the first start"
        left_out = f"not in the backup, only their keys: copy {images / 'files'} by other means, or use --with-images"
        Console(markup=False, highlight=False, soft_wrap=True).print(f"Images   {place if with_images else left_out}")


@contextmanager
def progress_bar(title: str, *, quiet: bool) -> Iterator[Progress]:
    """A bar for people; nothing for programs."""
    with Bar(transient=True, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task(title, total=None)
        yield lambda what, done, of: bar.update(task, description=what.capitalize(), completed=done, total=of)


def passphrase(*, twice: bool) -> str:
    """Asked for, or read from standard input when that is not a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given = getpass.getpass("Passphrase for the secrets: ")
    if twice and getpass.getpass("The same again: ") != given:
        raise Refused("the two passphrases are not the same", where="passphrase")
    return given


def note(data: Path, action: str, **detail: str) -> None:
    """In the audit trail of a data folder, whoever may be working on it."""
    with closing(SqliteAudit(data / "audit.db")) as audit:
        asyncio.run(audit.record(ACTOR, action, **detail))
