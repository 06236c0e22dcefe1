"""The MLLP door with real sockets on loopback: order, batches, back-pressure, slow and broken senders."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from intake.hl7v2.mllp import Door, codes, door, sender
from support.clocks import MORNING
from support.messages import ADA, BEN, Obx, oru
from wardline.core.events import Measured
from wardline.engine.loop import INBOX
from wardline.formats.hl7v2.framing import frame
from wardline.intake.hl7v2 import listener as module

POTASSIUM = Obx("2823-3", 4.1)


def result(control: str, **more: str) -> bytes:
    return oru(ADA, POTASSIUM, at=MORNING, order=control, control=control, **more)


def at_the_door(path: Path, story: Callable[[Door], Awaitable[None]], **options: object) -> None:
    async def run() -> None:
        async with door(path, **options) as opened:
            await story(opened)

    asyncio.run(run())


def test_a_message_is_acknowledged_once_it_is_on_the_timeline(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1")))
            assert codes(await connection.answers(1)) == [("AA", "1")]
            (event,) = at.hospital.timeline(ADA).observations.of("potassium")
            assert event.value.value == 4.1

    at_the_door(tmp_path, story)


def test_pipelined_messages_are_answered_in_the_order_they_were_sent_good_and_bad_alike(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        bad = b"MSH|^~\\&|LAB|HOSP|||20260302||ORU^R01|bad|P|2.5\rPID|1\r"
        async with sender(at.port) as connection:
            connection.write(
                b"".join(frame(bad.replace(b"bad", b"b%d" % number) if number % 5 == 0 else result(f"m{number}")) for number in range(1, 101))
            )
            answered = codes(await connection.answers(100))
        assert answered == [("AE", f"b{number}") if number % 5 == 0 else ("AA", f"m{number}") for number in range(1, 101)]

    at_the_door(tmp_path, story)


def test_a_message_in_many_small_pieces_is_one_message(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            for byte in b"noise" + frame(result("1")) + b"\r\n" + frame(result("2")):
                connection.write(bytes([byte]))
                await connection.writer.drain()
            assert codes(await connection.answers(2)) == [("AA", "1"), ("AA", "2")]
        await asyncio.sleep(0.05)
        assert at.listener.skipped_bytes == len(b"noise")

    at_the_door(tmp_path, story)


def test_the_same_message_twice_gets_the_same_answer_byte_for_byte_and_counts_once(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1")))
            first = await connection.answers(1)
        at.hospital.clock.step(timedelta(minutes=5))  # type: ignore[attr-defined]
        async with sender(at.port) as connection:
            connection.write(frame(result("1")) * 3)
            assert await connection.answers(3) == first * 3
        assert len(at.hospital.events(Measured)) == 1

    at_the_door(tmp_path, story)


def test_the_same_control_id_with_another_body_is_put_aside(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1")) + frame(oru(BEN, POTASSIUM, at=MORNING, control="1")))
            first, second = await connection.answers(2)
        assert codes([first, second]) == [("AA", "1"), ("AE", "1")]
        assert b"ERR||MSH^1^10|205^Duplicate key identifier^HL70357|E||||this control id (MSH-10) was already used for a different message" in second

    at_the_door(tmp_path, story)


def test_in_enhanced_mode_the_commit_is_acknowledged_first_and_then_the_content(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1", accept="AL", application_ack="AL")) + frame(result("2", accept="NE", application_ack="NE")))
            connection.write(frame(result("3", accept="AL", application_ack="NE")))
            assert codes(await connection.answers(3)) == [("CA", "1"), ("AA", "1"), ("CA", "3")]
        assert len(at.hospital.events(Measured)) == 3

    at_the_door(tmp_path, story)


def test_an_acknowledgement_is_never_acknowledged(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        ack = b"MSH|^~\\&|LAB|HOSP|||20260302||ACK^R01|9|P|2.5\rMSA|AA|7\r"
        broken = ack.replace(b"|2.5", b"|2.5||||||EBCDIC")
        async with sender(at.port) as connection:
            connection.write(frame(ack) + frame(broken) + frame(b"BHS|^~\\&\r" + ack + b"BTS|1\r") + frame(result("1")))
            assert codes(await connection.answers(1)) == [("AA", "1")]
            assert not await connection.is_hung_up(0.1)
        assert at.listener.ignored_acknowledgements == 3

    at_the_door(tmp_path, story)


def test_a_batch_is_answered_by_one_batch_with_the_fate_of_each_message(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        bad = b"MSH|^~\\&|LAB|HOSP|||20260302||ORU^R01|bad|P|2.5\rPID|1\r"
        damaged = result("4").replace(b"MSH", b"M\x00H", 1)
        batch = b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r" + damaged + result("1") + bad + result("2") + b"BTS|4\rFTS|1\r"
        async with sender(at.port) as connection:
            connection.write(frame(batch) + frame(result("3")))
            first, second = await connection.answers(2)
        assert first.startswith(b"BHS|^~\\&\rMSH|")
        assert first.endswith(b"BTS|4\r")
        answers = [line.split(b"|")[1:4] for line in first.split(b"\r") if line.startswith(b"MSA")]
        assert answers == [
            [b"AR", b"", b"the message does not start with an MSH segment"], [b"AA", b"1"],
            [b"AE", b"bad", b"PID-3 has no patient number"], [b"AA", b"2"],
        ]  # fmt: skip
        assert at.engine.stats.received == 5
        assert codes([second]) == [("AA", "3")]

    at_the_door(tmp_path, story)


def test_an_empty_batch_is_refused_and_one_that_wants_no_answer_gets_none(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        silent = result("1", accept="NE", application_ack="NE")
        async with sender(at.port) as connection:
            connection.write(frame(b"BHS|^~\\&\rBTS|0\r") + frame(b"BHS|^~\\&\r" + silent + b"BTS|1\r") + frame(result("2")))
            first, second = await connection.answers(2)
        assert b"MSA|AR||the batch holds no message\rERR||BHS|207^" in first
        assert codes([second]) == [("AA", "2")]

    at_the_door(tmp_path, story)


def test_an_endless_batch_is_refused_as_a_whole(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(b"BHS|^~\\&\r" + b"MSH|^~\\&|A\r" * (module.MESSAGES_IN_BATCH + 2)) + frame(result("1")))
            refusal, answer = await connection.answers(2)
        assert b"MSA|AR||the batch holds more than 10,000 messages" in refusal
        assert codes([answer]) == [("AA", "1")]
        assert at.engine.stats.received == 1

    at_the_door(tmp_path, story)


def test_what_is_no_message_is_kept_and_rejected(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(b"hello") + frame(b"\x00\xff") + frame(b""))
            answers = await connection.answers(2)
        assert [b"MSA|AR||the message does not start with an MSH segment" in answer for answer in answers] == [True, True]
        assert sorted(at.hospital.log.raw(seq) for seq, _, _ in at.hospital.log.quarantined()) == [b"\x00\xff", b"hello"]

    at_the_door(tmp_path, story)


# --- senders that break off, dawdle or flood ---


def test_a_message_that_is_too_large_is_refused_kept_in_part_and_never_read_as_the_whole(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        many = oru(ADA, *[POTASSIUM] * 200, at=MORNING, control="big")
        async with sender(at.port) as connection:
            connection.write(frame(result("1")) + frame(many) + frame(result("2")))
            first, refusal = await connection.answers(3)
            assert await connection.is_hung_up()
        assert codes([first, refusal]) == [("AA", "1"), ("AR", "big")]
        assert b"a message is larger than 4,000 bytes; send large documents by reference" in refusal
        await asyncio.sleep(0.05)
        ((_, _, record),) = at.hospital.log.quarantined()
        assert record.fate.problem is not None
        assert record.fate.problem.reason == "the message was larger than is taken here; only its beginning was kept"
        assert len(at.hospital.events(Measured)) == 1
        assert at.hospital.timeline(ADA).gaps

    at_the_door(tmp_path, story, largest=4_000)


def test_a_sender_that_closes_its_half_still_hears_what_it_is_owed(tmp_path: Path) -> None:
    """As `nc` does at the end of its input."""

    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(b"".join(frame(result(f"{number}")) for number in range(1, 31)))
            connection.writer.write_eof()
            await asyncio.sleep(0.05)  # the door has heard the end before the engine begins
            at.engine.start()
            assert codes(await connection.answers(30)) == [("AA", f"{number}") for number in range(1, 31)]
            assert await connection.is_hung_up()
        async with sender(at.port) as silent:
            silent.writer.write_eof()
            assert await silent.is_hung_up()
        assert at.listener.connections == set()

    at_the_door(tmp_path, story, working=False)


def test_a_sender_that_breaks_off_and_comes_back_is_taken_once(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        whole = frame(result("1"))
        async with sender(at.port) as connection:
            connection.write(whole[: len(whole) // 2])
            await connection.writer.drain()
        await asyncio.sleep(0.05)
        async with sender(at.port) as connection:
            connection.write(whole)
            assert codes(await connection.answers(1)) == [("AA", "1")]
        assert at.listener.abandoned == 1
        assert len(at.hospital.events(Measured)) == 1

    at_the_door(tmp_path, story)


def test_a_message_that_is_never_finished_is_given_up_while_a_silent_connection_may_stay_for_days(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as dawdler, sender(at.port) as silent, sender(at.port) as honest:
            honest.write(frame(result("1")))
            assert codes(await honest.answers(1)) == [("AA", "1")]
            for byte in b"\x0bMSH|^~\\&|":
                dawdler.write(bytes([byte]))
                await asyncio.sleep(0.01)
            assert await dawdler.is_hung_up(2)
            assert not await silent.is_hung_up(0.3)
            silent.write(frame(result("2")))
            honest.write(frame(result("3")))
            assert codes(await silent.answers(1) + await honest.answers(1)) == [("AA", "2"), ("AA", "3")]

    at_the_door(tmp_path, story, unfinished_seconds=0.2)


def test_a_message_is_not_given_up_while_it_is_the_door_that_makes_its_sender_wait(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        whole = frame(result("last"))
        async with sender(at.port) as connection:
            connection.write(b"".join(frame(result(f"{number}")) for number in range(250)) + whole[:50])
            await asyncio.sleep(0.4)
            connection.write(whole[50:])
            at.engine.start()
            assert codes(await connection.answers(251))[-1] == ("AA", "last")

    at_the_door(tmp_path, story, working=False, unfinished_seconds=0.1)


def test_many_senders_at_once_each_get_their_own_answers_in_order(tmp_path: Path) -> None:
    async def one(at: Door, number: int) -> list[tuple[str, str]]:
        async with sender(at.port) as connection:
            connection.write(b"".join(frame(result(f"{number}-{each}")) for each in range(5)))
            return codes(await connection.answers(5))

    async def story(at: Door) -> None:
        answered = await asyncio.gather(*(one(at, number) for number in range(100)))
        assert answered == [[("AA", f"{number}-{each}") for each in range(5)] for number in range(100)]
        assert len(at.hospital.events(Measured)) == 500

    at_the_door(tmp_path, story)


def test_more_connections_than_allowed_are_closed_at_once_and_the_others_work_on(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as first, sender(at.port) as second:
            await asyncio.sleep(0.05)
            async with sender(at.port) as third:
                assert await third.is_hung_up()
            first.write(frame(result("1")))
            second.write(frame(result("2")))
            assert codes(await first.answers(1) + await second.answers(1)) == [("AA", "1"), ("AA", "2")]
        await asyncio.sleep(0.05)
        async with sender(at.port) as later:
            later.write(frame(result("3")))
            assert codes(await later.answers(1)) == [("AA", "3")]
        assert at.listener.refused == 1

    at_the_door(tmp_path, story, most_connections=2)


def test_one_sender_that_does_not_wait_for_its_answers_is_slowed_down(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(b"".join(frame(result(f"{number}")) for number in range(6_000)))
            await asyncio.sleep(0.3)
            waiting = len(at.engine._deliveries)
            assert module.PIPELINED <= waiting < 3_000  # one more read of the socket at most
            await asyncio.sleep(0.1)
            assert len(at.engine._deliveries) == waiting
            at.engine.start()
            assert codes(await connection.answers(6_000, 60)) == [("AA", f"{number}") for number in range(6_000)]

    at_the_door(tmp_path, story, working=False)


def test_a_full_inbox_stops_every_sender_until_there_is_room_and_loses_nothing(tmp_path: Path) -> None:
    # Eight kilobytes each, so that one read of a socket brings 32 at most; and fewer than one sender may have waiting anyway.
    connections, each_sends, in_one_read = 60, 120, 32
    note = Obx("NOTE^Note^L", "x" * 8_000, kind="TX")

    async def story(at: Door) -> None:
        async with AsyncExitStack() as opened:
            senders = [await opened.enter_async_context(sender(at.port)) for _ in range(connections)]
            for number, connection in enumerate(senders):
                messages = (oru(ADA, note, at=MORNING, order=f"{number}-{each}", control=f"{number}-{each}") for each in range(each_sends))
                connection.write(b"".join(map(frame, messages)))
            await asyncio.sleep(1)
            assert at.engine.is_full
            assert INBOX <= len(at.engine._deliveries) <= INBOX + connections * in_one_read < connections * each_sends
            at.engine.start()
            for number, connection in enumerate(senders):
                assert codes(await connection.answers(each_sends, 60)) == [("AA", f"{number}-{each}") for each in range(each_sends)]

    at_the_door(tmp_path, story, working=False)


def test_a_sender_that_does_not_read_its_answers_is_not_read_either(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1")))
            assert codes(await connection.answers(1)) == [("AA", "1")]
            (inside,) = at.listener.connections
            inside.pause_writing()  # what the transport calls when its write buffer is full
            connection.write(frame(result("2")))
            await asyncio.sleep(0.1)
            assert len(at.hospital.events(Measured)) == 1
            inside.resume_writing()
            assert codes(await connection.answers(1)) == [("AA", "2")]

    at_the_door(tmp_path, story)


def test_closing_the_door_waits_for_the_answers_that_are_due(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        async with sender(at.port) as connection:
            connection.write(frame(result("1")))
            await asyncio.sleep(0.1)
            closing = asyncio.create_task(at.listener.close())
            await asyncio.sleep(0.05)
            at.engine.start()
            await closing
            assert codes(await connection.answers(1)) == [("AA", "1")]
            assert await connection.is_hung_up()

    at_the_door(tmp_path, story, working=False)
