"""Made-up stand-ins: the same person or number always becomes the same invented one, and without the key nobody gets back.

Each stand-in is drawn by HMAC-SHA-256 of what it replaces (NIST FIPS 198-1), under a key of the patient's own, itself drawn from
the house's key. Numbers keep their form, names their order and case.
"""

import hashlib
import hmac
from typing import Final

from wardline.science.language.deidentification.folding import folded


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_NAMES: Final = words("""
Ashdown Birchall Coldwater Dunmere Elmsworth Fairhollow Greystoke Hollins Inglemoor Juniper Kestrel Larkfield Mossley Nettlebed Oakhurst Pinewood
Quarrington Ravensby Stonebrook Thistlewood Underhill Valewood Westerly Yarborough Zellwood Amberley Brackenridge Cloverdale Driftwood Eversley
Foxglove Glenmoor Harrowgate Ivesdale Kirkmere Lindhurst Marlowe Northbrook Orchardson Pemberley Rushmore Silverdale Tamworth Umberleigh Vennfield
Wetherby Alderton Bramwell Copperfield Dovedale Edgemont Fenwood Gorseland Hawksworth Jessamine Knollwood Lockridge Meadowes Netherby Oxenholme
Plumtree Rosemount Sedgewick Torwood
""")
_TOWNS: Final = words("""
Alderby Brookmere Cresthaven Dovesham Eastwick Fernvale Greenport Highmoor Ivydale Kingsbarrow Lowmarsh Millhaven Northwold Oldcastle Ripplemere
Southfold
""")
LONGEST_SHIFT: Final = 365


class Surrogates:
    """The stand-ins of one patient."""

    def __init__(self, key: bytes, patient: str) -> None:
        """`key` is secret; `patient` says whose these are, in whatever way the house tells its records apart."""
        self._key = hmac.digest(key, b"wardline de-identification\0" + patient.encode(), hashlib.sha256)

    @property
    def days(self) -> int:
        """By how many days every date of this patient is moved: one year to one day into the past."""
        return -1 - self._number("days", "") % LONGEST_SHIFT

    def name(self, word: str) -> str:
        """For a given or a family name: one list for both, since a text rarely says which is which."""
        return _cased(self._other(_NAMES, "name", word), word)

    def town(self, place: str) -> str:
        return self._other(_TOWNS, "town", place)

    def code(self, value: str) -> str:
        """Another number of the same form: a digit for each digit, a letter for each letter. The same however it is separated."""
        plain = "".join(letter for letter in folded(value).text if letter.isalnum())
        drawn = iter(self._digits(plain, len(value)))
        return "".join(_like(letter, next(drawn)) if letter.isalnum() else letter for letter in value)

    def token(self, kind: str, value: str, length: int = 16) -> str:
        """A short unreadable name for something, in hexadecimal digits."""
        return self._drawn(kind, value).hex()[:length]

    def integer(self, kind: str, value: str) -> int:
        """128 bits, for identifiers that are numbers."""
        return int.from_bytes(self._drawn(kind, value)[:16])

    def _other(self, choices: tuple[str, ...], kind: str, value: str) -> str:
        place = self._number(kind, folded(value).text) % len(choices)
        chosen = choices[place]
        return chosen if folded(chosen).text != folded(value).text else choices[(place + 1) % len(choices)]

    def _digits(self, plain: str, length: int) -> bytes:
        drawn = b""
        while len(drawn) < length:
            drawn += self._drawn("code", f"{plain}\0{len(drawn)}")
        return drawn[:length]

    def _number(self, kind: str, value: str) -> int:
        return int.from_bytes(self._drawn(kind, value)[:8])

    def _drawn(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{len(kind)}/{kind}/{value}".encode(), hashlib.sha256)


def _like(letter: str, drawn: int) -> str:
    if letter.isdigit():
        return str(drawn % 10)
    other = chr(ord("a") + drawn % 26)
    return other.upper() if letter.isupper() else other


def _cased(made: str, name: str) -> str:
    return made.upper() if name.isupper() and len(name) > 1 else made.lower() if name.islower() else made
