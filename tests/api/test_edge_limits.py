"""How much is too much: people, addresses, failed sign-ins, patients within an hour (ASVS 2.4.1); slow bodies; names and proxies (4.1.3)."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.house import PASSWORD, OpenHouse, scope_of
from api.smart.far_side import App
from support.clocks import MORNING
from support.messages import Patient, adt
from wardline.api.edge.limits import HOUR, KEYS, Buckets, Limits, TooMany
from wardline.api.edge.rules import Rules
from wardline.api.edge.visitors import Elsewhere, Visitor, visitor
from wardline.app.edge_settings import EdgeSettings
from wardline.core.people import Person

FORM = "application/x-www-form-urlencoded"
NURSE = Person("u1", "Amelia Brandt", frozenset({"nurse"}))


class Ticking:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def edge(**said: Any) -> EdgeSettings:
    return EdgeSettings(hosts=("ward", "x"), **said)


def test_a_bucket_gives_what_it_holds_and_fills_again() -> None:
    ticking = Ticking()
    buckets = Buckets(60, ticking)

    assert [buckets.take("a", 3) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 3) == pytest.approx(20)
    assert buckets.take("b", 3) == 0, "another's bucket is another's"
    ticking.now = 20
    assert buckets.take("a", 3) == 0


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 20))
def test_no_pattern_of_asking_gets_more_than_a_bucket_and_what_flows_in(waits: list[float], most: int) -> None:
    ticking = Ticking()
    buckets, got = Buckets(60, ticking), 0
    for wait in waits:
        ticking.now += wait
        got += buckets.take("a", most) == 0

    assert got <= most + ticking.now * most / 60 + 1e-6


def test_memory_is_bounded_however_many_addresses_ask() -> None:
    buckets = Buckets(60, Ticking())
    for number in range(KEYS + 1000):
        buckets.take(str(number), 1)

    assert len(buckets) == KEYS


def test_many_patients_within_an_hour_are_too_many_and_the_same_one_is_not() -> None:
    ticking = Ticking()
    limits = Limits(Rules(patients_per_hour=10), ticking)
    for _ in range(5):
        for number in range(10):
            limits.patient(NURSE, f"p{number}")

    with pytest.raises(TooMany) as refused:
        limits.patient(NURSE, "p10")
    assert refused.value.retry_after == pytest.approx(HOUR, abs=2)
    limits.patient(NURSE, "p3")
    limits.patient(NURSE._replace(id="u2"), "p10")
    ticking.now = HOUR + 1
    limits.patient(NURSE, "p10")


def test_a_role_can_have_its_own_rate_and_who_has_several_gets_the_most() -> None:
    limits = Limits(Rules(requests_per_minute=100, by_role={"researcher": 2, "doctor": 5}), Ticking())

    def taken(person: Person) -> int:
        for number in range(200):
            try:
                limits.person(person)
            except TooMany:
                return number
        return 200

    assert taken(NURSE) == 100
    assert taken(Person("r", "R", frozenset({"researcher"}))) == 2
    assert taken(Person("d", "D", frozenset({"researcher", "doctor"}))) == 5


def test_whoever_goes_on_is_told_when_to_come_again_counted_and_in_the_trail_once(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=edge(requests_per_minute=60))
    nurse = house.as_("nurse")
    answers = [nurse.request("GET", "/api/v1/boards") for _ in range(80)]

    late = [answer for answer in answers if answer.status_code == 429]
    assert 15 <= len(late) <= 20
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in late)
    assert len(house.audited(action="limit met")) == 1
    assert f'wardline_limit_met_total{{limit="requests"}} {len(late)}.0' in house.as_("engineer").get("/metrics")


def test_a_ward_s_screens_never_meet_the_limit(open_house: Callable[..., OpenHouse]) -> None:
    """A screen asks when something has changed; three hundred requests in a few seconds are more than any does."""
    house = open_house(edge=edge())
    nurse = house.as_("nurse")

    assert {nurse.request("GET", "/api/v1/boards").status_code for _ in range(300)} == {200}


def test_bulk_pulling_of_charts_ends(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=edge(patients_per_hour=10))
    patients = [Patient(f"2{number:03}", f"Family{number}", "Ada") for number in range(12)]
    house.send(*(adt("A01", each, at=MORNING, visit=f"V{each.number}", bed=each.number) for each in patients))
    nurse = house.as_("nurse")

    statuses = [nurse.request("GET", f"/api/v1/patients/{house.key(each)}").status_code for each in patients]

    assert statuses == [200] * 10 + [429] * 2
    assert nurse.request("GET", f"/api/v1/patients/{house.key(patients[0])}/timeline").status_code == 200


def test_failed_sign_ins_of_one_address_end_and_good_ones_cost_nothing(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=edge(failed_sign_ins_per_minute=5))
    house.user("nurse", "nurse")
    visitor = house.nobody()
    for _ in range(8):
        visitor.post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})

    wrong = [visitor.request("POST", "/api/v1/auth/login", {"login": f"nobody{number}", "password": "wrong"}).status_code for number in range(7)]

    assert wrong == [403] * 5 + [429] * 2
    visitor.post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD}, 429)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/introspect", "/oauth/revoke"])
def test_an_app_that_guesses_is_stopped_and_its_user_still_signs_in(open_house: Callable[..., OpenHouse], path: str) -> None:
    """SEC-7: a secret of an app is guessed at like a password; the person beside a broken app is not locked out with it."""
    house = open_house(edge=edge(failed_sign_ins_per_minute=5))
    house.user("nurse", "nurse")
    app = house.nobody()

    def tried(number: int) -> int:
        said = {"authorization": "Basic " + b64encode(f"charts:guess{number}".encode()).decode(), "content-type": FORM}
        return app.request("POST", path, b"grant_type=client_credentials&token=x", headers=said).status_code

    assert [tried(number) for number in range(7)] == [401] * 5 + [429] * 2
    assert [entry["detail"]["limit"] for entry in house.audited(action="limit met")] == ["tokens"]
    house.nobody().post("/api/v1/auth/login", {"login": "nurse", "password": PASSWORD})


def test_codes_that_are_none_count_as_guesses(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=edge(failed_sign_ins_per_minute=5))
    app = App(house)

    statuses = [_redeemed(app, f"guess{number}") for number in range(7)]

    assert statuses == [400] * 5 + [429] * 2


def _redeemed(app: App, code: str) -> int:
    said = f"grant_type=authorization_code&code={code}&redirect_uri=https://charts.example/&code_verifier={'v' * 43}&client_id={app.id}"
    return app.visitor.request("POST", "/oauth/token", said.encode(), headers={"content-type": FORM}).status_code


def test_a_body_that_comes_too_slowly_is_not_waited_for(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(edge=edge(body_seconds=0.2))

    async def trickle() -> int:
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(0.05)
            return {"type": "http.request", "body": b" ", "more_body": True}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await asyncio.wait_for(house.asgi(scope_of("POST", "/api/v1/auth/login", (b"content-type", b"application/json")), receive, send), 5)  # type: ignore[arg-type]
        return statuses[0]

    assert house.do(trickle) == 408


RULES = Rules(hosts=frozenset({"ward.example", "[::1]", "127.0.0.1"}), proxies=frozenset({"10.0.0.1", "10.0.0.2"}))


def seen(*headers: tuple[bytes, bytes], peer: str = "10.0.0.1", host: bytes = b"ward.example") -> Visitor:
    return visitor({"headers": [(b"host", host), *headers], "client": (peer, 1), "scheme": "http"}, RULES)


@pytest.mark.parametrize("host", [b"ward.example", b"WARD.example:8080", b"[::1]:80", b"127.0.0.1:1"])
def test_our_own_names_are_ours(host: bytes) -> None:
    assert seen(host=host).host == host.decode().lower()


@pytest.mark.parametrize(
    "host", [b"", b"elsewhere.example", b"ward.example.elsewhere.example", b"ward.example:x", b"[::1", b"ward.example:80:80", b"ward.example."]
)
def test_other_names_are_not(host: bytes) -> None:
    with pytest.raises(Elsewhere):
        seen(host=host)


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("10.0.0.1", b"192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", b"198.51.100.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"),  # what stands further left, anybody may have written
        ("10.0.0.1", b"nonsense", "10.0.0.1"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("203.0.113.5", b"192.0.2.7", "203.0.113.5"),
    ],
)
def test_only_a_proxy_of_ours_is_believed_about_addresses(peer: str, said: bytes, address: str) -> None:
    assert seen((b"x-forwarded-for", said), peer=peer).address == address


def test_only_a_proxy_of_ours_is_believed_about_the_scheme() -> None:
    assert seen((b"x-forwarded-proto", b"https")).scheme == "https"
    assert seen((b"x-forwarded-proto", b"https"), peer="203.0.113.5").scheme == "http"
    assert seen((b"x-forwarded-proto", b"javascript")).scheme == "http"
