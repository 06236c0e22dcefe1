"""What other servers have of each question is a fold: the same from a snapshot as from the events, and forgotten with the patient."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from wardline.core.events import Erased, Event, Found
from wardline.delivery.outbound.fhir import FhirOutbound
from wardline.delivery.outbound.fhir_answers import Standing
from wardline.delivery.outbound.fhir_servers import FhirServer

SERVER = FhirServer("ehr", "https://ehr.example/fhir", frozenset({"news2"}))


def answer(id: int, severity: int = 3, *, at: datetime = MORNING, about: str = "ada", outcome: str = "finding", revised: bool = False) -> Event:
    found = Found("news2", "2017", "d", outcome, value=severity, severity=severity, revised=revised)
    return Event(id=id, about=about, value=found, occurred_at=at, recorded_at=MORNING + timedelta(seconds=id), source="wardline")


def stood(*events: Event) -> Standing:
    standing = Standing(frozenset({"news2"}))
    for event in events:
        standing.apply(event)
    return standing


def test_an_answer_knows_what_the_one_before_had_put_there() -> None:
    urgent, calm = answer(1), answer(2, 0, at=MORNING + timedelta(minutes=5))
    stand = stood(urgent, calm).of(calm)
    assert stand is not None
    assert stand.before - stand.now == {"DetectedIssue", "Flag"}


def test_an_answer_about_an_earlier_moment_is_none_that_stands() -> None:
    newest, late = answer(1, 0), answer(2, 3, at=MORNING - timedelta(hours=1))
    standing = stood(newest, late)
    assert standing.of(late) is None
    assert standing.of(newest) is not None


def test_an_answer_that_became_too_old_lets_the_last_one_stand() -> None:
    urgent, lapsed = answer(1), answer(2, 0, outcome="unknown", at=MORNING + timedelta(hours=5))
    standing = stood(urgent, lapsed)
    assert standing.of(lapsed) is None
    assert standing.of(urgent) is not None


def test_of_two_answers_in_one_step_the_last_clears_up_after_both() -> None:
    urgent, calm, last = answer(1), answer(2, 0), answer(3, 0)
    stand = stood(urgent, calm._replace(recorded_at=last.recorded_at), last).of(last)
    assert stand is not None
    assert {"DetectedIssue", "Flag"} <= stand.before


def test_an_erased_patient_is_forgotten() -> None:
    outbound = FhirOutbound((SERVER,), {})
    outbound.apply(answer(1))
    outbound.apply(answer(2, about="ben"))
    gone = Event(id=3, about="house", value=Erased("r1", ("ada",)), occurred_at=MORNING, recorded_at=MORNING, source="wardline")
    outbound.apply(gone)
    assert [row[0] for row in outbound.dump()] == ["ben"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-60, 60), st.sampled_from(["ada", "ben"]), st.booleans()), max_size=12), st.integers(0, 12))
def test_a_snapshot_anywhere_changes_nothing(said: list[tuple[int, int, str, bool]], cut: int) -> None:
    events = [
        answer(id, severity, at=MORNING + timedelta(minutes=minutes), about=about, revised=revised)
        for id, (severity, minutes, about, revised) in enumerate(said, 1)
    ]
    whole, second = stood(*events), Standing(frozenset({"news2"}))
    second.load(stood(*events[:cut]).dump())
    for event in events[cut:]:
        second.apply(event)
    assert second.dump() == whole.dump()
