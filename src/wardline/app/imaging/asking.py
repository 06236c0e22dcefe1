"""A study capability asked about volumes described as JSON, and its reference cases, in a worker."""

from functools import cache
from pathlib import Path
from typing import Any

from wardline.api.services import CaseResult
from wardline.app.discovery import Catalogue, difference, discover
from wardline.app.imaging.site_models import models_in
from wardline.core.errors import NotFound
from wardline.formats.assessment import assess


@cache
def _catalogue() -> Catalogue:
    return discover()


def asked(data: Path, capability: str, question: dict[str, Any]) -> dict[str, Any]:
    """The answer as JSON, with the models of this data folder where the capability needs some. Raises `NotFound`."""
    for each in _catalogue().capabilities:
        if each.id == capability:
            return assess(each, question, models_in(data))
    raise NotFound(f"there is no capability {capability!r}")


def verified(data: Path, capability: str) -> tuple[CaseResult, ...]:
    """Every reference case of a capability, as it runs on this machine."""
    cases = _catalogue().cases[capability]
    return tuple(
        CaseResult(case.name, case.source, case.given, case.expect, difference(case.expect, asked(data, capability, case.given))) for case in cases
    )
