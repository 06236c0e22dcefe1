"""The one table from the four families of failure to what a client sees: problem+json (RFC 9457)."""

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from wardline.api.dicomweb.accepting import NotAcceptable, UnsupportedMedia
from wardline.api.edge.edge import ForeignPage
from wardline.api.edge.idempotency import OtherRequest
from wardline.api.edge.limits import TooMany
from wardline.api.edge.visitors import Elsewhere, Malformed
from wardline.api.fhir.problems import in_fhirs_words
from wardline.api.hooks.refusals import NotEnough
from wardline.core.errors import Conflict, Fault, NotAllowed, NotFound, Refused, StorageFull, WardlineError
from wardline.delivery.worklists.workitem_steps import Gone
from wardline.security.refusals import NotSignedIn

log = structlog.get_logger()


class Problem(BaseModel):
    """What went wrong, in one sentence a person can act on."""

    status: int = Field(examples=[403])
    title: str = Field(examples=["Not allowed"])
    detail: str = Field(examples=["your role does not allow this; ask an administrator if it should"])
    where: str | None = Field(None, description="Which field of the request, where there is one.")
    remedy: str | None = Field(None, description="What you could do about it at once: break-glass, step-up, second-factor.", examples=["break-glass"])


_STATUS: Final[tuple[tuple[type[WardlineError], int, str], ...]] = (
    (Malformed, 400, "Refused"),
    (Elsewhere, 421, "Misdirected"),
    (TooMany, 429, "Too many requests"),
    (ForeignPage, 403, "Not allowed"),
    (OtherRequest, 422, "Not valid"),
    (NotEnough, 412, "Not enough to go on"),
    (NotAcceptable, 406, "Not acceptable"),
    (UnsupportedMedia, 415, "Not supported"),
    (NotSignedIn, 401, "Not signed in"),
    (NotAllowed, 403, "Not allowed"),
    (Gone, 410, "Gone"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Conflict"),
    (Refused, 400, "Refused"),
    (StorageFull, 507, "Storage full"),
    (Fault, 503, "Not available"),
)


_HTTP: Final = {
    404: ("Not found", "there is nothing here"),
    405: ("Not possible", "this cannot be done with this method"),
    408: ("Too slow", "the request took too long to arrive"),
    413: ("Too large", "this is more than is taken here at once"),
}
"""What the framework itself says no to."""
CANNOT: Final = "this cannot be done right now; it has been logged"
STEPS_SAID: Final = 8
OURS: Final = "something went wrong on our side; it has been logged"


def problem(status: int, title: str, detail: str, where: str = "", headers: Mapping[str, str] | None = None, *, remedy: str = "") -> Response:
    content: dict[str, Any] = {"status": status, "title": title, "detail": detail}
    if where:
        content["where"] = where
    if remedy:
        content["remedy"] = remedy
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(msgspec.json.encode(content), status, headers={**(headers or {}), **challenge}, media_type="application/problem+json")


def of(error: WardlineError) -> Response:
    for family, status, title in _STATUS:
        if isinstance(error, family):
            says_why = not isinstance(error, Fault) or isinstance(error, StorageFull)
            detail = str(error) if says_why else CANNOT
            later = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
            return problem(status, title, detail, getattr(error, "where", ""), later, remedy=getattr(error, "remedy", ""))
    return fault()


def of_status(status: int) -> Response:
    """What the framework or the interface says no to by a number alone."""
    title, detail = _HTTP.get(status, ("Not possible", "this cannot be answered"))
    return problem(status, title, detail)


def fault() -> Response:
    return problem(500, "Fault", OURS)


def install(app: FastAPI) -> None:
    """Every error leaves in the same shape, and no detail of ours leaks."""
    handlers: dict[type[Exception], Callable[[Request, Any], Any]] = {
        WardlineError: answer_to, RequestValidationError: _validation, HTTPException: _http, Exception: _unforeseen
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def answer_to(request: Request, error: WardlineError) -> Response:
    if isinstance(error, Fault):
        log.error("request_failed", path=route_of(request.scope), error=type(error).__name__)
    return said_at(request.scope["path"], of(error), error)


def said_at(path: str, refusal: Response, error: WardlineError | None = None) -> Response:
    """The refusal in the words of the door it is for."""
    return in_fhirs_words(path, refusal, error)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return said_at(request.scope["path"], problem(422, "Not valid", "the request is not JSON"))
    _, *parts = first["loc"] or ("",)
    where = ".".join(map(str, parts))
    return said_at(request.scope["path"], problem(422, "Not valid", f"{where or 'the request'}: {first['msg']}", where))


async def _http(request: Request, error: HTTPException) -> Response:
    title, detail = _HTTP.get(error.status_code, ("Not valid", str(error.detail)))
    return said_at(request.scope["path"], problem(error.status_code, title, detail, headers=error.headers))


async def _unforeseen(request: Request, error: Exception) -> Response:
    """The framework hands the error on after this answer; the outermost door logs it."""
    return said_at(request.scope["path"], fault())


def place_of(error: BaseException) -> str:
    """Where it went wrong, the innermost step first. The words of an error may be about a patient; its place is not."""
    steps = reversed(traceback.extract_tb(error.__traceback__)[-STEPS_SAID:])
    return " < ".join(f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps)


def route_of(scope: Mapping[str, Any]) -> str:
    """The path with its names instead of its values: a patient's key does not belong in a log."""
    return getattr(scope.get("route"), "path", "")
