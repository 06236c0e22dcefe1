"""Ranking rare diseases by a patient's features: how much likelier is each feature in this disease than in any, exactly or in kind?

A feature the disease is not known for may still be a kind of one it is known for: every more general feature is tried, and the one
that speaks loudest counts, less a step for not being the very one. Features looked for and not found count against, softly, because
annotations are incomplete. Diseases described with very many features match everything a little; that is taken off again.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.science.diagnosis.rare.knowledge import RareDiseases

# Chosen on the development half of published cases (split by publication), like the temperature.
ONLY_IN_KIND: Final = 0.25
LOUDNESS: Final = 0.8
"""Below 1: one very specific feature does not outweigh everything else."""
AGAINST: Final = 0.1
MOST_CERTAIN: Final = 0.95
RAREST: Final = 0.3
"""No feature is taken for rarer than in so many of all diseases."""
BREADTH: Final = 1.0
BREADTH_OF_ALL: Final = 5.0
TEMPERATURE: Final = 1.25


class Matched(NamedTuple):
    """One feature of the patient in one disease: what of the disease it was matched with, and how many times likelier that is there."""

    term: str
    by: str
    ratio: float


class Candidate(NamedTuple):
    """One disease. `probability` is among all diseases known here, as if one of them it were."""

    disease: str
    name: str
    probability: float
    matched: tuple[Matched, ...]
    against: tuple[str, ...]
    """Features looked for and not found that this disease mostly has."""


class Rank(NamedTuple):
    """The likeliest diseases, and terms that this release of the ontology does not know."""

    candidates: tuple[Candidate, ...]
    unknown: tuple[str, ...]


def ranked(knowledge: RareDiseases, observed: Iterable[str], excluded: Iterable[str] = (), most: int = 10) -> Rank:
    """The likeliest diseases first; none where no feature is known."""
    seen, unknown = recognised(knowledge, observed)
    absent, also = recognised(knowledge, excluded)
    if not seen:
        return Rank((), (*unknown, *also))
    scores = scored(knowledge, seen, absent)
    chances = probabilities(scores)
    best = np.argsort(-scores, kind="stable")[:most]
    return Rank(tuple(_candidate(knowledge, int(place), float(chances[place]), seen, absent) for place in best), (*unknown, *also))


def scored(knowledge: RareDiseases, observed: Sequence[str], excluded: Sequence[str]) -> NDArray[np.float64]:
    """A score of each disease, in the knowledge's order."""
    ontology = knowledge.ontology
    seen = ontology.most_specific(observed)
    score = knowledge.commonness - BREADTH * np.log(knowledge.breadth + BREADTH_OF_ALL) * len(seen) ** 0.5
    for term in seen:
        score = score + _speaks_for(knowledge, term)
    for term in ontology.most_general(excluded):
        column = knowledge.columns.get(term)
        if column is not None:
            score[column.diseases] += AGAINST * np.log(1 - np.minimum(column.frequency, MOST_CERTAIN))
    return np.asarray(score)


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as probabilities that add up to 1."""
    weights = np.exp((scores - scores.max()) / TEMPERATURE)
    return np.asarray(weights / weights.sum())


def recognised(knowledge: RareDiseases, terms: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Terms as they are called now, and those this release does not know or that are no features."""
    known, unknown = [], []
    for term in dict.fromkeys(terms):
        current = knowledge.ontology.current(term)
        if current is not None and knowledge.ontology.features(current):
            known.append(current)
        else:
            unknown.append(term)
    return tuple(known), tuple(unknown)


def _speaks_for(knowledge: RareDiseases, term: str) -> NDArray[np.float64]:
    loudest = np.zeros(len(knowledge.diseases))
    for general in knowledge.ontology.features(term):
        column = knowledge.columns.get(general)
        if column is not None:
            loudest[column.diseases] = np.maximum(
                loudest[column.diseases], np.log1p(_ratio(knowledge, general, column.frequency, exact=general == term))
            )
    return np.asarray(loudest**LOUDNESS)


def _ratio(knowledge: RareDiseases, term: str, frequency: NDArray[np.float64], *, exact: bool) -> NDArray[np.float64]:
    anywhere = max(knowledge.columns[term].anywhere, RAREST / len(knowledge.diseases))
    return np.asarray(frequency / anywhere * (1.0 if exact else ONLY_IN_KIND))


def _candidate(knowledge: RareDiseases, place: int, chance: float, seen: Sequence[str], absent: Sequence[str]) -> Candidate:
    matched = [match for term in knowledge.ontology.most_specific(seen) if (match := _matched(knowledge, place, term)) is not None]
    matched.sort(key=lambda each: -each.ratio)
    against = tuple(term for term in absent if _frequency(knowledge, place, term) >= 0.5)
    return Candidate(knowledge.diseases[place], knowledge.names[place], chance, tuple(matched), against)


def _matched(knowledge: RareDiseases, place: int, term: str) -> Matched | None:
    best: Matched | None = None
    for general in knowledge.ontology.features(term):
        frequency = _frequency(knowledge, place, general)
        if frequency > 0:
            ratio = float(_ratio(knowledge, general, np.array([frequency]), exact=general == term)[0])
            if ratio > 1 and (best is None or ratio > best.ratio):
                best = Matched(term, general, ratio)
    return best


def _frequency(knowledge: RareDiseases, place: int, term: str) -> float:
    column = knowledge.columns.get(term)
    if column is None:
        return 0.0
    (at,) = np.nonzero(column.diseases == place)
    return float(column.frequency[at[0]]) if at.size else 0.0
