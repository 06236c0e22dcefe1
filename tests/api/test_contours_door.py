"""Drawing on a study over HTTP: outlines that are saved, measured anew, contested and taken back; lengths and regions measured by hand."""

import asyncio
import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from anyio.from_thread import BlockingPortal
from pydicom import dcmread

from api.house import OpenHouse
from api.test_imaging_door import MARCHETTI, OTHER_DAY, filled
from api.test_reports_door import edited, events
from support.studies import ELENA
from wardline.core.events import Contoured, ReportSigned
from wardline.core.statements import Statement
from wardline.delivery.worklists.drawings import Drawings

STUDY = f"/api/v1/imaging/studies/{ELENA.study}"
LONG = 60.0


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """One patient with a PET/CT now and one before, both looked at by workers for lesions and response alone: what else there is takes longer."""
    with OpenHouse(tmp_path_factory.mktemp("contours") / "data", portal) as opened:
        analysing = opened.running.imaging.analysing
        analysing.assessors = {id: each for id, each in analysing.assessors.items() if id in ("pet_lesions", "percist")}
        filled(opened, OTHER_DAY, ELENA)
        for study in (OTHER_DAY.study, ELENA.study):
            opened.do(analysing.ask, study)
        worked(opened, lambda: (said := opened.wardline.studies.answer(ELENA.study, "percist")) is not None and said.outcome == "finding")
        yield opened


def worked(house: OpenHouse, until: Callable[[], bool]) -> None:
    """The department looks at what is due until that is so."""

    async def work() -> None:
        running = asyncio.create_task(house.running.imaging.analysing.run())
        try:
            async with asyncio.timeout(LONG):
                while not until():  # noqa: ASYNC110 - any of several studies may be last
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    house.do(work)


def measured(house: OpenHouse, study: str = ELENA.study) -> None:
    """The lesions that stand are measured and compared with those before."""

    def is_done() -> bool:
        studies, drawn = house.wardline.studies, house.wardline.drawings.newest(study)
        lesions, response = studies.answer(study, "pet_lesions"), studies.answer(study, "percist")
        assert lesions is not None
        if lesions.event < studies.placed[study].event:
            return False
        return (drawn is None or lesions.event > drawn.event) and (response is None or response.event > lesions.event)

    worked(house, is_done)


def mask_of(caller: Any, where: str = STUDY) -> tuple[str, Any]:
    """Which outlines stand, and their voxels."""
    (mask,) = [each for each in caller.get(where)["masks"] if each["capability"] == "pet_lesions"]
    answer = caller.request("GET", f"{where}/segmentations/{mask['id']}/voxels")
    kind = {"1": np.uint8, "2": np.dtype("<u2")}[answer.headers["Wardline-Voxel-Bytes"]]
    return mask["id"], np.frombuffer(answer.content, kind).reshape(mask["shape"]).copy()


def outlines(based_on: str, voxels: Any, **more: Any) -> dict[str, Any]:
    packed = base64.b64encode(zlib.compress(voxels.tobytes())).decode()
    return {"based_on": based_on, "shape": list(voxels.shape), "voxels": packed, **more}


def took_back(caller: Any, mask: str) -> None:
    caller.ask("DELETE", f"{STUDY}/contours", expect=202, query={"based_on": mask})


@contextmanager
def drawn_while_signing(house: OpenHouse) -> Iterator[None]:
    """Somebody saves the outlines once more in the seconds in which the objects of a report are written."""
    services, drawn = house.running.services, house.wardline.drawings.newest(ELENA.study)
    assert drawn is not None
    writing = services.reporting

    class Meanwhile:
        async def objects(self, *said: Any, **more: Any) -> Any:
            about = house.wardline.studies.record_of(ELENA.study)
            await house.wardline.engine.record(lambda _, now: [Statement(drawn.contoured, about, now)], actor=drawn.by)
            return await writing.objects(*said, **more)

    services.reporting = Meanwhile()
    try:
        yield
    finally:
        services.reporting = writing


def values(lesion: dict[str, Any]) -> dict[str, Any]:
    return {each["id"]: each["value"] for each in lesion["values"]}


