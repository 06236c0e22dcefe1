"""Backup: a copy of the data folder taken while it is in use, in which nobody is who has been erased.

Data and keys lie apart. Of the data there are as many copies as the site keeps; of the keys only ever one, as they are now: a key
that is destroyed is soon in no copy either. The house's secrets are in neither.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from wardline import __version__
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.log import SqliteLog
from wardline.adapters.embedded.months import files_in, is_closed
from wardline.adapters.embedded.sealing import SqliteSeal
from wardline.adapters.embedded.stored import ROW
from wardline.core.errors import Conflict, Erased, Fault

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
KEYS: Final = "keys.db"
KEYS_MANIFEST: Final = "keys.json"
REGISTER: Final = "erasures.jsonl"
IMAGES: Final = "images"
IMAGE_KEYS: Final = "images-keys.db"
"""The keys of the images, where the keys are; in the data folder they are images/keys.db."""
_PART: Final = 1024 * 1024
Progress = Callable[[str, int, int], None]
"""What is being done, how far it is, and how far it goes."""


class Copied(msgspec.Struct, frozen=True):
    """One file of a backup."""

    path: str
    bytes: int
    sha256: str


class Counts(msgspec.Struct, frozen=True):
    """What a log holds, each row opened once."""

    messages: int = 0
    rows: int = 0
    erased: int = 0
    damaged: int = 0


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says about itself."""

    format: int
    made_at: datetime
    wardline: str
    house: str
    """Tells one house's backups from another's."""
    last_step: int
    counts: Counts
    files: tuple[Copied, ...]
    erasures: int = 0
    register: str = ""
    """Signature of the last entry of the register when it was taken: the register that a restore is given must hold it."""

    @property
    def size(self) -> int:
        return sum(file.bytes for file in self.files)


class KeyCopy(msgspec.Struct, frozen=True):
    """What the copy of the keys says about itself."""

    house: str
    made_at: datetime
    sha256: str


def house_of(folder: DataFolder) -> str:
    return hashlib.sha256(b"house" + folder.register_key).hexdigest()[:16]


def take(
    folder: DataFolder, register: ErasureRegister, to: Path, keys: Path, *, at: datetime, progress: Progress, with_images: bool = False
) -> tuple[Path, Manifest]:  # fmt: skip
    """Copy everything into a new folder below `to`, and the keys as they are now to `keys`; open every row of the copy.

    Images are many times the rest: only `with_images`, and without their index, which the first start makes from them.
    """
    name = at.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    place, draft = to / name, to / f".{name}.partial"
    if place.exists():
        raise Conflict(f"{place} exists already; wait a second")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        if with_images:
            _copy_images(folder.path / IMAGES / "files", draft / "data" / IMAGES / "files", progress)
        manifest = _take(folder, register, draft, keys, at=at, progress=progress)
    except BaseException:  # whatever it was, also an interrupt: half a backup is none
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(place)
    _sync(to)
    return place, manifest


def _take(folder: DataFolder, register: ErasureRegister, draft: Path, keys: Path, *, at: datetime, progress: Progress) -> Manifest:
    entries = register.entries()
    _copy_data(folder.path, draft / "data", progress)
    copy_keys(folder, register, keys)  # after the log: there is a key for every row
    last_step, counts = _opened(draft, folder, keys / KEYS, progress)
    files, mark = tuple(_files(draft, progress)), entries[-1].mark if entries else ""
    manifest = Manifest(FORMAT, at, __version__, house_of(folder), last_step, counts, files, len(entries), mark)
    _write(draft / MANIFEST, manifest)
    return manifest


