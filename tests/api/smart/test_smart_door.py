"""Apps at the doors (SEC-7, ASVS V10): the flows of SMART App Launch 2.2, and the person who decides."""

import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import JWKRegistry, KeySet

from api.house import OpenHouse, Visitor
from api.smart.far_side import BASE, STANDALONE, TOKEN, App, service_in
from support.messages import ADA, BEN
from support.smart_app import LAUNCH, REDIRECT, Signer, basic, fields
from wardline.security.api_keys import Wish

# --- discovery ---


def test_an_app_finds_everything_from_the_fhir_address(ward: OpenHouse) -> None:
    """SMART App Launch 2.2, Conformance: S256 SHALL be listed, plain SHALL NOT."""
    said = ward.nobody().get("/fhir/.well-known/smart-configuration")

    assert said == ward.nobody().get("/.well-known/smart-configuration")
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert (said["authorization_endpoint"], said["token_endpoint"]) == (f"{BASE}/oauth/authorize", TOKEN)
    assert {"launch-ehr", "launch-standalone", "permission-v1", "permission-v2", "client-confidential-asymmetric"} <= set(said["capabilities"])
    assert ward.nobody().get("/.well-known/openid-configuration")["issuer"] == said["issuer"] == BASE


def test_the_addresses_never_come_from_what_a_request_claims(ward: OpenHouse) -> None:
    """ASVS 4.1.3: a forged host must not send an app's secrets elsewhere."""
    answered = ward.nobody().request("GET", "/.well-known/smart-configuration", headers={"x-forwarded-host": "evil.example", "host": "x"})

    assert "evil" not in answered.text
    assert answered.json()["token_endpoint"] == TOKEN


# --- the flows ---


def test_an_app_started_on_its_own_gets_the_patient_that_the_person_chooses(app: App, ward: OpenHouse) -> None:
    given = app.in_use(patient=ward.key(BEN))

    assert (given.tokens["patient"], given.tokens["scope"], given.tokens["token_type"]) == (ward.key(BEN), STANDALONE, "Bearer")
    assert given.tokens["expires_in"] == 600  # SEC-7: ten minutes at most
    assert given.tokens["need_patient_banner"] is True
    assert app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(BEN)}")["id"] == ward.key(BEN)


def test_an_app_opened_from_a_patients_page_gets_that_patient(app: App, ward: OpenHouse) -> None:
    opened = ward.as_("nurse").post(f"/api/v1/apps/{app.id}/launch", {"patient": ward.key(ADA), "encounter": "V1", "context": ["ImagingStudy/123"]})[
        "url"
    ]
    assert opened.startswith(f"{LAUNCH}?")
    assert fields(opened)["iss"] == f"{BASE}/fhir"

    given = app.in_use(scope="launch openid fhirUser patient/*.rs", launch=fields(opened)["launch"])

    assert (given.tokens["patient"], given.tokens["encounter"]) == (ward.key(ADA), "V1")
    assert given.tokens["fhirContext"] == [{"reference": "ImagingStudy/123"}]
    assert "refresh_token" not in given.tokens


def test_an_id_token_says_who_is_there_and_anybody_can_check_it(app: App, ward: OpenHouse) -> None:
    """SMART: RS256; OpenID Connect Core 3.1.3.7: iss, aud, nonce."""
    given = app.in_use(nonce="n-0S6_WzA2Mj")
    keys = KeySet([JWKRegistry.import_key(key) for key in ward.nobody().get("/oauth/jwks")["keys"]])

    opened = jwt.decode(given.tokens["id_token"], keys, algorithms=["RS256"])

    nurse = ward.do(ward.wardline.identities.user_named, "nurse")
    assert opened.claims["sub"] == nurse.id
    assert opened.claims["fhirUser"] == f"{BASE}/fhir/Practitioner/{nurse.id}"
    assert (opened.claims["iss"], opened.claims["aud"], opened.claims["nonce"]) == (BASE, app.id, "n-0S6_WzA2Mj")


def test_public_keys_are_public_only(ward: OpenHouse) -> None:
    for key in ward.nobody().get("/oauth/jwks")["keys"]:
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)


def test_a_confidential_app_proves_itself_with_its_secret(ward: OpenHouse) -> None:
    app = App(ward, proof="client_secret_basic")
    redirect, proof = app.let_in()
    content = {"grant_type": "authorization_code", "code": fields(redirect)["code"], "redirect_uri": REDIRECT, "code_verifier": proof.verifier}

    assert app.token(content, headers=basic(app.id, app.secret))["patient"] == ward.key(ADA)
    assert app.secret not in json.dumps(ward.as_("admin").get("/api/v1/apps"))
    assert app.secret.encode() not in b"".join(file.read_bytes() for file in ward.data.glob("apps.db*"))


