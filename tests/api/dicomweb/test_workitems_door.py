"""The worklist service over the web (PS3.18 chapter 11): created, found, claimed by one, worked on, finished or cancelled."""

import asyncio
import json
from datetime import timedelta

import pytest
from pydicom import Dataset

from api.dicomweb.sending import OTHER_STUDY, STUDY
from api.dicomweb.work import JSON, LOCK, OTHER_LOCK, PUSH, WORKITEMS, ask, code, made, performed, state_of, step, to, value, warned
from api.house import OpenHouse, Visitor
from support.messages import ADA, BEN

INCONSISTENT = "The submitted request is inconsistent with the state of the UPS Instance."


# --- 11.4 create, 11.5 retrieve ------------------------------------------------------------------------------------------------------------


def test_a_workitem_is_created_where_its_location_says(archive: OpenHouse) -> None:
    response = ask(archive, "POST", "?1.2.100.1", [step()])

    assert (response.status_code, response.content) == (201, b"")
    assert response.headers["location"] == response.headers["content-location"] == f"http://ward{WORKITEMS}/1.2.100.1"
    assert warned(response) == "The Workitem was created with modifications."  # what was left out is there now, empty
    (found,) = ask(archive, "GET", "/1.2.100.1").json()
    assert (found["00080016"]["Value"], found["00080018"]["Value"]) == ([PUSH], ["1.2.100.1"])
    assert (found["00741000"]["Value"], found["00741202"]["Value"]) == (["SCHEDULED"], ["Wardline"])
    assert found["00741216"] == {"vr": "SQ"}
    assert list(found) == sorted(found)


def test_the_uid_may_stand_in_the_data_set_or_be_made_here(archive: OpenHouse) -> None:
    assert ask(archive, "POST", "", step(t00080018=value("UI", "1.2.100.2"))).headers["location"].endswith("/1.2.100.2")
    assert "/workitems/2.25." in ask(archive, "POST", "", step()).headers["location"]
    assert ask(archive, "POST", "?AffectedSOPInstanceUID=1.2.100.3", step()).headers["location"].endswith("/1.2.100.3")
    assert ask(archive, "POST", "?1.2.100.4", step(t00080018=value("UI", "1.2.100.5"))).status_code == 400


def test_a_uid_is_one_workitems_for_ever(archive: OpenHouse) -> None:
    made(archive, "1.2.100.6")
    assert ask(archive, "POST", "?1.2.100.6", step()).status_code == 409


@pytest.mark.parametrize("tag", ["00741000", "00741200", "00741204", "00404005", "00404041"])
def test_what_a_new_workitem_must_say_is_named_when_it_is_missing(archive: OpenHouse, tag: str) -> None:
    said = step()
    del said[tag]
    response = ask(archive, "POST", "?1.2.100.7", said)
    assert (response.status_code, response.json()["where"]) == (400, tag)


@pytest.mark.parametrize("changes", [
    {"t00741000": value("CS", "IN PROGRESS")}, {"t00081195": value("UI", LOCK)}, {"t00741200": value("CS", "STAT")},
    {"t00404041": value("CS", "SOON")}, {"t00080016": value("UI", "1.2.840.10008.3.1.2.3.3")}, {"t00741216": value("SQ", {})},
    {"t7FE00010": {"vr": "OW", "BulkDataURI": "http://elsewhere"}}, {"t00741204": {"Value": ["x"]}},
    {"t00404021": value("LO", "x")}, {"t00741204": value("LO", {"a": 1})},
])  # fmt: skip
def test_what_a_new_workitem_must_not_say_is_refused(archive: OpenHouse, changes: dict[str, object]) -> None:
    assert ask(archive, "POST", "?1.2.100.8", step(**changes)).status_code == 400
    assert ask(archive, "GET", "/1.2.100.8").status_code == 404


def test_what_is_no_data_set_is_refused(archive: OpenHouse) -> None:
    for content in (b"", b"[]", b"[{},{}]", b"{", b'"x"', b"[" * 5000):
        assert ask(archive, "POST", "?1.2.100.9", content).status_code == 400
    assert ask(archive, "POST", "?1.2.100.9", b"<x/>", headers={"content-type": "application/dicom+xml"}).status_code == 415


# --- whose it is ----------------------------------------------------------------------------------------------------------------------------


def test_a_workitem_is_about_the_patient_of_its_study_or_of_its_number(archive: OpenHouse) -> None:
    made(archive, "1.2.101.1", study=STUDY, t00100020=value("LO"))
    made(archive, "1.2.101.2", study="")
    workitems = archive.wardline.workitems
    assert {workitems.all[uid].about for uid in ("1.2.101.1", "1.2.101.2")} == {archive.key(ADA)}


