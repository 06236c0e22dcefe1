"""Signing in with the hospital's own sign-in service, against a real one: code, PKCE, state, nonce, keys that change, groups to roles."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from api.house import OpenHouse, Visitor
from support.sign_in_service import NURSE, Browser, SignInService, new_key

ADDRESS = "http://ward"
RETURN = f"{ADDRESS}/api/v1/auth/provider/return"
HERE = "/api/v1/auth/provider"
SECRET = "between these two programs"
FILE = """
name: Sign in with St Test
issuer: {issuer}
client_id: wardline
client_secret_file: {secret}
roles_claim: groups
roles:
  Ward nurses: [nurse]
  IT operations: [engineer]
units_claim: wards
units: {{Ward 7: [7A]}}
"""


@pytest.fixture(scope="module")
def service() -> Iterator[SignInService]:
    with SignInService(RETURN, secret=SECRET) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


another_browser = browser


@pytest.fixture
def house(open_house: Callable[..., OpenHouse], service: SignInService, tmp_path: Path) -> OpenHouse:
    return _house_at(open_house, service, tmp_path)


def _house_at(open_house: Callable[..., OpenHouse], service: SignInService, tmp_path: Path, text: str = FILE, **how: object) -> OpenHouse:
    secret = tmp_path / "client-secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    file = tmp_path / "data" / "config" / "identity-provider.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text.format(issuer=service.issuer, secret=secret), encoding="utf-8")
    return open_house(address=ADDRESS, **how)


def _leaves(visitor: Visitor) -> str:
    answer = visitor.request("GET", HERE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def _returns(visitor: Visitor, brought: dict[str, str]) -> str:
    """Where the browser is sent in the end."""
    answer = visitor.request("GET", f"{HERE}/return", query=brought)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def _comes_in(house: OpenHouse, browser: Browser, who: str) -> Visitor:
    visitor = house.nobody()
    assert _returns(visitor, browser.signs_in(_leaves(visitor), who)) == "/#signed-in"
    visitor.token = visitor.post("/api/v1/auth/refresh")["access_token"]
    return visitor


def test_somebody_known_there_is_signed_in_here_with_the_roles_of_their_groups(house: OpenHouse, browser: Browser) -> None:
    nurse = _comes_in(house, browser, NURSE)

    me = nurse.get("/api/v1/auth/me")
    assert (me["name"], me["roles"], me["units"]) == ("Amelia Brandt", ["nurse"], ["7A"])
    assert {"way": "sign-in service"} in [entry["detail"] for entry in house.audited(who=me["id"])]


def test_the_request_there_carries_pkce_state_and_nonce_and_no_secret(house: OpenHouse) -> None:
    """ASVS 10.4.6, 10.5: S256, and values of its own for each sign-in."""
    asked = [parse_qs(urlsplit(_leaves(house.nobody())).query) for _ in range(2)]

    assert {each["code_challenge_method"][0] for each in asked} == {"S256"}
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name], name
        assert len(asked[0][name][0]) >= 43, "256 bits"
    assert "client_secret" not in asked[0]


def test_the_same_person_finds_the_same_account_again_and_their_name_takes_nobodys(house: OpenHouse, browser: Browser) -> None:
    """By issuer and subject, never by a name or an e-mail address: a local account of that name is somebody else."""
    local = house.user("a.brandt", "doctor")

    first, second = _comes_in(house, browser, NURSE).get("/api/v1/auth/me"), _comes_in(house, browser, NURSE).get("/api/v1/auth/me")

    assert first["id"] == second["id"] != local.id
    assert len(house.do(lambda: list(house.wardline.identities.users()))) == 2


def test_whoever_has_no_role_here_is_told_so_and_gets_no_account(house: OpenHouse, browser: Browser) -> None:
    visitor = house.nobody()

    assert _returns(visitor, browser.signs_in(_leaves(visitor), "subject-0099")) == "/#refused=role"
    visitor.post("/api/v1/auth/refresh", expect=401)
    assert house.do(lambda: list(house.wardline.identities.users())) == []


def test_an_account_that_was_closed_here_stays_closed(house: OpenHouse, browser: Browser) -> None:
    nurse = _comes_in(house, browser, NURSE)
    house.as_("admin").delete(f"/api/v1/users/{nurse.get('/api/v1/auth/me')['id']}")
    nurse.get("/api/v1/auth/me", 401)

    visitor = house.nobody()
    assert _returns(visitor, browser.signs_in(_leaves(visitor), NURSE)) == "/#refused=closed"


def test_such_an_account_has_no_password_to_guess(house: OpenHouse, browser: Browser) -> None:
    _comes_in(house, browser, NURSE)

    house.nobody().post("/api/v1/auth/login", {"login": "a.brandt", "password": ""}, 403)


# --- what is not believed ---


def test_a_sign_in_that_was_begun_once_is_finished_once(house: OpenHouse, browser: Browser, another_browser: Browser) -> None:
    """A replayed state: the service gives a second code for the same request; we take the first."""
    visitor = house.nobody()
    url = _leaves(visitor)
    first, second, cookies = browser.signs_in(url, NURSE), another_browser.signs_in(url, NURSE), dict(visitor.cookies)
    assert first["state"] == second["state"]
    assert _returns(visitor, first) == "/#signed-in"

    for again in (first, second):
        replaying = house.nobody()
        replaying.cookies = dict(cookies)
        assert _returns(replaying, again) == "/#refused=failed"


def test_an_answer_belongs_to_the_browser_that_left(house: OpenHouse, browser: Browser) -> None:
    """Otherwise somebody could be signed in as the attacker without noticing."""
    brought = browser.signs_in(_leaves(house.nobody()), NURSE)

    assert _returns(house.nobody(), brought) == "/#refused=failed"


def test_a_code_works_only_with_the_verifier_of_its_own_request(house: OpenHouse, browser: Browser) -> None:
    """PKCE: the service itself refuses a code that was stolen into another sign-in."""
    thief, victim = house.nobody(), house.nobody()
    stolen, own = browser.signs_in(_leaves(victim), NURSE), browser.signs_in(_leaves(thief), NURSE)

    assert _returns(thief, {**own, "code": stolen["code"]}) == "/#refused=failed"


def test_an_answer_of_another_service_is_not_taken(house: OpenHouse, browser: Browser) -> None:
    """RFC 9207: the mix-up of two services."""
    visitor = house.nobody()
    brought = browser.signs_in(_leaves(visitor), NURSE)
    assert brought["iss"] == house.running.services.provider.service.settings.issuer  # type: ignore[union-attr]

    assert _returns(visitor, {**brought, "iss": "https://elsewhere.example"}) == "/#refused=failed"


def test_a_token_with_another_nonce_is_not_taken(house: OpenHouse, browser: Browser) -> None:
    provider, visitor = house.running.services.provider, house.nobody()
    assert provider is not None
    brought = browser.signs_in(_leaves(visitor), NURSE)
    kept = provider._pending._kept
    for name, (pending, ends_at) in kept.items():
        kept[name] = pending._replace(nonce="another"), ends_at

    assert _returns(visitor, brought) == "/#refused=failed"


def test_a_token_for_another_program_is_not_taken(house: OpenHouse, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service has signed it, for `wardline`; we are somebody else from the moment the token is asked for."""
    provider, visitor = house.running.services.provider, house.nobody()
    assert provider is not None
    brought, exchanged = browser.signs_in(_leaves(visitor), NURSE), provider.service.exchanged

    async def as_another(*arguments: str) -> str:
        token = await exchanged(*arguments)
        provider.service.settings = provider.service.settings.model_copy(update={"client_id": "another program"})
        return token

    monkeypatch.setattr(provider.service, "exchanged", as_another)
    assert _returns(visitor, brought) == "/#refused=failed"


