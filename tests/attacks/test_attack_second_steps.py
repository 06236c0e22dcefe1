"""The challenge between password and second factor: kept alive for ever, or pushed out by strangers (ASVS 6.5.5, 2.4.1)."""

from collections.abc import Callable

import pytest

from api.house import OpenHouse
from api.second_factors import MFA, add_app, challenged, later, next_code, show, signed_in
from wardline.security.one_time import ROOM
from wardline.security.passkeys import Party


@pytest.fixture
def house(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    opened = open_house()
    opened.user("admin", "admin")
    return opened


def test_a_second_step_is_not_kept_open_by_asking_for_it_again(house: OpenHouse) -> None:
    """Else whoever had the password once waits for the rest until it can be had, whatever the password has become meanwhile."""
    app, _ = add_app(signed_in(house, "admin"))
    held = challenged(house)["challenge"]
    for _ in range(2):
        later(house, minutes=2)
        held = house.nobody().post(f"{MFA}/step", {"challenge": held})["challenge"]
    later(house, minutes=2)

    house.nobody().post(f"{MFA}/step", {"challenge": held}, 403)
    show(house, held, "app", next_code(house, app), 403)


def test_however_many_strangers_begin_a_sign_in_nobody_has_to_begin_theirs_again(house: OpenHouse) -> None:
    app, _ = add_app(signed_in(house, "admin"))
    mine, entrance = challenged(house)["challenge"], house.running.services.entrance
    party = Party("ward.example", "https://ward.example", "St Test")
    for _ in range(ROOM + 1):
        house.do(entrance.ask_any_passkey, party)

    assert show(house, mine, "app", next_code(house, app)).token
