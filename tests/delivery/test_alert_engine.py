"""The alert policy inside the real engine, on the real log: message in, page out (journeys 1 and 2, FT-1, FT-26, I2)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from delivery.ward import changed, minutes
from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from support.questions import OUT_OF_LIMITS
from wardline.core.events import Alerted, Escalated, Event, Resolved, Withdrawn
from wardline.core.statements import Statement
from wardline.delivery.alerts.reaction import AlertPolicy
from wardline.delivery.simulation import simulate
from wardline.engine.house import House
from wardline.engine.loop import Command

POLICY = changed(("    capability: critical_values", f"    capability: {OUT_OF_LIMITS.id}"))
KIT = Kit(capabilities=(NEWS2, OUT_OF_LIMITS), reactions=lambda: (AlertPolicy(POLICY, key=b"alerts"),))


@pytest.fixture
def ward(open_hospital: OpenHospital) -> Hospital:
    hospital = open_hospital(kit=KIT)
    hospital.send(adt("A01", ADA, at=MORNING))
    return hospital


def alerts(ward: Hospital) -> AlertPolicy:
    return ward.engine.house.reactions[1]  # type: ignore[return-value]


def sent(ward: Hospital) -> list[tuple[str, str]]:
    rows = (msgspec.json.decode(row.payload) for _, row in ward.log.waiting("notify"))
    return [(row["transition"], row["role"]) for row in rows]


def do(ward: Hospital, decide: Callable[[House, datetime], list[Statement]], actor: str = "Brandt") -> list[Event]:
    """A person's command, in a turn of its own."""
    loop = asyncio.new_event_loop()
    try:
        done = loop.create_future()
        ward.engine._work([], [Command(decide, actor, done)])
        return done.result()
    finally:
        loop.close()


def later(ward: Hospital, count: float) -> None:
    ward.clock.step(minutes(count))
    ward.turn()


def test_journey_1_six_vital_signs_in_one_message_page_the_nurse_and_recovery_ends_it(ward: Hospital) -> None:
    ward.send(vitals(ADA, WELL, at=ward.clock.now()))
    assert sent(ward) == []
    later(ward, 5)
    ward.send(vitals(ADA, ILL, at=ward.clock.now()))
    assert sent(ward) == [("raised", "nurse"), ("raised", "doctor")]
    (alert,) = alerts(ward).open_alerts("7A")

    do(ward, lambda house, now: alerts(ward).acts.acknowledge(alert.alert, by="Brandt", now=now))
    for _ in range(2):
        later(ward, 20)
        ward.send(vitals(ADA, WELL, at=ward.clock.now()))

    assert alerts(ward).open_alerts() == []
    assert [entry.kind for entry in alerts(ward).history(alert.alert)] == ["Alerted", "Acknowledged", "Resolved"]
    assert alerts(ward).history(alert.alert)[1].actor == "Brandt"
    assert len(sent(ward)) == 2


def test_a_message_in_pieces_raises_one_alert_and_ends_it_by_whole_readings(ward: Hospital) -> None:
    for code, value in ILL.items():
        ward.send(oru(ADA, Obx(code, value), at=ward.clock.now(), application="MONITOR"))
    assert len(ward.events(Alerted)) <= 3  # worse bands as the pieces come in, one alert
    assert len(alerts(ward).open_alerts()) == 1


def test_journey_2_a_corrected_potassium_is_withdrawn_and_everyone_told_is_told(ward: Hospital) -> None:
    def potassium(value: float, status: str) -> bytes:
        return oru(ADA, Obx("2823-3", value, status), at=ward.clock.now(), observed=MORNING, order="L1")

    ward.send(potassium(7.1, "F"))
    assert sent(ward) == [("raised", "doctor"), ("raised", "nurse")]
    later(ward, 4)
    ward.send(potassium(4.1, "C"))

    (withdrawn,) = ward.events(Withdrawn)
    assert withdrawn.value.why == "input corrected 7.1 -> 4.1"
    assert sent(ward)[2:] == [("withdrawn", "doctor"), ("withdrawn", "nurse")]


