"""Asking twice does it once: the same key, the same request, the same answer, whatever happens in between."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.house import OpenHouse
from wardline.adapters.embedded.deeds import SqliteDeeds
from wardline.api.edge.idempotency import KEPT_FOR, NOT_KNOWN, OTHER_REQUEST, WAS_DONE

PATH = "/api/v1/users"


def account(login: str = "m.ito") -> dict[str, Any]:
    return {"login": login, "name": "Mika Ito", "password": "three unrelated cobblestones", "roles": ["nurse"]}


def ask(house: OpenHouse, key: str, content: Any = None, *, role: str = "admin") -> Any:
    return house.as_(role).request("POST", PATH, content or account(), headers={"idempotency-key": key})


def test_the_same_request_twice_is_done_once_and_answered_the_same(house: OpenHouse) -> None:
    first, second = ask(house, "k1"), ask(house, "k1")

    assert first.status_code == second.status_code < 300
    assert first.content == second.content
    assert (first.headers.get("idempotency-replayed"), second.headers.get("idempotency-replayed")) == (None, "true")
    assert ask(house, "k2").status_code == 409, "without its key it would have been done again"


def test_another_request_with_the_key_is_refused(house: OpenHouse) -> None:
    ask(house, "k1")
    other = ask(house, "k1", account("o.other"))

    assert (other.status_code, other.json()["detail"]) == (422, OTHER_REQUEST)


def test_everybody_has_keys_of_their_own(house: OpenHouse) -> None:
    house.user("second", "admin")
    ask(house, "k1")
    again = house.sign_in("second").request("POST", PATH, account("x.yamada"), headers={"idempotency-key": "k1"})

    assert again.status_code < 300


def test_two_at_the_same_moment_are_one(house: OpenHouse) -> None:
    admin = house.as_("admin")

    async def both() -> list[Any]:
        headers = {"authorization": f"Bearer {admin.token}", "idempotency-key": "k1"}
        return list(await asyncio.gather(*(admin._request("POST", PATH, account(), {}, headers) for _ in range(5))))

    answers = house.do(both)
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_what_was_refused_was_not_done_and_may_be_asked_again(house: OpenHouse) -> None:
    assert ask(house, "k1", {**account(), "password": "short"}).status_code == 400
    assert ask(house, "k1", account()).status_code < 300


def test_after_a_restart_it_is_not_done_again(open_house: Callable[..., OpenHouse]) -> None:
    """The answer may be about a patient and is on no disk; that it was done is."""
    house = open_house("kept")
    first = ask(house, "k1")
    house.close()

    again = open_house("kept")
    refused = ask(again, "k1")
    # The administrator of this house is the one of the folder: the same person.
    assert (refused.status_code, refused.json()["detail"]) == (409, WAS_DONE)
    assert first.json()["id"].encode() not in (again.data / "deeds.db").read_bytes()


def test_what_was_cut_off_is_said_to_be_unknown(house: OpenHouse) -> None:
    deeds, now = house.wardline.deeds, house.wardline.sessions.now()
    admin = house.as_("admin").get("/api/v1/auth/me")["id"]
    ask(house, "k1")
    row = house.do(deeds.find, f"{admin} ", "k1", now - KEPT_FOR)
    house.do(deeds.begin, f"{admin} ", "k9", row.asked, now)

    refused = ask(house, "k9")
    assert (refused.status_code, refused.json()["detail"]) == (409, NOT_KNOWN)


def test_after_a_day_a_key_is_new_again(house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds: SqliteDeeds = house.wardline.deeds
    now = house.wardline.sessions.now()
    house.do(deeds.begin, "u", "k", b"x", now)

    assert house.do(deeds.find, "u", "k", now - KEPT_FOR) is not None
    assert house.do(deeds.find, "u", "k", now + timedelta(seconds=1)) is None
    house.do(deeds.forget_before, now + timedelta(seconds=1))
    assert house.do(deeds.find, "u", "k", now - KEPT_FOR) is None


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_is_short_and_printable(shared: OpenHouse, key: str) -> None:
    assert ask(shared, key).status_code == 400


def test_a_key_says_nothing_on_disk(house: OpenHouse) -> None:
    """Programs put patients into their keys."""
    ask(house, "canary-1001-moss")

    assert [file for file in house.data.rglob("*") if file.is_file() and b"canary-1001-moss" in file.read_bytes()] == []
