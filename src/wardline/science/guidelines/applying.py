"""How a card reads for one patient: which criteria are met, and for each step whether it is due, done, to avoid, or open, and why."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from wardline.core.findings import Evidence
from wardline.science.criteria.facts import Facts
from wardline.science.criteria.logic import All, Verdict
from wardline.science.guidelines.card import Guideline, Step

State: TypeAlias = Literal["due", "done", "avoid", "not for this patient", "open"]


class AppliedStep(NamedTuple):
    """A step with its state; `missing` is what would decide an open one."""

    step: Step
    state: State
    why: str
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


class AppliedCriterion(NamedTuple):
    """A criterion of the card with what the patient's record says to it."""

    name: str
    text: str
    verdict: Verdict


class Applied(NamedTuple):
    """The card for this patient. `met`: whether it is about them; None where that cannot be decided."""

    guideline: Guideline
    met: bool | None
    criteria: tuple[AppliedCriterion, ...]
    steps: tuple[AppliedStep, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing to decide whether the card applies."""
        return tuple(dict.fromkeys(name for each in self.criteria if each.verdict.met is None for name in each.verdict.missing))


def applied(guideline: Guideline, facts: Facts) -> Applied:
    """The card judged on the facts. Steps are judged even where the card does not apply, so that a person can look ahead."""
    criteria = tuple(AppliedCriterion(name, term.text, term.judged(facts)) for name, term in guideline.criteria)
    whole = All(tuple(term for _, term in guideline.criteria)).judged(facts)
    return Applied(guideline, whole.met, criteria, tuple(_step(step, facts) for step in guideline.steps))


def fitting(guidelines: Iterable[Guideline], facts: Facts) -> list[Applied]:
    """Cards that apply first, then those that cannot be decided though something besides age and sex hints at them; no others."""
    judged = [applied(each, facts) for each in guidelines]
    return [each for each in judged if each.met] + [each for each in judged if each.met is None and any(map(_hints, each.criteria))]


def _hints(criterion: AppliedCriterion) -> bool:
    """Whether the record says something for it: it is met, or a part of it is."""
    says = any(line.input not in ("age_years", "sex") for line in criterion.verdict.because)
    return criterion.verdict.met is not False and says


def _step(step: Step, facts: Facts) -> AppliedStep:
    if step.done is not None and (done := step.done.judged(facts)).met:
        return AppliedStep(step, "done", f"done: {step.done.text}", done.because)
    if step.unless is not None:
        against = step.unless.judged(facts)
        if against.met:
            return AppliedStep(step, "avoid", f"not with: {step.unless.text}", against.because)
    if step.when is not None:
        asked = step.when.judged(facts)
        if asked.met is False:
            return AppliedStep(step, "not for this patient", f"only if: {step.when.text}")
        if asked.met is None:
            return AppliedStep(step, "open", f"only if: {step.when.text}", asked.because, asked.missing)
    if step.unless is not None and against.met is None:
        return AppliedStep(step, "open", f"not with: {step.unless.text}", against.because, against.missing)
    why = f"because: {step.when.text}" if step.when is not None else "for everybody of this card"
    return AppliedStep(step, "due", why, step.when.judged(facts).because if step.when is not None else ())


def cards_for(guidelines: Iterable[Guideline], code: str, system: str = "icd10") -> list[Guideline]:
    """The cards about the disease that a code names."""
    return [each for each in guidelines if each.disease.includes(code, system)]
