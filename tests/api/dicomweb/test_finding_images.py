"""QIDO-RS (PS3.18 10.6): only what may be seen is found, by DICOM's own matching, a page at a time."""

from collections.abc import Callable

import pytest

from api.dicomweb.conftest import with_images
from api.dicomweb.sending import OTHER_STUDY, ROOT, SERIES, STUDY, ct, filed, stow
from api.house import OpenHouse, Visitor
from support.messages import ADA, BEN
from wardline.core.people import User

NEURO = "1.2.3.10"


@pytest.fixture(scope="module", autouse=True)
def _bens_too(archive: OpenHouse) -> None:
    """Ben has had an MR of his head, three days before Ada's CT."""
    images = ct(BEN, 2, study=NEURO, series=f"{NEURO}.1")
    for each in images:
        each.StudyDate, each.Modality, each.StudyDescription, each.AccessionNumber = "20260829", "MR", "Schädel", "A-78"
        each.file_meta.MediaStorageSOPClassUID = each.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    assert stow(archive, images).status_code == 200
    filed(archive)


def uids(rows: object) -> list[str]:
    assert isinstance(rows, list)
    return [row["0020000D"]["Value"][0] for row in rows]


def found(archive: OpenHouse, role: str = "nurse", **asked: str) -> list[str]:
    response = archive.as_(role).request("GET", f"{ROOT}/studies", query=asked)
    assert response.status_code == (200 if response.content else 204)
    return uids(response.json() if response.content else [])


def test_the_newest_study_comes_first(archive: OpenHouse) -> None:
    assert found(archive) == [STUDY, NEURO]


@pytest.mark.parametrize(("asked", "wanted"), [
    ({"PatientID": "1002"}, [NEURO]),
    ({"00100020": "1002"}, [NEURO]),
    ({"PatientName": "moss^ada"}, [STUDY]),
    ({"PatientName": "Mos*"}, [STUDY]),
    ({"PatientName": "Mos"}, []),
    ({"PatientName": "ada m", "fuzzymatching": "true"}, [STUDY]),
    ({"StudyDate": "20260829"}, [NEURO]),
    ({"StudyDate": "20260830-"}, [STUDY]),
    ({"StudyDate": "-20260829"}, [NEURO]),
    ({"StudyDate": "20260829-20260901"}, [STUDY, NEURO]),
    ({"StudyTime": "10-1014"}, []),
    ({"StudyTime": "1015-11"}, [STUDY, NEURO]),
    ({"ModalitiesInStudy": "MR"}, [NEURO]),
    ({"AccessionNumber": "A-7?"}, [STUDY, NEURO]),
    ({"StudyDescription": "Sch*del"}, [NEURO]),
    ({"StudyInstanceUID": f"{STUDY},{NEURO}"}, [STUDY, NEURO]),
    ({"StudyInstanceUID": f"{STUDY}\\9.9"}, [STUDY]),
    ({"PatientSex": "M"}, [NEURO]),
    ({"PatientID": ""}, [STUDY, NEURO]),
])  # fmt: skip
def test_studies_match_as_dicom_says(archive: OpenHouse, asked: dict[str, str], wanted: list[str]) -> None:
    assert found(archive, **asked) == wanted


def test_nothing_that_matches_is_no_content(archive: OpenHouse) -> None:
    assert archive.as_("nurse").request("GET", f"{ROOT}/studies", query={"PatientID": "9999"}).status_code == 204


def test_a_page_says_that_there_are_others(archive: OpenHouse) -> None:
    nurse = archive.as_("nurse")
    first = nurse.request("GET", f"{ROOT}/studies", query={"limit": 1})
    second = nurse.request("GET", f"{ROOT}/studies", query={"limit": 1, "offset": 1})
    assert (uids(first.json()), uids(second.json())) == ([STUDY], [NEURO])
    assert "additional results" in first.headers["warning"]
    assert "warning" not in second.headers


def test_a_study_counts_what_is_in_it_and_says_where_it_is(archive: OpenHouse) -> None:
    (row,) = archive.as_("nurse").get(f"{ROOT}/studies", StudyInstanceUID=STUDY)
    assert (row["00201206"]["Value"], row["00201208"]["Value"], row["00080061"]["Value"]) == ([1], [4], ["CT"])
    assert row["00081190"]["Value"] == [f"http://ward{ROOT}/studies/{STUDY}"]


def test_series_and_instances_of_one_study_are_listed(archive: OpenHouse) -> None:
    nurse = archive.as_("nurse")
    (series,) = nurse.get(f"{ROOT}/studies/{STUDY}/series")
    assert (series["0020000E"]["Value"], series["00201209"]["Value"]) == ([SERIES], [4])
    numbers = [row["00200013"]["Value"][0] for row in nurse.get(f"{ROOT}/studies/{STUDY}/series/{SERIES}/instances")]
    assert numbers == [1, 2, 3, 4]
    assert len(nurse.get(f"{ROOT}/instances", Modality="MR")) == 2
    assert nurse.get(f"{ROOT}/studies/{STUDY}/instances", InstanceNumber="3")[0]["00200013"]["Value"] == [3]


