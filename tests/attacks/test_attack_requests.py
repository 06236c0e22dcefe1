"""Requests that want to be read differently by two programs, and connections that want to stay for ever (ASVS 4.2.1, V15)."""

import socket
import time

import pytest

from attacks.street import Street, answers_in, heard
from wardline.app import http_server

SECRET = b"GET /health HTTP/1.1\r\nHost: ward\r\nX-Smuggled: yes\r\n\r\n"
CHUNKED = b"0\r\n\r\n"


def _post(*headers: bytes, body: bytes) -> bytes:
    return b"\r\n".join([b"POST /api/v1/auth/login HTTP/1.1", b"Host: ward", b"Content-Type: application/json", *headers, b"", body])


LENGTH = str(len(CHUNKED + SECRET)).encode()
SMUGGLED = {
    "length and chunks": _post(b"Content-Length: " + LENGTH, b"Transfer-Encoding: chunked", body=CHUNKED + SECRET),
    "chunks and length": _post(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=CHUNKED + SECRET),
    "two lengths": _post(b"Content-Length: 0", b"Content-Length: " + LENGTH, body=SECRET),
    "a list of lengths": _post(b"Content-Length: 0, " + LENGTH, body=SECRET),
    "a length with a sign": _post(b"Content-Length: +" + LENGTH, body=SECRET),
    "a negative length": _post(b"Content-Length: -1", body=SECRET),
    "a length in hexadecimal": _post(b"Content-Length: 0x0", body=SECRET),
    "an endless length": _post(b"Content-Length: 99999999999999999999999", body=SECRET),
    "chunks with a space": _post(b"Transfer-Encoding : chunked", body=CHUNKED + SECRET),
    "chunks after something else": _post(b"Transfer-Encoding: identity, chunked", b"Content-Length: " + LENGTH, body=CHUNKED + SECRET),
    "chunks before something else": _post(b"Transfer-Encoding: chunked, identity", body=CHUNKED + SECRET),
    "chunks in disguise": _post(b"Transfer-Encoding: xchunked", b"Content-Length: 4", body=b"null" + SECRET),
    "chunks twice": _post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=CHUNKED + SECRET),
    "chunks on a folded line": _post(b"Transfer-Encoding:\r\n chunked", b"Content-Length: 4", body=b"null" + SECRET),
    "chunks behind a vertical tab": _post(b"Transfer-Encoding: \x0bchunked", b"Content-Length: 4", body=b"null" + SECRET),
    "a bare line feed": b"POST /api/v1/auth/login HTTP/1.1\nHost: ward\nContent-Length: 0\n\n" + SECRET,
    "a null byte in a name": _post(b"Content-Le\0ngth: 4", body=SECRET),
    "a chunk with a wrong size": _post(b"Transfer-Encoding: chunked", body=b"fffffffffffffffffffff\r\n" + SECRET),
    "a chunk without its end": _post(b"Transfer-Encoding: chunked", body=b"1\r\nZ" + b"0\r\n\r\n" + SECRET),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /health\r\n\r\n" + SECRET,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_request_that_contradicts_itself_is_one_request_or_none(street: Street, name: str) -> None:
    """What stands behind it is never taken for a request of its own, unless the first one ended by every reading."""
    answers = street.say(SMUGGLED[name])

    assert len(answers) <= 1 or answers[0].status == 400 or name == "a bare line feed", (name, [each.status for each in answers])
    assert all(answer.status < 500 for answer in answers)
    assert street.ask("GET", "/health").status == 200


def test_two_requests_behind_each_other_are_answered_in_order(street: Street) -> None:
    """Pipelining is allowed; mixing up answers is not."""
    both = b"GET /health HTTP/1.1\r\nHost: ward\r\n\r\nGET /api/v1/boards HTTP/1.1\r\nHost: ward\r\n\r\n"

    assert [answer.status for answer in street.say(both, patience=1.5)] == [200, 401]


@pytest.mark.parametrize("header", ["Host", "Authorization", "Content-Type", "Origin", "Idempotency-Key"])
def test_a_header_that_means_something_once_is_there_once(street: Street, header: str) -> None:
    answer = street.ask("POST", "/api/v1/auth/login", f"{header}: ward", f"{header}: elsewhere.example", body=b"{}")

    assert answer.status == 400