@pytest.mark.parametrize("algorithm", ["ES384", "RS384"])
def test_a_service_gets_a_token_for_its_own_proof(ward: OpenHouse, algorithm: str) -> None:
    """SMART Backend Services; client_credentials with private_key_jwt."""
    signer = Signer(algorithm)
    service = service_in(ward, signer)

    given = service.token({"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(service.id, TOKEN)})

    assert (given["scope"], "refresh_token" in given) == ("system/*.rs", False)
    assert service.reads(given["access_token"], f"/api/v1/patients/{ward.key(ADA)}")["id"] == ward.key(ADA)
    service.reads(given["access_token"], "/api/v1/users", 403)


def test_scopes_of_version_1_are_taken_and_answered_in_their_own_words(app: App, ward: OpenHouse) -> None:
    given = app.in_use(scope="launch/patient patient/*.read")

    assert given.tokens["scope"] == "launch/patient patient/*.read"
    assert app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(ADA)}")


def test_a_refresh_gives_the_next_pair_and_may_ask_for_less(app: App, ward: OpenHouse) -> None:
    first = app.in_use()

    second = app.refresh(first.tokens["refresh_token"], scope="patient/Observation.rs")

    assert second["scope"] == "patient/Observation.rs"
    assert second["patient"] == ward.key(ADA)
    assert second["refresh_token"] != first.tokens["refresh_token"]
    app.reads(second["access_token"], f"/api/v1/patients/{ward.key(ADA)}", 403)
    whole = app.refresh(second["refresh_token"])
    assert whole["scope"] == STANDALONE  # RFC 6749 6: the refresh token's own scope is that of the grant


# --- the person decides ---


def test_what_the_person_takes_away_is_not_given(app: App, ward: OpenHouse) -> None:
    given = app.in_use(scope="launch/patient openid patient/Patient.r patient/*.rs", leave=lambda scope: scope != "patient/*.rs")

    assert given.tokens["scope"] == "launch/patient openid patient/Patient.r"
    app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(ADA)}", 403)


def test_a_person_who_says_no_sends_the_app_away_with_that(app: App, ward: OpenHouse) -> None:
    given, _ = app.asks()
    word = fields(app.sent_to(given))["request"]

    sent = ward.as_("nurse").post("/api/v1/apps/decisions", {"request": word, "allow": False})["redirect"]

    assert sent.startswith(f"{REDIRECT}&")
    assert fields(sent) == {"from": "ward", "error": "access_denied", "error_description": "the person said no", "state": given["state"], "iss": BASE}


def test_nobody_adds_to_what_the_app_has_asked_for(app: App, ward: OpenHouse) -> None:
    given, proof = app.asks(scope="launch/patient patient/Patient.r")
    word = fields(app.sent_to(given))["request"]
    said = {"request": word, "allow": True, "scopes": ["patient/Patient.r", "user/*.rs", "offline_access"], "patient": ward.key(ADA)}

    redirect = ward.as_("nurse").post("/api/v1/apps/decisions", said)["redirect"]

    assert app.exchange(fields(redirect)["code"], proof)["scope"] == "patient/Patient.r"


def test_a_person_lets_an_app_see_only_patients_they_may_see(app: App, ward: OpenHouse) -> None:
    """A nurse of another ward cannot give away what is not hers to see."""
    if not ward.do(ward.wardline.identities.user_named, "elsewhere"):
        ward.user("elsewhere", "nurse", units=("9Z",))
    given, _ = app.asks()
    word = fields(app.sent_to(given))["request"]
    visitor = ward.sign_in("elsewhere")

    visitor.post("/api/v1/apps/decisions", {"request": word, "allow": True, "scopes": ["patient/*.rs"], "patient": ward.key(ADA)}, 403)
    visitor.post(f"/api/v1/apps/{app.id}/launch", {"patient": ward.key(ADA)}, 403)


def test_a_program_lets_no_other_program_in(app: App, ward: OpenHouse) -> None:
    """Not even with a key that is good for `app.use`: only people decide."""
    robot = ward.user(f"robot.{app.id}", "nurse")._replace(service=True)
    ward.do(ward.wardline.identities.put_user, robot)
    wish = Wish("launcher", frozenset({"app.use", "patient.read"}), ward.wardline.sessions.now() + timedelta(days=1))
    visitor = Visitor(ward)
    _, visitor.token = ward.do(lambda: ward.wardline.sessions.api_keys.make(robot.id, wish, by="this test"))
    word = fields(app.sent_to(app.asks()[0]))["request"]

    visitor.post(f"/api/v1/apps/{app.id}/launch", {"patient": ward.key(ADA)}, 403)
    visitor.post("/api/v1/apps/decisions", {"request": word, "allow": True, "scopes": ["openid"]}, 403)


def test_without_a_patient_nothing_of_a_patient_is_given(app: App, ward: OpenHouse) -> None:
    """SMART: with a patient scope a patient SHALL be in context."""
    given, _ = app.asks()
    word = fields(app.sent_to(given))["request"]

    said = ward.as_("nurse").post("/api/v1/apps/decisions", {"request": word, "allow": True, "scopes": ["patient/*.rs"]}, 400)

    assert said["where"] == "patient"


def test_taken_back_means_out_at_the_next_request(app: App, ward: OpenHouse) -> None:
    given, path = app.in_use(), f"/api/v1/patients/{ward.key(ADA)}"
    app.reads(given.tokens["access_token"], path)
    held = next(grant for grant in ward.as_("nurse").get("/api/v1/apps/grants") if grant["app"] == "Growth charts")
    assert held["patient"]["id"] == ward.key(ADA)

    ward.as_("doctor").delete(f"/api/v1/apps/grants/{held['id']}", 404)  # somebody else's is nobody's business
    ward.as_("nurse").delete(f"/api/v1/apps/grants/{held['id']}")

    app.reads(given.tokens["access_token"], path, 401)
    assert app.refresh(given.tokens["refresh_token"], 400)["error"] == "invalid_grant"
