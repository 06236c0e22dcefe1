"""One thing that was looked at, and the verdict on all of them together.

The score starts at 1; each check that failed takes off what it costs. The costs and the limit are this house's choice (provisional): a
problem that alone makes the images useless costs half, one that makes a measurement doubtful a quarter, one that a reader should know a tenth.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

ACCEPT_FROM: Final = 0.7
USELESS: Final = 0.5
DOUBTFUL: Final = 0.25
TO_KNOW: Final = 0.1


class Check(NamedTuple):
    """`ok` is None where it could not be looked at; that costs nothing and is said."""

    name: str
    ok: bool | None
    shown: str
    """The value as a person reads it: "299 of 299", "14 HU"."""
    reason: str = ""
    """What is wrong and what it means, where it is not ok; why it could not be looked at, where that is so."""
    cost: float = 0.0


class Verdict(NamedTuple):
    score: float
    accepted: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(each for each in self.checks if each.ok is False)


def verdict(checks: Iterable[Check], *, accept_from: float = ACCEPT_FROM) -> Verdict:
    """All checks of a study as one score from 0 to 1, to three places."""
    looked_at = tuple(checks)
    score = round(max(0.0, 1.0 - sum(each.cost for each in looked_at if each.ok is False)), 3)
    return Verdict(score, score >= accept_from, looked_at)


def passed_if(ok: bool, name: str, shown: str, reason: str, cost: float) -> Check:
    """A check with its reason only where it failed."""
    return Check(name, ok, shown, "" if ok else reason, cost)


def unseen(name: str, reason: str) -> Check:
    """What could not be looked at."""
    return Check(name, None, "not checked", reason)
