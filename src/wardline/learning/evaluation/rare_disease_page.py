"""The page about rare diseases, in Markdown. No patient of the set is in it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.learning.evaluation.reliability import bins, calibration_error

NEVER: Final = 10**9
INTRODUCTION: Final = """
A published patient's features, and the features looked for and not found, go in; a ranking of all diseases of the annotations comes out.
The patients are split by publication with a digest: patients of one paper are on one side. The constants of the method were chosen on the
development half alone (itself split again). The held-out half was measured twice: after the first time (38.7 % first, 58.7 % among ten) the
commonness of a disease was counted in publications instead of patients, and the probabilities were calibrated anew, both chosen on the
development half.

- **Floor**: Dice similarity of the features with everything they are kinds of, weighed by information content.
- **Published annotations alone**: what a site has that loads the two files of the ontology.
- **With described patients**: the development half is learned from, as a site can with patients of its own. This also teaches how common
  each disease is *among published patients*; on a site's own patients that will differ.
"""
LIMITS: Final = """
## What this does not say

- A disease that is neither annotated nor described among the patients learned from cannot be found; the columns "all" count such a patient as
  missed, the columns "known" leave them out. The reference figures below are about known diseases.
- The ontology's annotations come partly from the same papers as the patients, so "published annotations alone" is not free of leakage either.
- Probabilities order diseases and are no risks: on the held-out half those between 40 and 90 % were too sure by about fifteen points, and those
  under 10 % too low. They are among the diseases known here, as if one of them it were.
- Published patients are those with a diagnosis, described thoroughly. Unclear patients with three features are harder.
- Genes, age at onset and inheritance are not used. Numbered subtypes of one disease that differ by gene alone cannot be told apart by features.

For comparison, recalled and not run here: Exomiser by features alone on 5,213 phenopackets ranks the right disease first in 35.5 % (Reese
et al. 2024).

## Data

Human Phenotype Ontology and annotations (Köhler et al., Nucleic Acids Res 2021;49:D1207), unaltered, read where they lie; Phenopacket Store
(Danis et al., HGG Advances 2025), BSD-3-Clause. Nothing of either is in Wardline.

```
wardline evaluate rare-disease
```
"""


class Ranks(NamedTuple):
    """Of each patient: the right disease's rank (`NEVER` where it is not known), and the probability given to the first and whether it was right."""

    rank: NDArray[np.int64]
    first: NDArray[np.float64]
    seconds: NDArray[np.float64]

    @property
    def is_known(self) -> NDArray[np.bool_]:
        return self.rank < NEVER

    def within(self, places: int, *, of_known: bool) -> float:
        """Share of patients whose disease is among the first so many."""
        rank = self.rank[self.is_known] if of_known else self.rank
        return float((rank <= places).mean())


class Measured(NamedTuple):
    """All variants on the same held-out patients."""

    patients: int
    publications: int
    diseases: int
    learned_from: int
    floor: Ranks
    published: Ranks
    learned: Ranks
    unseen: Ranks
    """The learned variant, only patients whose disease no patient learned from had."""
    release: str


def page(measured: Measured) -> str:
    """The whole page; its plot lies beside it."""
    return "\n".join((*_head(measured), INTRODUCTION, *_table(measured), *_reliability(measured), LIMITS)).rstrip() + "\n"


def _head(measured: Measured) -> Iterator[str]:
    yield "# Rare diseases by their features\n"
    yield f"{measured.patients:,} held-out patients of {measured.publications} publications with {measured.diseases} diseases."
    yield f"Release of the ontology: {measured.release}."


def _table(measured: Measured) -> Iterator[str]:
    yield "## Where the right disease stood\n"
    yield "| | patients | first, known | first 3, known | first 10, known | known | first, all | first 10, all |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    yield _row("Floor", measured.floor)
    yield _row("Published annotations alone", measured.published)
    yield _row(f"With {measured.learned_from:,} described patients", measured.learned)
    yield _row("of these: disease of no patient learned from", measured.unseen)
    took = 1000 * measured.learned.seconds[measured.learned.is_known]
    yield f"\nOne ranking takes {np.median(took):.1f} ms (median), {np.quantile(took, 0.99):.1f} ms at the 99th percentile.\n"


def _row(words: str, ranks: Ranks) -> str:
    known = " | ".join(f"{100 * ranks.within(places, of_known=True):.1f} %" for places in (1, 3, 10))
    all_ = " | ".join(f"{100 * ranks.within(places, of_known=False):.1f} %" for places in (1, 10))
    return f"| {words} | {len(ranks.rank):,} | {known} | {int(ranks.is_known.sum()):,} | {all_} |"


def _reliability(measured: Measured) -> Iterator[str]:
    learned = measured.learned
    found = learned.is_known
    stated, right = learned.first[found], learned.rank[found] == 1
    yield "## Can the probability be believed?\n"
    error = 100 * calibration_error(stated, right)
    yield f"Mean distance between the probability of the first disease and how often it was right: {error:.1f} points."
    yield "\n![Reliability](rare-disease-reliability.svg)\n"
    yield "| stated | right | patients |\n|--:|--:|--:|"
    for each in bins(stated, right):
        yield f"| {100 * each.stated:.0f} % | {100 * each.right:.0f} % | {each.answers} |"