def test_who_draws_a_lesion_anew_gets_its_numbers_anew_until_it_is_taken_back(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    before = radiologist.get(STUDY)
    assert (before["drawing"], before["may"]) == (None, {"draw": True})
    (automatic,) = before["lesions"]
    mask, voxels = mask_of(radiologist)

    # The spot is 3 x 3 x 3 voxels of 4 mm, SUV 8: its upper layer is taken away.
    top = voxels.nonzero()[0].max()
    voxels[top] = 0
    said = radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels, note="not the vessel"), expect=202)
    assert (said["state"], said["note"], [each["how"] for each in said["lesions"]]) == ("measuring", "not the vessel", ["changed"])
    measured(department)

    after = radiologist.get(STUDY)
    (lesion,) = after["lesions"]
    assert (after["drawing"]["state"], lesion["key"], lesion["how"]) == ("measured", automatic["key"], "changed")
    assert values(lesion)["volume"] == pytest.approx(np.count_nonzero(voxels) * 0.064)
    assert values(lesion)["mtv"] < values(automatic)["mtv"]
    assert lesion["centre"][2] < automatic["centre"][2]
    (drawn,) = [each for each in after["masks"] if each["capability"] == "pet_lesions"]
    assert (drawn["id"], drawn["automatic"], drawn["made_by"]) == (said["mask"], False, after["drawing"]["by"])
    assert f"lesions of this study as {after['drawing']['by']} has outlined them" in after["response"]["because"]
    kept = radiologist.get(f"{STUDY}/contours")["versions"]
    assert [(each["mask"], each["automatic"]) for each in (kept[0], kept[-1])] == [(said["mask"], False), (mask, True)]
    assert [each["is_current"] for each in kept] == [True] + [False] * (len(kept) - 1)
    assert radiologist.request("GET", f"{STUDY}/segmentations/{mask}/voxels").status_code == 200, "what the program had outlined stays readable"
    assert department.audited(action="lesions outlined")[-1]["about"] == department.key(MARCHETTI)

    took_back(radiologist, said["mask"])
    measured(department)
    back = radiologist.get(STUDY)
    assert (back["drawing"], back["lesions"]) == (None, [automatic])


def test_of_two_who_draw_on_the_same_outlines_the_second_is_told_who_was_first(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    mask, voxels = mask_of(radiologist)
    voxels[0, 0, 0] = voxels.max()
    first = radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels), expect=202)
    voxels[0, 0, 1] = voxels.max()
    second = radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels), expect=409)
    assert first["by"] in second["detail"]
    # Whoever goes on from the newest needs not wait until that is measured.
    again = radiologist.ask("PUT", f"{STUDY}/contours", outlines(first["mask"], voxels), expect=202)
    assert again["mask"] != first["mask"]
    took_back(radiologist, again["mask"])
    assert "taken back" in radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels), expect=409)["detail"]
    measured(department)


