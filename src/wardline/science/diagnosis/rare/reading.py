"""The three files of a knowledge folder for rare diseases, plain or packed with gzip, from their bytes."""

import gzip
import json
from typing import Final

from wardline.core.errors import Refused
from wardline.science.diagnosis.rare.annotations import annotations_of
from wardline.science.diagnosis.rare.cases import patients_of
from wardline.science.diagnosis.rare.knowledge import RareDiseases, knowledge_of
from wardline.science.diagnosis.rare.ontology import ontology_of

ONTOLOGY: Final = "hp.json"
ANNOTATIONS: Final = "phenotype.hpoa"
PATIENTS: Final = "cases.jsonl"
_PACKED: Final = b"\x1f\x8b"


def knowledge_from(ontology: bytes, annotations: bytes, patients: bytes = b"") -> RareDiseases:
    """Read the files of the published release, and described patients where there are some. Raises `Refused`."""
    return knowledge_of(
        ontology_of(json_of(unpacked(ontology))), annotations_of(_text(annotations).splitlines()), patients_of(_text(patients).splitlines())
    )


def unpacked(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(_PACKED) else content


def _text(content: bytes) -> str:
    return unpacked(content).decode("utf-8")


def json_of(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        raise Refused("this is not the ontology's hp.json: it is no JSON", code="hpo") from None
