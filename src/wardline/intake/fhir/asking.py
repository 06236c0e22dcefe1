"""Asking another FHIR server with patience: what is busy or away is asked again, what is refused is not."""

from collections.abc import Awaitable, Callable
from typing import Final

from wardline.core.errors import Fault, Refused
from wardline.core.outside import Reply
from wardline.formats.fhir.client import FhirClient, issue_of
from wardline.formats.fhir.resources import Resource, read

TRIES: Final = 5
BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT: Final = 120.0
Wait = Callable[[float], Awaitable[None]]


class Declined(Refused):
    """The server has understood the question and does not answer it."""


class Asking:
    """One other server. `wait` lets seconds pass."""

    def __init__(self, client: FhirClient, wait: Wait) -> None:
        self.client = client
        self.wait = wait

    async def get(self, path: str, **headers: str) -> Reply:
        """Raises `Declined` for what is no success, `Fault` where nobody answers after several tries."""
        reply = await self._answered(path, headers)
        if reply.status >= 300:
            raise Declined(f"{reply.status} {issue_of(reply)}".strip(), code=str(reply.status))
        return reply

    async def resource(self, path: str) -> Resource:
        """Numbers keep their precision. Raises `Declined` also for an answer that is no resource."""
        content = (await self.get(path)).content
        try:
            return read(content)
        except Refused as refused:
            raise Declined(f"the answer is no resource: {refused}", code="structure") from None

    async def _answered(self, path: str, headers: dict[str, str]) -> Reply:
        for attempt in range(1, TRIES + 1):
            try:
                reply = await self.client.ask("GET", path, b"", **headers)
            except Fault:
                if attempt == TRIES:
                    raise
                await self.wait(2.0**attempt)
                continue
            if reply.status not in BUSY or attempt == TRIES:
                return reply
            await self.wait(rest_of(reply, 2.0**attempt))
        raise AssertionError("unreachable")


def rest_of(reply: Reply, usual: float) -> float:
    """Seconds the server wishes to be left alone (Retry-After; as a date it is taken for the usual time)."""
    said = reply.headers.get("retry-after", "")
    return min(float(said) if said.isdigit() else usual, LONGEST_WAIT)
