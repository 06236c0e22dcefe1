"""A patient as somebody may see them: what is left out, what follows from it, and what is never left out."""

from datetime import timedelta

import pytest

from support.clocks import MORNING
from support.events import event, potassium, pulse
from wardline.core.events import Admitted, Allergic, Diagnosed, Event, Found, Measured, Overdue, Registered
from wardline.core.timeline import Timeline
from wardline.security.labels.seeing import AFFECTED, ALLERGY, View

READS = {"score": frozenset({"potassium", "pulse"})}


def found(capability: str, *rests_on: Event, key: str = "", summary: str = "7.1", id: int = 0, vague: bool = False) -> Event:
    because = tuple((f"input{place}", 7.1, None, "", 0 if vague else each.id) for place, each in enumerate(rests_on))
    answered = Found(capability, "1", "", "finding", key, 7.1, summary=summary, because=because, severity=3)
    return event(answered, at=MORNING + timedelta(hours=1), id=id)


def seen(events: list[Event], *hidden: Event) -> View:
    values = {each.value for each in hidden}
    return View(Timeline("ada").apply_all(events), lambda each: each.value in values, READS)


def test_a_hidden_measurement_is_gone_in_every_version() -> None:
    first, second = potassium(7.1, "P"), potassium(7.2, "C", issued=MORNING + timedelta(minutes=5))

    view = seen([first, second, pulse(70)], first, second)

    assert list(view.timeline.observations) == ["pulse"]
    assert view.timeline.observations.removed() == []
    assert view.timeline.observations.ids() == {each.id for each in view.whole.observations.of("pulse")}


def test_an_awaited_result_is_hidden_by_its_name() -> None:
    awaited = event(Measured("", None, status="I", code="20447-9^HIV RNA^LN", order="1"))

    assert list(seen([awaited], awaited).timeline.observations.pending()) == []


def test_an_answer_that_stands_on_something_hidden_says_only_that_it_is_affected() -> None:
    basis = potassium(7.1)
    view = seen([basis, found("score", basis)], basis)

    answer = view.timeline.answer("score")
    assert answer is not None
    assert (answer.value.outcome, answer.value.reason, answer.value.summary, answer.value.because) == ("unknown", AFFECTED, "", ())
    assert view.timeline.answers_over_time == {}


def test_an_answer_whose_key_would_tell_is_not_there_at_all() -> None:
    basis = potassium(7.1)

    assert seen([basis, found("critical_values", basis, key="potassium")], basis).timeline.answers == {}


def test_answers_that_stand_on_hidden_answers_are_hidden_too() -> None:
    basis = potassium(7.1)
    first = found("score", basis)
    second = found("other", first)

    view = seen([basis, first, second], basis)

    assert view.hides(second)
    assert view.hides_question("other", "")


def test_an_answer_that_does_not_say_what_it_stands_on_is_judged_by_what_it_reads() -> None:
    basis = potassium(7.1)

    assert seen([basis, found("score", basis, vague=True)], basis).hides_question("score", "")
    assert not seen([basis, found("unrelated", basis, vague=True)], basis).hides_question("unrelated", "")


def test_answers_about_other_things_stay_as_they_are() -> None:
    basis, other = potassium(7.1), pulse(70)
    answer = found("heart", other)

    view = seen([basis, other, answer], basis)

    assert view.timeline.answer("heart") == answer
    assert not view.hides_question("heart", "")


def test_an_allergy_is_never_left_out_only_its_name() -> None:
    """Nobody must read "none recorded" where there is one."""
    abacavir = event(Allergic("", "abacavir", "rash", issued_at=MORNING))

    (shown,) = seen([abacavir], abacavir).timeline.allergies

    assert (shown.value.text, shown.value.reaction) == (ALLERGY, "")


def test_the_reason_of_a_stay_is_hidden_and_the_bed_is_not() -> None:
    stay = event(Admitted("V1", "7A", bed="12", reason="hiv", doctor="Vance"))

    place = seen([stay], stay).timeline.place

    assert (place.unit, place.bed, place.reason, place.doctor) == ("7A", "12", "", "")


def test_who_somebody_is_is_not_touched_by_labels_of_facts() -> None:
    somebody, fact = event(Registered((), "Moss", "Ada")), event(Diagnosed("B24", "x"))

    view = seen([somebody, fact], fact)

    assert view.timeline.person == somebody.value
    assert view.timeline.diagnoses == []


def test_what_is_overdue_because_of_something_hidden_is_hidden() -> None:
    basis = potassium(7.1)
    due = event(Overdue("repeat potassium", MORNING, "score"))

    assert seen([basis, found("score", basis), due], basis).timeline.overdue == {}


@pytest.mark.parametrize("hidden", [True, False])
def test_the_whole_timeline_is_not_changed_by_a_look(hidden: bool) -> None:
    basis = potassium(7.1)
    events = [basis, pulse(70), found("score", basis), event(Diagnosed("B24", "x"))]
    whole = Timeline("ada").apply_all(events)

    View(whole, lambda each: hidden, READS)

    assert list(whole.observations) == ["potassium", "pulse"]
    assert whole.answer("score") == events[2]
    assert len(whole.diagnoses) == 1
