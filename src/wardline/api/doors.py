"""Routes with authorisation in their signature: a door without `who=` cannot be made.

    @doors.get("/api/v1/patients/{id}", who="patient.read", about="id", answers=Patient)
    async def patient(id: str, seen_by: SeenBy, services: House) -> ...

`who` is an action of the access policy, or OPEN for the few doors anybody may use; `about` names the part of the path that is a
patient's record, where the question is about one patient, `within` the part that is a unit; `fresh` doors ask for proof given in
the last minutes (step-up). Whoever may not come in is told so before anything they sent is read. What happens behind a door is in
the audit trail, by the room's own entry or else by one in the name of the action, unless the door is `traceless`: it shows
numbers and nobody. `answers` is the shape of the answer in the document; tests hold every answer against it.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message

from wardline.api.services import Services
from wardline.api.trail import followed
from wardline.core.errors import NotAllowed
from wardline.core.people import Person
from wardline.core.trail import Asked
from wardline.security.authorisation.question import FRESH, UNIT
from wardline.security.refusals import NotSignedIn

OPEN: Final = "open"
SIGNED_IN: Final = "signed in"
LARGEST_BODY: Final = 4 * 1024 * 1024
LARGEST_BODY_OF_STRANGERS: Final = 16 * 1024
PROVE_IT: Final = "this needs a fresh proof of who you are; confirm it and try again"
SHOW_IT: Final = "your account asks for a second factor: add one, or confirm with the one you have"
FOR_PEOPLE: Final = "this is for people who have signed in; a program's key does not open it"
_WHO: Final = "x-who"
_ABOUT: Final = "x-about"
_WITHIN: Final = "x-within"
_FRESH: Final = "x-fresh-proof"
_TRACELESS: Final = "x-no-trace"
_LARGEST: Final = "x-largest-body"
_PIECES: Final = "x-pieces"
STREAMED: Final = "x-streamed"
UNTRACED: Final = frozenset({OPEN, SIGNED_IN, "system.read", "policy.read", "feed.read"})
"""Looks at Wardline itself, which screens repeat every few seconds, leave no trace; what people do there does, by its own entry."""
Route: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


# Both are coroutines though they wait for nothing: others would run in threads, where sessions must not be touched.


async def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def person_of(request: Request) -> Person:
    """Who makes the request, as its door has found out. Raises `NotSignedIn` at a door that asked nobody."""
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise NotSignedIn("please sign in")
    return person


def bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("please sign in")
    return token


House = Annotated[Services, Depends(services_of)]
SeenBy = Annotated[Person, Depends(person_of)]


class Door(APIRoute):
    """A route that asks who is there before it reads what they brought."""

    @property
    def who(self) -> str:
        """Raises `KeyError` when the application is made, for a route that nobody said this of."""
        return str((self.openapi_extra or {})[_WHO])

    @property
    def about(self) -> str:
        """The part of the path that is a patient's record; empty where the door is not about one patient."""
        return str((self.openapi_extra or {}).get(_ABOUT, ""))

    @property
    def within(self) -> str:
        """The part of the path that is a unit; empty where the door is not about one."""
        return str((self.openapi_extra or {}).get(_WITHIN, ""))

    @property
    def fresh(self) -> bool:
        """Whether it asks for proof given in the last minutes."""
        return bool((self.openapi_extra or {}).get(_FRESH))

    @property
    def leaves_trace(self) -> bool:
        """Whether what happens behind it is in the audit trail even if the room there makes no entry itself."""
        return self.who not in UNTRACED and not (self.openapi_extra or {}).get(_TRACELESS)

    @property
    def gives_pieces(self) -> bool:
        """Whether one look at something asks here hundreds of times."""
        return bool((self.openapi_extra or {}).get(_PIECES))

    @property
    def streams(self) -> bool:
        """Whether what it is brought never lies in memory whole, so that it cannot be told whether it was brought before."""
        return bool((self.openapi_extra or {}).get(STREAMED))

    @property
    def largest(self) -> int:
        """Bytes a request may bring."""
        return int((self.openapi_extra or {})[_LARGEST])

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            return await self.entered(request, handle)

        return guarded

    async def entered(self, request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """What `handle` answers to whoever may come in, in the trail and done once."""

        async def enter(asked: Asked) -> Response:
            let_in(request, self, asked)
            held, services = bounded(request, self.largest), request.app.state.services
            is_plain = asked.person is None or self.streams
            return await handle(held) if is_plain else await services.once.answer(held, asked.person, lambda: handle(held))

        return await followed(request, self, enter)


def let_in(request: Request, door: Door, asked: Asked) -> None:
    """Raise `NotSignedIn` or `NotAllowed` unless whoever asks may use this door."""
    if door.who == OPEN:
        return
    services: Services = request.app.state.services
    address = request.client.host if request.client is not None else ""
    person = services.sessions.person(bearer(request.headers.get("authorization", "")), address=address)
    asked.person = person
    services.edge.limits.person(person, piece=door.gives_pieces)
    if door.who == SIGNED_IN and person.client:
        raise NotAllowed(FOR_PEOPLE)
    if door.who != SIGNED_IN and person.awaited:
        raise NotAllowed(SHOW_IT, remedy="second-factor")
    if door.who != SIGNED_IN:
        person = allowed(person, door.who, _about(request, door, services), services)
    if door.fresh and (person.proven_at is None or services.sessions.now() - person.proven_at > FRESH):
        raise NotAllowed(PROVE_IT, remedy="step-up")
    if door.about:
        services.edge.limits.patient(person, _about(request, door, services))
    request.state.person = asked.person = person


def allowed(person: Person, action: str, about: str, services: Services) -> Person:
    """The person, with the purpose for which they look. Raises `NotAllowed` with what would help."""
    decision = services.access.decide(person, action, about)
    if not decision.allowed:
        raise NotAllowed(decision.reason, remedy=decision.remedy)
    return person._replace(purpose=decision.purpose) if decision.purpose else person


def _about(request: Request, door: Door, services: Services) -> str:
    if door.within:
        return UNIT + str(request.path_params[door.within])
    return services.engine.house.survivor(request.path_params[door.about]) if door.about else ""


def bounded(request: Request, largest: int) -> Request:
    """The same request; what it brings beyond so many bytes is refused, whatever length it has said."""
    said, taken = request.headers.get("content-length", ""), 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > largest or (said.isdigit() and int(said) > largest):
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)


