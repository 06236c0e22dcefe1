"""Rare diseases ranked by features: how often is the right one first, among published patients that nothing was learned from?

Patients are split by publication, because those of one paper resemble each other and are not independent. The development half chose
the constants and is what is learned from; the other half is only looked at here.
"""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import NotFound
from wardline.learning.evaluation.rare_disease_page import NEVER, Measured, Ranks, page
from wardline.science.diagnosis.rare.annotations import Annotation, annotations_of
from wardline.science.diagnosis.rare.cases import Patient, patients_of
from wardline.science.diagnosis.rare.knowledge import RareDiseases, knowledge_of
from wardline.science.diagnosis.rare.ontology import Ontology, ontology_of
from wardline.science.diagnosis.rare.ranking import probabilities, recognised, scored
from wardline.science.diagnosis.rare.reading import ANNOTATIONS, ONTOLOGY, PATIENTS, json_of, unpacked

HPO: Final = "knowledge/hpo_2023"
STORE: Final = "knowledge/phenopacket_store"


class Set(NamedTuple):
    """What is measured with."""

    ontology: Ontology
    annotations: tuple[Annotation, ...]
    development: tuple[Patient, ...]
    held_out: tuple[Patient, ...]


def run(reference: Path, out: Path) -> str:
    """Measure and write the page with its plot."""
    measured = measure(read(reference))
    # matplotlib is an extra: only here is it sure to be there.
    from wardline.learning.evaluation.reliability import draw

    found = measured.learned.is_known
    draw(measured.learned.first[found], measured.learned.rank[found] == 1, "Rare diseases, held out", out / "rare-disease-reliability.svg")
    (out / "rare-disease.md").write_text(page(measured), encoding="utf-8")
    learned = measured.learned
    first, ten = (100 * learned.within(places, of_known=True) for places in (1, 10))
    return f"{measured.patients:,} held-out patients, of known diseases: first in {first:.1f} %, among ten in {ten:.1f} %"


def read(reference: Path) -> Set:
    """The published files. Raises `NotFound` where they are not."""
    try:
        ontology, annotations, patients = (
            unpacked((reference / folder / f"{name}.gz").read_bytes()) for folder, name in ((HPO, ONTOLOGY), (HPO, ANNOTATIONS), (STORE, PATIENTS))
        )
    except FileNotFoundError as error:
        raise NotFound(f"{error.filename} is not there; name the folder of the reference data in WARDLINE_REFERENCE_DATA") from None
    all_ = tuple(patients_of(patients.decode().splitlines()))
    development = tuple(each for each in all_ if not _is_held_out(each))
    held_out = tuple(each for each in all_ if _is_held_out(each))
    return Set(ontology_of(json_of(ontology)), tuple(annotations_of(annotations.decode().splitlines())), development, held_out)


def _is_held_out(patient: Patient) -> bool:
    """By a digest of the publication."""
    return bool(int(hashlib.sha256(",".join(patient.publications).encode()).hexdigest(), 16) % 2)


def measure(data: Set) -> Measured:
    published = knowledge_of(data.ontology, data.annotations)
    learned = knowledge_of(data.ontology, data.annotations, data.development)
    had = {patient.disease for patient in data.development}
    unseen = tuple(patient for patient in data.held_out if patient.disease not in had)
    return Measured(
        len(data.held_out), len({each.publications for each in data.held_out}), len({each.disease for each in data.held_out}),
        len(data.development), _floor(published, data.held_out), _ranks(published, data.held_out), _ranks(learned, data.held_out),
        _ranks(learned, unseen), data.ontology.version.rpartition("/releases/")[2].partition("/")[0],
    )  # fmt: skip


def _ranks(knowledge: RareDiseases, patients: Sequence[Patient]) -> Ranks:
    rows = [_rank(knowledge, patient) for patient in patients]
    return _columns(rows)


def _columns(rows: list[tuple[int, float, float]]) -> Ranks:
    rank, first, seconds = zip(*rows, strict=True)
    return Ranks(np.array(rank, dtype=np.int64), np.array(first), np.array(seconds))


def _rank(knowledge: RareDiseases, patient: Patient) -> tuple[int, float, float]:
    began = time.perf_counter()
    seen, _ = recognised(knowledge, patient.observed)
    absent, _ = recognised(knowledge, patient.excluded)
    if patient.disease not in knowledge.places or not seen:
        return NEVER, 0.0, 0.0
    scores = scored(knowledge, seen, absent)
    took = time.perf_counter() - began
    return place_of(scores, knowledge.places[patient.disease]), float(probabilities(scores).max()), took


def place_of(scores: NDArray[np.float64], disease: int) -> int:
    """Its rank; among equals in the middle, so that nobody gains by ties."""
    own = scores[disease]
    return int((scores > own).sum() + ((scores == own).sum() + 1) // 2)


def _floor(knowledge: RareDiseases, patients: Sequence[Patient]) -> Ranks:
    """What must be beaten: Dice similarity of the features with everything they are kinds of, each weighed by its information content."""
    content = {term: -np.log(max(column.anywhere, 1 / len(knowledge.diseases))) for term, column in knowledge.columns.items()}
    whole = np.zeros(len(knowledge.diseases))
    for term, column in knowledge.columns.items():
        whole[column.diseases[column.frequency > 0]] += content[term]
    return _columns([_dice(knowledge, content, whole, patient) for patient in patients])


def _dice(knowledge: RareDiseases, content: dict[str, float], whole: NDArray[np.float64], patient: Patient) -> tuple[int, float, float]:
    seen, _ = recognised(knowledge, patient.observed)
    if patient.disease not in knowledge.places or not seen:
        return NEVER, 0.0, 0.0
    terms = {general for term in seen for general in knowledge.ontology.features(term) if general in content}
    shared = np.zeros(len(whole))
    for term in terms:
        column = knowledge.columns[term]
        shared[column.diseases[column.frequency > 0]] += content[term]
    similarity = 2 * shared / (whole + sum(content[term] for term in terms))
    return place_of(similarity, knowledge.places[patient.disease]), float(similarity.max()), 0.0
