"""Groups of diseases by code, and which of them a list of diagnoses names.

A group's codes are written as its publication prints them, with ranges: "I42.5-I42.9 I43". A diagnosis belongs to a group when its code
begins with one of them; the dot is left out on both sides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from wardline.core.course import Condition

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def prefixes(written: str) -> tuple[str, ...]:
    """Every code of a written list, without dots: "I42.5-I42.7 I43" -> I425 I426 I427 I43."""
    return tuple(code for part in written.split() for code in _span(part.replace(".", "")))


def _span(part: str) -> tuple[str, ...]:
    first, _, last = part.partition("-")
    if not last:
        return (first,)
    digits = next(count for count in range(1, len(first) + 1) if first[:-count] == last[:-count])
    return tuple(f"{first[:-digits]}{number:0{digits}d}" for number in range(int(first[-digits:]), int(last[-digits:]) + 1))


@dataclass(frozen=True, slots=True)
class Group:
    """One group: id, name, and its codes as printed."""

    id: str
    name: str
    icd10: str
    icd9: str
    by_system: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_system", {"icd10": prefixes(self.icd10), "icd9": prefixes(self.icd9)})

    def includes(self, code: str, system: str) -> bool:
        return bare(code).startswith(self.by_system[system])


class Grouped(NamedTuple):
    """The groups that are there, each with the first diagnosis that names it, and how many diagnoses had no ICD code to look at."""

    found: dict[str, Condition]
    unread: int


def grouped(conditions: Iterable[Condition], groups: Iterable[Group], superseded: Mapping[str, str]) -> Grouped:
    """Groups by id in the order of the publication, each by its oldest diagnosis. Resolved ones count: the indices look at a patient's past."""
    read, unread = [], 0
    for condition in conditions:
        system = icd_of(condition)
        if system:
            read.append((condition, system))
        else:
            unread += 1
    read.sort(key=lambda each: (each[0].since or LONG_AGO, each[0].code))
    first = {group.id: next((each for each, system in read if group.includes(each.code, system)), None) for group in groups}
    named = {id: condition for id, condition in first.items() if condition is not None}
    return Grouped({id: condition for id, condition in named.items() if superseded.get(id) not in named}, unread)


def icd_of(condition: Condition) -> str:
    """ "icd10", "icd9", or "" for a code of another system. Without a system, a letter and a digit are taken for ICD-10."""
    code, system = condition.coding
    if system in ("icd10", "icd9"):
        return system
    looks_so = not system and code[:1].isalpha() and code[1:2].isdigit()
    return "icd10" if looks_so else ""


def bare(code: str) -> str:
    return code.replace(".", "").upper()
