"""What must never be switched on: a policy is checked against the alarm-safety rules AL-1 to AL-10 before anybody signs it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from wardline.core.timeline import VITAL_SIGNS_DUE
from wardline.delivery.policy.terms import CRITICAL_REPORT, EVERYWHERE, Ladder, Policy, Rule, Tier

LIFE_THREATENING: Final = ("news2", "critical_values")
"""AL-5: NEWS2 and critical laboratory values. What such a rule says is never left to a model."""
PATIENT_DAYS_PER_PAGE: Final = 35
"""AL-2: the alert rate of Advance Alert Monitor (Escobar and others, NEJM 2020;383:1951)."""
PAGES_PER_NURSE: Final = 2
NURSE_HOURS: Final = 12
MOST_REASONS: Final = 7
"""AL-8."""
ACTIONABLE_WITHIN: Final = timedelta(hours=1)
"""AL-1: a page is for what can be acted on within an hour."""
LONGEST_QUIET: Final = timedelta(hours=24)
"""The longest refractory time that still makes sense within one stay on a ward: our own limit, provisional."""


class Objection(NamedTuple):
    """Why a policy cannot be activated: the alarm-safety rule it breaks, where, and what to change."""

    rule: str
    where: str
    sentence: str


def problems(policy: Policy, standings: Mapping[str, str] | None = None) -> tuple[Objection, ...]:
    """Every objection. `standings` says for each capability of the house whether it is verified, provisional or silent."""
    return (
        *_unclear_names(policy),
        *(objection for rule in (*policy.rules, *policy.overdue) for objection in _rule(policy, rule)),
        *(objection for rule in policy.rules for objection in _hysteresis(rule)),
        *_ladder("escalation", policy, policy.ladder),
        *_people(policy),
        *_budget(policy),
        *_reasons(policy),
        *_overdue(policy),
        *(_standing(policy, standings) if standings is not None else ()),
    )


def _unclear_names(policy: Policy) -> Iterator[Objection]:
    for what, names in (
        ("rules", [rule.id for rule in (*policy.rules, *policy.overdue)]),
        ("override_reasons", [reason.code for reason in policy.override_reasons]),
        ("quiet_reasons", [reason.code for reason in policy.quiet_reasons]),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                yield Objection("", what, f"{name!r} is used {times} times; every name must mean one thing")


def _where(rule: Rule) -> str:
    return f"line {rule.line}, rule {rule.id}"


def _rule(policy: Policy, rule: Rule) -> Iterator[Objection]:
    where = _where(rule)
    if rule.tier is Tier.PAGE and not rule.action:
        yield Objection("AL-1", where, "pages without saying what to do: give it an action")
    if not rule.owner_role:
        yield Objection("AL-1", where, "has no owner: name an owner_role")
    if rule.tier is not Tier.CHIP and not rule.tell:
        yield Objection("AL-1", where, "tells nobody: name at least one role")
    if rule.driven_by == "model" and rule.capability in LIFE_THREATENING:
        yield Objection("AL-5", where, f"{rule.capability} is a rule about danger to life; it cannot be driven by a model")
    if rule.refractory > LONGEST_QUIET:
        yield Objection("AL-3", where, "stays quiet for more than a day after a page; that is not a refractory time but silence")
    for code in rule.quiet:
        if policy.quiet_reason(code) is None:
            yield Objection("AL-4", where, f"allows the quiet reason {code!r}, which is not among the quiet_reasons")
    for role in _unknown(policy, (*rule.tell, *filter(None, (rule.owner_role,)))):
        yield Objection("AL-7", where, f"names the role {role!r}, which is not among the roles")
    if rule.ladder is not None:
        yield from _ladder(where, policy, rule.ladder)
    if rule.tier is Tier.PAGE and (steps := policy.ladder_of(rule).steps) and steps[0].after > ACTIONABLE_WITHIN:
        yield Objection("AL-1", where, "waits for more than an hour before anybody else is told; a page is for what can be acted on within one")


def _unknown(policy: Policy, roles: Iterable[str]) -> list[str]:
    known = {role.name for role in policy.roles}
    return sorted({role for role in roles if role not in known})


def _hysteresis(rule: Rule) -> Iterator[Objection]:
    raises, clears = rule.raises, rule.clears
    same_kind = (
        (raises.severity is None) == (clears.severity_below is None)
        and (raises.at_least is None) == (clears.below is None)
        and (raises.at_most is None) == (clears.above is None)
    )
    if not same_kind:
        yield Objection("AL-3", _where(rule), "is raised by one kind of limit and cleared by another; use the same kind for both")
        return
    too_early = (
        (raises.severity is not None and clears.severity_below is not None and clears.severity_below > raises.severity)
        or (raises.at_least is not None and clears.below is not None and clears.below > raises.at_least)
        or (raises.at_most is not None and clears.above is not None and clears.above < raises.at_most)
    )
    if too_early:
        yield Objection("AL-3", _where(rule), "clears where it would still be raised; let it clear lower than it is raised")


def _ladder(where: str, policy: Policy, ladder: Ladder) -> Iterator[Objection]:
    if not ladder.steps:
        yield Objection("AL-7", where, "tells nobody else when the first people do not answer: give the escalation a step")
        return
    if ladder.repeat <= timedelta():
        yield Objection("AL-7", where, "ends in silence: give repeat_minutes, after which the last roles are told again")
    answered = {role.name for role in policy.roles if role.answered_by_a_person}
    if not answered.intersection(ladder.steps[-1].tell):
        yield Objection("AL-7", where, "ends with nobody who surely answers: the last step must tell a role that is answered_by_a_person")
    for number, step in enumerate(ladder.steps, 1):
        if not step.tell:
            yield Objection("AL-7", where, f"step {number} tells nobody")
        for role in _unknown(policy, step.tell):
            yield Objection("AL-7", where, f"step {number} names the role {role!r}, which is not among the roles")


def _people(policy: Policy) -> Iterator[Objection]:
    if not policy.contact(policy.unowned_role, ""):
        yield Objection("AL-7", "unowned_role", f"{policy.unowned_role!r} has no contact of its own; patients nobody owns would alert nobody")
    for role in policy.roles:
        reached = role.contact or any(role.name in dict(unit.on_call) and unit.pattern == EVERYWHERE for unit in policy.units)
        if not reached:
            yield Objection("AL-7", f"roles.{role.name}", "has no contact that holds for every unit; a unit without its own would alert nobody")
    for unit in policy.units:
        for name in _unknown(policy, (name for name, _ in unit.on_call)):
            yield Objection("AL-7", f"units.{unit.pattern}", f"has {name!r} on call, which is not among the roles")
    if not policy.shifts.starts:
        yield Objection("AL-10", "shifts", "has no start: unanswered alerts are handed over when a shift begins")


def _budget(policy: Policy) -> Iterator[Objection]:
    driven = [rule for rule in policy.rules if rule.driven_by == "model" and rule.tier is Tier.PAGE]
    if policy.budget is None:
        for rule in driven:
            yield Objection("AL-2", _where(rule), "pages because of a model without a budget: give the policy a model_budget")
        return
    if policy.budget.patient_days_per_page < PATIENT_DAYS_PER_PAGE:
        yield Objection("AL-2", "model_budget", f"allows more than one page in {PATIENT_DAYS_PER_PAGE} patient-days for each model")
    if policy.budget.pages_per_nurse * NURSE_HOURS > PAGES_PER_NURSE * policy.budget.nurse_hours:
        yield Objection("AL-2", "model_budget", f"allows more than {PAGES_PER_NURSE} pages for each nurse in {NURSE_HOURS} hours")


def _reasons(policy: Policy) -> Iterator[Objection]:
    if not policy.override_reasons:
        yield Objection("AL-8", "override_reasons", "there is none: an alert can only be overridden for a coded reason")
    if len(policy.override_reasons) > MOST_REASONS:
        yield Objection("AL-8", "override_reasons", f"there are {len(policy.override_reasons)}; nobody reads more than {MOST_REASONS} at night")
    for reason in policy.quiet_reasons:
        if reason.longest <= timedelta():
            yield Objection("AL-4", f"quiet_reasons, {reason.code}", "never expires: give longest_hours")


def _overdue(policy: Policy) -> Iterator[Objection]:
    for rule in policy.overdue:
        if rule.key != VITAL_SIGNS_DUE:
            yield Objection("", _where(rule), f"watches for {rule.key!r}; only {VITAL_SIGNS_DUE!r} are watched so far")


def _standing(policy: Policy, standings: Mapping[str, str]) -> Iterator[Objection]:
    for rule in policy.rules:
        # A person has said that it is critical: nothing stands behind it that could be provisional.
        standing = "verified" if rule.capability == CRITICAL_REPORT else standings.get(rule.capability)
        if standing is None:
            yield Objection("", _where(rule), f"there is no capability {rule.capability!r}; the rule would never do anything")
        elif standing != "verified" and rule.tier is Tier.PAGE:
            yield Objection("", _where(rule), f"{rule.capability} is {standing}: it must not interrupt anybody, use the worklist or chip tier")
    if policy.headline not in standings:
        yield Objection("", "headline", f"there is no capability {policy.headline!r}")