@pytest.mark.parametrize("hours", [2, -2], ids=["long ago", "not yet"])
def test_a_token_of_another_time_is_not_taken(house: OpenHouse, browser: Browser, hours: int) -> None:
    provider, visitor = house.running.services.provider, house.nobody()
    assert provider is not None
    brought = browser.signs_in(_leaves(visitor), NURSE)
    now = provider.service.now
    provider.service.now = lambda: now() + timedelta(hours=hours)

    assert _returns(visitor, brought) == "/#refused=failed"


def test_a_refusal_there_is_a_refusal_here(house: OpenHouse, browser: Browser) -> None:
    visitor = house.nobody()

    brought = browser.signs_in(_leaves(visitor), "nobody they know")

    assert brought["error"] == "access_denied"
    assert _returns(visitor, brought) == "/#refused=failed"


def test_without_the_file_there_is_no_such_door(open_house: Callable[..., OpenHouse]) -> None:
    house = open_house()

    assert "no sign-in service" in house.nobody().get(HERE, 404)["detail"]
    assert "provider" not in house.nobody().get("/api/v1/hospital")


def test_the_sign_in_page_is_told_what_the_button_says(house: OpenHouse) -> None:
    assert house.nobody().get("/api/v1/hospital")["provider"] == "Sign in with St Test"


