"""Routes with authorisation in their signature: a door without `who=` cannot be made.

    @doors.get("/api/v1/patients", who="patient.read")
    async def patients(seen_by: SeenBy, services: House) -> ...

`who` is an action of the access table, or OPEN for the few doors anybody may use.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from wardline.api.services import Services
from wardline.core.errors import NotAllowed
from wardline.core.ports import Person

OPEN: Final = "open"
SIGNED_IN: Final = "signed in"
NOBODY: Final = Person("", "", frozenset())


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def person_of(request: Request) -> Person:
    """Who makes the request, from its bearer token. Raises `NotAllowed` (401) without a good one."""
    return services_of(request).sessions.person(bearer(request.headers.get("authorization", "")))


def bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("please sign in")
    return token


class NotSignedIn(NotAllowed):
    """Nobody is signed in: 401, and the screen asks for the password."""


House = Annotated[Services, Depends(services_of)]
SeenBy = Annotated[Person, Depends(person_of)]


class Doors:
    """A group of routes. Each carries who may use it."""

    def __init__(self, tag: str) -> None:
        self.router = APIRouter(tags=[tag])

    def get(self, path: str, *, who: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route(path, "GET", who, options)

    def post(self, path: str, *, who: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route(path, "POST", who, options)

    def put(self, path: str, *, who: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route(path, "PUT", who, options)

    def delete(self, path: str, *, who: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route(path, "DELETE", who, options)

    def _route(self, path: str, method: str, who: str, options: dict[str, Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        options.setdefault("response_model_exclude_none", True)
        if who != OPEN:
            options.setdefault("responses", PROBLEMS)
        return self.router.api_route(
            path,
            methods=[method],
            dependencies=[Depends(_required(who))],
            openapi_extra={"x-who": who, **options.pop("openapi_extra", {})},
            **options,
        )


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for code, text in ((401, "Not signed in"), (403, "Not allowed"), (404, "Not found"), (409, "Conflict"), (422, "Not valid"))
}


def _required(who: str) -> Callable[[Request], None]:
    """The check that runs before anything else of a route."""

    def check(request: Request) -> None:
        if who == OPEN:
            return
        person = person_of(request)
        if who != SIGNED_IN and not services_of(request).access.may(person, who):
            raise NotAllowed("your role does not allow this; ask an administrator if it should")

    check.who = who  # type: ignore[attr-defined]
    return check