class Doors:
    """A group of routes. Each carries who may use it."""

    def __init__(self, tag: str) -> None:
        self.router = APIRouter(tags=[tag], route_class=Door)

    def get(self, path: str, *, who: str, answers: Any = None, **options: Any) -> Route:
        return self._route(path, "GET", who, answers, options)

    def post(self, path: str, *, who: str, answers: Any = None, **options: Any) -> Route:
        return self._route(path, "POST", who, answers, options)

    def put(self, path: str, *, who: str, answers: Any = None, **options: Any) -> Route:
        return self._route(path, "PUT", who, answers, options)

    def patch(self, path: str, *, who: str, answers: Any = None, **options: Any) -> Route:
        return self._route(path, "PATCH", who, answers, options)

    def delete(self, path: str, *, who: str, answers: Any = None, **options: Any) -> Route:
        return self._route(path, "DELETE", who, answers, options)

    def _route(self, path: str, method: str, who: str, answers: Any, options: dict[str, Any]) -> Route:
        extra: dict[str, Any] = {_WHO: who}
        if about := options.pop("about", ""):
            extra[_ABOUT] = about
        if within := options.pop("within", ""):
            extra[_WITHIN] = within
        if options.pop("fresh", False):
            extra[_FRESH] = True
        if options.pop("traceless", False):
            extra[_TRACELESS] = True
        for option, mark in (("pieces", _PIECES), ("streams", STREAMED)):
            if options.pop(option, False):
                extra[mark] = True
        largest = options.pop("largest", LARGEST_BODY_OF_STRANGERS if who == OPEN else LARGEST_BODY)
        responses = {**(STRANGERS_PROBLEMS if who == OPEN else PROBLEMS), **options.pop("responses", {})}
        if answers is not None:
            code = options.get("status_code", 200)
            responses[code] = {**responses.get(code, {}), "model": answers}
        return self.router.api_route(
            path,
            methods=[method],
            responses=responses,
            openapi_extra={**extra, _LARGEST: largest},
            **{"response_model_exclude_none": True, **options},
        )


def _documented(words: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": text, "content": problem} for code, text in words.items()}


STRANGERS_PROBLEMS: Final = _documented({
    400: "Refused", 401: "Not signed in", 403: "Not allowed", 408: "Too slow", 409: "Conflict", 413: "Too large", 421: "Misdirected",
    422: "Not valid", 429: "Too many requests", 503: "Not available",
})  # fmt: skip
PROBLEMS: Final = STRANGERS_PROBLEMS | _documented({404: "Not found", 507: "Storage full"})
