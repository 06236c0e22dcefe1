"""A substance: the one active ingredient in a tablet or infusion that rules are written about, with the codes feeds send for it.

Names are international nonproprietary names in lower case. The codes are identifiers only (ATC index of the WHO Collaborating Centre,
RxNorm ingredients of the US National Library of Medicine), written from memory and left out where not certain; nothing else of those
works is used. What a substance does is in the classes of `classes.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Substance:
    """An entry. `also`: other names (US adopted names, salts that are ordered by name), never trade names."""

    name: str
    atc: tuple[str, ...] = ()
    rxnorm: str = ""
    also: tuple[str, ...] = ()

    def is_in(self, *prefixes: str) -> bool:
        """Whether one of its ATC codes begins with one of these."""
        return any(code.startswith(prefixes) for code in self.atc)


def of(name: str, atc: str = "", rxnorm: str = "", also: str = "") -> Substance:
    """A line of a table: codes apart by spaces, other names by bars."""
    return Substance(name, tuple(atc.split()), rxnorm, tuple(filter(None, also.split("|"))))
