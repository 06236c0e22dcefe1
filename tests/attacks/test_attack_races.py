"""Two at once where only one may be: approvals, one-time codes, tickets, refreshes (ASVS 2.3.4, 15.4)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from api.house import OpenHouse
from api.second_factors import add_app, challenged, next_code, signed_in
from support.clocks import MORNING
from support.messages import ADA, adt
from wardline.api import retention
from wardline.core.errors import Conflict
from wardline.core.people import Role
from wardline.security.entrance import Proof

TIMES = 8


def test_an_erasure_that_two_agree_to_at_once_is_carried_out_once(open_house: Callable[..., OpenHouse], tmp_path: Any) -> None:
    folder = tmp_path / "data" / "config"
    folder.mkdir(parents=True)
    signed = 'owner: Office\nversion: "1"\ndate: 2026-01-01\nsigned_by: Dr Test\njurisdiction: Germany\nrules:\n'
    (folder / "retention.yaml").write_text(f'{signed}  patient: {{keep_years: 0, basis: "a rule of this test"}}\n', encoding="utf-8")
    house = open_house()
    house.send(*(adt(kind, ADA, at=MORNING, visit="V1", unit="7A", bed="12") for kind in ("A01", "A03")))
    officers = []
    for login in ("anna", "berta", "carla"):
        house.user(login, Role.PRIVACY, name=login.title())
        officers.append(house.sign_in(login))
    asked = officers[0].ask("DELETE", f"/api/v1/patients/{house.key()}", expect=202, query={"ground": "b"})

    async def both() -> list[Any]:
        people = [house.wardline.sessions.person(each.token) for each in officers[1:]]
        return await asyncio.gather(*(retention.approve(asked["id"], each, house.running.services) for each in people), return_exceptions=True)

    answers = house.do(both)

    assert [type(each) for each in answers].count(Conflict) == 1, answers
    assert house.do(lambda: house.running.services.erasing.register_state())[0] == 1


def test_a_code_of_an_app_lets_one_in_however_often_it_comes_at_once(open_house: Callable[..., OpenHouse]) -> None:
    """RFC 6238 5.2: a code is good once, for whoever is first."""
    house = open_house()
    house.user("admin", Role.ADMIN)
    app, recovery = add_app(signed_in(house, "admin"))
    entrance = house.running.services.entrance
    for way, text in (("app", next_code(house, app)), ("recovery", recovery[0])):
        tokens = [challenged(house)["challenge"] for _ in range(TIMES)]

        async def all_at_once(way: Any = way, text: str = text, tokens: list[str] = tokens) -> list[Any]:
            return await asyncio.gather(*(entrance.finish(each, Proof(way, text), "thief", None) for each in tokens), return_exceptions=True)

        came = house.do(all_at_once)
        assert sum(1 for each in came if not isinstance(each, Exception)) == 1, way
        later_on = house.wardline.sessions.now() + timedelta(hours=2)
        house.wardline.sessions.accounts.now = lambda later_on=later_on: later_on  # the wrong tries have locked the account


def test_one_challenge_begins_one_session(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()
    house.user("admin", Role.ADMIN)
    _, recovery = add_app(signed_in(house, "admin"))
    entrance, token = house.running.services.entrance, challenged(house)["challenge"]

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(
            *(entrance.finish(token, Proof("recovery", code), "thief", None) for code in recovery[:3]), return_exceptions=True
        )

    assert sum(1 for each in house.do(all_at_once) if not isinstance(each, Exception)) == 1
