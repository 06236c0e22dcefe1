"""TLS and mutual TLS at the MLLP door, with certificates made for the test."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from intake.hl7v2.mllp import Door, codes, door, sender
from support.clocks import MORNING
from support.messages import ADA, Obx, oru
from wardline.formats.hl7v2.client import MllpClient, NoAnswer
from wardline.formats.hl7v2.framing import frame

MESSAGE = oru(ADA, Obx("2823-3", 4.1), at=MORNING, control="1")


class Authority:
    """Somebody who signs certificates; writes them, each with its key, into a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        own = self._builder(self.name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def certificate_for(self, name: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        built = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        pem = built.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file = self.folder / f"{name}-of-{self.file.stem}.pem"
        file.write_bytes(pem + secret)
        return file

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return x509.CertificateBuilder(
            issuer_name=self.name, subject_name=subject, public_key=key.public_key(), serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(minutes=5), not_valid_after=now + timedelta(hours=1),
        )  # fmt: skip


def server(authority: Authority, *, clients: Authority | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=clients.file if clients else None)
    context.load_cert_chain(authority.certificate_for("localhost"))
    context.verify_mode = ssl.CERT_REQUIRED if clients else ssl.CERT_NONE
    return context


def client(authority: Authority, certificate: Path | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority.file)
    if certificate is not None:
        context.load_cert_chain(certificate)
    return context


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
