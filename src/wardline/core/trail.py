"""Who is at a door, and what they asked: noted once per request, so that every entry of the audit trail made on the way says it."""

from contextvars import ContextVar
from typing import Final

from wardline.core.people import Person

SUCCESS: Final = "success"
REFUSED: Final = "refused"
"""Somebody was not let in, or not allowed to."""
FAILED: Final = "failed"
"""It was allowed and did not work."""
OUTCOMES: Final = (SUCCESS, REFUSED, FAILED)


class Asked:
    """One request as its door saw it. `person` is known once the door has found out; `outcomes` is what has been recorded of it."""

    __slots__ = ("address", "door", "outcomes", "person", "query", "request")

    def __init__(self, door: str, *, address: str = "", query: str = "", request: str = "") -> None:
        self.door = door
        """Method and path with names instead of values: "GET /api/v1/boards/{unit}"."""
        self.address = address
        self.query = query
        """Without what people type: they type names of patients."""
        self.request = request
        """What the client calls this request (X-Request-Id), if it does."""
        self.person: Person | None = None
        self.outcomes: list[str] = []


ASKED: Final[ContextVar[Asked | None]] = ContextVar("asked", default=None)
