"""The image store: what is said to be stored is there once, whole and sealed; what cannot be filed is kept aside; studies become complete."""

import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from pydicom.dataset import Dataset

from support.dicom_door import ROOT, bytes_of, ct, files, put
from wardline.adapters.embedded.images.store import ImageStore
from wardline.core.errors import Fault, NotFound
from wardline.formats.dicom.part10 import read_head
from wardline.formats.dicom.syntaxes import DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE

STUDY = f"{ROOT}.1"
MIB = 1024 * 1024


def test_what_is_stored_comes_back_byte_for_byte_as_a_dicom_file(images: ImageStore) -> None:
    dataset = ct()

    assert put(images, dataset).outcome == "stored"

    content = images.instance(dataset.SOPInstanceUID)
    head = read_head(content)
    assert content[head.length :] == bytes_of(dataset)
    assert head[:3] == (dataset.SOPClassUID, dataset.SOPInstanceUID, EXPLICIT_LITTLE)
    assert b"".join(images.chunks(dataset.SOPInstanceUID)) == content
    assert images.read(dataset.SOPInstanceUID, 130, 2) == b"CM"


@pytest.mark.parametrize("syntax", [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG])
def test_the_index_knows_patient_study_series_and_instance_in_any_syntax(images: ImageStore, syntax: str) -> None:
    put(images, ct(), syntax=syntax)

    study = images.study(STUDY)

    assert study is not None
    assert study[:9] == (STUDY, "4711", "", "Quillfeather^Odalys", "19500102", "F", "A1", "Thorax", datetime(2026, 3, 1, 10, 15, tzinfo=UTC))
    assert [(series.modality, series.instances) for series in study.series] == [("CT", (ct().SOPInstanceUID,))]


def test_an_object_larger_than_a_sealed_piece_is_read_at_any_place(images: ImageStore) -> None:
    dataset = ct(size=1100)  # 2.3 MiB

    put(images, dataset)

    content = images.instance(dataset.SOPInstanceUID)
    assert content.endswith(bytes_of(dataset)[-100:])
    for offset in (0, MIB - 3, MIB, 2 * MIB - 1, len(content) - 5):
        assert images.read(dataset.SOPInstanceUID, offset, 10) == content[offset : offset + 10]
    assert images.frame(dataset.SOPInstanceUID, 1) == dataset.PixelData


def test_frames_of_a_multi_frame_object_are_told_apart(images: ImageStore) -> None:
    pixels = bytes(range(256)) * 2
    put(images, ct(Rows=8, Columns=8, BitsAllocated=8, NumberOfFrames=8, PixelData=pixels))

    assert [images.frame(ct().SOPInstanceUID, number) for number in (1, 8)] == [pixels[:64], pixels[448:]]
    with pytest.raises(NotFound):
        images.frame(ct().SOPInstanceUID, 9)


def test_frames_of_one_bit_pixels_begin_within_bytes(images: ImageStore) -> None:
    """PS3.5 8.1.1: the pixels of all frames follow each other without a gap. 3 x 5 = 15 bits a frame."""
    bits = [[number % 3 == frame for number in range(15)] for frame in range(2)]
    packed = sum(bit << place for place, bit in enumerate(bits[0] + bits[1])).to_bytes(4, "little")
    put(images, ct(Rows=3, Columns=5, BitsAllocated=1, NumberOfFrames=2, PixelData=packed))

    for frame in range(2):
        found = int.from_bytes(images.frame(ct().SOPInstanceUID, frame + 1), "little")
        assert [bool(found >> place & 1) for place in range(15)] == bits[frame]


def test_nothing_of_a_patient_can_be_read_from_the_image_files(images: ImageStore) -> None:
    put(images, ct())

    assert all(b"Quillfeather" not in path.read_bytes() and b"4711" not in path.read_bytes() for path in files(images))
    assert all(path.stat().st_mode & 0o077 == 0 for path in images.folder.rglob("*"))


@pytest.mark.parametrize("place", [3, 20, 100, 200, -1])
def test_an_altered_file_does_not_open(images: ImageStore, place: int) -> None:
    put(images, ct())
    (path,) = files(images)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises(Fault):
        images.instance(ct().SOPInstanceUID)


def test_a_file_that_was_cut_or_exchanged_does_not_open(images: ImageStore) -> None:
    first, second = ct(1, size=900), ct(2, size=900)
    put(images, first)
    (path,) = files(images)
    put(images, second)
    (other,) = set(files(images)) - {path}
    whole = path.read_bytes()

    path.write_bytes(whole[: 76 + MIB + 28])
    with pytest.raises(Fault):
        images.instance(first.SOPInstanceUID)
    path.write_bytes(other.read_bytes())
    with pytest.raises(Fault):
        images.instance(first.SOPInstanceUID)


