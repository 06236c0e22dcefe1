"""How loud an alert may be right now: at the tier its rule says, or quieter for one stated reason, and until when."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.delivery.alerts.register import Mark
from wardline.delivery.policy.terms import Rule, Tier

PROVISIONAL: Final = "provisional content"
PAST: Final = "about the past"
STALE: Final = "older than the limit"
SECOND: Final = "waiting for a second reading"
RECENT: Final = "told lately at this level"
BUDGET: Final = "page budget of the model spent"
GRACE: Final = "within the grace time"
EASING: Final = "easing"


class Circumstances(NamedTuple):
    """What decides besides the rule."""

    now: datetime
    level_since: datetime
    """Since when the answer has been this bad."""
    is_verified: bool = True
    is_past: bool = False
    """The answer is about an earlier moment: something came in late or was corrected."""
    lateness: timedelta | None = None
    """How old the freshest of its measurements was when it came in, where that is known."""
    mark: Mark | None = None
    """A person's reason to keep it quiet."""
    is_reading: bool = True
    """This is decided because of a new answer, not because time has passed or a person spoke."""
    last_paged: datetime | None = None
    """When people were last interrupted for this question at this level or a worse one."""
    is_budget_spent: bool = False
    due_at: datetime | None = None
    """For something overdue: when it was due."""


class Loudness(NamedTuple):
    """The tier that holds now. With a reason in `quiet` it is lower than the rule's; `until` says when that ends by itself."""

    tier: Tier
    quiet: str = ""
    until: datetime | None = None


def loudness(rule: Rule, case: Circumstances) -> Loudness:
    """A page becomes a worklist item, an item becomes a chip; nothing ever becomes invisible (AL-4)."""
    if case.due_at is not None and case.now < case.due_at + rule.grace:
        return Loudness(Tier.CHIP, GRACE, case.due_at + rule.grace)
    reason = _unfit_to_interrupt(rule, case) if rule.tier is Tier.PAGE else None
    if reason is None and case.mark is not None:
        reason = case.mark.reason, case.mark.until
    if reason is None and rule.tier is Tier.PAGE:
        reason = _said_enough(rule, case)
    if reason is None:
        return Loudness(rule.tier)
    return Loudness(Tier.WORKLIST if rule.tier is Tier.PAGE else Tier.CHIP, *reason)


def _unfit_to_interrupt(rule: Rule, case: Circumstances) -> tuple[str, datetime | None] | None:
    """Provisional content never interrupts; neither does old news (FT-16)."""
    if not case.is_verified:
        return PROVISIONAL, None
    if case.is_past:
        return PAST, None
    if case.lateness is not None and case.lateness > rule.stale_after:
        return STALE, None
    return None


def _said_enough(rule: Rule, case: Circumstances) -> tuple[str, datetime | None] | None:
    wait = rule.second_reading
    if wait is not None and case.now < case.level_since + (wait.after if case.is_reading else wait.at_latest):
        return SECOND, case.level_since + wait.at_latest
    if case.last_paged is not None and case.now < case.last_paged + rule.refractory:
        return RECENT, case.last_paged + rule.refractory
    if case.is_budget_spent:
        return BUDGET, None
    return None
