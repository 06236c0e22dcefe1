"""The image doors of the web: requests that ask for more than there is, studies that hide behind one that was put aside."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import pytest
from anyio.from_thread import BlockingPortal

from api.dicomweb.sending import ROOT, ct, filed, parts_in, stow
from api.dicomweb.test_storing_metadata import pixels, send, stated
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, BEN, adt
from wardline.api.dicomweb import assembling, finding, retrieving
from wardline.core.events import Found
from wardline.core.statements import Statement
from wardline.formats.dicom.multipart import Part

ONE, SEVERAL, PUT_ASIDE = "1.2.3.60", "1.2.3.61", "1.2.3.62"
FRAMES = "multipart/related; type=application/octet-stream; transfer-syntax=*"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    with OpenHouse(tmp_path_factory.mktemp("images") / "data", portal) as house:
        house.send(adt("A01", ADA, at=MORNING, visit="V1", unit="7A", bed="12"), adt("A01", BEN, at=MORNING, visit="V2", unit="8B", bed="4"))
        assert stow(house, ct(ADA, 1, study=ONE, series=f"{ONE}.1")).status_code == 200
        assert stow(house, ct(ADA, 4, study=SEVERAL, series=f"{SEVERAL}.1")).status_code == 200
        filed(house)
        yield house


def of(study: str, *more: str) -> str:
    (image, *_) = ct(ADA, 1, study=study, series=f"{study}.1")
    return "/".join([f"{ROOT}/studies/{study}/series/{study}.1/instances/{image.SOPInstanceUID}", *more])


def test_what_is_put_aside_does_not_hide_what_was_taken_before_it(archive: OpenHouse) -> None:
    """A study of which a second object under a used UID comes right behind was never filed: nobody would have seen it."""
    images = ct(ADA, 2, study=PUT_ASIDE, series=f"{PUT_ASIDE}.1")
    assert stow(archive, images).status_code == 200
    images[0].PatientComments = "other content"
    assert stow(archive, images[:1]).status_code == 409

    filed(archive)
    listed = archive.as_("radiologist").get("/api/v1/imaging/studies", patient=archive.key())["studies"]
    assert PUT_ASIDE in [each["uid"] for each in listed]


@pytest.mark.parametrize("level", [f"/studies/{ONE}", f"/studies/{ONE}/series/{ONE}.1"])
def test_a_study_of_one_instance_comes_as_one_file(archive: OpenHouse, level: str) -> None:
    response = archive.as_("nurse").request("GET", ROOT + level, headers={"accept": "application/dicom"})
    assert (response.status_code, response.content[128:132]) == (200, b"DICM")


def test_a_frame_that_is_named_a_thousand_times_comes_once(archive: OpenHouse) -> None:
    response = archive.as_("nurse").request("GET", of(ONE, "frames", ",".join(["1"] * 1000)), headers={"accept": FRAMES})
    assert len(parts_in(response)) == 1


@pytest.mark.parametrize("number", ["9" * 4_500, "0", "-1", "1,2", "2", "1.0", "\u0661" * 11])
def test_a_frame_that_cannot_be_is_refused_before_anything_is_sent(archive: OpenHouse, number: str) -> None:
    for path in (of(ONE, "frames", number), of(ONE, "frames", number, "rendered")):
        response = archive.as_("nurse").request("GET", path, headers={"accept": f"{FRAMES}, image/jpeg"})
        assert response.status_code in (400, 404, 422), (path[-60:], response.text)


def test_an_object_that_would_fill_the_memory_is_not_drawn(archive: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieving, "LARGEST_DECODED", 100)
    for path in (of(ONE, "rendered"), of(ONE, "thumbnail"), f"{ROOT}/studies/{ONE}/thumbnail"):
        response = archive.as_("nurse").request("GET", path, headers={"accept": "image/jpeg"})
        assert (response.status_code, "as it is stored" in response.text) == (406, True)
    response = archive.as_("nurse").request("GET", of(ONE, "frames", "1"), headers={"accept": FRAMES})
    assert response.status_code == 200, "as it is stored it can be had"


def test_a_page_far_behind_the_end_reads_a_stretch_at_a_time(archive: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an offset of a billion, as many rows were asked of the index at once."""
    monkeypatch.setattr(finding, "AT_ONCE", 2)
    nurse = archive.as_("nurse")
    assert nurse.request("GET", f"{ROOT}/instances?offset=1000000000", headers={"accept": "application/dicom+json"}).status_code == 204
    found = nurse.request("GET", f"{ROOT}/studies/{SEVERAL}/instances?limit=3&offset=1", headers={"accept": "application/dicom+json"})
    assert len(found.json()) == 3