# --- keys, second factors, signing out ---


def test_keys_that_change_at_the_service_are_noticed(open_house: Callable[..., OpenHouse], browser: Browser, tmp_path: Path) -> None:
    with SignInService(RETURN, secret=SECRET) as before:
        house, port = _house_at(open_house, before, tmp_path), before.port
        _comes_in(house, browser, NURSE)
    with SignInService(RETURN, secret=SECRET, port=port, key=new_key("second")):
        visitor = house.nobody()
        assert _returns(visitor, browser.signs_in(_leaves(visitor), NURSE)) == "/#refused=failed", "not asked for again within half a minute"
        provider = house.running.services.provider
        assert provider is not None
        assert provider.service._keys is not None
        keys, asked_at = provider.service._keys
        provider.service._keys = keys, asked_at - timedelta(minutes=1)
        _comes_in(house, browser, NURSE)


def test_a_second_factor_shown_there_counts_here(
    open_house: Callable[..., OpenHouse], service: SignInService, browser: Browser, another_browser: Browser, tmp_path: Path
) -> None:
    """RFC 8176: amr says how; the site says which of its words mean a second factor."""
    file = FILE.replace("units_claim: wards\nunits: {{Ward 7: [7A]}}\n", "").replace("Ward nurses: [nurse]", "Ward nurses: [engineer]")
    house = _house_at(open_house, service, tmp_path, file, second_factor=("engineer",))

    with_it, without = _comes_in(house, browser, "subject-0042"), _comes_in(house, another_browser, NURSE)

    assert "awaited" not in with_it.get("/api/v1/auth/me")
    with_it.get("/api/v1/feeds")
    assert without.get("/api/v1/auth/me")["awaited"] == "factor"
    assert without.get("/api/v1/feeds", 403)["remedy"] == "second-factor"


def test_signing_out_there_signs_out_here(open_house: Callable[..., OpenHouse], browser: Browser, tmp_path: Path) -> None:
    """OpenID Connect Back-Channel Logout 1.0: what the service sends is taken from it, and only from it."""
    with SignInService(RETURN, secret=SECRET, logout="http://127.0.0.1:9/") as service:
        house = _house_at(open_house, service, tmp_path)
        nurse, elsewhere = _comes_in(house, browser, NURSE), house.as_("doctor")
        browser.signs_out(service.issuer)
        form = service.sent()

    assert house.nobody().request("POST", f"{HERE}/logout", form[:-6] + b"AAAAAA").status_code == 403
    nurse.get("/api/v1/auth/me")
    assert house.nobody().request("POST", f"{HERE}/logout", form).status_code == 204
    nurse.get("/api/v1/auth/me", 401)
    elsewhere.get("/api/v1/auth/me")
