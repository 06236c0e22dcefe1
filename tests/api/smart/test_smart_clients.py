"""Who an app is: secrets, signed statements, and nobody else (SEC-7, ASVS 10.4)."""

import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from api.house import OpenHouse
from api.smart.far_side import TOKEN, App, service_in
from support.smart_app import REDIRECT, Signer, basic, unsigned

# --- who the app is ---


def test_an_app_with_a_secret_is_nobody_without_it(ward: OpenHouse) -> None:
    app = App(ward, proof="client_secret_basic")
    content = {"grant_type": "authorization_code", "code": "x", "redirect_uri": REDIRECT, "code_verifier": "x" * 43}
    renewed = ward.as_("admin").post(f"/api/v1/apps/{app.id}/secret")["secret"]

    for headers in ({}, basic(app.id, app.secret), basic(app.id, ""), basic("nobody", renewed)):
        assert app.token(content | ({} if headers else {"client_id": app.id}), 401, headers)["error"] == "invalid_client"
    assert app.token(content | {"client_id": app.id, "client_secret": renewed}, 401)["error"] == "invalid_client"
    assert app.token(content, 400, basic(app.id, renewed))["error"] == "invalid_grant", "the new secret is the right one"


def test_each_app_proves_itself_in_its_own_way_alone(ward: OpenHouse) -> None:
    """A public app has no secret to show; one with a key is nobody without its statement; one with a secret cannot sign instead."""
    signer = Signer()
    public, secret, service = App(ward), App(ward, proof="client_secret_basic"), service_in(ward, signer)
    asks = {"grant_type": "client_credentials", "scope": "system/*.rs"}

    assert public.token(asks, 401, basic(public.id, "anything"))["error"] == "invalid_client"
    assert service.token(asks | {"client_id": service.id}, 401)["error"] == "invalid_client"
    assert service.token(asks, 401, basic(service.id, "anything"))["error"] == "invalid_client"
    for other in (public, secret):
        assert other.token(asks | signer.assertion(other.id, TOKEN), 401)["error"] == "invalid_client"
    assert service.token(asks | signer.assertion(service.id, TOKEN) | {"client_assertion_type": "other"}, 401)["error"] == "invalid_client"


STATEMENTS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://other.example/token"},
    "another issuer": {"iss": "somebody else"},
    "another subject": {"sub": "somebody else"},
    "no end": {"exp": None},
    "over": {"exp": 1},
    "too far off": {"exp": 4_000_000_000},
    "an end that is no number": {"exp": "soon"},
    "no jti": {"jti": None},
    "a key nobody knows": {"header": {"kid": "other"}},
    "keys from elsewhere": {"header": {"jku": "https://evil.example/jwks"}},
    "another type": {"header": {"typ": "at+jwt"}},
}


@pytest.mark.parametrize("wrong", STATEMENTS.values(), ids=STATEMENTS)
def test_a_statement_that_is_not_right_proves_nothing(ward: OpenHouse, wrong: dict[str, Any]) -> None:
    """RFC 7523 3, SMART client-confidential-asymmetric."""
    signer = Signer()
    service = service_in(ward, signer)

    content = {"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(service.id, TOKEN, **wrong)}

    assert service.token(content, 401)["error"] == "invalid_client"


def test_a_statement_works_once(ward: OpenHouse) -> None:
    """SEC-7: jti replay cache."""
    signer = Signer()
    service = service_in(ward, signer)
    content = {"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(service.id, TOKEN)}

    service.token(content)

    assert "has been used" in service.token(content, 401)["error_description"]


def test_a_statement_signed_by_somebody_else_or_by_nobody_proves_nothing(ward: OpenHouse) -> None:
    signer, stranger = Signer(), Signer()
    service = service_in(ward, signer)
    nobodys = unsigned({"iss": service.id}, typ="JWT", kid=str(signer.key.kid))
    public = OctKey.import_key(json.dumps(signer.public))
    shared = jwt.encode({"alg": "HS256", "kid": str(signer.key.kid)}, {"iss": service.id}, public, algorithms=["HS256"])

    for statement in (stranger.statement(service.id, TOKEN), nobodys, shared, "a.b.c", "x"):
        content = {"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(service.id, TOKEN), "client_assertion": statement}
        assert service.token(content, 401)["error"] == "invalid_client"


def test_a_service_gets_no_more_than_it_is_registered_for(ward: OpenHouse) -> None:
    signer = Signer()
    service = service_in(ward, signer, scopes=("system/Observation.rs",))

    for scope in ("system/*.rs", "system/Patient.r", "patient/Observation.rs", "user/*.rs", "openid", ""):
        content = {"grant_type": "client_credentials", "scope": scope, **signer.assertion(service.id, TOKEN)}
        assert service.token(content, 400)["error"] == "invalid_scope"


def test_an_app_of_people_gets_nothing_for_itself(app: App) -> None:
    assert app.token({"grant_type": "client_credentials", "scope": "user/*.rs", "client_id": app.id}, 400)["error"] == "unauthorized_client"
    assert app.token({"grant_type": "password", "username": "nurse", "password": "x", "client_id": app.id}, 400)["error"] == "unsupported_grant_type"
