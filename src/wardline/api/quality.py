"""Quality measures: rates over everybody, and for one population who is in it and why.

Counting reads the whole log, so it runs in a process of its own; whoever asks is told how far it is. Rates are for all who may read them;
a patient and the reasons only for those who may open that record, and of a record with hidden parts no reasons at all.
"""

from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api import sight
from wardline.api.asking import asked
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import QualityRun, Services
from wardline.api.shapes import quality as shapes
from wardline.core.errors import NotFound
from wardline.core.people import Person
from wardline.engine.past import timeline_as_of
from wardline.science.quality.populations import WORDS
from wardline.science.quality.reading import measurement_period

doors = Doors("quality measures")
PERIOD: Final = 'The measurement period: a year ("2026") or two days ("2026-01-01/2026-06-30").'
MOST: Final = 25


class Wanted(BaseModel):
    """Which population of which measure, and which part of the list."""

    model_config = ConfigDict(extra="forbid")

    measure: str = Field(description="The measure's capability.", examples=["safe_use_of_opioids"])
    period: str = Field(description=PERIOD, examples=["2026"])
    population: str = Field("numerator", description="One of the measure's populations.")
    offset: int = Field(0, ge=0)
    limit: int = Field(10, ge=1, le=MOST)


@doors.get("/api/v1/clinical/quality-metrics", who="quality.read", answers=shapes.QualityMetrics)
async def quality_metrics(
    seen_by: SeenBy,
    house: House,
    period: Annotated[str, Query(description=PERIOD)],
    again: Annotated[bool, Query(description="Count once more although there is a result.")] = False,
) -> Response:
    """Every measure for a period. The first question begins the count and is told so; the same question later brings the result."""
    measurement_period(period)
    run = house.quality.run(period, again=again)
    if run.result is not None:  # whoever waits asks every second
        await house.audit.record(seen_by, "quality measures read", detail=period)
    result = run.result or {}
    return json_response({
        "state": "failed" if run.failed else "running" if run.result is None else "done",
        "period": period, "done": run.done, "of": run.of, "reason": run.failed,
        "as_of": result.get("as_of"), "patients": result.get("patients"),
        "measures": [{key: value for key, value in each.items() if key != "members"} for each in result.get("measures", ())],
    })  # fmt: skip


@doors.post("/api/v1/clinical/audit-support", who="quality.read", answers=shapes.AuditSupport)
async def audit_support(wanted: Wanted, seen_by: SeenBy, house: House) -> Response:
    """Who is in a population and why, for those of them whose record you may open. Each of them is in the audit trail."""
    measurement_period(wanted.period)
    measure = _counted(house.quality.run(wanted.period, again=False), wanted.measure)
    if wanted.population not in {each["name"] for each in measure["populations"]}:
        raise NotFound(f"this measure has no population {wanted.population!r}; it has {', '.join(each['name'] for each in measure['populations'])}")
    members = sorted(about for about, counts in measure["members"].items() if counts.get(wanted.population))
    mine = [about for about in members if house.access.may(seen_by, "patient.chart", about) and sight.closed(seen_by, about, house) is None]
    page = mine[wanted.offset : wanted.offset + wanted.limit]
    shown = [told for about in page if (told := _member(about, wanted, seen_by, house)) is not None]
    await house.audit.record(seen_by, "quality reasons opened", page, detail=f"{wanted.measure} {wanted.population}")
    return json_response({
        "as_of": house.engine.house.now, "measure": wanted.measure, "title": measure["title"], "period": wanted.period,
        "population": wanted.population, "total": len(members), "may_open": len(mine),
        "not_shown": len(members) - len(mine) + len(page) - len(shown), "patients": shown,
    })  # fmt: skip


def _counted(run: QualityRun, measure: str) -> dict[str, Any]:
    if run.result is None:
        raise NotFound(run.failed or "this period is still being counted; ask again in a moment")
    found: dict[str, Any] | None = next((each for each in run.result["measures"] if each["id"] == measure), None)
    if found is None:
        raise NotFound("there is no such quality measure here")
    return found


def _member(about: str, wanted: Wanted, seen_by: Person, house: Services) -> dict[str, Any] | None:
    """One patient with the reasons, asked now of what this person may see; None where part of the record is hidden from them."""
    shown = sight.seen_by(seen_by, timeline_as_of(house.engine.log, about, None, house.engine.house.links), house)
    entry = house.engine.house.directory.get(about)
    assessor = house.engine.assessments.askable.get(wanted.measure)
    if shown.view is not None or entry is None or assessor is None:
        return None
    answered = asked(assessor, shown, house.engine.house.now, {"period": wanted.period}, house.engine.assessments)["answer"]
    return {
        "patient": about, "name": entry.name, "number": entry.number, "unit": entry.unit, "bed": entry.bed,
        "populations": [_reasons(each) for each in answered.get("answers", [answered]) if each.get("value")],
    }  # fmt: skip


def _reasons(answered: dict[str, Any]) -> dict[str, Any]:
    name = answered.get("key", "")
    lines = answered.get("because", ())
    return {
        "name": name, "words": WORDS.get(name, name), "count": int(answered["value"]),
        "reasons": [{"what": str(line.get("value", "")), "why": line.get("band", "")} for line in lines],
    }  # fmt: skip
