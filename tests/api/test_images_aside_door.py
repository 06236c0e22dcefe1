"""Images that could not be filed, over HTTP: who may look, what is told of them, and that dismissing removes them for good."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from pydicom import Dataset, dcmread

from api.house import OpenHouse
from api.test_imaging_door import MARCHETTI, STRANGER, filled
from support.studies import ELENA, store, study
from wardline.api import images_aside
from wardline.simulator.scanner import Visit

PATH = "/api/v1/imaging/quarantine"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """A study that is filed and one that is nobody's."""
    with OpenHouse(tmp_path_factory.mktemp("aside") / "data", portal) as opened:
        filled(opened, ELENA, STRANGER)
        yield opened


def again(house: OpenHouse, visit: Visit = ELENA, *, place: int = 0) -> int:
    """An image of the study comes a second time with other content; the number under which it was put aside."""
    changed = study(visit)[place]
    changed.SeriesDescription = "sent again, changed"
    return put_aside(house, changed)


def put_aside(house: OpenHouse, dataset: Dataset) -> int:
    (stored,) = store(house.running.imaging.images, [dataset])
    assert stored.outcome == "quarantined"
    return house.running.imaging.images.quarantined(1)[0].number


def told(house: OpenHouse, number: int, role: str = "radiologist") -> dict[str, Any]:
    """Its line in the list."""
    (line,) = [each for each in house.as_(role).get(PATH)["images"] if each["number"] == number]
    return line  # type: ignore[no-any-return]


def test_the_list_says_why_from_whom_and_what_to_do(house: OpenHouse) -> None:
    elena, stranger = (told(house, again(house, visit)) for visit in (ELENA, STRANGER))
    assert (elena["reason"], elena["what_to_do"]) == (images_aside.DOUBLE, images_aside.WHAT_TO_DO[images_aside.DOUBLE])
    assert (elena["name"], elena["patient_number"], elena["study"]) == ("MARCHETTI, ELENA", "4015", ELENA.study)
    assert (stranger["name"], stranger["patient_number"]) == ("MARCHETTI, ELENA", "9999")
    assert house.key(MARCHETTI) in house.audited(action="images put aside listed")[-1]["about"]
    assert house.as_("radiologist").get(f"{PATH}/{elena['number']}") == elena


def test_what_is_no_image_at_all_names_nobody(house: OpenHouse) -> None:
    broken = house.running.imaging.images.begin(sop_class="1.2.840.10008.5.1.4.1.1.2", sop_instance="1.9", syntax="1.2.840.10008.1.2.1", source="CT7")
    broken.write(b"\x08\x00\x18\x00 this is no data set")
    assert broken.finish().outcome == "quarantined"
    line = told(house, house.running.imaging.images.quarantined(1)[0].number)
    assert (line["source"], line["name"], line["study"], line["has_file"]) == ("CT7", "", "", True)
    assert line["what_to_do"] == images_aside.OTHERWISE


def test_the_reasons_are_those_the_store_gives(house: OpenHouse) -> None:
    """What to do is looked up by the reason's words."""
    other_number = study(ELENA)[1]
    other_number.PatientID, other_number.SOPInstanceUID = "1", "1.2.3.4.5"
    other_number.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    line = told(house, put_aside(house, other_number))
    assert (line["reason"], line["what_to_do"]) == (images_aside.OTHER_NUMBER, images_aside.WHAT_TO_DO[images_aside.OTHER_NUMBER])


def test_only_those_who_say_whose_a_study_is_get_in(house: OpenHouse) -> None:
    number = again(house)
    for role in ("doctor", "nurse", "manager"):
        for where in (PATH, f"{PATH}/{number}", f"{PATH}/{number}/file"):
            house.as_(role).get(where, expect=403)
        house.as_(role).delete(f"{PATH}/{number}", expect=403)
    house.nobody().get(PATH, expect=401)


def test_of_a_study_somebody_may_not_see_they_get_neither_name_nor_file(house: OpenHouse) -> None:
    """A label hides the study; its images that were put aside are hidden with it."""
    number = again(house)
    labels, label = f"/api/v1/patients/{house.key(MARCHETTI)}/labels", {"kind": "ImagingStudy", "key": ELENA.study, "reason": "asked"}
    house.as_("doctor").post(labels, {**label, "labels": ["PSY"]}, expect=204)
    try:
        line = told(house, number, "engineer")
        assert (line["name"], line["patient_number"], line["has_file"]) == ("", "", False)
        house.as_("engineer").get(f"{PATH}/{number}/file", expect=404)
        house.as_("engineer").ask("DELETE", f"{PATH}/{number}", expect=404)
    finally:
        house.as_("doctor").post(labels, {**label, "labels": []}, expect=204)


def test_the_file_is_given_out_as_it_came_and_that_is_in_the_trail(house: OpenHouse) -> None:
    response = house.as_("radiologist").request("GET", f"{PATH}/{again(house)}/file")
    assert response.headers["content-type"] == "application/dicom"
    assert "attachment" in response.headers["content-disposition"]
    assert dcmread(BytesIO(response.content)).SeriesDescription == "sent again, changed"
    assert house.audited(action="quarantined image read")[-1]["about"] == house.key(MARCHETTI)


def test_a_file_that_would_fill_the_memory_is_refused_with_the_command_that_writes_it(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    number = again(house)
    monkeypatch.setattr(images_aside, "LARGEST_FILE", 10)
    refused = house.as_("radiologist").ask("GET", f"{PATH}/{number}/file", expect=400)
    assert f"wardline quarantine image {number}" in refused["detail"]


def test_what_is_dismissed_is_gone_for_good_and_what_was_filed_stays(house: OpenHouse) -> None:
    number = again(house, place=2)
    line = told(house, number)
    house.as_("radiologist").delete(f"{PATH}/{number}")
    assert number not in {each["number"] for each in house.as_("radiologist").get(PATH)["images"]}
    for ask in ("GET", "DELETE"):
        house.as_("radiologist").ask(ask, f"{PATH}/{number}", expect=404)
    house.as_("radiologist").ask("GET", f"{PATH}/{number}/file", expect=404)
    assert house.running.imaging.images.instance(line["instance"])
    assert house.audited(action="quarantined image dismissed")[-1]["about"] == house.key(MARCHETTI)