@pytest.mark.parametrize(("said", "status"), [
    (step(BEN, STUDY), 400),  # Ada's study with Ben's number
    (step(ADA, "", t00100030=value("DA", "19010101")), 400),  # Ada's number with somebody's birth date
    (step(ADA, "", t00100020=value("LO", "999")), 400),
    (step(ADA, "", t00100020=value("LO")), 400),
    (step(ADA, OTHER_STUDY), 409),  # nobody knows whose that is
])  # fmt: skip
def test_a_workitem_never_lands_on_another_patient(archive: OpenHouse, said: dict[str, object], status: int) -> None:
    assert ask(archive, "POST", "?1.2.101.9", said).status_code == status
    assert "1.2.101.9" not in archive.wardline.workitems.all


def test_a_workitem_does_not_move_to_another_patient(archive: OpenHouse) -> None:
    made(archive, "1.2.101.3", study="")
    assert ask(archive, "POST", "/1.2.101.3", {"00100020": value("LO", BEN.number)}).status_code == 400
    assert ask(archive, "POST", "/1.2.101.3", {"00404021": value("SQ", {"0020000D": value("UI", OTHER_STUDY)})}).status_code == 409


def test_whoever_may_not_see_the_patient_sees_no_workitem_of_theirs(archive: OpenHouse) -> None:
    made(archive, "1.2.101.4")
    outsider = archive.user("elsewhere", "radiologist", units=("8B",))
    visitor = archive.nobody()
    visitor.token = archive.do(lambda: archive.wardline.sessions.begin(outsider, "tests", factors=2)).access_token
    assert visitor.request("GET", f"{WORKITEMS}/1.2.101.4").status_code == 403
    assert visitor.request("GET", WORKITEMS, query={"SOPInstanceUID": "1.2.101.4"}).status_code == 204
    assert visitor.request("POST", f"{WORKITEMS}?1.2.101.5", step(), headers=JSON).status_code == 403
    for role, status in (("nurse", 200), ("manager", 403)):
        assert ask(archive, "GET", "/1.2.101.4", role=role).status_code == status
    assert to(archive, "1.2.101.4", "IN PROGRESS", role="nurse").status_code == 403


def test_a_workitem_of_a_study_that_is_hidden_is_hidden_too(archive: OpenHouse) -> None:
    uid, key = made(archive, "1.2.101.7"), archive.key(ADA)
    label = {"kind": "ImagingStudy", "key": STUDY, "reason": "asked"}
    archive.as_("doctor").post(f"/api/v1/patients/{key}/labels", {**label, "labels": ["PSY"]}, 204)
    try:
        assert ask(archive, "GET", f"/{uid}", role="doctor").status_code == 200, "whoever treats sees it"
        assert ask(archive, "GET", f"/{uid}").status_code == 404
        assert to(archive, uid, "IN PROGRESS").status_code == 404
        assert uid not in found_by(archive)
        assert ask(archive, "POST", "?1.2.101.8", step()).status_code == 404
    finally:
        archive.as_("doctor").post(f"/api/v1/patients/{key}/labels", {**label, "labels": []}, 204)
    assert state_of(archive, uid) == "SCHEDULED"


def test_every_step_is_in_the_audit_trail_without_a_name(archive: OpenHouse) -> None:
    made(archive, "1.2.101.6")
    to(archive, "1.2.101.6", "IN PROGRESS")
    said = [entry for entry in archive.audited(about=archive.key(ADA)) if "1.2.101.6" in str(entry)]
    assert {entry["action"] for entry in said} == {"imaging.write"}
    assert len(said) == 2
    assert ADA.family not in str(said)


# --- 11.7 state ------------------------------------------------------------------------------------------------------------------------------


