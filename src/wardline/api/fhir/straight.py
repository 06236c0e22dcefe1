"""The doors of FHIR that programs ask thousands of times a minute, opened without the framework's search for them.

The framework tries one route after the other and works out the parameters anew for each request, which costs more than most answers
here. The doors, their guard and the functions behind them are the same; what does not fit goes to the framework, which says why.
"""

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request, Response

from wardline.api import problems
from wardline.api.doors import Door
from wardline.api.fhir import changing, reading, searching
from wardline.api.streams import Receive, Scope, Send
from wardline.core.errors import WardlineError

_TYPE: Final = r"/fhir/(?P<type>(?!Subscription\b)[A-Z][A-Za-z]{1,63})"
"""Subscriptions have doors of their own."""
_ONE: Final = re.compile(_TYPE + r"/(?P<id>[A-Za-z0-9.\-]{1,64})")
_ALL: Final = re.compile(_TYPE)
_ROOT: Final = re.compile("/fhir")
_WAYS: Final[tuple[tuple[str, re.Pattern[str], Callable[..., Coroutine[Any, Any, Response]]], ...]] = (
    ("GET", _ONE, reading.read), ("GET", _ALL, searching.search), ("POST", _ROOT, changing.bundle), ("POST", _ALL, changing.create),
    ("PUT", _ONE, changing.update),
)  # fmt: skip


class _Way(NamedTuple):
    address: re.Pattern[str]
    door: Door
    answer: Callable[..., Coroutine[Any, Any, Response]]


class Straight:
    """ASGI: straight to those doors, everything else to the framework."""

    def __init__(self, framework: FastAPI) -> None:
        self.framework = framework
        doors = {each.endpoint: each for each in _doors()}
        self._ways: dict[str, list[_Way]] = {}
        for method, address, answer in _WAYS:
            self._ways.setdefault(method, []).append(_Way(address, doors[answer], answer))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for way in self._ways.get(scope["method"], ()):
            if (match := way.address.fullmatch(scope["path"])) is not None:
                response = await self._answer(way, {**scope, "app": self.framework, "route": way.door, "path_params": match.groupdict()}, receive)
                await response(scope, receive, send)
                return
        await self.framework(scope, receive, send)

    async def _answer(self, way: _Way, scope: Scope, receive: Receive) -> Response:
        async def handle(request: Request) -> Response:
            return await way.answer(request=request, seen_by=request.state.person, house=request.app.state.services, **request.path_params)

        request = Request(scope, receive)
        try:
            return await way.door.entered(request, handle)
        except WardlineError as error:
            return await problems.answer_to(request, error)


def _doors() -> Iterable[Door]:
    for room in (reading, searching, changing):
        yield from (route for route in room.doors.router.routes if isinstance(route, Door))
