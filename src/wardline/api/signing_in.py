"""Signing in and out, sessions, and the first administrator.

The access token goes to the page, which keeps it in memory; the refresh token is a cookie that scripts cannot read and that
only travels to these paths.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import OPEN, SIGNED_IN, Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import NotAllowed
from wardline.core.ports import Person, User
from wardline.security import passwords
from wardline.security.sessions import NotSignedIn, SignedIn

doors = Doors("sign-in")
COOKIE = "wardline_refresh"
PATH = "/api/v1/auth"


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=100, examples=["a.brandt"])
    password: str = Field(max_length=200)


class FirstAdministrator(Credentials):
    token: str = Field(max_length=100, description="From the link that start-up printed.")
    name: str = Field(max_length=100, examples=["Karin Holm"])


class PersonOut(BaseModel):
    id: str
    name: str = Field(examples=["Amelia Brandt"])
    roles: list[str] = Field(examples=[["nurse"]])
    units: list[str] = Field(examples=[["W7"]], description="Units they look after; empty for all.")


class Token(BaseModel):
    access_token: str
    expires_at: datetime
    person: PersonOut


class SessionOut(BaseModel):
    id: str
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool


@doors.post(f"{PATH}/login", who=OPEN, response_model=Token)
async def login(credentials: Credentials, request: Request, response: Response, house: House) -> Token:
    """Sign in with name and password."""
    try:
        signed_in = await house.sessions.sign_in(credentials.login, credentials.password, request.headers.get("user-agent", ""))
    except NotAllowed:
        await _audit_refusal(credentials.login, house)
        raise
    await house.audit.record(signed_in.person.id, "signed in")
    return _token(signed_in, request, response)


async def _audit_refusal(login: str, house: Services) -> None:
    """Whose account was tried. What was typed is not kept: people type passwords and patients into the wrong field."""
    user = house.sessions.identities.user_named(login)
    await house.audit.record(user.id if user is not None else "", "sign-in refused", **({} if user is not None else {"account": "unknown"}))


@doors.post(f"{PATH}/setup", who=OPEN, response_model=Token)
async def setup(first: FirstAdministrator, request: Request, response: Response, house: House) -> Token:
    """Make the first administrator, with the one-time link."""
    accounts = house.sessions.accounts
    stored = await accounts.hashed(first.password) if not accounts.has_administrator else ""
    user = accounts.set_up(first.token, first.login, first.name, first.password, stored=stored)
    await house.audit.record(user.id, "first administrator made")
    return _token(await house.sessions.sign_in(first.login, first.password, request.headers.get("user-agent", "")), request, response)


@doors.post(f"{PATH}/refresh", who=OPEN, response_model=Token)
async def refresh(request: Request, response: Response, house: House) -> Token:
    """A new access token for the cookie."""
    return _token(house.sessions.refresh(request.cookies.get(COOKIE, "")), request, response)


@doors.post(f"{PATH}/logout", who=SIGNED_IN, status_code=204)
async def logout(response: Response, seen_by: SeenBy, house: House) -> None:
    """End this session."""
    house.sessions.end(seen_by.session, "signed out")
    await house.audit.record(seen_by.id, "signed out")
    response.delete_cookie(COOKIE, path=PATH)


@doors.get(f"{PATH}/me", who=SIGNED_IN, response_model=PersonOut)
async def me(seen_by: SeenBy) -> PersonOut:
    """Who is signed in."""
    return PersonOut(id=seen_by.id, name=seen_by.name, roles=sorted(seen_by.roles), units=list(seen_by.units))


@doors.get(f"{PATH}/sessions", who=SIGNED_IN, response_model=list[SessionOut])
async def sessions(seen_by: SeenBy, house: House) -> list[SessionOut]:
    """Where you are signed in."""
    return sessions_of(seen_by.id, seen_by, house)


def sessions_of(user: str, seen_by: Person, house: Services) -> list[SessionOut]:
    """Where this account is signed in, as somebody sees it."""
    return [
        SessionOut(id=each.id, device=each.device, started_at=each.started_at, seen_at=each.seen_at, current=each.id == seen_by.session)
        for each in house.sessions.identities.sessions(user)
    ]


@doors.delete(f"{PATH}/sessions/{{id}}", who=SIGNED_IN, status_code=204)
async def end_session(id: str, seen_by: SeenBy, house: House) -> None:
    """End one of your sessions; an administrator may end anybody's."""
    session = house.sessions.identities.session(id)
    if session is None or (session.user != seen_by.id and not house.access.may(seen_by, "user.manage")):
        raise NotAllowed("this is not one of your sessions")
    house.sessions.end(id, "ended by hand")
    await house.audit.record(seen_by.id, "session ended", detail=session.user)


@doors.post(f"{PATH}/password", who=SIGNED_IN, status_code=204)
async def password(old: Annotated[str, Body(max_length=200)], new: Annotated[str, Body(max_length=200)], seen_by: SeenBy, house: House) -> None:
    """Change your password; your other sessions end."""
    accounts = house.sessions.accounts
    try:
        user = await accounts.proven(_own(seen_by.id, house).login, old)
    except NotAllowed:
        await house.audit.record(seen_by.id, "password change refused")
        raise
    passwords.check(new, user.login, user.name)
    stored = await accounts.hashed(new)
    await house.audit.record(seen_by.id, "password changed")
    house.sessions.identities.put_user(accounts.with_password(_own(seen_by.id, house), new, stored=stored))
    house.sessions.end_all(user.id, "password changed", but=seen_by.session)


def _own(id: str, house: Services) -> User:
    user = house.sessions.identities.user(id)
    if user is None:
        raise NotSignedIn("please sign in")
    return user


def _token(signed_in: SignedIn, request: Request, response: Response) -> Token:
    response.set_cookie(
        COOKIE, signed_in.refresh_token, path=PATH, httponly=True, samesite="strict", secure=request.url.scheme == "https", max_age=12 * 3600
    )
    person = signed_in.person
    out = PersonOut(id=person.id, name=person.name, roles=sorted(person.roles), units=list(person.units))
    return Token(access_token=signed_in.access_token, expires_at=signed_in.ends_at, person=out)
