"""Passwords that everybody tries first: our own short list of patterns, and the site's list of what has leaked elsewhere.

The site's file is plain words, one in a line, or the usual public format, SHA-1 digests sorted and with a count behind a colon
(`5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004`). Sorted digests are searched on the disk by halving, so that a list of tens of
gigabytes costs no memory.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from wardline.core.errors import Refused

FILE: Final = "breached-passwords.txt"
LARGEST_PLAIN: Final = 8 * 1024 * 1024
"""Plain words are kept in memory; a longer list comes as sorted digests."""
WORDS: Final = (
    "password", "passwort", "motdepasse", "wardline", "welcome", "qwerty", "qwertz", "azerty", "asdfgh", "letmein", "hospital", "clinic", "nurse",
    "doctor", "patient", "changeme", "iloveyou", "administrator", "default", "login", "secret", "dragon", "monkey", "football", "sunshine",
    "princess", "whatever", "trustno", "computer", "internet", "summer", "winter", "spring", "autumn", "january", "february", "september", "october",
    "november", "december",
)  # fmt: skip
"""What people build on when they must have twelve characters: such a word with digits, signs or itself behind it."""
RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
    "qazwsxedcrfvtgbyhnujm", "1qaz2wsx3edc4rfv5tgb6yhn", "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
"""Along the alphabet, the digits, the keys."""
REST: Final = 6
"""Letters besides such a word that make something else of it."""
FEWEST: Final = 5
"""Different letters a password has."""
_DIGEST: Final = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?\s*")
_LOOKALIKE: Final = str.maketrans("013457@$!", "oieastasi")
_BLOCK: Final = 4096

IsListed = Callable[[str], bool]


def is_common(password: str) -> bool:
    """Whether it is built like those that are tried first."""
    plain = _letters(password.lower())
    spoken = _letters(password.lower().translate(_LOOKALIKE))
    if sum(letter.isalnum() and not letter.isascii() for letter in password) >= REST:  # of another alphabet: the rest says little
        return len(set(password)) < FEWEST
    return len(set(password)) < FEWEST or _is_word(plain) or _is_word(spoken) or _is_run(plain)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)


def _is_word(folded: str) -> bool:
    rest = folded
    for word in WORDS:
        rest = rest.replace(word, "")
    return rest != folded and len(rest) < REST


def _is_run(folded: str) -> bool:
    """In a row, forwards or backwards, from anywhere."""
    return any(folded in run * 3 or folded[::-1] in run * 3 for run in RUNS)


def nothing(password: str) -> bool:
    """Where the site has no list."""
    return False


def listed_in(file: Path) -> IsListed:
    """Asks the site's list. Raises `Refused` for a file that cannot be searched."""
    if not file.exists():
        return nothing
    with file.open("rb") as stream:
        if _DIGEST.fullmatch(stream.readline(_BLOCK)):
            return lambda password: _is_among(file, hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode())
    if file.stat().st_size > LARGEST_PLAIN:
        raise Refused(f"{file.name} is too long for plain words; give it as sorted SHA-1 digests", code="passwords")
    words = frozenset(line.strip().casefold() for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip())
    return lambda password: password.casefold() in words


def _is_among(file: Path, wanted: bytes) -> bool:
    """Halving a sorted file: some forty looks for any size."""
    with file.open("rb") as stream:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            stream.seek(max(0, middle - 1))
            if middle:
                stream.readline()  # the rest of a line that begins before
            line = stream.readline().strip()
            digest = line[:40].upper()
            if not line or digest > wanted:
                high = middle
            elif digest < wanted:
                low = middle + 1
            else:
                return True
    return False
