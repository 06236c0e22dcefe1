"""Leaving the house: pools of connections to places outside, and requests over HTTP to those the site has listed."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

Result = TypeVar("Result")


class PoolState(NamedTuple):
    """How a pool of connections to one place outside is doing."""

    name: str
    kind: str
    """What goes through it: "notifications", "hl7v2", "http"."""
    size: int
    busy: int
    waiting: tuple[int, int, int, int]
    """How many wait, by severity: none, low, medium, high."""
    breaker: Literal["closed", "open", "half-open"]
    failures: int
    """Failures in a row; 0 after a success."""
    calls: int
    refused: int
    """Calls turned away because the place was known to be down, or because too many waited."""
    tries_again_at: datetime | None = None


class Pool(Protocol):
    """A few connections at once to one place outside; the clinically most urgent waits least, and a place that is down is left alone."""

    async def run(self, work: Callable[[], Awaitable[Result]], *, severity: int = 0) -> Result:
        """Raises what `work` raises, or `Fault` when the place is being left alone or too many wait already."""
        ...

    def rests_for(self) -> float:
        """Seconds until the next try makes sense; 0 while nothing is known to be wrong."""
        ...


class Pools(Protocol):
    """Every pool there is, by the name of the place."""

    def of(self, name: str, kind: str, size: int) -> Pool:
        """The pool of this place; made when it is first asked for."""
        ...

    def states(self) -> list[PoolState]: ...


class Reply(NamedTuple):
    """What a place outside answered to a request. Redirects are answers like any other: nobody follows them."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Outside(Protocol):
    """Every HTTP request that leaves the house: only to places the site has listed, to an address looked up once, bounded in time and size."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b"", severity: int = 0
    ) -> Reply:  # fmt: skip
        """Raises `Fault` when the place is not listed, is somewhere inside that nobody listed, does not answer, or answers too much."""
        ...