def test_ft1_a_crash_loses_no_alert_and_repeats_none(ward: Hospital, tmp_path: Path) -> None:
    ward.send(vitals(ADA, ILL, at=ward.clock.now()))
    before = alerts(ward).dump()

    again = ward.crashed_copy(tmp_path / "again")
    try:
        assert alerts(again).dump() == before
        assert sent(again) == [("raised", "nurse"), ("raised", "doctor")]
        later(again, 15)
        assert sent(again)[2:] == [("escalated", "doctor")]
        assert len(again.events(Escalated)) == 1
    finally:
        again.abandon()


def test_ft26_a_rebuild_from_the_log_ends_in_the_same_state_and_tells_nobody(ward: Hospital) -> None:
    ward.send(adt("A01", BEN, at=ward.clock.now(), visit="V2", bed="4"))
    for patient, values in ((ADA, ILL), (BEN, WELL), (BEN, ILL), (ADA, WELL)):
        later(ward, 16)
        ward.send(vitals(patient, values, at=ward.clock.now()))
    after_each = (
        adt("A40", BEN, at=ward.clock.now(), retired=ADA), vitals(ADA, ILL, at=ward.clock.now()), adt("A37", BEN, at=ward.clock.now(), other=ADA),
        vitals(ADA, WELL, at=ward.clock.now()), adt("A45", BEN, at=ward.clock.now(), retired=ADA, retired_visit="V1", visit="V1"),
        vitals(BEN, WELL, at=ward.clock.now()), adt("A03", BEN, at=ward.clock.now(), visit="V2"),
    )  # fmt: skip
    for message in after_each:
        ward.send(message)
        live, rows = alerts(ward).dump(), sent(ward)

        ward.engine.house.forget()
        ward.engine.house.replay(ward.log.steps())

        assert alerts(ward).dump() == live
        assert list(alerts(ward).outgoing()) == []
        assert sent(ward) == rows
        later(ward, 20)
    assert {"HandedOver", "Withdrawn"} <= {event.kind for event in ward.events()}


def test_merged_records_share_one_alert_and_parted_ones_have_their_own(ward: Hospital) -> None:
    ward.send(adt("A01", BEN, at=ward.clock.now(), visit="V2", bed="4"))
    ward.send(vitals(ADA, ILL, at=ward.clock.now()), vitals(BEN, ILL, at=ward.clock.now()))
    assert len(alerts(ward).open_alerts()) == 2

    later(ward, 5)
    ward.send(adt("A40", BEN, at=ward.clock.now(), retired=ADA))
    assert [each.about for each in alerts(ward).open_alerts()] == [ward.key(BEN)]
    later(ward, 5)
    ward.send(adt("A37", BEN, at=ward.clock.now(), other=ADA))

    assert sorted(each.about for each in alerts(ward).open_alerts()) == sorted((ward.key(ADA), ward.key(BEN)))


def test_discharge_ends_the_alert(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=ward.clock.now()))

    ward.send(adt("A03", ADA, at=ward.clock.now()))

    assert [event.value.why for event in ward.events(Resolved)] == ["the patient has left the hospital"]


def test_two_people_acknowledge_at_once_and_the_second_is_told(ward: Hospital) -> None:
    ward.send(vitals(ADA, ILL, at=ward.clock.now()))
    (alert,) = alerts(ward).open_alerts()

    do(ward, lambda house, now: alerts(ward).acts.acknowledge(alert.alert, by="Brandt", now=now))
    with pytest.raises(Exception, match="Brandt has already acknowledged this alert"):
        do(ward, lambda house, now: alerts(ward).acts.acknowledge(alert.alert, by="Iyer", now=now), "Iyer")


def test_the_recorded_night_replayed_under_the_same_policy_gives_the_same_pages(ward: Hospital) -> None:
    for count, values in enumerate((WELL, ILL, ILL, WELL, WELL, ILL)):
        later(ward, 17 + count)
        ward.send(vitals(ADA, values, at=ward.clock.now()))

    result = simulate(ward.log.steps(), POLICY)

    recorded = [
        event.recorded_at for event in ward.events(Alerted) if event.value.tier == "page" and not event.value.quiet and event.value.why != "better"
    ]
    assert [page.at for page in result.pages] == recorded
    assert len(recorded) == 2