def copy_keys(folder: DataFolder, register: ErasureRegister, to: Path) -> None:
    """Keys and register as they are now, in the place of those that were there. Raises `Conflict` where another house's lie."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = key_copy(to)
    if before is not None and before.house != house_of(folder):
        raise Conflict(f"{to} holds the keys of another house; choose another place")
    _copy_apart(folder.path / KEYS, to / KEYS)
    if (folder.path / IMAGES / KEYS).exists():
        _copy_apart(folder.path / IMAGES / KEYS, to / IMAGE_KEYS)
    copied = KeyCopy(house_of(folder), datetime.now(UTC), digest_of(to / KEYS))
    _write(to / KEYS_MANIFEST, copied)
    if register.exists:
        shutil.copyfile(register.path, to / REGISTER)
    _sync(to)


def _copy_apart(source: Path, target: Path) -> None:
    """In the place of the copy that was there, which is overwritten."""
    draft = target.with_name(f"{target.name}.new")
    draft.unlink(missing_ok=True)
    copy_database(source, draft)
    _overwrite(target)
    draft.replace(target)


def _overwrite(path: Path) -> None:
    """What stood there must not be found on the disk again, as far as the disk lets us."""
    if path.exists():
        with path.open("r+b") as stream:
            stream.write(bytes(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())


def read_manifest(place: Path) -> Manifest:
    """Raises `Fault` for what is no backup, `Conflict` for one of another version's format."""
    try:
        manifest = msgspec.json.decode((place / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise Fault(f"{place} is not a complete backup: {MANIFEST} is missing or damaged") from error
    if manifest.format != FORMAT:
        raise Conflict(f"{place} has format {manifest.format}; this Wardline restores format {FORMAT}")
    return manifest


def check_files(place: Path, manifest: Manifest, progress: Progress) -> None:
    """Raise `Fault` naming the first file that is not as it was written."""
    done = 0
    for file in manifest.files:
        path = place / file.path
        if not path.is_file() or digest_of(path) != file.sha256:
            raise Fault(f"{path} is missing or damaged; take another backup")
        done += file.bytes
        progress("checking files", done, manifest.size)


def check_keys(keys: Path, manifest: Manifest) -> None:
    """Raise `Fault` unless the keys lie there whole, are of this house, and are no older than the data."""
    copied = key_copy(keys)
    if copied is None or not (keys / KEYS).is_file():
        raise Fault(f"there are no keys in {keys}; say where they are with --keys")
    if copied.house != manifest.house:
        raise Fault(f"the keys in {keys} are those of another house")
    if digest_of(keys / KEYS) != copied.sha256:
        raise Fault(f"{keys / KEYS} is damaged; without it the data cannot be read")


def count(log: SqliteLog, progress: Progress) -> Counts:
    """Open every message and every row once."""
    messages, rows = (sum(number for (number,) in log.ask(f"SELECT count(*) FROM {table}")) for table in ("messages", "rows"))
    erased = 0
    for done, row in enumerate(log.ask("SELECT seq, recorded_at, sha256, key, raw FROM messages"), 1):
        try:
            log.vault.raw(*row)
        except Erased:
            erased += 1
        except Fault:  # noted by the log, and counted at the end
            continue
        progress("opening messages", done, messages)
    for done, row in enumerate(log.ask(f"SELECT {ROW} FROM rows"), 1):
        erased += not log.vault.events(row)
        progress("opening rows", done, rows)
    return Counts(messages, rows, erased, len(log.damaged))


def copy_database(source: Path, target: Path) -> None:
    """A database as it stands at one moment, while others write to it, as one file."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
        target.chmod(0o600)
        try:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise Fault(f"{source.name} could not be copied: {error}") from error
    _sync(target)


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy_data(source: Path, target: Path, progress: Progress) -> None:
    """Log, every other database, and what the site has decided. Keys, secrets and the register of erasures lie apart."""
    (target / "log").mkdir(mode=0o700, parents=True)
    _copy_log(source / "log", target / "log", progress)
    for path in sorted(source.glob("*.db")):
        if path.name != KEYS:
            copy_database(path, target / path.name)
    shutil.copy2(source / "clock", target / "clock")
    if (source / "config").is_dir():
        shutil.copytree(source / "config", target / "config")


def _copy_images(source: Path, target: Path, progress: Progress) -> None:
    """Sealed as they are. One that is still arriving, or is forgotten meanwhile, is not of this backup."""
    paths = sorted(path for path in source.rglob("*") if path.is_file() and path.stat().st_size) if source.is_dir() else []
    for done, path in enumerate(paths, 1):
        place = target / path.relative_to(source)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copyfile(path, place)
            _sync(place)
        progress("copying images", done, len(paths))


def _copy_log(source: Path, target: Path, progress: Progress) -> None:
    """Until the file that is open at the end of a round is the one that was at its beginning: a month may be handed over meanwhile."""
    taken: set[Path] = set()
    while True:
        paths = files_in(source)
        for done, path in enumerate(paths, 1):
            if path not in taken:
                _copy_log_file(path, target / path.name)
            progress("copying the log", done, len(paths))
        taken.update(paths[:-1])
        if files_in(source)[-1] == paths[-1]:
            return


def _copy_log_file(path: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    if is_closed(path):
        shutil.copyfile(path, target)
        _sync(target)
    else:
        copy_database(path, target)


def _opened(draft: Path, folder: DataFolder, keys: Path, progress: Progress) -> tuple[int, Counts]:
    """Open the copy with a copy of the keys: what nobody has tried to read is no backup."""
    trial = draft / KEYS
    shutil.copyfile(keys, trial)
    seal = SqliteSeal(trial, folder.master_key, *folder.older_master_keys)
    log = SqliteLog(draft / "data" / "log", seal, reading=True)
    try:
        return log.next_seq() - 1, count(log, progress)
    finally:
        log.close()
        seal.close()
        for path in draft.glob(f"{KEYS}*"):
            path.unlink()


def _files(draft: Path, progress: Progress) -> Iterator[Copied]:
    paths = sorted(path for path in draft.rglob("*") if path.is_file())
    for done, path in enumerate(paths, 1):
        yield Copied(str(path.relative_to(draft)), path.stat().st_size, digest_of(path))
        progress("noting hashes", done, len(paths))


def key_copy(keys: Path) -> KeyCopy | None:
    """What the copy of the keys says about itself; None where there is none."""
    try:
        return msgspec.json.decode((keys / KEYS_MANIFEST).read_bytes(), type=KeyCopy)
    except OSError:  # not there, or its disk is away
        return None
    except msgspec.DecodeError as error:
        raise Fault(f"{keys / KEYS_MANIFEST} is damaged") from error


def _write(path: Path, content: Manifest | KeyCopy) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(content)))
    draft.chmod(0o600)
    _sync(draft)
    draft.replace(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