def test_an_attribute_of_the_image_alone_comes_when_it_is_asked_for(archive: OpenHouse) -> None:
    path = f"{ROOT}/studies/{STUDY}/instances"
    assert "00281052" not in archive.as_("nurse").get(path)[0]
    assert archive.as_("nurse").get(path, includefield="RescaleIntercept")[0]["00281052"]["Value"] == [-1024]
    assert "00180050" in archive.as_("nurse").get(path, includefield="all")[0]
    assert len(archive.as_("nurse").get(path, SliceThickness="2.5")) == 4


@pytest.mark.parametrize("asked", [{"NoSuchThing": "1"}, {"StudyDate": "yesterday"}, {"SliceThickness": "2.5"}, {"includefield": "Nothing"}])
def test_a_question_that_is_none_is_refused_with_a_reason(archive: OpenHouse, asked: dict[str, str]) -> None:
    assert archive.as_("nurse").request("GET", f"{ROOT}/studies", query=asked).status_code == 400


def test_a_form_that_cannot_be_had_is_said(archive: OpenHouse) -> None:
    assert archive.as_("nurse").request("GET", f"{ROOT}/studies", headers={"accept": "text/html"}).status_code == 406


def test_nobody_finds_a_patient_they_do_not_look_after(archive: OpenHouse) -> None:
    of_8b = of_ward(archive, "8B")
    assert uids(of_8b.get(f"{ROOT}/studies")) == [NEURO]
    assert of_8b.request("GET", f"{ROOT}/studies", query={"PatientID": ADA.number}).status_code == 204
    assert of_8b.get(f"{ROOT}/studies/{STUDY}/series", expect=403)["remedy"] == "break-glass"
    assert "images" not in str(archive.audited(action="imaging.read")[-1])


def of_ward(archive: OpenHouse, unit: str) -> Visitor:
    login = f"nurse of {unit}"
    user = archive.do(archive.wardline.identities.user_named, login) or archive.user(login, "nurse", units=(unit,))
    visitor = archive.nobody()
    visitor.token = archive.do(lambda: archive.wardline.sessions.begin(user, "tests", factors=2)).access_token
    return visitor


def test_a_study_of_nobody_is_seen_by_those_who_say_whose_it_is(archive: OpenHouse) -> None:
    assert OTHER_STUDY in found(archive, "radiologist")
    assert found(archive, "engineer") == [OTHER_STUDY]
    assert OTHER_STUDY not in found(archive)
    archive.as_("nurse").get(f"{ROOT}/studies/{OTHER_STUDY}/series", expect=403)


def test_a_study_that_is_labelled_is_hidden_from_those_the_label_is_not_for(archive: OpenHouse) -> None:
    doctor, key = archive.as_("doctor"), archive.key(BEN)
    doctor.post(f"/api/v1/patients/{key}/labels", {"kind": "ImagingStudy", "key": NEURO, "labels": ["PSY"], "reason": "asked"}, 204)
    try:
        assert NEURO in found(archive, "doctor"), "whoever treats sees it"
        assert NEURO not in found(archive, "radiologist")
        archive.as_("radiologist").get(f"{ROOT}/studies/{NEURO}/metadata", expect=404)
    finally:
        doctor.post(f"/api/v1/patients/{key}/labels", {"kind": "ImagingStudy", "key": NEURO, "labels": [], "reason": "again"}, 204)


def test_a_search_is_in_the_trail_with_everybody_it_showed(archive: OpenHouse) -> None:
    assert found(archive, "pharmacist") == [STUDY, NEURO]
    who = archive.do(archive.wardline.identities.user_named, "pharmacist").id
    for patient in (ADA, BEN):
        (entry,) = archive.audited(action="imaging.read", who=who, about=archive.key(patient))
        assert (entry["detail"]["found"], entry["detail"]["level"]) == ("2", "study")


def test_a_patient_sees_their_own_images_and_nobody_elses(archive: OpenHouse) -> None:
    user = User("ben", "ben", "Ben Byrne", "", frozenset({"patient"}), patient=archive.key(BEN))
    archive.do(archive.wardline.identities.put_user, user)
    ben = archive.nobody()
    ben.token = archive.do(lambda: archive.wardline.sessions.begin(user, "tests", factors=2)).access_token
    assert uids(ben.get(f"{ROOT}/studies")) == [NEURO]
    assert len(ben.get(f"{ROOT}/studies/{NEURO}/metadata")) == 2
    ben.get(f"{ROOT}/studies/{STUDY}/metadata", expect=403)
    assert ben.request("POST", f"{ROOT}/studies", b"", headers={"content-type": "multipart/related; boundary=x"}).status_code == 403


def test_an_erased_patients_images_are_gone_from_every_answer(open_house: Callable[..., OpenHouse]) -> None:
    house = with_images(open_house())
    images, studies = house.running.services.images, house.running.services.studies
    house.do(images.forget, STUDY)
    assert studies.record_of(STUDY), "what the chart says is erased with the record; here only the images are"
    nurse = house.as_("nurse")
    assert nurse.request("GET", f"{ROOT}/studies", query={"StudyInstanceUID": STUDY}).status_code == 204
    for more in ("/metadata", "", f"/series/{SERIES}", f"/series/{SERIES}/thumbnail"):
        assert nurse.request("GET", f"{ROOT}/studies/{STUDY}{more}").status_code == 404
