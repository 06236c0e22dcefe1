"""All doors in one house: the framework's routes, the raw streaming routes, and the user interface for every other address."""

import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

import structlog
import yaml
from fastapi import Depends, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException

from wardline import __version__
from wardline.api import (
    access,
    api_keys,
    apps,
    asking,
    audit,
    boards,
    capabilities,
    cases,
    cds_hooks,
    compliance,
    connections,
    consents,
    contours,
    decision_support,
    deidentify,
    diagnosis,
    dictation,
    emergency,
    evidence,
    exporting,
    feeds,
    guidelines,
    images_aside,
    imaging,
    incidents,
    keys,
    medication,
    notifications,
    origins,
    patients,
    policy,
    problems,
    provider,
    quality,
    queue,
    recommendations,
    report_pages,
    reports,
    retention,
    risk,
    second_factor,
    signing_in,
    smart,
    system,
    terminology,
    tickets,
    users,
    visits,
)
from wardline.api.dicomweb import finding, outputs, rendering, retrieving, storing, watching, workitems
from wardline.api.dicomweb.addresses import ROOT as DICOM_WEB
from wardline.api.doors import OPEN, PROBLEMS, STREAMED, Doors, services_of
from wardline.api.edge.asking import REFUSALS, guessed, in_time, say_who_met_limits, shows_a_token
from wardline.api.edge.headers import policy_for
from wardline.api.edge.sockets import Sockets
from wardline.api.edge.visitors import Visitor, visitor
from wardline.api.encoding import json_response
from wardline.api.fhir import changing, conformance, operations, reading, searching
from wardline.api.fhir import exporting as bulk
from wardline.api.fhir.problems import is_fhir
from wardline.api.fhir.straight import Straight
from wardline.api.services import Services
from wardline.api.streams import PREFIX, Answer, Receive, Scope, Send, Streams, documented
from wardline.api.subscriptions import doors as subscribing
from wardline.core.errors import WardlineError

log = structlog.get_logger()

DESCRIPTION = "Every feed in once, one live timeline per patient, every clinical question one small file. Times are RFC 3339 with offset."
OURS = ("/api/", "/health", "/metrics", "/docs", "/openapi.json", "/oauth/", "/fhir/", "/.well-known/", "/cds-services", DICOM_WEB + "/")

ONCE_ONLY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Yours for this request: asked again with it within a day, it is not done again, and the first answer comes back.",
}  # fmt: skip

documents = Doors("documentation")
ROOMS = (
    signing_in, second_factor, provider, users, api_keys, apps, smart, boards, queue, notifications, incidents, emergency, patients,
    asking, risk, diagnosis, medication, guidelines, recommendations, quality, consents, visits, access, retention, exporting, policy,
    capabilities, imaging, contours, images_aside, cases, report_pages, reports, dictation,
    terminology, feeds, keys, compliance, deidentify, tickets, origins, connections, audit, evidence, system,
    cds_hooks, decision_support,
    finding, retrieving, rendering, storing, workitems, watching, outputs,
    # One path is told from another by what comes first: what is named stands before what takes any type.
    conformance, bulk, operations, subscribing, reading, searching, changing,
)  # fmt: skip


