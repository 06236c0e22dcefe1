"""Asking again, over the stored log, what a capability answered then."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support.clocks import MORNING, ManualClock
from support.hospital import NEWS2, Hospital
from support.messages import ADA, ILL, WELL, Obx, adt, oru, vitals
from wardline.core.assessment import Assessor
from wardline.core.capability import Capability
from wardline.core.events import Found
from wardline.core.findings import Finding
from wardline.learning.evaluation.reassessing import Compared, compared


def a_day(tmp_path: Path) -> Hospital:
    """Admitted well, ill at noon, a corrected pulse, then nothing until the answers lapse, then discharged."""
    clock = ManualClock()
    house = Hospital(tmp_path / "house", clock)
    house.send(adt("A01", ADA, at=MORNING), vitals(ADA, WELL, at=MORNING))
    clock.step(timedelta(hours=4))
    noon = clock.now()
    house.send(vitals(ADA, ILL, at=noon, order="N1"))
    clock.step(timedelta(minutes=20))
    house.send(oru(ADA, Obx("8867-4", 95, status="C"), at=clock.now(), observed=noon, order="N1", application="MONITOR"))
    clock.step(timedelta(hours=14))
    house.send(oru(ADA, Obx("2823-3", 4.1), at=clock.now()), adt("A03", ADA, at=clock.now()))
    return house


def asked_again(house: Hospital, capability: Capability = NEWS2) -> list[Compared]:
    return list(compared(house.key(ADA), house.log.events_of((house.key(ADA),)), [Assessor.of(capability)], {}))


def test_the_stored_answers_come_out_again(tmp_path: Path) -> None:
    house = a_day(tmp_path)
    again = asked_again(house)

    assert all(each.is_same for each in again)
    answered = [event for event in house.events(Found) if not event.value.revised]
    assert [(each.at, each.again.outcome, each.again.value) for each in again] == [
        (event.recorded_at, event.value.outcome, event.value.value) for event in answered
    ]
    assert {each.again.outcome for each in again} >= {"finding", "unknown"}  # before and after they lapsed
    house.close()


def test_a_capability_that_answers_otherwise_now_is_found_out(tmp_path: Path) -> None:
    house = a_day(tmp_path)

    def stricter(vitals: object) -> Finding:
        answer: Finding = NEWS2.function(vitals)  # type: ignore[assignment]
        return answer._replace(value=float(answer.value or 0) + 1)

    differing = [each for each in asked_again(house, replace(NEWS2, function=stricter)) if not each.is_same]

    assert differing
    assert all(each.stored is not None and each.again.value == float(each.stored.value or 0) + 1 for each in differing)
    house.close()


def test_an_answer_that_was_never_given_is_found_out(tmp_path: Path) -> None:
    house = a_day(tmp_path)
    without = [event for event in house.log.events_of((house.key(ADA),)) if not isinstance(event.value, Found)]

    again = list(compared(house.key(ADA), without, [Assessor.of(NEWS2)], {}))

    assert again
    assert all(each.stored is None and not each.is_same for each in again)
    house.close()