@pytest.mark.parametrize("uid", ["../../secrets", "'; DROP TABLE studies; --", "1" * 5_000, "%00", "\u0661.2"])
def test_what_is_no_uid_finds_nothing(archive: OpenHouse, uid: str) -> None:
    nurse = archive.as_("radiologist")
    for path in (f"{ROOT}/studies/{quote(uid, safe='')}/metadata", f"/api/v1/imaging/studies/{quote(uid, safe='')}"):
        assert nurse.request("GET", path, headers={"accept": "application/json"}).status_code in (400, 404, 406, 414, 422)


def test_what_a_hidden_study_said_is_not_told_by_the_one_after_it(archive: OpenHouse) -> None:
    """A label keeps the earlier study from somebody; the comparison in the later one held its values all the same."""
    images, key = archive.running.imaging.images, archive.key()
    prior = {"key": "L7", "study": ONE, "values": [{"id": "sul_peak", "name": "SULpeak", "value": 7.13, "unit": "{SUL}g/ml"}], "match": 1.0}
    kept = {
        "pet_lesions": {"lesions": [{"key": "L1", "values": []}]},
        "percist": {"matches": [{"key": "L1", "prior": prior, "change_percent": -71.3}],
                    "response": {"name": "PERCIST 1.0", "category": "partial response", "summary": "fell by 71.3 %", "because": []}},
    }  # fmt: skip

    def said(_house: object, now: datetime) -> list[Statement]:
        return [
            Statement(Found(capability, "1", "d", "finding", SEVERAL, 1, summary=f"{71.3 if capability == 'percist' else 1}", artefacts=tuple(
                (name, "application/json", images.keep(SEVERAL, json.dumps(content).encode())) for name, content in parts.items()
            )), key, now)
            for capability, parts in kept.items()
        ]  # fmt: skip

    archive.do(lambda: archive.wardline.engine.record(said, actor="wardline"))
    doctor, radiologist = archive.as_("doctor"), archive.as_("radiologist")
    where, label = f"/api/v1/imaging/studies/{SEVERAL}", {"kind": "ImagingStudy", "key": ONE, "reason": "asked"}
    assert "7.13" in radiologist.request("GET", where).text
    doctor.post(f"/api/v1/patients/{key}/labels", label | {"labels": ["PSY"]}, 204)
    try:
        hidden = radiologist.request("GET", where)
        assert hidden.status_code == 200
        assert not any(word in hidden.text for word in ("7.13", "71.3", "partial response", ONE + '"', "L7"))
        assert "7.13" in doctor.request("GET", where).text, "whoever may see it sees it"
    finally:
        doctor.post(f"/api/v1/patients/{key}/labels", label | {"labels": []}, 204)


def test_a_value_that_is_named_over_and_over_does_not_fill_the_memory(archive: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight MiB of metadata name one value a hundred thousand times: a file of terabytes was to be put together in the clinical process."""
    monkeypatch.setattr(assembling, "MOST_WAITING", 1024 * 1024)
    (image,) = ct(ADA, 1, study="1.2.3.63", series="1.2.3.63.1")
    said = stated(image) | {f"0011{number:04X}": {"vr": "OB", "BulkDataURI": "one"} for number in range(0x1000, 0x1200)}
    response = send(archive, [said], *pixels([image]), ("application/octet-stream", "one", bytes(8192)))
    assert (response.status_code, "over and over" in response.headers["warning"]) == (409, True)

    several = [{**stated(image), "00080018": {"vr": "UI", "Value": [f"1.2.3.64.{number}"]}} for number in range(400)]
    response = send(archive, several, *((kind, location, bytes(8192)) for kind, location, _ in pixels([image])))
    assert response.status_code == 202
    assert len(response.json()["00081199"]["Value"]) <= 130


def test_many_instances_that_wait_do_not_make_every_part_dear(archive: OpenHouse) -> None:
    """Each part was held against every instance that waited, and the house did nothing else meanwhile."""
    waiting = assembling._Waiting()
    waiting.expect(json.dumps([{"7FE00010": {"vr": "OB", "BulkDataURI": str(number)}} for number in range(20_000)]).encode())
    begun, whole = time.process_time(), 0
    for number in range(10_000):
        waiting.arrive(Part({"content-location": str(number)}), b"12")
        whole += len(list(waiting.complete()))
    assert (whole, waiting.size, len(list(waiting.rest()))) == (10_000, 0, 10_000)
    assert time.process_time() - begun < 5, "it was more than a minute"