def test_whoever_claims_it_holds_the_key_and_finishes_it(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.102.1")
    assert to(archive, uid, "IN PROGRESS").status_code == 200
    (claimed,) = ask(archive, "GET", f"/{uid}").json()
    assert "00081195" not in claimed
    assert LOCK not in str(claimed)

    early = to(archive, uid, "COMPLETED")
    assert (early.status_code, warned(early)) == (409, INCONSISTENT)  # C304: nothing was said of what was done
    assert ask(archive, "POST", f"/{uid}?transaction-uid={LOCK}", performed()).status_code == 200
    assert to(archive, uid, "COMPLETED").status_code == 200
    assert state_of(archive, uid) == "COMPLETED"
    again = to(archive, uid, "COMPLETED")
    assert (again.status_code, warned(again)) == (200, "The UPS is already in the requested state of COMPLETED.")


@pytest.mark.parametrize(("uid", "state", "lock", "words"), [
    ("1.2.102.21", "IN PROGRESS", "", "The Transaction UID is missing."),
    ("1.2.102.22", "COMPLETED", LOCK, "The Transaction UID is incorrect."),
    ("1.2.102.23", "SCHEDULED", LOCK, INCONSISTENT),
])  # fmt: skip
def test_what_cannot_be_done_is_refused_in_the_standards_words(archive: OpenHouse, uid: str, state: str, lock: str, words: str) -> None:
    made(archive, uid)
    if state == "COMPLETED":
        to(archive, uid, "IN PROGRESS", OTHER_LOCK)
    response = to(archive, uid, state, lock)
    assert (response.status_code, warned(response)) == (400, words)


def test_a_step_that_nobody_has_claimed_cannot_be_finished(archive: OpenHouse) -> None:
    response = to(archive, made(archive, "1.2.102.30"), "COMPLETED")
    assert (response.status_code, warned(response)) == (409, "The target URI did not reference a claimed Workitem.")


def test_a_performer_gives_up_with_a_reason(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.102.4")
    to(archive, uid, "IN PROGRESS")
    assert to(archive, uid, "CANCELED").status_code == 409  # without a reason
    why = {"00741002": value("SQ", {"0074100E": value("SQ", code("110523", "DCM", "Object Set incomplete"))}), "00081195": value("UI", LOCK)}
    assert ask(archive, "POST", f"/{uid}", why).status_code == 200
    assert to(archive, uid, "CANCELED").status_code == 200
    (found,) = ask(archive, "GET", f"/{uid}").json()
    assert found["00741002"]["Value"][0]["00404052"]["vr"] == "DT"
    assert warned(to(archive, uid, "CANCELED")) == "The UPS is already in the requested state of CANCELED."


def test_of_sixty_four_who_claim_it_at_the_same_time_one_has_it(archive: OpenHouse) -> None:
    uid, visitor = made(archive, "1.2.102.5"), archive.as_("radiologist")
    locks = [f"2.25.{number}" for number in range(1, 65)]

    async def race() -> list[tuple[int, str]]:
        given = {"authorization": f"Bearer {visitor.token}", **JSON}
        said = [{"00741000": value("CS", "IN PROGRESS"), "00081195": value("UI", lock)} for lock in locks]
        answers = await asyncio.gather(*(visitor._request("PUT", f"{WORKITEMS}/{uid}/state", each, {}, given) for each in said))
        return [(answer.status_code, warned(answer)) for answer in answers]

    answers = archive.do(race)
    assert sorted(answers) == [(200, ""), *[(400, "The Transaction UID is incorrect.")] * 63]
    won = locks[answers.index((200, ""))]
    assert ask(archive, "POST", f"/{uid}?{won}", performed()).status_code == 200
    assert to(archive, uid, "COMPLETED", won).status_code == 200


# --- 11.6 update -----------------------------------------------------------------------------------------------------------------------------


def test_only_the_performer_updates_what_is_claimed_and_nobody_what_is_over(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.103.1")
    high = {"00741200": value("CS", "HIGH")}
    assert ask(archive, "POST", f"/{uid}", high).status_code == 200
    unclaimed = ask(archive, "POST", f"/{uid}?{LOCK}", high)
    assert (unclaimed.status_code, warned(unclaimed)) == (409, "The target URI did not reference a claimed Workitem.")
    to(archive, uid, "IN PROGRESS")
    assert [ask(archive, "POST", f"/{uid}{query}", high).status_code for query in ("", f"?{OTHER_LOCK}", f"?transaction={LOCK}")] == [400, 400, 200]
    ask(archive, "POST", f"/{uid}?{LOCK}", performed())
    to(archive, uid, "COMPLETED")
    over = ask(archive, "POST", f"/{uid}?{LOCK}", high)
    assert (over.status_code, warned(over)) == (400, "The submitted request is inconsistent with the current state of the Workitem.")


def test_an_update_changes_neither_state_nor_identity(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.103.2")
    for tag, each in {"00741000": value("CS", "COMPLETED"), "00080018": value("UI", "1.2.9"), "00741200": value("CS", "NOW")}.items():
        assert ask(archive, "POST", f"/{uid}", {tag: each}).status_code == 400
    assert ask(archive, "POST", f"/{uid}", {"00404041": value("CS")}).status_code == 400
    assert ask(archive, "POST", "/1.2.103.99", {"00741200": value("CS", "LOW")}).status_code == 404


# --- 11.8 cancellation ------------------------------------------------------------------------------------------------------------------------


def test_a_waiting_step_is_cancelled_when_somebody_asks(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.104.1")
    assert ask(archive, "POST", f"/{uid}/cancelrequest", {"00741238": value("LT", "ordered twice")}).status_code == 202
    (found,) = ask(archive, "GET", f"/{uid}").json()
    (progress,) = found["00741002"]["Value"]
    assert found["00741000"]["Value"] == ["CANCELED"]
    assert (progress["00741238"]["Value"], progress["0074100E"]["Value"][0]["00080100"]["Value"]) == (["ordered twice"], ["110513"])
    again = ask(archive, "POST", f"/{uid}/cancelrequest", b"")
    assert (again.status_code, warned(again)) == (202, "The UPS is already in the requested state of CANCELED.")


def test_whoever_works_on_a_step_decides_whether_it_is_cancelled(archive: OpenHouse) -> None:
    uid = made(archive, "1.2.104.2")
    to(archive, uid, "IN PROGRESS")
    assert ask(archive, "POST", f"/{uid}/cancelrequest", {}).status_code == 202
    assert state_of(archive, uid) == "IN PROGRESS"
    ask(archive, "POST", f"/{uid}?{LOCK}", performed())
    to(archive, uid, "COMPLETED")
    assert ask(archive, "POST", f"/{uid}/cancelrequest", {}).status_code == 409


# --- 11.9 search -------------------------------------------------------------------------------------------------------------------------------


def found_by(archive: OpenHouse, **query: object) -> list[str]:
    response = ask(archive, "GET", "", **query)
    return [row["00080018"]["Value"][0] for row in (response.json() if response.content else [])]


def test_workitems_are_found_by_their_attributes_those_that_begin_first_before_the_others(archive: OpenHouse) -> None:
    made(archive, "1.2.105.1", t00741204=value("LO", "Find me"), t00404005=value("DT", "20260831"), asks=("QC7", "99SITE"))
    made(archive, "1.2.105.2", t00741204=value("LO", "Find me too"), t00404005=value("DT", "20260830"), study="")
    to(archive, "1.2.105.2", "IN PROGRESS")

    assert found_by(archive, ProcedureStepLabel="Find me*") == ["1.2.105.2", "1.2.105.1"]
    assert found_by(archive, ProcedureStepLabel="Find me*", ProcedureStepState="SCHEDULED") == ["1.2.105.1"]
    assert found_by(archive, **{"ScheduledWorkitemCodeSequence.CodeValue": "QC7"}) == ["1.2.105.1"]
    assert found_by(archive, **{"00404021.0020000D": STUDY, "ProcedureStepLabel": "Find me*"}) == ["1.2.105.1"]
    assert found_by(archive, ProcedureStepLabel="Find me*", ScheduledProcedureStepStartDateTime="20260831-") == ["1.2.105.1"]
    assert found_by(archive, PatientID="nobody") == []
    page = ask(archive, "GET", "", ProcedureStepLabel="Find me*", limit=1)
    assert (len(page.json()), warned(page)) == (1, "There are additional results that can be requested")
    assert found_by(archive, ProcedureStepLabel="Find me*", limit=1, offset=1) == ["1.2.105.1"]
    assert ask(archive, "GET", "", NoSuchAttribute="x").status_code == 400


# --- data sets of a library ----------------------------------------------------------------------------------------------------------------------


def test_pydicoms_own_data_sets_go_in_and_come_out(archive: OpenHouse) -> None:
    sent = Dataset.from_json(json.dumps(step()))
    assert ask(archive, "POST", "?1.2.106.1", [sent.to_json_dict()]).status_code == 201
    (said,) = ask(archive, "GET", "/1.2.106.1").json()
    back = Dataset.from_json(json.dumps(said))
    assert (back.ProcedureStepLabel, back.PatientName, back.SOPInstanceUID) == ("Segment lungs", sent.PatientName, "1.2.106.1")
    assert {element.tag: element.value for element in sent}.items() <= {element.tag: element.value for element in back}.items()


# --- programs ------------------------------------------------------------------------------------------------------------------------------------


def test_a_program_performs_with_a_key_made_for_images_and_only_then(archive: OpenHouse) -> None:
    admin = archive.as_("admin")
    account = admin.post("/api/v1/users", {"login": "segmenter", "name": "Segmenter", "roles": ["radiologist"], "kind": "service"}, 201)
    ends_at = (archive.wardline.sessions.now() + timedelta(days=30)).isoformat()

    def program(*scopes: str) -> Visitor:
        asked = {"account": account["id"], "name": " and ".join(scopes), "scopes": list(scopes), "ends_at": ends_at}
        found = archive.nobody()
        found.token = admin.post("/api/v1/api-keys", asked, 201)["secret"]
        return found

    reader, performer = program("imaging.read"), program("imaging.read", "imaging.write")
    uid, claim = made(archive, "1.2.107.1", patient=BEN, study=""), {"00741000": value("CS", "IN PROGRESS"), "00081195": value("UI", LOCK)}
    assert reader.request("GET", f"{WORKITEMS}/{uid}").status_code == 200
    assert reader.request("PUT", f"{WORKITEMS}/{uid}/state", claim, headers=JSON).status_code == 403
    assert performer.request("PUT", f"{WORKITEMS}/{uid}/state", claim, headers=JSON).status_code == 200
    assert archive.wardline.workitems.all[uid].stated.performer == account["id"]
