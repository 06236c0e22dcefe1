"""What is known of the patient, found in a text however it is written: case, accents, hyphens, line breaks, separators."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from wardline.core.deidentification import Known
from wardline.science.language.deidentification.folding import Folded, folded
from wardline.science.language.deidentification.identifiers import KNOWN_RANK, Kind, Span

SHORTEST_PART: Final = 2
"""Letters of a name that is looked for by itself."""
SHORTEST_NUMBER: Final = 4
_BREAK: Final = r"(?:-?[ \t]*\r?\n[ \t]*)?"
"""Where a line ends inside a word."""
_GAP: Final = r"[\W_]{0,3}?"
_APART: Final = r"[\s,]+"
_UMLAUTS: Final = re.compile("ae|oe|ue")
_SMALL: Final = frozenset({
    "de", "del", "della", "der", "den", "van", "von", "zu", "la", "le", "du", "da", "dos", "di", "al", "el", "bin", "ibn", "and", "und", "et", "of",
    "the",
})  # fmt: skip
"""Of a name, not looked for by themselves."""


def known_in(text: Folded, known: Known) -> Iterator[Span]:
    for kind, pattern in _patterns(known):
        for found in pattern.finditer(text.text):
            yield Span(*text.original(*found.span()), kind, KNOWN_RANK)


@lru_cache(maxsize=256)
def _patterns(known: Known) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(sorted(set(wanted), key=lambda each: (-len(each), each)))))
        for kind, wanted in ((Kind.NAME, _names(known.names)), (Kind.RECORD, _numbers(known.numbers)), (Kind.PLACE, _places(known.places)))
        if wanted
    )


def _names(names: Iterable[str]) -> list[str]:
    """Whole names and each of their parts, since a chart says "Mrs Al-Amin", "Amin" and "AMIN, Layla"."""
    wanted = []
    for name in names:
        base = folded(name.strip()).text
        parts = [part for part in re.split(r"[\s\-']+", base) if part]
        for each in (base, *parts):
            if len(each) >= SHORTEST_PART and each not in _SMALL:
                wanted += [_word(variant) for variant in _variants(each)]
    return wanted


def _variants(word: str) -> set[str]:
    """Müller is written Mueller and Muller."""
    return {word, _UMLAUTS.sub(lambda found: found[0][0], word)}


def _word(word: str) -> str:
    """Letters with line breaks allowed between them; each vowel may have its umlaut's e; spaces, hyphens and apostrophes are one."""
    pieces = [piece for piece in re.split(r"[\s\-']+", word) if piece]
    written = r"[\s\-'.]*".join(
        _BREAK.join(re.escape(letter) + (f"(?:{_BREAK}e)?" if letter in "aou" else "") for letter in piece) for piece in pieces
    )
    return rf"(?<![^\W\d_]){written}(?![^\W\d_])"


def _numbers(numbers: Iterable[str]) -> list[str]:
    wanted = []
    for number in numbers:
        letters = [letter for letter in folded(number).text if letter.isalnum()]
        if len(letters) >= SHORTEST_NUMBER:
            wanted.append(rf"(?<![^\W_]){_GAP.join(map(re.escape, letters))}(?![^\W_])")
    return wanted


def _places(places: Iterable[str]) -> list[str]:
    wanted = []
    for place in places:
        parts = [part for part in re.split(r"[\s,]+", folded(place).text) if part]
        if parts and len("".join(parts)) >= SHORTEST_NUMBER:
            wanted.append(rf"(?<!\w){_APART.join(_loose(part) for part in parts)}(?!\w)")
    return wanted


def _loose(part: str) -> str:
    return _BREAK.join(re.escape(letter) for letter in part)
