"""A whole Wardline with its doors open, in this process: ASGI instead of sockets; engine, log, audit trail and accounts are the real ones.

Every answer that a test gets here has been held against what the door promises: its shape, its headers, times with an offset; and
every refusal against the one shape of refusals.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeVar

import httpx2
from anyio.from_thread import BlockingPortal
from pydantic import TypeAdapter

from security.virtual import PASSWORD, stored_password
from support.messages import ADA, Patient
from wardline.api.app import ROOMS, House, documents
from wardline.api.doors import Door
from wardline.api.problems import Problem
from wardline.app.bootstrap import Wardline, open_wardline
from wardline.app.edge_settings import EdgeSettings
from wardline.app.serving import Running
from wardline.app.settings import Settings
from wardline.core.events import Identifier
from wardline.core.people import Role, User
from wardline.web.interface import Interface

T = TypeVar("T")
NAMES: Final = {
    "nurse": "Amelia Brandt", "doctor": "Helen Vance", "manager": "Karin Holm", "engineer": "Tomas Lind", "auditor": "Ruth Amsel",
    "admin": "Ada Okonkwo",
}  # fmt: skip
MONITOR: Final = """source: monitor
label: Bedside monitors
sends: {application: MONITOR, facility: HOSP}
codes: {"O2^L": supplemental_oxygen}
"""
LIMITS: Final = """owner: Laboratory
version: "1"
date: 2026-01-01
source: this test
signed_by: Dr Test
limits:
  potassium: {below: 2.8, above: 6.2, unit: mmol/L}
"""
PATIENT_EDGE: Final = EdgeSettings(
    hosts=("ward", "x"), requests_per_minute=10**6, strangers_per_minute=10**6, failed_sign_ins_per_minute=10**6, patients_per_hour=10**6
)
"""Unless a test is about limits, nobody is too many here."""
DOCUMENTS: Final = ("/openapi.json", "/docs/export/openapi")
"""Their shape is the OpenAPI specification."""
_LOCAL_TIME: Final = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?"')
"""A time that does not say its offset."""


class Route(NamedTuple):
    """One door as it was made."""

    method: str
    path: str
    door: Door

    def shape(self, status: int) -> Any:
        """What it promises to answer with, None if it promises nothing."""
        return self.door.response_model or dict(self.door.responses.get(status, {})).get("model")

    @property
    def success(self) -> int:
        return self.door.status_code or 200


ROUTES: Final = tuple(
    Route(method, door.path, door)
    for doors in (*(room.doors for room in ROOMS), documents)
    for door in doors.router.routes
    if isinstance(door, Door)
    for method in sorted(door.methods or ())
)
_SHAPES: Final[dict[tuple[str, str, int], TypeAdapter[Any]]] = {}


def route_of(method: str, path: str) -> Route:
    return next(route for route in ROUTES if route.method == method and route.door.path_regex.match(path))


class OpenHouse:
    """One data folder and everything that runs on it, in an event loop of its own."""

    def __init__(
        self, data: Path, portal: BlockingPortal, *, clock: str = "feed", tables: str = LIMITS, second_factor: tuple[str, ...] = (), **said: Any
    ) -> None:
        self.data = data
        self.portal = portal
        _write(data / "config" / "sources" / "monitor.yaml", MONITOR)
        _write(data / "config" / "site" / "critical_limits.yaml", tables)
        # Unless a test is about second factors, this is a hospital that asks nobody for one.
        said.setdefault("edge", PATIENT_EDGE)
        settings = Settings(data=data, clock=clock, hospital="St Test", http=0, mllp=0, second_factor=second_factor, **said)  # type: ignore[arg-type]
        self.wardline: Wardline = portal.call(open_wardline, settings)
        self.running = portal.call(Running, self.wardline)
        self.asgi = House(self.running.services, self.running.live, self.running.boards.first, Interface())
        self.people: dict[str, Visitor] = {}
        self.is_open = True
        portal.call(self._start)

    async def _start(self) -> None:
        self.wardline.engine.start()
        self.wardline.engine.listen(self.running.boards.heard)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """An orderly end; once."""
        if self.is_open:
            self.is_open = False
            self.do(self.running.imaging.close)
            self.do(self.wardline.close)

    def do(self, act: Callable[..., T], *arguments: Any) -> T:
        """In the house's own loop and thread, where alone its files may be touched."""
        return self.portal.call(act, *arguments)

    # --- messages ---

    def send(self, *messages: bytes) -> list[bytes]:
        """Each is taken in, made durable and acknowledged before the next."""
        return self.do(self._deliver, messages)

    async def _deliver(self, messages: tuple[bytes, ...]) -> list[bytes]:
        answers: list[bytes] = []
        for message in messages:
            done: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
            self.wardline.engine.receive(message, done.set_result)
            answers += await done
        return answers

    def key(self, patient: Patient = ADA) -> str:
        return self.wardline.folder.key_of(Identifier(patient.number, patient.assigner))

    # --- people ---

    def user(self, login: str, *roles: str, name: str = "", units: tuple[str, ...] = ()) -> User:
        user = User(secrets.token_hex(8), login, name or NAMES.get(login, login.title()), stored_password(), frozenset(roles), units)
        self.do(self.wardline.identities.put_user, user)
        return user

    def nobody(self) -> "Visitor":
        return Visitor(self)

    def sign_in(self, login: str) -> "Visitor":
        visitor = Visitor(self)
        visitor.token = visitor.post("/api/v1/auth/login", {"login": login, "password": PASSWORD})["access_token"]
        return visitor

    def as_(self, role: str) -> "Visitor":
        """Somebody with this role. Their session is begun as after password and second factor, without waiting for them."""
        if role not in self.people:
            user, sessions = self.do(self.wardline.identities.user_named, role) or self.user(role, role), self.wardline.sessions
            self.people[role] = Visitor(self)
            self.people[role].token = self.do(lambda: sessions.begin(user, "these tests", factors=2)).access_token
        return self.people[role]

    def audited(self, **wanted: str) -> list[dict[str, Any]]:
        """Entries of the audit trail, oldest first."""
        return [dict(entry) for entry in reversed(self.do(lambda: self.wardline.audit.entries(**wanted, limit=100_000)))]  # type: ignore[arg-type]


