"""All doors in one house: the framework's routes, the raw streaming routes, and the user interface for every other address."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html

from wardline import __version__
from wardline.api import boards, capabilities, feeds, patients, policy, problems, queue, signing_in, system, users
from wardline.api.doors import OPEN, Doors
from wardline.api.services import Services
from wardline.api.streams import PREFIX, Streams

DESCRIPTION = "Every feed in once, one live timeline per patient, every clinical question one small file. Times are RFC 3339 with offset."
ROOMS = (signing_in, users, boards, queue, patients, policy, capabilities, feeds, system)
OURS = ("/api/", "/health", "/metrics", "/docs", "/openapi.json")

documents = Doors("documentation")


@documents.get("/docs", who=OPEN, include_in_schema=False)
async def docs() -> Response:
    """The API's documentation, from our own files: a hospital's network reaches no other."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json", title="Wardline API", swagger_js_url="/swagger/swagger-ui-bundle.js", swagger_css_url="/swagger/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )  # fmt: skip


def create(services: Services) -> FastAPI:
    """The framework's part: every route with a model and a document."""
    app = FastAPI(title="Wardline", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.services = services
    for room in ROOMS:
        app.include_router(room.doors.router)
    app.include_router(documents.router)
    problems.install(app)
    _document_problems(app)
    return app


def _document_problems(app: FastAPI) -> None:
    """Put the shape of errors into the OpenAPI document once, for every route to point at."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"].setdefault("schemas", {}).setdefault("Problem", problems.Problem.model_json_schema())
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

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.routes(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(PREFIX) and scope["method"] == "GET":
            await self.live.serve(self.services, self.first, scope, receive, send)
        elif path.startswith(OURS):
            await self.routes(scope, receive, send)
        else:
            await self.interface(scope, receive, send)
