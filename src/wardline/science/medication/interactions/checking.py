"""Every interaction between the drugs of one patient, each judged in the light of this patient."""

from collections.abc import Iterable, Iterator
from typing import Final

from wardline.core.findings import Severity
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.interactions.rule import Interaction
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Reason, judged

TOLERATED_DAYS: Final = 14
"""Given together for so long, a pair that settles is one step less pressing. Site must decide (provisional)."""


def interactions(rules: Iterable[Interaction], drugs: Drugs, patient: Patient) -> tuple[Problem, ...]:
    """One problem per pair of substances: the most severe rule about it, the others left out."""
    found: dict[str, Problem] = {}
    for rule in rules:
        if drugs.any_of(rule.side_one) and drugs.any_of(rule.side_other):
            for problem in _of_rule(rule, drugs, patient):
                known = found.get(problem.key)
                if known is None or problem.severity > known.severity:
                    found[problem.key] = problem
    return tuple(sorted(found.values(), key=lambda problem: (-problem.severity, problem.key)))


def _of_rule(rule: Interaction, drugs: Drugs, patient: Patient) -> Iterator[Problem]:
    seen: set[frozenset[str]] = set()
    others = tuple(drugs.of(rule.side_other))
    for one, drug in drugs.of(rule.side_one):
        for other, second in others:
            pair = frozenset((one, other))
            # Two substances of one product are meant together; the same substance twice is a duplicate, not an interaction.
            if len(pair) == 2 and drug is not second and pair not in seen and not rule.excludes(one, other):
                seen.add(pair)
                problem = _of_pair(rule, drugs, patient, (one, drug), (other, second))
                if problem is not None:
                    yield problem


def _of_pair(rule: Interaction, drugs: Drugs, patient: Patient, one: tuple[str, Drug], other: tuple[str, Drug]) -> Problem | None:
    asked = (patient, drugs, one[1], other[1])
    condition = rule.only_if(*asked) if rule.only_if is not None else None
    if rule.only_if is not None and condition is None:
        return None
    worse = [reason for context in rule.worse if (reason := context(*asked)) is not None]
    better = [reason for context in rule.better if (reason := context(*asked)) is not None]
    is_new = one[1].is_draft or other[1].is_draft
    days = _together(one[1], other[1])
    severity = rule.severity
    if worse:
        severity = Severity.HIGH
    elif better:
        severity = _lower(severity)
    elif rule.settles and not is_new and days is not None and days >= TOLERATED_DAYS:
        better.append(Reason("given together", f"for {days} days", "better"))
        severity = _lower(severity)
    names = tuple(sorted((one[0], other[0])))
    return judged(
        Problem(
            "interaction",
            "+".join(names),
            names,
            severity,
            f"{one[0].capitalize()} with {other[0]}: {rule.effect}",
            rule.management,
            rule.source,
            rule.mechanism,
            (*((condition,) if condition else ()), *worse, *better),
            rule.roles,
            rule.nurse,
            is_new,
            days,
            (one[1].medication.order, other[1].medication.order),
            rule.instead,
        )
    )


def _lower(severity: Severity) -> Severity:
    return Severity(max(severity - 1, Severity.LOW))


def _together(one: Drug, other: Drug) -> int | None:
    spans = (one.days, other.days)
    return min(spans) if None not in spans and not (one.is_draft or other.is_draft) else None  # type: ignore[type-var]
