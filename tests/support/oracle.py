"""The oracle: what must hold after every run, whatever went wrong in it (faults.md A.4).

I1 nothing acknowledged is lost, I2 nothing alerts twice and nothing due is left out, I3 nothing wrong is shown, I4 every act has
a name to it, I5 nothing about a patient is in a log line or an error; and what these rest on: the log's order, its references, and
that folding it again gives the same bytes. What a served Wardline adds to I4 and I5 (its audit trail, its metrics) is in
`support.served`.
"""

import re
from collections import Counter
from collections.abc import Iterator

from support.bell import TOPIC, WORRYING, Bell
from support.hospital import Hospital, texts
from support.state import person_of
from wardline.core.assessment import Assessor, found
from wardline.core.events import (
    EVENTS_PER_ROW,
    Acknowledged,
    Alerted,
    Assigned,
    Event,
    Found,
    Overridden,
    PolicyActivated,
    Quieted,
    Resolved,
    Shown,
    Withdrawn,
)
from wardline.core.reactions import Reaction
from wardline.core.timeline import Timeline
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.alerts.telling import TOPIC as NOTIFY
from wardline.engine.assessing import FAILED, GONE
from wardline.engine.house import House
from wardline.engine.past import links_of, timeline_as_of

REFUSED = b"nothing can be stored"
"""Words of the one answer that promises nothing."""
ACTS = (Acknowledged, Overridden, Quieted, PolicyActivated, Assigned, Shown)
"""What only a person does."""
SHORTEST_CANARY = 3


def check(hospital: Hospital) -> None:
    """All of it."""
    assert hospital.log.damaged == []
    nothing_acknowledged_is_lost(hospital)
    nothing_alerts_twice(hospital)
    nothing_due_is_left_out(hospital)
    nothing_wrong_is_shown(hospital)
    every_act_has_a_name(hospital)
    nothing_is_said_about_patients(hospital)
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
    for topic in (TOPIC, NOTIFY):
        keys = [item.key for _, item in hospital.log.waiting(topic, limit=1_000_000)]
        assert len(keys) == len(set(keys))
        assert topic != TOPIC or set(seen) <= set(keys) | {""} or not keys


def nothing_due_is_left_out(hospital: Hospital) -> None:
    """The other half of I2: whatever is shown and calls for an alert has an open one."""
    survivor = hospital.engine.house.links.survivor
    for reaction in hospital.engine.house.reactions:
        is_open = {(survivor(about), capability, key) for about, capability, key in _open_questions(reaction)}
        for about in dict(hospital.engine.house.directory.items()):
            timeline = hospital.engine.house.timeline(about)
            for event in timeline.answers.values():
                if timeline.place.is_in and _calls_for_an_alert(reaction, event.value, timeline.place.unit):
                    assert (about, event.value.capability, event.value.key) in is_open, f"no alert for {event.value.summary}"


def _open_questions(reaction: Reaction) -> set[tuple[str, str, str]]:
    match reaction:
        case Bell():
            return reaction.questions()
        case AlertPolicy():
            return {episode.question for episode in reaction.open_alerts()}
        case _:
            return set()


def _calls_for_an_alert(reaction: Reaction, found: Found, unit: str) -> bool:
    match reaction:
        case Bell():
            return found.severity >= WORRYING
        case AlertPolicy():
            return reaction.policy.rule_for(found, unit) is not None
        case _:
            return False


def every_act_has_a_name(hospital: Hospital) -> None:
    """I4: what a person did says which person; what the house did by itself says so too."""
    for event in hospital.events(*ACTS):
        assert event.actor, event


def nothing_is_said_about_patients(hospital: Hospital) -> None:
    """I5: names, numbers and birth dates of the messages are the canaries; no logged line and no answer to a sender holds one."""
    said = "\n".join(hospital.said)
    for message, answer in hospital.acknowledged:
        beyond_the_header = answer.partition(b"\rMSA|")[2]
        for canary in canaries(message):
            told = re.compile(rf"\b{re.escape(canary)}\b")
            assert not told.search(said), f"{canary} was logged"
            assert not told.search("|".join(beyond_the_header.decode().split("|")[2:])), f"{canary} was answered: {answer!r}"


def canaries(message: bytes) -> Iterator[str]:
    """What a message says about who the patient is."""
    for line in message.decode(errors="replace").splitlines():
        fields = line.split("|")
        if fields[0] in ("PID", "PIX") and len(fields) > 7:
            for field in (fields[3].split("^")[0], *fields[5].split("^")[:2], fields[7]):
                if len(field) >= SHORTEST_CANARY:
                    yield field


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
            again = _asked_again(assessor, known, hospital)
            assert shown.keys() == again.keys(), (known.about, capability.id)
            for key, value in shown.items():
                assert _still_true(value, again[key]), (known.about, capability.id, value, again[key])


def _asked_again(assessor: Assessor, known: Timeline, hospital: Hospital) -> dict[str, Found]:
    try:
        assessed = assessor.assess(known, hospital.engine.house.now, hospital.engine.assessments.site)
    except Exception:  # what a capability with a bug does; what is shown then is that nothing is known
        keys = [event.value.key for event in known.answers_of(assessor.capability.id) if event.value.summary != GONE]
        return {key: Found(assessor.capability.id, "", "", "unknown", key, reason=FAILED) for key in keys}
    return {value.key: value for value in (found(assessor.capability, each) for each in assessed)}


def _still_true(shown: Found, again: Found) -> bool:
    """The same answer; of an "unknown", that it still is, and for no less than the reasons given: that more gets old is not news."""
    if shown.outcome == "unknown":
        return again.outcome == "unknown" and set(shown.missing) <= set(again.missing)
    if shown.outcome == "not_valid":
        return (shown.outcome, shown.reason) == (again.outcome, again.reason)
    return _content(shown) == _content(again)


def _content(found: Found) -> Found:
    return found._replace(revised=False, because=tuple(tuple(line) for line in found.because))  # type: ignore[misc]


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
