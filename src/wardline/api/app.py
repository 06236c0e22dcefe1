"""All doors in one house: the framework's routes, the raw streaming routes, and the user interface for every other address."""

import json
from collections.abc import Callable
from typing import Any, Literal

import structlog
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html

from wardline import __version__
from wardline.api import (
    boards,
    capabilities,
    feeds,
    incidents,
    notifications,
    patients,
    policy,
    problems,
    queue,
    signing_in,
    system,
    terminology,
    users,
)
from wardline.api.doors import OPEN, PROBLEMS, Doors
from wardline.api.encoding import HEADERS, json_response
from wardline.api.services import Services
from wardline.api.streams import PREFIX, Answer, Receive, Scope, Send, Streams, documented

log = structlog.get_logger()

DESCRIPTION = "Every feed in once, one live timeline per patient, every clinical question one small file. Times are RFC 3339 with offset."
OURS = ("/api/", "/health", "/metrics", "/docs", "/openapi.json")

documents = Doors("documentation")
ROOMS = (signing_in, users, boards, queue, notifications, incidents, patients, policy, capabilities, terminology, feeds, system)


@documents.get("/docs", who=OPEN, include_in_schema=False)
async def docs() -> Response:
    """The API's documentation, from our own files: a hospital's network reaches no other."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json", title="Wardline API", swagger_js_url="/swagger/swagger-ui-bundle.js", swagger_css_url="/swagger/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )  # fmt: skip


@documents.get("/openapi.json", who=OPEN, include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The same for programs."""
    return json_response(request.app.openapi())


@documents.get("/docs/export/openapi", who=OPEN, include_in_schema=False)
async def export(request: Request, format: Literal["json", "yaml"] = "json") -> Response:
    """The same as a file to keep, in the format a tool asks for."""
    document = request.app.openapi()
    headers = {"content-disposition": f'attachment; filename="wardline-openapi.{format}"'}
    if format == "json":
        return Response(json.dumps(document, indent=2), media_type="application/json", headers=headers)
    return Response(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), media_type="application/yaml", headers=headers)


def create(services: Services) -> FastAPI:
    """The framework's part: every route with a model and a document."""
    app = FastAPI(title="Wardline", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    for doors in (*(room.doors for room in ROOMS), documents):
        app.include_router(doors.router)
    problems.install(app)
    _document_problems(app)
    return app


def _document_problems(app: FastAPI) -> None:
    """Put the shape of errors into the OpenAPI document once, for every route to point at."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"].setdefault("schemas", {}).setdefault("Problem", problems.Problem.model_json_schema())
        document["paths"] |= documented(PROBLEMS)
        document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        for path in document["paths"].values():
            for operation in path.values():
                if operation.get("x-who") != OPEN:
                    operation["security"] = [{"bearer": []}]
        return document

    app.openapi = openapi  # type: ignore[method-assign]


class House:
    """ASGI: streams go past the framework, its own paths to it, everything else to the user interface."""

    def __init__(self, services: Services, live: Streams, first: Callable[[str], Any], interface: Any) -> None:
        self.services = services
        self.live = live
        self.first = first
        self.interface = interface
        self.routes = create(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.routes(scope, receive, send)
            return
        answer = Answer(send)
        try:
            await self._answer(scope, receive, answer)
        except Exception as error:  # the outermost door: a bug ends one request, and is logged by kind and place, not with what it was about
            log.error("request_crashed", path=problems.route_of(scope), error=type(error).__name__, at=problems.place_of(error))
            if not answer.has_begun:
                await problems.fault()(scope, receive, answer)

    async def _answer(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        path = scope["path"]
        if path.startswith(OURS):
            answer.headers = HEADERS
        if path.startswith(PREFIX) and scope["method"] == "GET":
            await self.live.serve(self.services, self.first, scope, receive, answer)
        elif path.startswith(OURS):
            await self.routes(scope, receive, answer)
        else:
            await self.interface(scope, receive, answer)
