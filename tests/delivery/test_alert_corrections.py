"""A correction that removes the reason withdraws the alert, and everyone who was told is told (reference A.3, FT-17, AL-9)."""

import pytest

from delivery.ward import PATIENT, Ward, critical, news2
from wardline.core.events import Event, Found, Measured, Withdrawn
from wardline.delivery.alerts.episode import Status


class Laboratory(Ward):
    """A potassium of 7.1 has paged; it was measured at `measured_at`."""

    def __init__(self) -> None:
        super().__init__()
        self.measured_at = self.now
        first = self._lab(7.1, "F")
        self.first_answer_at = self.now
        self.answer(critical("potassium", 7.1, because=(("potassium", 7.1, None, "", first.id),)))

    def _lab(self, value: float | None, status: str) -> Event:
        result = Measured("potassium", value, "mmol/L", status=status, code="2823-3", order="L1", issued_at=self.now)
        return self.state(result, at=self.measured_at)[0]

    def corrected(self, status: str, value: float | None, past: Found, present: Found) -> None:
        """What the engine writes in one step: the correction, what it makes of the past, and of the present."""
        correction = self._lab(value, status)
        self.together((past._replace(revised=True), self.first_answer_at), (present, self.now), because_of=(correction.id,))


def test_a_corrected_potassium_withdraws_its_alarm() -> None:
    ward = Laboratory()
    ward.show(by="Iyer")
    ward.acknowledge(by="Iyer")
    ward.later(4)

    ward.corrected("C", 4.1, critical("potassium", 4.1, 0), critical("potassium", 4.1, 0))

    (withdrawn,) = ward.of(Withdrawn)
    assert withdrawn.why == "input corrected 7.1 -> 4.1"
    assert withdrawn.told == ("doctor", "nurse", "Iyer")
    assert [row["role"] for row in ward.sent if row["transition"] == "withdrawn"] == ["doctor", "nurse", "person:Iyer"]
    assert ward.last.status is Status.WITHDRAWN
    assert "7.1" not in str(ward.sent)


@pytest.mark.parametrize(("status", "why"), [("D", "input deleted"), ("X", "input deleted"), ("W", "input belongs to another patient")])
def test_a_result_that_is_taken_away_withdraws_its_alarm_although_nothing_is_known_now(status: str, why: str) -> None:
    ward = Laboratory()
    ward.later(4)
    unknown = Found("critical_values", "1", "", "unknown", "potassium", missing=("potassium",))

    ward.corrected(status, None, unknown, unknown)

    assert ward.of(Withdrawn)[0].why == why


def test_a_correction_to_another_value_that_is_just_as_bad_changes_nothing() -> None:
    ward = Laboratory()
    ward.later(4)

    ward.corrected("C", 6.9, critical("potassium", 6.9), critical("potassium", 6.9))

    assert ward.alert.status is Status.RAISED
    assert len(ward.pages()) == 1


def test_a_true_value_before_the_corrected_one_makes_it_an_ordinary_recovery() -> None:
    ward = Laboratory()  # 7.1 at first, and that was true
    ward.later(30)
    second_at = ward.now
    second = ward.state(Measured("potassium", 7.3, "mmol/L", order="L2", issued_at=ward.now))[0]
    ward.answer(critical("potassium", 7.3, because=(("potassium", 7.3, None, "", second.id),)))
    ward.later(5)

    correction = ward.state(Measured("potassium", 4.4, "mmol/L", status="C", order="L2", issued_at=ward.now), at=second_at)[0]
    ward.together((critical("potassium", 4.4, 0, revised=True), second_at), (critical("potassium", 4.4, 0), ward.now), because_of=(correction.id,))

    assert ward.of(Withdrawn) == []
    assert ward.last.status is Status.RESOLVED


def test_when_every_moment_at_which_it_was_bad_is_corrected_the_alarm_was_a_false_one() -> None:
    ward = Laboratory()
    ward.later(30)
    ward.answer(critical("potassium", 7.1))  # the same result, asked again
    second_at = ward.now
    ward.later(5)

    correction = ward._lab(4.4, "C")
    better = critical("potassium", 4.4, 0)
    past = better._replace(revised=True)
    ward.together((past, second_at), (past, ward.first_answer_at), (better, ward.now), because_of=(correction.id,))

    assert ward.of(Withdrawn)[0].why == "input corrected 7.1 -> 4.4"


def test_a_correction_that_leaves_a_milder_reason_withdraws_the_alarm_and_raises_the_milder_one() -> None:
    ward = Ward()
    at = ward.now
    first = ward.measure("temperature", 40.2, order="T1")
    ward.news2(7, because=(("temperature", 40.2, 2, "≥39.1", first.id),))
    ward.acknowledge()
    ward.later(4)

    correction = ward.measure("temperature", 37.0, at=at, status="C", order="T1")
    ward.together((news2(5, revised=True), at), (news2(5), ward.now), because_of=(correction.id,))

    assert ward.of(Withdrawn)[0].why == "input corrected 40.2 -> 37"
    assert (ward.alert.severity, ward.alert.status) == (2, Status.RAISED)
    assert ward.told()[-1] == ("raised", "nurse")


def test_a_correction_upwards_raises_the_alarm() -> None:
    ward = Ward()
    at = ward.now
    ward.measure("potassium", 4.1, order="L1")
    ward.answer(critical("potassium", 4.1, 0))
    ward.later(4)

    correction = ward.measure("potassium", 7.1, at=at, status="C", order="L1")
    present = critical("potassium", 7.1, because=(("potassium", 7.1, None, "", correction.id),))
    ward.together((critical("potassium", 7.1, revised=True), at), (present, ward.now), because_of=(correction.id,))

    assert len(ward.pages()) == 1
    assert ward.alert.quiet == ""


def test_a_correction_within_the_same_instant_withdraws_too() -> None:
    ward = Laboratory()

    correction = ward._lab(4.1, "C")
    ward.answer(critical("potassium", 4.1, 0), because_of=(correction.id,))

    assert ward.of(Withdrawn)[0].why == "input corrected 7.1 -> 4.1"


def test_a_withdrawn_alarm_does_not_keep_the_next_one_quiet() -> None:
    ward = Ward()
    at = ward.now
    first = ward.measure("pulse", 190, order="P1")
    ward.news2(5, because=(("pulse", 190.0, 3, "≥131", first.id),))
    ward.later(2)
    correction = ward.measure("pulse", 90, at=at, status="C", order="P1")
    ward.together((news2(2, revised=True), at), (news2(2), ward.now), because_of=(correction.id,))
    assert ward.last.status is Status.WITHDRAWN

    ward.later(10)
    ward.news2(5)  # within the refractory hour of a page that should not have been

    assert len(ward.pages()) == 2


def test_an_alert_of_another_question_is_not_touched_by_the_correction() -> None:
    ward = Laboratory()
    ward.later(10)
    ward.news2(7)
    ward.later(4)

    ward.corrected("C", 4.1, critical("potassium", 4.1, 0), critical("potassium", 4.1, 0))

    assert ward.alert.capability == "news2"
    assert ward.alert.about == PATIENT
