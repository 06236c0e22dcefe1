"""What an app may do with its token, and what ends it (SEC-7, ASVS 9, 10.4)."""

import json

from joserfc import jwt
from joserfc.jwk import OctKey

from api.house import OpenHouse, Visitor
from api.smart.far_side import BASE, STANDALONE, TOKEN, App
from support.messages import ADA, BEN
from support.smart_app import FORM, REDIRECT, Signer, basic, fields, form, unsigned
from wardline.app.cli.users import _sessions as accounts_of

# --- what a token opens ---


def test_an_app_launched_for_one_patient_reaches_no_other(app: App, ward: OpenHouse) -> None:
    given = app.in_use(patient=ward.key(ADA))
    token = given.tokens["access_token"]

    for path in ("", "/timeline", "/findings"):
        app.reads(token, f"/api/v1/patients/{ward.key(ADA)}{path}")
        app.reads(token, f"/api/v1/patients/{ward.key(BEN)}{path}", 403)
    for path in ("/api/v1/patients", "/api/v1/boards", "/api/v1/boards/7A", "/api/v1/nurse/queue", f"/api/v1/stream/patient/{ward.key(BEN)}"):
        app.reads(token, path, 403)


def test_an_app_cannot_do_what_is_for_people(app: App, ward: OpenHouse) -> None:
    """It acts with a person's rights, never as the person: no password, no session, no other app."""
    token = app.in_use(scope="openid user/*.rs").tokens["access_token"]
    reader = Visitor(ward)
    reader.token = token

    for path in ("/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/apps/grants", "/api/v1/users", "/api/v1/apps", "/api/v1/audit"):
        reader.get(path, 403)
    reader.post("/api/v1/auth/password", {"old": "x", "new": "y"}, 403)
    reader.post(f"/api/v1/apps/{app.id}/launch", {"patient": ward.key(ADA)}, 403)
    reader.post("/api/v1/apps/decisions", {"request": "q", "allow": True}, 403)


def test_an_app_may_never_do_more_than_its_person(app: App, ward: OpenHouse) -> None:
    given = app.in_use(scope="openid user/*.rs", who="manager")
    about = ward.key(ADA)
    reader = Visitor(ward)
    reader.token = given.tokens["access_token"]

    assert reader.request("POST", f"/api/v1/nurse/queue/{about}/action", {"alert": "x", "action": "acknowledge"}).status_code == 403


def test_trap1_a_made_up_app_token_is_nobodys(app: App, ward: OpenHouse) -> None:
    """ASVS 9.1, 9.2: no algorithm, the public key as a secret, another key, issuer, audience, kind, and out of time."""
    good = app.in_use().tokens["access_token"]
    keys = ward.wardline.signing.ring
    claims = ward.do(lambda: keys.claims(good, kind="at+jwt"))
    assert claims is not None
    public = next(key for key in ward.nobody().get("/oauth/jwks")["keys"] if key["alg"] == "Ed25519")
    head = {"typ": "at+jwt", "kid": public["kid"]}
    forged = [
        unsigned(claims, **head),
        jwt.encode({**head, "alg": "HS256"}, claims, OctKey.import_key(public["x"]), algorithms=["HS256"]),
        jwt.encode({**head, "alg": "HS256"}, claims, OctKey.import_key(json.dumps(public)), algorithms=["HS256"]),
        *(
            ward.do(lambda wrong=wrong: keys.signed(claims | wrong, kind="at+jwt"))  # type: ignore[misc]
            for wrong in ({"iss": "https://other.example"}, {"aud": BASE}, {"exp": 1}, {"exp": None}, {"grant": "app-other"}, {"grant": None})
        ),
        ward.do(lambda: keys.signed(claims, kind="JWT")),
        good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        app.in_use().tokens["id_token"],
    ]
    path = f"/api/v1/patients/{ward.key(ADA)}"

    for token in forged:
        app.reads(token, path, 401)
    app.reads(good, path)


def test_an_apps_token_and_a_persons_are_not_taken_for_each_other(app: App, ward: OpenHouse) -> None:
    app.refresh(ward.as_("nurse").token, 400)
    assert app.token({"token": ward.as_("nurse").token, "client_id": app.id}, path="/oauth/revoke") == {}
    ward.as_("nurse").get("/api/v1/auth/me")


# --- what ends it ---


def test_whoever_signs_out_ends_what_was_to_last_that_long(own_ward: OpenHouse) -> None:
    """online_access: "for as long as the end-user remains online"; offline_access goes on."""
    app = App(own_ward)
    path = f"/api/v1/patients/{own_ward.key(ADA)}"
    online, offline = app.in_use(scope="launch/patient online_access patient/*.rs"), app.in_use()

    own_ward.as_("nurse").post("/api/v1/auth/logout", expect=204)

    app.reads(online.tokens["access_token"], path, 401)
    assert app.refresh(online.tokens["refresh_token"], 400)["error"] == "invalid_grant"
    app.reads(app.refresh(offline.tokens["refresh_token"])["access_token"], path)


def test_a_closed_account_and_a_closed_app_are_out_at_once(own_ward: OpenHouse) -> None:
    app, other = App(own_ward), App(own_ward, name="Other")
    path = f"/api/v1/patients/{own_ward.key(ADA)}"
    given, others, doctors = app.in_use(), other.in_use(), other.in_use(who="doctor")

    own_ward.as_("admin").delete(f"/api/v1/apps/{app.id}")
    app.reads(given.tokens["access_token"], path, 401)
    assert app.refresh(given.tokens["refresh_token"], 401)["error"] == "invalid_client"
    assert app.sent_to(app.asks()[0]).startswith("/authorize?")

    nurse = own_ward.do(own_ward.wardline.identities.user_named, "nurse")
    own_ward.as_("admin").delete(f"/api/v1/users/{nurse.id}")
    other.reads(others.tokens["access_token"], path, 401)
    other.reads(doctors.tokens["access_token"], path)


