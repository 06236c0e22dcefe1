"""What may happen to an alert, and what may not (reference AL-6); who is told and what the acts of people do."""

from datetime import timedelta

import pytest

from delivery.ward import MORNING, PATIENT, Ward, changed, critical
from wardline.core.errors import Conflict, NotFound
from wardline.core.events import (
    Acknowledged,
    Alerted,
    Escalated,
    Event,
    HandedOver,
    Incident,
    Overridden,
    Resolved,
    Shown,
    StoodDown,
    Value,
    Withdrawn,
)
from wardline.delivery.alerts.episode import Status, after, begin

ALERTED = Alerted("a1", "news2", tier="page", severity=3, roles=("nurse",), rule="news2-high@1")
ACTS: dict[str, Value] = {
    "show": Shown("a1"), "acknowledge": Acknowledged("a1"), "override": Overridden("a1", "treated"),
    "escalate": Escalated("a1", 1, ("doctor",), True),
    "resolve": Resolved("a1", "better"), "withdraw": Withdrawn("a1", "corrected"), "hand over": HandedOver("a1", "new shift"), "raise": ALERTED,
}  # fmt: skip
WAITING = {"show", "acknowledge", "override", "escalate", "resolve", "withdraw", "hand over", "raise"}
POSSIBLE = {
    Status.RAISED: WAITING,
    Status.SHOWN: WAITING,
    Status.ESCALATED: WAITING,
    Status.ACKNOWLEDGED: WAITING - {"acknowledge"},
    Status.OVERRIDDEN: WAITING - {"acknowledge", "override"},
    Status.RESOLVED: {"show"},
    Status.WITHDRAWN: {"show"},
}
WAY = {
    Status.RAISED: (), Status.SHOWN: ("show",), Status.ESCALATED: ("escalate",), Status.ACKNOWLEDGED: ("acknowledge",),
    Status.OVERRIDDEN: ("override",), Status.RESOLVED: ("resolve",), Status.WITHDRAWN: ("withdraw",),
}  # fmt: skip


def event(value: Value) -> Event:
    return Event(value, PATIENT, MORNING, MORNING, actor="Brandt")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", list(Status))
def test_only_the_steps_of_the_table_are_possible(status: Status, act: str) -> None:
    episode = begin(event(ALERTED))
    for step in WAY[status]:
        episode = after(episode, event(ACTS[step]))
    assert episode.status is status

    if act in POSSIBLE[status]:
        after(episode, event(ACTS[act]))
    else:
        with pytest.raises(Conflict) as conflict:
            after(episode, event(ACTS[act]))
        assert str(conflict.value).startswith(("this alert", "Brandt has", "there is nothing"))


@pytest.mark.parametrize("status", list(Status))
def test_undo_is_possible_only_right_after_an_act(status: Status) -> None:
    episode = begin(event(ALERTED))
    for step in WAY[status]:
        episode = after(episode, event(ACTS[step]))
    kind = {Status.ACKNOWLEDGED: "Acknowledged", Status.OVERRIDDEN: "Overridden", Status.ESCALATED: "Escalated"}.get(status, "Acknowledged")

    if status in (Status.ACKNOWLEDGED, Status.OVERRIDDEN, Status.ESCALATED):
        assert after(episode, event(StoodDown("a1", kind))).status is Status.RAISED
    else:
        with pytest.raises(Conflict, match="nothing left to undo"):
            after(episode, event(StoodDown("a1", kind)))


def test_a_page_goes_to_everybody_the_rule_names_and_says_nothing_about_the_patient() -> None:
    ward = Ward()

    ward.news2(7)

    assert ward.told() == [("raised", "nurse"), ("raised", "doctor")]
    for message in ward.sent:
        assert message["title"] == "High alert"
        assert PATIENT not in str(message)
        assert "ward 7" not in str(message).lower().replace("_", " ").replace("-", " ")
        assert message["unit"] == message["bed"] == ""


