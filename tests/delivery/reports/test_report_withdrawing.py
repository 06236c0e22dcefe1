"""A signed report that is taken back, by a person or because its study turns out to be somebody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from delivery.reports.lesions_found import followed_up
from wardline.core.errors import Conflict
from wardline.core.events import (
    ELSEWHERE,
    WAITING,
    WITHDRAWN,
    CaseOpened,
    Documented,
    Erased,
    Event,
    Found,
    Imaged,
    Incident,
    Merged,
    ReportSigned,
    ReportWithdrawn,
    Unmerged,
    Unplaced,
)
from wardline.core.statements import Statement
from wardline.core.timeline import Timeline
from wardline.delivery.reports import steps
from wardline.delivery.reports.register import Reports
from wardline.delivery.reports.sentences import saved
from wardline.delivery.reports.templates import first_draft
from wardline.delivery.reports.withdrawing import Withdrawing
from wardline.delivery.worklists.studies import UNPLACED, Studies
from wardline.formats.fhir.outward.timeline import resources_of

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
STUDY = "1.2"
MEASURED = followed_up()
DRAFT = saved(first_draft("oncology", MEASURED), MEASURED)
SIGNED = ReportSigned(
    "r1", "c1", STUDY, 1, "PET/CT report", "FINDINGS\nA lesion.", "d" * 64, "Dr A", critical=True,
    artefacts=(("segmentation", "application/dicom", "e"),),
)  # fmt: skip


class Chart:
    """Elena's and Boris's charts, folded from what is stated, with the reaction that answers."""

    def __init__(self) -> None:
        self.reports, self.studies, self.told = Reports(), Studies(), list[Event]()
        self.reaction = Withdrawing(self.reports, self.studies, lambda about: (f"nurse of {about}",))
        self.joined: dict[str, str] = {}
        self.charts = {name: Timeline(name) for name in ("elena", "boris", "elena-2")}
        self._minute = 0

    def survivor(self, about: str) -> str:
        return self.joined.get(about, about)

    def timeline(self, about: str) -> Timeline:
        return self.charts[about]

    def say(self, *said: Statement) -> list[Any]:
        """One step: what is said, then what follows from it; returns what followed."""
        self._minute += 1
        at = NOON + timedelta(minutes=self._minute)
        events = [self._fold(Event(each.value, each.about, each.occurred_at, at)) for each in said]
        follows: list[Event] = []
        for event in events:
            for each in self.reaction.react(event, self, at):
                events.append(self._fold(each))
                follows.append(each)
        return [each.value for each in follows]

    def _fold(self, event: Event) -> Event:
        self.studies.apply(event)
        self.reports.apply(event)
        if event.about in self.charts:
            self.charts[event.about].apply(event)
        return event

    def placed(self, about: str, journal: int, state: str = "complete") -> Statement:
        return Statement(Imaged(STUDY, state, journal), about, NOON)

    def fhir_door(self, about: str) -> dict[str, Any]:
        (shown,) = [each.resource for each in resources_of(self.charts[about], {}) if each.resource["resourceType"] == "DiagnosticReport"]
        return shown


@pytest.fixture
def chart() -> Chart:
    """Elena's study, with a report that a person has signed and called critical."""
    chart = Chart()
    chart.say(chart.placed("elena", 1))
    chart.say(*steps.open_case(chart.reports, CaseOpened("c1", STUDY, "oncology"), "elena", NOON))
    chart.say(*steps.begin(chart.reports, "c1", "r1", DRAFT, NOON))
    assert chart.say(*steps.sign(chart.reports, "r1", 1, SIGNED, NOON)) == []
    return chart


def of(kind: type, said: list[Any]) -> list[Any]:
    return [each for each in said if isinstance(each, kind)]


def test_a_report_of_a_study_that_is_certainly_another_patients_is_withdrawn_in_the_same_step(chart: Chart) -> None:
    followed = chart.say(chart.placed("elena", 2, ELSEWHERE), chart.placed("boris", 2))

    (withdrawn,) = of(ReportWithdrawn, followed)
    assert (withdrawn.report, withdrawn.version, withdrawn.author, withdrawn.misplaced) == ("r1", 2, "Wardline", True)
    assert (withdrawn.text, withdrawn.artefacts) == (SIGNED.text, SIGNED.artefacts)
    (incident,) = of(Incident, followed)
    assert (incident.what, incident.seen_by) == ("report on the wrong patient", ("nurse of elena",))
    (document,) = [event.value for event in chart.charts["elena"].documents.values()]
    assert document.status == WITHDRAWN
    assert SIGNED.text not in document.text
    assert "another patient" in document.text
    shown = chart.fhir_door("elena")
    assert shown["status"] == "entered-in-error"
    assert "presentedForm" not in shown
    assert chart.reports.reports["r1"].state == "withdrawn"
    assert chart.reports.case_of(STUDY) is None, "whose it is now can have a case of their own"


