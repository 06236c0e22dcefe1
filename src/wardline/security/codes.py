"""Codes: six digits that an app on a phone shows for half a minute, and recovery codes on paper for the day the phone is lost."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
import segno

DRIFT: Final = 1
"""Steps of 30 s that a phone's clock may be off. RFC 6238, 5.2: at most one step is recommended as the network delay."""
RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 15
"""120 random bits: ASVS 6.5.2 lets look-up secrets of 112 bits and more be kept under a plain hash (number from memory)."""


def new_secret() -> str:
    """160 random bits, as RFC 4226, 4 (R6) recommends."""
    return pyotp.random_base32(32)


def address(secret: str, login: str, hospital: str) -> str:
    """What an app reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"Wardline, {hospital}")


def square(text: str) -> str:
    """A square code as inline SVG; dark on light in both themes, as cameras want it."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=1, border=4, dark="#000", light="#fff", omitsize=True)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step this code belongs to, if it is one of now, give or take the drift."""
    app, digits = pyotp.TOTP(secret), "".join(code.split())
    now = int(at.timestamp()) // app.interval
    # All are compared, so that the clock does not say which one it was.
    found = [step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(app.generate_otp(step).encode(), digits.encode())]
    return found[-1] if found else None


def recovery_codes() -> tuple[str, ...]:
    """New ones, in groups of four letters and digits that are not mistaken for each other on paper."""
    made = (base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES))
    return tuple("-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in made)


def recovery_digest(code: str) -> bytes:
    """What is kept of one, however it was typed."""
    return hashlib.sha256("".join(letter for letter in code.lower() if letter.isalnum()).encode()).digest()
