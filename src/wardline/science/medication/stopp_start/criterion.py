"""One criterion of STOPP or START, and what judging it for a patient says."""

from dataclasses import dataclass

from wardline.science.criteria.facts import Facts
from wardline.science.criteria.logic import All, Term, Verdict
from wardline.science.criteria.terms import Asked, Group


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the tables. `ask`: what the criterion also wants to know and no record says; a person answers it."""

    id: str
    drugs: Group
    advice: str
    why: str
    when: Term
    ask: str = ""

    @property
    def term(self) -> Term:
        """The whole criterion, with the question at its end."""
        return All((self.when, Asked(self.id, self.ask))) if self.ask else self.when

    def judged(self, facts: Facts) -> Verdict:
        return self.term.judged(facts)
