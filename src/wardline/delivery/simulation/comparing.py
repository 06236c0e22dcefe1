"""Two policies over the same past: which pages are gone, which come later, which are new, and what that costs."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from wardline.core.findings import Severity
from wardline.delivery.simulation.results import Outcome, Page, Question, Result, Stated

Kind: TypeAlias = Literal["gone", "later", "earlier", "level", "new"]
""""level": it goes out at the same moment, more or less urgent."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

SAME_PAGE_WITHIN: Final = timedelta(hours=4)
"""Pages about the same question further apart than this are two pages: our own choice, provisional."""


class Difference(NamedTuple):
    """One page that is not the same under both policies."""

    kind: Kind
    page: Page
    """Today's page; for a new one the proposed one."""
    by: timedelta | None
    """How much later or earlier."""
    why: str
    outcome: Outcome | None
    """What happened to the patient within the lookback after the page."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today's policy and the proposed one."""

    today: Result
    proposed: Result
    differences: tuple[Difference, ...]
    lost: tuple[Outcome, ...]
    """Outcomes that today's policy preceded with a page and the proposed one does not."""
    gained: tuple[Outcome, ...]

    def count(self, kind: Kind) -> int:
        return sum(1 for difference in self.differences if difference.kind == kind)

    @property
    def reasons(self) -> tuple[tuple[Kind, str, int], ...]:
        """(kind, why, how many), the most frequent first: the rows of the table."""
        counts = Counter((difference.kind, difference.why) for difference in self.differences)
        return tuple((kind, why, count) for (kind, why), count in counts.most_common())


def compare(today: Result, proposed: Result) -> Comparison:
    """What would be different. Both results must come from the same steps."""
    before, after = _by_question(today), _by_question(proposed)
    spoken = _stated_by_question(proposed)
    differences: list[Difference] = []
    for question in sorted(before.keys() | after.keys()):
        differences.extend(_differences(before.get(question, []), after.get(question, []), spoken.get(question, []), today))
    foreseen, still = {outcome for outcome, _ in today.lead_times}, {outcome for outcome, _ in proposed.lead_times}
    return Comparison(
        today, proposed, tuple(sorted(differences, key=lambda each: (each.page.at, each.page.question))),
        tuple(sorted(foreseen - still)), tuple(sorted(still - foreseen)),
    )  # fmt: skip


def _differences(before: list[Page], after: list[Page], spoken: list[Stated], today: Result) -> list[Difference]:
    """Both lists are about one question and in order. Each page is matched with the nearest unmatched one that may be the same; what is left,
    with one at the same moment that is more or less urgent.
    """
    differences: list[Difference] = []
    unmatched, alone = list(after), []
    for page in before:
        same = min((other for other in unmatched if _may_be_same(page, other)), key=lambda other: abs(other.at - page.at), default=None)
        if same is None:
            alone.append(page)
            continue
        unmatched.remove(same)
        if same.at != page.at:
            kind: Kind = "later" if same.at > page.at else "earlier"
            why = _why(page.at, spoken) if kind == "later" else "raised earlier"
            differences.append(Difference(kind, page, abs(same.at - page.at), why, _outcome_after(page, today)))
    for page in alone:
        twin = next((other for other in unmatched if other.at == page.at), None)
        if twin is None:
            differences.append(Difference("gone", page, None, _why(page.at, spoken), _outcome_after(page, today)))
            continue
        unmatched.remove(twin)
        why = f"{Severity(twin.severity).word} instead of {Severity(page.severity).word}"
        differences.append(Difference("level", page, None, why, _outcome_after(page, today)))
    differences.extend(Difference("new", page, None, page.why or "raised", _outcome_after(page, today)) for page in unmatched)
    return differences


def _may_be_same(page: Page, other: Page) -> bool:
    return page.severity == other.severity and abs(other.at - page.at) <= SAME_PAGE_WITHIN


def _why(at: datetime, spoken: list[Stated]) -> str:
    """What the proposed policy said about the question at that moment."""
    place = bisect_right(spoken, at, key=lambda stated: stated.at)
    if not place:
        return "not raised"
    stated = spoken[place - 1]
    if stated.quiet:
        return stated.quiet
    return "already paged" if stated.tier == "page" else f"on the {stated.tier}" if stated.tier == "worklist" else "a mark only"


def _outcome_after(page: Page, today: Result) -> Outcome | None:
    return next((each for each in today.outcomes if each.about == page.about and page.at < each.at <= page.at + today.lookback), None)


def _by_question(result: Result) -> dict[Question, list[Page]]:
    pages: dict[Question, list[Page]] = {}
    for page in result.pages:
        pages.setdefault(page.question, []).append(page)
    return pages


def _stated_by_question(result: Result) -> dict[Question, list[Stated]]:
    spoken: dict[Question, list[Stated]] = {}
    for stated in result.stated:
        spoken.setdefault(stated.question, []).append(stated)
    return spoken
