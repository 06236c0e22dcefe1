"""The alert policy against a tiny model of it: no double page, no page after an answer, every due page there in time, restarts change nothing."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from delivery.ward import MORNING, PATIENT, Ward, minutes
from wardline.core.errors import Conflict
from wardline.core.events import Alerted, Found, Resolved
from wardline.delivery.alerts.episode import Status
from wardline.delivery.alerts.reaction import AlertPolicy

RAISE, CLEAR_BELOW, REFRACTORY = {2: 5, 3: 7}, {2: 4, 3: 6}, {2: minutes(60), 3: minutes(0)}
STEP, ONE_READING = minutes(15), minutes(5)


class Model:
    """One patient, NEWS2, the shipped policy, as a person would explain it."""

    def __init__(self) -> None:
        self.now = MORNING
        self.level = 0
        self.waiting = False
        self.loud = False
        self.above = False
        self.cleared: list[datetime] = []
        self.quiet_until: datetime | None = None
        self.told_at = MORNING
        self.last_page: dict[int, datetime] = {}
        self.pages: list[datetime] = []
        self.escalations: list[datetime] = []

    def page(self) -> None:
        self.pages.append(self.now)
        self.last_page[self.level] = self.told_at = self.now
        self.waiting = self.loud = True
        self.quiet_until = None

    def page_or_wait(self) -> None:
        """A page, unless people were told of this or worse so lately that the same again is only listed."""
        last = max((at for level, at in self.last_page.items() if level >= self.level), default=None)
        until = last + REFRACTORY[self.level] if last is not None else None
        if until is not None and self.now < until:
            self.waiting, self.loud, self.quiet_until = True, False, until
        else:
            self.page()

    def read(self, value: int) -> None:
        level = 3 if value >= 7 else 2 if value >= 5 else 0
        if level > self.level:
            self.level, self.above, self.cleared = level, True, []
            self.page_or_wait()
        elif self.level and value >= RAISE[self.level]:
            self.above, self.cleared = True, []
            if self.waiting and not self.loud:
                self.page_or_wait()
        elif self.level and value < CLEAR_BELOW[self.level]:
            self.above = False
            if not self.cleared or self.now - self.cleared[-1] >= ONE_READING:
                self.cleared.append(self.now)
            if len(self.cleared) >= 2:
                self.level, self.cleared = level, []
                if not level:
                    self.waiting = self.loud = False
                    self.quiet_until = None
        elif self.level:
            self.above, self.cleared = False, []

    def read_at_least(self, value: int) -> None:
        """The truth may be worse: it counts only where it is bad enough already."""
        level = 3 if value >= 7 else 2 if value >= 5 else 0
        if level and level >= self.level:
            self.read(value)

    def advance(self, to: datetime) -> None:
        while True:
            escalates = self.told_at + STEP if self.level and self.waiting and self.loud else None
            due = min((at for at in (escalates, self.quiet_until if self.waiting else None) if at is not None), default=None)
            if due is None or due > to:
                break
            self.now = due
            if due == escalates:
                self.escalations.append(due)
                self.told_at = due
            elif self.above:
                self.page()
            else:
                self.quiet_until = None
        self.now = to

    def answer(self) -> None:
        self.waiting = False

    def escalate(self) -> None:
        self.escalations.append(self.now)
        self.told_at = self.now
        self.waiting = self.loud = True
        self.quiet_until = None


class AlertsKeepTheirPromises(RuleBasedStateMachine):
    """Whatever happens in whatever order, policy and model agree on every page and every escalation."""

    @initialize()
    def begin(self) -> None:
        self.ward = Ward()
        self.model = Model()

    @rule(value=st.integers(0, 12))
    def a_complete_answer(self, value: int) -> None:
        self.model.read(value)
        self.ward.news2(value)

    @rule(value=st.integers(0, 12))
    def an_answer_with_an_input_missing(self, value: int) -> None:
        self.model.read_at_least(value)
        self.ward.news2(value, outcome="at_least", missing=("temperature",))

    @rule()
    def nothing_can_be_said(self) -> None:
        self.ward.answer(Found("news2", "2017", "", "unknown", missing=("pulse",)))

    @rule(count=st.sampled_from([1, 4, 5, 14, 15, 16, 31, 60, 125]))
    def time_passes(self, count: int) -> None:
        to = self.model.now + minutes(count)
        self.model.advance(to)
        self.ward.until(to)

    @precondition(lambda self: self.model.level and self.model.waiting)
    @rule()
    def somebody_acknowledges(self) -> None:
        self.model.answer()
        self.ward.acknowledge()

    @precondition(lambda self: self.model.level and self.model.waiting)
    @rule()
    def somebody_overrides(self) -> None:
        self.model.answer()
        self.ward.override("treated")

    @precondition(lambda self: self.model.level)
    @rule()
    def somebody_asks_for_help(self) -> None:
        self.model.escalate()
        self.ward.escalate()

    @precondition(lambda self: self.model.level and self.model.waiting)
    @rule()
    def an_acknowledgement_is_taken_back(self) -> None:
        self.ward.acknowledge()
        self.ward.undo()

    @precondition(lambda self: self.model.level)
    @rule()
    def a_call_for_help_is_taken_back(self) -> None:
        before = self.ward.alert
        self.ward.escalate(roles=("rapid_response",))
        self.model.escalations.append(self.model.now)
        called = "rapid_response" not in {told.role for told in before.told}
        sent = len(self.ward.told("stood down"))
        self.ward.undo()
        assert len(self.ward.told("stood down")) - sent == called
        assert (self.ward.alert.status, self.ward.alert.step, self.ward.alert.told) == (before.status, before.step, before.told)

    @rule()
    def the_house_restarts(self) -> None:
        restarted = AlertPolicy(key=b"alerts")
        restarted.load(self.ward.alerts.dump())
        assert restarted.dump() == self.ward.alerts.dump()
        self.ward.alerts = self.ward.house.alerts = restarted

    @rule()
    def the_answer_is_repeated_by_mistake(self) -> None:
        for episode in self.ward.alerts.open_alerts():
            if not episode.is_waiting:
                try:
                    self.ward.acknowledge(episode)
                except Conflict:
                    continue
                raise AssertionError("an answered alert was acknowledged again")

    @invariant()
    def every_page_that_is_due_is_there_and_no_other(self) -> None:
        if hasattr(self, "ward"):
            assert self.ward.pages() == self.model.pages
            assert [event.recorded_at for event in self.ward.events if event.kind == "Escalated"] == self.model.escalations

    @invariant()
    def there_is_one_open_alert_exactly_while_there_is_a_reason(self) -> None:
        if hasattr(self, "ward"):
            assert [each.severity for each in self.ward.alerts.open_alerts()] == [self.model.level] * bool(self.model.level)

    @invariant()
    def nobody_is_told_the_same_thing_twice(self) -> None:
        if hasattr(self, "ward"):
            assert len(self.ward.keys) == len(set(self.ward.keys))

    def teardown(self) -> None:
        """Folding the events alone ends in the same state, and tells nobody anything."""
        if hasattr(self, "ward"):
            rebuilt = self.ward.rebuilt()
            assert rebuilt.dump() == self.ward.alerts.dump()
            assert list(rebuilt.outgoing()) == []
            assert all(event.about == PATIENT for event in self.ward.events if isinstance(event.value, Alerted | Resolved))


AlertsKeepTheirPromises.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=timedelta(seconds=5))
TestAlertsKeepTheirPromises = AlertsKeepTheirPromises.TestCase


def test_the_model_itself_would_notice_a_second_page() -> None:
    ward, model = Ward(), Model()
    ward.news2(7)
    model.read(7)
    ward.acknowledge()
    model.answer()
    ward.state(Alerted(ward.alert.alert, "news2", tier="page", severity=3, rule="news2-high@1", why="quiet time over"))

    assert ward.alert.status is Status.RAISED
    assert ward.pages() != model.pages
