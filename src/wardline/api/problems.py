"""The one table from the four families of failure to what a client sees: problem+json (RFC 9457)."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from wardline.api.doors import NotSignedIn
from wardline.core.errors import Conflict, Fault, NotAllowed, NotFound, Refused, StorageFull, WardlineError

log = structlog.get_logger()


class Problem(BaseModel):
    """What went wrong, in one sentence a person can act on."""

    status: int = Field(examples=[403])
    title: str = Field(examples=["Not allowed"])
    detail: str = Field(examples=["your role does not allow this; ask an administrator if it should"])
    where: str | None = Field(None, description="Which field of the request, where there is one.")


_STATUS: Final[tuple[tuple[type[WardlineError], int, str], ...]] = (
    (NotSignedIn, 401, "Not signed in"),
    (NotAllowed, 403, "Not allowed"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Conflict"),
    (Refused, 400, "Refused"),
    (StorageFull, 507, "Storage full"),
    (Fault, 503, "Not available"),
)


def problem(status: int, title: str, detail: str, where: str = "") -> Response:
    content: dict[str, Any] = {"status": status, "title": title, "detail": detail}
    if where:
        content["where"] = where
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(msgspec.json.encode(content), status, headers=headers, media_type="application/problem+json")


def of(error: WardlineError) -> Response:
    for family, status, title in _STATUS:
        if isinstance(error, family):
            detail = (
                str(error) if not isinstance(error, Fault) or isinstance(error, StorageFull) else "this cannot be done right now; it has been logged"
            )
            return problem(status, title, detail, getattr(error, "where", ""))
    return problem(500, "Fault", "something went wrong on our side; it has been logged")


def install(app: FastAPI) -> None:
    """Every error leaves in the same shape, and no detail of ours leaks."""
    handlers: dict[type[Exception], Callable[[Request, Any], Any]] = {
        WardlineError: _wardline, RequestValidationError: _validation, HTTPException: _http, Exception: _unexpected
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _wardline(request: Request, error: WardlineError) -> Response:
    if isinstance(error, Fault):
        log.error("request_failed", path=_route(request), error=type(error).__name__)
    return of(error)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return problem(422, "Not valid", f"{where or 'the request'}: {first['msg']}", where)


async def _http(request: Request, error: HTTPException) -> Response:
    details = {404: "there is nothing here", 405: "this cannot be done with this method"}
    return problem(error.status_code, str(error.detail), details.get(error.status_code, str(error.detail)))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request_crashed", path=_route(request), error=type(error).__name__, exc_info=error)
    return problem(500, "Fault", "something went wrong on our side; it has been logged")


def _route(request: Request) -> str:
    """The path with its names instead of its values: a patient's key does not belong in a log."""
    return getattr(request.scope.get("route"), "path", "")
