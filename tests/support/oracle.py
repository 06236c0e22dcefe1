"""The oracle: what must hold after every run, whatever went wrong in it (faults.md A.4).

I1 nothing acknowledged is lost, I2 nothing alerts twice, I3 nothing wrong is shown; and what these rest on: the log's order, its
references, and that folding it again gives the same bytes.
"""

from collections import Counter

from support.bell import TOPIC
from support.hospital import Hospital, texts
from support.state import person_of
from wardline.core.assessment import Assessor, found
from wardline.core.events import EVENTS_PER_ROW, Alerted, Event, Found, Resolved, Withdrawn
from wardline.core.timeline import Timeline
from wardline.engine.assessing import FAILED, GONE
from wardline.engine.house import House
from wardline.engine.past import links_of, timeline_as_of

REFUSED = b"nothing can be stored"
"""Words of the one answer that promises nothing."""


def check(hospital: Hospital) -> None:
    """All of it."""
    assert hospital.log.damaged == []
    nothing_acknowledged_is_lost(hospital)
    nothing_alerts_twice(hospital)
    nothing_wrong_is_shown(hospital)
    the_log_is_in_order(hospital)
    folding_again_gives_the_same(hospital)


def nothing_acknowledged_is_lost(hospital: Hospital) -> None:
    """I1: whatever we said we hold can be read back byte by byte."""
    kept = {hospital.log.raw(seq) for seq, _, _ in hospital.log.messages(limit=1_000_000)}
    for message, answer in hospital.acknowledged:
        if REFUSED not in answer:
            assert message in kept, f"acknowledged {texts([answer])} and not in the log: {message!r}"


def nothing_alerts_twice(hospital: Hospital) -> None:
    """I2: one open alert per question and person, one notification per key."""
    open_alerts: dict[tuple[str, str, str], str] = {}
    seen: Counter[str] = Counter()
    for event in hospital.events(Alerted, Resolved, Withdrawn):
        value = event.value
        if isinstance(value, Alerted):
            question = (event.about, value.capability, value.key)
            if not value.why:
                assert question not in open_alerts, f"a second open alert: {question}"
                seen[value.alert] += 1
            open_alerts[question] = value.alert
        else:
            open_alerts = {question: alert for question, alert in open_alerts.items() if alert != value.alert}
    assert all(times == 1 for times in seen.values()), seen
    keys = [item.key for _, item in hospital.log.waiting(TOPIC, limit=1_000_000)]
    assert len(keys) == len(set(keys))
    assert set(seen) <= set(keys) | {""} or not keys


def nothing_wrong_is_shown(hospital: Hospital) -> None:
    """I3: every person is shown exactly as the log alone says, and every answer is what asking again now would give."""
    house, links = hospital.engine.house, links_of(hospital.log)
    for about in dict(house.directory.items()):
        known = timeline_as_of(hospital.log, about, None, links)
        assert known.about == about, f"{about} is listed, but is read as {known.about}"
        assert person_of(house.timeline(about)) == person_of(known)
        if known.place.is_in or not known.movements:
            _answers_are_current(hospital, known)


def _answers_are_current(hospital: Hospital, known: Timeline) -> None:
    engine = hospital.engine
    for assessor in engine.assessments.all():
        capability = assessor.capability
        shown = {event.value.key: event.value for event in known.answers_of(capability.id) if event.value.summary != GONE}
        if shown:
            assert _without_repeats(shown) == _without_repeats(_asked_again(assessor, known, hospital)), (known.about, capability.id)


def _asked_again(assessor: Assessor, known: Timeline, hospital: Hospital) -> dict[str, Found]:
    try:
        assessed = assessor.assess(known, hospital.engine.house.now, hospital.engine.assessments.site)
    except Exception:  # what a capability with a bug does; what is shown then is that nothing is known
        keys = [event.value.key for event in known.answers_of(assessor.capability.id) if event.value.summary != GONE]
        return {key: Found(assessor.capability.id, "", "", "unknown", key, reason=FAILED) for key in keys}
    return {value.key: value for value in (found(assessor.capability, each) for each in assessed)}


def _without_repeats(answers: dict[str, Found]) -> dict[str, tuple[object, ...]]:
    """Of an answer that says "unknown" only why is recorded anew; that its present inputs get older is not news."""
    return {
        key: (value.outcome, value.missing, value.reason)
        if value.outcome in ("unknown", "not_valid")
        else tuple(value._replace(revised=False, because=tuple(map(tuple, value.because))))
        for key, value in answers.items()
    }  # fmt: skip


def the_log_is_in_order(hospital: Hospital) -> None:
    """Steps follow each other in number and time, no event has two places, and every reference leads somewhere earlier."""
    seq, at, ids = 0, None, set()
    for step in hospital.log.steps():
        assert step.seq > seq
        assert at is None or step.recorded_at >= at
        seq, at = step.seq, step.recorded_at
        for record, events in step.rows:
            assert all(event.about == record for event in events)
            ids |= {event.id for event in events}
            assert len({event.id // EVENTS_PER_ROW for event in events}) == 1
    for event in hospital.events():
        assert all(reference in ids for reference in _references(event)), event


def _references(event: Event) -> list[int]:
    reasons = [line[4] for line in event.value.because if line[4]] if isinstance(event.value, Found) else []
    return [*event.caused_by, *reasons]


def folding_again_gives_the_same(hospital: Hospital) -> None:
    """A rebuild from the first step on is byte-equal to what is folded live, and writes nothing."""
    house = hospital.engine.house
    again = House(hospital.log, tuple(hospital.kit.reactions()), house.timelines.window)
    again.replay(hospital.log.steps())
    assert again.digest(house.now) == house.digest(house.now)
