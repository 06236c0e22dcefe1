"""Passkeys at the doors, by a device made of software: bound to this address, this sign-in, whoever holds them, and no copies."""

from collections.abc import Callable
from typing import Any

import pytest

from api.house import PASSWORD, OpenHouse, Visitor
from api.second_factors import MFA, NEEDING, later, signed_in
from support.authenticator import SoftAuthenticator

HERE = "http://localhost"


@pytest.fixture
def house(open_house: Callable[..., OpenHouse]) -> OpenHouse:
    """Administrators need a second factor here; nurses may have one."""
    opened = open_house(second_factor=NEEDING)
    opened.user("admin", "admin")
    opened.user("nurse", "nurse")
    return opened


def _passkey(visitor: Visitor, device: SoftAuthenticator, name: str = "Ward computer 3", expect: int = 201) -> Any:
    offer = _there(visitor, "POST", f"{MFA}/passkeys/offer")
    made = device.made(offer["options"], HERE)
    return _there(visitor, "POST", f"{MFA}/passkeys", {"token": offer["token"], "credential": made, "name": name}, expect)


def _there(visitor: Visitor, method: str, path: str, content: Any = None, expect: int = 200) -> Any:
    """At the address that passkeys are bound to."""
    return visitor.ask(method, f"{HERE}{path}", content, expect=expect)


def _asked(house: OpenHouse, login: str = "nurse") -> Any:
    return _there(house.nobody(), "POST", "/api/v1/auth/login", {"login": login, "password": PASSWORD})


def _sign(house: OpenHouse, asked: dict[str, Any], credential: Any, expect: int = 200) -> Visitor:
    visitor = house.nobody()
    shown = {"challenge": asked["challenge"], "way": "passkey", "credential": credential}
    visitor.token = _there(visitor, "POST", f"{MFA}/login", shown, expect).get("access_token", "")
    return visitor


def test_a_passkey_is_added_and_answers_the_challenge(house: OpenHouse) -> None:
    device = SoftAuthenticator()
    added = _passkey(signed_in(house, "nurse"), device)
    assert (added["factor"]["kind"], added["factor"]["name"], len(added["recovery_codes"])) == ("passkey", "Ward computer 3", 10)

    asked = _asked(house)
    assert asked["ways"] == ["passkey", "recovery"]
    nurse = _sign(house, asked, device.signed(asked["passkey"], HERE))

    assert nurse.get("/api/v1/auth/me")["roles"] == ["nurse"]


def test_a_passkey_alone_says_who_it_is(house: OpenHouse) -> None:
    """Two kinds of proof in one: the device, and what it asked of whoever holds it."""
    device = SoftAuthenticator()
    _passkey(signed_in(house, "admin"), device)

    asked = _there(house.nobody(), "POST", f"{MFA}/passkey", {})
    admin = _sign(house, asked, device.signed(asked["passkey"], HERE))

    assert admin.get("/api/v1/auth/me")["roles"] == ["admin"]


def test_a_passkey_proves_again(house: OpenHouse) -> None:
    nurse, device = signed_in(house, "nurse"), SoftAuthenticator()
    _passkey(nurse, device)
    later(house, minutes=6)
    asked = _there(nurse, "POST", f"{MFA}/challenge")

    shown = {"challenge": asked["challenge"], "way": "passkey", "credential": device.signed(asked["passkey"], HERE)}
    _there(nurse, "POST", f"{MFA}/confirm", shown, 204)

    nurse.post(f"{MFA}/app/offer")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"origin": "http://localhost.evil.example"}, "signed for another page"),
        ({"verified": False}, "the device did not make sure who holds it"),
        ({"host": "evil.example"}, "bound to another host"),
        ({"challenge": b"another challenge altogether, 32 b"}, "signed for another sign-in"),
        ({"broken": True}, "not its signature"),
    ],
)
def test_what_a_passkey_did_not_sign_here_and_now_opens_nothing(house: OpenHouse, how: dict[str, Any], why: str) -> None:
    device = SoftAuthenticator()
    _passkey(signed_in(house, "nurse"), device)
    asked = _asked(house)

    _sign(house, asked, device.signed(asked["passkey"], **{"origin": HERE, **how}), 403)


def test_a_copied_passkey_is_noticed_by_its_count(house: OpenHouse) -> None:
    """WebAuthn, 7.2 step 22."""
    device = SoftAuthenticator()
    _passkey(signed_in(house, "nurse"), device)
    copy = device.copied()
    for _ in range(2):
        asked = _asked(house)
        _sign(house, asked, device.signed(asked["passkey"], HERE))

    asked = _asked(house)
    _sign(house, asked, copy.signed(asked["passkey"], HERE), 403)


def test_what_was_signed_cannot_be_sent_again(house: OpenHouse) -> None:
    device = SoftAuthenticator()
    _passkey(signed_in(house, "nurse"), device)
    asked = _asked(house)
    signed = device.signed(asked["passkey"], HERE)
    _sign(house, asked, signed)

    _sign(house, asked, signed, 403)
    _sign(house, _asked(house), signed, 403)


def test_one_persons_passkey_does_not_answer_for_another(house: OpenHouse) -> None:
    own, others = SoftAuthenticator(), SoftAuthenticator()
    _passkey(signed_in(house, "nurse"), own)
    _passkey(signed_in(house, "admin"), others)

    asked = _asked(house, "admin")
    _sign(house, asked, own.signed(asked["passkey"], HERE), 403)


def test_a_passkey_is_registered_once(house: OpenHouse) -> None:
    nurse, device = signed_in(house, "nurse"), SoftAuthenticator()
    _passkey(nurse, device)

    _passkey(signed_in(house, "admin"), device, expect=409)


def test_without_an_address_that_browsers_bind_to_there_are_no_passkeys(house: OpenHouse) -> None:
    """What a request claims to be addressed to is not believed (ASVS 4.1.3)."""
    nurse = signed_in(house, "nurse")

    assert nurse.get(MFA)["passkeys"] is False
    assert "an administrator sets `address`" in nurse.post(f"{MFA}/passkeys/offer", expect=400)["detail"]
    house.nobody().post(f"{MFA}/passkey", {}, 400)


def test_the_address_the_site_has_said_is_the_one_passkeys_are_bound_to(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house(address="https://wardline.hospital.example")
    house.user("nurse", "nurse")

    options = signed_in(house, "nurse").post(f"{MFA}/passkeys/offer")["options"]

    assert options["rp"]["id"] == "wardline.hospital.example"
    assert options["authenticatorSelection"]["userVerification"] == "required"
