"""Writing into somebody else's log: names, paths and messages with line ends and escapes in them stay within one line (ASVS 16.4.1)."""

import io
import json
import logging
from collections.abc import Callable

import pytest

from api.house import OpenHouse
from support.clocks import MORNING
from support.messages import ADA, Patient, adt
from wardline.app import logs

pytestmark = pytest.mark.usefixtures("own_logging")
HOSTILE = (
    "x\nlevel=critical event=forged",
    'x\r\n{"event": "forged", "level": "critical"}',
    "x\u2028forged",
    "x\x1b[2K\x1b[1Aforged",
    "x\u0085forged",
    "x\0forged",
    "\u202edegrof",
    "x\x0bforged\x0cforged",
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the process would have printed, on a machine where nobody watches the terminal."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("debug")
    return stream


def _check(said: io.StringIO) -> None:
    """Every line is one event, and nothing in it moves a cursor or begins a new line for anybody."""
    for line in said.getvalue().split("\n"):
        assert line.isascii(), line
        assert line.isprintable(), repr(line)
        if line:
            assert json.loads(line)["event"] != "forged"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_log_injection_what_people_type_and_feeds_send_is_no_line(open_house: Callable[..., OpenHouse], said: io.StringIO, hostile: str) -> None:
    house = open_house()
    visitor = house.nobody()
    visitor.request("POST", "/api/v1/auth/login", {"login": hostile, "password": hostile})
    agent = hostile.encode("utf-8").replace(b"\n", b"").replace(b"\r", b"").replace(b"\0", b"")
    visitor.request("GET", "/api/v1/boards", headers={"user-agent": agent, "x-request-id": agent, "authorization": b"Bearer " + agent})
    house.send(
        adt("A01", Patient("7001", hostile.replace("\r", "").replace("\n", "")), at=MORNING), b"MSH|^~\\&|" + hostile.encode() + b"|x\rnonsense"
    )

    _check(said)
    for entry in house.audited():
        assert json.dumps(entry, default=str, ensure_ascii=False).isprintable(), entry


@pytest.mark.parametrize(
    "path", ["/api/v1/boards/%0aforged", "/api/v1/patients/%0d%0aforged", "/api/v1/nothing%0aforged", "/api/v1/stream/board/%1b[2Jforged"]
)
def test_log_injection_a_path_is_no_line(shared: OpenHouse, said: io.StringIO, path: str) -> None:
    for visitor in (shared.nobody(), shared.as_("doctor"), shared.as_("admin")):
        visitor.request("GET", path)

    _check(said)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_log_injection_what_a_library_says_is_one_line(said: io.StringIO, hostile: str) -> None:
    """Libraries put into their lines what strangers have sent them."""
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.OthersLines("%(levelname)s %(name)s %(message)s"))
    handler.emit(logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "bad request from %s", (hostile,), None))

    (line, end) = said.getvalue().split("\n")
    assert line.startswith("WARNING uvicorn.error bad request from ")
    assert line.isprintable()
    assert end == ""


def test_a_name_in_a_message_is_in_no_line(shared: OpenHouse, said: io.StringIO) -> None:
    shared.send(adt("A01", ADA, at=MORNING))

    assert ADA.family not in said.getvalue()
