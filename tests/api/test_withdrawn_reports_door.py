"""Taking a signed report back over HTTP: nowhere valid from that moment on, and still to be read in the past."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.test_imaging_door import MARCHETTI, filled
from support.clocks import MORNING
from support.messages import Patient, adt
from support.studies import ELENA, store, study
from wardline.core.events import Incident, ReportWithdrawn, Withdrawn
from wardline.security.authorisation.question import FRESH

BORIS = Patient("7711", "KOVAL", "BORIS", "19500101", "M")
OTHER = replace(ELENA, injected_at=ELENA.injected_at - timedelta(days=86), accession="", seed="before")
REASON = "the lesion lies in the other lung"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """Two patients on the ward; both studies are filed under the first."""
    with OpenHouse(tmp_path_factory.mktemp("withdrawn") / "data", portal) as opened:
        opened.send(adt("A01", BORIS, at=MORNING, visit="V8", unit="7A", bed="11"))
        filled(opened, OTHER, ELENA)
        yield opened


def signed(house: OpenHouse, uid: str) -> dict[str, Any]:
    """A report that a radiologist has signed, said to be critical."""
    radiologist = house.as_("radiologist")
    case = radiologist.post("/api/v1/cases", {"study": uid, "branch": "general", "question": "Response?"}, expect=201)
    drafted = radiologist.post("/api/v1/reports", {"case": case["case"]}, expect=201)
    said = {"comparison": "None.", "findings": "A lesion in the left lung.", "impression": "One lesion."}
    sections = [{"id": id, "sentences": [{"text": text}]} for id, text in said.items()]
    saved = radiologist.put(f"/api/v1/reports/{drafted['report']}", {"version": 1, "sections": sections, "key_images": []})
    report: dict[str, Any] = radiologist.post(f"/api/v1/reports/{drafted['report']}/sign", {"version": saved["version"], "critical": True})
    assert report["may"] == {"write": True, "sign": True, "withdraw": True}
    return report


def on_chart(house: OpenHouse, report: str, **more: str) -> dict[str, Any]:
    told: list[dict[str, Any]] = house.as_("doctor").get(f"/api/v1/patients/{house.key(MARCHETTI)}/timeline", **more)["documents"]
    (document,) = [each for each in told if each["document"] == report]
    return document


def in_fhir(house: OpenHouse, title_of: str) -> dict[str, Any]:
    told = house.as_("doctor").get("/fhir/DiagnosticReport", patient=house.key(MARCHETTI))["entry"]
    (resource,) = [each["resource"] for each in told if title_of in str(each["resource"].get("conclusion"))]
    return resource  # type: ignore[no-any-return]


def alarms(house: OpenHouse, report: str) -> int:
    return sum(each.key == report for each in house.wardline.alerts.open_alerts())


def events(house: OpenHouse, kind: type) -> list[Any]:
    said = house.do(lambda: list(house.wardline.log.events_of([house.key(MARCHETTI)])))
    return [event.value for event in said if isinstance(event.value, kind)]


def test_a_report_is_withdrawn_with_a_reason_by_who_may_sign_and_says_so_everywhere(house: OpenHouse) -> None:
    report, radiologist = signed(house, ELENA.study), house.as_("radiologist")
    where = f"/api/v1/reports/{report['report']}"
    before = house.wardline.engine.house.now
    assert alarms(house, report["report"]) == 1

    house.as_("nurse").post(f"{where}/withdraw", {"reason": REASON}, expect=403)
    radiologist.post(f"{where}/withdraw", {}, expect=422)
    radiologist.post(f"{where}/withdraw", {"reason": " \n "}, expect=400)
    house.send(adt("A08", MARCHETTI, at=before + timedelta(minutes=5), visit="V9", unit="7A", bed="12"))
    told = radiologist.post(f"{where}/withdraw", {"reason": REASON})

    assert (told["state"], told["withdrawn"]["reason"], told["withdrawn"]["by"]) == ("withdrawn", REASON, "Radiologist")
    assert told["may"]["withdraw"] is False
    assert alarms(house, report["report"]) == 0, "nobody is asked to read it now"
    assert [each.why for each in events(house, Withdrawn)], "who was told that it is critical hears that it is taken back"
    assert events(house, Incident)[-1].what == "report withdrawn"
    now = on_chart(house, report["report"])
    assert (now["status"], report["text"] in now["text"], REASON in now["text"]) == ("withdrawn", False, True)
    then = on_chart(house, report["report"], as_of=before.isoformat())
    assert (then["status"], then["text"]) == ("final", report["text"])
    fhir = in_fhir(house, REASON)
    assert (fhir["status"], "presentedForm" in fhir) == ("entered-in-error", False)
    (listed,) = [each for each in house.as_("nurse").get("/api/v1/reports")["reports"] if each["report"] == report["report"]]
    assert (listed["state"], listed["withdrawn"]["reason"]) == ("withdrawn", REASON)
    (case,) = radiologist.get("/api/v1/cases", study=ELENA.study)["cases"]
    assert (case["stage"], case["report"], case["not_valid"]["why"]) == ("report", "", f"withdrawn: {REASON}")
    assert house.audited(action="report withdrawn")[-1]["about"] == house.key(MARCHETTI)
    radiologist.post(f"{where}/withdraw", {"reason": REASON}, expect=409)
    radiologist.post(f"{where}/addendum", {"text": "More."}, expect=409)

    page = radiologist.request("GET", f"{where}.html").text
    assert all(each in page for each in ("WITHDRAWN, not valid", REASON, "By Radiologist", "A lesion in the left lung."))
    assert radiologist.request("GET", f"{where}.pdf").content.startswith(b"%PDF")


def test_withdrawing_asks_for_a_fresh_proof(house: OpenHouse) -> None:
    radiologist, sessions = house.as_("radiologist"), house.wardline.sessions
    before: Callable[[], datetime] = sessions.now
    try:
        sessions.now = lambda: before() + FRESH + timedelta(seconds=1)
        refused = radiologist.post("/api/v1/reports/any/withdraw", {"reason": REASON}, expect=403)
    finally:
        sessions.now = before
    assert refused["remedy"] == "step-up"


def test_a_study_placed_with_another_patient_takes_its_report_off_the_first_chart_at_once(house: OpenHouse) -> None:
    report, radiologist = signed(house, OTHER.study), house.as_("radiologist")
    where = f"/api/v1/reports/{report['report']}"
    radiologist.post(f"/api/v1/imaging/studies/{OTHER.study}/place", {"patient": house.key(BORIS), "note": "asked at the scanner"})

    (withdrawn,) = [each for each in events(house, ReportWithdrawn) if each.report == report["report"]]
    assert (withdrawn.author, withdrawn.misplaced) == ("Wardline", True)
    document = on_chart(house, report["report"])
    assert document["status"] == "withdrawn"
    assert "A lesion" not in document["text"]
    shown = radiologist.get(where)
    assert (shown["state"], shown["withdrawn"]["misplaced"], shown["measurements"], shown["patient"]) == ("withdrawn", True, [], house.key(MARCHETTI))
    page = radiologist.request("GET", f"{where}.html").text
    assert "its study belongs to another patient" in page
    assert OTHER.study not in page
    of_elena = {each["report"]: each["state"] for each in radiologist.get("/api/v1/reports", patient=house.key(MARCHETTI))["reports"]}
    assert of_elena[report["report"]] == "withdrawn"
    assert radiologist.get("/api/v1/reports", patient=house.key(BORIS))["reports"] == []
    (case,) = radiologist.get("/api/v1/cases", study=OTHER.study)["cases"]
    assert (case["stage"], case["not_valid"]["why"]) == ("closed", "withdrawn: its study belongs to another patient")
    radiologist.post("/api/v1/cases", {"study": OTHER.study, "branch": "general", "question": "Of Mr Koval?"}, expect=201)


def test_while_it_is_doubtful_whose_a_study_is_its_report_is_valid_nowhere_and_can_be_withdrawn(open_house: Callable[..., OpenHouse]) -> None:
    house = filled(open_house(), ELENA)
    report, radiologist = signed(house, ELENA.study), house.as_("radiologist")
    where = f"/api/v1/reports/{report['report']}"
    other = MARCHETTI._replace(family="ZELLER", given="IRMA", born="19330101")
    house.send(adt("A08", other, at=house.wardline.engine.house.now + timedelta(minutes=5), visit="V9", unit="7A", bed="12"))
    late = study(ELENA)[0]
    late.SOPInstanceUID = late.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    store(house.running.imaging.images, [late])
    while house.do(house.running.imaging.filing.file_some):
        pass

    assert ELENA.study in house.wardline.studies.waiting
    shown = radiologist.get(where)
    assert (shown["state"], shown["withdrawn"], shown["may"]["withdraw"]) == ("waiting", None, True)
    document = on_chart(house, report["report"])
    assert (document["status"], "A lesion" in document["text"]) == ("waits for withdrawal", False)
    (listed,) = radiologist.get("/api/v1/reports")["reports"]
    assert listed["state"] == "waiting"
    (case,) = radiologist.get("/api/v1/cases")["cases"]
    assert case["not_valid"]["why"].startswith("waits for withdrawal")
    assert in_fhir(house, "NOT VALID FOR NOW")["status"] == "unknown"
    assert events(house, Incident)[-1].what == "report that may be on the wrong patient"
    assert "NOT VALID FOR NOW" in radiologist.request("GET", f"{where}.html").text
    radiologist.post(f"{where}/addendum", {"text": "More."}, expect=409)

    assert radiologist.post(f"{where}/withdraw", {"reason": REASON, "another_patient": True})["state"] == "withdrawn"
    assert in_fhir(house, REASON)["status"] == "entered-in-error"
