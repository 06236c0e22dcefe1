"""Judging a list of criteria for one patient: what is met, and what cannot be decided and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from wardline.core.errors import Refused
from wardline.core.findings import Finding, Outcome, Severity, Suggestion, Unknown
from wardline.science.criteria.facts import Facts
from wardline.science.medication.stopp_start.criterion import Criterion


def judgements(said: Any, criteria: Sequence[Criterion]) -> Mapping[str, bool]:
    """What a person said about the questions of criteria: {"B5": true}. Raises `Refused` for anything else."""
    asked = {criterion.id for criterion in criteria if criterion.ask}
    if said is None:
        return {}
    if not isinstance(said, Mapping) or not all(isinstance(value, bool) for value in said.values()):
        raise Refused('judged is an object such as {"B5": true}: the criterion and whether its question is answered with yes', where="judged")
    unknown = sorted(set(map(str, said)) - asked)
    if unknown:
        raise Refused(f"criterion {unknown[0]!r} asks nothing; those that do are {', '.join(sorted(asked))}", where="judged")
    return dict(said)


def outcomes(name: str, act: str, criteria: Sequence[Criterion], facts: Facts) -> tuple[Outcome, ...]:
    """First how many are met and open, then each of them under its own key, in the order of the publication."""
    verdicts = [(criterion, criterion.judged(facts)) for criterion in criteria]
    met = [
        Finding(act, f"{name} {each.id}: {each.advice} ({each.why})", Severity.LOW, because=verdict.because, key=each.id,
                suggestions=(Suggestion(f"{act.capitalize()} {_drugs(verdict.because) or each.drugs.name}"),))
        for each, verdict in verdicts if verdict.met
    ]  # fmt: skip
    undecided = [
        Unknown(verdict.missing, f"{name} {each.id}: {each.advice}; {_lacking(each, verdict.missing)}", key=each.id)
        for each, verdict in verdicts if verdict.met is None
    ]  # fmt: skip
    doubt = f", {len(undecided)} cannot be decided" if undecided else ""
    summary = f"{len(met) or 'None'} of {len(criteria)} {name} criteria met{doubt}"
    return Finding(len(met), summary, Severity.LOW if met else Severity.NONE, "{criteria}"), *met, *undecided


def _drugs(because: Sequence[Any]) -> str:
    return ", ".join(sorted({str(line.value) for line in because if line.input == "medications"}))


def _lacking(criterion: Criterion, missing: Sequence[str]) -> str:
    if criterion.ask in missing:
        others = [name for name in missing if name != criterion.ask]
        return f"{criterion.ask}{' Missing: ' + _named(others) if others else ''}"
    return f"missing: {_named(missing)}"


def _named(missing: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in missing)