@documents.get("/docs", who=OPEN, include_in_schema=False)
async def docs(house: Annotated[Services, Depends(services_of)]) -> Response:
    """The API's documentation, from our own files: a hospital's network reaches no other."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json", title="Wardline API", swagger_js_url="/swagger/swagger-ui-bundle.js", swagger_css_url="/swagger/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )  # fmt: skip
    page.headers["content-security-policy"] = policy_for(bytes(page.body), house.edge.headers.ancestors)
    return page


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


def create(services: Services, rooms: Iterable[Any] = ROOMS) -> FastAPI:
    """The framework's part: every route with a model and a document."""
    app = FastAPI(title="Wardline", version=__version__, description=DESCRIPTION, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    for doors in (*(room.doors for room in rooms), documents):
        app.include_router(doors.router)
    problems.install(app)
    _document_problems(app)
    return app


def _is_under(room: Any, prefix: str) -> bool:
    """Whether it has doors there."""
    return any(route.path.startswith(prefix) for route in room.doors.router.routes)


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
            if "post" in path and path["post"].get("x-who") != OPEN and not path["post"].get(STREAMED):
                others = [each for each in path["post"].get("parameters", ()) if each["name"] != ONCE_ONLY["name"]]
                path["post"]["parameters"] = [*others, dict(ONCE_ONLY)]
        return document

    app.openapi = openapi  # type: ignore[method-assign]


class House:
    """ASGI: what the edge asks of everybody, then streams past the framework, its own paths to it, everything else to the interface."""

    def __init__(self, services: Services, live: Streams, first: Callable[[str], Any], interface: Any) -> None:
        self.services = services
        self.edge = services.edge
        self.live = live
        self.first = first
        self.interface = interface
        self.routes = create(services)
        # The same doors of FHIR and of images alone: a route is found by trying one after the other, and there are hundreds.
        fhir, self.images = (create(services, (room for room in ROOMS if _is_under(room, prefix))) for prefix in ("/fhir", DICOM_WEB))
        self.fhir = Straight(fhir)
        self.sockets = Sockets(services, live, first)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.routes(scope, receive, send)
            return
        answer = Answer(send)
        answer.headers = self.edge.headers.of_answer(scope["scheme"])
        self.edge.open_requests += 1
        try:
            await self._answer(scope, receive, answer)
        except WardlineError as refusal:
            await problems.said_at(scope["path"], problems.of(refusal), refusal)(scope, receive, answer)
        except HTTPException as refusal:  # the interface's, for a file that is not there
            await problems.said_at(scope["path"], problems.of_status(refusal.status_code))(scope, receive, answer)
        except Exception as error:  # the outermost door: a bug ends one request, and is logged by kind and place, not with what it was about
            log.error("request_crashed", path=problems.route_of(scope), error=type(error).__name__, at=problems.place_of(error))
            if not answer.has_begun:
                await problems.said_at(scope["path"], problems.fault())(scope, receive, answer)
        finally:
            self.edge.open_requests -= 1

    async def _answer(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        met = visitor(scope, self.edge.rules)
        path, scope["scheme"], scope["wardline.visitor"] = scope["path"], met.scheme, met
        scope["client"] = (met.address, (scope.get("client") or ("", 0))[1])
        is_ours = path.startswith(OURS) or path == "/fhir"
        headers = self.edge.headers.of_answer(met.scheme) if is_ours else self.edge.headers.of_page(met.scheme)
        answer.headers = (*headers, *self.edge.allowance(met, path))
        if scope["method"] == "OPTIONS" and (allowance := self.edge.preflight(met, path)) is not None:
            await Response(status_code=204, headers={name.decode(): value.decode() for name, value in allowance})(scope, receive, answer)
            return
        self.edge.check_page(scope, met)
        if not is_ours:
            await self.interface(scope, receive, answer)
            return
        # A study takes as long as it takes, as long as something of it comes.
        receive = in_time(receive, self.edge.rules.body_seconds, each=path.startswith(DICOM_WEB))
        await self._counted(scope, receive, answer, met)

    async def _counted(self, scope: Scope, receive: Receive, answer: Answer, met: Visitor) -> None:
        """To the doors, under the limits; whoever runs into one is in the audit trail."""
        guess = guessed(scope)
        try:
            self.edge.limits.stranger(met.address, counts=not shows_a_token(scope))
            if guess:
                self.edge.limits.guess(guess, met.address)
            if scope["path"].startswith(PREFIX) and scope["method"] == "GET":
                await self.live.serve(self.services, self.first, scope, receive, answer)
            else:
                routes = self.fhir if is_fhir(scope["path"]) else self.images if scope["path"].startswith(DICOM_WEB) else self.routes
                await routes(scope, receive, answer)
        finally:
            if answer.status == 401:
                self.edge.limits.was_stranger(met.address)
            if guess and answer.status in REFUSALS[guess]:
                self.edge.limits.was_wrong(guess, met.address)
            await say_who_met_limits(self.services)