class Visitor:
    """Somebody at the doors."""

    def __init__(self, house: OpenHouse) -> None:
        self.house = house
        self.token = ""
        self.cookies: dict[str, str] = {}

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        return self.ask("GET", path, expect=expect, query=query)

    def post(self, path: str, content: Any = None, expect: int = 200, **query: Any) -> Any:
        return self.ask("POST", path, content, expect=expect, query=query)

    def put(self, path: str, content: Any, expect: int = 200) -> Any:
        return self.ask("PUT", path, content, expect=expect)

    def delete(self, path: str, expect: int = 204) -> Any:
        return self.ask("DELETE", path, expect=expect)

    def ask(self, method: str, path: str, content: Any = None, *, expect: int, query: dict[str, Any] | None = None) -> Any:
        """The content of the answer, which has this status."""
        response = self.request(method, path, content, query=query)
        assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text[:300]}"
        return response.json() if response.content and "json" in response.headers["content-type"] else response.text

    def request(
        self, method: str, path: str, content: Any = None, *, query: dict[str, Any] | None = None, headers: Mapping[str, str | bytes] | None = None
    ) -> httpx2.Response:
        """The whole answer, held against what its door promises."""
        given = {"authorization": f"Bearer {self.token}"} if self.token else {}
        response = self.house.do(self._request, method, path, content, query or {}, {**given, **(headers or {})})
        check(response)
        self.cookies.update(response.cookies.items())
        return response

    async def _request(self, method: str, path: str, content: Any, query: dict[str, Any], headers: Mapping[str, str | bytes]) -> httpx2.Response:
        body: dict[str, Any] = {"content": content} if isinstance(content, bytes) else {"json": content} if content is not None else {}
        transport = httpx2.ASGITransport(self.house.asgi)  # type: ignore[arg-type]
        async with httpx2.AsyncClient(transport=transport, base_url="http://ward", cookies=self.cookies) as client:
            return await client.request(method, path, params=query or None, headers=headers, **body)


def scope_of(method: str, path: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """A request as a server hands it to an application, for what no client library does."""
    return {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": b"", "headers": [(b"host", b"ward"), *headers], "client": ("127.0.0.1", 1), "server": ("ward", 80),
    }  # fmt: skip


def _in_words_of_its_own(status: int, path: str) -> bool:
    """Refusals of OAuth 2.0 (RFC 6749 5.2), and of images that were not taken (PS3.18 10.5.3)."""
    return (status in (400, 401) and path.startswith("/oauth/")) or (status == 409 and path.startswith("/dicom-web"))


def check(response: httpx2.Response) -> None:
    """What holds of every answer of the API."""
    method, path = response.request.method, response.url.path
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    if (method, path, response.status_code) == ("GET", "/health", 503):  # what a load balancer reads
        assert response.json() == {"status": "degraded"}
    elif _in_words_of_its_own(response.status_code, path):
        shape_of(method, path, response.status_code).validate_json(response.content, strict=True)
    elif response.status_code >= 400 and path.startswith("/fhir") and "/.well-known/" not in path:
        check_outcome(response)
    elif response.status_code >= 400:
        check_refusal(response)
    elif path in DOCUMENTS and "json" in response.headers["content-type"]:
        assert response.json()["openapi"].startswith("3.")
    elif response.status_code == 204 or response.is_redirect:
        assert response.content == b""
    elif "json" in response.headers.get("content-type", "") and "fhir" not in response.headers["content-type"]:  # FHIR has shapes of its own
        assert not _LOCAL_TIME.search(response.text), "a time without its offset"
        shape_of(method, path, response.status_code).validate_json(response.content, strict=True)


def check_outcome(response: httpx2.Response) -> None:
    """A refusal in FHIR's words."""
    assert response.headers["content-type"] == "application/fhir+json"
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert all(issue["severity"] in ("fatal", "error") and issue["code"] and issue["diagnostics"] for issue in outcome["issue"])
    assert ("www-authenticate" in response.headers) == (response.status_code == 401)


def check_refusal(response: httpx2.Response) -> None:
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.content, strict=True, extra="forbid")
    assert problem.status == response.status_code
    assert problem.title
    assert problem.detail
    assert ("www-authenticate" in response.headers) == (response.status_code == 401)


def shape_of(method: str, path: str, status: int) -> TypeAdapter[Any]:
    route = route_of(method, path)
    known = (method, route.path, status)
    if known not in _SHAPES:
        shape = route.shape(status)
        assert shape is not None, f"{method} {route.path} does not say what it answers with"
        _SHAPES[known] = TypeAdapter(shape)
    return _SHAPES[known]


def times_in(content: Any) -> Iterator[datetime]:
    """Every time that an answer says."""
    match content:
        case dict():
            for value in content.values():
                yield from times_in(value)
        case list():
            for value in content:
                yield from times_in(value)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", content):
            yield datetime.fromisoformat(content)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


ALL_ROLES: Final = tuple(role.value for role in Role)