def test_the_same_object_again_is_kept_once(images: ImageStore) -> None:
    put(images, ct())

    again = put(images, ct(), source="ANOTHER")

    assert again.outcome == "already"
    assert len(files(images)) == 1
    assert images.study(STUDY).series[0].instances == (ct().SOPInstanceUID,)  # type: ignore[union-attr]


def test_another_object_under_the_same_uid_is_put_aside_and_neither_is_lost(images: ImageStore) -> None:
    put(images, ct())

    other = put(images, ct(StudyDescription="Abdomen"))

    assert (other.outcome, other.code) == ("quarantined", "double")
    assert b"Thorax" in images.instance(ct().SOPInstanceUID)
    (aside,) = images.quarantined()
    assert b"Abdomen" in images.quarantined_bytes(aside.number)
    assert [entry.what for entry in images.journal()] == ["arriving", "quarantined"]


def test_an_object_of_another_patient_does_not_get_into_a_study(images: ImageStore) -> None:
    put(images, ct(1))

    stranger = put(images, ct(2, patient="4712"))

    assert (stranger.outcome, stranger.code) == ("quarantined", "patient")
    assert [row.instance for row in images.find("instance")] == [ct(1).SOPInstanceUID]


def test_an_issuer_that_one_device_leaves_out_does_not_part_a_study(images: ImageStore) -> None:
    put(images, ct(1, IssuerOfPatientID="MAIN"))

    assert put(images, ct(2)).outcome == "stored"
    assert put(images, ct(3, IssuerOfPatientID="OTHER")).code == "patient"


def without(tag: str) -> Dataset:
    dataset = ct()
    del dataset[tag]
    return dataset


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "broken"),
        (bytes_of(ct())[:200], "broken"),
        (bytes_of(ct())[:-10], "broken"),
        (bytes_of(ct(), IMPLICIT_LITTLE), "broken"),
        (b"\0" * 300, "broken"),
        (bytes_of(without("StudyInstanceUID")), "broken"),
        (bytes_of(without("SeriesInstanceUID")), "broken"),
        (bytes_of(ct(StudyInstanceUID="")), "broken"),
        (bytes_of(ct(2)), "mismatch"),
        (bytes_of(without("SOPClassUID")), "mismatch"),
    ],
)
def test_what_cannot_be_filed_is_kept_as_it_came_and_says_why(images: ImageStore, content: bytes, code: str) -> None:
    stored = put(images, ct(), content=content)

    assert (stored.outcome, stored.code) == ("quarantined", code)
    (aside,) = images.quarantined()
    assert aside.reason == stored.reason != ""
    kept = images.quarantined_bytes(aside.number)
    assert kept[read_head(kept).length :] == content
    assert list(images.find("study")) == []
    images.dismiss(aside.number)
    assert images.quarantined() == []
    assert files(images) == []
    with pytest.raises(NotFound):
        images.dismiss(aside.number)


def test_a_study_is_complete_when_it_is_quiet_and_a_late_instance_reopens_it(images: ImageStore) -> None:
    put(images, ct(1))
    now = datetime.now(UTC)
    assert images.complete(now - timedelta(seconds=60)) == []

    assert images.complete(now + timedelta(seconds=1)) == [STUDY]
    assert images.complete(now + timedelta(seconds=1)) == []
    put(images, ct(2))

    assert [(entry.what, entry.detail["instances"]) for entry in images.journal()] == [("arriving", 1), ("complete", 1), ("reopened", 2)]
    assert images.study(STUDY).state == "arriving"  # type: ignore[union-attr]


def test_a_study_whose_number_of_instances_is_known_is_complete_at_once(images: ImageStore) -> None:
    put(images, ct(1))
    images.expect(STUDY, 2)

    put(images, ct(2))

    assert [entry.what for entry in images.journal()] == ["arriving", "complete"]
    images.expect(STUDY, 2)
    assert [entry.what for entry in images.journal()] == ["arriving", "complete"]


def test_a_number_that_is_told_after_the_last_instance_completes_as_well(images: ImageStore) -> None:
    put(images, ct(1))

    images.expect(STUDY, 1)

    assert [entry.what for entry in images.journal()] == ["arriving", "complete"]


