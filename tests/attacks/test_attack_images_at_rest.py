"""The disk, read by somebody who has taken it out: what lies there of images, before and after an erasure, names nobody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from api.dicomweb.sending import ct, filed, stow
from api.house import OpenHouse
from support.clocks import MORNING
from support.dicom_door import ROOT, SECRET, bytes_of, put
from support.dicom_door import ct as slice_of
from support.messages import ADA, adt
from wardline.adapters.embedded.images.store import ImageStore
from wardline.core.errors import Fault
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE

STUDY = f"{ROOT}.1"
SAID = {
    "PatientID": "PN-771204", "PatientName": "Quillfeather^Odalys", "PatientBirthDate": "19411107", "AccessionNumber": "ACC-5521",
    "StudyDescription": "Suspected relapse", "SeriesDescription": "Odalys prone", "PatientComments": "Widow of a colleague",
    "ReferringPhysicianName": "Tarnowski^Bea", "OtherPatientNames": "Featherquill^O", "InstitutionName": "House of Wens",
}  # fmt: skip
WORDS = [word.encode() for value in SAID.values() for word in value.replace("^", " ").split() if len(word) > 4]


@pytest.fixture
def images(tmp_path: Path) -> Iterator[ImageStore]:
    opened = ImageStore(tmp_path / "images", SECRET)
    yield opened
    opened.close()


def named_in(folder: Path) -> set[bytes]:
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {word for word in WORDS if word in content}


def filled(images: ImageStore) -> None:
    """Taken, put aside because something else is here already, put aside because it is broken, and sent under a person's name."""
    image = slice_of(**SAID)
    assert put(images, image).outcome == "stored"
    assert put(images, slice_of(**SAID | {"StudyDescription": "Another"})).outcome == "quarantined"
    assert put(images, image, content=bytes_of(image)[:300]).outcome == "quarantined"
    for uid, name in ((str(image.SOPInstanceUID), "Quillfeather"), (str(image.SOPClassUID), "Tarnowski")):
        content = bytes_of(image).replace(uid.encode(), name.encode().ljust(len(uid)))
        said = {"sop_class": str(image.SOPClassUID), "sop_instance": str(image.SOPInstanceUID)}
        told = {key: name if value == uid else value for key, value in said.items()}
        arriving = images.begin(**told, syntax=EXPLICIT_LITTLE, source="TEST")
        arriving.write(content)
        assert arriving.finish().outcome == "quarantined"
    images.keep(STUDY, b"Quillfeather, a mask")


def test_the_image_store_names_nobody_on_the_disk(images: ImageStore) -> None:
    filled(images)
    assert named_in(images.folder) == set(), "while it is being written: the write-ahead log is there, too"

    record = images.study(STUDY)
    assert record is not None
    assert (record.patient_id, record.name, record.accession) == ("PN-771204", "Quillfeather^Odalys", "ACC-5521"), "who has the key reads it"
    assert record.series[0].description == "Odalys prone"
    for narrowed in ({"patient_id": "PN-771204"}, {"accession": "ACC-5521"}, {"dates": ("20260301", "20260301")}):
        assert len(list(images.find("instance", **narrowed))) == 1  # type: ignore[arg-type]
    assert list(images.find("study", patient_id="PN-771205")) == []


def test_a_copy_of_the_index_says_nothing_once_the_key_is_destroyed(images: ImageStore, tmp_path: Path) -> None:
    filled(images)
    with closing(sqlite3.connect(images.folder / "index.db")) as index:
        index.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))

    images.forget(STUDY)
    assert named_in(images.folder) == set()
    images.close()
    (tmp_path / "copy.db").replace(images.folder / "index.db")
    for each in images.folder.glob("index.db-*"):
        each.unlink()

    restored = ImageStore(images.folder, SECRET)
    assert restored.study(STUDY) is None
    assert list(restored.find("study")) == []
    assert restored.metadata(STUDY) == []
    restored.close()


def test_a_row_that_was_moved_to_another_study_does_not_open(images: ImageStore) -> None:
    """Somebody who can write the file but has no key cannot give one patient the name of another."""
    put(images, slice_of(**SAID))
    put(images, slice_of(1, study=f"{ROOT}.2", patient="9", PatientName="Other^One"))
    with closing(sqlite3.connect(images.folder / "index.db")) as index:
        index.execute("UPDATE studies SET named = (SELECT named FROM studies WHERE uid = ?) WHERE uid = ?", (f"{ROOT}.2", STUDY))
        index.commit()
    with pytest.raises(Fault, match="damaged"):
        images.study(STUDY)


def test_digests_of_two_houses_cannot_be_compared(images: ImageStore, tmp_path: Path) -> None:
    other = ImageStore(tmp_path / "other", b"another secret of 32 bytes......")
    found = []
    for each in (images, other):
        put(each, slice_of(**SAID))
        with closing(sqlite3.connect(each.folder / "index.db")) as index:
            found += index.execute("SELECT patient FROM studies").fetchall()
    other.close()
    assert found[0] != found[1]


def test_a_whole_house_with_images_names_nobody_on_the_disk(tmp_path: Path, portal: BlockingPortal) -> None:
    sent = ct(ADA, 2)
    for each in sent:
        for name, value in SAID.items():
            if not name.startswith("Patient") or name == "PatientComments":
                setattr(each, name, value)
    with OpenHouse(tmp_path / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"))
        assert stow(house, sent).status_code == 200
        sent[0].StudyDescription = "Something else"
        assert stow(house, sent[:1]).status_code == 409
        filed(house)
        house.as_("nurse").get("/dicom-web/studies", PatientName="*", includefield="all")
        house.as_("radiologist").get("/api/v1/imaging/studies")
        assert named_in(tmp_path / "data") == set()
        content = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
        assert ADA.family.encode() not in content
    assert EXPLICIT_LITTLE.encode() in content, "what may stand there was looked at"
