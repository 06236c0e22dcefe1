"""A rule about one drug in one patient: too much, not with these kidneys, not in pregnancy, not with this diagnosis or result."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from wardline.core.findings import Severity
from wardline.science.medication.classes import members
from wardline.science.medication.conditions import When
from wardline.science.medication.drugs import Drugs
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Kind, Problem, Role, Source, judged


@dataclass(frozen=True)
class DrugRule:
    """`drugs` are classes or substances."""

    id: str
    kind: Kind
    drugs: tuple[str, ...]
    when: When
    severity: Severity
    effect: str
    management: str
    source: Source
    mechanism: str = ""
    nurse: str = ""
    instead: tuple[str, ...] = ()
    less: tuple[str, ...] = field(default=())
    """Members the source excludes."""

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset[str]().union(*(members(name) for name in self.drugs)) - frozenset(self.less)


def drug_problems(rules: Iterable[DrugRule], drugs: Drugs, patient: Patient) -> tuple[Problem, ...]:
    """One problem per substance and kind: the most severe rule about it, the first of them where several are."""
    found: dict[tuple[str, str, tuple[str, ...]], Problem] = {}
    for rule in rules:
        for problem in _of_rule(rule, drugs, patient):
            question = (problem.kind, problem.key, problem.orders)
            if question not in found or problem.severity > found[question].severity:
                found[question] = problem
    return tuple(sorted(found.values(), key=lambda problem: (-problem.severity, problem.key)))


def not_checked(rules: Iterable[DrugRule], drugs: Drugs, patient: Patient) -> tuple[tuple[str, str], ...]:
    """Which drugs a rule could not be told about, and for want of what: ("metformin", "eGFR")."""
    open = {(name, what) for rule in rules for name, drug in drugs.of(rule.names) for what in rule.when.missing(patient, drugs, drug)}
    return tuple(sorted(open))


def _of_rule(rule: DrugRule, drugs: Drugs, patient: Patient) -> Iterator[Problem]:
    for name, drug in drugs.of(rule.names):
        reasons = rule.when.holds(patient, drugs, drug)
        if reasons is not None:
            roles: tuple[Role, ...] = ("prescriber", "pharmacist", "nurse") if rule.nurse else ("prescriber", "pharmacist")
            yield judged(
                Problem(
                    rule.kind,
                    f"{name}:{rule.id}" if rule.kind in ("disease", "laboratory") else name,
                    (name,),
                    rule.severity,
                    f"{name.capitalize()}: {rule.effect}",
                    rule.management,
                    rule.source,
                    rule.mechanism,
                    reasons,
                    roles,
                    rule.nurse,
                    drug.is_draft,
                    drug.days,
                    (drug.medication.order,),
                    rule.instead,
                )
            )
