"""Making the house ask for somebody (SSRF): addresses inside, names that point elsewhere, redirects, bombs (SEC-6, ASVS 1.3.6)."""

import asyncio
import contextvars
import socket
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
import requests

from wardline.adapters.outgoing.guard import guarded
from wardline.adapters.outgoing.http import HttpOutside
from wardline.adapters.outgoing.places import OutOfBounds, Place, Places, is_inside, is_public, where_of
from wardline.adapters.outgoing.pools import PoolBook
from wardline.core.errors import Fault
from wardline.core.outside import Reply

METADATA = "169.254.169.254"
LISTED = Places([Place("hooks.example", 443), Place("inside.example", 443, private=True), Place("plain.example", 80, in_clear=True)])
HOSTILE = (
    f"https://{METADATA}/latest/meta-data",
    f"http://{METADATA}/",
    "http://127.0.0.1/",
    "https://localhost/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://172.16.0.1/",
    "https://hooks.example@127.0.0.1/",
    "https://127.0.0.1#@hooks.example/",
    "https://127.0.0.1\\@hooks.example/",
    "https://hooks.example:80/",
    "https://hooks.example:22/",
    "https://hooks.example.elsewhere.example/",
    "https://elsewhere.example/?hooks.example",
    "https://hooks。example.elsewhere/",
    "https://hooks.example\r\nHost: inside/",
    "https://hooks.example /",
    "https://hooks.example\t/",
    "https://\u200bhooks.example/",
    "http://hooks.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "ftp://hooks.example/",
    "dict://127.0.0.1:11211/",
    "ldap://hooks.example/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//hooks.example/",
    "hooks.example",
    "",
    "https://",
    "https:///x",
    "https://hooks.example:99999/",
    "https://user:pw@hooks.example/",
    "https://%68ooks.example/",
    "https://hooks.example%00.elsewhere.example/",
    "jar:https://hooks.example!/",
    "https://①②⑦.⓪.⓪.①/",
)


@pytest.mark.parametrize("url", HOSTILE)
def test_ssrf_nothing_that_is_not_listed_is_asked(url: str) -> None:
    with pytest.raises(OutOfBounds):
        where_of(url, LISTED)


@pytest.mark.parametrize("url", ["https://hooks.example/x", "https://HOOKS.example./x", "https://hooks.example:443/", "http://plain.example/"])
def test_what_is_listed_is_asked(url: str) -> None:
    assert where_of(url, LISTED)[0].lower().rstrip(".") in ("hooks.example", "plain.example")


INSIDE = ("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.31.0.1", "192.168.0.9", "::1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::")
NOWHERE = (
    METADATA,
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "100.64.0.1",
    "240.0.0.1",
)
WORLD = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(
    ("addresses", "public", "inside"), [(INSIDE, False, True), (NOWHERE, False, False), (WORLD, True, False)], ids=["inside", "nowhere", "world"]
)
def test_an_address_is_what_it_is_however_it_is_written(addresses: tuple[str, ...], public: bool, inside: bool) -> None:
    assert {address: (is_public(address), is_inside(address)) for address in addresses} == dict.fromkeys(addresses, (public, inside))


def spot(places: Places, host: str) -> str:
    return asyncio.run(places.spot(host, 443)).address


