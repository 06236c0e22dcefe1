"""The burden of alerts, read from the log: for the command line, and for the page through a process of its own."""

from datetime import datetime
from typing import Any

from wardline.core.ports import EventLog
from wardline.delivery.alerts.burden import Burden, Counted
from wardline.delivery.policy.terms import Policy


def burden(log: EventLog, since: datetime | None, until: datetime | None, unit: str) -> Burden:
    """Count the log's steps from the beginning: who was in the house at `since` is known from what came before."""
    counted = Burden(since, until, unit)
    for step in log.steps():
        if until is not None and step.recorded_at > until:
            break
        counted.hear(sorted((event for _, events in step.rows for event in events), key=lambda event: event.id), step.recorded_at)
    return counted


def burden_json(counted: Burden, policy: Policy) -> dict[str, Any]:
    labels = {reason.code: reason.label for reason in policy.override_reasons}
    days = counted.days
    terms = policy.unit(counted.unit) if counted.unit else None
    hours = (days.until - days.since).total_seconds() / 3600 if days.since and days.until else 0.0
    nurse_hours = terms.nurses * hours if terms is not None and terms.nurses is not None else None
    return {
        "since": days.since.isoformat() if days.since else None,
        "until": days.until.isoformat() if days.until else None,
        "unit": counted.unit,
        "patient_days": days.value,
        "alerts_per_patient_day": counted.total.alerts / days.value if days.value else None,
        "pages_per_patient_day": counted.total.pages / days.value if days.value else None,
        "pages_per_nurse_hour": counted.total.pages / nurse_hours if nurse_hours else None,
        "total": _counts(counted.total),
        "by_capability": [
            {"capability": name, **_counts(each)} for name, each in sorted(counted.by_capability.items(), key=lambda pair: (-pair[1].pages, pair[0]))
        ],
        "override_reasons": [
            {"code": code, "text": labels.get(code, code), "count": count} for code, count in counted.override_reasons.most_common()
        ],
        "deliveries": [
            {"channel": channel, "outcome": outcome, "count": count} for (channel, outcome), count in sorted(counted.deliveries.items())
        ],
    }  # fmt: skip


def _counts(each: Counted) -> dict[str, Any]:
    return {
        "alerts": each.alerts, "pages": each.pages, "acknowledged": each.acknowledged, "overridden": each.overridden, "escalated": each.escalated,
        "withdrawn": each.withdrawn, "ended_unanswered": each.ended_unanswered, "median_answer_seconds": each.median_answer_seconds,
        "slow_answer_seconds": each.slow_answer_seconds,
    }  # fmt: skip
