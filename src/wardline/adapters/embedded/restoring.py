"""Restore: from a backup, its keys, the secrets and the register of erasures to a data folder that opens, whole or not at all.

Whoever has been erased since the backup was taken is erased again before anything opens.
"""

import shutil
from pathlib import Path
from typing import Final, NamedTuple

from wardline.adapters.embedded import backup
from wardline.adapters.embedded.backup import Counts, Manifest, Progress
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.forgetting import Forgetting
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.months import files_in
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.core.errors import Conflict, Fault

SECRETS: Final = "secrets"


class Sources(NamedTuple):
    """What a restore is made of. `register` None: there is none any more, and somebody has answered for that."""

    place: Path
    keys: Path
    secrets: Path | None
    """A folder with the house's secrets; None where they come from the environment or a key service."""
    register: Path | None


class Restored(NamedTuple):
    """What came of it."""

    manifest: Manifest
    counts: Counts
    last_step: int
    erased_again: int
    """Erasures of the register that the backup did not know of."""


def restore(sources: Sources, to: Path, *, running: str, progress: Progress) -> Restored:
    """Into a folder that does not exist yet. `running` is the mark by which a start tells a crash from an orderly end."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Conflict(f"{to} is not empty; a restore never overwrites: choose a new folder")
    manifest = backup.read_manifest(sources.place)
    backup.check_files(sources.place, manifest, progress)
    backup.check_keys(sources.keys, manifest)
    draft = to.with_name(f".{to.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _lay_out(sources, draft)
        restored = _opened(draft, manifest, running, progress, is_registered=sources.register is not None)
    except BaseException:  # whatever it was, also an interrupt: nothing half done that holds patients stays behind
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if to.exists():
        to.rmdir()
    draft.rename(to)
    return restored


def _lay_out(sources: Sources, draft: Path) -> None:
    shutil.copytree(sources.place / "data", draft)
    draft.chmod(0o700)
    shutil.copyfile(sources.keys / backup.KEYS, draft / backup.KEYS)
    if (sources.keys / backup.IMAGE_KEYS).exists():
        (draft / backup.IMAGES).mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(sources.keys / backup.IMAGE_KEYS, draft / backup.IMAGES / backup.KEYS)
    if sources.secrets is not None:
        shutil.copytree(sources.secrets, draft / SECRETS)
        (draft / SECRETS).chmod(0o700)
    if sources.register is not None:
        shutil.copyfile(sources.register, draft / backup.REGISTER)
    for path in draft.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
    for path in files_in(draft / "log")[:-1]:
        path.chmod(0o400)


def _opened(draft: Path, manifest: Manifest, running: str, progress: Progress, *, is_registered: bool) -> Restored:
    folder = DataFolder(draft)
    if backup.house_of(folder) != manifest.house:
        folder.release()
        raise Fault("these secrets are those of another house; the data cannot be read with them")
    seal = SqliteSeal(draft / backup.KEYS, folder.master_key, *folder.older_master_keys)
    log = SqliteLog(draft / "log", seal)
    try:
        register = ErasureRegister(draft / backup.REGISTER, folder.register_key)
        if is_registered:
            _check_reaches(register, manifest)
        else:
            register.begin()
        again = Forgetting(log, register).catch_up()
        log.set_meta(running, 0)
        counts = backup.count(log, progress)
        _check_counts(counts, manifest)
        return Restored(manifest, counts, log.next_seq() - 1, again)
    finally:
        log.close()
        seal.close()
        folder.release()


def _check_reaches(register: ErasureRegister, manifest: Manifest) -> None:
    """A register that is older than the backup would let people come back."""
    if manifest.register and manifest.register not in {entry.mark for entry in register.entries()}:
        raise Fault(f"{register.path.name} is older than the backup: it does not hold the {manifest.erasures} erasures the backup knew of")


def _check_counts(counts: Counts, manifest: Manifest) -> None:
    if (counts.messages, counts.rows) != (manifest.counts.messages, manifest.counts.rows) or counts.damaged > manifest.counts.damaged:
        raise Fault(f"the restored log holds {counts.messages} messages and {counts.damaged} damaged rows, not what the backup says; take another")
