"""A signed imaging report as other systems get it: ORU^R01 and FHIR DiagnosticReport, with the study it is about."""

import base64
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fhir.resources.R4B.diagnosticreport import DiagnosticReport
from fhir.resources.R4B.imagingstudy import ImagingStudy
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from wardline.core.events import Event, Found, Identifier, Imaged, Registered, ReportSigned, ReportWithdrawn
from wardline.core.timeline import Timeline
from wardline.delivery.outbound.destinations import Destination
from wardline.delivery.outbound.hl7v2 import Outbound
from wardline.formats.fhir.outward.course import MADE_AS, resource_of
from wardline.formats.fhir.outward.imaging import diagnostic_report, imaging_study
from wardline.formats.fhir.outward.timeline import resources_of
from wardline.formats.hl7v2.message import Message, parse

BEGUN, SIGNED = datetime(2026, 9, 1, 10, 15, tzinfo=UTC), datetime(2026, 9, 1, 12, 30, tzinfo=UTC)
STUDY = "1.2.840.99.1"
STATED = Imaged(STUDY, "complete", 3, ("CT", "PT"), "PET/CT", "A-77", 12, (("1.2.840.99.2", "PT", 1, "WB", 8), ("1.2.840.99.3", "CT", 2, "", 4)))
REPORT = ReportSigned(
    "R-5",
    "C-9",
    STUDY,
    1,
    "PET/CT response",
    "FINDINGS\nL1 SULpeak 9.4 g/ml & shrinking|stable\n\nIMPRESSION\nPartial response.",
    "ab",
    "Ada Okonkwo",
)
WITHDRAWN = ReportWithdrawn("R-5", "C-9", STUDY, 2, REPORT.title, REPORT.text, "its study belongs to another patient", "Wardline", misplaced=True)
REGISTRY = Destination("ris", "127.0.0.1", 2575, reports=True)


def happened(value: Any, at: datetime, id: int) -> Event:
    return Event(value, "p1", at, at, source="imaging", id=id)


def charted(*values: ReportSigned) -> Timeline:
    timeline = Timeline("p1")
    timeline.apply(happened(Registered((Identifier("1001", "HOSP", "MR"),), "Moss", "Ada", "1955-03-03", "F"), BEGUN, 4096))
    timeline.apply(happened(STATED, BEGUN, 8192))
    for number, value in enumerate(values):
        timeline.apply(happened(value, SIGNED, 12288 + 4096 * number))
    return timeline


def sent(value: Any, destination: Destination = REGISTRY, **more: Any) -> list[bytes]:
    outbound = Outbound((destination,), "General & Sons", **more)
    patients: Any = SimpleNamespace(timeline=lambda about: charted())
    list(outbound.react(happened(value, SIGNED, 12288), patients, SIGNED))
    return [each.payload for each in outbound.outgoing()]


def oru(value: Any) -> Message:
    (payload,) = sent(value)
    parse_message(payload.decode(), validation_level=VALIDATION_LEVEL.STRICT, find_groups=True).validate()
    return parse(payload)


def test_a_signed_report_goes_out_line_by_line_with_its_study_order_and_author() -> None:
    message = oru(REPORT)
    order, lines = message.first("OBR"), message.all("OBX")
    assert order is not None
    assert (order.text(3), order.text(4, 1), order.text(4, 3), order.text(18)) == ("R-5", "18748-4", "LN", "A-77")
    assert (order.text(7), order.text(22), order.text(24), order.text(25)) == ("20260901101500+0000", "20260901123000+0000", "RAD", "F")
    assert [each.text(5) for each in lines] == [*REPORT.text.splitlines(), STUDY]
    assert {each.text(2) for each in lines[:-1]} == {"TX"}
    assert (lines[-1].text(2), lines[-1].text(3, 1), lines[-1].text(3, 3)) == ("ST", "110180", "DCM")
    assert {(each.text(11), each.text(16, 2)) for each in lines} == {("F", "Ada Okonkwo")}


def test_a_later_version_replaces_the_first_under_the_same_number() -> None:
    first, later = oru(REPORT).first("OBR"), oru(REPORT._replace(version=2, text=REPORT.text + "\nADDENDUM\nNone."))
    assert first is not None
    order = later.first("OBR")
    assert order is not None
    assert (order.text(3), order.text(25)) == (first.text(3), "C")
    assert {each.text(11) for each in later.all("OBX")} == {"C"}


