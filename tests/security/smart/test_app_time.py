"""How long what apps hold lasts: to the second, and past a restart (SEC-7, ASVS 10.4)."""

from datetime import timedelta

import pytest

from security.smart.virtual_apps import AppDesk
from security.virtual import START
from support.smart_app import LAUNCH, REDIRECT, fields
from wardline.core.errors import NotAllowed, Refused
from wardline.security.refusals import NotSignedIn
from wardline.security.sessions import Sessions
from wardline.security.smart.clients import digest
from wardline.security.smart.granting import CODE_VALID, OFFLINE, Decision
from wardline.security.smart.tokens import ACCESS, Issued


def _issued(desk: AppDesk, scope: str = "openid patient/*.rs offline_access") -> Issued:
    app = desk.enter()
    _, code, proof = desk.let_in(app, scope)
    return desk.server.tokens.for_code(app, code, REDIRECT, proof.verifier)


def _is_out(desk: AppDesk, token: str) -> bool:
    try:
        desk.sessions.person(token)
    except NotSignedIn:
        return True
    return False


def test_a_code_is_good_for_a_minute(app_desk: AppDesk) -> None:
    """SEC-7: sixty seconds at most; RFC 6749 4.1.2."""
    assert timedelta(seconds=60) >= CODE_VALID
    app = app_desk.enter()
    (_, early, proof), (_, late, other) = app_desk.let_in(app), app_desk.let_in(app)
    app_desk.later(seconds=59)
    app_desk.server.tokens.for_code(app, early, REDIRECT, proof.verifier)
    app_desk.later(seconds=1)

    with pytest.raises(Refused, match="too old"):
        app_desk.server.tokens.for_code(app, late, REDIRECT, other.verifier)


def test_a_launch_is_good_for_five_minutes(app_desk: AppDesk) -> None:
    app = app_desk.enter()
    opened = app_desk.server.granting.launch(app, app_desk.nurse, "p1", "", (), f"{LAUNCH}/fhir")
    asked, _ = app_desk.asked(app, "launch patient/*.rs", launch=fields(opened)["launch"])
    app_desk.later(minutes=5)

    with pytest.raises(NotAllowed, match="too long ago"):
        app_desk.server.granting.decide(asked, app_desk.nurse, Decision(("patient/*.rs",)))


def test_an_access_token_lives_ten_minutes(app_desk: AppDesk) -> None:
    """TRAP-1."""
    assert timedelta(minutes=10) >= ACCESS
    issued = _issued(app_desk)
    app_desk.later(minutes=9, seconds=59)
    assert app_desk.sessions.person(issued.access).client == issued.grant.app
    app_desk.later(seconds=1)

    assert _is_out(app_desk, issued.access)


def test_a_refresh_token_ends_for_good_after_thirty_days_however_often_it_is_used(app_desk: AppDesk) -> None:
    """ASVS 10.4.8: absolute."""
    issued = _issued(app_desk)
    app = app_desk.server.clients.known(issued.grant.app)
    for _ in range(10):
        app_desk.later(days=2, hours=23)
        issued = app_desk.server.tokens.for_refresh(app, issued.refresh, "")
    app_desk.at = START + OFFLINE - timedelta(seconds=30)
    issued = app_desk.server.tokens.for_refresh(app, issued.refresh, "")
    assert issued.lasts_seconds == 30  # a token never outlives its grant
    app_desk.later(seconds=30)

    assert _is_out(app_desk, issued.access)
    with pytest.raises(Refused, match="over"):
        app_desk.server.tokens.for_refresh(app, issued.refresh, "")


def test_an_idle_person_is_no_longer_online(app_desk: AppDesk) -> None:
    issued = _issued(app_desk, "openid patient/*.rs online_access")
    app = app_desk.server.clients.known(issued.grant.app)
    app_desk.later(minutes=31)

    with pytest.raises(Refused, match="over"):
        app_desk.server.tokens.for_refresh(app, issued.refresh, "")


