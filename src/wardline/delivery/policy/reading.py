"""An alert policy from its YAML document. What cannot be understood is refused with its line; nothing is guessed."""

from datetime import time, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wardline.core.findings import Severity
from wardline.delivery.documents import Section, read_document
from wardline.delivery.policy.terms import (
    EVERYWHERE,
    OVERDUE,
    Budget,
    Clear,
    DrivenBy,
    Ladder,
    Limit,
    OverrideReason,
    Policy,
    QuietReason,
    RoleTerms,
    Rule,
    Shifts,
    Step,
    Tier,
    UnitTerms,
    Wait,
)

DEFAULT: Final = "default_policy.yaml"
_SEVERITIES: Final = {"low": Severity.LOW, "medium": Severity.MEDIUM, "high": Severity.HIGH}
_AT_ONCE: Final = Clear(severity_below=Severity.LOW)


@cache
def default_policy() -> Policy:
    """The policy that ships with Wardline, followed until a site activates its own."""
    return read_policy(resources.files("wardline.delivery").joinpath(DEFAULT).read_text(encoding="utf-8"), DEFAULT)


def read_policy(text: str, file: str = "policy") -> Policy:
    """Raises `Refused` naming file, line and key of the first mistake."""
    document = read_document(text, file)
    headline = _required(document, "headline")
    policy = Policy(
        version=document.text("version"), title=document.text("title"),
        rules=tuple(_rule(section) for section in document.sections("rules")),
        overdue=tuple(_overdue(section) for section in document.sections("overdue", ())),
        roles=tuple(_role(name, section) for name, section in document.named_sections("roles")),
        units=tuple(_unit(name, section) for name, section in document.named_sections("units", ())),
        unowned_role=document.text("unowned_role"), ladder=_ladder(_required(document, "escalation")),
        override_reasons=tuple(_override(section) for section in document.sections("override_reasons")),
        quiet_reasons=tuple(_quiet(section) for section in document.sections("quiet_reasons", ())),
        shifts=_shifts(_required(document, "shifts")), headline=headline.text("capability"), headline_title=headline.text("title"),
        budget=_budget(document.section("model_budget", None)), bundle=document.minutes("bundle_minutes"),
        undo=timedelta(seconds=document.number("undo_seconds", least=0)), one_reading=document.minutes("one_reading_minutes"),
        acknowledged_after=document.minutes("acknowledged_after_minutes"), show_place=document.flag("show_place"), text=text, file=file,
    )  # fmt: skip
    headline.finish()
    document.finish()
    return policy


def _required(document: Section, key: str) -> Section:
    section = document.section(key)
    assert section is not None  # a required section that is missing has been refused
    return section


def _rule(section: Section) -> Rule:
    raises = _limit(_required(section, "raise"))
    rule = Rule(
        capability=section.text("capability"), key=section.text("key", EVERYWHERE), raises=raises, clears=_clear(section, raises),
        band=section.text("band", ""), driven_by=_driven_by(section), refractory=section.minutes("refractory_minutes", 0),
        stale_after=section.minutes("stale_after_minutes"), second_reading=_wait(section.section("second_reading", None)),
        **_addressed(section),
    )  # fmt: skip
    section.finish()
    return rule


def _overdue(section: Section) -> Rule:
    rule = Rule(
        capability=OVERDUE, key=section.text("what"), raises=Limit(severity=Severity.LOW), clears=_AT_ONCE, grace=section.minutes("grace_minutes"),
        **_addressed(section),
    )  # fmt: skip
    section.finish()
    return rule


def _addressed(section: Section) -> dict[str, Any]:
    """What every rule says about its alert: how severe and loud, for whom, what to do, who is told next."""
    ladder = section.section("escalation", None)
    return {
        "id": section.text("id"), "severity": _SEVERITIES[section.one_of("severity", _SEVERITIES)], "tier": Tier(section.one_of("tier", Tier)),
        "tell": section.texts("tell"), "owner_role": section.text("owner_role", ""), "action": section.text("action", ""),
        "ladder": _ladder(ladder) if ladder is not None else None, "quiet": section.texts("quiet", ()),
        "units": section.texts("units", (EVERYWHERE,)), "line": section.line,
    }  # fmt: skip