@pytest.mark.parametrize(("misplaced", "status"), [(True, "W"), (False, "D")])
def test_a_withdrawn_report_takes_back_every_line_that_was_sent(misplaced: bool, status: str) -> None:
    """Table 0085: W is "post original as wrong, e.g., transmitted for wrong patient", D is "deletes the OBX record"."""
    signed, withdrawn = oru(REPORT), oru(WITHDRAWN._replace(misplaced=misplaced))
    first, order = signed.first("OBR"), withdrawn.first("OBR")
    assert first is not None
    assert order is not None
    assert (order.text(3), order.text(25)) == (first.text(3), "C")
    before, now = signed.all("OBX"), withdrawn.all("OBX")
    assert [(each.text(1), each.text(3, 1)) for each in now] == [(each.text(1), each.text(3, 1)) for each in before]
    assert {each.text(11) for each in now} == {status}
    assert now[0].text(5) == ("WITHDRAWN by Wardline: its study belongs to another patient. What was sent before under this number is not valid.")
    assert {each.text(5) for each in now[1:]} == {""}


def test_a_withdrawn_report_is_a_diagnostic_report_entered_in_error_without_its_words() -> None:
    made = resource_of("p1", happened(WITHDRAWN, SIGNED, 12288))
    DiagnosticReport.model_validate(made)
    assert (made["status"], made["id"]) == ("entered-in-error", diagnostic_report("p1", happened(REPORT, SIGNED, 1))["id"])
    assert "presentedForm" not in made
    assert made["conclusion"] == "Withdrawn by Wardline: its study belongs to another patient"
    timeline = charted(REPORT)
    timeline.apply(happened(WITHDRAWN, SIGNED, 20480))
    timeline.apply(happened(REPORT, SIGNED, 24576))  # read late: what was taken back stays taken back
    assert [each.resource["status"] for each in resources_of(timeline, {}) if each.resource["resourceType"] == "DiagnosticReport"] == [
        "entered-in-error"
    ]


def test_a_report_goes_only_to_those_who_take_reports_and_never_when_it_is_withheld() -> None:
    assert sent(REPORT, Destination("ehr", "127.0.0.1", 2575, frozenset({"news2"}), True)) == []
    assert sent(REPORT, withheld=lambda event, timeline: True) == []


@pytest.mark.parametrize(("version", "addendum", "status"), [(1, False, "final"), (2, False, "corrected"), (2, True, "appended")])
def test_a_report_is_a_diagnostic_report_with_its_whole_text_and_its_study(version: int, addendum: bool, status: str) -> None:
    event = happened(REPORT._replace(version=version, addendum=addendum), SIGNED, 12288)
    made = diagnostic_report("p1", event)
    DiagnosticReport.model_validate(made)
    assert made["status"] == status
    assert base64.b64decode(made["presentedForm"][0]["data"]).decode() == REPORT.text
    assert made["imagingStudy"] == [{"reference": f"ImagingStudy/{imaging_study('p1', happened(STATED, BEGUN, 8192))['id']}"}]
    assert made["id"] == diagnostic_report("p1", happened(REPORT, SIGNED, 1))["id"]


def test_a_study_is_an_imaging_study_with_its_series() -> None:
    made = imaging_study("p1", happened(STATED, BEGUN, 8192))
    ImagingStudy.model_validate(made)
    assert (made["status"], made["numberOfSeries"], made["numberOfInstances"]) == ("available", 2, 12)
    assert made["identifier"][0] == {"system": "urn:dicom:uid", "value": f"urn:oid:{STUDY}"}
    assert made["identifier"][1]["value"] == "A-77"
    assert [(each["uid"], each["modality"]["code"], each["numberOfInstances"]) for each in made["series"]] == [
        ("1.2.840.99.2", "PT", 8), ("1.2.840.99.3", "CT", 4),
    ]  # fmt: skip


def test_a_study_that_was_somebody_else_s_is_taken_back_where_it_was_sent() -> None:
    made = resource_of("p1", happened(STATED._replace(state="elsewhere"), BEGUN, 8192))
    ImagingStudy.model_validate(made)
    assert made["status"] == "entered-in-error"


def test_the_chart_has_the_study_the_newest_report_and_answers_that_point_at_the_study() -> None:
    timeline = charted(REPORT._replace(version=2, text="now"), REPORT)  # they may be read in any order
    timeline.apply(happened(Found("lungs", "1", "", "finding", key=STUDY, value=4200.0, unit="ml", summary="Lungs 4.2 l"), BEGUN, 99999))
    shown = [each.resource for each in resources_of(timeline, {})]
    (report,) = [each for each in shown if each["resourceType"] == "DiagnosticReport"]
    (study,) = [each for each in shown if each["resourceType"] == "ImagingStudy"]
    assert base64.b64decode(report["presentedForm"][0]["data"]) == b"now"
    (volume,) = [each for each in shown if each["resourceType"] == "Observation"]
    assert volume["derivedFrom"] == [{"reference": f"ImagingStudy/{study['id']}"}]
    assert volume["valueQuantity"]["value"] == 4200.0


def test_both_can_be_sent_to_other_fhir_servers() -> None:
    assert (MADE_AS[Imaged], MADE_AS[ReportSigned], MADE_AS[ReportWithdrawn]) == (("ImagingStudy",), ("DiagnosticReport",), ("DiagnosticReport",))
