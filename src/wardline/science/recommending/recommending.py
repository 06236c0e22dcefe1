"""Which drugs patients like this one were given, ranked, with what speaks for each, and never above a veto.

Two views of the site's own past (both are the usual ones of recommender systems):

- content-based: patients whose problems, results, age and sex are like this patient's; rare features weigh more (inverse document
  frequency, cosine);
- collaborative: drugs that in the past went together with the drugs this patient already has (cosine between the columns of the
  patients x drugs matrix).

A third voice, guidelines, comes from outside with its reasons. What a safety check speaks against is listed apart with the reason and
has no rank, however many patients got it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.science.recommending.record import Record
from wardline.science.statistics.proportions import interval

ENOUGH: Final = 10
"""Fewer similar patients say nothing, and could be told apart by the count."""
LIKE: Final = 0.35
"""From this likeness on a patient counts as similar: ours, between 0 (nothing in common) and 1 (all)."""
MOST: Final = 50
OF_GUIDELINE, OF_PATIENTS, OF_COMPANY = 1.0, 1.0, 0.5
"""How much each voice weighs: ours."""
Matrix = NDArray[np.float64]


class Advised(NamedTuple):
    """A guideline's word for a drug."""

    guideline: str
    step: str
    words: str


class Candidate(NamedTuple):
    """A drug with what speaks for it. `got`: of the similar patients; `ended_well` of `known`: those of them whose end is known."""

    drug: str
    score: float
    got: int
    low: float
    high: float
    ended_well: int
    known: int
    company: tuple[str, ...]
    """Drugs of this patient with which it went together most often."""
    advised: tuple[Advised, ...]
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Recommended:
    """The ranked drugs, those a check speaks against, and how many patients that rests on. `too_few`: then only guidelines speak."""

    ranked: tuple[Candidate, ...]
    vetoed: tuple[Candidate, ...]
    similar: int
    of: int
    shared: tuple[str, ...]
    """What most of the similar patients have in common with this one."""

    @property
    def too_few(self) -> bool:
        return self.similar < ENOUGH


class Likeness:
    """The past, made ready once: features and drugs as matrices."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = tuple(records)
        self.features = sorted({name for record in records for name in record.features})
        self.drugs = sorted({name for record in records for name in record.drugs})
        self._weights = self._inverse_frequency()
        self._has = _matrix([record.features for record in records], self.features) * self._weights
        self._got = _matrix([record.drugs for record in records], self.drugs)
        self._together = _cosines(self._got)

    def similar(self, patient: Record) -> list[tuple[int, float]]:
        """(place, likeness) of the most similar other patients, the most similar first."""
        wanted = _matrix([patient.features], self.features)[0] * self._weights
        # What nobody else has counts against likeness, too: a patient with five unheard-of problems is like nobody.
        unheard = len(patient.features - set(self.features)) * float(np.log(len(self.records) + 1) + 1) ** 2
        length = float(np.sqrt(wanted @ wanted + unheard))
        if not length or not self.records:
            return []
        lengths = np.sqrt((self._has**2).sum(axis=1))
        likeness = np.divide(self._has @ wanted, lengths * length, out=np.zeros(len(self.records)), where=lengths > 0)
        best = [(int(place), round(float(likeness[place]), 9)) for place in np.flatnonzero(likeness >= LIKE)]
        best.sort(key=lambda each: (-each[1], self.records[each[0]].about))
        return [(place, how) for place, how in best if self.records[place].about != patient.about][:MOST]

    def company(self, drug: str, taken: frozenset[str]) -> list[tuple[str, float]]:
        """Which of the taken drugs went together with this one, the closest first."""
        if drug not in self.drugs:
            return []
        column = self._together[self.drugs.index(drug)]
        known = [(name, float(column[self.drugs.index(name)])) for name in sorted(taken) if name in self.drugs and name != drug]
        return sorted((each for each in known if each[1] > 0), key=lambda each: -each[1])

    def _inverse_frequency(self) -> Matrix:
        count = _matrix([record.features for record in self.records], self.features).sum(axis=0)
        weights: Matrix = np.log((len(self.records) + 1) / (count + 1)) + 1
        return weights


def recommend(
    patient: Record, past: Likeness, advised: Mapping[str, Sequence[Advised]], vetoes: Mapping[str, str], *, limit: int = 10
) -> Recommended:
    """Drugs the patient does not have yet. `advised` and `vetoes` by drug; a veto needs no similar patient."""
    near = past.similar(patient)
    similar = [past.records[place] for place, _ in near] if len(near) >= ENOUGH else []
    names = sorted(candidates(patient, past, advised))
    found = [_candidate(name, patient, past, similar, tuple(advised.get(name, ())), vetoes.get(name, "")) for name in names]
    found.sort(key=lambda each: (-each.score, each.drug))
    common = sorted(patient.features, key=lambda name: (-sum(name in record.features for record in similar), name))
    return Recommended(
        tuple(each for each in found if not each.veto)[:limit], tuple(each for each in found if each.veto)[:limit], len(near), len(past.records),
        tuple(name for name in common if sum(name in record.features for record in similar) * 2 > len(similar))[:6],
    )  # fmt: skip


def candidates(patient: Record, past: Likeness, advised: Iterable[str]) -> frozenset[str]:
    """The drugs that come into question: what similar patients got, where there are enough of them, and what guidelines advise."""
    near = past.similar(patient)
    similar = [past.records[place] for place, _ in near] if len(near) >= ENOUGH else []
    return frozenset({drug for record in similar for drug in record.drugs} | set(advised)) - patient.drugs


def _candidate(name: str, patient: Record, past: Likeness, similar: Sequence[Record], advised: tuple[Advised, ...], veto: str) -> Candidate:
    got = [record for record in similar if name in record.drugs]
    known = [record for record in got if record.ended_well is not None]
    company = past.company(name, patient.drugs) if similar else []
    low, high = interval(len(got), len(similar)) if similar else (0.0, 1.0)
    # The lower end of the interval, so that 3 of 4 does not outrank 30 of 41.
    score = OF_GUIDELINE * bool(advised) + OF_PATIENTS * (low if similar else 0.0) + OF_COMPANY * max((how for _, how in company), default=0.0)
    well = sum(1 for record in known if record.ended_well)
    return Candidate(name, round(score, 4), len(got), low, high, well, len(known), tuple(drug for drug, _ in company[:3]), advised, veto)


def _matrix(sets: Sequence[frozenset[str]], names: Sequence[str]) -> Matrix:
    place = {name: column for column, name in enumerate(names)}
    found: Matrix = np.zeros((len(sets), len(names)))
    for row, each in enumerate(sets):
        for name in each:
            if name in place:
                found[row, place[name]] = 1
    return found


def _cosines(matrix: Matrix) -> Matrix:
    lengths = np.sqrt((matrix**2).sum(axis=0))
    lengths[lengths == 0] = 1
    found: Matrix = (matrix.T @ matrix) / np.outer(lengths, lengths)
    return found
