"""The capability library: what each one answers, on what grounds, with which cases, and a door to try it."""

import asyncio
from collections import Counter
from typing import Annotated, Any

from fastapi import Body, Response

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.services import CaseResult, Services
from wardline.api.shapes import capabilities as shapes
from wardline.core.capability import Capability, Need
from wardline.core.errors import NotFound
from wardline.core.scoring import Bands, Chart, Choice, Codes, Table
from wardline.formats.assessment import assess, choices

doors = Doors("capabilities")
MOST_AT_ONCE = 10_000
AT_ONE_GO = 50
"""Questions answered between two turns of the loop: some milliseconds, in which no message is taken and no screen served."""
EXAMPLE = {"respiratory_rate": 22, "oxygen_saturation": 94, "supplemental_oxygen": False, "systolic_pressure": 99, "pulse": 104}


@doors.get("/api/v1/capabilities", who="system.read", answers=shapes.Capabilities)
async def capabilities(house: House) -> Response:
    """Every capability that runs here, and those that were refused, with the reason."""
    return json_response({
        "capabilities": [_summary(capability, house, house.cases.get(capability.id, ())) for capability in house.capabilities.values()],
        "not_running": [{"module": module, "reason": reason} for module, reason in house.not_running.items()],
    })  # fmt: skip


@doors.get("/api/v1/capabilities/{id}", who="system.read", answers=shapes.Capability)
async def capability(id: str, house: House) -> Response:
    """One capability: inputs with their freshness, bands, reference cases and how they ran on this machine."""
    found = _found(id, house)
    cases = house.cases.get(id, ())
    if found.about == "study" and not cases:  # run when somebody looks, and in a worker: they take what no start has time for
        cases = await house.analysing.cases(id)
    return json_response({
        **_summary(found, house, cases),
        "inputs": [_input(name, need, type_) for (name, need), (_, type_) in zip(found.needs, found.types, strict=True)],
        "chart": chart(found.chart) if isinstance(found.chart, Chart) else None,
        "cases": [
            {**{name: getattr(case, name) for name in ("name", "source", "given", "expect", "difference")}, "passed": not case.difference}
            for case in cases
        ],
    })  # fmt: skip


@doors.post("/api/v1/capabilities/{id}/assess", who="system.read", answers=shapes.Assessed)
async def assess_one(id: str, house: House, seen_by: SeenBy, question: Annotated[dict[str, Any], Body(examples=[EXAMPLE])]) -> Response:
    """Ask it about made-up or charted values. Nothing is stored and nobody is alerted; that it answered, and how, is in the audit trail."""
    found = _found(id, house)
    answer = await _answered(found, question, house)
    await house.audit.record(seen_by, "capability assessed", capability=id, version=found.version, digest=found.digest, answer=_how([answer]))
    return json_response(answer)


@doors.post("/api/v1/capabilities/{id}/batch", who="system.read", answers=list[shapes.Assessed])
async def assess_many(
    id: str, house: House, seen_by: SeenBy, questions: Annotated[list[dict[str, Any]], Body(max_length=MOST_AT_ONCE, examples=[[EXAMPLE]])]
) -> Response:
    """Many questions at once, answered in order."""
    found = _found(id, house)
    answers = []
    for question in questions:
        answers.append(await _answered(found, question, house))
        if len(answers) % AT_ONE_GO == 0:
            await asyncio.sleep(0)
    await house.audit.record(seen_by, "capability assessed", capability=id, version=found.version, digest=found.digest, answer=_how(answers))
    return json_response(answers)


async def _answered(found: Capability, question: dict[str, Any], house: Services) -> dict[str, Any]:
    """Here, in microseconds; about a study in a worker: measuring a volume would hold up the ward."""
    return await house.analysing.assess(found.id, question) if found.about == "study" else assess(found, question)


def _how(answers: list[dict[str, Any]]) -> str:
    """How many answers of each kind: "finding 3, unknown 1". Not what they said."""
    return ", ".join(f"{outcome} {count}" for outcome, count in sorted(Counter(answer["outcome"] for answer in answers).items()))


def _found(id: str, house: Services) -> Capability:
    found: Capability | None = house.capabilities.get(id)
    if found is None:
        raise NotFound("there is no such capability here")
    return found


def _summary(capability: Capability, house: Services, cases: tuple[CaseResult, ...]) -> dict[str, Any]:
    failure = house.engine.assessments.failures.get(capability.id)
    said = ("id", "title", "question", "version", "digest", "about", "reference", "not_for", "caution", "additive", "standing", "unit", "live")
    return {
        **{name: getattr(capability, name) for name in said},
        "area": capability.group,
        "cases_passed": sum(1 for case in cases if not case.difference),
        "cases_total": len(cases),
        "not_watched_since": failure.since if failure else None,
    }


def _input(name: str, need: Need, type_: Any) -> dict[str, Any]:
    # Readings of many things have no name, unit or range in common.
    concept = need.concepts[0] if need.concepts and need.kind != "readings" else None
    answers = sorted({meaning for _, meaning in concept.codes}) if concept is not None and concept.is_coded else [*map(str, choices(type_))] or None
    return {
        "name": name,
        "kind": need.kind,
        "type": "boolean"
        if type_ is bool or need.kind == "has"
        else "code"
        if answers
        else "number"
        if type_ in (int, float) or need.kind == "finding"
        else need.kind,
        "concepts": [each.id for each in need.concepts],
        "diseases": [each.name for each in need.diseases],
        "label": concept.name if concept is not None else name.replace("_", " "),
        "unit": concept.unit if concept is not None else "",
        "loinc": [code for each in need.concepts for code in each.loinc],
        "within_hours": need.within.total_seconds() / 3600 if need.within else None,
        "required": need.required and need.default is None,
        "default": need.default,
        "answers": answers if type_ is not bool else None,
        "plausible": concept.plausible if concept is not None else None,
    }


def chart(table: Chart) -> list[dict[str, Any]]:
    """A score's table in plain JSON, in the order of the published chart."""
    return [{"input": name, **_table(rows)} for name, rows in table.tables]


def _table(table: Table) -> dict[str, Any]:
    match table:
        case Bands():
            rows = [
                {"from": low, "to": high, "points": points, "label": label}
                for (low, high, points), label in zip(table.rows(), table.labels, strict=True)
            ]
            return {"kind": "bands", "step": table.step, "bands": rows}
        case Codes():
            return {
                "kind": "codes",
                "codes": [
                    {"answer": answer, "points": points, "label": label} for (answer, points), label in zip(table.scores, table.labels, strict=True)
                ],
            }
        case Choice():
            return {"kind": "choice", "by": table.by, "tables": [{"answer": answer, **_table(inner)} for answer, inner in table.tables]}
