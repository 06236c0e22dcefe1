"""Who may use which door: every route for nobody and for each role, exactly as the table says."""

import pytest

from api.authorisation import TABLE, expected
from api.house import ALL_ROLES, ROUTES, OpenHouse, Route
from wardline.api.doors import OPEN, SIGNED_IN

CLOSED = [route for route in ROUTES if route.door.who != OPEN]
OPEN_TO_ALL = {
    ("POST", "/api/v1/auth/login"), ("POST", "/api/v1/auth/setup"), ("POST", "/api/v1/auth/refresh"), ("GET", "/health"), ("GET", "/api/v1/hospital"),
    ("GET", "/docs"), ("GET", "/docs/compliance"), ("GET", "/docs/testing"), ("GET", "/openapi.json"), ("GET", "/docs/export/openapi"),
    ("GET", "/.well-known/smart-configuration"), ("GET", "/fhir/.well-known/smart-configuration"), ("GET", "/.well-known/openid-configuration"),
    ("GET", "/oauth/jwks"), ("GET", "/oauth/style/{version}"), ("GET", "/oauth/authorize"), ("POST", "/oauth/authorize"), ("POST", "/oauth/token"),
    ("POST", "/oauth/introspect"), ("POST", "/oauth/revoke"), ("GET", "/fhir/metadata"),
    ("POST", "/api/v1/auth/mfa/login"), ("POST", "/api/v1/auth/mfa/step"), ("POST", "/api/v1/auth/mfa/passkey"),
    # Asked by EHRs with a token they have signed: the room itself finds out who calls (tests/api/hooks).
    ("GET", "/cds-services"), ("POST", "/cds-services/{service}"), ("POST", "/cds-services/{service}/feedback"),
    ("GET", "/api/v1/auth/provider"), ("GET", "/api/v1/auth/provider/return"), ("POST", "/api/v1/auth/provider/logout"),
}  # fmt: skip


def _id(route: Route) -> str:
    return f"{route.method} {route.path}"


def _address(route: Route) -> str:
    return route.path.format_map(dict.fromkeys(route.door.param_convertors, "nobody"))


@pytest.mark.parametrize("route", CLOSED, ids=_id)
def test_nobody_comes_in_without_signing_in(shared: OpenHouse, route: Route) -> None:
    response = shared.nobody().request(route.method, _address(route), {})

    assert response.status_code == 401
    said = response.json()
    assert (said["detail"] if "detail" in said else said["issue"][0]["diagnostics"]) == "please sign in"


@pytest.mark.parametrize("role", ALL_ROLES)
@pytest.mark.parametrize("route", CLOSED, ids=_id)
def test_a_role_may_use_the_doors_of_the_table_and_no_others(shared: OpenHouse, route: Route, role: str) -> None:
    kind = "patient" if route.door.about else "board" if route.door.within else "house"
    relation = "whole house" if role != "patient" else ""
    allowed = route.door.who == SIGNED_IN or expected(role, route.door.who, kind, relation)
    visitor = shared.as_(role)
    if route.path.endswith("/auth/logout"):
        visitor = shared.sign_in(role)  # not with the session that all these tests share

    response = visitor.request(route.method, _address(route), b"not JSON")

    refused_for_role = response.status_code == 403 and "your role does not allow this" in response.text
    assert refused_for_role is not allowed, (response.status_code, response.text[:200])
    assert response.status_code != 401


def test_the_open_doors_are_the_known_few() -> None:
    assert {(route.method, route.path) for route in ROUTES if route.door.who == OPEN} == OPEN_TO_ALL


def test_every_action_a_door_names_is_in_the_table() -> None:
    assert {route.door.who for route in ROUTES} <= {*TABLE, OPEN, SIGNED_IN}
