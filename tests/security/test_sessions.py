"""Being signed in: tokens that cannot be made up, a refresh token that works once, sessions that end."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from security.virtual import IDLE, LONGEST, START, Desk
from wardline.security.keys import ED25519
from wardline.security.refusals import NotSignedIn
from wardline.security.sessions import ACCESS, KIND, SignedIn


@pytest.fixture
def nurse(desk: Desk) -> SignedIn:
    desk.user()
    return desk.come_in()


def _refused(desk: Desk, token: str) -> str:
    with pytest.raises(NotSignedIn) as refused:
        desk.sessions.person(token)
    return str(refused.value)


def _forgotten(desk: Desk) -> None:
    """What a restart forgets: tokens checked before, and when a session was last used."""
    desk.sessions._people.clear()
    desk.sessions._seen.clear()


# --- tokens ---


def test_a_token_says_who_makes_a_request(desk: Desk, nurse: SignedIn) -> None:
    _forgotten(desk)

    person = desk.sessions.person(nurse.access_token)

    assert (person.name, person.roles) == ("Amelia Brandt", {"nurse"})


def test_a_token_lives_ten_minutes(desk: Desk, nurse: SignedIn) -> None:
    """TRAP-1: no token of a day."""
    assert nurse.ends_at - START == ACCESS == timedelta(minutes=10)
    desk.later(minutes=9, seconds=59)
    desk.sessions.person(nurse.access_token)
    desk.later(seconds=1)

    assert _refused(desk, nurse.access_token) == "please sign in again"
    _forgotten(desk)
    assert _refused(desk, nurse.access_token) == "please sign in again"


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return content


def _signed(desk: Desk, claims: dict[str, Any]) -> str:
    return desk.keys.signed(claims, kind=KIND)


def _header(desk: Desk, algorithm: str) -> dict[str, str]:
    return {"alg": algorithm, "typ": KIND, "kid": _public(desk)["kid"]}


def _public(desk: Desk) -> dict[str, Any]:
    return next(key for key in desk.keys.public() if key["alg"] == ED25519)


def _with_another_key(desk: Desk, claims: dict[str, Any]) -> str:
    """A stranger's key under the name of ours."""
    return jwt.encode(_header(desk, ED25519), claims, OKPKey.generate_key("Ed25519"), algorithms=[ED25519])


