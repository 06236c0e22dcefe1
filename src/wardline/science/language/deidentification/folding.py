"""A text without what spelling may change: case, accents, invisible characters; each character knows where it came from."""

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_BASE: Final = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
}
_DASHES: Final = frozenset("‐‑‒–—−﹘﹣－")
_INVISIBLE: Final = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


class Folded(NamedTuple):
    text: str
    places: tuple[int, ...] | range
    """Where each character, and the end, stands in the original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def folded(text: str) -> Folded:
    if text.isascii():
        return Folded(text.lower(), range(len(text) + 1))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _letters(character):
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), (*places, len(text)))


@lru_cache(maxsize=4_000)
def _letters(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character in _DASHES:
        return "-"
    if character in _BASE:
        return _BASE[character]
    # lower() may give several characters ("İ"), each to be folded by itself.
    apart = unicodedata.normalize("NFKD", character).lower()
    return "".join(_BASE.get(each, each) for each in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(each))


@lru_cache(maxsize=4_000)
def _one_letter(character: str) -> str:
    """As a character of the same length, for recognisers that look at the text itself."""
    if character in _DASHES:
        return "-"
    if character in _INVISIBLE or unicodedata.category(character) == "Zs":
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def plain(text: str) -> str:
    """The same text, as long, with ordinary spaces, dashes and digits."""
    return text if text.isascii() else "".join(map(_one_letter, text))