def test_what_the_command_line_ends_is_over_for_apps_too(own_ward: OpenHouse) -> None:
    """`wardline users password` and `close` in a process of their own, while the server runs."""
    app = App(own_ward)
    given, nurse = app.in_use(), own_ward.do(own_ward.wardline.identities.user_named, "nurse")

    with accounts_of(own_ward.data) as sessions:
        sessions.end_all(nurse.id, "password changed")

    app.reads(given.tokens["access_token"], f"/api/v1/patients/{own_ward.key(ADA)}", 401)


def test_an_app_gives_back_what_it_was_allowed_and_only_its_own(app: App, ward: OpenHouse) -> None:
    """RFC 7009."""
    given, other = app.in_use(), App(ward, name="Other")

    assert other.token({"token": given.tokens["refresh_token"], "client_id": other.id}, path="/oauth/revoke") == {}
    app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(ADA)}")
    assert app.token({"token": given.tokens["refresh_token"], "client_id": app.id}, path="/oauth/revoke") == {}
    app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(ADA)}", 401)
    assert app.token({"token": "nothing", "client_id": app.id}, path="/oauth/revoke") == {}


def test_introspection_tells_each_what_is_theirs(app: App, ward: OpenHouse) -> None:
    """RFC 7662; SMART: a bearer token of an app that may ask is enough."""
    signer = Signer()
    confidential = App(ward, name="Own", proof="client_secret_basic")
    keys = json.dumps({"keys": [signer.public]})
    server = App(
        ward,
        name="FHIR mirror",
        proof="private_key_jwt",
        scopes=["system/*.rs"],
        redirects=[],
        launch_url="",
        keys=keys,
        roles=["doctor"],
        introspects=True,
    )
    given = app.in_use()
    own = server.token({"grant_type": "client_credentials", "scope": "system/*.rs", **signer.assertion(server.id, TOKEN)})["access_token"]
    content = {"token": given.tokens["access_token"]}

    said = server.token(content, headers={"authorization": f"Bearer {own}"}, path="/oauth/introspect")

    assert (said["active"], said["client_id"], said["scope"], said["patient"]) == (True, app.id, STANDALONE, ward.key(ADA))
    assert confidential.token(content, headers=basic(confidential.id, confidential.secret), path="/oauth/introspect") == {"active": False}
    assert app.token(content | {"client_id": app.id}, 401, path="/oauth/introspect")["error"] == "invalid_client"
    app.refresh(given.tokens["refresh_token"])
    app.refresh(given.tokens["refresh_token"], 400)
    assert server.token(content, headers={"authorization": f"Bearer {own}"}, path="/oauth/introspect") == {"active": False}


def test_everything_about_an_app_is_in_the_audit_trail(own_ward: OpenHouse) -> None:
    app = App(own_ward)
    app.reads(app.in_use().tokens["access_token"], f"/api/v1/patients/{own_ward.key(ADA)}")

    did = [entry["action"] for entry in own_ward.audited()]

    for action in ("app added", "asked about an app", "app let in", "token given", "patient opened"):
        assert action in did
    opened = next(entry for entry in own_ward.audited() if entry["action"] == "patient opened")
    assert opened["about"] == own_ward.key(ADA)


def test_ft6_no_app_is_let_in_and_none_gets_a_token_unrecorded(own_ward: OpenHouse) -> None:
    """FT-6: when the audit trail cannot be written, nothing that leads to a patient is given."""
    app = App(own_ward)
    redirect, proof = app.let_in()
    word = fields(app.sent_to(app.asks()[0]))["request"]
    nurse, admin = own_ward.as_("nurse"), own_ward.as_("admin")
    before = own_ward.do(lambda: list(own_ward.wardline.apps.register.grants()))
    own_ward.do(own_ward.wardline.audit._connection.execute, "PRAGMA query_only = ON")

    nurse.post("/api/v1/apps/decisions", {"request": word, "allow": True, "scopes": ["patient/*.rs"], "patient": own_ward.key(ADA)}, 503)
    nurse.post(f"/api/v1/apps/{app.id}/launch", {"patient": own_ward.key(ADA)}, 503)
    admin.delete(f"/api/v1/apps/{app.id}", 503)
    content = {"grant_type": "authorization_code", "code": fields(redirect)["code"], "redirect_uri": REDIRECT, "client_id": app.id}
    answered = app.visitor.request("POST", "/oauth/token", form(content | {"code_verifier": proof.verifier}), headers=FORM)

    assert (answered.status_code, "access_token" in answered.text) == (503, False)
    assert own_ward.do(lambda: list(own_ward.wardline.apps.register.grants())) == before


# --- rotation ---


def test_rotating_keys_signs_nobody_out(own_ward: OpenHouse) -> None:
    """SEC-7, SEC-12: what was signed before is good until it ends, and its key stays in the JWKS so long."""
    app = App(own_ward)
    given, nurse = app.in_use(), own_ward.as_("nurse")
    before = {key["kid"] for key in own_ward.nobody().get("/oauth/jwks")["keys"]}

    version = own_ward.do(own_ward.wardline.signing.renew)

    after = {key["kid"] for key in own_ward.nobody().get("/oauth/jwks")["keys"]}
    assert version == 2
    assert before < after
    own_ward.do(own_ward.wardline.sessions._people.clear)
    nurse.get("/api/v1/auth/me")
    app.reads(given.tokens["access_token"], f"/api/v1/patients/{own_ward.key(ADA)}")
    assert app.refresh(given.tokens["refresh_token"])
