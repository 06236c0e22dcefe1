"""How often each feature is found in each rare disease: published annotations, made finer by described patients where there are some.

A feature counts for everything it is a kind of. Where a source does not say how often, less than half is assumed (`UNSTATED`), chosen
like the other constants here and in `ranking` on the development half of published cases, never on those it is judged by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wardline.science.diagnosis.rare.annotations import Annotation
from wardline.science.diagnosis.rare.cases import Patient
from wardline.science.diagnosis.rare.ontology import Ontology

UNSTATED = 0.35
"""How often a feature without a frequency is taken to be found; also one imagined patient beside every counted frequency."""
UNMENTIONED = 0.5
"""A described patient of whom a feature is not mentioned counts as half a patient without it."""
NOT_DESCRIBED = 0.25
"""Weight of a disease no described patient had, where patients say how common diseases are: a quarter of a publication."""


@dataclass(frozen=True, slots=True)
class Column:
    """One feature: in which diseases (by number) it is found, how often, and how often in all diseases together."""

    diseases: NDArray[np.intp]
    frequency: NDArray[np.float64]
    anywhere: float


@dataclass(frozen=True, eq=False)
class RareDiseases:
    """The whole of it, by feature."""

    ontology: Ontology
    diseases: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    publications: NDArray[np.float64]
    """In how many publications a patient with each disease is described. Patients of one paper were found by one search: they count once."""

    @cached_property
    def places(self) -> dict[str, int]:
        return {disease: place for place, disease in enumerate(self.diseases)}

    @cached_property
    def breadth(self) -> NDArray[np.float64]:
        """How many features a patient with each disease is expected to have, general ones included."""
        breadth = np.zeros(len(self.diseases))
        for column in self.columns.values():
            breadth[column.diseases] += column.frequency
        return breadth

    @cached_property
    def commonness(self) -> NDArray[np.float64]:
        """Logarithm of how often each disease is described; the same for all where no patients were learned from."""
        return np.asarray(np.log(self.publications + NOT_DESCRIBED) if self.publications.any() else np.zeros(len(self.diseases)))


def knowledge_of(ontology: Ontology, annotations: Iterable[Annotation], patients: Iterable[Patient] = ()) -> RareDiseases:
    """Put annotations and, where there are some, described patients together."""
    lineages = _Lineages(ontology)
    names: dict[str, str] = {}
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for annotation in annotations:
        names.setdefault(annotation.disease, annotation.name)
        frequency = _stated(annotation)
        for term in lineages.of(annotation.term):
            found = table[term]
            found[annotation.disease] = max(found.get(annotation.disease, 0.0), frequency)
    described = _by_disease(patients, names)
    for disease, group in described.items():
        _learn(table, disease, group, lineages)
    return _arranged(ontology, names, table, {disease: _publications(group) for disease, group in described.items()})


class _Lineages:
    """A term's lineage among features, worked out once."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, term: str) -> tuple[str, ...]:
        """Empty for what this release does not know, and for what is no feature."""
        if term not in self._known:
            current = self._ontology.current(term)
            self._known[term] = self._ontology.features(current) if current is not None else ()
        return self._known[term]

    def current(self, term: str) -> str | None:
        return self._ontology.current(term) if self.of(term) else None


def _stated(annotation: Annotation) -> float:
    if annotation.is_absent:
        return 0.0
    if annotation.frequency is None:
        return UNSTATED
    if annotation.of:
        return (annotation.frequency * annotation.of + UNSTATED) / (annotation.of + 1)
    return annotation.frequency


def _by_disease(patients: Iterable[Patient], names: dict[str, str]) -> dict[str, list[Patient]]:
    described: dict[str, list[Patient]] = defaultdict(list)
    for patient in patients:
        names.setdefault(patient.disease, patient.name)
        described[patient.disease].append(patient)
    return described


def _publications(group: list[Patient]) -> int:
    """A patient who says no publication is one alone."""
    return len({patient.publications or (patient.id,) for patient in group})


def _learn(table: dict[str, dict[str, float]], disease: str, group: list[Patient], lineages: _Lineages) -> None:
    """Counts of described patients, with the published frequency as one more patient."""
    seen: Counter[str] = Counter()
    looked: Counter[str] = Counter()
    for patient in group:
        there = {term for observed in patient.observed for term in lineages.of(observed)}
        absent = {term for excluded in patient.excluded if (term := lineages.current(excluded))} - there
        seen.update(there)
        looked.update(there | absent)
    for term, count in looked.items():
        before = table[term].get(disease)
        if before is None and not seen[term]:
            continue
        patients = count + UNMENTIONED * (len(group) - count) if seen[term] else count
        table[term][disease] = (seen[term] + (before or 0.0)) / (patients + 1)


def _arranged(ontology: Ontology, names: Mapping[str, str], table: Mapping[str, Mapping[str, float]], described: Mapping[str, int]) -> RareDiseases:
    diseases = tuple(sorted(names))
    places = {disease: place for place, disease in enumerate(diseases)}
    columns = {}
    for term, found in table.items():
        frequency = np.array(list(found.values()))
        columns[term] = Column(np.array([places[disease] for disease in found], dtype=np.intp), frequency, float(frequency.sum()) / len(diseases))
    publications = np.array([float(described.get(disease, 0)) for disease in diseases])
    return RareDiseases(ontology, diseases, tuple(names[disease] for disease in diseases), columns, publications)
