"""Taking over a live view: without a ticket, with a used one, another's, from another page; and after the session has ended (ASVS 4.4, TRAP-6)."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from api.house import OpenHouse
from attacks.street import Socket, Street, masked
from support.clocks import MORNING
from support.messages import ADA, BEN, ILL, vitals
from wardline.api import streams
from wardline.api.edge.sockets import PROTOCOL, SESSION_ENDED
from wardline.api.edge.tickets import LASTS
from wardline.formats.websocket import BINARY, CLOSE, CONTINUATION, NOT_TEXT, PING, POLICY, PROTOCOL_ERROR, TEXT, TOO_BIG

OURS = "http://ward"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.2)


@pytest.fixture
def opened() -> Iterator[list[Socket]]:
    sockets: list[Socket] = []
    yield sockets
    for each in sockets:
        each.close()


def ticket(street: Street, path: str, *, role: str = "nurse", origin: str = OURS) -> str:
    answer = street.house.as_(role).request("POST", "/api/v1/auth/tickets", {"path": path}, headers={"origin": origin} if origin else {})
    return str(answer.json()["ticket"])


def path_of(street: Street, patient: Any = ADA) -> str:
    return f"/ws/patients/{street.house.key(patient)}"


def knock(street: Street, opened: list[Socket], path: str, words: str, *, origin: str = OURS, headers: tuple[str, ...] = ()) -> Socket:
    socket = Socket(street, path, protocols=(PROTOCOL, f"ticket.{words}"), origin=origin, headers=headers)
    opened.append(socket)
    return socket


def test_a_good_ticket_shows_what_the_stream_shows(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)
    socket = knock(street, opened, path, ticket(street, path))

    assert socket.is_open
    assert socket.text().startswith('{"event":"present","data":{"patient":"' + street.house.key(ADA))
    street.house.send(vitals(ADA, ILL, at=MORNING + timedelta(minutes=20)))
    assert '"event":"changed"' in socket.text()
    assert street.house.audited(about=street.house.key(ADA))[-1]["action"] == "live view opened"


def test_hijack_without_a_ticket(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)
    token = street.house.as_("nurse").token
    for protocols, headers, query in (
        ((), (), ""), ((PROTOCOL,), (), ""), ((PROTOCOL, "ticket."), (), ""), ((PROTOCOL, "ticket.x" * 20), (), ""),
        ((PROTOCOL,), (f"Authorization: Bearer {token}",), ""), ((PROTOCOL,), (), f"?token={token}"), ((PROTOCOL, f"ticket.{token}"), (), ""),
        ((PROTOCOL,), (), "?ticket=" + ticket(street, path)),
    ):  # fmt: skip
        socket = Socket(street, path + query, protocols=protocols, headers=headers)
        opened.append(socket)
        assert socket.status == 401, (protocols, headers, query)


def test_hijack_with_a_used_ticket(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)
    words = ticket(street, path)

    assert knock(street, opened, path, words).status == 101
    assert knock(street, opened, path, words).status == 401


def test_hijack_with_a_ticket_for_another_patient_which_is_void_after_that(street: Street, opened: list[Socket]) -> None:
    words = ticket(street, path_of(street, ADA))

    assert knock(street, opened, path_of(street, BEN), words).status == 401
    assert knock(street, opened, path_of(street, ADA), words).status == 401


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://ward.elsewhere.example", "http://ward:81", "file://"])
def test_hijack_from_another_page(street: Street, opened: list[Socket], origin: str) -> None:
    """ASVS 4.4.2: the browser says which page opens it."""
    path = path_of(street)

    assert knock(street, opened, path, ticket(street, path), origin=origin).status == 403


def test_hijack_by_a_program_with_a_page_s_ticket(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)

    assert knock(street, opened, path, ticket(street, path), origin="").status == 401
    assert knock(street, opened, path, ticket(street, path, origin=""), origin="").status == 101


def test_hijack_with_an_old_ticket(street: Street, opened: list[Socket], monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(street)
    words = ticket(street, path)
    sessions = street.house.wardline.sessions
    later = sessions.now() + LASTS
    monkeypatch.setattr(sessions, "now", lambda: later)

    assert knock(street, opened, path, words).status == 401


def test_hijack_by_somebody_who_may_not_look(street: Street, opened: list[Socket]) -> None:
    """A ticket says who asks, never that they may."""
    path = path_of(street)

    assert knock(street, opened, path, ticket(street, path, role="engineer")).status == 403


def test_hijack_with_the_host_of_somebody_else(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)

    assert knock(street, opened, path, ticket(street, path), headers=("Host: elsewhere.example",)).status == 400


@pytest.mark.parametrize(
    "path", ["/ws/patients/nobody", "/ws/", "/ws/patients/", "/api/v1/stream/board/7A", "/", "/ws/patients/../boards", "/metrics"]
)
def test_nothing_else_is_a_websocket(street: Street, opened: list[Socket], path: str) -> None:
    assert knock(street, opened, path, ticket(street, path_of(street))).status in (401, 404)


def test_sec3_after_signing_out_the_socket_closes(street: Street, opened: list[Socket]) -> None:
    """Within a minute; it is the heartbeat of the stream, ten seconds, that finds out."""
    house: OpenHouse = street.house
    house.user("leaver", "nurse")
    leaver = house.sign_in("leaver")
    path = path_of(street)
    words = leaver.request("POST", "/api/v1/auth/tickets", {"path": path}, headers={"origin": OURS}).json()["ticket"]
    unused = leaver.request("POST", "/api/v1/auth/tickets", {"path": path}, headers={"origin": OURS}).json()["ticket"]
    socket = knock(street, opened, path, words)
    assert socket.is_open

    leaver.post("/api/v1/auth/logout", expect=204)
    began = time.monotonic()
    assert socket.closed_with() == SESSION_ENDED
    assert time.monotonic() - began < 3
    assert knock(street, opened, path, unused).status == 401


HOSTILE: dict[str, tuple[bytes, int]] = {
    "not masked": (b"\x81\x05hello", PROTOCOL_ERROR),
    "an extension nobody agreed to": (b"\xc1\x80\0\0\0\0", PROTOCOL_ERROR),
    "a reserved kind": (b"\x83\x80\0\0\0\0", PROTOCOL_ERROR),
    "a continuation of nothing": (masked(CONTINUATION, b"x"), PROTOCOL_ERROR),
    "a message within a message": (masked(TEXT, b"a", final=False) + masked(TEXT, b"b"), PROTOCOL_ERROR),
    "a ping in two pieces": (masked(PING, b"a", final=False), PROTOCOL_ERROR),
    "a long ping": (masked(PING, b"a" * 126), PROTOCOL_ERROR),
    "a message of 9 exabytes": (b"\x81\xff" + b"\x7f" + b"\xff" * 7 + b"\0\0\0\0", TOO_BIG),
    "many pieces without end": (masked(TEXT, b"a" * 60_000, final=False) + masked(CONTINUATION, b"a" * 60_000, final=False), TOO_BIG),
    "no UTF-8": (masked(TEXT, b"\xff\xfe"), NOT_TEXT),
    "binary": (masked(BINARY, b"x"), POLICY),
    "a flood": (masked(TEXT, b"x") * 2000, POLICY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames_end_their_own_connection_and_no_other(street: Street, opened: list[Socket], name: str) -> None:
    path = path_of(street)
    good, bad = (knock(street, opened, path, ticket(street, path)) for _ in range(2))
    frames, code = HOSTILE[name]

    bad.send(frames)
    if name == "a flood":
        with suppress(ConnectionResetError):  # it was still writing when the connection was closed
            assert bad.closed_with() == code
    else:
        assert bad.closed_with() == code
    good.send(masked(PING, b"still here"))
    assert _pong(good) == b"still here"


def _pong(socket: Socket) -> bytes:
    while True:
        opcode, content = socket.frame()
        if opcode == 0xA:
            return content


def test_a_goodbye_is_answered(street: Street, opened: list[Socket]) -> None:
    path = path_of(street)
    socket = knock(street, opened, path, ticket(street, path))

    socket.send(masked(CLOSE, (1000).to_bytes(2, "big")))

    assert socket.closed_with() == 1000


@pytest.mark.parametrize("headers", [("Sec-WebSocket-Version: 8",), ("Sec-WebSocket-Key: short",)])
def test_a_handshake_that_is_none_is_refused(street: Street, headers: tuple[str, ...]) -> None:
    raw = ["GET /ws/patients/x HTTP/1.1", "Host: ward", "Connection: Upgrade", "Upgrade: websocket", *headers, "", ""]

    (answer,) = street.say("\r\n".join(raw).encode())

    assert answer.status == 400
