"""Backup and restore of images: apart from the rest unless asked for, sealed, and never bringing back whoever was erased since."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.dicom_door import ROOT, ct, put
from support.fixtures import OpenHospital, open_hospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, adt
from wardline.adapters.embedded import backup
from wardline.adapters.embedded.erasures import ErasureRegister
from wardline.adapters.embedded.folder import DataFolder
from wardline.adapters.embedded.images.opening import open_images
from wardline.adapters.embedded.restoring import Sources, restore
from wardline.core.errors import Fault

__all__ = ["open_hospital"]
STUDY = f"{ROOT}.1"


def quiet(what: str, done: int, of: int) -> None:
    """Nobody watches."""


@pytest.fixture
def house(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=Kit(capabilities=(NEWS2,)))
    hospital.send(adt("A01", ADA, at=datetime(2026, 3, 1, 8, tzinfo=UTC), visit="V1"))
    register_of(hospital).begin()
    images = open_images(hospital.path)
    put(images, ct(1))
    put(images, ct(1, study=f"{ROOT}.2", patient="9"))
    images.keep(STUDY, b"a mask")
    images.close()
    return hospital


def register_of(house: Hospital) -> ErasureRegister:
    return ErasureRegister(house.path / "erasures.jsonl", house.folder.register_key)


def taken(house: Hospital, to: Path, *, with_images: bool) -> Path:
    reading = DataFolder(house.path, reading=True)
    at = datetime(2026, 3, 3, 3, tzinfo=UTC)
    return backup.take(reading, register_of(house), to, to / "keys", at=at, progress=quiet, with_images=with_images)[0]


def restored(place: Path, house: Hospital, to: Path) -> Path:
    sources = Sources(place, keys=place.parent / "keys", secrets=house.path / "secrets", register=house.path / "erasures.jsonl")
    restore(sources, to, running="running", progress=quiet)
    return to


def test_images_come_back_whole_with_what_was_made_from_them(house: Hospital, tmp_path: Path) -> None:
    place = taken(house, tmp_path / "backups", with_images=True)

    images = open_images(restored(place, house, tmp_path / "new"))

    assert images.recover() == 2
    assert images.instance(ct(1).SOPInstanceUID)
    assert {row.study for row in images.find("study")} == {f"{ROOT}.2", STUDY}
    images.close()


def test_a_backup_holds_no_image_unless_asked_and_its_keys_open_images_that_were_copied_otherwise(house: Hospital, tmp_path: Path) -> None:
    place = taken(house, tmp_path / "backups", with_images=False)
    assert not [path for path in place.rglob("*") if "images" in path.parts]

    new = restored(place, house, tmp_path / "new")
    (new / "images" / "files").mkdir()
    for path in (house.path / "images" / "files").rglob("*/*"):
        copy = new / "images" / "files" / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())

    images = open_images(new)
    assert images.recover() == 2
    images.close()


def test_neither_a_backup_nor_the_keys_beside_it_say_who_anybody_is(house: Hospital, tmp_path: Path) -> None:
    taken(house, tmp_path / "backups", with_images=True)

    assert all(b"Quillfeather" not in path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())


def test_a_study_erased_after_the_backup_does_not_come_back_with_it(house: Hospital, tmp_path: Path) -> None:
    """The register outlives the backup; and the copy of the keys is renewed at once, so that it does not even need it."""
    place = taken(house, tmp_path / "backups", with_images=True)
    images = open_images(house.path)
    images.place(STUDY, "RECORD")
    register_of(house).add("E1", datetime(2026, 3, 4, tzinfo=UTC), ["RECORD", *images.names(["RECORD"])])
    old_keys = {path: path.read_bytes() for path in (tmp_path / "backups" / "keys").iterdir()}
    images.carry_out((entry.erasure, entry.owners) for entry in register_of(house).entries())
    images.close()
    for path, content in old_keys.items():
        path.write_bytes(content)

    images = open_images(restored(place, house, tmp_path / "new"))
    images.carry_out((entry.erasure, entry.owners) for entry in register_of(house).entries())
    images.recover()

    assert [row.study for row in images.find("study")] == [f"{ROOT}.2"]
    images.close()


def test_a_folder_that_lost_its_image_keys_does_not_start_with_new_ones(house: Hospital) -> None:
    for path in (house.path / "images").glob("keys.db*"):
        path.unlink()

    with pytest.raises(Fault, match=r"keys\.db is missing"):
        open_images(house.path)
