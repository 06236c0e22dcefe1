"""What laws and standards ask, and what shows that it is met here: computed from the control matrix and the last run of the tests."""

from functools import lru_cache
from typing import Any

from fastapi import Response

from wardline import __version__
from wardline.api.doors import Doors
from wardline.api.encoding import json_response
from wardline.api.shapes import compliance as shapes
from wardline.security.compliance.hazards import PROBABILITY, SEVERITY, Hazard, Verified, hazards, verified
from wardline.security.compliance.matrix import Framework, Shown, counted, frameworks, shown
from wardline.security.compliance.results import last_results

doors = Doors("compliance")


@doors.get("/api/v1/compliance", who="compliance.read", answers=shapes.Compliance)
async def compliance() -> Response:
    """Every control with its state, what answers it, and how its tests ended last."""
    return json_response(_matrix())


@doors.get("/api/v1/metrics/compliance", who="compliance.read", answers=shapes.ComplianceCounts)
async def counts() -> Response:
    """How many controls of each framework are in which state."""
    matrix = _matrix()
    return json_response({"tested_at": matrix["tested_at"], "frameworks": {each["id"]: each["counts"] for each in matrix["frameworks"]}})


@doors.get("/api/v1/compliance/hazards", who="compliance.read", answers=shapes.Hazards)
async def hazard_log() -> Response:
    """What could harm a patient, what keeps it from happening, and how the tests of that ended last."""
    return json_response(_hazards())


@lru_cache(maxsize=1)
def _hazards() -> dict[str, Any]:
    results = last_results().tests
    return {"severity": SEVERITY, "probability": PROBABILITY, "hazards": [_hazard(each, verified(each, results)) for each in hazards()]}


def _hazard(hazard: Hazard, measures: tuple[Verified, ...]) -> dict[str, Any]:
    said = [{"what": each.measure.what, "state": each.shown.state, "tests": _tests(each.shown)} for each in measures]
    return {**hazard.model_dump(exclude={"measures"}), "before": hazard.before, "after": hazard.after, "measures": said}


@lru_cache(maxsize=1)
def _matrix() -> dict[str, Any]:
    """Neither the controls nor the results change while this process runs."""
    results = last_results()
    return {
        "version": __version__,
        "tested_at": results.made_at,
        "tests": len(results.tests),
        "frameworks": [_framework(each, [shown(control, results.tests) for control in each.controls]) for each in frameworks()],
    }


def _framework(framework: Framework, controls: list[Shown]) -> dict[str, Any]:
    said = framework.model_dump(include={"id", "title", "source", "standing", "scope"})
    return {**said, "counts": counted(controls), "controls": [_control(each) for each in controls]}


def _control(each: Shown) -> dict[str, Any]:
    return {"id": each.control.id, "title": each.control.title, "state": each.state, "how": each.control.how, "tests": _tests(each)}


def _tests(each: Shown) -> list[dict[str, Any]]:
    return [{"name": name, "passed": seen.passed if seen else None, "at": seen.at if seen else None} for name, seen in each.tests]
