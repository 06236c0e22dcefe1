"""ID tokens: believed with the service's signature, for us, for this sign-in and now; everything else is refused, in the same words."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from wardline.core.errors import NotAllowed, Refused
from wardline.core.people import Role
from wardline.security.provider.configuration import FILE, SECRET, read_provider
from wardline.security.provider.tokens import Expected, UnknownKey, id_claims, key_set, logout_claims

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://login.hospital.example", "wardline", "once and no more"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
KEYS = key_set({"keys": [KEY.as_dict(private=False), {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}, {"kty": "RSA", "use": "enc", "kid": "box"}]})
GOOD: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sub": "17", "nonce": NONCE, "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 600,
}  # fmt: skip
LOGOUT: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sid": "s", "iat": int(NOW.timestamp()), "jti": "j",
    "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
}  # fmt: skip


def _token(claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", **header: str) -> str:
    return jwt.encode({"alg": algorithm, "kid": "first", **header}, claims, key, algorithms=[algorithm])


def _read(token: str, now: datetime = NOW) -> dict[str, Any]:
    return id_claims(token, KEYS, issuer=ISSUER, client=CLIENT, nonce=NONCE, now=now)


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_a_good_token_says_who_it_is() -> None:
    assert _read(_token(GOOD)) == GOOD
    assert _read(_token({**GOOD, "aud": [CLIENT, "another"], "azp": CLIENT}))["sub"] == "17"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"iss": f"{ISSUER}/"}, "iss"), ({"iss": None}, "iss"), ({"aud": "another"}, "aud"), ({"aud": ["another"]}, "aud"), ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "another"]}, "azp"), ({"azp": "another"}, "azp"), ({"sub": None}, "sub"), ({"sub": 17}, "sub"),
        ({"nonce": "another"}, "nonce"), ({"nonce": None}, "nonce"), ({"iat": None}, "iat"), ({"iat": "now"}, "iat"),
        ({"iat": int(NOW.timestamp()) + 61}, "iat"), ({"iat": int(NOW.timestamp()) - 601}, "iat"),
        ({"exp": None}, "exp"), ({"exp": int(NOW.timestamp()) - 60}, "exp"), ({"exp": "later"}, "exp"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_for_this_and_for_now_is_refused(change: dict[str, Any], what: str) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7; ASVS 9.2, 10.5."""
    claims = {name: value for name, value in {**GOOD, **change}.items() if value is not None}

    with pytest.raises(Expected) as refused:
        _read(_token(claims))

    assert refused.value.what == what
    assert what not in str(refused.value), "the door says no more than that it is not right"


def test_only_signatures_of_the_services_own_key_count() -> None:
    """ASVS 9.1.1 to 9.1.3: none, the public key taken for a shared secret, somebody else's key under the name of theirs, a key brought along."""
    public = json.dumps(KEY.as_dict(private=False))
    mallory = RSAKey.generate_key(2048)
    forged = [
        f"{_part({'alg': 'none', 'kid': 'first'})}.{_part(GOOD)}.",
        _token(GOOD, OctKey.import_key(public), "HS256"),
        _token(GOOD, mallory),
        _token(GOOD, ECKey.generate_key("P-256"), "ES256"),
        _token(GOOD, OKPKey.generate_key("Ed25519"), "Ed25519"),
        _token(GOOD)[:-8] + "AAAAAAAA",
        "not a token",
        "",
    ]
    for token in forged:
        with pytest.raises(NotAllowed):
            _read(token)


@pytest.mark.parametrize("kid", ["second", "shared", "box"])
def test_a_key_we_do_not_have_is_said_to_be_unknown_so_that_new_ones_are_asked_for(kid: str) -> None:
    with pytest.raises(UnknownKey):
        _read(_token(GOOD, kid=kid))


def test_without_a_name_the_only_key_is_meant() -> None:
    token = jwt.encode({"alg": "RS256"}, GOOD, KEY, algorithms=["RS256"])

    assert _read(token)["sub"] == "17"
    two = KeySet([KEY, RSAKey.generate_key(2048, {"kid": "second"})])
    with pytest.raises(UnknownKey):
        id_claims(token, two, issuer=ISSUER, client=CLIENT, nonce=NONCE, now=NOW)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 10_000), letter=st.sampled_from("ABCxyz019-_."))
def test_no_letter_of_a_token_can_be_changed(place: int, letter: str) -> None:
    token = _token(GOOD)
    at = place % len(token)
    changed = token[:at] + letter + token[at + 1 :]
    with suppress(NotAllowed):
        assert _read(changed) == GOOD, "only bits that carry nothing were changed"


@pytest.mark.parametrize(
    "change",
    [{"events": {}}, {"events": None}, {"nonce": "x"}, {"sid": None}, {"aud": "another"}, {"iss": "another"}, {"iat": int(NOW.timestamp()) - 601}],
)
def test_a_logout_token_is_for_us_says_so_and_is_no_id_token(change: dict[str, Any]) -> None:
    """Back-Channel Logout 1.0, 2.6: no nonce, so that an ID token is never taken for one."""
    claims = {name: value for name, value in {**LOGOUT, **change}.items() if value is not None}

    assert logout_claims(_token(LOGOUT), KEYS, issuer=ISSUER, client=CLIENT, now=NOW)["sid"] == "s"
    with pytest.raises(Expected):
        logout_claims(_token(claims), KEYS, issuer=ISSUER, client=CLIENT, now=NOW)
    with pytest.raises(Expected):
        _read(_token(LOGOUT))


def test_tokens_of_half_an_hour_ago_are_of_another_sign_in() -> None:
    with pytest.raises(Expected):
        _read(_token(GOOD), NOW + timedelta(minutes=30))


# --- what the site says ---

MINIMAL = "issuer: https://login.hospital.example\nclient_id: wardline\nroles: {Ward nurses: [nurse]}\n"


def test_the_sites_file_says_where_and_who_and_which_roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n", encoding="utf-8")
    (tmp_path / FILE).write_text(f"{MINIMAL}client_secret_file: {secret}\n", encoding="utf-8")

    read = read_provider(tmp_path / FILE)

    assert read is not None
    assert (read.roles, read.second_factor.amr, read.secret) == ({"Ward nurses": {Role.NURSE}}, {"mfa"}, "from a file")
    monkeypatch.setenv(SECRET, "from the environment")
    assert read.secret == "from the environment"
    assert read_provider(tmp_path / "none.yaml") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MINIMAL.replace("https", "http"), "issuer"),
        (MINIMAL.replace(".example", ".example?x=1"), "issuer"),
        (MINIMAL.replace("[nurse]", "[king]"), "roles"),
        (MINIMAL.replace("roles: {Ward nurses: [nurse]}", ""), "roles"),
        (f"{MINIMAL}client_secret: in the file\n", "client_secret"),
        ("issuer: [", "YAML"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")

    with pytest.raises(Refused, match=says):
        read_provider(tmp_path / FILE)
