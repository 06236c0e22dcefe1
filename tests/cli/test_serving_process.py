"""`wardline serve` as a process: how it begins, what it refuses, how it ends."""

import shutil
import signal
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from cli.processes import Ended, needs_proc, wardline, working_in
from support.messages import ADA, WELL, adt, vitals
from support.served import Served

pytestmark = needs_proc

LIMIT_SECONDS = 10
"""Both for listening and for ending: the architecture promises it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that Wardline made and left in order. Tests work on copies of it."""
    data = tmp_path_factory.mktemp("made") / "data"
    served = Served(data)
    served.stop()
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def served(data: Path) -> Iterator[Served]:
    running = Served(data)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that only look at it."""
    running = Served(tmp_path_factory.mktemp("untouched") / "data")
    yield running
    running.kill()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def serve(data: Path, *more: str, **environment: str) -> Ended:
    """A start that is expected to be refused. Ports are free ones unless said otherwise."""
    return wardline("serve", "--data", data, *more, **{"WARDLINE_HTTP": "0", "WARDLINE_MLLP": "0", **environment})


# --- beginning ------------------------------------------------------------------------------------------------------------------


def test_an_empty_folder_gets_keys_and_a_link_for_the_first_administrator(untouched: Served) -> None:
    data = untouched.data
    assert untouched.start_seconds < LIMIT_SECONDS
    assert untouched.url.startswith("http://127.0.0.1:")
    assert untouched.setup_link.startswith(f"{untouched.url}/setup#")
    assert {file.name for file in (data / "secrets").iterdir()} == {"master", "index", "token", "audit", "images"}
    assert {mode(file) for file in (data / "secrets").iterdir()} == {0o600}
    assert mode(data) == mode(data / "secrets") == mode(data / "log") == 0o700
    assert {mode(file) for file in data.glob("*.db")} == {0o600}


def test_it_listens_on_loopback_alone(untouched: Served) -> None:
    ports = {int(untouched.url.rsplit(":", 1)[1]), untouched.mllp}
    listening = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        address, port = local.split(":")
        if state == "0A" and int(port, 16) in ports:
            listening[int(port, 16)] = address
    assert listening == dict.fromkeys(ports, "0100007F")  # 127.0.0.1


def test_with_an_administrator_there_is_no_link(data: Path) -> None:
    added = wardline("users", "add", "o.rey", "--name", "Olga Rey", "--role", "admin", "--data", data, says="three unrelated cobblestones\n")
    assert added.code == 0
    served = Served(data)
    served.kill()
    assert served.setup_link == ""


# --- refusing -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["master", "index", "token"])
def test_a_folder_whose_secret_is_missing_does_not_start(data: Path, secret: str) -> None:
    (data / "secrets" / secret).unlink()
    ended = serve(data)
    assert ended.code == 2
    assert f"secrets/{secret} is missing" in ended.err
    assert "Traceback" not in ended.err
    assert not (data / "secrets" / secret).exists()


def test_a_second_wardline_on_the_same_folder_is_refused(untouched: Served) -> None:
    ended = serve(untouched.data)
    assert ended.code == 2
    assert f"another Wardline works on {untouched.data}" in ended.err


@pytest.mark.parametrize(("door", "name"), [("--http", "for the screens"), ("--mllp", "for HL7")])
def test_a_taken_port_is_said_and_nothing_stays_behind(data: Path, door: str, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = serve(data, door, port)
    assert ended.code == 2
    assert f"port {port} {name} is taken; choose another with {door}" in ended.err
    assert "Traceback" not in ended.err
    assert working_in(data) == []


def test_listening_for_others_without_tls_is_refused(tmp_path: Path) -> None:
    ended = serve(tmp_path / "data", WARDLINE_HOST="0.0.0.0")
    assert ended.code == 2
    assert "would send patient data in clear: set http_tls and mllp_tls" in ended.err
    assert not (tmp_path / "data").exists()


# --- ending ---------------------------------------------------------------------------------------------------------------------


def test_sigterm_ends_in_order_although_senders_and_screens_are_connected(served: Served) -> None:
    sender, screen = served.connect(), socket.create_connection(("127.0.0.1", int(served.url.rsplit(":", 1)[1])))
    sender.sendall(b"\x0bMSH|half a message")
    screen.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    began = monotonic()
    served.stop()
    assert served.process.returncode == 0
    assert monotonic() - began < LIMIT_SECONDS
    assert working_in(served.data) == []
    sender.close()
    screen.close()


def test_ctrl_c_ends_it_as_well(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=LIMIT_SECONDS) == 0
    assert "Traceback" not in served.log.read_text(encoding="utf-8")


def test_kill_9_leaves_no_child_that_holds_a_port_or_a_file(served: Served) -> None:
    ports = (int(served.url.rsplit(":", 1)[1]), served.mllp)
    assert len(working_in(served.data)) > 1  # the watcher is a process of its own
    served.kill()
    until = monotonic() + LIMIT_SECONDS
    while working_in(served.data) and monotonic() < until:
        time.sleep(0.05)
    assert working_in(served.data) == []
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_downtime_pages_outlive_a_killed_server_and_say_so(served: Served) -> None:
    """FT-36: the pages are there, less than five minutes old, and marked."""
    served.send(adt("A01", ADA, at=now(), unit="7A", bed="12"), vitals(ADA, WELL, at=now()))
    index = served.data / "downtime" / "index.html"
    before = index.read_text(encoding="utf-8")
    served.kill()
    until = monotonic() + LIMIT_SECONDS
    while index.read_text(encoding="utf-8") == before and monotonic() < until:
        time.sleep(0.05)

    assert "Wardline stopped at" in index.read_text(encoding="utf-8")
    assert "As of" in index.read_text(encoding="utf-8")
    assert time.time() - index.stat().st_mtime < 300
    assert mode(index) == 0o600


def test_an_orderly_end_marks_the_pages_with_who_was_there(served: Served) -> None:
    served.send(adt("A01", ADA, at=now(), unit="7A", bed="12"), vitals(ADA, WELL, at=now()))
    served.stop()
    page = (served.data / "downtime" / "7A.html").read_text(encoding="utf-8")
    assert "Wardline stopped at" in page
    assert "Moss" in page
    assert mode(served.data / "downtime" / "7A.html") == 0o600


def now() -> datetime:
    return datetime.now(UTC)
