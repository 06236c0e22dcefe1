"""Sending: one message at a time, in order, until it is answered, whatever happens to the line."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import groupby, pairwise

import pytest

from simulator.listening import LIVE_AT, Shelf, listening, quarantined
from wardline.core.errors import Refused
from wardline.core.statements import Fate, Problem, Received
from wardline.formats.hl7v2.message import parse
from wardline.intake.hl7v2.listener import MllpListener
from wardline.simulator.hospital import Hospital
from wardline.simulator.post import Sent
from wardline.simulator.sending import TRIES, Lane, Progress, run
from wardline.simulator.settings import NO_FAULTS, Settings

SMALL = Hospital(5, live_at=LIVE_AT, beds=20, settings=Settings(faults=NO_FAULTS))
HOUR = timedelta(hours=1)
MESSAGE = next(SMALL.messages(LIVE_AT - HOUR)).raw


def in_time(scene: Coroutine[None, None, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await scene

    asyncio.run(bounded())


def the_past(hours: float = 1) -> list[Sent]:
    return list(SMALL.messages(LIVE_AT - hours * HOUR, LIVE_AT))


def by_feed(raw: list[bytes]) -> dict[str, list[bytes]]:
    """Messages of each feed in the order in which they came, repeats of the last one left out."""
    feeds: dict[str, list[bytes]] = {}
    for each in raw:
        feeds.setdefault(parse(each).sending_application, []).append(each)
    return {name: [raw for raw, _ in groupby(messages)] for name, messages in feeds.items()}


def test_the_past_arrives_whole_and_every_feed_in_its_order() -> None:
    async def scene() -> None:
        shelf = Shelf()
        async with listening(shelf) as (_, port):
            end = await run(SMALL, "127.0.0.1", port, history_hours=1, until=LIVE_AT)
        sent = the_past()
        assert sorted(shelf.kept) == sorted(each.raw for each in sent)
        assert by_feed(shelf.kept) == by_feed([each.raw for each in sent])
        assert (end.sent, end.acknowledged, end.refused, end.resent) == (len(sent), len(sent), 0, 0)

    in_time(scene())


def test_no_feed_runs_ahead_of_another_by_more_than_minutes_of_simulated_time() -> None:
    async def scene() -> None:
        shelf = Shelf()
        async with listening(shelf) as (_, port):
            await run(SMALL, "127.0.0.1", port, history_hours=1, until=LIVE_AT)
        stated = [parse(each).header.text(7)[:12] for each in shelf.kept]
        minutes = [int(each[8:10]) * 60 + int(each[10:12]) for each in stated]
        assert max(before - after for before, after in pairwise(minutes)) <= 2

    in_time(scene())


def test_every_feed_has_a_connection_of_its_own() -> None:
    most = 0

    async def scene() -> None:
        nonlocal most
        shelf = Shelf()
        async with listening(shelf) as (listener, port):

            def look(progress: Progress) -> None:
                nonlocal most
                most = max(most, len(listener.connections))

            await run(SMALL, "127.0.0.1", port, history_hours=1, until=LIVE_AT, progress=look)

    in_time(scene())
    assert most == len({each.feed for each in the_past()})


def breaks_the_line(listener: list[MllpListener], at: Callable[[int], bool]) -> Callable[[Received, int], Fate | None]:
    """The message is kept, but the line is gone before its answer could be written."""

    def judge(received: Received, number: int) -> Fate | None:
        if not at(number):
            return Fate("stored", number, LIVE_AT)
        for connection in list(listener[0].connections):
            connection.close()
        return None

    return judge


def test_after_a_broken_connection_the_unanswered_message_is_sent_again_and_nothing_is_lost() -> None:
    async def scene() -> None:
        door: list[MllpListener] = []
        shelf = Shelf(breaks_the_line(door, lambda number: number in (3, 40, 90)))
        async with listening(shelf) as (listener, port):
            door.append(listener)
            end = await run(SMALL, "127.0.0.1", port, history_hours=1, until=LIVE_AT)
        sent = the_past()
        assert set(shelf.kept) == {each.raw for each in sent}
        assert by_feed(shelf.kept) == by_feed([each.raw for each in sent])
        assert end.acknowledged == len(sent)
        assert end.resent >= 3

    in_time(scene())


def test_a_receiver_that_is_not_there_yet_is_waited_for() -> None:
    async def scene() -> None:
        async with listening(Shelf()) as (_, port):
            pass
        lane = Lane("127.0.0.1", port)
        delivery = asyncio.create_task(lane.deliver(MESSAGE))
        await asyncio.sleep(0.2)
        shelf = Shelf()
        async with listening(shelf, port):
            assert await delivery
            await lane.close()
        assert shelf.kept == [MESSAGE]
        assert lane.resent >= 1

    in_time(scene())


def test_what_the_receiver_cannot_read_is_tried_a_few_times_and_set_aside() -> None:
    async def scene() -> None:
        shelf = Shelf(quarantined)
        async with listening(shelf) as (_, port):
            lane = Lane("127.0.0.1", port)
            assert not await lane.deliver(MESSAGE)
            await lane.close()
        assert shelf.kept == [MESSAGE] * TRIES

    in_time(scene())


def test_what_the_receiver_rejects_for_good_is_not_sent_again() -> None:
    async def scene() -> None:
        rejected = Problem("type-unsupported", "messages of this type are not read here", "MSH-9.1", True)
        shelf = Shelf(lambda received, number: Fate("quarantined", number, LIVE_AT, rejected))
        async with listening(shelf) as (_, port):
            lane = Lane("127.0.0.1", port)
            assert not await lane.deliver(MESSAGE)
            await lane.close()
        assert shelf.kept == [MESSAGE]

    in_time(scene())


def test_a_receiver_whose_disk_is_full_is_given_time() -> None:
    async def scene() -> None:
        full = Problem("storage-full", "nothing can be stored at the moment; keep the message and send it again")
        shelf = Shelf(lambda received, number: Fate("refused", 0, LIVE_AT, full) if number <= TRIES + 1 else Fate("stored", number, LIVE_AT))
        async with listening(shelf) as (_, port):
            lane = Lane("127.0.0.1", port)
            assert await lane.deliver(MESSAGE)
            await lane.close()
        assert len(shelf.kept) == TRIES + 2

    in_time(scene())


def test_a_refused_message_does_not_hold_up_its_feed() -> None:
    async def scene() -> None:
        shelf = Shelf(lambda received, number: quarantined(received, number) if b"ADT^A08" in received.raw else Fate("stored", number, LIVE_AT))
        async with listening(shelf) as (_, port):
            end = await run(SMALL, "127.0.0.1", port, history_hours=4, until=LIVE_AT)
        refused = {each.raw for each in the_past(4) if b"ADT^A08" in each.raw}
        assert refused
        assert end.refused == len(refused)
        assert end.acknowledged == end.sent - len(refused)
        assert Counter(shelf.kept)[next(iter(refused))] == TRIES

    in_time(scene())


def test_live_time_runs_at_the_speed_asked_for() -> None:
    """Three simulated minutes at 120 times real time take a second and a half."""

    async def scene() -> None:
        shelf, clock = Shelf(), asyncio.get_running_loop().time
        async with listening(shelf) as (_, port):
            began = clock()
            await run(SMALL, "127.0.0.1", port, speed=120, history_hours=0, until=LIVE_AT + timedelta(minutes=3))
            assert 1.2 < clock() - began < 3

    in_time(scene())


def test_progress_grows_to_the_whole_past_and_then_the_hospital_is_live() -> None:
    seen: list[Progress] = []

    async def scene() -> None:
        async with listening(Shelf()) as (_, port):
            await run(SMALL, "127.0.0.1", port, speed=600, history_hours=1, progress=seen.append, until=LIVE_AT + timedelta(minutes=5))

    in_time(scene())
    past = [each for each in seen if not each.is_live]
    assert past[0].share < 0.1
    assert max(each.share for each in past) > 0.9
    assert seen[-1].is_live
    assert seen[-1].acknowledged == seen[-1].sent


def test_ending_it_closes_every_connection() -> None:
    async def scene() -> None:
        async with listening(Shelf()) as (listener, port):
            sending = asyncio.create_task(run(SMALL, "127.0.0.1", port, history_hours=1))
            while len(listener.connections) < 3:  # noqa: ASYNC110 - the listener has no event for it
                await asyncio.sleep(0.01)
            sending.cancel()
            await asyncio.wait([sending], timeout=3)
            assert sending.cancelled()
            await asyncio.sleep(0.1)
            assert not listener.connections

    in_time(scene())


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="speed"):
        asyncio.run(run(SMALL, "127.0.0.1", 1, speed=0))
