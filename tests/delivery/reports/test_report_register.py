"""Cases and reports folded from events: the same after a restart, gone with the patient, and steps that are out of turn refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from delivery.reports.lesions_found import followed_up
from wardline.core.errors import Conflict, NotFound
from wardline.core.events import CaseOpened, Erased, Event, ReportSigned
from wardline.core.statements import Statement
from wardline.delivery.reports import steps
from wardline.delivery.reports.checking import open_items
from wardline.delivery.reports.register import Reports
from wardline.delivery.reports.sentences import Section, Sentence, saved
from wardline.delivery.reports.templates import first_draft

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
MEASURED = followed_up()
DRAFT = saved(first_draft("oncology", MEASURED), MEASURED)
SIGNED = ReportSigned("r1", "c1", "1.2", 1, "PET/CT report", "Text", "d" * 64, "Dr A", artefacts=(("segmentation", "application/dicom", "e"),))


def take(reports: Reports, statements: list[Statement], by: str = "ada", minutes: int = 0) -> None:
    for each in statements:
        at = NOON + timedelta(minutes=minutes)
        reports.apply(Event(each.value, each.about, at, at, actor=by))


def reported() -> Reports:
    """A case with a signed report."""
    reports = Reports()
    take(reports, steps.open_case(reports, CaseOpened("c1", "1.2", "oncology", "Response?", "1.1"), "elena", NOON))
    take(reports, steps.begin(reports, "c1", "r1", DRAFT, NOON))
    take(reports, steps.save(reports, "r1", 1, DRAFT, NOON), minutes=1)
    take(reports, steps.sign(reports, "r1", 2, SIGNED, NOON), minutes=2)
    return reports


def test_what_was_folded_is_the_same_after_a_snapshot() -> None:
    reports, restored = reported(), Reports()
    restored.load(_as_lists(reports.dump()))
    assert restored.dump() == reports.dump()
    assert restored.reports["r1"].newest.signed == SIGNED
    assert restored.cases["c1"].stage == "signed"


def _as_lists(state: object) -> object:
    """As snapshots give it back: lists for tuples, times as times."""
    return [_as_lists(each) for each in state] if isinstance(state, list | tuple) else state


def test_an_erased_patient_leaves_nothing() -> None:
    reports = reported()
    at = NOON + timedelta(days=1)
    reports.apply(Event(Erased("erasure", ("elena",)), "house", at, at))
    assert (reports.cases, reports.reports) == ({}, {})


def test_steps_out_of_turn_are_refused() -> None:
    reports = reported()
    for step in (
        lambda: steps.save(reports, "r1", 2, DRAFT, NOON), lambda: steps.drop(reports, "r1", NOON),
        lambda: steps.sign(reports, "r1", 2, SIGNED, NOON),
        lambda: steps.add(reports, "r1", 0, SIGNED, NOON), lambda: steps.begin(reports, "c1", "r2", DRAFT, NOON),
        lambda: steps.move(reports, "c1", "report", "", {}, 0, NOON),
        lambda: steps.open_case(reports, CaseOpened("c2", "1.2", "general"), "elena", NOON),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            step()
    with pytest.raises(NotFound):
        steps.move(reports, "none", "imaging", "", {}, 0, NOON)


def test_of_two_who_save_the_same_version_the_second_is_told() -> None:
    reports = Reports()
    take(reports, steps.open_case(reports, CaseOpened("c1", "1.2", "oncology"), "elena", NOON))
    take(reports, steps.begin(reports, "c1", "r1", DRAFT, NOON))
    take(reports, steps.save(reports, "r1", 1, DRAFT, NOON))
    with pytest.raises(Conflict, match="version 2 was saved meanwhile"):
        steps.save(reports, "r1", 1, DRAFT, NOON)


def test_only_a_critical_report_states_something_to_be_told() -> None:
    reports = Reports()
    take(reports, steps.open_case(reports, CaseOpened("c1", "1.2", "oncology"), "elena", NOON))
    take(reports, steps.begin(reports, "c1", "r1", DRAFT, NOON))
    plain = [type(each.value).__name__ for each in steps.sign(reports, "r1", 1, SIGNED, NOON)]
    critical = [type(each.value).__name__ for each in steps.sign(reports, "r1", 1, SIGNED._replace(critical=True), NOON)]
    assert plain == ["ReportSigned", "Documented", "CaseMoved"]
    assert critical == ["ReportSigned", "Documented", "Found", "CaseMoved"]


def test_the_digest_is_of_everything_that_is_signed() -> None:
    base = steps.digest_of("r1", 1, "Title", "Text", DRAFT)
    other = DRAFT._replace(confirmed=("L2",))
    assert len({base, *(steps.digest_of(*given) for given in (
        ("r2", 1, "Title", "Text", DRAFT), ("r1", 2, "Title", "Text", DRAFT), ("r1", 1, "title", "Text", DRAFT), ("r1", 1, "Title", "Text.", DRAFT),
        ("r1", 1, "Title", "Text", other),
    ))}) == 6  # fmt: skip


@given(some.text(max_size=200))
def test_whatever_is_typed_is_checked_without_failing(text: str) -> None:
    draft = DRAFT._replace(sections=(Section("findings", (Sentence("s1", text, ("L1",)),)),))
    assert open_items(draft, MEASURED)
