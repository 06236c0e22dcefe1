"""Signing in and out, sessions, and the first administrator.

The access token goes to the page, which keeps it in memory; the refresh token is a cookie that scripts cannot read and that
only travels to these paths.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import OPEN, SHOW_IT, SIGNED_IN, Doors, House, SeenBy
from wardline.api.services import Services
from wardline.api.signed_in import COOKIE, PATH, PersonOut, SecondStep, Token, device_of, own_account, party_of, person_out, step_out, token_out
from wardline.core.errors import NotAllowed
from wardline.core.people import Person
from wardline.security.sessions import SignedIn

doors = Doors("sign-in")


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=100, examples=["a.brandt"])
    password: str = Field(max_length=200)


class FirstAdministrator(Credentials):
    token: str = Field(max_length=100, description="From the link that start-up printed.")
    name: str = Field(max_length=100, examples=["Karin Holm"])


class SessionOut(BaseModel):
    id: str
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool
    factors: int = Field(description="By how many kinds of proof they have shown in it who they are.")


@doors.post(f"{PATH}/login", who=OPEN, response_model=Token | SecondStep)
async def login(credentials: Credentials, request: Request, response: Response, house: House) -> Token | SecondStep:
    """Sign in with name and password. An account with a second factor is asked for that next: send it to `mfa/login`."""
    try:
        came = await house.entrance.begin(credentials.login, credentials.password, device_of(request), party_of(request, house))
    except NotAllowed:
        await _audit_refusal(credentials.login, house)
        raise
    if not isinstance(came, SignedIn):
        return step_out(came)
    await house.audit.record(came.person, "signed in")
    return token_out(came, request, response)


async def _audit_refusal(login: str, house: Services) -> None:
    """Whose account was tried. What was typed is not kept: people type passwords and patients into the wrong field."""
    user = house.sessions.identities.user_named(login)
    locked = user is not None and user.locked_until is not None and user.locked_until > house.sessions.now()
    detail = {"account": "unknown"} if user is None else {"locked": "yes"} if locked else {}
    await house.audit.record(user.id if user is not None else "", "sign-in refused", outcome="refused", **detail)


@doors.post(f"{PATH}/setup", who=OPEN, response_model=Token)
async def setup(first: FirstAdministrator, request: Request, response: Response, house: House) -> Token:
    """Make the first administrator, with the one-time link."""
    accounts = house.sessions.accounts
    stored = await accounts.hashed(first.password) if not accounts.has_administrator else ""
    user = accounts.set_up(first.token, first.login, first.name, first.password, stored=stored)
    await house.audit.record(user.id, "first administrator made")
    # Two kinds of proof: the password they know, and the link that only whoever started Wardline holds.
    return token_out(house.sessions.begin(user, device_of(request), factors=2), request, response)


@doors.post(f"{PATH}/refresh", who=OPEN, response_model=Token)
async def refresh(request: Request, response: Response, house: House) -> Token:
    """A new access token for the cookie."""
    return token_out(house.sessions.refresh(request.cookies.get(COOKIE, "")), request, response)


@doors.post(f"{PATH}/logout", who=SIGNED_IN, status_code=204)
async def logout(response: Response, seen_by: SeenBy, house: House) -> None:
    """End this session."""
    house.sessions.end(seen_by.session, "signed out")
    await house.audit.record(seen_by, "signed out")
    response.delete_cookie(COOKIE, path=PATH)


@doors.get(f"{PATH}/me", who=SIGNED_IN, response_model=PersonOut)
async def me(seen_by: SeenBy) -> PersonOut:
    """Who is signed in."""
    return person_out(seen_by)


@doors.get(f"{PATH}/sessions", who=SIGNED_IN, response_model=list[SessionOut])
async def sessions(seen_by: SeenBy, house: House) -> list[SessionOut]:
    """Where you are signed in."""
    return sessions_of(seen_by.id, seen_by, house)


def sessions_of(user: str, seen_by: Person, house: Services) -> list[SessionOut]:
    """Where this account is signed in, as somebody sees it."""
    return [
        SessionOut(
            id=each.id, device=each.device, started_at=each.started_at, seen_at=each.seen_at, current=each.id == seen_by.session, factors=each.factors
        )
        for each in house.sessions.identities.sessions(user)
    ]  # fmt: skip


@doors.delete(f"{PATH}/sessions/{{id}}", who=SIGNED_IN, status_code=204)
async def end_session(id: str, seen_by: SeenBy, house: House) -> None:
    """End one of your sessions; an administrator may end anybody's."""
    session = house.sessions.identities.session(id)
    if session is None or (session.user != seen_by.id and not house.access.may(seen_by, "user.manage")):
        raise NotAllowed("this is not one of your sessions")
    house.sessions.end(id, "ended by hand")
    await house.audit.record(seen_by, "session ended", detail=session.user)


@doors.delete(f"{PATH}/sessions", who=SIGNED_IN, status_code=204)
async def end_other_sessions(seen_by: SeenBy, house: House) -> None:
    """Sign out everywhere but here."""
    house.sessions.end_all(seen_by.id, "ended by hand", but=seen_by.session)
    await house.audit.record(seen_by, "sessions ended")


@doors.post(f"{PATH}/password", who=SIGNED_IN, status_code=204)
async def password(old: Annotated[str, Body(max_length=200)], new: Annotated[str, Body(max_length=200)], seen_by: SeenBy, house: House) -> None:
    """Change your password; your other sessions end, your second factors stay."""
    accounts = house.sessions.accounts
    if seen_by.awaited:
        raise NotAllowed(SHOW_IT, remedy="second-factor")
    try:
        user = await accounts.proven(own_account(seen_by, house).login, old)
    except NotAllowed:
        await house.audit.record(seen_by, "password change refused", outcome="refused")
        raise
    accounts.check(user, new)
    stored = await accounts.hashed(new)
    await house.audit.record(seen_by, "password changed")
    house.sessions.identities.put_user(accounts.with_password(own_account(seen_by, house), new, stored=stored))
    house.sessions.end_all(user.id, "password changed", but=seen_by.session)
