"""Which substances an order means: from its codes where they are known, else from its words ("Warfarin sodium 5 mg tablet").

    substances_of("Co-amoxiclav 625 mg") -> (amoxicillin, clavulanic acid)

What is not recognised gives nothing, and whoever asks must say that it was not checked: a drug nobody knows is not a safe drug.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from wardline.core.codings import Coding
from wardline.core.course import Medication
from wardline.science.medication.products import PRODUCTS
from wardline.science.medication.substance import Substance
from wardline.science.medication.substances.blood_and_heart import BLOOD, HEART
from wardline.science.medication.substances.breathing_and_other import BREATHING_AND_OTHER
from wardline.science.medication.substances.cancer_and_immunity import CANCER_AND_IMMUNITY
from wardline.science.medication.substances.digestion import DIGESTION
from wardline.science.medication.substances.hormones import HORMONES
from wardline.science.medication.substances.infection import INFECTION
from wardline.science.medication.substances.mind_and_nerves import MIND_AND_NERVES
from wardline.science.medication.substances.pain_and_movement import PAIN_AND_MOVEMENT

SUBSTANCES: Final[tuple[Substance, ...]] = (
    *DIGESTION, *BLOOD, *HEART, *HORMONES, *INFECTION, *CANCER_AND_IMMUNITY, *PAIN_AND_MOVEMENT, *MIND_AND_NERVES, *BREATHING_AND_OTHER,
)  # fmt: skip
BY_NAME: Final[dict[str, Substance]] = {substance.name: substance for substance in SUBSTANCES}
_WORD: Final = re.compile(r"[a-z0-9']+")
_SPELLED: Final = (("sulph", "sulf"), ("oestr", "estr"), ("’", "'"))
"""British spellings, folded on both sides."""


def substances_of(what: str, codings: Iterable[Coding] = ()) -> tuple[Substance, ...]:
    """The substances of a drug, each once, in the order named. A code that is known is believed before the words."""
    return _of_codes(tuple(codings)) or _of_words(what)


def substances_in(medication: Medication) -> tuple[Substance, ...]:
    """The substances of an order."""
    return _of_order(medication.what, medication.code)


def atc_of(what: str, codings: Iterable[Coding] = ()) -> frozenset[str]:
    """ATC codes of a drug: those it came with, those of its substances, and that of the combination."""
    coded = tuple(codings)
    found = substances_of(what, coded)
    parts = {substance.name for substance in found}
    combined = {product.atc for product in PRODUCTS if product.atc and len(parts) > 1 and parts == set(product.parts)}
    stated = {coding.code for coding in coded if coding.system == "atc"}
    return frozenset(stated | combined | {code for substance in found for code in substance.atc})


@lru_cache(maxsize=8192)
def _of_order(what: str, code: str) -> tuple[Substance, ...]:
    return substances_of(what, Medication(what, code).codings)


def _of_codes(codings: tuple[Coding, ...]) -> tuple[Substance, ...]:
    for coding in codings:
        found = _BY_CODE.get((coding.system, coding.code))
        if found:
            return found
    return ()


@lru_cache(maxsize=8192)
def _of_words(what: str) -> tuple[Substance, ...]:
    return tuple({part.name: part for part in _named(_words(what))}.values())


def _named(words: tuple[str, ...]) -> Iterator[Substance]:
    """The longest name that begins at each word, so that "insulin glargine" is not also insulin."""
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            found = _BY_WORDS.get(words[place : place + length])
            if found:
                yield from found
                place += length - 1
                break
        place += 1


def _words(text: str) -> tuple[str, ...]:
    text = text.lower()
    for written, folded in _SPELLED:
        text = text.replace(written, folded)
    return tuple(_WORD.findall(text))


def _by_words() -> dict[tuple[str, ...], tuple[Substance, ...]]:
    named = {_words(name): (substance,) for substance in SUBSTANCES for name in (substance.name, *substance.also)}
    together = {_words(name): tuple(BY_NAME[part] for part in product.parts) for product in PRODUCTS for name in product.names}
    return named | together


def _by_code() -> dict[tuple[str, str], tuple[Substance, ...]]:
    rxnorm = {("rxnorm", substance.rxnorm): (substance,) for substance in SUBSTANCES if substance.rxnorm}
    atc = {("atc", code): (substance,) for substance in SUBSTANCES for code in substance.atc if len(code) == 7}
    together = {("atc", product.atc): tuple(BY_NAME[part] for part in product.parts) for product in PRODUCTS if product.atc}
    return rxnorm | atc | together


_BY_WORDS: Final = _by_words()
_BY_CODE: Final = _by_code()
_LONGEST: Final = max(len(words) for words in _BY_WORDS)