def test_whoever_is_signed_out_everywhere_is_out_of_every_app(app_desk: AppDesk) -> None:
    """ASVS 7.4, 10.4.9: a changed password, an administrator's hand. Also apps that go on without the person."""
    issued = _issued(app_desk)

    app_desk.sessions.end_all(app_desk.nurse.id, "password changed", but=app_desk.nurse.session)

    assert _is_out(app_desk, issued.access)
    app = app_desk.server.clients.known(issued.grant.app)
    with pytest.raises(Refused, match="over"):
        app_desk.server.tokens.for_refresh(app, issued.refresh, "")
    app_desk.sessions.person(app_desk.sessions.begin(app_desk.user(), "Ward computer 3").access_token)


def test_an_account_that_somebody_else_has_closed_is_out_of_every_app(app_desk: AppDesk) -> None:
    """Whatever closed it, and whether or not its sessions were ended."""
    issued = _issued(app_desk)

    app_desk.identities.put_user(app_desk.user()._replace(active=False))

    assert _is_out(app_desk, issued.access)


def test_tokens_remembered_have_a_limit(app_desk: AppDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardline.security.smart.tokens.REMEMBERED", 3)
    app = app_desk.enter()
    for _ in range(8):
        _, code, proof = app_desk.let_in(app)
        issued = app_desk.server.tokens.for_code(app, code, REDIRECT, proof.verifier)
        assert app_desk.sessions.person(issued.access).client == app.id

    assert len(app_desk.server.tokens._checked) <= 3


def test_live_views_of_an_app_end_with_its_grant(app_desk: AppDesk) -> None:
    """SEC-5: well within a minute, also for a stream that stays open."""
    issued = _issued(app_desk)
    session = app_desk.sessions.person(issued.access).session
    assert not app_desk.sessions.is_over(session)

    app_desk.server.tokens.end(issued.grant, "taken back")

    assert app_desk.sessions.is_over(session)


def test_a_token_says_what_the_app_was_given_and_nothing_fresh(app_desk: AppDesk) -> None:
    """No step-up through an app: it has proved nothing of the person lately."""
    issued = _issued(app_desk)

    person = app_desk.sessions.person(issued.access)

    assert (person.id, person.patient, person.proven_at) == (app_desk.nurse.id, "p1", None)
    assert person.scopes == {"openid", "patient/*.rs", "offline_access"}


def test_a_role_that_is_taken_away_is_gone_for_the_app_too(app_desk: AppDesk) -> None:
    issued = _issued(app_desk)
    app_desk.identities.put_user(app_desk.user()._replace(roles=frozenset({"researcher"})))

    assert app_desk.sessions.person(issued.access).roles == {"researcher"}


def test_what_is_kept_opens_nothing(app_desk: AppDesk) -> None:
    """Codes, launches, refresh tokens and secrets are kept as hashes."""
    app = app_desk.enter()
    _, code, proof = app_desk.let_in(app)
    issued = app_desk.server.tokens.for_code(app, code, REDIRECT, proof.verifier)
    opened = fields(app_desk.server.granting.launch(app, app_desk.nurse, "p1", "", (), "x"))["launch"]

    connection = app_desk.register._connection
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = repr([list(connection.execute(f"SELECT * FROM {table}")) for table in tables]).encode()

    for secret in (code, issued.refresh, issued.access, opened, proof.verifier):
        assert secret.encode() not in kept
    assert repr(digest(issued.refresh)).encode() in kept


def test_what_has_ended_is_forgotten_and_stays_refused(app_desk: AppDesk) -> None:
    issued = _issued(app_desk)
    app = app_desk.server.clients.known(issued.grant.app)
    app_desk.later(days=31)
    app_desk.register.forget(app_desk.at)

    assert app_desk.register.grant(issued.grant.id) is None
    with pytest.raises(Refused, match="not known"):
        app_desk.server.tokens.for_refresh(app, issued.refresh, "")


def test_sessions_without_apps_know_no_app(app_desk: AppDesk) -> None:
    """Another process (`wardline users`) has no authorization server: fail closed."""
    issued = _issued(app_desk)
    alone = Sessions(app_desk.identities, app_desk.keys, lambda: app_desk.at, idle=timedelta(minutes=30), longest=timedelta(hours=12))

    with pytest.raises(NotSignedIn):
        alone.person(issued.access)
