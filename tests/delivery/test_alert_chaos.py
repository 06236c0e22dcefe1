"""Everything at once, in any order: two records, several questions, corrections, merges, movements, quiet reasons, restarts.

No model says what must happen here; these are the promises that hold whatever happens (I2, FT-15, FT-18, FT-26).
"""

from contextlib import suppress
from datetime import timedelta
from functools import cache

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from delivery.ward import PATIENT, Ward, changed, critical, minutes, news2
from wardline.core.errors import Conflict
from wardline.core.events import Cancelled, Event, Found, Merged, Moved, Notified, Registered, Unmerged
from wardline.core.events import Identifier as Number
from wardline.delivery.alerts.episode import Status
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.policy import Policy, Tier

OTHER = "second record"
QUIET = "    quiet: [comfort_care, already"
SECOND_READING = (QUIET, "    second_reading: {after_minutes: 10, at_latest_minutes: 30}\n" + QUIET)
patients = st.sampled_from([PATIENT, OTHER])


@cache
def policy() -> Policy:
    return changed(SECOND_READING)


class Chaos(RuleBasedStateMachine):
    """A bad night on a small ward."""

    @initialize()
    def begin(self) -> None:
        self.ward = Ward(policy(), admit=(PATIENT, OTHER))
        self.is_merged = False
        self.answered: list[Event] = []

    def person(self, patient: str) -> str:
        return self.ward.house.survivor(patient)

    @rule(patient=patients, scores=st.lists(st.integers(0, 10), min_size=1, max_size=1), potassium=st.sampled_from([None, 4.1, 7.1]))
    def a_message_comes_in(self, patient: str, scores: list[int], potassium: float | None) -> None:
        found = [news2(score) for score in scores]
        if potassium is not None:
            found.append(critical("potassium", potassium, 3 if potassium > 6 else 0))
        self.ward.answer(*found, patient=self.person(patient))
        self.answered += [event for event in self.ward.events[-len(found) :] if isinstance(event.value, Found)]

    @precondition(lambda self: self.answered)
    @rule(data=st.data(), score=st.integers(0, 10))
    def the_past_is_revised(self, data: st.DataObject, score: int) -> None:
        event = data.draw(st.sampled_from(self.answered))
        if event.value.capability == "news2":
            self.ward.together((news2(score, revised=True), event.occurred_at), (news2(score), self.ward.now), patient=self.person(event.about))

    @rule(patient=patients, outcome=st.sampled_from(["unknown", "not_valid"]))
    def an_answer_without_a_value(self, patient: str, outcome: str) -> None:
        self.ward.answer(Found("news2", "2017", "", outcome, reason="too young"), patient=self.person(patient))

    @rule(count=st.sampled_from([0.05, 1, 6, 16, 61, 400]))
    def time_passes(self, count: float) -> None:
        self.ward.later(count)

    @rule(patient=patients)
    def vital_signs_are_overdue(self, patient: str) -> None:
        self.ward.overdue(self.person(patient))

    @rule(patient=patients)
    def vital_signs_are_measured(self, patient: str) -> None:
        self.ward.measure("pulse", 80, patient=patient)

    @rule(unit=st.sampled_from(["Ward 7", "Ward 9", ""]), patient=patients)
    def the_patient_moves(self, unit: str, patient: str) -> None:
        self.ward.transfer(unit, "4", patient)

    @rule(patient=patients, died=st.booleans())
    def the_patient_leaves(self, patient: str, died: bool) -> None:
        self.ward.discharge(patient, "20" if died else "01")

    @rule(patient=patients)
    def the_discharge_did_not_happen(self, patient: str) -> None:
        self.ward.state(Cancelled(f"visit of {patient}", "Discharged"), about=patient)

    @rule(patient=patients)
    def demographics_come_again(self, patient: str) -> None:
        self.ward.state(Registered((Number("1"),), family="Okafor"), about=patient)

    @precondition(lambda self: not self.is_merged)
    @rule()
    def the_records_are_joined(self) -> None:
        self.ward.state(Merged(OTHER), about=PATIENT)
        self.is_merged = True

    @precondition(lambda self: self.is_merged)
    @rule()
    def the_records_part(self) -> None:
        self.ward.state(Unmerged(OTHER), about=PATIENT)
        self.is_merged = False

    @rule()
    def a_visit_was_filed_wrongly(self) -> None:
        self.ward.state(Moved(f"visit of {OTHER}", OTHER), about=PATIENT)

    @rule(patient=patients, reason=st.sampled_from(["comfort_care", "already_treated", "artefact"]), count=st.sampled_from([5, 60, 2000]))
    def somebody_asks_for_quiet(self, patient: str, reason: str, count: int) -> None:
        self.ward.quiet(reason, count, self.person(patient), capability="" if reason == "comfort_care" else "news2")

    @rule(data=st.data(), act=st.sampled_from(["acknowledge", "override", "escalate", "undo", "show", "look again", "unreachable"]))
    def somebody_acts(self, data: st.DataObject, act: str) -> None:
        alerts = self.ward.alerts.open_alerts()
        if not alerts:
            return
        alert = data.draw(st.sampled_from(alerts))
        with suppress(Conflict):  # the alert says that it is not possible now
            match act:
                case "override":
                    self.ward.override("treated", alert)
                case "look again":
                    self.ward.override("will_monitor", alert, until=self.ward.now + minutes(30))
                case "unreachable":
                    failures = [Notified(alert.alert, "n", "", "failed", role) for role in alert.roles]
                    self.ward.house.state(self.ward.alerts.acts.notified(tuple(failures), now=self.ward.now))
                case _:
                    getattr(self.ward, act)(alert)

    @rule()
    def the_house_restarts(self) -> None:
        restarted = AlertPolicy(policy(), key=b"alerts")
        restarted.load(self.ward.alerts.dump())
        assert restarted.next_due() == self.ward.alerts.next_due()
        self.ward.alerts = self.ward.house.alerts = restarted

    # --- promises ---

    @invariant()
    def one_open_alert_for_each_question(self) -> None:
        questions = [each.question for each in self.ward.alerts.open_alerts()] if hasattr(self, "ward") else []
        assert len(questions) == len(set(questions))

    @invariant()
    def every_open_alert_stands_under_a_record_that_is_in_use(self) -> None:
        for each in self.ward.alerts.open_alerts() if hasattr(self, "ward") else []:
            assert self.ward.house.survivor(each.about) == each.about

    @invariant()
    def nobody_is_told_the_same_thing_twice(self) -> None:
        if hasattr(self, "ward"):
            assert len(self.ward.keys) == len(set(self.ward.keys))

    @invariant()
    def a_page_that_waits_is_always_going_somewhere(self) -> None:
        for each in self.ward.alerts.open_alerts() if hasattr(self, "ward") else []:
            if each.tier is Tier.PAGE and each.is_waiting and not each.joined:
                assert each.told
                assert self.ward.now < self.ward.alerts.escalates_at(each.alert) <= self.ward.now + minutes(15)

    @invariant()
    def what_shares_a_page_has_a_page_to_share(self) -> None:
        for each in self.ward.alerts.open_alerts() if hasattr(self, "ward") else []:
            if each.joined and each.is_waiting:
                leader = self.ward.alerts.alert(each.joined)
                assert leader is not None
                assert leader.is_open
                assert leader.is_loud
                assert leader.status is not Status.OVERRIDDEN

    @invariant()
    def what_is_quiet_says_why(self) -> None:
        for each in self.ward.alerts.open_alerts() if hasattr(self, "ward") else []:
            rule = self.ward.alerts.policy.rule(each.rule)
            assert rule is not None
            assert each.quiet or each.tier in (rule.tier, Tier.PAGE)

    @invariant()
    def nothing_is_overdue_to_happen(self) -> None:
        if hasattr(self, "ward"):
            due = self.ward.alerts.next_due()
            assert due is None or due > self.ward.now

    def teardown(self) -> None:
        if hasattr(self, "ward"):
            rebuilt = self.ward.rebuilt()
            assert rebuilt.dump() == self.ward.alerts.dump()
            assert list(rebuilt.outgoing()) == []


Chaos.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=timedelta(seconds=10))
TestChaos = Chaos.TestCase
