"""Wardline performs what its own codes ask for: claimed, answered, finished with what was made, or cancelled with the reason."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread

from api.dicomweb.work import LOCK, ask, code, made, state_of, to, value
from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import BEN, Patient, adt
from support.studies import ELENA, store, study
from wardline.app.imaging.workitem_codes import codes_in
from wardline.core.errors import Refused

MARCHETTI = Patient("4015", "MARCHETTI", "ELENA", "19610622", "F")
WHOLE_STUDY = ELENA.study
LATE = replace(ELENA, accession="", seed="late")
MISTAKEN = replace(ELENA, accession="", seed="mistaken")
ACTIVE = "active:\n  pet_lesions: {by: Dr A. Physicist, on: 2026-11-21}\n"
CODES = 'codes:\n  "110002^DCM": image_quality\n'
PATIENCE = 60.0


def opened(data: Path, portal: BlockingPortal) -> OpenHouse:
    (data / "config").mkdir(parents=True, exist_ok=True)
    (data / "config" / "imaging.yaml").write_text(ACTIVE)
    (data / "config" / "workitems.yaml").write_text(CODES)
    return OpenHouse(data, portal)


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """Ms Marchetti's PET/CT is here; the site has activated PET lesions, and nothing else."""
    with opened(tmp_path_factory.mktemp("performing") / "data", portal) as house:
        house.send(adt("A01", MARCHETTI, at=MORNING, visit="V9", unit="7A", bed="12"))
        arrived(house, study())
        yield house


def arrived(house: OpenHouse, images: Any) -> None:
    assert {each.outcome for each in store(house.running.imaging.images, images)} == {"stored"}
    house.running.imaging.images.complete(datetime.now(UTC) + timedelta(seconds=1))
    while house.do(house.running.imaging.filing.file_some):
        pass


def ordered(house: OpenHouse, uid: str, *asks: str, study: str = WHOLE_STUDY, **changes: Any) -> str:
    wanted = value("SQ", code(asks[0], asks[1] if len(asks) > 1 else "99WARDLINE", "asked"))
    return made(house, uid, patient=MARCHETTI, study=study, t00404018=wanted, **changes)


def working(house: OpenHouse, until: Callable[[], bool]) -> None:
    """Analysing and performing, as the served house does, until this holds."""

    async def work() -> None:
        imaging = house.running.imaging
        lanes = [asyncio.create_task(run()) for run in (imaging.analysing.run, imaging.networks.run, imaging.performing.run)]
        try:
            async with asyncio.timeout(PATIENCE):
                while not until():  # noqa: ASYNC110 - any of them may be last
                    await asyncio.sleep(0.05)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    house.do(work)


def done(house: OpenHouse, *uids: str) -> Callable[[], bool]:
    return lambda: all(house.wardline.workitems.all[uid].state in ("COMPLETED", "CANCELED") for uid in uids)


def seen(house: OpenHouse, uid: str) -> dict[str, Any]:
    (found,) = ask(house, "GET", f"/{uid}").json()
    return dict(found)


def test_a_silent_capability_is_done_and_nothing_is_made_or_goes_out(department: OpenHouse) -> None:
    active = department.running.imaging.active
    signed = active.pop("pet_lesions")
    try:
        quality, public = ordered(department, "1.4.1", "image_quality"), ordered(department, "1.4.2", "110002", "DCM")
        lesions = ordered(department, "1.4.10", "pet_lesions")
        working(department, done(department, quality, public, lesions))
    finally:
        active["pet_lesions"] = signed

    for uid in (quality, public, lesions):
        said = seen(department, uid)
        (performed,) = said["00741216"]["Value"]
        assert said["00741000"]["Value"] == ["COMPLETED"]
        assert performed["00404033"] == {"vr": "SQ"}
        assert "nobody at this site has activated" in said["00741002"]["Value"][0]["00741006"]["Value"][0]
        assert performed["00404028"]["Value"][0]["00080100"]["Value"] == ["WARDLINE"]
    assert seen(department, public)["00741216"]["Value"][0]["00404019"]["Value"][0]["00080100"]["Value"] == ["110002"]
    since = department.wardline.workitems.all[lesions].claimed
    answers = department.wardline.studies.answers(WHOLE_STUDY)
    fresh = [each for (capability, _), each in answers.items() if capability == "pet_lesions" and each.event > since]
    assert fresh
    assert "application/dicom" not in str(fresh)


def test_what_an_activated_capability_makes_is_named_and_can_be_fetched(department: OpenHouse) -> None:
    uid = ordered(department, "1.4.3", "pet_lesions")
    working(department, done(department, uid))

    outputs = seen(department, uid)["00741216"]["Value"][0]["00404033"]["Value"]
    kinds = []
    for each in outputs:
        (reference,), (place,) = each["00081199"]["Value"], each["0040E025"]["Value"]
        where = place["00081190"]["Value"][0]
        assert where.startswith("http://ward/dicom-web/workitems/1.4.3/outputs/")
        answer = department.as_("doctor").request("GET", where.removeprefix("http://ward"), headers={"accept": "application/dicom"})
        made_object = dcmread(BytesIO(answer.content))
        assert (made_object.SOPInstanceUID, made_object.SOPClassUID) == (reference["00081155"]["Value"][0], reference["00081150"]["Value"][0])
        assert (made_object.StudyInstanceUID, made_object.SeriesInstanceUID) == (each["0020000D"]["Value"][0], each["0020000E"]["Value"][0])
        assert department.as_("manager").request("GET", where.removeprefix("http://ward")).status_code == 403
        kinds.append(made_object.Modality)
    assert sorted(kinds) == ["SEG", "SR"]
    assert ask(department, "GET", f"/{uid}/outputs/{'0' * 64}").status_code == 404


