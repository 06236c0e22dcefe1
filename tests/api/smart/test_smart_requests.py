"""What an app must not get by asking: wrong addresses, weak requests, codes and launches used wrongly (SEC-7, ASVS 10.4)."""

import pytest

from api.house import OpenHouse
from api.smart.far_side import BASE, App
from support.messages import ADA, BEN
from support.smart_app import FORM, REDIRECT, fields, form

# --- requests that are not in order: never a way to another site (ASVS 10.4.1) ---


@pytest.mark.parametrize(
    "redirect",
    [
        REDIRECT + "x", REDIRECT[:-1], REDIRECT.upper(), REDIRECT.replace("https", "http"), REDIRECT + "#", REDIRECT + "/../x", REDIRECT + "%2e",
        "https://charts.example.evil.example/back", "https://evil.example/", "//evil.example", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_registered_to_the_letter_is_sent_nothing(app: App, ward: OpenHouse, redirect: str) -> None:
    """SEC-7: exact redirect match, wrong by one character; no open redirect."""
    given, _ = app.asks(redirect_uri=redirect)

    sent = app.sent_to(given)

    assert sent.startswith("/authorize?request=q")
    word = {"request": fields(sent)["request"]}
    assert "not registered" in ward.as_("nurse").post("/api/v1/apps/requests", word, 400)["detail"]
    ward.as_("nurse").post("/api/v1/apps/decisions", word | {"allow": True, "scopes": ["openid"]}, 400)


@pytest.mark.parametrize("client", ["", "nobody", "../x", "' OR 1=1 --"])
def test_an_app_that_nobody_has_entered_is_sent_nothing(app: App, client: str) -> None:
    given, _ = app.asks(client_id=client)

    assert app.sent_to(given).startswith("/authorize?request=q")


WRONG = {
    "plain PKCE": ({"code_challenge_method": "plain"}, "invalid_request"),
    "no PKCE": ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
    "a challenge that is no hash": ({"code_challenge": "short"}, "invalid_request"),
    "another FHIR server": ({"aud": "https://other.example/fhir"}, "invalid_request"),
    "our address without /fhir": ({"aud": BASE}, "invalid_request"),
    "no aud": ({"aud": ""}, "invalid_request"),
    "no state": ({"state": ""}, "invalid_request"),
    "a token instead of a code": ({"response_type": "token"}, "unsupported_response_type"),
    "no scope": ({"scope": ""}, "invalid_scope"),
    "a service's scope": ({"scope": "system/*.rs"}, "invalid_scope"),
    "more than it is registered for": ({"scope": "patient/*.cruds"}, "invalid_scope"),
    "scopes out of order": ({"scope": "patient/Observation.dus"}, "invalid_scope"),
    "a launch nobody made": ({"launch": "made-up"}, "invalid_request"),
    "nobody to be asked": ({"prompt": "none"}, "interaction_required"),
    "too much": ({"nonce": "n" * 3000}, "invalid_request"),
}


@pytest.mark.parametrize(("other", "error"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_request_is_told_to_the_app(app: App, other: dict[str, str], error: str) -> None:
    """RFC 6749 4.1.2.1, at the registered address, with the state as it came."""
    given, _ = app.asks(**other)

    sent = app.sent_to(given)

    assert sent.startswith(f"{REDIRECT}&error=")
    assert (fields(sent)["error"], fields(sent).get("state")) == (error, given.get("state"))


def test_a_request_may_come_as_a_form(app: App) -> None:
    """SMART: authorize-post."""
    given, _ = app.asks()

    answered = app.visitor.request("POST", "/oauth/authorize", form(given), headers=FORM)

    assert (answered.status_code, answered.headers["location"].startswith("/authorize?request=q")) == (303, True)


def test_a_parameter_that_comes_twice_is_refused(app: App) -> None:
    """RFC 6749 3.1."""
    given, _ = app.asks()

    answered = app.visitor.request("POST", "/oauth/authorize", form(given) + b"&redirect_uri=https://evil.example", headers=FORM)

    assert answered.headers["location"] == "/authorize?request=q"


def test_the_page_that_asks_cannot_be_put_into_a_frame(ward: OpenHouse) -> None:
    """Clickjacking (RFC 6749 10.13, ASVS 3.4.6)."""
    response = ward.do(ward.nobody()._request, "GET", "/authorize", None, {}, {})

    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


# --- codes ---


def test_a_code_that_comes_twice_ends_everything_it_gave(app: App, ward: OpenHouse) -> None:
    """ASVS 10.4.2; RFC 6749 4.1.2."""
    given = app.in_use()

    assert app.exchange(given.code, given.proof, 400)["error"] == "invalid_grant"

    app.reads(given.tokens["access_token"], f"/api/v1/patients/{ward.key(ADA)}", 401)
    assert app.refresh(given.tokens["refresh_token"], 400)["error"] == "invalid_grant"
    assert ward.audited(action="app refused")[-1]["detail"]["why"] == "invalid_grant"


@pytest.mark.parametrize(
    "other",
    [{"code_verifier": "x" * 43}, {"code_verifier": ""}, {"redirect_uri": REDIRECT + "x"}, {"code": "made-up"}, {"redirect_uri": ""}],
    ids=str,
)
def test_a_code_is_good_only_with_what_belongs_to_it(app: App, other: dict[str, str]) -> None:
    other = dict(other)
    redirect, proof = app.let_in()
    code = fields(redirect)["code"]

    assert app.exchange(other.pop("code", code), proof, 400, **other)["error"] == "invalid_grant"
    if other:
        assert app.exchange(code, proof, 400)["error"] == "invalid_grant", "a code that was tried wrongly is over"


def test_the_code_of_another_app_is_not_given_and_ends(app: App, ward: OpenHouse) -> None:
    thief = App(ward, name="Thief")
    redirect, proof = app.let_in()

    assert thief.exchange(fields(redirect)["code"], proof, 400)["error"] == "invalid_grant"
    assert app.exchange(fields(redirect)["code"], proof, 400)["error"] == "invalid_grant"


# --- launches ---


def test_a_launch_works_once_for_the_one_who_made_it_and_for_that_app(app: App, ward: OpenHouse) -> None:
    def launch(who: str) -> str:
        return fields(ward.as_(who).post(f"/api/v1/apps/{app.id}/launch", {"patient": ward.key(ADA)})["url"])["launch"]

    other = App(ward, name="Other")
    used = launch("nurse")
    app.in_use(scope="launch patient/*.rs", launch=used)
    for asking, token in ((app, used), (app, launch("doctor")), (other, launch("nurse"))):
        word = fields(asking.sent_to(asking.asks(scope="launch patient/*.rs", launch=token)[0]))["request"]
        ward.as_("nurse").post("/api/v1/apps/requests", {"request": word}, 403)
        ward.as_("nurse").post("/api/v1/apps/decisions", {"request": word, "allow": True, "scopes": ["patient/*.rs"], "patient": ward.key(BEN)}, 403)


# --- refresh tokens ---


def test_a_refresh_token_that_comes_twice_ends_the_whole_grant(app: App, ward: OpenHouse) -> None:
    """ASVS 10.4.5."""
    first = app.in_use()
    second = app.refresh(first.tokens["refresh_token"])

    assert app.refresh(first.tokens["refresh_token"], 400)["error"] == "invalid_grant"

    assert app.refresh(second["refresh_token"], 400)["error"] == "invalid_grant"
    app.reads(second["access_token"], f"/api/v1/patients/{ward.key(ADA)}", 401)


def test_a_refresh_cannot_add_scopes(app: App) -> None:
    given = app.in_use(scope="launch/patient offline_access patient/Observation.rs")

    for more in ("patient/*.rs", "patient/Observation.cruds", "user/Observation.rs", "system/*.rs", "nonsense"):
        assert app.refresh(given.tokens["refresh_token"], 400, scope=more)["error"] == "invalid_scope"
    app.refresh(given.tokens["refresh_token"])  # asking for too much does not use it up


def test_the_refresh_token_of_another_app_is_not_taken_and_ends(app: App, ward: OpenHouse) -> None:
    given = app.in_use()

    assert App(ward, name="Thief").refresh(given.tokens["refresh_token"], 400)["error"] == "invalid_grant"
    assert app.refresh(given.tokens["refresh_token"], 400)["error"] == "invalid_grant"
