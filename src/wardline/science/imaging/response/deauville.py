"""The Deauville five-point scale: how hot is what is left of a lymphoma, beside the person's own blood and liver?

Barrington et al., Eur J Nucl Med Mol Imaging 2010; 37:1824 (citation not read). The five grades stand `verified`: two independent reprints
agree. "Markedly" is two to three times the liver's highest value there, so a site chooses the factor; the scale is the reader's, this is its
arithmetic.
"""

from dataclasses import dataclass
from typing import Final

MARKEDLY: Final = (2.0, 3.0)
"""The span of what the source calls markedly more than liver."""


@dataclass(frozen=True, slots=True)
class Deauville:
    """The grade and why."""

    score: int
    because: str


def deauville(lesion: float | None, *, blood_pool: float, liver: float, new_lesion: bool = False, markedly: float = MARKEDLY[0]) -> Deauville:
    """The grade of the hottest lesion. `lesion` is None when nothing is above its surroundings; all in the same kind of SUV, liver its highest value.

    Where blood pool is not below liver, the source compares with the liver alone: below it 2, equal 3. `markedly` is the factor of the site.
    """
    if not MARKEDLY[0] <= markedly <= MARKEDLY[1]:
        raise ValueError(f"markedly more than liver is {MARKEDLY[0]:g} to {MARKEDLY[1]:g} times, not {markedly:g}")
    if new_lesion:
        return Deauville(5, "a new lesion")
    if lesion is None:
        return Deauville(1, "no uptake above the surroundings")
    if lesion > liver:
        if lesion >= markedly * liver:
            return Deauville(5, f"{lesion:.1f} is at least {markedly:g} times liver ({liver:.1f})")
        return Deauville(4, f"{lesion:.1f} is more than liver ({liver:.1f})")
    if blood_pool >= liver:
        score, words = (2, "less than") if lesion < liver else (3, "equal to")
        return Deauville(score, f"{lesion:.1f} is {words} liver ({liver:.1f}); blood pool is not below liver")
    if lesion <= blood_pool:
        return Deauville(2, f"{lesion:.1f} is not more than blood pool ({blood_pool:.1f})")
    return Deauville(3, f"{lesion:.1f} is more than blood pool ({blood_pool:.1f}), not more than liver ({liver:.1f})")
