"""Rare diseases by features: a small ontology by hand, and the published one on a sample of published patients."""

import gzip
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from wardline.app.rare_knowledge import rare_diseases_in
from wardline.core.errors import Refused
from wardline.learning.evaluation.rare_disease import Set, place_of, read
from wardline.science.diagnosis.rare.annotations import annotations_of
from wardline.science.diagnosis.rare.cases import Patient, patients_of
from wardline.science.diagnosis.rare.knowledge import UNSTATED, knowledge_of
from wardline.science.diagnosis.rare.ontology import Ontology, ontology_of
from wardline.science.diagnosis.rare.ranking import probabilities, ranked, recognised, scored
from wardline.science.diagnosis.rare.reading import knowledge_from

REFERENCE = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data"))
ROOT, SKIN, SPOT, HEART, MURMUR = "HP:0000118", "HP:0000951", "HP:0000957", "HP:0001626", "HP:0030148"
IRI = "http://purl.obolibrary.org/obo/HP_"


def iri(term: str) -> str:
    return IRI + term.removeprefix("HP:")


def document(*edges: tuple[str, str]) -> dict[str, object]:
    terms = sorted({term for edge in edges for term in edge})
    old = {"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", "val": "HP:9999999"}
    nodes = [{"id": iri(term), "lbl": term.lower(), "meta": {"basicPropertyValues": [old] if term == SPOT else []}} for term in terms]
    return {"graphs": [{"meta": {"version": "test"}, "nodes": nodes, "edges": [{"pred": "is_a", "sub": iri(a), "obj": iri(b)} for a, b in edges]}]}


DOCUMENT = document((SKIN, ROOT), (SPOT, SKIN), (HEART, ROOT), (MURMUR, HEART))
ONTOLOGY = ontology_of(DOCUMENT)


def row(disease: str, term: str, frequency: str = "", qualifier: str = "") -> str:
    return "\t".join((disease, f"Disease {disease}", qualifier, term, "PMID:1", "PCS", "", frequency, "", "", "P", "HPO:x"))


ROWS = [row("OMIM:1", SPOT, "9/10"), row("OMIM:2", MURMUR), row("OMIM:2", SKIN, "1/10"), row("OMIM:3", MURMUR, "HP:0040283"), row("OMIM:3", HEART)]


def test_a_feature_counts_for_everything_it_is_a_kind_of() -> None:
    knowledge = knowledge_of(ONTOLOGY, annotations_of(ROWS))
    column = knowledge.columns[SKIN]

    by_disease = {knowledge.diseases[place]: share for place, share in zip(column.diseases, column.frequency, strict=True)}
    assert by_disease == pytest.approx({"OMIM:1": (9 + UNSTATED) / 11, "OMIM:2": (1 + UNSTATED) / 11})


def test_the_disease_known_for_the_feature_itself_comes_before_one_known_for_its_kind() -> None:
    others = [row(f"OMIM:{number}", MURMUR) for number in range(10, 60)]
    rank = ranked(knowledge_of(ONTOLOGY, annotations_of([*ROWS, *others])), [SPOT], most=99)

    by_kind = next(each for each in rank.candidates if each.disease == "OMIM:2")
    assert rank.candidates[0].disease == "OMIM:1"
    assert (by_kind.matched[0].term, by_kind.matched[0].by) == (SPOT, SKIN)
    # 1.35/11 in this disease; (9.35/11 + 1.35/11)/53 in all 53; a quarter of that for being of the same kind only.
    assert by_kind.matched[0].ratio == pytest.approx(0.25 * 53 * 1.35 / (9.35 + 1.35))
    assert sum(each.probability for each in rank.candidates) == pytest.approx(1)


def test_a_feature_that_was_looked_for_and_not_found_counts_against() -> None:
    knowledge = knowledge_of(ONTOLOGY, annotations_of(ROWS))
    without, with_ = scored(knowledge, [MURMUR], []), scored(knowledge, [MURMUR], [SPOT])

    assert with_[knowledge.places["OMIM:1"]] < without[knowledge.places["OMIM:1"]]
    assert with_[knowledge.places["OMIM:2"]] == without[knowledge.places["OMIM:2"]]