def test_while_nobody_knows_whose_the_study_is_its_report_waits_and_comes_back_with_it(chart: Chart) -> None:
    doubt = chart.say(chart.placed("elena", 2, ELSEWHERE), Statement(Unplaced(STUDY, "two records fit", 2), UNPLACED, NOON))
    assert of(ReportWithdrawn, doubt) == []
    assert [each.what for each in of(Incident, doubt)] == ["report that may be on the wrong patient"]
    assert chart.reports.reports["r1"].state == "waiting"
    assert chart.charts["elena"].documents["r1"].value.status == WAITING
    shown = chart.fhir_door("elena")
    assert (shown["status"], "presentedForm" in shown) == ("unknown", False)
    assert chart.say(Statement(Unplaced(STUDY, "still two", 3), UNPLACED, NOON)) == [], "said once"
    with pytest.raises(Conflict, match="place the study first"):
        steps.add(chart.reports, "r1", 1, SIGNED._replace(version=2), NOON)

    back = chart.say(chart.placed("elena", 4))
    assert [(each.text, each.status) for each in back] == [(SIGNED.text, "final")]
    assert chart.reports.reports["r1"].state == "signed"
    assert chart.fhir_door("elena")["status"] == "final"


def test_a_report_that_waits_is_withdrawn_when_its_study_goes_to_another_patient(chart: Chart) -> None:
    chart.say(chart.placed("elena", 2, ELSEWHERE), Statement(Unplaced(STUDY, "two records fit", 2), UNPLACED, NOON))
    assert len(of(ReportWithdrawn, chart.say(chart.placed("boris", 3)))) == 1
    assert of(ReportWithdrawn, chart.say(chart.placed("boris", 4))) == [], "once"


def test_a_study_that_goes_to_another_record_of_the_same_person_takes_its_report_along(chart: Chart) -> None:
    chart.joined["elena"] = "elena-2"
    assert chart.say(chart.placed("elena", 2, ELSEWHERE), chart.placed("elena-2", 2)) == []
    assert chart.reports.reports["r1"].state == "signed"


def test_when_records_are_parted_again_nobody_knows_whom_the_study_shows(chart: Chart) -> None:
    chart.joined["elena"] = "elena-2"
    chart.say(chart.placed("elena", 2, ELSEWHERE), chart.placed("elena-2", 2))
    del chart.joined["elena"]
    assert [each.status for each in of(Documented, chart.say(Statement(Unmerged("elena"), "elena-2", NOON)))] == [WAITING]
    chart.joined["elena"] = "elena-2"
    assert [each.status for each in of(Documented, chart.say(Statement(Merged("elena"), "elena-2", NOON)))] == ["final"]


def test_a_person_withdraws_a_wrong_report_and_the_case_can_have_a_new_one(chart: Chart) -> None:
    taken = steps.withdraw(chart.reports, "r1", "the wrong lesion", "Dr B", misplaced=False, now=NOON)
    followed = chart.say(*taken)

    assert [each.what for each in of(Incident, followed)] == ["report withdrawn"]
    (found,) = of(Found, [each.value for each in taken])
    assert (found.key, found.severity, found.revised) == ("r1", 0, True), "whoever was told that it is critical hears of it"
    case = chart.reports.cases["c1"]
    assert (case.stage, case.report) == ("report", "")
    chart.say(*steps.begin(chart.reports, "c1", "r2", DRAFT, NOON))
    assert chart.reports.cases["c1"].report == "r2"
    with pytest.raises(Conflict, match="has been withdrawn"):
        steps.withdraw(chart.reports, "r1", "again", "Dr B", misplaced=False, now=NOON)
    with pytest.raises(Conflict, match="has been withdrawn"):
        steps.add(chart.reports, "r1", 1, SIGNED._replace(version=2), NOON)


def test_a_draft_is_not_withdrawn_and_goes_with_the_case_whose_study_left() -> None:
    chart = Chart()
    chart.say(chart.placed("elena", 1))
    chart.say(*steps.open_case(chart.reports, CaseOpened("c1", STUDY, "oncology"), "elena", NOON))
    chart.say(*steps.begin(chart.reports, "c1", "r1", DRAFT, NOON))
    with pytest.raises(Conflict, match="only a signed report"):
        steps.withdraw(chart.reports, "r1", "no", "Dr B", misplaced=False, now=NOON)
    chart.say(chart.placed("elena", 2, ELSEWHERE), chart.placed("boris", 2))
    assert chart.reports.reports == {}
    assert chart.reports.cases["c1"].stage == "closed"


def test_what_was_withdrawn_is_known_after_a_snapshot_and_forgotten_with_the_patient(chart: Chart) -> None:
    chart.say(*steps.withdraw(chart.reports, "r1", "wrong", "Dr B", misplaced=False, now=NOON))
    restored = Reports()
    restored.load(_as_lists(chart.reports.dump()))
    assert restored.dump() == chart.reports.dump()
    assert restored.reports["r1"].withdrawal == chart.reports.reports["r1"].withdrawal
    assert [each.id for each in restored.signed_on(STUDY)] == ["r1"]
    restored.apply(Event(Erased("erasure", ("elena",)), "house", NOON, NOON))
    assert (restored.reports, restored.signed_on(STUDY)) == ({}, [])


def _as_lists(state: object) -> object:
    """As snapshots give it back."""
    return [_as_lists(each) for each in state] if isinstance(state, list | tuple) else state
