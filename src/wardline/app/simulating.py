"""Trying a policy on the past: the stored log replayed under two policies, and the comparison as JSON."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from wardline.core.ports import EventLog, Step
from wardline.delivery.policy.terms import Policy
from wardline.delivery.simulation.comparing import KINDS, Comparison, Difference, compare
from wardline.delivery.simulation.replaying import simulate_each
from wardline.delivery.simulation.results import Result

SHOWN: Final = 500
"""Differences listed one by one; beyond that only counted."""


def comparison(log: EventLog, today: Policy, proposed: Policy, since: datetime | None, until: datetime | None) -> Comparison:
    """Both policies over the same steps."""
    before, after = simulate_each(_steps(log, since, until), (today, proposed))
    return compare(before, after)


def _steps(log: EventLog, since: datetime | None, until: datetime | None) -> Iterator[Step]:
    for step in log.steps():
        if (since is None or step.recorded_at >= since) and (until is None or step.recorded_at <= until):
            yield step


def comparison_json(compared: Comparison) -> dict[str, Any]:
    return {
        "today": _result(compared.today),
        "proposed": _result(compared.proposed),
        "counts": {kind: compared.count(kind) for kind in KINDS},
        "reasons": [{"kind": kind, "why": why, "count": count} for kind, why, count in compared.reasons],
        "differences": [_difference(each) for each in compared.differences[:SHOWN]],
        "lost": [{"patient": each.about, "at": each.at.isoformat(), "what": each.what} for each in compared.lost],
        "gained": [{"patient": each.about, "at": each.at.isoformat(), "what": each.what} for each in compared.gained],
    }


def _result(result: Result) -> dict[str, Any]:
    lead, sensitivity = result.median_lead_time, result.sensitivity
    followed, pages = result.followed()
    return {
        "policy": result.policy,
        "since": result.since.isoformat() if result.since else None,
        "until": result.until.isoformat() if result.until else None,
        "patients": result.patients,
        "patient_days": result.patient_days,
        "nurse_hours": result.nurse_hours,
        "units_without_nurses": list(result.units_without_nurses),
        "pages": len(result.pages),
        "pages_per_patient_day": result.pages_per_patient_day,
        "pages_per_nurse_hour": result.pages_per_nurse_hour,
        "worklist_per_patient_day": result.worklist_per_patient_day,
        "chips_per_patient_day": result.chips_per_patient_day,
        "escalations": result.escalations,
        "outcomes": len(result.outcomes),
        "found": result.found,
        "sensitivity": list(sensitivity) if sensitivity is not None else None,
        "lead_time_seconds": lead.total_seconds() if lead is not None else None,
        "pages_followed": followed,
        "pages_counted": pages,
        "quiet": [{"reason": reason, "count": count} for reason, count in result.quiet],
        "hour_of_day": list(result.hour_of_day),
        "assumption": result.assumption,
    }


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "kind": each.kind, "why": each.why, "at": each.page.at.isoformat(), "patient": each.page.about, "capability": each.page.capability,
        "key": each.page.key, "by_seconds": each.by.total_seconds() if each.by is not None else None,
        "outcome": {"what": each.outcome.what, "at": each.outcome.at.isoformat()} if each.outcome is not None else None,
    }  # fmt: skip
