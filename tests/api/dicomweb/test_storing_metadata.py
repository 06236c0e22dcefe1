"""STOW-RS of metadata with bulk data beside it (PS3.18 10.5): a client made by hand, because none of the libraries sends this form."""

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from api.dicomweb import sending
from api.dicomweb.sending import BOUNDARY, DICOM_JSON, ROOT, ct
from api.dicomweb.test_storing_over_the_web import reasons
from api.house import OpenHouse
from support.messages import ADA
from support.scans import file_of
from wardline.api.dicomweb import assembling

METADATA = "application/dicom+json"
WORDS = "application/octet-stream"
JPEG = "1.2.840.10008.1.2.4.50"


def stated(image: Dataset) -> dict[str, Any]:
    """The metadata of an image, as pydicom says it; its pixels by an address."""
    read = dcmread(BytesIO(file_of(image)))
    found: dict[str, Any] = read.to_json_dict(16, lambda element: f"bulk/{image.SOPInstanceUID}")
    return found


def send(archive: OpenHouse, metadata: object, *values: tuple[str, str, bytes], study: str = "") -> Any:
    """`values`: (content type, location, content)."""
    parts = [(METADATA, "", json.dumps(metadata).encode()), *values]
    body = b"".join(_part(*each) for each in parts) + f"--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f'multipart/related; type="{METADATA}"; boundary={BOUNDARY}', **DICOM_JSON}
    return archive.as_("radiologist").request("POST", f"{ROOT}/studies{'/' if study else ''}{study}", body, headers=headers)


def _part(kind: str, location: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Location: {location}\r\n\r\n".encode() + content + b"\r\n"


def pixels(images: Iterable[Dataset]) -> list[tuple[str, str, bytes]]:
    return [(WORDS, f"bulk/{image.SOPInstanceUID}", image.PixelData) for image in images]


def stored(archive: OpenHouse, uid: str) -> Dataset:
    return dcmread(BytesIO(archive.do(archive.running.services.images.instance, uid)))


def test_images_said_as_metadata_are_stored_with_their_pixels_in_whatever_order(archive: OpenHouse) -> None:
    images = ct(ADA, 3, study="1.2.20.1", series="1.2.20.1.1")

    response = send(archive, [stated(each) for each in images], *reversed(pixels(images)))

    assert response.status_code == 200, response.headers
    assert len(response.json()["00081199"]["Value"]) == 3
    for image in images:
        found = stored(archive, image.SOPInstanceUID)
        assert (found.PixelData, found.PatientName, found.ImagePositionPatient) == (image.PixelData, image.PatientName, image.ImagePositionPatient)
        assert found.SpecificCharacterSet == "ISO_IR 192", "JSON is UTF-8, and so is what was made of it"


def test_each_instance_that_cannot_be_stored_says_why_and_the_others_are(archive: OpenHouse) -> None:
    good, lacking, wrong, elsewhere, unnamed = (ct(ADA, 1, study="1.2.20.2", series=f"1.2.20.2.{number}")[0] for number in range(1, 6))
    elsewhere.StudyInstanceUID = "1.2.20.99"
    metadata = [stated(each) for each in (good, lacking, wrong, elsewhere, unnamed)]
    metadata[2]["00280010"] = {"vr": "US", "Value": ["many"]}
    del metadata[4]["00080018"]

    response = send(archive, [*metadata, {"what": {}}], *pixels((good, wrong, elsewhere, unnamed)), study="1.2.20.2")

    said = response.json()
    failed = {item["00081155"]["Value"][0]: item["00081197"]["Value"][0] for item in said["00081198"]["Value"]}
    assert response.status_code == 202
    assert [item["00081155"]["Value"] for item in said["00081199"]["Value"]] == [[good.SOPInstanceUID]]
    assert failed == {lacking.SOPInstanceUID: 0xC000, wrong.SOPInstanceUID: 0xC000, elsewhere.SOPInstanceUID: 0xA900}
    assert [item["00081197"]["Value"] for item in said["0008119A"]["Value"]] == [[0xC000], [0xC000]]


def test_a_compressed_picture_keeps_its_transfer_syntax(archive: OpenHouse) -> None:
    first, second, several = (ct(ADA, 1, study="1.2.20.3", series=f"1.2.20.3.{number}")[0] for number in (1, 2, 3))
    several.NumberOfFrames = 2
    picture = b"\xff\xd8 a picture \xff\xd9"
    kind = f"image/jpeg; transfer-syntax={JPEG}"
    values = [(kind, f"bulk/{first.SOPInstanceUID}", picture), ("image/jpeg", f"bulk/{second.SOPInstanceUID}", picture)]

    response = send(archive, [stated(each) for each in (first, second, several)], *values, (kind, f"bulk/{several.SOPInstanceUID}", picture))

    assert reasons(response.json()) == [0xC122, 0xC122], "no transfer syntax said; several frames in one part"
    assert stored(archive, first.SOPInstanceUID).file_meta.TransferSyntaxUID == JPEG
    assert archive.do(archive.running.services.images.frame, first.SOPInstanceUID, 1) == picture + b"\0"


def test_a_part_nobody_refers_to_is_said(archive: OpenHouse) -> None:
    (image,) = ct(ADA, 1, study="1.2.20.4", series="1.2.20.4.1")

    response = send(archive, [stated(image)], (WORDS, "bulk/other", b"1234"), *pixels([image]))

    assert response.status_code == 202
    assert reasons(response.json()) == [0xC000]
    assert "bulk/other" in response.headers["warning"]


@pytest.mark.parametrize("metadata", ["words", [1], {"00080018": {"vr": "UI"}}])
def test_what_is_no_list_of_instances_is_refused_whole(archive: OpenHouse, metadata: object) -> None:
    assert send(archive, metadata).status_code == 400


def test_more_than_may_wait_in_memory_is_refused_and_what_was_whole_is_kept(archive: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ct(ADA, 2, study="1.2.20.5", series="1.2.20.5.1")
    monkeypatch.setattr(assembling, "MOST_WAITING", 10_000)

    response = send(archive, [stated(first), stated(second)], *pixels([first]), (WORDS, f"bulk/{second.SOPInstanceUID}", bytes(20_000)))

    assert response.status_code == 202
    assert 0xA700 in reasons(response.json())
    assert len(response.json()["00081199"]["Value"]) == 1


def test_only_radiology_stores_metadata(archive: OpenHouse) -> None:
    headers, body = sending.message([b"[]"], METADATA)
    assert archive.as_("nurse").request("POST", f"{ROOT}/studies", body, headers=headers).status_code == 403
