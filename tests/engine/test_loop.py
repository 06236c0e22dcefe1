"""The loop in a running event loop: commands, listeners, timers, back-pressure, and an orderly end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from support import oracle
from support.clocks import MORNING
from support.fixtures import OpenHospital
from support.hospital import NEWS2, Hospital, Kit, texts
from support.messages import ADA, BEN, ILL, WELL, Obx, adt, oru, vitals
from wardline.adapters.embedded.clocks import FeedClock, WallClock
from wardline.core.errors import Conflict
from wardline.core.events import Assigned, Event, Found, Lapsed
from wardline.core.ports import Outgoing
from wardline.core.statements import Statement
from wardline.engine import loop
from wardline.engine.house import House
from wardline.engine.loop import Change

Result = TypeVar("Result")


def running(ward: Hospital, task: Callable[[], Awaitable[Result]]) -> Result:
    """Work in an event loop until the task is done."""

    async def work() -> Result:
        ward.engine.start()
        return await task()

    return asyncio.run(work())


def assign(ward: Hospital, name: str) -> Callable[[House, datetime], list[Statement]]:
    return lambda house, now: [Statement(Assigned("nurse", name), ward.key(ADA), now)]


def test_a_command_is_durable_when_it_returns_and_says_who_gave_it(hospital: Hospital) -> None:
    events = running(hospital, lambda: hospital.engine.record(assign(hospital, "eve"), actor="eve"))
    assert [(event.value.name, event.actor, event.source) for event in events] == [("eve", "eve", "wardline")]
    again = hospital.crashed_copy(hospital.path.with_name("again"))
    assert again.timeline(ADA).assigned == {"nurse": "eve"}
    again.abandon()


def test_a_command_decides_on_the_state_inside_its_turn(hospital: Hospital) -> None:
    """Two who want the same thing at once: the second sees what the first has done."""

    def take(name: str) -> Callable[[House, datetime], list[Statement]]:
        def decide(house: House, now: datetime) -> list[Statement]:
            if house.timeline(hospital.key(ADA)).assigned:
                raise Conflict("somebody was first")
            return assign(hospital, name)(house, now)

        return decide

    async def both() -> list[object]:
        engine = hospital.engine
        return await asyncio.gather(engine.record(take("eve"), actor="eve"), engine.record(take("mal"), actor="mal"), return_exceptions=True)

    first, second = running(hospital, both)
    assert isinstance(first, list)
    assert isinstance(second, Conflict)
    assert hospital.timeline(ADA).assigned == {"nurse": "eve"}


def test_a_command_with_a_bug_fails_alone(hospital: Hospital) -> None:
    def wrong(house: House, now: datetime) -> list[Statement]:
        raise ZeroDivisionError("a bug")

    async def together() -> list[object]:
        hospital.hand_in(vitals(ADA, WELL, at=MORNING))
        engine = hospital.engine
        return await asyncio.gather(engine.record(wrong, actor="eve"), engine.record(assign(hospital, "eve"), actor="eve"), return_exceptions=True)

    failed, done = running(hospital, together)
    assert isinstance(failed, RuntimeError)
    assert isinstance(done, list)
    assert texts(answer for _, answer in hospital.acknowledged) == ["AA"]
    assert len(hospital.events(Assigned)) == 1
    oracle.check(hospital)


def test_what_a_command_sends_out_is_in_the_outbox_with_it(hospital: Hospital) -> None:
    mail = Outgoing("k", "mail", b"x")
    running(hospital, lambda: hospital.engine.record(lambda house, now: (), actor="eve", outgoing=(mail,)))
    assert [item.key for _, item in hospital.log.waiting("mail")] == ["k"]


def test_a_command_that_states_nothing_leaves_no_step_behind(hospital: Hospital) -> None:
    before = len(list(hospital.log.steps()))
    assert running(hospital, lambda: hospital.engine.record(lambda house, now: (), actor="eve")) == []
    assert len(list(hospital.log.steps())) == before
    hospital.crashed_copy(hospital.path.with_name("again")).abandon()


def test_listeners_hear_of_a_change_after_it_is_durable_and_until_they_stop(hospital: Hospital) -> None:
    heard: list[Change] = []
    stop = hospital.engine.listen(heard.append)
    hospital.send(vitals(ADA, ILL, at=MORNING))
    assert [change.persons for change in heard] == [frozenset({hospital.key(ADA)})]
    assert {event.kind for event in heard[0].events} == {"Registered", "Measured", "Found"}
    stop()
    hospital.send(vitals(ADA, ILL, at=MORNING))
    assert len(heard) == 1


def test_a_listener_or_sender_that_fails_costs_nobody_anything(hospital: Hospital) -> None:
    def broken(*news: object) -> None:
        raise ConnectionResetError("gone")

    hospital.engine.listen(broken)
    hospital.engine.receive(adt("A01", ADA, at=MORNING), broken)
    heard: list[Change] = []
    hospital.engine.listen(heard.append)
    assert texts(hospital.send(vitals(ADA, WELL, at=MORNING))) == ["AA"]
    assert len(heard) == 1
    assert len(list(hospital.log.messages())) == 2
    assert hospital.engine.stats.duplicates == 0
    oracle.check(hospital)


def test_a_command_is_not_carried_out_twice_because_a_screen_failed(hospital: Hospital) -> None:
    def broken(change: Change) -> None:
        raise RuntimeError("a screen with a bug")

    hospital.engine.listen(broken)
    events: list[Event] = running(hospital, lambda: hospital.engine.record(assign(hospital, "eve"), actor="eve"))
    assert len(events) == len(hospital.events(Assigned)) == 1


def test_a_flood_makes_doors_wait_and_is_worked_off_in_order(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "INBOX", 50)
    monkeypatch.setattr(loop, "BATCH", 20)
    messages = [oru(BEN, Obx("2823-3", 4.0), at=MORNING, order=f"L{number}") for number in range(60)]
    for message in messages:
        hospital.hand_in(message)
    assert hospital.engine.is_full
    hospital.turn()
    assert (len(hospital.acknowledged), hospital.engine.is_full) == (20, False)
    hospital.turn()
    hospital.turn()
    assert [message for message, _ in hospital.acknowledged] == messages
    assert hospital.engine.stats.turns == 3


def test_messages_of_one_moment_are_one_commit(hospital: Hospital) -> None:
    hospital.send_together(*(vitals(ADA._replace(number=f"{number}"), WELL, at=MORNING) for number in range(100)))
    assert hospital.engine.stats.turns == 1
    assert hospital.engine.stats.received == 100


def test_stopping_finishes_what_was_handed_in_and_does_nothing_more(hospital: Hospital) -> None:
    async def stop_at_once() -> None:
        hospital.engine.start()
        hospital.hand_in(vitals(ADA, ILL, at=MORNING))
        hospital.engine.stop()
        hospital.clock.step(timedelta(hours=5))
        await asyncio.sleep(0.01)

    asyncio.run(stop_at_once())
    assert texts(answer for _, answer in hospital.acknowledged) == ["AA"]


def test_a_timer_fires_by_itself_when_its_time_comes(open_hospital: OpenHospital) -> None:
    """On the real wall clock: vital signs that become too old in a moment."""
    ward = open_hospital(clock=WallClock(), kit=Kit(capabilities=(NEWS2,)))

    async def wait_for_it() -> None:
        ward.engine.start()
        ward.hand_in(vitals(ADA, ILL, at=datetime.now(UTC) - timedelta(hours=12) + timedelta(seconds=1.2)))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if ward.events(Lapsed):
                return

    asyncio.run(wait_for_it())
    assert [event.value.outcome for event in ward.events(Found)] == ["finding", "unknown"]
    (lapsed,) = ward.events(Lapsed)
    assert lapsed.recorded_at <= datetime.now(UTC)


def test_every_answer_is_given_only_after_the_commit(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    commit = hospital.log.commit
    monkeypatch.setattr(hospital.log, "commit", lambda: (commit(), order.append("committed")))
    hospital.engine.receive(vitals(ADA, WELL, at=MORNING), lambda answers: order.append("answered"))
    hospital.engine.listen(lambda change: order.append("shown"))
    hospital.turn()
    assert order == ["committed", "answered", "shown"]


def test_the_numbers_on_the_metrics_page_count_each_message_once(hospital: Hospital) -> None:
    good, bad = vitals(ADA, WELL, at=MORNING), vitals(BEN, WELL, at=MORNING).replace(b"PID|", b"PIX|")
    hospital.send_together(good, bad, good)
    stats: Any = hospital.engine.stats
    assert (stats.received, stats.duplicates, stats.quarantined, stats.turns) == (3, 1, 1, 1)


def test_a_house_on_its_feeds_clock_that_was_closed_before_anything_came_takes_the_first_message(open_hospital: OpenHospital) -> None:
    open_hospital(clock=FeedClock(), clock_kind="feed").close()
    again = open_hospital(clock=FeedClock(), clock_kind="feed")
    assert b"MSA|AA" in again.send(vitals(ADA, WELL, at=MORNING))[0]


def test_messages_that_come_together_are_recorded_as_if_they_had_come_one_by_one(open_hospital: OpenHospital) -> None:
    later = MORNING + timedelta(hours=1)
    messages = [vitals(ADA, WELL, at=MORNING), vitals(BEN, ILL, at=later), vitals(ADA, ILL, at=later + timedelta(minutes=5))]
    apart, together = (open_hospital(name, FeedClock(), clock_kind="feed") for name in ("apart", "together"))
    apart.send(*messages)
    together.send_together(*messages)
    recorded = [[(event.kind, event.occurred_at, event.recorded_at) for event in house.events()] for house in (apart, together)]
    assert recorded[0] == recorded[1]
    assert {recorded_at for _, _, recorded_at in recorded[0]} == {MORNING, later, later + timedelta(minutes=5)}
