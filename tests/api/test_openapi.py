"""The OpenAPI document is true: whatever a program makes up from it is answered as it says, and never by a fault of ours."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
import yaml
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from api.house import ALL_ROLES, OpenHouse, Visitor
from support.clocks import MORNING
from support.messages import ADA, ILL, Obx, adt, oru, vitals
from wardline.api.app import create
from wardline.api.streams import PREFIX

EXAMPLES = 15
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ELSEWHERE = ("/api/v1/policy/simulate", "/api/v1/nurse/analytics")
"""Each starts a process for its answer; test_policy_door.py asks them."""
ENDS_EVERYTHING = "/api/v1/auth/logout"
_HOUSE: list[tuple[OpenHouse, Visitor]] = []


@pytest.fixture(scope="module", autouse=True)
def everybody(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[None]:
    """A house with something in every drawer, and somebody with every role in it."""
    with OpenHouse(tmp_path_factory.mktemp("openapi") / "data", portal) as house:
        broken = oru(ADA, Obx("2823-3", 7.1), at=MORNING).replace(b"\rPID|", b"\rPIX|")
        house.send(adt("A01", ADA, at=MORNING), vitals(ADA, ILL, at=MORNING), oru(ADA, Obx("X1^Y^L", 1), at=MORNING), broken)
        house.user("everybody", *ALL_ROLES)
        _HOUSE.append((house, house.sign_in("everybody")))
        yield
        _HOUSE.clear()


schema = schemathesis.openapi.from_dict(create(None).openapi())  # type: ignore[arg-type]


def _known(case: Any) -> None:
    """Half of the made-up names are those of things that are there."""
    house, _ = _HOUSE[0]
    known = {"unit": "7A", "name": "monitor", "patient_id": house.key(ADA)}
    ids = {"patients": house.key(ADA), "capabilities": "news2"}
    for name in case.path_parameters or {}:
        if len(str(case.path_parameters[name])) % 2:
            continue
        case.path_parameters[name] = known.get(name) or ids.get((*case.path.split("/"), "", "")[3], case.path_parameters[name])


@schema.exclude(path=[*ELSEWHERE, ENDS_EVERYTHING]).exclude(path_regex=PREFIX).parametrize()
@settings(max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_door_answers_as_the_document_says(case: schemathesis.Case) -> None:
    house, visitor = _HOUSE[0]
    _known(case)
    wanted = case.as_transport_kwargs(base_url="http://ward")

    response = house.do(_ask, house, visitor, wanted)

    case.validate_response(response, checks=CHECKS)


def test_live_views_are_in_the_document() -> None:
    """SEC-6: the document is the inventory of doors; those that are no routes of the framework stand in it as well."""
    paths = create(None).openapi()["paths"]  # type: ignore[arg-type]

    for path in (f"{PREFIX}board/{{unit}}", f"{PREFIX}patient/{{id}}"):
        assert paths[path]["get"]["x-who"] == "patient.read"
        assert "text/event-stream" in paths[path]["get"]["responses"]["200"]["content"]


async def _ask(house: OpenHouse, visitor: Visitor, wanted: dict[str, Any]) -> Any:
    transport = httpx2.ASGITransport(house.asgi)  # type: ignore[arg-type]
    if isinstance(wanted.get("data"), bytes):
        wanted["content"] = wanted.pop("data")
    wanted["headers"] = {**dict(wanted["headers"]), "authorization": f"Bearer {visitor.token}"}
    async with httpx2.AsyncClient(transport=transport, cookies=wanted.pop("cookies", None)) as client:
        return await client.request(**wanted)


def test_the_document_can_be_taken_along_as_json_and_as_yaml() -> None:
    house, _ = _HOUSE[0]
    stranger = house.nobody()

    as_yaml = stranger.request("GET", "/docs/export/openapi", query={"format": "yaml"})

    assert yaml.safe_load(as_yaml.text) == stranger.get("/docs/export/openapi") == stranger.get("/openapi.json")
    assert as_yaml.headers["content-disposition"] == 'attachment; filename="wardline-openapi.yaml"'
