"""Drugs that hold up the circulation, as orders and doses name them, and the SOFA points of their rates.

ATC: C01CA03 norepinephrine, C01CA24 epinephrine, C01CA04 dopamine, C01CA07 dobutamine. Points of SOFA's table (PMC4968574 table 1): dopamine
up to 5 or any dobutamine 2; dopamine above 5, or epinephrine or norepinephrine up to 0.1 ug/kg/min, 3; above 15 or above 0.1: 4. They count
when given for an hour at least; a record of single doses does not say how long, so every rate is taken to last.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Protocol

from wardline.core.codings import codings


class Named(Protocol):
    """An order or a dose that was given."""

    @property
    def what(self) -> str: ...
    @property
    def dose(self) -> str: ...
    @property
    def code(self) -> str: ...


class Support(NamedTuple):
    """One drug with the points it gives at least and at most, and how that was told."""

    drug: str
    least: int
    most: int
    dose: str


_NAMES = {"norepinephrine": "norepinephrine", "noradrenaline": "norepinephrine", "epinephrine": "epinephrine", "adrenaline": "epinephrine",
          "dopamine": "dopamine", "dobutamine": "dobutamine"}  # fmt: skip
_ATC = {"C01CA03": "norepinephrine", "C01CA24": "epinephrine", "C01CA04": "dopamine", "C01CA07": "dobutamine"}
_WORD = re.compile(r"[a-z]+")
_RATE = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s*(?:ug|mcg|µg|μg)/kg/min", re.IGNORECASE)
_UNTOLD = {"norepinephrine": (3, 4), "epinephrine": (0, 4), "dopamine": (2, 4), "dobutamine": (2, 2)}
"""Without a rate: what is only ever infused gives its least points; epinephrine may have been a single dose."""


def support_of(drugs: Iterable[Named]) -> list[Support]:
    """Every vasopressor and inotrope of SOFA among these."""
    found = []
    for drug in drugs:
        name = _name(drug.what, drug.code)
        if name is not None:
            rate = _RATE.search(drug.dose)
            least, most = _UNTOLD[name] if rate is None else (points_of(name, float(rate.group(1))),) * 2
            found.append(Support(name, least, most, drug.dose))
    return found


def points_of(drug: str, rate: float) -> int:
    """SOFA's points for a rate in ug/kg/min."""
    if rate <= 0:
        return 0
    if drug == "dobutamine":
        return 2
    if drug == "dopamine":
        return 2 if rate <= 5 else 3 if rate <= 15 else 4
    return 3 if rate <= 0.1 else 4


@lru_cache(maxsize=4096)
def _name(what: str, code: str) -> str | None:
    """Remembered, because the same few hundred drugs are asked about at every message."""
    coded = next((_ATC[coding.code] for coding in codings(code) if coding.system == "atc" and coding.code in _ATC), None)
    return coded or next((_NAMES[word] for word in _WORD.findall(what.lower()) if word in _NAMES), None)
