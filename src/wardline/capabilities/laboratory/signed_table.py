"""A table that belongs to the site's laboratory: who owns it, which version it is, where it comes from, who signed it.

    owner: Department of Laboratory Medicine
    version: "3"
    date: 2026-11-21
    source: Agreed with the medical board
    signed_by: Dr A. Example
    limits:
      potassium: {...}

Without a signature nothing is answered from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.concepts import Concept
from wardline.core.errors import Refused
from wardline.core.quantities import Conversion

LABORATORY: tuple[Concept, ...] = tuple(concept for concept in (*c.CHEMISTRY, *c.BLOOD_GAS, *c.HAEMATOLOGY, *c.COAGULATION) if not concept.is_coded)
_BY_ID = {concept.id: concept for concept in LABORATORY}
_NO_LIMIT = 1e9
"""No laboratory value, and no limit for one, is as large in any unit."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The head of a site's table."""

    owner: str
    version: str
    date: str
    source: str
    signed_by: str

    @property
    def is_signed(self) -> bool:
        return bool(self.signed_by)


def signature_of(content: Any, table: str) -> Signature:
    """Read the head; raises `Refused` naming what is missing."""
    if not isinstance(content, Mapping) or not isinstance(content.get("limits"), Mapping):
        raise refused(table, "needs owner, version, date, source, signed_by and limits")
    for field in ("owner", "version", "date", "source"):
        if not str(content.get(field) or "").strip():
            raise refused(table, f"does not say its {field}")
    return Signature(*(str(content.get(field) or "").strip() for field in ("owner", "version", "date", "source", "signed_by")))


def rows_of(content: Mapping[str, Any], table: str, allowed: frozenset[str]) -> list[tuple[Concept, Mapping[str, Any]]]:
    """Each analyte with its row. A row left empty is not there yet; an unknown analyte or field is a typing error."""
    rows = []
    for analyte, row in content["limits"].items():
        concept = _BY_ID.get(str(analyte))
        if concept is None:
            raise refused(table, f"{analyte!r} is not a laboratory value; known are {', '.join(_BY_ID)}")
        if row is None:
            continue
        if not isinstance(row, Mapping) or not allowed.issuperset(row):
            raise refused(table, f"the row of {analyte} has fields other than {', '.join(sorted(allowed))}")
        rows.append((concept, row))
    return rows


def conversion_of(concept: Concept, row: Mapping[str, Any], table: str) -> Conversion:
    """How to bring the row's numbers into the unit in which the concept is kept. The unit must be written."""
    unit = row.get("unit")
    conversion = concept.conversion(str(unit)) if unit is not None else None
    if conversion is None:
        raise refused(table, f"the row of {concept.id} needs a unit of {concept.name}, such as {concept.unit}")
    return conversion


def number_of(value: Any, where: str, table: str) -> float:
    """YAML knows numbers that no limit can be: nothing lies beyond `.nan`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _NO_LIMIT:
        raise refused(table, f"{where} must be a number")
    return float(value)


def refused(table: str, what: str) -> Refused:
    return Refused(f"{table}: {what}", code="site-table")
