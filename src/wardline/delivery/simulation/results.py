"""What a policy would have done, as numbers ready for a table and a plot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from typing import Final, NamedTuple, TypeAlias

from wardline.delivery.policy import Objection, Policy

Question: TypeAlias = tuple[str, str, str]
"""(person, capability, key)"""

LEAST_PPV: Final = 0.20
"""AL-2: of the pages a model causes at least one in five must be followed by an event (work-up to detection at most 5)."""
_Z: Final = 1.959964
"""97.5th percentile of the standard normal distribution."""


class Page(NamedTuple):
    """People were interrupted. `why` is empty for a new alert; else what changed: "worse", "quiet time over" ..."""

    at: datetime
    about: str
    capability: str
    key: str
    rule: str
    severity: int
    unit: str
    alert: str
    why: str = ""
    summary: str = ""

    @property
    def question(self) -> Question:
        return self.about, self.capability, self.key


class Stated(NamedTuple):
    """How loud an alert was from this moment on."""

    at: datetime
    question: Question
    tier: str
    quiet: str


class Outcome(NamedTuple):
    """What the alerts are there to foresee: a death, a transfer to intensive care."""

    about: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Result:
    """One policy over one stretch of the past."""

    policy: str
    since: datetime | None
    until: datetime | None
    patients: int
    patient_days: float
    nurse_hours: float | None
    """None: the policy does not say how many nurses any of these units has."""
    pages_with_nurses: int
    """Pages in the units whose nurses are known."""
    units_without_nurses: tuple[str, ...]
    pages: tuple[Page, ...]
    escalations: int
    worklist: int
    """Alerts that opened on the worklist; `chips` those that opened as a mark only."""
    chips: int
    quiet: tuple[tuple[str, int], ...]
    """(reason, how many alerts were kept quiet for it), the most frequent first."""
    outcomes: tuple[Outcome, ...]
    lookback: timedelta
    stated: tuple[Stated, ...]
    hour_of_day: tuple[int, ...]
    """Pages in each local hour of the day, 0 to 23."""
    answered_as_recorded: int
    answered_as_assumed: int
    assumption: str

    @property
    def pages_per_patient_day(self) -> float | None:
        return len(self.pages) / self.patient_days if self.patient_days else None

    @property
    def worklist_per_patient_day(self) -> float | None:
        return self.worklist / self.patient_days if self.patient_days else None

    @property
    def chips_per_patient_day(self) -> float | None:
        return self.chips / self.patient_days if self.patient_days else None

    @property
    def pages_per_nurse_hour(self) -> float | None:
        """None: not known."""
        return self.pages_with_nurses / self.nurse_hours if self.nurse_hours else None

    @property
    def lead_times(self) -> tuple[tuple[Outcome, timedelta], ...]:
        """For each outcome that was foreseen, how long before it the first page of its last hours went out."""
        leads = []
        by_person: dict[str, list[datetime]] = {}
        for page in self.pages:
            by_person.setdefault(page.about, []).append(page.at)
        for outcome in self.outcomes:
            before = [at for at in by_person.get(outcome.about, ()) if outcome.at - self.lookback <= at < outcome.at]
            if before:
                leads.append((outcome, outcome.at - min(before)))
        return tuple(leads)

    @property
    def found(self) -> int:
        """Outcomes that a page preceded."""
        return len(self.lead_times)

    @property
    def sensitivity(self) -> tuple[float, float, float] | None:
        """The share of outcomes that a page preceded, with its 95 % interval; None without outcomes."""
        return share(self.found, len(self.outcomes))

    @property
    def median_lead_time(self) -> timedelta | None:
        leads = [lead.total_seconds() for _, lead in self.lead_times]
        return timedelta(seconds=median(leads)) if leads else None

    def followed(self, capability: str = "") -> tuple[int, int]:
        """(pages followed by an outcome of the same patient within the lookback, all pages), of one capability or of all."""
        outcomes: dict[str, list[datetime]] = {}
        for outcome in self.outcomes:
            outcomes.setdefault(outcome.about, []).append(outcome.at)
        pages = [page for page in self.pages if not capability or page.capability == capability]
        followed = sum(1 for page in pages if any(page.at < at <= page.at + self.lookback for at in outcomes.get(page.about, ())))
        return followed, len(pages)


def share(part: int, whole: int) -> tuple[float, float, float] | None:
    """A proportion with its 95 % interval (Wilson, J Am Stat Assoc 1927;22:209)."""
    if not whole:
        return None
    p, n, zz = part / whole, whole, _Z * _Z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = _Z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return p, max(0.0, middle - half), min(1.0, middle + half)


def over_budget(result: Result, policy: Policy) -> tuple[Objection, ...]:
    """AL-2: why a policy that passed every check must still not be activated, now that its past is known."""
    budget, objections = policy.budget, []
    if budget is None:
        return ()
    for rule in policy.rules:
        if rule.driven_by != "model":
            continue
        followed, pages = result.followed(rule.capability)
        if pages * budget.patient_days_per_page > result.patient_days:
            sentence = f"{pages} pages in {result.patient_days:.0f} patient-days is more than one in {budget.patient_days_per_page:g}"
            objections.append(Objection("AL-2", f"rule {rule.id}", sentence))
        if pages and result.outcomes and followed < LEAST_PPV * pages:
            sentence = f"{followed} of {pages} pages were followed by an event; below {LEAST_PPV:.0%} it belongs on the worklist"
            objections.append(Objection("AL-2", f"rule {rule.id}", sentence))
    return tuple(objections)