def test_what_it_cannot_answer_is_cancelled_with_the_reason(department: OpenHouse) -> None:
    ct_only = replace(ELENA, accession="", seed="ct")
    arrived(department, [each for each in study(ct_only) if each.Modality == "CT"])
    uid = ordered(department, "1.4.4", "pet_lesions", study=ct_only.study)
    working(department, done(department, uid))

    said = seen(department, uid)
    (progress,) = said["00741002"]["Value"]
    assert said["00741000"]["Value"] == ["CANCELED"]
    assert progress["00741238"]["Value"][0].startswith("pet_lesions: ")
    assert progress["0074100E"]["Value"][0]["00080100"]["Value"] == ["110513"]


def test_what_is_for_others_not_ready_not_due_or_not_here_is_left_alone(department: OpenHouse) -> None:
    left = [
        ordered(department, "1.4.5.1", "image_quality", t00404041=value("CS", "INCOMPLETE")),
        ordered(department, "1.4.5.2", "image_quality", t00404025=value("SQ", code("GPU1", "99SITE", "Segmenter"))),
        ordered(department, "1.4.5.3", "image_quality", t00404005=value("DT", "20990101")),
        ordered(department, "1.4.5.4", "SEGLUNGS", "99SITE"),
        ordered(department, "1.4.5.5", "image_quality", "DCM"),
        ordered(department, "1.4.5.6", "image_quality", study="1.2.3.404"),
    ]
    department.do(department.running.imaging.performing.look_through)
    assert {state_of(department, each) for each in left} == {"SCHEDULED"}


def test_a_workitem_waits_for_its_study(department: OpenHouse) -> None:
    uid = ordered(department, "1.4.6", "image_quality", study=LATE.study)
    department.do(department.running.imaging.performing.look_through)
    assert state_of(department, uid) == "SCHEDULED"
    arrived(department, study(LATE))
    department.do(department.running.imaging.performing.look_through)
    assert state_of(department, uid) == "IN PROGRESS"


def test_our_own_key_is_nobody_elses_and_a_request_for_cancellation_is_heeded(department: OpenHouse) -> None:
    uid = ordered(department, "1.4.7", "image_quality")
    department.do(department.running.imaging.performing.look_through)
    assert state_of(department, uid) == "IN PROGRESS"
    assert to(department, uid, "CANCELED", LOCK).status_code == 400
    assert ask(department, "POST", f"/{uid}/cancelrequest", {}).status_code == 202
    department.do(department.running.imaging.performing.look_through)
    assert seen(department, uid)["00741002"]["Value"][0]["00741238"]["Value"] == ["cancelled on request"]


def test_a_study_that_turns_out_to_be_somebody_elses_ends_the_work_on_it(department: OpenHouse) -> None:
    department.send(adt("A01", BEN, at=MORNING, visit="V8", unit="7A", bed="13"))
    arrived(department, study(MISTAKEN))
    uid = ordered(department, "1.4.11", "image_quality", study=MISTAKEN.study)
    department.do(department.running.imaging.performing.look_through)
    to_ben = {"patient": department.key(BEN), "note": "wristband"}
    department.as_("radiologist").post(f"/api/v1/imaging/studies/{MISTAKEN.study}/place", to_ben)
    department.do(department.running.imaging.performing.look_through)
    (progress,) = seen(department, uid)["00741002"]["Value"]
    assert progress["00741238"]["Value"] == ["the study was filed under another patient meanwhile"]


def test_somebody_who_claims_it_first_has_it(department: OpenHouse) -> None:
    uid = ordered(department, "1.4.8", "image_quality")
    to(department, uid, "IN PROGRESS")
    department.do(department.running.imaging.performing.look_through)
    assert department.wardline.workitems.all[uid].stated.lock == LOCK


def test_a_house_that_stopped_at_work_goes_on_when_it_is_opened_again(tmp_path: Path, portal: BlockingPortal) -> None:
    with opened(tmp_path / "data", portal) as house:
        house.send(adt("A01", MARCHETTI, at=MORNING, visit="V9", unit="7A", bed="12"))
        arrived(house, study())
        uid = ordered(house, "1.4.9", "image_quality")
        house.do(house.running.imaging.performing.look_through)
        assert state_of(house, uid) == "IN PROGRESS"
        ask(house, "POST", f"/{uid}/subscribers/RIS", deletionlock="true")
        before = house.wardline.workitems.dump()
    with opened(tmp_path / "data", portal) as house:
        analysing, performing = house.running.imaging.analysing, house.running.imaging.performing
        assert house.wardline.workitems.dump() == before
        assert not analysing.is_busy_with(WHOLE_STUDY)
        house.do(performing.look_through)
        assert analysing.is_busy_with(WHOLE_STUDY)


@pytest.mark.parametrize("content", [
    "codes: 5", "[1]", "codes: {QC: image_quality}", 'codes: {"QC^DCM": nothing}', 'codes: {"QC^DCM": [1]}', 'codes: {"QC^DCM": 2026-99-99}',
    "other: 1", "codes: {", "\x00", "[" * 5000,
])  # fmt: skip
def test_a_file_of_codes_that_is_wrong_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "workitems.yaml").write_text(content)
    with pytest.raises(Refused, match=r"workitems\.yaml"):
        codes_in(tmp_path / "workitems.yaml", {"image_quality"})


@settings(max_examples=60)
@given(st.binary(max_size=60))
def test_whatever_stands_in_the_file_of_codes_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "workitems.yaml"
    file.write_bytes(content)
    with suppress(Refused):
        assert codes_in(file, {"image_quality"})["image_quality", "99WARDLINE"] == "image_quality"
