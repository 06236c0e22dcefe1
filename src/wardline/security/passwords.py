"""Passwords: Argon2id, long enough, and none of the ones everybody tries first."""

import re
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from wardline.core.errors import Refused

SHORTEST: Final = 12
LONGEST: Final = 200
SHORTEST_NAME: Final = 4
"""A name of two letters is part of many good passwords."""
_COMMON: Final = (
    "password",
    "wardline",
    "welcome",
    "qwerty",
    "letmein",
    "hospital",
    "changeme",
    "123456789",
    "abcdefgh",
    "iloveyou",
    "administrator",
)
_HASHER: Final = PasswordHasher()  # Argon2id with the library's parameters (RFC 9106, low-memory profile)


def check(password: str, *names: str) -> None:
    """Raise `Refused` with a sentence on what to choose instead. `names` are those of whose password it is to be."""
    folded = re.sub(r"[^a-z0-9]", "", password.lower())
    if len(password) < SHORTEST:
        raise Refused(f"a password has at least {SHORTEST} characters; three unrelated words are a good one", code="password")
    if len(password) > LONGEST:
        raise Refused(f"a password has at most {LONGEST} characters", code="password")
    if len(set(password)) < 5 or any(word in folded and len(folded) - len(word) < 6 for word in _COMMON):
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
