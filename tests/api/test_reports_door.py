"""Cases and reports over HTTP: from the checklist to a signed report on the chart, with everything that must keep one from being signed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.test_imaging_door import MARCHETTI, OTHER_DAY, filled, looked_at
from support.studies import ELENA
from wardline.core.events import Documented, ReportSigned
from wardline.delivery.reports.register import Reports
from wardline.security.authorisation.question import FRESH


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """One patient with a PET/CT now and one before, both looked at by workers."""
    with OpenHouse(tmp_path_factory.mktemp("reports") / "data", portal) as opened:
        filled(opened, OTHER_DAY, ELENA)
        looked_at(opened, OTHER_DAY.study)
        looked_at(opened, ELENA.study)
        yield opened


@pytest.fixture
def case(department: OpenHouse) -> Iterator[dict[str, Any]]:
    """A case of the follow-up study, closed afterwards."""
    radiologist = department.as_("radiologist")
    opened = radiologist.post("/api/v1/cases", {"study": ELENA.study, "branch": "oncology", "question": "Response?"}, expect=201)
    yield opened
    if radiologist.get(f"/api/v1/cases/{opened['case']}")["stage"] != "closed":
        radiologist.delete(f"/api/v1/cases/{opened['case']}")


@pytest.fixture
def report(department: OpenHouse, case: dict[str, Any]) -> dict[str, Any]:
    drafted: dict[str, Any] = department.as_("radiologist").post("/api/v1/reports", {"case": case["case"]}, expect=201)
    return drafted


def edited(report: dict[str, Any], **sections: list[dict[str, Any]]) -> dict[str, Any]:
    """The same report with these sections' sentences in place of what they had."""
    kept = [
        {"id": each["id"], "sentences": sections.get(each["id"], [{name: one[name] for name in ("id", "text", "keys")} for one in each["sentences"]])}
        for each in report["sections"]
    ]
    return {"version": report["version"], "sections": kept}


def events(department: OpenHouse, kind: type) -> list[Any]:
    return [
        event.value
        for event in department.do(lambda: list(department.wardline.log.events_of([department.key(MARCHETTI)])))
        if isinstance(event.value, kind)
    ]


def test_a_case_knows_what_the_chart_and_the_study_say_and_waits_for_the_rest(department: OpenHouse, case: dict[str, Any]) -> None:
    items = {each["item"]: each for each in case["checklist"]}
    assert items["question"] == {
        "item": "question", "title": "Clinical question", "needed": True, "state": "known", "value": "Response?", "known_from": "case"
    }  # fmt: skip
    assert items["uptake_time"]["value"] == "62 min"
    assert (items["priors"]["state"], items["glucose"]["state"]) == ("known", "open")
    assert case["prior_study"] == OTHER_DAY.study

    radiologist, where = department.as_("radiologist"), f"/api/v1/cases/{case['case']}"
    assert "are open" in radiologist.ask("PATCH", where, {"stage": "imaging"}, expect=409)["detail"]
    told = radiologist.ask("PATCH", where, {"stage": "imaging", "checklist": {"glucose": "6.1 mmol/L"}, "note": "height unknown"}, expect=200)
    assert (told["stage"], {each["item"]: each["value"] for each in told["checklist"]}["glucose"]) == ("imaging", "6.1 mmol/L")
    assert "next stage" in radiologist.ask("PATCH", where, {"stage": "report"}, expect=409)["detail"]
    assert "no item" in radiologist.ask("PATCH", where, {"checklist": {"shoe_size": "43"}}, expect=400)["detail"]


def test_a_study_has_one_open_case(department: OpenHouse, case: dict[str, Any]) -> None:
    department.as_("radiologist").post("/api/v1/cases", {"study": ELENA.study, "branch": "general"}, expect=409)
    listed = department.as_("radiologist").get("/api/v1/cases", study=ELENA.study, stage="intake")["cases"]
    assert [each["case"] for each in listed] == [case["case"]]


def test_only_those_who_report_get_in(department: OpenHouse, report: dict[str, Any]) -> None:
    where = f"/api/v1/reports/{report['report']}"
    department.as_("nurse").get("/api/v1/cases", expect=403)
    department.as_("nurse").get(where, expect=403)  # a draft is for those who write it
    assert report["report"] not in {each["report"] for each in department.as_("nurse").get("/api/v1/reports")["reports"]}
    department.as_("manager").get(where, expect=403)
    department.nobody().get(where, expect=401)
    assert department.as_("doctor").get(where)["state"] == "draft"


