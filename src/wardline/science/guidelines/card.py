"""A guideline card: whom it is about, what to do by when, with which drugs, what to watch, and who says so."""

from typing import Literal, NamedTuple

from wardline.core.capability import Standing
from wardline.core.diseases import Disease
from wardline.science.criteria.logic import Term


class Source(NamedTuple):
    """Where recommendations come from. `read`: whether its text was at hand when the card was written; else it is recalled."""

    id: str
    body: str
    title: str
    year: int
    read: bool = False
    reference: str = ""


class Medicine(NamedTuple):
    """A drug of a step, by substance. The dose is text for a person; nothing is ordered from it."""

    substance: str
    dose: str = ""
    route: str = ""
    note: str = ""


class Step(NamedTuple):
    """One recommendation. `when`: only then; `unless`: then not; `done`: what shows that it has been done."""

    id: str
    do: str
    why: str
    source: str
    strength: str
    """As the body words it: "strong", "class I"."""
    evidence: str
    """As the body grades it: "moderate", "level A"; "not graded" where it does not."""
    within: str = ""
    minutes: float | None = None
    when: Term | None = None
    unless: Term | None = None
    done: Term | None = None
    medicines: tuple[Medicine, ...] = ()


class Watch(NamedTuple):
    """What to monitor, or what to do afterwards, and how often or by when."""

    what: str
    often: str
    source: str
    why: str = ""


class Guideline(NamedTuple):
    """A card. `criteria` say to whom it applies; each is judged and shown on its own, and all of them must be met."""

    id: str
    title: str
    question: str
    population: str
    version: str
    standing: Standing
    disease: Disease
    sources: tuple[Source, ...]
    criteria: tuple[tuple[str, Term], ...]
    steps: tuple[Step, ...]
    monitoring: tuple[Watch, ...]
    follow_up: tuple[Watch, ...]
    caution: str = ""
    owner: str = ""
    """Who at the site answers for it; empty for the cards that come with the house."""
    origin: Literal["house", "site"] = "house"

    def source(self, id: str) -> Source:
        return next(source for source in self.sources if source.id == id)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every criterion of the card and of its steps."""
        of_steps = (part for step in self.steps for part in (step.when, step.unless, step.done) if part is not None)
        return (*(term for _, term in self.criteria), *of_steps)