def pointing(*answers: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver of the far side's: it says something else each time."""
    said = iter(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return next(said)

    return resolve


@pytest.mark.parametrize("address", [*INSIDE, *NOWHERE])
def test_ssrf_a_listed_name_that_points_inside_is_not_followed(address: str) -> None:
    places = Places([Place("hooks.example", 443)], resolve=pointing([address], [WORLD[0], address]))

    for _ in range(2):  # also where a good address stands first
        with pytest.raises(OutOfBounds):
            spot(places, "hooks.example")


def test_a_place_inside_is_reached_where_the_site_says_so_but_never_metadata() -> None:
    places = Places([Place("inside.example", 443, private=True)], resolve=pointing(["10.0.0.7"], [METADATA]))

    assert spot(places, "inside.example") == "10.0.0.7"
    with pytest.raises(OutOfBounds):
        spot(places, "inside.example")


class Far(BaseHTTPRequestHandler):
    """The far side: answers, sends elsewhere, answers without end, or packs a bomb."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        Far.asked.append((self.path, self.headers["host"]))
        match self.path:
            case "/elsewhere":
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/secret")
                self.end_headers()
            case "/endless":
                self.send_response(200)
                self.end_headers()
                with_room = b"x" * 65536
                try:
                    for _ in range(2000):
                        self.wfile.write(with_room)
                except OSError:
                    return
            case "/bomb":
                packed = zlib.compress(b"0" * 100_000_000)
                self.send_response(200)
                self.send_header("Content-Encoding", "deflate")
                self.send_header("Content-Length", str(len(packed)))
                self.end_headers()
                self.wfile.write(packed)
            case "/never":
                self.send_response(200)
                self.end_headers()
                threading.Event().wait(3)
            case _:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"here")

    def log_message(self, *_: Any) -> None:
        return


class FarServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """We hang up on it where it goes on for too long."""


@pytest.fixture(scope="module")
def far() -> Iterator[int]:
    server = FarServer(("127.0.0.1", 0), Far)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()


def ask(port: int, path: str, *answers: list[str], seconds: float = 2.0, largest: int = 1_000_000) -> Reply:
    places = Places([Place("far.example", port, private=True, in_clear=True)], resolve=pointing(*answers))

    async def asked() -> Reply:
        outside = HttpOutside(places, PoolBook(lambda: datetime.now(UTC)), seconds=seconds, largest=largest)
        try:
            return await outside.request("GET", f"http://far.example:{port}{path}")
        finally:
            await outside.close()

    return asyncio.run(asked())


def test_the_name_goes_along_and_the_address_is_the_one_that_was_checked(far: int) -> None:
    Far.asked.clear()

    assert ask(far, "/", ["127.0.0.1"]).content == b"here"
    assert Far.asked == [("/", f"far.example:{far}")]


def test_ssrf_dns_rebinding_one_look_up_is_one_connection(far: int) -> None:
    """The second answer would be the metadata service; nobody asks for a second one."""
    assert ask(far, "/", ["127.0.0.1"], [METADATA]).status == 200
    with pytest.raises(OutOfBounds):
        ask(far, "/", [METADATA], ["127.0.0.1"])


def test_ssrf_a_redirect_is_an_answer_and_not_an_order(far: int) -> None:
    Far.asked.clear()

    answer = ask(far, "/elsewhere", ["127.0.0.1"])

    assert (answer.status, len(Far.asked)) == (302, 1)


def test_an_answer_without_end_is_cut_off(far: int) -> None:
    with pytest.raises(Fault, match="larger than"):
        ask(far, "/endless", ["127.0.0.1"])


def test_a_packed_bomb_stays_packed(far: int) -> None:
    assert len(ask(far, "/bomb", ["127.0.0.1"]).content) < 200_000


def test_an_answer_that_never_comes_is_waited_for_so_long_and_no_longer(far: int) -> None:
    with pytest.raises(Fault, match="did not answer within"):
        ask(far, "/never", ["127.0.0.1"], seconds=0.3)


@contextmanager
def held(*places: Place) -> Iterator[None]:
    with guarded(Places(places)):
        yield


def test_a_library_that_connects_by_itself_gets_no_further_than_the_list(far: int) -> None:
    inside = Place("127.0.0.1", 0, private=True)
    with held(inside):
        assert requests.get(f"http://127.0.0.1:{far}/", timeout=2).text == "here"
    for url, places in (
        (f"http://127.0.0.1:{far}/", ()), (f"http://localhost:{far}/", (inside,)), (f"http://2130706433:{far}/", (inside,)),
        (f"http://127.0.0.1:{far}/", (Place("127.0.0.1", far + 1, private=True),)), (f"http://{METADATA}/", (inside,)),
    ):  # fmt: skip
        with pytest.raises(OutOfBounds), held(*places):
            requests.get(url, timeout=2)


def test_what_a_library_does_in_threads_of_its_own_is_held_as_well(far: int) -> None:
    """With the context that libraries hand on to their workers."""
    with ThreadPoolExecutor(1) as pool, pytest.raises(OutOfBounds), held():
        pool.submit(contextvars.copy_context().run, socket.create_connection, ("127.0.0.1", far)).exception()


def test_a_name_that_points_elsewhere_when_a_library_connects_is_refused() -> None:
    """Looked up by the library itself: the address it then connects to is checked, not the name."""
    line = socket.socket()
    try:
        with pytest.raises(OutOfBounds), held(Place("hooks.example", 443)):
            line.connect((METADATA, 443))
    finally:
        line.close()


def test_outside_a_guard_nothing_is_held_up(far: int) -> None:
    with held():
        pass
    with socket.create_connection(("127.0.0.1", far), timeout=2) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert line.recv(10)


def test_the_list_says_what_to_do() -> None:
    with pytest.raises(OutOfBounds, match=r"outgoing\.yaml"):
        where_of("https://unlisted.example/", LISTED)
