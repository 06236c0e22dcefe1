"""STOW-RS (PS3.18 10.5): every instance is durable before it is called stored, and has its own answer."""

from pydicom import Dataset

from api.dicomweb.sending import ROOT, SERIES, STUDY, ct, filed, message, stow
from api.house import OpenHouse
from support.messages import ADA
from support.scans import file_of


def reasons(content: dict[str, dict[str, list[dict[str, dict[str, list[int]]]]]]) -> list[int]:
    return [item["00081197"]["Value"][0] for tag in ("00081198", "0008119A") if tag in content for item in content[tag]["Value"]]


def test_a_study_that_was_stored_is_listed_under_its_patient(archive: OpenHouse) -> None:
    answer = archive.as_("nurse").get(f"{ROOT}/studies", PatientID=ADA.number, StudyInstanceUID=STUDY)
    assert [row["0020000D"]["Value"] for row in answer] == [[STUDY]]
    assert archive.running.services.studies.record_of(STUDY) == archive.key(ADA)


def test_each_stored_instance_is_named_with_its_address(archive: OpenHouse) -> None:
    images = ct(ADA, study="1.2.7.1", series="1.2.7.1.1")
    response = stow(archive, images)
    assert response.status_code == 200
    first = response.json()["00081199"]["Value"][0]
    assert first["00081155"]["Value"] == [images[0].SOPInstanceUID]
    assert first["00081190"]["Value"] == [f"http://ward{ROOT}/studies/1.2.7.1/series/1.2.7.1.1/instances/{images[0].SOPInstanceUID}"]
    assert response.json()["00081190"]["Value"] == [f"http://ward{ROOT}/studies/1.2.7.1"]


def test_the_same_instance_again_is_stored_and_there_once(archive: OpenHouse) -> None:
    assert stow(archive, ct(ADA)[:1]).status_code == 200
    assert len(archive.as_("nurse").get(f"{ROOT}/studies/{STUDY}/instances")) == 4


def test_another_image_under_a_uid_that_is_taken_is_refused_and_the_first_stays(archive: OpenHouse) -> None:
    forged = ct(ADA)[0]
    forged.PixelData = bytes(len(forged.PixelData))[:-1] + b"\1"
    response = stow(archive, [forged])
    assert response.status_code == 409
    assert reasons(response.json()) == [0x0111]
    assert "Warning" in response.headers


def test_what_is_good_is_stored_though_something_beside_it_is_not(archive: OpenHouse) -> None:
    good = ct(ADA, 1, study="1.2.7.4", series="1.2.7.4.1")
    headers, body = message([b"no image", file_of(good[0])])
    response = archive.as_("radiologist").request("POST", f"{ROOT}/studies", body, headers=headers)
    assert response.status_code == 202
    assert reasons(response.json()) == [0xC000]
    assert len(response.json()["00081199"]["Value"]) == 1


def test_an_instance_of_another_study_than_the_address_says_is_refused_and_not_kept(archive: OpenHouse) -> None:
    response = stow(archive, ct(ADA, 1, study="1.2.7.5", series="1.2.7.5.1"), study="1.2.8.5")
    assert response.status_code == 409
    assert reasons(response.json()) == [0xA900]
    assert archive.do(archive.running.services.images.study, "1.2.7.5") is None


def test_nobody_adds_to_the_study_of_a_patient_they_do_not_look_after(archive: OpenHouse) -> None:
    outsider = archive.user("outsider", "radiologist", units=("8B",))
    visitor = archive.nobody()
    visitor.token = archive.do(lambda: archive.wardline.sessions.begin(outsider, "tests", factors=2)).access_token
    headers, body = message([file_of(_another())])
    response = visitor.request("POST", f"{ROOT}/studies", body, headers=headers)
    assert response.status_code == 409
    assert reasons(response.json()) == [0x0124]
    assert len(archive.as_("nurse").get(f"{ROOT}/studies/{STUDY}/instances")) == 4


def _another() -> Dataset:
    more = ct(ADA, 1)[0]
    more.SOPInstanceUID = more.file_meta.MediaStorageSOPInstanceUID = f"{SERIES}.99"
    return more


def test_a_message_that_breaks_off_keeps_what_was_whole(archive: OpenHouse) -> None:
    images = ct(ADA, 2, study="1.2.7.7", series="1.2.7.7.1")
    headers, body = message(file_of(each) for each in images)
    cut = body[: body.rindex(b"Content-Type") + 700]
    response = archive.as_("radiologist").request("POST", f"{ROOT}/studies", cut, headers=headers)
    assert response.status_code == 202
    assert len(response.json()["00081199"]["Value"]) == 1
    record = archive.do(archive.running.services.images.study, "1.2.7.7")
    assert [len(each.instances) for each in record.series] == [1]


def test_a_form_that_is_not_taken_is_said(archive: OpenHouse) -> None:
    radiologist = archive.as_("radiologist")
    response = radiologist.request("POST", f"{ROOT}/studies", b"{}", headers={"content-type": "application/json"})
    assert response.status_code == 415
    headers, body = message([], "application/dicom+xml")
    assert radiologist.request("POST", f"{ROOT}/studies", body, headers=headers).status_code == 415
    headers, body = message([])
    assert radiologist.request("POST", f"{ROOT}/studies", body, headers=headers).status_code == 400


def test_only_radiology_stores(archive: OpenHouse) -> None:
    for role in ("nurse", "doctor", "engineer", "admin"):
        assert stow(archive, ct(ADA)[:1], role=role).status_code == 403


def test_storing_is_in_the_trail_with_the_account(archive: OpenHouse) -> None:
    entry = archive.audited(action="imaging.write")[0]
    assert entry["detail"]["stored"] == "4"
    filed(archive)
    assert stow(archive, ct(ADA)[:1]).status_code == 200
    assert archive.audited(action="imaging.write")[-1]["about"] == archive.key(ADA)


def test_no_name_of_an_instance_is_believed_that_the_image_does_not_say(archive: OpenHouse) -> None:
    image = ct(ADA, 1, study="1.2.9", series="1.2.9.1")[0]
    uid = str(image.SOPInstanceUID).encode()
    headers, body = message([file_of(image).replace(uid, uid[:-1] + b"7", 1)])  # in the head of the file, not in the image itself
    response = archive.as_("radiologist").request("POST", f"{ROOT}/studies", body, headers=headers)
    assert response.status_code == 409
    assert reasons(response.json()) == [0xA900]
