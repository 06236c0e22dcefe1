"""One request at the edge: how long it may take to arrive, whether it shows a token or tries a password, and who met a limit."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from wardline.core.errors import Fault

if TYPE_CHECKING:
    from wardline.api.services import Services

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

SIGNING_IN: Final = "/api/v1/auth/"
NOT_GUESSED: Final = frozenset({"/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/auth/tickets"})
"""They ask for nothing a person could guess; every page that opens without a sign-in asks the first."""
OF_APPS: Final = frozenset({"/oauth/token", "/oauth/introspect", "/oauth/revoke"})
"""An app shows here that it is itself."""
REFUSALS: Final[Mapping[str, tuple[int, ...]]] = {"sign-ins": (401, 403), "tokens": (400, 401)}
"""What a wrong guess is answered with: OAuth says 400 where a code or a refresh token is none (RFC 6749, 5.2)."""
TOO_SLOW: Final = 408


def shows_a_token(scope: Mapping[str, Any]) -> bool:
    return any(name == b"authorization" for name, _ in scope["headers"])


def guessed(scope: Mapping[str, Any]) -> str:
    """What somebody may be trying here: "sign-ins", with passwords and codes; "tokens", with an app's secret; "" for neither."""
    path: str = scope["path"]
    if scope["method"] != "POST":
        return ""
    if path in OF_APPS:
        return "tokens"
    return "sign-ins" if path.startswith(SIGNING_IN) and path not in NOT_GUESSED else ""


def in_time(receive: Receive, seconds: float, *, each: bool = False) -> Receive:
    """The request's body, all of it within so many seconds, or each piece of it; what comes after it, the end of the connection, may take as long
    as it likes."""
    loop = asyncio.get_running_loop()
    until, is_whole = loop.time() + seconds, False

    async def received() -> MutableMapping[str, Any]:
        nonlocal is_whole, until
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(TOO_SLOW) from None
        is_whole = not message.get("more_body", False)
        until = loop.time() + seconds if each else until
        return message

    return received


async def say_who_met_limits(services: "Services") -> None:
    """Into the audit trail, as a security event. A trail that cannot be written stops patient data by itself, not this."""
    for met in services.edge.limits.to_be_said():
        try:
            await services.audit.record(met.who, "limit met", limit=met.limit, address=met.address)
        except Fault:
            return
