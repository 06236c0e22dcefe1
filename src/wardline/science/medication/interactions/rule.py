"""An interaction rule: two classes of drugs, what happens between them, what to do, and what of the patient changes that."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from wardline.core.findings import Severity
from wardline.science.medication.classes import members
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Reason, Role, Source

Context: TypeAlias = Callable[[Patient, Drugs, Drug, Drug], Reason | None]
"""A question about this patient and this pair: the reason if it is so, None if not or not known."""


@dataclass(frozen=True)
class Interaction:
    """`one` and `other` are names of classes or substances. `worse` raises it to severe, `better` lowers it by one step, `only_if`
    makes it at all.
    """

    id: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    severity: Severity
    effect: str
    mechanism: str
    management: str
    source: Source
    nurse: str = ""
    instead: tuple[str, ...] = ()
    worse: tuple[Context, ...] = ()
    better: tuple[Context, ...] = ()
    only_if: Context | None = None
    without: tuple[tuple[str, str], ...] = ()
    """Pairs of substances the source excludes."""
    settles: bool = True
    """Whether having been given together for long makes it less pressing; not where harm comes late or at any time."""
    high_priority: bool = False
    """Of the list of Phansalkar 2012."""

    @cached_property
    def side_one(self) -> frozenset[str]:
        return frozenset[str]().union(*(members(name) for name in self.one))

    @cached_property
    def side_other(self) -> frozenset[str]:
        return frozenset[str]().union(*(members(name) for name in self.other))

    @property
    def roles(self) -> tuple[Role, ...]:
        return ("prescriber", "pharmacist", "nurse") if self.nurse else ("prescriber", "pharmacist")

    def excludes(self, one: str, other: str) -> bool:
        return (one, other) in self.without or (other, one) in self.without
