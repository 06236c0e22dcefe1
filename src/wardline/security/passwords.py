"""Passwords: Argon2id, long enough, and none of the ones everybody tries first."""

from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from wardline.core.errors import Refused
from wardline.security.breached import IsListed, is_common, nothing

SHORTEST: Final = 12
LONGEST: Final = 200
SHORTEST_NAME: Final = 4
"""A name of two letters is part of many good passwords."""
_HASHER: Final = PasswordHasher()  # Argon2id with the library's parameters (RFC 9106, low-memory profile)


def check(password: str, *names: str, is_listed: IsListed = nothing) -> None:
    """Raise `Refused` with a sentence on what to choose instead. `names` are those of whose password it is to be.

    Length counts; digits and signs need not be there (ASVS 6.2: at least 8, better 15; 64 and more are taken; no composition rules).
    """
    if len(password) < SHORTEST:
        raise Refused(f"a password has at least {SHORTEST} characters; three unrelated words are a good one", code="password")
    if len(password) > LONGEST:
        raise Refused(f"a password has at most {LONGEST} characters", code="password")
    if is_common(password) or is_listed(password):
        raise Refused("this password is among the first that are tried; choose three unrelated words", code="password")
    own = (part for name in names for part in name.lower().split() if len(part) >= SHORTEST_NAME)
    if any(part in password.lower() for part in own):
        raise Refused("a password must not contain your own name", code="password")


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Takes some 50 ms on purpose; call it in a thread."""
    try:
        return _HASHER.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobodys() -> str:
    """What an unknown name's password is compared with, so that it cannot be told from a known one by the clock."""
    return hashed("a password that is nobody's")
