"""Trying a policy on the past: the stored log replayed under two policies, the comparison as JSON, a table and a plot.

Replaying months takes a while, so a running server does it in another process, which reads the log beside it.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wardline.core.errors import Conflict, Fault
from wardline.core.ports import EventLog, Step
from wardline.delivery.policy.terms import Policy
from wardline.delivery.simulation.comparing import Comparison, Difference, compare
from wardline.delivery.simulation.replaying import simulate
from wardline.delivery.simulation.results import Result

PATIENCE_SECONDS: Final = 300
SHOWN: Final = 500
"""Differences listed one by one; beyond that only counted."""


def comparison(log: EventLog, today: Policy, proposed: Policy, since: datetime | None, until: datetime | None) -> Comparison:
    """Both policies over the same steps."""
    return compare(simulate(_steps(log, since, until), today), simulate(_steps(log, since, until), proposed))


def _steps(log: EventLog, since: datetime | None, until: datetime | None) -> Iterator[Step]:
    for step in log.steps():
        if (since is None or step.recorded_at >= since) and (until is None or step.recorded_at <= until):
            yield step


def comparison_json(compared: Comparison) -> dict[str, Any]:
    return {
        "today": _result(compared.today),
        "proposed": _result(compared.proposed),
        "counts": {kind: compared.count(kind) for kind in ("gone", "later", "earlier", "new")},
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


class Simulations:
    """Runs simulations for the policy page, one at a time, each in a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._busy = asyncio.Lock()

    async def __call__(self, today: str, proposed: str, since: datetime | None, until: datetime | None) -> dict[str, Any]:
        if self._busy.locked():
            raise Conflict("a simulation is already running; try again in a moment")
        async with self._busy:
            words = ["alerts", "simulate", "-", "--json", "--data", str(self.data)]
            words += ["--since", since.isoformat()] if since is not None else []
            words += ["--until", until.isoformat()] if until is not None else []
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "wardline", *words, stdin=pipe, stdout=pipe, stderr=pipe)
            try:
                both = json.dumps({"today": today, "proposed": proposed}).encode()
                out, said = await asyncio.wait_for(process.communicate(both), PATIENCE_SECONDS)
            except TimeoutError:
                process.kill()
                raise Conflict("replaying all of it takes too long here; choose a shorter time") from None
            if process.returncode:
                raise Fault(f"the simulation failed: {said.decode(errors='replace').strip().splitlines()[-1:]}")
            result: dict[str, Any] = json.loads(out)
            return result
