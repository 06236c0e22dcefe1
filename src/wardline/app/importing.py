"""Where an import puts what it brings: into a data folder opened here, or through the FHIR door of a Wardline that runs."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from wardline.api.fhir.changing import made_to_happen
from wardline.api.services import Services
from wardline.app.bootstrap import open_wardline
from wardline.app.serving import Running
from wardline.app.settings import Settings
from wardline.core.errors import Fault, WardlineError
from wardline.core.people import Person, Role
from wardline.formats.fhir.bundles import Request
from wardline.formats.fhir.client import FhirClient, issue_of
from wardline.formats.fhir.resources import written
from wardline.intake.fhir.taking import Home

OPERATOR: Final = Person("import", "wardline import", frozenset({Role.DOCTOR}), client="wardline import", purpose="TREAT")
"""Whoever may open the data folder on this machine may fill it; the audit trail says that it was this command."""
SLICE_SECONDS: Final = 0.2


class ThisHouse:
    """A `Home`: the same doors and the same one writer as every other change."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def take(self, requests: Sequence[Request]) -> list[str]:
        """All at once; where that cannot be, one by one, so that one that is wrong keeps no other out."""
        try:
            await made_to_happen(OPERATOR, self._services, requests)
        except Fault:
            raise
        except WardlineError as error:
            if len(requests) == 1:
                return [str(error)]
            return [(await self.take([request]))[0] for request in requests]
        return [""] * len(requests)


class HouseElsewhere:
    """A `Home`: the FHIR door of a server, asked with batches."""

    def __init__(self, client: FhirClient) -> None:
        self._client = client

    async def take(self, requests: Sequence[Request]) -> list[str]:
        entries = [{"resource": each.resource, "request": {"method": "PUT", "url": each.url}} for each in requests]
        reply = await self._client.ask("POST", "", written({"resourceType": "Bundle", "type": "batch", "entry": entries}))
        if reply.status >= 300:
            raise Fault(f"{self._client.base} answered {reply.status} {issue_of(reply)}".rstrip() + "; run the same command again to go on")
        answers = json.loads(reply.content).get("entry", [])
        if len(answers) != len(requests):
            raise Fault(f"{self._client.base} answered {len(answers)} of {len(requests)} entries")
        return [_reason(answer.get("response") or {}) for answer in answers]


def _reason(response: dict[str, Any]) -> str:
    if str(response.get("status", "")).startswith("2"):
        return ""
    issues = (response.get("outcome") or {}).get("issue") or [{}]
    return str(issues[0].get("diagnostics") or issues[0].get("code") or f"status {response.get('status')}")


@asynccontextmanager
async def this_house(settings: Settings) -> AsyncIterator[Home]:
    """A data folder, opened as `serve` opens it, with no door to the network."""
    wardline = open_wardline(settings)
    try:
        running = Running(wardline)
        wardline.engine.start()
        while not running.fhir.register.catch_up(SLICE_SECONDS):
            pass  # nobody else works in this process yet
        try:
            yield ThisHouse(running.services)
        finally:
            running.fhir.close()
    finally:
        wardline.close()
