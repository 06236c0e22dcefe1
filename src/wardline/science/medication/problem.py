"""A problem a check of the medication found: what may happen, why, what to do, for whom, and how sure the source of the rule is.

Who is told how loudly is decided here and nowhere else:

    interrupt   severe, from a verified rule, and somebody is just ordering it: say it before the order is signed
    passive     from a verified rule: on the screen and in a card, nobody is stopped
    silent      from a provisional rule, or nothing to do now: in the medication review only
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from wardline.core.capability import Standing
from wardline.core.concepts import Concept
from wardline.core.findings import Severity
from wardline.core.quantities import plain

Kind: TypeAlias = Literal[
    "interaction", "allergy", "duplicate", "dose", "kidney", "liver", "heart_rhythm", "pregnancy", "lactation", "monitoring", "laboratory", "disease",
]  # fmt: skip
Tier: TypeAlias = Literal["interrupt", "passive", "silent"]
Role: TypeAlias = Literal["prescriber", "pharmacist", "nurse"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Source(NamedTuple):
    """Where a rule comes from, and whether that text was read."""

    text: str
    standing: Standing


class Reason(NamedTuple):
    """One line of the context: what of this patient made it worse, better, or true at all."""

    what: str
    value: str | float = ""
    effect: Literal["", "worse", "better"] = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` tells it from the others of its kind ("ibuprofen+warfarin"); `drugs` are the substances, `orders` the numbers of their orders."""

    kind: Kind
    key: str
    drugs: tuple[str, ...]
    severity: Severity
    summary: str
    management: str
    source: Source
    mechanism: str = ""
    reasons: tuple[Reason, ...] = ()
    roles: tuple[Role, ...] = ("prescriber", "pharmacist")
    nurse: str = ""
    """What a nurse does about it, where she can: what to watch for."""
    is_new: bool = False
    """Whether one of its drugs is a draft: an order somebody is about to sign."""
    tolerated_days: int | None = None
    """For how long all its drugs have been given together already."""
    orders: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    """What could be ordered instead, where the source names it."""

    @property
    def tier(self) -> Tier:
        if self.source.standing != "verified" or self.severity is Severity.NONE:
            return "silent"
        return "interrupt" if self.severity is Severity.HIGH and self.is_new else "passive"


def said(value: float, concept: Concept) -> str:
    """A result as people read it; "{INR}" is UCUM's way to write that there is no unit."""
    return plain(value) if concept.unit.startswith("{") else f"{plain(value)} {concept.unit}"


def judged(problem: Problem) -> Problem:
    """Nothing recalled is called severe: a provisional rule is at most of medium severity."""
    if problem.source.standing == "provisional" and problem.severity is Severity.HIGH:
        return replace(problem, severity=Severity.MEDIUM)
    return problem


def told_to(problem: Problem, role: Role) -> bool:
    """Whether this role is shown it: pharmacists everything, nurses what they can do something about."""
    return role == "pharmacist" or role in problem.roles or (role == "nurse" and bool(problem.nurse))