def test_unit_and_bed_are_named_only_when_the_policy_says_so() -> None:
    ward = Ward(changed(("show_place: false", "show_place: true")))

    ward.news2(7)

    assert ward.sent[0]["title"] == "High alert, Ward 7, bed 12"
    assert PATIENT not in str(ward.sent)


def test_one_tap_acknowledges_and_ends_the_ladder() -> None:
    ward = Ward()
    ward.news2(7)

    ward.acknowledge()
    ward.later(300)

    assert ward.alert.status is Status.ACKNOWLEDGED
    assert ward.alert.owner == "Brandt"
    assert ward.told("escalated") == []


def test_a_second_person_is_told_who_was_first() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge(by="Brandt")

    with pytest.raises(Conflict, match="Brandt has already acknowledged this alert"):
        ward.acknowledge(by="Iyer")


def test_an_alert_nobody_knows_is_not_found() -> None:
    with pytest.raises(NotFound, match="no such alert"):
        Ward().alerts.acts.acknowledge("missing", by="Brandt", now=MORNING)


def test_opening_an_alert_is_recorded_once_for_each_person_and_does_not_stop_the_ladder() -> None:
    ward = Ward()
    ward.news2(7)

    ward.show(by="Brandt")
    ward.show(by="Brandt")
    ward.show(by="Iyer")
    ward.later(15)

    assert len(ward.of(Shown)) == 2
    assert ward.alert.status is Status.ESCALATED


def test_escalation_by_a_person_goes_out_at_once() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.escalate(comment="airway")

    assert ward.told("escalated") == [("escalated", "doctor")]
    assert ward.sent[-1]["title"] == "High alert, help asked for"
    assert ward.alert.status is Status.ESCALATED


def test_help_that_was_asked_for_and_is_not_answered_climbs_the_ladder() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    ward.escalate()

    ward.later(15)

    assert ward.told("escalated")[1:] == [("escalated", "charge_nurse"), ("escalated", "rapid_response")]


def test_a_nurse_can_ask_for_help_on_a_worklist_item() -> None:
    ward = Ward()
    ward.answer(critical("potassium", 7.1), patient=PATIENT)  # a page
    ward.acknowledge()
    ward.overdue()
    item = next(each for each in ward.alerts.open_alerts() if each.capability == "overdue")

    ward.escalate(item, roles=("rapid_response",))
    ward.later(15)

    assert ward.told("escalated")[0] == ("escalated", "rapid_response")
    assert len(ward.told("escalated")) > 1  # and it does not end in silence


def test_nobody_can_be_asked_who_cannot_be_reached() -> None:
    ward = Ward()
    ward.news2(7)

    with pytest.raises(Conflict, match="nobody can be reached as gardener"):
        ward.escalate(roles=("gardener",))


def test_undo_within_ten_seconds_sends_a_stand_down_to_those_who_were_called() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()
    ward.escalate(roles=("rapid_response",))

    ward.later(9 / 60)
    ward.undo()

    assert ward.told("stood down") == [("stood down", "rapid_response")]
    assert ward.alert.status is Status.ACKNOWLEDGED
    ward.later(60)
    assert len(ward.told("escalated")) == 1


def test_undo_is_over_after_ten_seconds() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward.later(11 / 60)

    with pytest.raises(Conflict, match="undo is possible for 10 seconds"):
        ward.undo()


def test_only_ones_own_act_can_be_undone() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge(by="Brandt")

    with pytest.raises(Conflict, match="nothing of yours"):
        ward.undo(by="Iyer")


def test_an_acknowledgement_taken_back_lets_the_ladder_go_on_where_it_was() -> None:
    ward = Ward()
    ward.news2(7)
    ward.later(14)
    ward.acknowledge()
    ward.undo()

    ward.later(1)

    assert ward.told("escalated") == [("escalated", "doctor")]
    assert ward.told("stood down") == []  # an acknowledgement told nobody