def test_described_patients_teach_a_feature_nobody_annotated() -> None:
    patients = [Patient(str(each), "OMIM:3", "Three", (SPOT,), ()) for each in range(8)]
    before = ranked(knowledge_of(ONTOLOGY, annotations_of(ROWS)), [SPOT]).candidates[0].disease
    after = ranked(knowledge_of(ONTOLOGY, annotations_of(ROWS), patients), [SPOT]).candidates[0].disease

    assert (before, after) == ("OMIM:1", "OMIM:3")


def test_old_ids_are_understood_and_unknown_ones_named() -> None:
    rank = ranked(knowledge_of(ONTOLOGY, annotations_of(ROWS)), ["HP:9999999", "HP:1234567"])

    assert rank.candidates[0].disease == "OMIM:1"
    assert rank.unknown == ("HP:1234567",)


def test_with_no_known_feature_nothing_is_ranked() -> None:
    assert ranked(knowledge_of(ONTOLOGY, annotations_of(ROWS)), ["HP:1234567"]).candidates == ()


def test_equals_share_the_middle_rank() -> None:
    assert [place_of(np.array([1.0, 1.0, 1.0, 0.0]), place) for place in (0, 3)] == [2, 4]


def test_a_folder_is_read_packed_or_plain_and_an_incomplete_one_refused(tmp_path: Path) -> None:
    assert rare_diseases_in(tmp_path / "none") is None
    (tmp_path / "hp.json").write_text(json.dumps(DOCUMENT))
    with pytest.raises(Refused, match=r"has no phenotype\.hpoa"):
        rare_diseases_in(tmp_path)
    (tmp_path / "phenotype.hpoa.gz").write_bytes(gzip.compress("\n".join(ROWS).encode()))

    knowledge = rare_diseases_in(tmp_path)
    assert knowledge is not None
    assert knowledge.diseases == ("OMIM:1", "OMIM:2", "OMIM:3")


@pytest.mark.parametrize(("ontology", "annotations"), [(b"[]", b""), (b"no", b""), (json.dumps(DOCUMENT).encode(), b"a\tb")])
def test_files_that_are_something_else_are_refused(ontology: bytes, annotations: bytes) -> None:
    with pytest.raises(Refused):
        knowledge_from(ontology, annotations)


def test_a_case_that_is_none_is_refused_with_its_line() -> None:
    with pytest.raises(Refused, match="line 2"):
        list(patients_of(["", '{"case_id": "1"}']))


@cache
def published() -> Set:
    return read(REFERENCE)


@pytest.mark.reference
def test_the_published_release_is_read_whole() -> None:
    data = published()
    # Counted when the set was taken in: 16,875 live terms, 8,297 OMIM diseases (two rows of the header's count have no feature here).
    assert len(data.ontology.names) == 16_875
    assert isinstance(data.ontology, Ontology)
    assert 8_200 < len({each.disease for each in data.annotations}) <= 8_297


@pytest.mark.reference
def test_no_publication_is_on_both_sides_of_the_split() -> None:
    data = published()
    assert not {each.publications for each in data.development} & {each.publications for each in data.held_out}


@pytest.mark.reference
def test_on_development_patients_the_right_disease_is_first_twice_as_often_as_by_plain_similarity() -> None:
    data = published()
    knowledge = knowledge_of(data.ontology, data.annotations)
    ranks = []
    for patient in data.development[::8]:
        seen, _ = recognised(knowledge, patient.observed)
        absent, _ = recognised(knowledge, patient.excluded)
        if seen and patient.disease in knowledge.places:
            scores = scored(knowledge, seen, absent)
            assert probabilities(scores).sum() == pytest.approx(1)
            ranks.append(place_of(scores, knowledge.places[patient.disease]))
    # The floor of the reference set's catalogue: 11.6 % first, 31.5 % among ten.
    assert np.mean(np.array(ranks) == 1) > 0.22
    assert np.mean(np.array(ranks) <= 10) > 0.45