def _unsigned(desk: Desk, claims: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode() for part in (_header(desk, "none"), claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def _with_public_key_as_secret(desk: Desk, claims: dict[str, Any]) -> str:
    """The old confusion: the verifier's public key taken for a shared secret."""
    public = _public(desk)["x"]
    return jwt.encode(_header(desk, "HS256"), claims, OctKey.import_key(str(public)), algorithms=["HS256"])


FORGERIES: dict[str, Callable[[Desk, dict[str, Any]], str]] = {
    "no algorithm": _unsigned,
    "another key": _with_another_key,
    "the public key as a shared secret": _with_public_key_as_secret,
    "expired": lambda desk, claims: _signed(desk, claims | {"exp": int(START.timestamp()) - 1}),
    "without an end": lambda desk, claims: _signed(desk, {name: value for name, value in claims.items() if name != "exp"}),
    "for another audience": lambda desk, claims: _signed(desk, claims | {"aud": "somebody else"}),
    "from another issuer": lambda desk, claims: _signed(desk, claims | {"iss": "somebody else"}),
    "of another type": lambda desk, claims: _signed(desk, claims | {"typ": "refresh"}),
    "for another person": lambda desk, claims: _signed(desk, claims | {"sub": "0" * 16}),
    "for another session": lambda desk, claims: _signed(desk, claims | {"sid": "0" * 24}),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_trap1_a_made_up_token_is_nobodys(desk: Desk, nurse: SignedIn, forged: Callable[[Desk, dict[str, Any]], str]) -> None:
    """ASVS 9.1, 9.2."""
    token = forged(desk, _claims(nurse.access_token))
    _forgotten(desk)

    assert _refused(desk, token) == "please sign in again"


def test_the_same_claims_signed_by_us_are_good(desk: Desk, nurse: SignedIn) -> None:
    """So that the forgeries above fail for their own reason."""
    token = _signed(desk, _claims(nurse.access_token))
    _forgotten(desk)

    assert desk.sessions.person(token).name == "Amelia Brandt"


def test_a_refresh_token_opens_no_door_and_an_access_token_refreshes_nothing(desk: Desk, nurse: SignedIn) -> None:
    assert _refused(desk, nurse.refresh_token) == "please sign in again"
    with pytest.raises(NotSignedIn):
        desk.sessions.refresh(nurse.access_token)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.from_regex(r"[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}", fullmatch=True)))
def test_no_text_is_anybody(lasting_desk: Desk, text: str) -> None:
    """Whatever is sent as a token is refused in one way, and never breaks anything."""
    assert _refused(lasting_desk, text) == "please sign in again"
    with pytest.raises(NotSignedIn):
        lasting_desk.sessions.refresh(text)


def test_nothing_of_a_token_is_kept_in_the_clear(desk: Desk, nurse: SignedIn) -> None:
    kept = repr(list(desk.identities._connection.execute("SELECT * FROM sessions"))).encode()

    assert nurse.refresh_token.encode() not in kept
    assert nurse.access_token.encode() not in kept


# --- staying in ---


def test_a_refresh_token_works_once_and_gives_the_next(desk: Desk, nurse: SignedIn) -> None:
    desk.later(minutes=9)

    second = desk.sessions.refresh(nurse.refresh_token)

    assert second.refresh_token != nurse.refresh_token
    assert second.ends_at == desk.at + ACCESS
    assert desk.sessions.person(second.access_token).session == nurse.person.session


def test_a_refresh_token_that_comes_twice_ends_the_session_for_both(desk: Desk, nurse: SignedIn) -> None:
    """ASVS 10.4.5: it was stolen, and nobody can tell by whom."""
    second = desk.sessions.refresh(nurse.refresh_token)

    with pytest.raises(NotSignedIn, match="in two places"):
        desk.sessions.refresh(nurse.refresh_token)

    with pytest.raises(NotSignedIn):
        desk.sessions.refresh(second.refresh_token)
    assert _refused(desk, second.access_token) == "please sign in again"
    assert desk.identities.session(nurse.person.session).ended == "replayed"  # type: ignore[union-attr]


def test_a_refresh_token_from_before_the_last_rotation_but_one_ends_it_as_well(desk: Desk, nurse: SignedIn) -> None:
    """A thief who waited longer."""
    second = desk.sessions.refresh(nurse.refresh_token)
    third = desk.sessions.refresh(second.refresh_token)

    with pytest.raises(NotSignedIn):
        desk.sessions.refresh(nurse.refresh_token)

    assert desk.sessions.person(third.access_token).name == "Amelia Brandt", "too old to be told from a made-up one"


def test_sec3_a_session_nobody_uses_ends(desk: Desk, nurse: SignedIn) -> None:
    desk.later(minutes=29)
    second = desk.sessions.refresh(nurse.refresh_token)
    desk.later(minutes=31)

    with pytest.raises(NotSignedIn, match="nothing happened for a while"):
        desk.sessions.refresh(second.refresh_token)
    assert desk.identities.session(nurse.person.session).ended == "idle"  # type: ignore[union-attr]


def test_sec3_a_session_in_use_goes_on(desk: Desk, nurse: SignedIn) -> None:
    token = nurse
    for _ in range(20):
        desk.later(minutes=20)
        token = desk.sessions.refresh(token.refresh_token)

    assert desk.at - START > 10 * IDLE
    assert desk.sessions.person(token.access_token).name == "Amelia Brandt"


def test_sec3_a_session_in_use_ends_with_the_shift(desk: Desk, nurse: SignedIn) -> None:
    token = nurse
    while desk.at + timedelta(minutes=20) < START + LONGEST:
        desk.later(minutes=20)
        token = desk.sessions.refresh(token.refresh_token)
    assert token.ends_at <= START + LONGEST, "no token outlives its session"
    desk.later(minutes=20)

    with pytest.raises(NotSignedIn, match="one shift"):
        desk.sessions.refresh(token.refresh_token)


def test_idle_time_is_measured_across_a_restart(desk: Desk, nurse: SignedIn) -> None:
    desk.later(minutes=31)
    _forgotten(desk)

    with pytest.raises(NotSignedIn, match="nothing happened"):
        desk.sessions.refresh(nurse.refresh_token)


# --- going out ---


def test_an_ended_session_is_over_at_its_next_request(desk: Desk, nurse: SignedIn) -> None:
    """ASVS 7.4, SEC-5: in force well within a minute, also for a token that is still good."""
    desk.sessions.person(nurse.access_token)

    desk.sessions.end(nurse.person.session, "ended by hand")

    assert _refused(desk, nurse.access_token) == "please sign in again"
    assert desk.sessions.is_over(nurse.person.session)


def test_another_process_ends_a_session_too(desk: Desk, nurse: SignedIn, tmp_path: Path) -> None:
    """`wardline users close` while the server runs."""
    desk.sessions.person(nurse.access_token)
    other = Desk(tmp_path)
    other.sessions.end_all(nurse.person.id, "account closed")
    other.identities.close()

    assert _refused(desk, nurse.access_token) == "please sign in again"


def test_all_sessions_but_this_one_end(desk: Desk, nurse: SignedIn) -> None:
    elsewhere = desk.come_in("phone")

    desk.sessions.end_all(nurse.person.id, "password changed", but=nurse.person.session)

    assert _refused(desk, elsewhere.access_token) == "please sign in again"
    assert desk.sessions.person(nurse.access_token).id == nurse.person.id


def test_a_closed_account_is_signed_out_at_its_next_refresh(desk: Desk, nurse: SignedIn) -> None:
    user = desk.identities.user(nurse.person.id)
    assert user is not None
    desk.identities.put_user(user._replace(active=False))

    with pytest.raises(NotSignedIn, match="account is closed"):
        desk.sessions.refresh(nurse.refresh_token)


def test_looking_whether_a_session_is_over_does_not_use_it(desk: Desk, nurse: SignedIn) -> None:
    desk.later(minutes=20)
    assert not desk.sessions.is_over(nurse.person.session)
    desk.later(minutes=11)

    assert desk.sessions.is_over(nurse.person.session)


def test_two_sign_ins_are_two_sessions(desk: Desk, nurse: SignedIn) -> None:
    """SEC-1, ASVS 7.2.4."""
    second = desk.come_in("phone")

    assert second.person.session != nurse.person.session
    assert [each.device for each in desk.identities.sessions(nurse.person.id)].count("phone") == 1


def test_tokens_remembered_have_a_limit(desk: Desk, nurse: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speed must not cost memory: beyond the limit all are checked anew."""
    monkeypatch.setattr("wardline.security.sessions.REMEMBERED", 3)
    claims = _claims(nurse.access_token)
    for number in range(10):
        desk.sessions.person(_signed(desk, claims | {"jti": str(number)}))

    assert len(desk.sessions._people) <= 3