@pytest.mark.parametrize(
    ("reason", "fields", "sentence"),
    [
        ("because", {}, "is not a reason; give one of already_aware, treated"),
        ("other", {}, "needs a comment"),
        ("will_monitor", {}, "needs the time at which you will look again"),
        ("will_monitor", {"until": MORNING}, "needs the time at which you will look again"),
    ],
)
def test_an_override_needs_a_coded_reason_and_what_the_reason_needs(reason: str, fields: dict[str, object], sentence: str) -> None:
    ward = Ward()
    ward.news2(7)

    with pytest.raises(Conflict, match=sentence):
        ward.override(reason, **fields)


def test_an_overridden_alert_stays_open_and_quiet_until_it_gets_worse() -> None:
    ward = Ward()
    ward.news2(5)
    ward.override("treated")

    ward.later(30)
    ward.news2(6)
    ward.later(300)
    assert len(ward.pages()) == 1
    ward.news2(8)

    assert len(ward.pages()) == 2
    assert ward.alert.status is Status.RAISED


def test_data_said_to_be_wrong_opens_an_incident() -> None:
    ward = Ward()
    ward.news2(7)

    ward.override("data_wrong")

    (incident,) = ward.of(Incident)
    assert incident.what == "data said to be wrong"
    assert incident.seen_by == ("Brandt",)


def test_a_promise_to_look_again_is_kept() -> None:
    ward = Ward()
    ward.news2(7)
    ward.override("will_monitor", until=ward.now + timedelta(minutes=30))

    ward.later(29)
    assert len(ward.pages()) == 1
    ward.later(1)

    assert len(ward.pages()) == 2
    assert ward.alert.status is Status.RAISED
    assert ward.told()[-1][0] == "time to look again"


def test_an_alert_that_is_passed_on_must_be_acknowledged_anew() -> None:
    ward = Ward()
    ward.news2(7)
    ward.acknowledge()

    ward._do(ward.alerts.acts.hand_over(ward.alert.alert, "doctor", by="Brandt", now=ward.now, person="Iyer"), "Brandt")

    assert ward.told()[-1] == ("passed on", "doctor")
    assert (ward.alert.status, ward.alert.owner) == (Status.RAISED, "Iyer")
    ward.later(15)
    assert ward.told("escalated") == [("escalated", "doctor")]


def test_the_history_tells_the_story() -> None:
    ward = Ward()
    ward.news2(7)
    alert = ward.alert.alert
    ward.later(2)
    ward.show()
    ward.acknowledge()
    ward.later(30)
    ward.news2(3)
    ward.later(30)
    ward.news2(2)

    assert [(entry.kind, entry.actor) for entry in ward.alerts.history(alert)] == [
        ("Alerted", ""), ("Shown", "Brandt"), ("Acknowledged", "Brandt"), ("Resolved", ""),
    ]  # fmt: skip
    assert ward.last.status is Status.RESOLVED
    assert ward.last.why == "NEWS2 2"


def test_who_answers_for_an_alert_is_the_one_who_took_it_else_the_patients_own_nurse_else_the_role() -> None:
    from wardline.core.events import Assigned

    ward = Ward()
    ward.news2(7)
    alert = ward.alert.alert
    assert ward.alerts.owner(alert, ward.house) == "nurse"
    ward.state(Assigned("nurse", "Mwangi"))
    assert ward.alerts.owner(alert, ward.house) == "Mwangi"
    ward.acknowledge(by="Brandt")
    assert ward.alerts.owner(alert, ward.house) == "Brandt"


def test_the_patients_own_nurse_is_named_in_the_message_so_that_her_own_phone_rings() -> None:
    from wardline.core.events import Assigned

    ward = Ward()
    ward.state(Assigned("nurse", "Mwangi"))

    ward.news2(7)

    assert [(row["role"], row["person"], row["contact"]) for row in ward.sent] == [
        ("nurse", "Mwangi", "ward-nurse"), ("doctor", "", "doctor-on-call"),
    ]  # fmt: skip
