"""What alerts have been to people, counted from what was recorded."""

from datetime import datetime, timedelta

from delivery.ward import MORNING, Ward, critical
from wardline.core.events import Notified
from wardline.delivery.alerts.burden import Burden


def counted(ward: Ward, since: datetime | None = None, until: datetime | None = None, unit: str = "") -> Burden:
    burden = Burden(since, until, unit)
    for step in ward.steps:
        burden.hear(step, max(event.recorded_at for event in step))
    burden.hear([], ward.now)
    return burden


def a_morning() -> Ward:
    """Two patients, a page each. The first is answered after 4 minutes; the second after 20, when it has gone on to the doctor."""
    ward = Ward(admit=("okafor", "moreau"))
    ward.news2(7, "okafor")
    first = ward.alert
    ward.later(4)
    ward.acknowledge(first)
    ward.news2(8, "moreau")
    second = next(each for each in ward.alerts.open_alerts() if each.about == "moreau")
    ward.later(20)
    ward.override("treated", second)
    ward.until(MORNING + timedelta(hours=12))
    return ward


def test_every_alert_is_counted_once_and_every_interruption() -> None:
    total = counted(a_morning()).total

    assert (total.alerts, total.pages, total.acknowledged, total.overridden, total.escalated) == (2, 2, 1, 1, 1)


def test_time_to_the_answer_counts_from_the_first_page() -> None:
    assert counted(a_morning()).total.answer_seconds == [4 * 60, 20 * 60]
    assert counted(a_morning()).total.median_answer_seconds == 12 * 60


def test_two_inpatients_for_half_a_day_are_one_patient_day() -> None:
    assert counted(a_morning()).days.value == 1.0


def test_patient_days_of_a_stretch_count_those_who_came_before_it() -> None:
    days = counted(a_morning(), since=MORNING + timedelta(hours=6), until=MORNING + timedelta(hours=9)).days

    assert (days.since, days.until, days.value) == (MORNING + timedelta(hours=6), MORNING + timedelta(hours=9), 2 * 3 / 24)


def test_an_alert_of_another_unit_is_not_counted_and_its_answer_neither() -> None:
    ward = a_morning()
    ward.admit("weiss", unit="Ward 8", bed="1")
    ward.answer(critical("potassium", 7.1), patient="weiss")

    assert counted(ward).total.alerts == 3
    assert counted(ward, unit="Ward 8").total.alerts == 1
    assert counted(ward, unit="Ward 8").total.answer_seconds == []


def test_reasons_are_counted_by_their_codes() -> None:
    assert counted(a_morning()).override_reasons == {"treated": 1}


def test_an_alert_that_ends_by_itself_is_told_apart_from_one_that_was_answered() -> None:
    ward = Ward()
    ward.news2(7)
    for _ in range(3):
        ward.later(30)
        ward.news2(0)

    assert ward.alerts.open_alerts() == []
    assert (counted(ward).total.ended_unanswered, counted(ward).total.withdrawn) == (1, 0)


def test_what_became_of_each_message_is_counted_by_channel() -> None:
    ward = Ward()
    ward.news2(7)
    ward.state(Notified(ward.alert.alert, "n1", "bleep", "failed", "nurse"), Notified(ward.alert.alert, "n1", "phone", "received", "nurse"))

    assert counted(ward).deliveries == {("bleep", "failed"): 1, ("phone", "received"): 1}


def test_an_alert_from_before_the_stretch_belongs_to_the_time_before_it() -> None:
    burden = counted(a_morning(), since=MORNING + timedelta(minutes=2))

    assert (burden.total.alerts, burden.total.acknowledged, burden.total.overridden) == (1, 0, 1)
