"""People with second factors at the doors of a house: signing in, adding an app, letting time pass."""

from datetime import timedelta
from typing import Any, Final

import pyotp

from api.house import PASSWORD, OpenHouse, Visitor

MFA: Final = "/api/v1/auth/mfa"
NEEDING: Final = ("admin",)
"""Roles that ask for a second factor in the house of these tests."""


def signed_in(house: OpenHouse, login: str) -> Visitor:
    """With the password alone."""
    visitor = house.nobody()
    visitor.token = visitor.post("/api/v1/auth/login", {"login": login, "password": PASSWORD})["access_token"]
    return visitor


def add_app(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """An app added to the account, and the recovery codes that came with it."""
    offer = visitor.post(f"{MFA}/app/offer")
    app = pyotp.TOTP(offer["secret"])
    added = visitor.post(f"{MFA}/app", {"token": offer["token"], "code": app.now(), "name": "Phone"}, 201)
    return app, added["recovery_codes"]


def later(house: OpenHouse, **by: float) -> None:
    """Sessions, codes and challenges live by this clock."""
    sessions, entrance = house.wardline.sessions, house.running.services.entrance
    now, factors = sessions.now() + timedelta(**by), entrance.factors
    for each in (sessions, sessions.accounts, sessions.api_keys, factors, factors._apps, factors._passkeys, entrance._steps, entrance._unnamed):
        each.now = lambda: now


def next_code(house: OpenHouse, app: pyotp.TOTP) -> str:
    """What the app shows; half a minute after the last one, because a code works once."""
    later(house, seconds=30)
    return app.at(house.wardline.sessions.now())


def challenged(house: OpenHouse, login: str = "admin") -> dict[str, Any]:
    asked: dict[str, Any] = house.nobody().post("/api/v1/auth/login", {"login": login, "password": PASSWORD})
    assert "access_token" not in asked
    return asked


def show(house: OpenHouse, challenge: str, way: str, text: str, expect: int = 200) -> Visitor:
    visitor = house.nobody()
    answered = visitor.post(f"{MFA}/login", {"challenge": challenge, "way": way, "text": text}, expect)
    visitor.token = answered.get("access_token", "")
    return visitor
