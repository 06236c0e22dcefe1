"""`wardline serve` with certificates: both doors speak TLS, and to nobody else."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.processes import wardline
from support.certificates import Authority, client
from support.clocks import MORNING
from support.messages import ADA, BEN, adt
from support.served import Served
from wardline.formats.hl7v2.framing import frame


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "hospital")


@pytest.fixture(scope="module")
def served(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Browsers need no certificate of their own, senders do."""
    own = str(authority.certificate_for("localhost"))
    files = {f"WARDLINE_{door}_TLS__{name}": own for door in ("HTTP", "MLLP") for name in ("CERTIFICATE", "KEY")}
    running = Served(tmp_path_factory.mktemp("house") / "data", environment={**files, "WARDLINE_MLLP_TLS__CLIENT_AUTHORITY": str(authority.file)})
    yield running
    running.kill()


def exchange(port: int, tls: ssl.SSLContext, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, tls.wrap_socket(plain, server_hostname="localhost") as secure:
        secure.sendall(content)
        return secure.recv(65536)


def test_start_up_says_that_both_doors_are_closed_to_listeners_in(served: Served) -> None:
    printed = served.log.read_text(encoding="utf-8")
    assert served.url.startswith("https://")
    assert "(MLLP over TLS)" in printed


def test_the_screens_answer_over_tls_alone(served: Served, authority: Authority) -> None:
    port = int(served.url.rsplit(":", 1)[1])
    asked = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert exchange(port, client(authority), asked).startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(asked)
        assert b"HTTP/1.1 200" not in plain.recv(65536)


def test_a_sender_comes_in_with_a_certificate_and_not_without(served: Served, authority: Authority) -> None:
    message = frame(adt("A01", ADA, at=MORNING))
    assert b"MSA|AA" in exchange(served.mllp, client(authority, authority.certificate_for("lab")), message)
    with contextlib.suppress(ssl.SSLError, ConnectionError):  # TLS 1.3 says so at the first read, or just hangs up
        assert exchange(served.mllp, client(authority), frame(adt("A01", BEN, at=MORNING))) == b""
    stored = wardline("log", "--events", "--json", "--data", served.data).out
    assert "Moss" in stored
    assert "Byrne" not in stored


@pytest.mark.parametrize("door", ["HTTP", "MLLP"])
def test_certificate_files_that_cannot_be_used_are_said_before_anything_listens(door: str, tmp_path: Path) -> None:
    missing = {f"WARDLINE_{door}_TLS__{name}": "/nowhere/file.pem" for name in ("CERTIFICATE", "KEY")}
    ended = wardline("serve", "--data", tmp_path / "data", "--http", "0", "--mllp", "0", **missing)
    assert ended.code == 2
    assert f"the files of {door.lower()}_tls cannot be used" in ended.err
    assert "Ready" not in ended.out
