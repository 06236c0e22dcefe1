"""WADO-RS (PS3.18 10.4): instances, frames, bulk data and metadata, as stored or decoded, and pictures of them."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from api.dicomweb.conftest import with_images
from api.dicomweb.sending import OTHER_STUDY, ROOT, SERIES, STUDY, ct, filed, parts_in, stow
from api.house import OpenHouse
from support.messages import ADA
from support.scans import file_of
from wardline.app.edge_settings import EdgeSettings

PACKED, PACKED_SERIES = "1.2.3.20", "1.2.3.20.1"
AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'
FRAMES_AS_STORED = "multipart/related; type=application/octet-stream; transfer-syntax=*"
EXPLICIT = "1.2.840.10008.1.2.1"


@pytest.fixture(scope="module")
def packed(archive: OpenHouse) -> list[Dataset]:
    """Three frames in one image, compressed without loss, as it was sent; and what the frames hold."""
    image = ct(ADA, 1, study=PACKED, series=PACKED_SERIES)[0]
    frames = np.arange(3 * 6 * 5, dtype=np.int16).reshape(3, 6, 5)
    image.NumberOfFrames, image.PixelData, image.WindowCenter, image.WindowWidth = 3, frames.tobytes(), -1000, 100
    image.compress(RLELossless, generate_instance_uid=False)
    assert stow(archive, [image]).status_code == 200
    filed(archive)
    return [image]


def path(image: Dataset, *more: str) -> str:
    return "/".join([f"{ROOT}/studies/{image.StudyInstanceUID}/series/{image.SeriesInstanceUID}/instances/{image.SOPInstanceUID}", *more])


def data_set(file: bytes) -> bytes:
    """Without the head, in which everybody who hands a file on says who they are."""
    return file[144 + int.from_bytes(file[140:144], "little") :]


def test_a_series_comes_as_it_was_stored(archive: OpenHouse) -> None:
    response = archive.as_("nurse").request("GET", f"{ROOT}/studies/{STUDY}/series/{SERIES}", headers={"accept": AS_STORED})
    found = parts_in(response)
    assert [type for type, _ in found] == [f"application/dicom; transfer-syntax={EXPLICIT}"] * 4
    for (_, content), sent in zip(found, ct(ADA), strict=True):
        assert data_set(content) == data_set(file_of(sent))


def test_one_instance_comes_as_a_file_where_that_is_wanted(archive: OpenHouse) -> None:
    response = archive.as_("nurse").request("GET", path(ct(ADA)[0]), headers={"accept": "application/dicom"})
    assert response.headers["content-type"] == "application/dicom"
    assert data_set(response.content) == data_set(file_of(ct(ADA)[0]))


def test_a_compressed_image_comes_decoded_unless_it_is_wanted_as_stored(archive: OpenHouse, packed: list[Dataset]) -> None:
    nurse = archive.as_("nurse")
    stored = nurse.request("GET", path(packed[0]), headers={"accept": AS_STORED})
    assert parts_in(stored)[0][0] == f"application/dicom; transfer-syntax={RLELossless}"
    assert dcmread(io.BytesIO(parts_in(stored)[0][1])).PixelData == packed[0].PixelData
    plain = nurse.request("GET", path(packed[0]), headers={"accept": 'multipart/related; type="application/dicom"'})
    ((type, content),) = parts_in(plain)
    assert type == f"application/dicom; transfer-syntax={EXPLICIT}"
    assert (dcmread(io.BytesIO(content)).pixel_array == np.arange(90).reshape(3, 6, 5)).all()


def test_a_transfer_syntax_that_cannot_be_had_is_not_acceptable(archive: OpenHouse, packed: list[Dataset]) -> None:
    accept = f'multipart/related; type="application/dicom"; transfer-syntax={JPEGLSLossless}'
    refusal = archive.as_("nurse").request("GET", path(packed[0]), headers={"accept": accept})
    assert refusal.status_code == 406
    assert RLELossless in refusal.json()["detail"]


def test_frames_come_as_stored_and_name_their_transfer_syntax(archive: OpenHouse, packed: list[Dataset]) -> None:
    nurse = archive.as_("nurse")
    response = nurse.request("GET", path(packed[0], "frames", "3,1"), headers={"accept": FRAMES_AS_STORED})
    found = parts_in(response)
    assert [type for type, _ in found] == [f"application/octet-stream; transfer-syntax={RLELossless}"] * 2
    third, first = (content for _, content in found)
    sent = list(generate_frames(packed[0].PixelData, number_of_frames=3))
    assert [third, first] == [sent[2], sent[0]]
    (rle,) = parts_in(nurse.request("GET", path(packed[0], "frames", "2"), headers={"accept": "multipart/related; type=image/dicom-rle"}))
    assert rle[0].startswith("image/dicom-rle")


def test_frames_come_decoded_where_nothing_else_is_said(archive: OpenHouse, packed: list[Dataset]) -> None:
    accept = {"accept": "multipart/related; type=application/octet-stream"}
    ((type, content),) = parts_in(archive.as_("nurse").request("GET", path(packed[0], "frames", "2"), headers=accept))
    assert type == f"application/octet-stream; transfer-syntax={EXPLICIT}"
    assert content == np.arange(30, 60, dtype="<i2").tobytes()
    alone = archive.as_("nurse").request("GET", path(packed[0], "frames", "2"), headers={"accept": "application/octet-stream"})
    assert alone.content == content


@pytest.mark.parametrize(("frames", "status"), [("4", 404), ("0", 400), ("one", 400), ("1,", 400)])
def test_a_frame_that_is_not_there_is_said(archive: OpenHouse, packed: list[Dataset], frames: str, status: int) -> None:
    archive.as_("nurse").get(path(packed[0], "frames", frames), expect=status)


def test_metadata_holds_everything_but_the_pixels_and_says_where_they_are(archive: OpenHouse) -> None:
    rows = archive.as_("nurse").get(f"{ROOT}/studies/{STUDY}/series/{SERIES}/metadata")
    assert [row["00200013"]["Value"] for row in rows] == [[1], [2], [3], [4]]
    assert rows[0]["00100010"]["Value"] == [{"Alphabetic": "Moss^Ada"}]
    where = rows[1]["7FE00010"]["BulkDataURI"]
    assert where == f"http://ward{path(ct(ADA)[1], 'bulkdata', '7FE00010')}"
    pixels = archive.as_("nurse").request("GET", where.removeprefix("http://ward"), headers={"accept": "application/octet-stream"})
    assert pixels.content == ct(ADA)[1].PixelData
    assert len(archive.as_("nurse").get(f"{ROOT}/studies/{STUDY}/metadata")) == 4
    assert len(archive.as_("nurse").get(path(ct(ADA)[2], "metadata"))) == 1


def test_a_picture_shows_the_window_that_is_asked_for(archive: OpenHouse, packed: list[Dataset]) -> None:
    def shown(**asked: str) -> np.ndarray:
        response = archive.as_("nurse").request("GET", path(packed[0], "frames", "2", "rendered"), query=asked, headers={"accept": "image/png"})
        assert response.headers["content-type"] == "image/png"
        return np.asarray(Image.open(io.BytesIO(response.content)))

    # Stored 30..59 less 1024 is -994..-965; PS3.3 C.11.2.1.2.1: ((x - (c - 0.5)) / (w - 1) + 0.5) * 255.
    assert shown(window="-980,11,linear")[0, 0] == 0
    assert shown(window="-980,11,linear")[5, 4] == 255
    assert shown(window="-980,11,linear").reshape(-1)[14] == round((-980 - (-980 - 0.5)) / 10 * 255 + 127.5)
    assert shown()[0, 0] == round(((-994 - (-1000 - 0.5)) / 99 + 0.5) * 255), "the image's own window"
    assert shown(viewport="50,50").shape == (50, 36), "as large as fits, in the proportions of the patient: 0.8 mm by 0.7 mm, 6 rows of 5"


@pytest.mark.parametrize(
    "asked", [{"window": "40"}, {"window": "40,0"}, {"window": "a,b"}, {"viewport": "0,10"}, {"viewport": "1,2,3"}, {"quality": "0"}]
)
def test_a_picture_that_cannot_be_is_refused(archive: OpenHouse, asked: dict[str, str]) -> None:
    refusal = archive.as_("nurse").request("GET", path(ct(ADA)[0], "rendered"), query=asked)
    assert refusal.status_code in (400, 422)


def test_a_study_has_a_thumbnail(archive: OpenHouse) -> None:
    for where in (f"{ROOT}/studies/{STUDY}/thumbnail", f"{ROOT}/studies/{STUDY}/series/{SERIES}/thumbnail", path(ct(ADA)[0], "thumbnail")):
        response = archive.as_("nurse").request("GET", where)
        picture = Image.open(io.BytesIO(response.content))
        assert (picture.format, max(picture.size)) == ("JPEG", 128)


def test_an_instance_is_only_where_it_belongs(archive: OpenHouse) -> None:
    nurse, uid = archive.as_("nurse"), ct(ADA)[0].SOPInstanceUID
    nurse.get(f"{ROOT}/studies/{STUDY}/series/9.9/instances/{uid}", expect=404)
    nurse.get(f"{ROOT}/studies/{STUDY}/series/{SERIES}/instances/9.9", expect=404)
    nurse.get(f"{ROOT}/studies/{STUDY}/series/9.9/metadata", expect=404)
    archive.as_("radiologist").get(f"{ROOT}/studies/9.9/metadata", expect=404)


def test_pixels_of_somebody_elses_study_cannot_be_had_under_another_studys_address(archive: OpenHouse) -> None:
    stranger = ct(ADA, study=OTHER_STUDY, series=f"{OTHER_STUDY}.1")[0].SOPInstanceUID
    for more in ("", "/frames/1", "/metadata", "/rendered", "/bulkdata/7FE00010"):
        archive.as_("nurse").get(f"{ROOT}/studies/{STUDY}/series/{SERIES}/instances/{stranger}{more}", expect=404)
        archive.as_("nurse").get(f"{ROOT}/studies/{OTHER_STUDY}/series/{OTHER_STUDY}.1/instances/{stranger}{more}", expect=403)


def test_a_look_at_a_study_is_one_line_of_the_trail(archive: OpenHouse) -> None:
    doctor = archive.as_("doctor")
    for image in ct(ADA):
        doctor.request("GET", path(image, "frames", "1"), headers={"accept": FRAMES_AS_STORED})
    doctor.get(f"{ROOT}/studies/{STUDY}/metadata")
    who = archive.do(archive.wardline.identities.user_named, "doctor").id
    entries = archive.audited(action="imaging.read", who=who, about=archive.key(ADA))
    assert [(entry["detail"]["study"], entry["detail"]["what"]) for entry in entries] == [(STUDY, "images"), (STUDY, "metadata")]


def test_hundreds_of_images_are_no_more_than_one_person_asks_for(open_house: Callable[..., OpenHouse]) -> None:
    """A radiologist who pages through a CT meets no limit that is meant for loops over charts."""
    house = with_images(open_house(edge=EdgeSettings(hosts=("ward",), requests_per_minute=60)))
    nurse, image = house.as_("nurse"), ct(ADA)[0]
    for _ in range(80):
        assert nurse.request("GET", path(image, "frames", "1"), headers={"accept": FRAMES_AS_STORED}).status_code == 200
    assert nurse.request("GET", f"{ROOT}/studies").status_code == 200


def test_an_image_whose_whole_data_set_is_deflated_can_be_seen_and_fetched(archive: OpenHouse) -> None:
    image = ct(ADA, 1, study="1.2.3.21", series="1.2.3.21.1")[0]
    image.PixelData = np.arange(30, dtype=np.int16).tobytes()
    image.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert stow(archive, [image]).status_code == 200
    filed(archive)
    nurse = archive.as_("nurse")
    ((type, content),) = parts_in(nurse.request("GET", path(image, "frames", "1"), headers={"accept": FRAMES_AS_STORED}))
    assert (type, content) == (f"application/octet-stream; transfer-syntax={EXPLICIT}", image.PixelData)
    ((type, content),) = parts_in(nurse.request("GET", path(image), headers={"accept": 'multipart/related; type="application/dicom"'}))
    assert dcmread(io.BytesIO(content)).PixelData == image.PixelData
    assert nurse.request("GET", path(image, "rendered")).headers["content-type"] == "image/jpeg"
    assert nurse.get(path(image, "metadata"))[0]["00280010"]["Value"] == [6]


def test_a_value_within_a_sequence_can_be_fetched_where_metadata_says(archive: OpenHouse) -> None:
    image, item = ct(ADA, 1, study="1.2.3.22", series="1.2.3.22.1")[0], Dataset()
    item.EncapsulatedDocument = bytes(range(256)) * 16
    image.ContentSequence = [item]
    assert stow(archive, [image]).status_code == 200
    filed(archive)
    nurse = archive.as_("nurse")
    where = nurse.get(path(image, "metadata"))[0]["0040A730"]["Value"][0]["00420011"]["BulkDataURI"]
    assert where.endswith("/bulkdata/0040A730.0.00420011")
    found = nurse.request("GET", where.removeprefix("http://ward"), headers={"accept": "application/octet-stream"})
    assert found.content == item.EncapsulatedDocument
