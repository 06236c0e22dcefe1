"""Forgetting studies, and coming back after a crash, a power cut or a restore: what is gone stays gone, what was acknowledged is there."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.dicom_door import CT, ROOT, SECRET, bytes_of, ct, files, put
from wardline.adapters.embedded.images.store import ImageStore
from wardline.core.errors import Erased, Fault, NotFound
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

STUDY = f"{ROOT}.1"
MIB = 1024 * 1024


def all_bytes(images: ImageStore) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(images.folder.rglob("*")) if path.is_file())


def test_a_forgotten_study_is_gone_with_its_key_and_the_others_stay(images: ImageStore) -> None:
    put(images, ct())
    put(images, ct(StudyDescription="Abdomen"))  # aside
    put(images, ct(1, study=f"{ROOT}.2", patient="9", PatientName="Other^One"))
    images.keep(STUDY, b"x")
    (wrapped,) = sqlite3.connect(images.folder / "keys.db").execute("SELECT wrapped FROM keys WHERE owner = ?", (STUDY,)).fetchone()
    copies = {path: path.read_bytes() for path in files(images)}

    images.forget(STUDY)

    content = all_bytes(images)
    assert b"Quillfeather" not in content
    assert wrapped not in content
    assert len(files(images)) == 1
    with pytest.raises(NotFound):
        images.instance(ct().SOPInstanceUID)
    assert images.study(STUDY) is None
    assert images.instance(ct(1, study=f"{ROOT}.2").SOPInstanceUID)
    assert images.journal()[-1].what == "forgotten"
    assert len(copies) == 4


def test_files_of_a_forgotten_study_that_come_back_from_a_copy_do_not_open(images: ImageStore, tmp_path: Path) -> None:
    """Rows and files are back, the key is not."""
    put(images, ct())
    index = sqlite3.connect(images.folder / "index.db")
    index.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    (path,) = files(images)
    content = path.read_bytes()
    images.forget(STUDY)
    images.close()
    path.write_bytes(content)
    for each in images.folder.glob("index.db*"):
        each.unlink()
    (tmp_path / "copy.db").replace(images.folder / "index.db")

    again = ImageStore(images.folder, SECRET)

    with pytest.raises(Erased):
        again.instance(ct().SOPInstanceUID)
    again.close()


def test_a_study_that_is_forgotten_while_an_instance_arrives_takes_it_along(images: ImageStore) -> None:
    put(images, ct(1))
    late = images.begin(sop_class=ct().SOPClassUID, sop_instance=ct(2).SOPInstanceUID, syntax=EXPLICIT_LITTLE, source="TEST")
    late.write(bytes_of(ct(2)))
    images.forget(STUDY)

    assert late.finish().outcome == "stored"  # a study that begins anew, with a key of its own

    assert [row.instance for row in images.find("instance")] == [ct(2).SOPInstanceUID]
    assert images.instance(ct(2).SOPInstanceUID)


def test_another_folders_secret_opens_nothing(images: ImageStore) -> None:
    put(images, ct())

    with pytest.raises(Fault, match="secret"):
        ImageStore(images.folder, b"0" * 32)


def test_a_renewed_secret_takes_over_from_the_former(images: ImageStore) -> None:
    put(images, ct())

    both = ImageStore(images.folder, b"1" * 32, SECRET)
    assert both.instance(ct().SOPInstanceUID)
    both.keys.rewrap()
    both.close()

    only = ImageStore(images.folder, b"1" * 32)
    assert only.instance(ct().SOPInstanceUID)
    only.close()


def test_what_a_crash_left_is_removed_and_what_is_stored_stays(images: ImageStore) -> None:
    put(images, ct())
    (path,) = files(images)
    (path.parent / ("ab" * 16)).write_bytes(b"half an instance")
    tomorrow = datetime.now(UTC) + timedelta(hours=30)

    assert images.clean(datetime.now(UTC)) == 0
    assert images.clean(tomorrow) >= 1  # with the empty files that lay ready

    assert files(images) == [path]
    assert images.instance(ct().SOPInstanceUID)


def after_a_power_cut(images: ImageStore, kept_index: Path) -> ImageStore:
    """The index as it was flushed last, every file, and a machine that was started anew."""
    images.close()
    for each in images.folder.glob("index.db*"):
        each.unlink()
    kept_index.replace(images.folder / "index.db")
    with sqlite3.connect(images.folder / "index.db") as index:
        index.execute("DELETE FROM machine")
        index.execute("INSERT INTO machine VALUES ('the start before')")
    index.close()
    return ImageStore(images.folder, SECRET)


def flushed(images: ImageStore, to: Path) -> Path:
    with closing(sqlite3.connect(images.folder / "index.db")) as index:
        index.execute("VACUUM INTO ?", (str(to),))
    return to


def test_rows_that_a_power_cut_took_are_made_again_from_their_files(images: ImageStore, tmp_path: Path) -> None:
    """Success was said for all of them: their bytes were flushed, the rows of the last were not."""
    images.recover()
    put(images, ct(1))
    index = flushed(images, tmp_path / "kept.db")
    read_before = images.journal()[-1].seq
    for number in (2, 3):
        put(images, ct(number), source="CT1")
    put(images, ct(1, study=f"{ROOT}.2", patient="9"))
    half = images.begin(sop_class=CT, sop_instance="1.2.3", syntax=EXPLICIT_LITTLE, source="CT1")
    half.write(bytes_of(ct(4)))

    again = after_a_power_cut(images, index)

    assert again.recover() == 3
    assert [row.instance for row in again.find("instance", studies=[STUDY])] == [ct(number).SOPInstanceUID for number in (1, 2, 3)]
    assert again.instance(ct(3).SOPInstanceUID).endswith(bytes_of(ct(3)))
    assert again.journal(read_before)[-1].study == f"{ROOT}.2"
    assert again.journal(read_before)[-1].seq > read_before + 1000  # no number that was read before is given again
    assert again.recover() == 0
    assert put(again, ct(2)).outcome == "already"
    again.close()


def test_without_a_new_start_of_the_machine_nothing_is_looked_for(images: ImageStore) -> None:
    images.recover()
    put(images, ct(1))

    assert images.recover() == 0
    assert images.journal()[-1].seq == 1


def restored(images: ImageStore, copies: dict[Path, bytes]) -> ImageStore:
    """Files and keys as they were, and no index."""
    images.close()
    for each in [*images.folder.glob("*.db*"), *files(images)]:
        each.unlink()
    for path, content in copies.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return ImageStore(images.folder, SECRET)


def copy_of(images: ImageStore) -> dict[Path, bytes]:
    """What a backup with images holds."""
    with closing(sqlite3.connect(images.folder / "keys.db")) as keys:
        keys.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {path: path.read_bytes() for path in [*files(images), images.folder / "keys.db"]}


def test_an_index_is_made_again_from_files_and_keys(images: ImageStore) -> None:
    for number in (1, 2):
        put(images, ct(number))
    put(images, ct(1, StudyDescription="Abdomen"))
    digest = images.keep(STUDY, images.instance(ct(1).SOPInstanceUID))  # made from the study, and a DICOM file itself
    again = restored(images, copy_of(images))

    assert again.recover() == 3

    assert [row.instance for row in again.find("instance")] == [ct(number).SOPInstanceUID for number in (1, 2)]
    assert again.kept(STUDY, digest).endswith(bytes_of(ct(1)))
    assert len(again.quarantined()) == 1
    again.close()


def test_whoever_was_erased_stays_erased_when_an_older_copy_is_restored(images: ImageStore) -> None:
    """Decision 0016: the register of erasures names the study, though not in words, and outlives every copy."""
    put(images, ct(1))
    put(images, ct(1, study=f"{ROOT}.2", patient="9"))
    images.place(STUDY, "RECORD")
    before = copy_of(images)
    names = images.names(["RECORD"])
    assert len(names) == 1
    assert STUDY not in names[0]
    assert images.carry_out([("E1", ["RECORD", *names])]) == 1
    assert images.study(STUDY) is None

    again = restored(images, before)
    assert again.carry_out([("E1", ["RECORD", *names])]) == 1
    again.recover()

    assert [row.study for row in again.find("study")] == [f"{ROOT}.2"]
    assert again.carry_out([("E1", ["RECORD", *names])]) == 0
    again.close()
