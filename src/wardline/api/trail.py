"""What every door owes the audit trail: who asked what, who was refused, and an entry where the room behind made none itself."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

from wardline.api.services import Services
from wardline.core.errors import Fault, NotAllowed
from wardline.core.trail import ASKED, REFUSED, Asked

SAID_IN_FULL: Final = frozenset({
    "as_of", "before", "capability", "format", "has_red_flags", "hours", "limit", "mine", "offset", "outcome", "since", "unit", "until", "urgency"
})  # fmt: skip
"""Parts of a query that cannot hold a patient's name. The others are words people typed: that they were there is kept, not what they were."""
UNSAID: Final = "*"
REQUEST_LENGTH: Final = 100
MOST_FIELDS: Final = 100


class Way(Protocol):
    """What the trail wants to know of a door."""

    @property
    def path(self) -> str: ...

    @property
    def who(self) -> str: ...

    @property
    def about(self) -> str: ...

    @property
    def leaves_trace(self) -> bool: ...


async def followed(request: Request, door: Way, enter: Callable[[Asked], Awaitable[Response]]) -> Response:
    """Whatever happens behind the door is in the trail before anybody hears of it. Raises `Fault` when it cannot be."""
    services: Services = request.app.state.services
    asked = asked_of(request.scope, request.method, door.path)
    ASKED.set(asked)
    try:
        response = await enter(asked)
    except NotAllowed as refusal:
        await refused(services, asked, refusal, _about(request, door, services))
        raise
    if door.leaves_trace and not asked.outcomes and asked.person is not None:
        await services.audit.record(asked.person, door.who, _about(request, door, services))
    return response


def asked_of(scope: Mapping[str, Any], method: str, path: str) -> Asked:
    """One request, without what people type."""
    query = scope.get("query_string", b"").decode("latin-1")
    named = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return Asked(f"{method} {path}", address=(scope.get("client") or ("",))[0], query=cleaned(query) if query else "", request=named[:REQUEST_LENGTH])


def cleaned(query: str) -> str:
    """The query with the values that may hold a name left out."""
    pairs = parse_qsl("&".join(query.split("&", MOST_FIELDS)[:MOST_FIELDS]), keep_blank_values=True)
    return urlencode([(name, value if name in SAID_IN_FULL else UNSAID) for name, value in pairs if name.isidentifier()], safe=":*")


async def refused(services: Services, asked: Asked, refusal: NotAllowed, about: str = "") -> None:
    """Keep that somebody was not let in. Without the trail the refusal stands all the same: nothing is shown."""
    if REFUSED in asked.outcomes:
        return
    more = {} if asked.person is not None else services.strangers.count(services.sessions.now())
    if more is None:
        return
    detail = {"why": type(refusal).__name__, "said": str(refusal), **more, **({"remedy": refusal.remedy} if refusal.remedy else {})}
    try:
        await services.audit.record(asked.person or "", REFUSED, about, outcome=REFUSED, **detail)
    except Fault:  # said on the system page; whoever asked gets no more for it
        return


def _about(request: Request, door: Way, services: Services) -> str:
    """The record in the path, if it is one: what somebody typed into an address is not kept."""
    record = services.engine.house.survivor(str(request.path_params.get(door.about, ""))) if door.about else ""
    return record if record in services.engine.house.directory else ""