def test_control_characters_never_get_into_an_answers_head(street: Street) -> None:
    """What somebody sends stays out of the headers of the answer, whatever it has in it."""
    for hostile in ("/health%0d%0aSet-Cookie:%20a=b", "/%0d%0aX-Injected:yes", "/api/v1/patients?q=%0d%0aX-Injected:%20yes", "/assets/%0d%0aX: y.js"):
        answer = street.ask("GET", hostile, "Origin: http://ward%0d%0aX-Injected: yes")
        assert not {"x-injected", "set-cookie", "x"} & set(answer.headers)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds, sooner: how long they are is not what is tested."""
    monkeypatch.setattr(http_server, "HEADERS_WITHIN_SECONDS", 0.5)


@pytest.mark.usefixtures("impatient")
def test_slow_headers_are_shown_out(street: Street) -> None:
    """Slowloris: one byte now and then keeps no connection."""
    before = http_server.BoundedHttp.shown_out["slow headers"]
    with street.connect() as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: ward\r\nX-Slow: ")
        began = time.monotonic()
        while time.monotonic() - began < 5:
            try:
                line.sendall(b"a")
            except OSError:
                break
            time.sleep(0.1)
        assert time.monotonic() - began < 3
    assert http_server.BoundedHttp.shown_out["slow headers"] == before + 1


@pytest.mark.usefixtures("impatient")
def test_a_connection_that_says_nothing_is_shown_out(street: Street) -> None:
    with street.connect() as line:
        assert heard(line, 3) == b""


@pytest.mark.usefixtures("impatient")
def test_slow_headers_on_a_kept_connection_are_shown_out_as_well(street: Street) -> None:
    """uvicorn's own bound ends with the first byte of the next request."""
    with street.connect() as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: ward\r\n\r\n")
        line.settimeout(10)
        assert [each.status for each in answers_in(line.recv(65536))] == [200]
        line.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        began = time.monotonic()
        heard(line, 4)
        assert time.monotonic() - began < 2


def test_somebody_who_asks_and_does_not_read_is_shown_out(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow read: what is kept for them is bounded, and so is how long."""
    monkeypatch.setattr(http_server, "READS_WITHIN_SECONDS", 0.3)
    before = http_server.BoundedHttp.shown_out["slow reader"]
    token = street.house.as_("nurse").token
    with street.connect() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(f"GET /api/v1/stream/board/7A HTTP/1.1\r\nHost: ward\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        assert line.recv(20)
        until = time.monotonic() + 5
        while http_server.BoundedHttp.shown_out["slow reader"] == before and time.monotonic() < until:
            street.house.do(street.house.running.live.publish, "board/7A", b"event: x\ndata: " + b"x" * 200_000 + b"\n\n")
            time.sleep(0.02)
    assert http_server.BoundedHttp.shown_out["slow reader"] == before + 1


@pytest.mark.parametrize("head", [b"X-Long: " + b"a" * 100_000, b"\r\n".join(b"X-%d: a" % i for i in range(20_000)), b"Cookie: " + b"a=b; " * 20_000])
def test_endless_headers_are_shown_out(street: Street, head: bytes) -> None:
    answers = street.say(b"GET /health HTTP/1.1\r\nHost: ward\r\n" + head + b"\r\n\r\n")

    assert [answer.status for answer in answers] in ([], [400])
    assert street.ask("GET", "/health").status == 200


def test_one_address_has_so_many_connections_and_no_more(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "AT_MOST_OF_ONE", 5)
    lines = [street.connect() for _ in range(12)]
    try:
        time.sleep(0.2)
        alive = [line for line in lines if _is_alive(line)]
        assert len(alive) <= 5
    finally:
        for line in lines:
            line.close()


def _is_alive(line: object) -> bool:
    try:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: ward\r\n\r\n")  # type: ignore[attr-defined]
        return heard(line, 0.3).startswith(b"HTTP/1.1 200")  # type: ignore[arg-type]
    except OSError:
        return False