def test_searches_narrow_at_every_level_and_count(images: ImageStore) -> None:
    for number in (1, 2):
        put(images, ct(number))
    put(images, ct(1, study=f"{ROOT}.2", patient="9", StudyDate="20260302", AccessionNumber="A2"))

    newest, older = images.find("study")
    assert (newest.study, older.study) == (f"{ROOT}.2", STUDY)
    said = json.loads(older.attributes)
    assert (said["00201208"]["Value"], said["00201206"]["Value"], said["00080061"]["Value"]) == ([2], [1], ["CT"])
    assert [row.study for row in images.find("study", patient_id="9")] == [f"{ROOT}.2"]
    assert [row.study for row in images.find("study", accession="A1")] == [STUDY]
    assert [row.study for row in images.find("study", dates=("20260302", ""))] == [f"{ROOT}.2"]
    assert [json.loads(row.attributes)["00200013"]["Value"] for row in images.find("instance", studies=[STUDY])] == [[1], [2]]
    assert [row.series for row in images.find("series", studies=[STUDY])] == [f"{STUDY}.1"]
    assert list(images.find("study", records=[])) == []
    images.place(STUDY, "RECORD")
    assert [(row.study, row.record) for row in images.find("study", records=["RECORD"])] == [(STUDY, "RECORD")]


def test_metadata_is_ready_and_refers_to_long_values(images: ImageStore) -> None:
    put(images, ct(2))
    put(images, ct(1))

    first, second = (json.loads(each) for each in images.metadata(STUDY))

    assert [each["00200013"]["Value"] for each in (first, second)] == [[1], [2]]
    assert first["7FE00010"] == {"vr": "OW", "BulkDataURI": "@/7FE00010"}
    assert b"".join(images.bulk(ct(1).SOPInstanceUID, "7FE00010")) == ct(1).PixelData
    assert images.metadata(STUDY, instance="1.2.3") == []


def test_what_is_made_from_a_study_is_kept_once_and_sealed(images: ImageStore) -> None:
    put(images, ct())

    digest = images.keep(STUDY, b"a mask of Quillfeather's lungs")

    assert images.keep(STUDY, b"a mask of Quillfeather's lungs") == digest
    assert images.kept(STUDY, digest) == b"a mask of Quillfeather's lungs"
    assert len(files(images)) == 2
    assert all(b"lungs" not in path.read_bytes() for path in files(images))
    with pytest.raises(NotFound):
        images.kept(STUDY, "00")
    with pytest.raises(NotFound):
        images.keep("1.2.3", b"x")


def test_an_abandoned_instance_leaves_nothing(images: ImageStore) -> None:
    arriving = images.begin(sop_class=ct().SOPClassUID, sop_instance=ct().SOPInstanceUID, syntax=EXPLICIT_LITTLE, source="TEST")
    arriving.write(bytes_of(ct())[:500])

    arriving.abandon()

    assert files(images) == []
    assert list(images.find("instance")) == []


def test_many_threads_store_at_once_and_each_instance_is_there_once(images: ImageStore) -> None:
    """Two senders of the same objects, as when a scanner and an archive both send a study."""
    outcomes: list[str] = []
    senders = [Thread(target=lambda: outcomes.extend(put(images, ct(number)).outcome for number in range(1, 13))) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(outcomes) == ["already"] * 36 + ["stored"] * 12
    assert len(list(images.find("instance"))) == len(files(images)) == 12
    assert [entry.what for entry in images.journal()] == ["arriving"]


def test_two_processes_store_into_one_folder(images: ImageStore) -> None:
    program = (
        "import sys; from pathlib import Path; from support.dicom_door import *\n"
        "images = ImageStore(Path(sys.argv[1]), SECRET)\n"
        "print([put(images, ct(number)).outcome for number in range(1, 9)].count('stored')); images.close()"
    )
    words = [sys.executable, "-c", program, str(images.folder)]
    path = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=path) as other:
        mine = [put(images, ct(number)).outcome for number in range(1, 9)].count("stored")
        said, _ = other.communicate(timeout=30)

    assert mine + int(said) == 8
    assert len(list(images.find("instance"))) == len(files(images)) == 8


def test_a_deflated_object_is_indexed_and_kept_deflated(images: ImageStore) -> None:

    engine = zlib.compressobj(wbits=-15)
    content = engine.compress(bytes_of(ct())) + engine.flush()

    assert put(images, ct(), content=content, syntax=DEFLATED).outcome == "stored"

    stored = images.instance(ct().SOPInstanceUID)
    assert stored[read_head(stored).length :] == content
    assert images.frame(ct().SOPInstanceUID, 1) == b"".join(images.bulk(ct().SOPInstanceUID, "7FE00010")) == ct().PixelData
