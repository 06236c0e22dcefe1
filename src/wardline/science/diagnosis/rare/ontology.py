"""The Human Phenotype Ontology: which feature is a kind of which more general one, read from its published JSON file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wardline.core.errors import Refused

_IRI: Final = "http://purl.obolibrary.org/obo/HP_"
_OLD_ID: Final = "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId"
ABNORMALITY: Final = "HP:0000118"
"""Phenotypic abnormality: beside it stand inheritance, onset and frequency, which are no features."""


@dataclass(frozen=True, slots=True)
class Ontology:
    """Terms that are in use, with their parents and the ids they were known by before."""

    version: str
    names: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]]
    former: Mapping[str, str]

    def current(self, term: str) -> str | None:
        """The term as it is called now; None for one this release does not know."""
        known = self.former.get(term, term)
        return known if known in self.names else None

    def lineage(self, term: str) -> frozenset[str]:
        """The term and everything it is a kind of."""
        found, waiting = set(), [term]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting.extend(self.parents.get(each, ()))
        return frozenset(found)

    def features(self, term: str) -> tuple[str, ...]:
        """The term and what it is a kind of, as far as these are features; empty for a term that is none."""
        lineage = self.lineage(term)
        return tuple(sorted(each for each in lineage if ABNORMALITY in self.lineage(each))) if ABNORMALITY in lineage else ()

    def most_specific(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Without those that another of them says more exactly."""
        all_ = tuple(dict.fromkeys(terms))
        implied = {general for term in all_ for general in self.lineage(term) if general != term}
        return tuple(term for term in all_ if term not in implied)

    def most_general(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Without those that are kinds of another of them: who has no seizures has no focal seizures."""
        all_ = tuple(dict.fromkeys(terms))
        return tuple(term for term in all_ if not (self.lineage(term) - {term}) & set(all_))


def ontology_of(document: Any) -> Ontology:
    """Read hp.json (OBO Graphs). Raises `Refused`."""
    try:
        (graph,) = document["graphs"]
        nodes, edges = graph["nodes"], graph["edges"]
    except (KeyError, TypeError, ValueError):
        raise Refused("this is not the ontology's hp.json: it needs one graph with nodes and edges", code="hpo") from None
    live = [node for node in nodes if node["id"].startswith(_IRI) and not node.get("meta", {}).get("deprecated")]
    names = {_id(node["id"]): node.get("lbl", "") for node in live}
    parents: dict[str, list[str]] = {}
    for edge in edges:
        if edge["pred"] == "is_a" and edge["sub"].startswith(_IRI) and _id(edge["sub"]) in names and _id(edge["obj"]) in names:
            parents.setdefault(_id(edge["sub"]), []).append(_id(edge["obj"]))
    former = {
        item["val"]: _id(node["id"])
        for node in live
        for item in node.get("meta", {}).get("basicPropertyValues", ())
        if item.get("pred") == _OLD_ID
    }  # fmt: skip
    version = str(graph.get("meta", {}).get("version", ""))
    return Ontology(version, names, {term: tuple(sorted(each)) for term, each in parents.items()}, former)


def _id(iri: str) -> str:
    return "HP:" + iri.removeprefix(_IRI)
