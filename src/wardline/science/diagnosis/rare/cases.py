"""Described patients with a rare disease: one JSON object a line, with the features seen and those looked for and not found.

{"case_id": "...", "diseases": [["OMIM:162200", "Neurofibromatosis 1"]], "observed": [["HP:0000957", "..."]], "excluded": [],
 "references": ["PMID:1234"]}
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wardline.core.errors import Refused


class Patient(NamedTuple):
    """One described patient. `publications` is where: patients of one publication are not independent."""

    id: str
    disease: str
    name: str
    observed: tuple[str, ...]
    excluded: tuple[str, ...]
    publications: tuple[str, ...] = ()


def patients_of(lines: Iterable[str]) -> Iterator[Patient]:
    """Read the lines. Raises `Refused`, naming the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            disease, name = said["diseases"][0]
            observed, excluded = (tuple(term for term, _ in said.get(field, ())) for field in ("observed", "excluded"))
            yield Patient(str(said["case_id"]), disease, name, observed, excluded, tuple(said.get("references", ())))
        except (ValueError, KeyError, IndexError, TypeError):
            raise Refused(f"line {number} is not a case with case_id, diseases, observed and excluded features", code="cases") from None
