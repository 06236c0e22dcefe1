"""The wire to a FHIR server: each message is one transaction, which happens there as a whole or not at all."""

from typing import Final

from wardline.core.outside import Outside
from wardline.delivery.outbound.fhir_servers import FhirServer
from wardline.delivery.outbound.sending import Verdict
from wardline.formats.fhir.client import FhirClient, issue_of

REFUSING: Final = frozenset({400, 405, 409, 410, 412, 413, 415, 422})
"""Statuses of a server that has understood us and will not have this message. Whatever else is no success is trouble that may pass."""


class FhirWire:
    """A `Wire`."""

    def __init__(self, server: FhirServer, outside: Outside) -> None:
        self._client = FhirClient(server.base, outside, server.proof)

    async def send(self, payload: bytes) -> Verdict:
        reply = await self._client.ask("POST", "", payload, prefer="return=minimal")
        return Verdict(200 <= reply.status < 300, reply.status in REFUSING, str(reply.status), issue_of(reply))

    async def close(self) -> None:
        """There is no connection of its own to close."""
