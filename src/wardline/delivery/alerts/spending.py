"""Pages counted against the budget of the models that cause them (AL-2)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from wardline.delivery.policy.terms import Budget, Policy, Rule


class Page(NamedTuple):
    """One interruption."""

    at: datetime
    capability: str
    unit: str
    is_model_driven: bool
    about: str = ""
    """Whom it was about, only so that it can be forgotten with them."""


class Spending:
    """The pages of the last days. Every page counts; only those driven by a model can be refused (AL-5)."""

    def __init__(self) -> None:
        self._pages: list[Page] = []

    def add(self, page: Page, budget: Budget | None) -> None:
        self._pages.append(page)
        if budget is None:
            self._pages.clear()
            return
        longest = max(timedelta(days=budget.over_days), timedelta(hours=budget.nurse_hours))
        while self._pages[0].at <= page.at - longest:
            del self._pages[0]

    def is_spent(self, rule: Rule, unit: str, *, patients: int, policy: Policy, now: datetime) -> bool:
        """Whether one more page by this rule would be too many. Rules that are not driven by a model are never bound."""
        budget = policy.budget
        if rule.driven_by != "model" or budget is None:
            return False
        since = now - timedelta(days=budget.over_days)
        by_model = sum(1 for page in self._pages if page.is_model_driven and page.capability == rule.capability and page.at > since)
        if (by_model + 1) * budget.patient_days_per_page > patients * budget.over_days:
            return True
        terms = policy.unit(unit)
        if terms is None or terms.nurses is None:
            return False
        since = now - timedelta(hours=budget.nurse_hours)
        on_unit = sum(1 for page in self._pages if page.unit == unit and page.at > since)
        return on_unit + 1 > budget.pages_per_nurse * terms.nurses

    def erase(self, records: Collection[str]) -> None:
        self._pages = [page for page in self._pages if page.about not in records]

    def dump(self) -> Any:
        return [list(page) for page in sorted(self._pages)]

    def load(self, state: Any) -> None:
        self._pages = [Page(*page) for page in state]
