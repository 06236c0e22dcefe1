"""Met, not met or undecided, and how that spreads through "and", "or" and "not".

Undecided spreads as doubt does (Kleene's logic): "and" is not met as soon as one part is not, whatever is missing; it is met only when
all parts are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from wardline.core.findings import Evidence
from wardline.science.criteria.facts import Facts


class Verdict(NamedTuple):
    """True, False, or None for undecided; what it rests on; what is missing to decide it."""

    met: bool | None
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


class Term(Protocol):
    """A criterion, or a part of one."""

    def judged(self, facts: Facts) -> Verdict: ...

    @property
    def text(self) -> str:
        """As a person reads it."""
        ...


@dataclass(frozen=True, slots=True)
class All:
    """Every part is met."""

    parts: tuple[Term, ...]

    @property
    def text(self) -> str:
        return " and ".join(f"({part.text})" if isinstance(part, AnyOf) else part.text for part in self.parts)

    def judged(self, facts: Facts) -> Verdict:
        verdicts = [part.judged(facts) for part in self.parts]
        if any(verdict.met is False for verdict in verdicts):
            return Verdict(False)
        met = None if any(verdict.met is None for verdict in verdicts) else True
        return Verdict(met, _because(verdicts), _missing(verdicts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `count` parts are met, usually one."""

    parts: tuple[Term, ...]
    count: int = 1

    @property
    def text(self) -> str:
        among = " or ".join(f"({part.text})" if isinstance(part, All) else part.text for part in self.parts)
        return among if self.count == 1 else f"at least {self.count} of: {among}"

    def judged(self, facts: Facts) -> Verdict:
        verdicts = [part.judged(facts) for part in self.parts]
        sure = [verdict for verdict in verdicts if verdict.met]
        if len(sure) >= self.count:
            return Verdict(True, _because(sure))
        undecided = [verdict for verdict in verdicts if verdict.met is None]
        if len(sure) + len(undecided) < self.count:
            return Verdict(False)
        return Verdict(None, _because([*sure, *undecided]), _missing(undecided))


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met."""

    part: Term
    as_said: str = field(default="")

    @property
    def text(self) -> str:
        return self.as_said or f"not: {self.part.text}"

    def judged(self, facts: Facts) -> Verdict:
        verdict = self.part.judged(facts)
        return Verdict(None if verdict.met is None else not verdict.met, verdict.because if verdict.met is None else (), verdict.missing)


def _because(verdicts: Iterable[Verdict]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(line for verdict in verdicts for line in verdict.because))


def _missing(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.missing))
