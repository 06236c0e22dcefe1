"""A small independent client, over real sockets against a real process: all flows from nothing but the FHIR address (SEC-7)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import JWKRegistry, KeySet

from support.messages import ADA, ILL, adt, vitals
from support.served import Served
from support.smart_app import LAUNCH, REDIRECT, Signer, authorization, fields, pkce

SCOPES = ["openid", "fhirUser", "launch", "launch/patient", "online_access", "patient/*.rs"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("sockets") / "data") as opened:
        opened.set_up()
        opened.add("nurse", "Amelia Brandt", "nurse")
        now = datetime.now(UTC)
        opened.send(adt("A01", ADA, at=now, visit="V1", unit="7A", bed="12"), vitals(ADA, ILL, at=now))
        yield opened


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with httpx2.Client(follow_redirects=False) as opened:
        yield opened


def _entered(served: Served, **app: Any) -> dict[str, Any]:
    usual = {"name": "Growth charts", "proof": "none", "scopes": SCOPES, "redirects": [REDIRECT], "launch_url": LAUNCH}
    answer: dict[str, Any] = served.api("POST", "/api/v1/apps", usual | app)["app"]
    return answer


def test_an_app_opened_for_a_patient_gets_in_reads_refreshes_and_gives_it_back(served: Served, client: httpx2.Client) -> None:
    app, nurse, key = _entered(served), served.sign_in("nurse"), served.key(ADA.number)
    launched = fields(served.api("POST", f"/api/v1/apps/{app['id']}/launch", {"patient": key}, token=nurse)["url"])
    knows = client.get(f"{launched['iss']}/.well-known/smart-configuration").json()
    proof = pkce()
    given = authorization(served.url, app["id"], proof, "launch openid fhirUser online_access patient/*.rs", launch=launched["launch"], nonce="n1")
    page = client.get(knows["authorization_endpoint"], params=given)
    assert (page.status_code, page.headers["location"].startswith("/authorize?")) == (303, True)
    shown = client.get(served.url + page.headers["location"])
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]

    word = fields(page.headers["location"])["request"]
    asked = served.api("POST", "/api/v1/apps/requests", {"request": word}, token=nurse)
    said = {"request": word, "allow": True, "scopes": [line["scope"] for line in asked["scopes"]]}
    back = fields(served.api("POST", "/api/v1/apps/decisions", said, token=nurse)["redirect"])
    assert back["state"] == given["state"]

    content = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": REDIRECT, "client_id": app["id"]}
    tokens = client.post(knows["token_endpoint"], data=content | {"code_verifier": proof.verifier}).json()
    assert tokens["patient"] == key
    issuer = client.get(f"{knows['issuer']}/.well-known/openid-configuration").json()
    keys = KeySet([JWKRegistry.import_key(each) for each in client.get(issuer["jwks_uri"]).json()["keys"]])
    who = jwt.decode(tokens["id_token"], keys, algorithms=issuer["id_token_signing_alg_values_supported"]).claims
    assert (who["iss"], who["aud"], who["nonce"]) == (issuer["issuer"], app["id"], "n1")
    assert client.get(tokens["smart_style_url"]).json()["color_text"]

    fresh = client.post(
        knows["token_endpoint"], data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": app["id"]}
    ).json()
    bearer = {"authorization": f"Bearer {fresh['access_token']}"}
    assert client.get(f"{served.url}/api/v1/patients/{key}", headers=bearer).json()["id"] == key
    assert client.post(knows["revocation_endpoint"], data={"token": fresh["refresh_token"], "client_id": app["id"]}).status_code == 200
    assert client.get(f"{served.url}/api/v1/patients/{key}", headers=bearer).status_code == 401


@pytest.mark.parametrize("algorithm", ["ES384", "RS384"])
def test_a_service_gets_in_with_its_key_once_for_each_statement(served: Served, client: httpx2.Client, algorithm: str) -> None:
    signer = Signer(algorithm)
    app = _entered(
        served, name="Night report", proof="private_key_jwt", scopes=["system/*.rs"], redirects=[], launch_url="", roles=["doctor"],
        keys=json.dumps({"keys": [signer.public]}),
    )  # fmt: skip
    knows = client.get(f"{served.url}/fhir/.well-known/smart-configuration").json()
    assert algorithm in knows["token_endpoint_auth_signing_alg_values_supported"]
    content = {"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(app["id"], knows["token_endpoint"])}

    first, again = (client.post(knows["token_endpoint"], data=content) for _ in range(2))

    assert (first.status_code, again.status_code, again.json()["error"]) == (200, 401, "invalid_client")
    bearer = {"authorization": f"Bearer {first.json()['access_token']}"}
    assert client.get(f"{served.url}/api/v1/patients", headers=bearer).json()["total"] == 1
    said = client.post(knows["introspection_endpoint"], data={"token": first.json()["access_token"]}, headers=bearer).json()
    assert (said["active"], said["client_id"], said["scope"]) == (True, app["id"], "system/*.rs")


def test_a_page_of_a_registered_app_may_ask_and_no_other(served: Served, client: httpx2.Client) -> None:
    """SMART: browser apps ask for tokens from their own origin; TRAP-5: nobody else, and never with cookies."""
    _entered(served)
    content = {"grant_type": "authorization_code", "code": "x", "client_id": "nobody"}

    ours = client.post(f"{served.url}/oauth/token", data=content, headers={"origin": "https://charts.example"})
    strangers = client.post(f"{served.url}/oauth/token", data=content, headers={"origin": "https://evil.example"})

    assert ours.headers["access-control-allow-origin"] == "https://charts.example"
    assert "access-control-allow-credentials" not in ours.headers
    assert (strangers.status_code, "access-control-allow-origin" in strangers.headers) == (403, False)


def test_a_form_from_another_site_can_ask_the_person_but_decide_nothing(served: Served, client: httpx2.Client) -> None:
    """SMART: authorize-post comes from the app's own page; the decision comes from ours alone."""
    app = _entered(served)
    given = authorization(served.url, app["id"], pkce(), "openid")

    asked = client.post(f"{served.url}/oauth/authorize", data=given, headers={"origin": "https://charts.example"})
    decided = client.post(f"{served.url}/api/v1/apps/decisions", json={"request": "q", "allow": True}, headers={"origin": "https://charts.example"})

    assert (asked.status_code, asked.headers["location"].startswith("/authorize?request=q")) == (303, True)
    assert decided.status_code in (401, 403)
