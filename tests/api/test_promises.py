"""What all doors promise: who may use them, what they answer with, and one shape for everything that goes wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter

from api.house import DOCUMENTS, ROUTES, OpenHouse, Route, scope_of
from support.messages import ADA
from wardline.api.doors import Doors
from wardline.api.problems import CANNOT, OURS, of
from wardline.api.services import Unit
from wardline.core.errors import Conflict, Fault, NotAllowed, NotFound, Refused, StorageBroken, StorageFull, WardlineError
from wardline.security.refusals import NotSignedIn

SHAPELESS = {
    "/docs",
    "/docs/compliance",
    "/docs/testing",
    "/metrics",
    "/oauth/authorize",
    "/api/v1/auth/provider",
    "/api/v1/auth/provider/return",
    "/api/v1/audit/export",
    "/api/v1/patients/{id}/export",
    "/api/v1/imaging/studies/{uid}/segmentations/{mask}/voxels",
    "/api/v1/imaging/quarantine/{number}/file",
    "/api/v1/reports/{id}.pdf",
    "/api/v1/reports/{id}.html",
    *DOCUMENTS,
}
"""A page, numbers in lines of text, a way on to another address, files to take away, voxels, and the document of all other shapes."""


@pytest.mark.parametrize("route", [route for route in ROUTES if route.success != 204], ids=lambda route: f"{route.method} {route.path}")
def test_every_door_that_answers_says_what_with(route: Route) -> None:
    is_in_another_form = _answers_in_fhir(route) or _answers_with_images(route) or _answers_with_headers(route)
    assert (route.shape(route.success) is None) is (route.path in SHAPELESS or is_in_another_form)


def _answers_in_fhir(route: Route) -> bool:
    """Its shapes are those of FHIR R4, which the tests of that door hold it to."""
    contents = (said.get("content", {}) for said in route.door.responses.values())
    return route.path.startswith("/fhir") and any("application/fhir+json" in content for content in contents) and route.shape(route.success) is None


def _answers_with_images(route: Route) -> bool:
    """Pixels, pictures and DICOM files, as the document says."""
    contents = dict(route.door.responses.get(200, {})).get("content", {})
    return route.path.startswith("/dicom-web") and any(each.startswith(("image/", "multipart/related")) for each in contents)


def _answers_with_headers(route: Route) -> bool:
    """What changes a workitem is answered by a status, Location and Warning (PS3.18 11.4 to 11.12)."""
    return route.path.startswith("/dicom-web/workitems") and route.method != "GET"


@pytest.mark.parametrize("route", [route for route in ROUTES if route.shape(route.success)], ids=lambda route: f"{route.method} {route.path}")
def test_every_shape_is_closed_and_can_be_drawn(route: Route) -> None:
    """A key more than promised fails a test; and the document can show it."""
    schema = TypeAdapter(route.shape(route.success)).json_schema(mode="serialization")

    assert schema.get("title") or schema.get("type") in ("array", "object") or "$ref" in schema or "anyOf" in schema


def test_a_door_cannot_be_made_without_saying_who() -> None:
    doors = Doors("test")

    with pytest.raises(TypeError, match="who"):
        doors.get("/api/v1/anything")  # type: ignore[call-arg]


FAMILIES: list[tuple[WardlineError, int, str, bool]] = [
    (Refused("that is no time", where="as_of"), 400, "Refused", True),
    (NotSignedIn("please sign in"), 401, "Not signed in", True),
    (NotAllowed("ask an administrator"), 403, "Not allowed", True),
    (NotFound("there is no such patient"), 404, "Not found", True),
    (Conflict("somebody else was first"), 409, "Conflict", True),
    (Fault("disk 3 of Moss, Ada"), 503, "Not available", False),
    (StorageBroken("/var/lib/x"), 503, "Not available", False),
    (StorageFull("nothing can be stored"), 507, "Storage full", True),
]


@pytest.mark.parametrize(("error", "status", "title", "says_why"), FAMILIES, ids=lambda each: type(each).__name__)
def test_each_family_of_failure_has_one_answer(error: WardlineError, status: int, title: str, says_why: bool) -> None:
    """ARCHITECTURE "Errors": the sender hears what to do; of our own faults no detail leaks."""
    answered = of(error)

    content = bytes(answered.body).decode()
    assert (answered.status_code, answered.media_type) == (status, "application/problem+json")
    assert f'"title":"{title}"' in content
    assert (str(error) in content) is says_why
    assert (CANNOT in content) is not says_why


def test_an_error_nobody_foresaw_is_ours_and_says_nothing(house: OpenHouse) -> None:
    house.running.services.units = {"7A": Unit("Ward 7A", None)}  # type: ignore[arg-type]

    response = house.as_("nurse").request("GET", "/api/v1/boards/7A")

    assert (response.status_code, response.json()) == (500, {"status": 500, "title": "Fault", "detail": OURS})


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        (b"{", "", "the request is not JSON"),
        (b"[]", "", "dictionary"),
        (b"{}", "alert", "alert: Field required"),
        (b'{"alert": "a", "action": "dance"}', "action", "'acknowledge'"),
        (b'{"alert": "a", "action": "undo", "colour": "red"}', "colour", "colour: Extra inputs"),
        (b'{"alert": "a", "action": "undo", "comment": "' + b"x" * 1001 + b'"}', "comment", "1000"),
        (b'{"alert": "a", "action": "override", "until": "soon"}', "until", "datetime"),
    ],
)
def test_a_request_that_is_not_valid_says_which_field(shared: OpenHouse, content: bytes, where: str, words: str) -> None:
    response = shared.as_("nurse").request(
        "POST", f"/api/v1/nurse/queue/{shared.key(ADA)}/action", content, headers={"content-type": "application/json"}
    )

    problem = response.json()
    assert (response.status_code, problem.get("where", "")) == (422, where)
    assert words in problem["detail"]


@pytest.mark.parametrize(
    ("role", "path", "content", "where"),
    [
        (
            "nurse",
            "/api/v1/nurse/queue/x/action",
            {"alert": "a", "action": "override", "reason": "will_monitor", "until": "2026-03-02T09:00:00"},
            "until",
        ),
        ("manager", "/api/v1/policy/simulate", {"changes": {}, "since": "2026-03-02T09:00:00"}, "since"),
        ("manager", "/api/v1/policy/simulate", {"changes": {}, "until": "2026-03-02T09:00:00"}, "until"),
    ],
)
def test_a_time_without_its_offset_is_not_guessed(shared: OpenHouse, role: str, path: str, content: dict[str, Any], where: str) -> None:
    refused = shared.as_(role).post(path, content, 422)

    assert refused["where"] == where
    assert "timezone" in refused["detail"]


def test_a_refusal_does_not_repeat_what_was_sent(shared: OpenHouse) -> None:
    """People paste patients into the wrong field."""
    content = {"alert": "a", "action": "Moss, Ada 1001", "comment": {"Moss": "1001"}}

    response = shared.as_("nurse").request("POST", f"/api/v1/nurse/queue/{shared.key(ADA)}/action", content)

    assert response.status_code == 422
    assert "Moss" not in response.text
    assert "1001" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/v1/nothing", 404), ("PATCH", "/api/v1/boards", 405), ("DELETE", "/health", 405)]
)
def test_what_is_not_there_is_refused_in_the_same_shape(shared: OpenHouse, method: str, path: str, status: int) -> None:
    assert shared.as_("nurse").request(method, path).status_code == status


def test_more_than_a_door_takes_is_refused_before_it_is_read(shared: OpenHouse) -> None:
    """SEC-24. Strangers may send 16 KiB, people who are signed in 4 MiB."""
    large = b'{"login": "' + b"x" * 20_000 + b'"}'

    refused = shared.nobody().request("POST", "/api/v1/auth/login", large, headers={"content-type": "application/json"})

    assert (refused.status_code, refused.json()["title"]) == (413, "Too large")


def test_a_body_that_never_says_its_length_is_bounded_as_well(shared: OpenHouse) -> None:
    sent = _endless(shared)

    assert shared.do(sent) == 413


def _endless(house: OpenHouse) -> Callable[[], Awaitable[int]]:
    """Chunks without a length, read only as far as the door takes them. Answers with the status."""

    async def send_chunks() -> int:
        statuses: list[int] = []
        chunks = 0

        async def receive() -> dict[str, Any]:
            nonlocal chunks
            chunks += 1
            assert chunks < 1000, "it would have read for ever"
            return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = scope_of("POST", "/api/v1/auth/login", (b"content-type", b"application/json"))
        await house.asgi(scope, receive, send)  # type: ignore[arg-type]
        return statuses[0]

    return send_chunks


def test_a_validation_error_of_the_framework_has_the_same_shape(shared: OpenHouse) -> None:
    assert issubclass(RequestValidationError, Exception)
    response = shared.as_("nurse").request("GET", "/api/v1/patients", query={"limit": 0})

    assert (response.status_code, response.json()["where"]) == (422, "limit")
