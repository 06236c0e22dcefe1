"""SEC-15, for any patient: whatever is labelled, consented and asked, no byte of an answer holds a value that is hidden."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import event
from wardline.api import views
from wardline.api.encoding import ENCODER
from wardline.api.sight import Seen
from wardline.core.consent import NORMAL, Actor, Consent, Mark, Provision
from wardline.core.events import (
    EVENTS_PER_ROW,
    Administered,
    Admitted,
    Alerted,
    Allergic,
    Consented,
    Diagnosed,
    Documented,
    Event,
    Found,
    Labelled,
    Measured,
    Ordered,
    Scheduled,
    Value,
)
from wardline.core.people import Person
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.episode import begin
from wardline.formats.fhir import consent as fhir
from wardline.security.consent.deciding import asker, verdict
from wardline.security.consent.register import Restrictions
from wardline.security.consent.showing import Showing
from wardline.security.labels.facts import KINDS, fact_of
from wardline.security.labels.table import shipped

ADA: Final = ("ada",)
CONCEPTS: Final = ("potassium", "sodium", "pulse")
LABELS: Final = ("HIV", "PSY", "PRS")
NOW: Final = datetime(2026, 3, 3, tzinfo=UTC)
NURSE: Final = Person("u1", "Amelia Brandt", frozenset({"nurse"}), ("7A",))


def _canary(number: int) -> str:
    return f"CANARY{number:03d}X"


def _fact(number: int, which: int) -> Value:
    """A fact whose every text is a word of its own."""
    word = _canary(number)
    return (
        Measured(CONCEPTS[number % 3], 100_000 + number, "u", code="c^^LN", received=word, order=str(number)),
        Measured("", word, code=f"N{number}^Test^L", order=str(number)),
        Measured("", None, status="I", code=f"N{number}^{word}^L", order=str(number)),
        Diagnosed(f"D{number}", word), Allergic(f"A{number}", word, word), Ordered(word, word, category="medication"), Ordered(word, word),
        Administered(word, word), Documented(word, word, word), Scheduled(word, word, "S12"),
        Admitted(f"V{number}", "7A", reason=word, service=word, doctor=word),
    )[which]  # fmt: skip


@st.composite
def _stays(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    """Facts, answers that stand on some of them, and answers that stand on those; then what people said about it."""
    events = [
        event(_fact(number, draw(st.integers(0, 10))), at=MORNING + timedelta(minutes=number), id=(number + 1) * EVENTS_PER_ROW)
        for number in range(draw(st.integers(1, 12)))
    ]
    for number in range(draw(st.integers(0, 6))):
        basis = draw(st.sampled_from(events))
        because = ((f"input{number}", str(basis.value), None, "", basis.id),)
        key = draw(st.sampled_from(["", "a", "b"]))
        found = Found(f"score{number % 2}", "1", "", "finding", key, str(basis.value), summary=str(basis.value), because=because, severity=3)
        events.append(event(found, at=MORNING + timedelta(hours=1, minutes=number), id=(900 + number) * EVENTS_PER_ROW))
    facts = [fact for each in events if (fact := fact_of(each)) is not None]
    labelled = draw(st.lists(st.tuples(st.sampled_from(facts), st.sampled_from(LABELS)), max_size=4))
    said = [event(Labelled(fact.kind, fact.key, (label,), "x")) for fact, label in labelled]
    rules = draw(st.lists(_RULES, max_size=2))
    return events, said + [event(Consented(str(place), resource=_text(rule))) for place, rule in enumerate(rules)]


_RULES = st.builds(
    lambda permits, labels, kinds, actors: Provision(permits, labels, kinds, actors),
    st.booleans(), st.frozensets(st.sampled_from(LABELS), max_size=2),
    st.frozensets(st.sampled_from([kind for kind in KINDS if kind != "Patient"]), max_size=2),
    st.sampled_from([(), (Actor("role", "nurse"),), (Actor("unit", "8B"),)]),
)  # fmt: skip


def _text(rule: Provision) -> str:
    return ENCODER.encode(fhir.write(Consent("ada", rule), id="c")).decode()


def _hidden(mark: Mark, restrictions: Restrictions, default: frozenset[str]) -> bool:
    """As the access policies decide: what the patient has said, else who may see this label by default."""
    said = verdict(restrictions.consents(ADA), mark, restrictions.labels.confidentiality(mark.label), asker(NURSE), NOW)
    return said is False or (said is None and mark.label != NORMAL and mark.label not in default)


@settings(deadline=None, max_examples=300)
@given(_stays(), st.frozensets(st.sampled_from(LABELS)))
def test_no_byte_of_any_answer_holds_a_hidden_value(stay: tuple[list[Event], list[Event]], default: frozenset[str]) -> None:
    events, said = stay
    restrictions = Restrictions(shipped())
    for each in said:
        restrictions.apply(each)
    whole = Timeline("ada").apply_all(events)
    view = Showing(restrictions, ADA, {"score0": frozenset(CONCEPTS), "score1": frozenset()}).view(
        whole, lambda mark: _hidden(mark, restrictions, default)
    )
    seen = Seen(whole) if view is None else Seen(view.timeline, view)

    told = _told(seen, [each for each in events if isinstance(each.value, Found)])

    for number, each in enumerate(events):
        if fact_of(each) is not None and any(_hidden(mark, restrictions, default) for mark in restrictions.marks_of(each, ADA)):
            # A drug that was given carries the word of its order, which may be shown for its own sake: each fact has one word only.
            assert _canary(number) not in told
            if isinstance(each.value, Measured) and each.value.concept:
                assert str(100_000 + number) not in told


def _told(seen: Seen, answers: list[Event]) -> str:
    """Everything that doors tell of a patient."""
    shown, until = seen.timeline, MORNING + timedelta(days=1)
    alerts = [
        begin(event(Alerted(f"a{place}", each.value.capability, each.value.key, "page", 3, each.value.summary, each.id)))
        for place, each in enumerate(answers)
    ]
    content = [
        views.timeline(shown, MORNING - timedelta(days=1), until), [views.found(each, shown, until) for each in shown.answers.values()],
        [views.found(each, shown, until) for each in answers if not seen.hides(each)], [each.value for each in shown.diagnoses],
        [each.value for each in shown.allergies], shown.place, [seen.episode(each).summary for each in alerts],
        [entry.detail for each in alerts for entry in seen.episode(each).history],
    ]  # fmt: skip
    return ENCODER.encode(content).decode()