def test_a_number_that_nobody_measured_is_said_under_its_sentence_and_is_not_signed(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    draft = edited(report, impression=[{"text": "SULpeak 5.71 in the lesion.", "keys": ["L1"]}])

    checked = radiologist.post(f"{where}/check", draft)
    assert [each["code"] for each in checked["open"]] == ["no-source"]
    assert radiologist.get(where)["version"] == report["version"]

    saved = radiologist.put(where, draft)
    assert saved["sections"][-1]["sentences"][0]["problems"] == ["5.71 is not anything measured of L1"]
    refused = radiologist.post(f"{where}/sign", {"version": saved["version"]}, expect=409)
    assert "5.71 is not anything measured of L1" in refused["detail"]
    radiologist.put(where, draft, expect=409)  # it was the version before


def test_what_is_not_of_this_report_is_refused(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    radiologist.put(where, edited(report, impression=[{"text": "Seen.", "keys": ["L9"]}]), expect=400)
    radiologist.put(where, {**edited(report), "key_images": ["1.2.3"]}, expect=400)
    radiologist.get("/api/v1/reports/none", expect=404)
    radiologist.post("/api/v1/reports", {"case": "none"}, expect=404)


def test_a_signed_report_is_on_the_chart_has_its_objects_and_never_changes(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    signed = radiologist.post(f"{where}/sign", {"version": report["version"]})

    assert (signed["state"], signed["open"], signed["signatures"][0]["by"]) == ("signed", [], "Radiologist")
    event: ReportSigned = events(department, ReportSigned)[-1]
    assert {name for name, _, _ in event.artefacts} == {"segmentation", "measurements", "key images"}
    assert event.digest == signed["signatures"][0]["digest"]
    assert len(event.digest) == 64
    written: Documented = events(department, Documented)[-1]
    assert (written.document, written.status, written.text) == (report["report"], "final", signed["text"])
    assert department.as_("radiologist").get(f"/api/v1/cases/{report['case']}")["stage"] == "signed"
    assert department.as_("nurse").get(where)["text"] == signed["text"]
    radiologist.put(where, edited(report), expect=409)
    radiologist.delete(where, expect=409)
    assert not event.critical

    added = radiologist.post(f"{where}/addendum", {"text": "Discussed with the ward."})
    assert added["text"].startswith(signed["text"])
    assert added["text"].endswith("Discussed with the ward.")
    assert [each["addendum"] for each in added["signatures"]] == [False, True]
    assert events(department, Documented)[-1].status == "amended"
    assert "9.99" in radiologist.post(f"{where}/addendum", {"text": "SUVmax 9.99.", "keys": ["L1"]}, expect=409)["detail"]


def test_signing_asks_for_a_fresh_proof(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, sessions = department.as_("radiologist"), department.wardline.sessions
    before = sessions.now
    try:
        sessions.now = lambda: before() + FRESH + timedelta(seconds=1)
        refused = radiologist.post(f"/api/v1/reports/{report['report']}/sign", {"version": report["version"]}, expect=403)
    finally:
        sessions.now = before
    assert refused["remedy"] == "step-up"


def test_only_a_person_makes_a_report_critical_and_then_the_doctor_is_told(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist = department.as_("radiologist")
    radiologist.post(f"/api/v1/reports/{report['report']}/sign", {"version": report["version"], "critical": True})

    (alert,) = [each for each in department.wardline.alerts.open_alerts() if each.capability == "critical_report"]
    assert (alert.about, alert.key) == (department.key(MARCHETTI), report["report"])
    shown = department.as_("doctor").get(f"/api/v1/patients/{department.key(MARCHETTI)}/alerts")
    assert "Radiologist asks that it is read now" in str(shown)


def test_a_report_is_printed_as_pdf_the_same_each_time_and_as_a_page(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    first, again = (radiologist.request("GET", f"{where}.pdf") for _ in range(2))

    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in first.content  # tagged: a screen reader finds its way
    assert first.content == again.content
    page = radiologist.request("GET", f"{where}.html")
    assert "script-src" not in page.headers["content-security-policy"]
    assert "DRAFT" in page.text
    assert 'src="data:image/jpeg;base64,' in page.text
    assert department.audited(action="report printed")[-1]["about"] == department.key(MARCHETTI)


def test_a_dropped_draft_is_gone_and_the_case_can_begin_another(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist = department.as_("radiologist")
    radiologist.delete(f"/api/v1/reports/{report['report']}")
    radiologist.get(f"/api/v1/reports/{report['report']}", expect=404)
    radiologist.post("/api/v1/reports", {"case": report["case"]}, expect=201)


def test_what_is_known_of_cases_and_reports_survives_a_restart(department: OpenHouse, report: dict[str, Any]) -> None:
    kept, restored = department.wardline.reports, Reports()
    restored.load(kept.dump())
    assert restored.dump() == kept.dump()
    assert restored.reports[report["report"]].content == kept.reports[report["report"]].content
