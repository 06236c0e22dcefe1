"""Backup and restore: what was acknowledged is there again, damage is named, nothing is overwritten, and secrets are nowhere."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, adt, vitals
from wardline.adapters.embedded import backup, sealed_secrets
from wardline.adapters.embedded.backup import Manifest
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.forgetting import Forgetting
from wardline.adapters.embedded.restoring import Restored, Sources, restore
from wardline.core.errors import Conflict, Fault, NotFound, Refused
from wardline.delivery.alerts.reaction import AlertPolicy

KIT = Kit(capabilities=(NEWS2,), reactions=lambda: (AlertPolicy(key=b"alerts"),))
PASSPHRASE = "seven wet umbrellas in the hall"


def quiet(what: str, done: int, of: int) -> None:
    """Nobody watches."""


@pytest.fixture
def house(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING, visit="V1"), adt("A01", BEN, at=MORNING, visit="V2", bed="4"), vitals(ADA, ILL, at=MORNING))
    ErasureRegister(hospital.path / "erasures.jsonl", hospital.folder.register_key).begin()
    return hospital


def take(house: Hospital, to: Path, at: datetime = datetime(2026, 3, 3, 3, tzinfo=UTC)) -> tuple[Path, Manifest]:
    reading = DataFolder(house.path, reading=True)
    register = ErasureRegister(house.path / "erasures.jsonl", reading.register_key)
    return backup.take(reading, register, to, to / "keys", at=at, progress=quiet)


def restored(place: Path, house: Hospital, to: Path, **other: Path | None) -> Restored:
    usual = {"keys": place.parent / "keys", "secrets": house.path / "secrets", "register": house.path / "erasures.jsonl"}
    return restore(Sources(place, **(usual | other)), to, running="running", progress=quiet)  # type: ignore[arg-type]


def test_what_comes_back_is_what_was_there(house: Hospital, tmp_path: Path, open_hospital: OpenHospital) -> None:
    place, manifest = take(house, tmp_path / "backups")
    digest = house.digest()

    came = restored(place, house, tmp_path / "new")

    assert (came.counts, came.last_step, came.erased_again) == (manifest.counts, 3, 0)
    again = open_hospital("new", kit=KIT)
    assert again.digest() == digest
    assert again.answer(ADA) == house.answer(ADA)


def test_it_is_taken_while_the_house_works(house: Hospital, tmp_path: Path, open_hospital: OpenHospital) -> None:
    """Messages that come in meanwhile are in it or not, whole."""

    def meanwhile(what: str, done: int, of: int) -> None:
        house.send(vitals(BEN, WELL, at=MORNING + timedelta(minutes=len(house.acknowledged))))

    reading = DataFolder(house.path, reading=True)
    register = ErasureRegister(house.path / "erasures.jsonl", reading.register_key)
    place, manifest = backup.take(reading, register, tmp_path / "backups", tmp_path / "keys", at=MORNING, progress=meanwhile)

    came = restored(place, house, tmp_path / "new", keys=tmp_path / "keys")
    assert manifest.counts.damaged == 0
    assert came.counts.messages == manifest.counts.messages
    assert open_hospital("new", kit=KIT).timeline(ADA).person == house.timeline(ADA).person


def test_a_month_that_has_been_handed_over_is_in_it(house: Hospital, tmp_path: Path, open_hospital: OpenHospital) -> None:
    house.clock.step(timedelta(days=31))
    house.send(vitals(ADA, WELL, at=house.clock.now()))
    house.send(vitals(BEN, WELL, at=house.clock.now()))
    assert len(house.log.files) == 2

    place, _ = take(house, tmp_path / "backups")
    restored(place, house, tmp_path / "new")

    again = open_hospital("new", kit=KIT)
    assert [step.seq for step in again.log.steps()] == [step.seq for step in house.log.steps()]


def test_no_secret_is_in_a_backup(house: Hospital, tmp_path: Path) -> None:
    take(house, tmp_path / "backups")

    whole = b"".join(path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())
    for secret in (house.path / "secrets").iterdir():
        assert secret.read_bytes()[:32] not in whole
    assert b"Moss" not in whole


@pytest.mark.parametrize("name", ["data/log/0001.db", "data/clock"])
def test_a_file_that_changed_or_is_gone_is_named(house: Hospital, tmp_path: Path, name: str) -> None:
    place, _ = take(house, tmp_path / "backups")
    content = bytearray((place / name).read_bytes())
    content[-1] ^= 1
    (place / name).write_bytes(content)
    with pytest.raises(Fault, match=Path(name).name):
        restored(place, house, tmp_path / "new")
    (place / name).unlink()
    with pytest.raises(Fault, match=Path(name).name):
        restored(place, house, tmp_path / "new")
    assert not list(tmp_path.glob("*new*")), "nothing half done stays behind"


def test_a_restore_never_overwrites(house: Hospital, tmp_path: Path) -> None:
    place, _ = take(house, tmp_path / "backups")

    with pytest.raises(Conflict, match="never overwrites"):
        restored(place, house, house.path)


@pytest.mark.parametrize("missing", ["keys", "secrets", "manifest"])
def test_what_is_missing_is_said(house: Hospital, tmp_path: Path, missing: str) -> None:
    place, _ = take(house, tmp_path / "backups")
    given: dict[str, Path | None] = {}
    if missing == "keys":
        given["keys"] = tmp_path / "nowhere"
    elif missing == "secrets":
        given["secrets"] = None
    else:
        (place / "manifest.json").unlink()

    with pytest.raises(Fault, match=missing):
        restored(place, house, tmp_path / "new", **given)


def test_another_house_s_secrets_or_keys_are_refused(house: Hospital, tmp_path: Path, open_hospital: Callable[..., Hospital]) -> None:
    other = open_hospital("other", kit=KIT)
    other.send(adt("A01", ADA, at=MORNING))
    ErasureRegister(other.path / "erasures.jsonl", other.folder.register_key).begin()
    place, _ = take(house, tmp_path / "backups")
    theirs, _ = take(other, tmp_path / "their backups")

    with pytest.raises(Fault, match="another house"):
        restored(place, house, tmp_path / "new", secrets=other.path / "secrets")
    with pytest.raises(Fault, match="another house"):
        restored(place, house, tmp_path / "new", keys=theirs.parent / "keys")
    with pytest.raises(Conflict, match="another house"):
        take(other, tmp_path / "backups", MORNING)
    assert not list((tmp_path / "backups").glob(".*")), "half a backup is none"


def test_the_copy_of_the_keys_is_always_the_present_one(house: Hospital, tmp_path: Path) -> None:
    """SEC-16: key backups do not outlive an erasure."""
    take(house, tmp_path / "backups")
    (wrapped,) = house.seal._connection.execute("SELECT wrapped FROM keys WHERE owners = ?", (house.key(ADA),)).fetchone()
    copied = tmp_path / "backups" / "keys" / "keys.db"
    assert wrapped in copied.read_bytes()

    register = ErasureRegister(house.path / "erasures.jsonl", house.folder.register_key)
    Forgetting(house.log, register).erase("E1", (house.key(ADA),), (), at=MORNING)
    house.log.commit()
    backup.copy_keys(DataFolder(house.path, reading=True), register, copied.parent)

    assert wrapped not in b"".join(path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())
    assert (copied.parent / "erasures.jsonl").read_bytes() == register.path.read_bytes(), "a copy of the register lies beside them"


def test_a_register_older_than_the_backup_is_refused(house: Hospital, tmp_path: Path) -> None:
    old = shutil.copyfile(house.path / "erasures.jsonl", tmp_path / "old.jsonl")
    register = ErasureRegister(house.path / "erasures.jsonl", house.folder.register_key)
    Forgetting(house.log, register).erase("E1", (house.key(BEN),), (), at=MORNING)
    house.log.commit()
    place, manifest = take(house, tmp_path / "backups")
    assert manifest.erasures == 1

    with pytest.raises(Fault, match="older than the backup"):
        restored(place, house, tmp_path / "new", register=Path(old))


def test_damage_is_counted_and_does_not_hide(house: Hospital, tmp_path: Path) -> None:
    house.log.commit()
    house.log._file.connection.execute("UPDATE messages SET raw = x'00' WHERE seq = 1")

    _, manifest = take(house, tmp_path / "backups")

    assert manifest.counts.damaged == 1


# --- secrets in a safe place ---


def test_secrets_come_back_with_the_passphrase_and_with_no_other(house: Hospital, tmp_path: Path) -> None:
    sealed = tmp_path / "wardline.secrets"
    count = sealed_secrets.seal(house.path / "secrets", sealed, PASSPHRASE)
    assert count >= 3
    assert not any(path.read_bytes()[:32] in sealed.read_bytes() for path in (house.path / "secrets").iterdir())

    with pytest.raises(Refused, match="passphrase"):
        sealed_secrets.unseal(sealed, PASSPHRASE + "x", tmp_path / "out")
    sealed_secrets.unseal(sealed, PASSPHRASE, tmp_path / "out")

    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        path.name: path.read_bytes() for path in (house.path / "secrets").iterdir()
    }


def test_a_file_of_secrets_is_never_overwritten_weak_or_empty(house: Hospital, tmp_path: Path) -> None:
    file = tmp_path / "wardline.secrets"
    with pytest.raises(Refused, match="15 characters"):
        sealed_secrets.seal(house.path / "secrets", file, "short")
    with pytest.raises(NotFound):
        sealed_secrets.seal(tmp_path / "nothing", file, PASSPHRASE)
    sealed_secrets.seal(house.path / "secrets", file, PASSPHRASE)
    with pytest.raises(Conflict):
        sealed_secrets.seal(house.path / "secrets", file, PASSPHRASE)
    changed = json.loads(file.read_text(encoding="ascii")) | {"sealed": "AAAA"}
    file.write_text(json.dumps(changed), encoding="ascii")
    with pytest.raises(Refused):
        sealed_secrets.unseal(file, PASSPHRASE, tmp_path / "out")
