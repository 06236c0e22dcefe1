"""TLS and mutual TLS at the MLLP door, with certificates made for the test."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from intake.hl7v2.mllp import Door, codes, door, sender
from support.certificates import Authority, client, server
from support.clocks import MORNING
from support.messages import ADA, Obx, oru
from wardline.formats.hl7v2.client import MllpClient, NoAnswer
from wardline.formats.hl7v2.framing import frame

MESSAGE = oru(ADA, Obx("2823-3", 4.1), at=MORNING, control="1")


def behind_tls(path: Path, tls: ssl.SSLContext, story: Callable[[Door], Awaitable[None]]) -> None:
    async def run() -> None:
        async with door(path / "data", tls=tls) as opened:
            await story(opened)

    asyncio.run(run())


async def answer_of(port: int, tls: ssl.SSLContext | None) -> list[tuple[str, str]]:
    """What a sender hears, or nothing when the door does not let it in."""
    try:
        async with sender(port, tls) as connection:
            connection.write(frame(MESSAGE))
            return codes(await connection.answers(1))
    except (ssl.SSLError, ConnectionError):
        return []


def test_a_sender_that_trusts_the_doors_certificate_is_served_over_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")

    async def story(at: Door) -> None:
        assert await answer_of(at.port, client(authority)) == [("AA", "1")]

    behind_tls(tmp_path, server(authority), story)


def test_a_sender_that_does_not_know_the_doors_authority_sends_nothing(tmp_path: Path) -> None:
    async def story(at: Door) -> None:
        assert await answer_of(at.port, client(Authority(tmp_path, "stranger"))) == []
        assert at.hospital.engine.stats.received == 0

    behind_tls(tmp_path, server(Authority(tmp_path, "hospital")), story)


def test_plain_text_at_a_tls_door_reaches_nobody_and_disturbs_nobody(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")

    async def story(at: Door) -> None:
        assert await answer_of(at.port, None) == []
        assert at.hospital.engine.stats.received == 0
        assert await answer_of(at.port, client(authority)) == [("AA", "1")]

    behind_tls(tmp_path, server(authority), story)


def test_with_mutual_tls_only_senders_with_a_certificate_of_the_agreed_authority_come_in(tmp_path: Path) -> None:
    authority, senders, strangers = (Authority(tmp_path, name) for name in ("hospital", "senders", "strangers"))

    async def story(at: Door) -> None:
        assert await answer_of(at.port, client(authority)) == []
        assert await answer_of(at.port, client(authority, strangers.certificate_for("laboratory"))) == []
        assert at.hospital.engine.stats.received == 0
        assert await answer_of(at.port, client(authority, senders.certificate_for("laboratory"))) == [("AA", "1")]

    behind_tls(tmp_path, server(authority, clients=senders), story)


def test_large_messages_in_pieces_come_whole_through_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")
    large = oru(ADA, Obx("NOTE^Note^L", "x" * 3_000_000, kind="TX"), at=MORNING, control="2")

    async def story(at: Door) -> None:
        async with sender(at.port, client(authority)) as connection:
            connection.write(frame(MESSAGE) + frame(large) + frame(MESSAGE))
            assert codes(await connection.answers(3)) == [("AA", "1"), ("AA", "2"), ("AA", "1")]

    behind_tls(tmp_path, server(authority), story)


def test_the_mllp_client_speaks_tls_and_says_when_it_cannot(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "hospital")

    async def story(at: Door) -> None:
        async with MllpClient("localhost", at.port, tls=client(authority)) as talking:
            assert (await talking.send(MESSAGE)).code == "AA"
        with pytest.raises(NoAnswer, match="cannot connect to localhost"):
            async with MllpClient("localhost", at.port, tls=client(Authority(tmp_path, "stranger"))):
                raise AssertionError("connected to a stranger")

    behind_tls(tmp_path, server(authority), story)
