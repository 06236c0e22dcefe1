"""A problem as an answer of a capability: its key, its severity, what it rests on, and what to do."""

from collections.abc import Iterable
from typing import Final

from wardline.core.findings import Evidence, Finding, Outcome, Severity, Suggestion
from wardline.science.medication.drugs import Drugs
from wardline.science.medication.problem import Problem

EACH_RULE: Final = (
    "Each answer names its rule's source; what is only recalled is marked provisional, is at most of medium severity and never interrupts."
)


def answers(
    problems: Iterable[Problem], drugs: Drugs, *, about: str, at_most: Severity = Severity.HIGH, not_checked: Iterable[tuple[str, str]] = (),
    not_understood: tuple[str, ...] = (),
) -> tuple[Outcome, ...]:  # fmt: skip
    """First how many there are and what could not be checked, then each problem under its key. `not_understood`: what is stated in other words."""
    found = tuple(problems)
    return (_whole(found, drugs, about, tuple(not_checked), not_understood), *(_finding(problem, at_most) for problem in found))


def _whole(
    found: tuple[Problem, ...], drugs: Drugs, about: str, not_checked: tuple[tuple[str, str], ...], not_understood: tuple[str, ...]
) -> Finding:
    unknown = sorted(drug.medication.what for drug in drugs.unrecognised)
    known = len(drugs.all) - len(unknown)
    said = [f"{about}: {len(found) or 'none'} found among {known} drug{'' if known == 1 else 's'}"]
    if unknown:
        said.append(f"not recognised and not checked: {', '.join(unknown)}")
    if not_understood:
        said.append(f"not understood and not checked: {', '.join(not_understood)}")
    if not_checked:
        said.append("not checked: " + ", ".join(f"{name} ({what} not known)" for name, what in not_checked))
    because = (
        *(Evidence("not recognised", what, band="not checked") for what in unknown),
        *(Evidence("not understood", text, band="not checked") for text in not_understood),
        *(Evidence(what, None, band=f"not known: {name}") for name, what in not_checked),
    )
    return Finding(float(len(found)), "; ".join(said), because=because)


def _finding(problem: Problem, at_most: Severity) -> Finding:
    because = [Evidence("drugs", ", ".join(problem.drugs), band="being ordered" if problem.is_new else "")]
    if problem.mechanism:
        because.append(Evidence("mechanism", problem.mechanism))
    because += [Evidence(reason.what, reason.value, band=reason.effect) for reason in problem.reasons]
    because.append(Evidence("source", problem.source.text, band=problem.source.standing))
    instead = f". Instead: {', '.join(problem.instead)}" if problem.instead else ""
    suggestions = [Suggestion(problem.management + instead)]
    if problem.nurse:
        suggestions.append(Suggestion(f"Nurse: {problem.nurse}"))
    # A rule nobody has read again is information: where answers become cards and alerts, it must not look like a warning.
    severity = Severity.LOW if problem.tier == "silent" else Severity(min(problem.severity, at_most))
    return Finding(problem.tier, problem.summary, severity, because=tuple(because), key=problem.key, suggestions=tuple(suggestions))