def _limit(section: Section) -> Limit:
    kind = _only(section, "severity", "at_least", "at_most")
    if kind == "severity":
        limit = Limit(severity=_SEVERITIES[section.one_of("severity", _SEVERITIES)])
    elif kind == "at_least":
        limit = Limit(at_least=section.number("at_least"))
    else:
        limit = Limit(at_most=section.number("at_most"))
    section.finish()
    return limit


def _clear(section: Section, raises: Limit) -> Clear:
    """Without a word about it, an alert is over with the first answer that would no longer raise it."""
    clear = section.section("clear", None)
    if clear is None:
        return Clear(raises.severity, raises.at_least, raises.at_most)
    kind, readings = _only(clear, "severity_below", "below", "above", besides=("readings",)), clear.count("readings", 1, least=1)
    if kind == "severity_below":
        cleared = Clear(severity_below=_SEVERITIES[clear.one_of("severity_below", _SEVERITIES)], readings=readings)
    elif kind == "below":
        cleared = Clear(below=clear.number("below"), readings=readings)
    else:
        cleared = Clear(above=clear.number("above"), readings=readings)
    clear.finish()
    return cleared


def _only(section: Section, *kinds: str, besides: tuple[str, ...] = ()) -> str:
    given = [key for key in section.keys if key not in besides]
    if len(given) != 1 or given[0] not in kinds:
        section.refuse(given[0] if given else "", f"must be exactly one of {', '.join(kinds)}")
    return given[0]


def _driven_by(section: Section) -> DrivenBy:
    return "model" if section.one_of("driven_by", get_args(DrivenBy), "rule") == "model" else "rule"


def _wait(section: Section | None) -> Wait | None:
    if section is None:
        return None
    wait = Wait(section.minutes("after_minutes"), section.minutes("at_latest_minutes"))
    if wait.at_latest < wait.after:
        section.refuse("at_latest_minutes", "must not be shorter than after_minutes: the page would come before the wait is over")
    section.finish()
    return wait


def _ladder(section: Section) -> Ladder:
    steps = []
    for step in section.sections("steps"):
        steps.append(Step(step.minutes("after_minutes"), step.texts("tell")))
        step.finish()
    ladder = Ladder(tuple(steps), section.minutes("repeat_minutes", 0))
    section.finish()
    return ladder


def _role(name: str, section: Section) -> RoleTerms:
    role = RoleTerms(name, section.text("title"), section.text("contact", ""), section.flag("answered_by_a_person", False))
    section.finish()
    return role


def _unit(pattern: str, section: Section) -> UnitTerms:
    on_call = section.section("on_call", None)
    people = tuple((role, on_call.text(role)) for role in on_call.keys) if on_call is not None else ()
    unit = UnitTerms(pattern, people, section.count("nurses", 0) or None, section.flag("intensive_care", False))
    section.finish()
    return unit


def _override(section: Section) -> OverrideReason:
    needs = section.texts("needs", ())
    for need in needs:
        if need not in ("comment", "until"):
            section.refuse("needs", f"names {need!r}; a reason can need a comment or until")
    reason = OverrideReason(
        section.text("code"), section.text("label"), "comment" in needs, "until" in needs, section.flag("opens_incident", False)
    )  # fmt: skip
    section.finish()
    return reason


def _quiet(section: Section) -> QuietReason:
    reason = QuietReason(
        section.text("code"), section.text("label"), timedelta(hours=section.number("longest_hours", 0, least=0)),
        section.flag("whole_patient", False), section.flag("crosses_shifts", False),
    )  # fmt: skip
    section.finish()
    return reason


def _shifts(section: Section) -> Shifts:
    shifts = Shifts(section.text("zone"), section.texts("starts"))
    try:
        ZoneInfo(shifts.zone)
    except (ZoneInfoNotFoundError, ValueError):
        section.refuse("zone", f"is {shifts.zone!r}; it must be a time zone such as Europe/London")
    for start in shifts.starts:
        try:
            time.fromisoformat(start)
        except ValueError:
            section.refuse("starts", f"has {start!r}; a shift starts at a time such as 07:00")
    section.finish()
    return shifts


def _budget(section: Section | None) -> Budget | None:
    if section is None:
        return None
    budget = Budget(
        section.number("patient_days_per_page", least=0), section.number("pages_per_nurse", least=0),
        section.number("nurse_hours", least=1), section.number("over_days", least=1),
    )  # fmt: skip
    section.finish()
    return budget
