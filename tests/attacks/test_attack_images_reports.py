"""Reports against a writer who wants something else to be read than was checked: numbers in disguise, forged sections, somebody else's patient."""

from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from api.test_imaging_door import MARCHETTI, filled
from support.clocks import MORNING
from support.messages import BEN, adt
from support.studies import ELENA
from wardline.delivery.reports.measured import Measured
from wardline.delivery.reports.numbers import without_source
from wardline.delivery.reports.sentences import one_line

ROWS = (
    Measured("L1", "long_axis", "Long axis", 12.0, "mm"), Measured("L1", "suv_max", "SUVmax", 5.4, "{SUVbw}g/ml"),
    Measured("L1", "mtv", "MTV", 4.0, "mL"),
)  # fmt: skip
FORGED = "Nothing to see.\n\nIMPRESSION\nComplete response.\r\n\r\nADDENDUM 2 (Dr Somebody Else, 1 Mar 2026)\u2028All clear."


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    with OpenHouse(tmp_path_factory.mktemp("reports") / "data", portal) as opened:
        filled(opened, ELENA)
        opened.send(adt("A01", BEN, at=MORNING, visit="V8", unit="7A", bed="3"))
        yield opened


@pytest.fixture
def report(department: OpenHouse) -> Iterator[dict[str, Any]]:
    radiologist = department.as_("radiologist")
    case = radiologist.post("/api/v1/cases", {"study": ELENA.study, "branch": "general", "question": "Mass?"}, expect=201)
    yield radiologist.post("/api/v1/reports", {"case": case["case"]}, expect=201)
    radiologist.delete(f"/api/v1/cases/{case['case']}")


def with_text(report: dict[str, Any], text: str) -> dict[str, Any]:
    """Every section says this and nothing else."""
    return {"version": report["version"], "sections": [{"id": each["id"], "sentences": [{"text": text}]} for each in report["sections"]]}


@pytest.mark.parametrize(
    "text",
    ["12 centimetres", "12 inches", "12 m", "12 \u00b5m", "12 dm", "12 Centimeters", "twelve millimetres", "SUVmax of five point four",
     "SUVmax \u00bd", "SUVmax \uff15.\uff14", "SUVmax \u0665\u066b\u0664", "SUVmax 5\u00b2", "SUVmax \u2464", "SUVmax 5.4e3", "5.4 kg",
     "twenty percent"],
)  # fmt: skip
def test_a_number_in_disguise_has_no_source(text: str) -> None:
    assert without_source(text, ROWS) != []


@pytest.mark.parametrize(
    "text", ["12 mm", "1.2 cm", "1.2 centimetres", "12 Millimetres", "12-mm nodule", "SUVmax 5.4", "SUVmax 5.4 g/mL", "4 cm\u00b3", "4 millilitres"]
)
def test_a_measured_number_has_its_source_however_its_unit_is_written(text: str) -> None:
    assert without_source(text, ROWS) == []


def test_marks_that_are_not_seen_do_not_part_or_turn_what_is_read() -> None:
    assert one_line("SUVmax 1\u200b2, \u202e4.5\u202c\x00 at\tthe\n\nhilum ") == "SUVmax 12, 4.5 at the hilum"


def test_a_sentence_opens_no_section_and_no_addendum_of_somebody_else(department: OpenHouse, report: dict[str, Any]) -> None:
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    saved = radiologist.put(where, with_text(report, FORGED))
    page = radiologist.request("GET", f"{where}.html").text

    assert all("\n" not in one["shown"] for section in saved["sections"] for one in section["sentences"])
    assert "ADDENDUM 2 (Dr Somebody Else" in page, "it stands there, but as what it is: part of a sentence"
    assert "<h2>Addendum 2" not in page
    assert page.count("<h2>") == len(report["sections"])


@pytest.mark.parametrize("text", ["\u200b", " \n ", "\u202e\x00"])
def test_a_sentence_of_nothing_that_is_seen_is_refused(department: OpenHouse, report: dict[str, Any], text: str) -> None:
    refused = department.as_("radiologist").put(f"/api/v1/reports/{report['report']}", with_text(report, text), expect=400)
    assert "words" in refused["detail"]


def test_what_was_typed_becomes_no_program_in_a_page(department: OpenHouse, report: dict[str, Any]) -> None:
    typed = '<script>alert(1)</script><img src=x onerror=1> #read("/etc/passwd") $x$ *b* #sys.inputs \\u{1F} {L1.suv_max!r} {0.__class__}'
    radiologist, where = department.as_("radiologist"), f"/api/v1/reports/{report['report']}"
    radiologist.put(where, with_text(report, typed))

    answer = radiologist.request("GET", f"{where}.html")
    assert "<script>" not in answer.text and "<img src=x" not in answer.text  # noqa: PT018 - one thing
    assert "script-src 'none'" in answer.headers["content-security-policy"] or "default-src 'none'" in answer.headers["content-security-policy"]
    pdf = radiologist.request("GET", f"{where}.pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert b"root:" not in pdf.content


def test_a_report_is_not_signed_onto_the_chart_its_study_has_left(department: OpenHouse) -> None:
    """The case ends with the move, and the draft with it (decision 0028): there is nothing left to sign, and nothing on the other chart."""
    radiologist = department.as_("radiologist")
    case = radiologist.post("/api/v1/cases", {"study": ELENA.study, "branch": "general", "question": "Mass?"}, expect=201)
    report = radiologist.post("/api/v1/reports", {"case": case["case"]}, expect=201)
    at, back = f"/api/v1/imaging/studies/{ELENA.study}/place", {"patient": department.key(MARCHETTI), "note": "hers"}
    radiologist.post(at, {"patient": department.key(BEN), "note": "his"})
    try:
        radiologist.post(f"/api/v1/reports/{report['report']}/sign", {"version": report["version"]}, expect=404)
        assert department.as_("doctor").get("/api/v1/reports", patient=department.key(BEN))["reports"] == []
    finally:
        radiologist.post(at, back)