def test_what_is_no_drawing_on_these_images_is_refused_with_its_reason(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    mask, voxels = mask_of(radiologist)
    other, empty = voxels.copy(), np.zeros_like(voxels)
    other[0, 0, 0] = 77

    def refused(body: dict[str, Any]) -> str:
        return str(radiologist.ask("PUT", f"{STUDY}/contours", body, expect=400)["detail"])

    assert "nothing was changed" in refused(outlines(mask, voxels))
    assert "numbered 77" in refused(outlines(mask, other))
    assert "L1 has no voxel left" in refused(outlines(mask, empty))
    assert "shape" in refused({**outlines(mask, voxels), "shape": [2, 3, 4]})
    assert "not deflated" in refused({**outlines(mask, voxels), "voxels": base64.b64encode(b"mask").decode()})
    assert "voxels of" in refused({**outlines(mask, voxels), "voxels": base64.b64encode(zlib.compress(b"\0" * 10**7)).decode()})
    department.as_("doctor").ask("PUT", f"{STUDY}/contours", outlines(mask, other), expect=403)
    department.as_("radiologist").ask("PUT", "/api/v1/imaging/studies/1.2.3/contours", outlines(mask, other), expect=404)
    assert radiologist.get(STUDY)["drawing"] is None


def test_a_lesion_that_a_person_finds_gets_a_number_of_its_own_and_one_that_is_none_goes(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    mask, voxels = mask_of(radiologist)
    (old,) = radiologist.get(STUDY)["lesions"]
    voxels[voxels == old["label"]] = 0
    voxels[2:4, 14:16, 14:16] = 9
    body = outlines(mask, voxels, new=[{"number": 9, "site": "liver"}], removed=["L1"])
    said = radiologist.ask("PUT", f"{STUDY}/contours", body, expect=202)
    assert (said["lesions"], said["removed"]) == ([{"key": "L2", "label": 9, "site": "liver", "how": "drawn"}], ["L1"])
    measured(department)

    (lesion,) = radiologist.get(STUDY)["lesions"]
    assert (lesion["key"], lesion["site"], lesion["how"]) == ("L2", "liver", "drawn")
    # Eight voxels of 64 mm3 with the body's SUV of 1; the scanner's 16 bits keep it to some thousandths.
    assert values(lesion)["volume"] == pytest.approx(0.512)
    assert values(lesion)["suv_max"] == pytest.approx(1.0, abs=0.01)
    took_back(radiologist, said["mask"])
    measured(department)


def test_what_is_drawn_on_the_study_before_changes_the_comparison_of_the_one_after(department: OpenHouse) -> None:
    radiologist, studies = department.as_("radiologist"), department.wardline.studies
    where = f"/api/v1/imaging/studies/{OTHER_DAY.study}"
    mask, voxels = mask_of(radiologist, where)
    voxels[voxels.nonzero()[0].max()] = 0
    said = radiologist.put(f"{where}/contours", outlines(mask, voxels), expect=202)

    def compared() -> bool:
        lesions, response = studies.answer(OTHER_DAY.study, "pet_lesions"), studies.answer(ELENA.study, "percist")
        drawn = department.wardline.drawings.newest(OTHER_DAY.study)
        assert lesions is not None
        assert response is not None
        assert drawn is not None
        return response.event > lesions.event > drawn.event

    worked(department, compared)
    assert f"lesions of the study before as {said['by']} has outlined them" in radiologist.get(STUDY)["response"]["because"]
    radiologist.ask("DELETE", f"{where}/contours", expect=202, query={"based_on": said["mask"]})
    worked(department, compared)
    assert said["by"] not in str(radiologist.get(STUDY)["response"])


def test_a_drawing_on_fewer_images_is_kept_and_not_used(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    mask, voxels = mask_of(radiologist)
    voxels[voxels.nonzero()[0].max()] = 0
    said = radiologist.put(f"{STUDY}/contours", outlines(mask, voxels), expect=202)
    before = department.wardline.studies.placed[ELENA.study]

    def stated(more: int) -> None:
        series = tuple((*each[:4], each[4] + more) if each[1] == "PT" else each for each in before.imaged.series)
        said = Statement(before.imaged._replace(series=series), before.about, before.begun_at)
        department.do(lambda: department.wardline.engine.record(lambda house, now: [said], actor=""))

    stated(1)
    voxels[0, 0, 0] = voxels.max()
    waits = radiologist.ask("PUT", f"{STUDY}/contours", outlines(said["mask"], voxels), expect=409)
    assert "looked at again" in waits["detail"]
    measured(department)
    told = radiologist.get(STUDY)
    assert (told["drawing"]["state"], told["lesions"][0]["how"]) == ("not used", "automatic")
    assert "since it was drawn" in told["drawing"]["why"]
    assert [each["is_current"] for each in radiologist.get(f"{STUDY}/contours")["versions"]][-1] is True
    stated(0)
    measured(department)
    drawn = radiologist.get(STUDY)
    assert (drawn["drawing"]["state"], drawn["lesions"][0]["how"]) == ("measured", "changed")
    took_back(radiologist, drawn["drawing"]["mask"])
    measured(department)


def test_a_report_speaks_of_the_drawn_lesions_and_says_whose_they_are(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    case = radiologist.post("/api/v1/cases", {"study": ELENA.study, "branch": "oncology", "question": "Response?"}, expect=201)
    report = radiologist.post("/api/v1/reports", {"case": case["case"]}, expect=201)
    mask, voxels = mask_of(radiologist)
    voxels[voxels.nonzero()[0].max()] = 0
    said = radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels), expect=202)
    assert "drawn anew" in radiologist.ask("POST", f"/api/v1/reports/{report['report']}/sign", {"version": 1}, expect=409)["detail"]
    measured(department)

    where = f"/api/v1/reports/{report['report']}"
    stale = radiologist.get(where)
    assert "stale" in {each["code"] for each in stale["open"]}
    rows = {(each["key"], each["id"]): each for each in stale["measurements"]}
    assert rows["study", "outlined_by"]["value"].startswith(said["by"])
    body = edited(stale, technique=[{"text": "Lesions outlined by {study.outlined_by}.", "keys": []}])
    saved = radiologist.ask("PUT", where, body, expect=200)
    assert said["by"] in str(saved["sections"])
    assert saved["open"] == []
    with drawn_while_signing(department):
        assert "drawn anew" in radiologist.ask("POST", f"{where}/sign", {"version": saved["version"]}, expect=409)["detail"]
    measured(department)
    signed = radiologist.post(f"{where}/sign", {"version": saved["version"]})
    artefacts = {name: digest for name, _, digest in next(each for each in events(department, ReportSigned)).artefacts}
    segmentation = dcmread(BytesIO(department.do(department.running.imaging.images.kept, ELENA.study, artefacts["segmentation"])))
    assert [each.SegmentAlgorithmType for each in segmentation.SegmentSequence] == ["SEMIAUTOMATIC"]
    assert str(segmentation.ContentCreatorName) == said["by"]

    took_back(radiologist, said["mask"])
    measured(department)
    assert radiologist.get(where)["text"] == signed["text"], "what was signed stays"
    radiologist.delete(f"/api/v1/cases/{case['case']}")


def test_a_measurement_by_hand_stands_with_its_study_is_known_to_a_report_and_can_go(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    series = next(each["uid"] for each in radiologist.get(STUDY)["series"] if each["modality"] == "PT")
    where = f"{STUDY}/measurements"
    length = {"series": series, "kind": "length", "points": [[-8, -8, 20], [-5, -4, 20]], "label": "short way"}
    made = radiologist.post(where, length, expect=201)
    assert (made["id"], made["values"]) == ("M1", [{"id": "length", "name": "Length", "value": 5.0, "unit": "mm", "why": ""}])
    sphere = radiologist.post(where, {"series": series, "kind": "sphere", "points": [[-8, -8, 24], [-8, -4, 24]]}, expect=201)
    assert values(sphere)["suv_max"] == pytest.approx(8.0, abs=0.01), "the middle of the spot"

    assert [each["id"] for each in radiologist.get(STUDY)["marks"]] == ["M1", "M2"]
    case = radiologist.post("/api/v1/cases", {"study": ELENA.study, "branch": "general"}, expect=201)
    report = radiologist.post("/api/v1/reports", {"case": case["case"]}, expect=201)
    shown = {each["placeholder"]: each["shown"] for each in report["measurements"]}
    assert (shown["{M1.length}"], shown["{M2.suv_max}"]) == ("5 mm", "8.00")
    radiologist.delete(f"/api/v1/cases/{case['case']}")

    department.as_("doctor").ask("DELETE", f"{where}/M1", expect=403)
    radiologist.delete(f"{where}/M1")
    radiologist.ask("DELETE", f"{where}/M1", expect=404)
    assert [each["id"] for each in radiologist.get(STUDY)["marks"]] == ["M2"]
    again = radiologist.post(where, length, expect=201)
    assert again["id"] == "M3", "no number is given twice"
    outside, same = [[0, 0, 0], [0, 0, 900]], [[0, 0, 8], [0, 0, 8]]
    for wrong, why in (({"points": outside}, "outside"), ({"points": same}, "apart"), ({"kind": "ellipse"}, "4 points")):
        assert why in radiologist.ask("POST", where, {**length, **wrong}, expect=400)["detail"]
    radiologist.ask("POST", where, {**length, "series": "1.2.3"}, expect=404)


def test_a_study_that_is_kept_from_somebody_is_not_drawn_on(department: OpenHouse) -> None:
    doctor, radiologist, key = department.as_("doctor"), department.as_("radiologist"), department.key(MARCHETTI)
    mask, voxels = mask_of(radiologist)
    voxels[0, 0, 0] = voxels.max()
    length = {"series": "1.2.3", "kind": "length", "points": [[0, 0, 0], [1, 0, 0]]}
    label = {"kind": "ImagingStudy", "key": ELENA.study, "reason": "asked"}
    doctor.post(f"/api/v1/patients/{key}/labels", {**label, "labels": ["PSY"]}, 204)
    try:
        radiologist.get(f"{STUDY}/contours", expect=404)
        radiologist.ask("PUT", f"{STUDY}/contours", outlines(mask, voxels), expect=404)
        radiologist.ask("DELETE", f"{STUDY}/contours", expect=404, query={"based_on": mask})
        radiologist.post(f"{STUDY}/measurements", length, expect=404)
        radiologist.delete(f"{STUDY}/measurements/M1", expect=404)
    finally:
        doctor.post(f"/api/v1/patients/{key}/labels", {**label, "labels": []}, 204)
    assert radiologist.get(STUDY)["drawing"] is None


def test_the_log_alone_brings_back_what_was_drawn(department: OpenHouse) -> None:
    radiologist = department.as_("radiologist")
    mask, voxels = mask_of(radiologist)
    voxels[0, 0, 0] = voxels.max()
    said = radiologist.put(f"{STUDY}/contours", outlines(mask, voxels), expect=202)
    before = department.wardline.drawings.dump()

    again = Drawings()
    for step in department.wardline.engine.log.steps():
        for _, rows in step.rows:
            for recorded in sorted(rows, key=lambda each: each.id):
                again.apply(recorded)
    assert again.dump() == before
    stated = [each.value for each in department.wardline.engine.log.events_of([department.key(MARCHETTI)]) if isinstance(each.value, Contoured)]
    assert (stated[-1].mask, stated[-1].based_on, stated[-1].automatic) == (said["mask"], mask, mask)
    took_back(radiologist, said["mask"])
    measured(department)
