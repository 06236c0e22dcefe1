"""Accounts of people and of programs: made, changed and closed by administrators."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.signing_in import SessionOut, sessions_of
from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.people import Role, User

doors = Doors("users")


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=100, examples=["a.brandt"])
    name: str = Field(max_length=100, examples=["Amelia Brandt"])
    password: str | None = Field(None, max_length=200, description="Of a person; a program comes in with API keys.")
    roles: list[Role] = Field(min_length=1)
    units: list[str] = Field(default=[], examples=[["W7"]])
    patient: str = Field("", max_length=100, description="Of a patient's own account: the record it reaches, and no other.")
    kind: Literal["person", "service"] = "person"


class ChangedUser(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=100)
    password: str | None = Field(None, max_length=200)
    roles: list[Role] | None = Field(None, min_length=1)
    units: list[str] | None = None
    active: bool | None = None


class UserOut(BaseModel):
    id: str
    login: str
    name: str
    roles: list[str]
    units: list[str]
    state: Literal["open", "locked", "closed"]
    kind: Literal["person", "service"]
    factors: list[str] = Field(examples=[["passkey", "recovery"]], description="Second factors they have, by kind.")


@doors.get("/api/v1/users", who="user.manage", response_model=list[UserOut])
async def users(house: House) -> list[UserOut]:
    """Every account, the closed ones too."""
    return [_out(user, house) for user in house.sessions.identities.users()]


@doors.post("/api/v1/users", who="user.manage", fresh=True, response_model=UserOut, status_code=201)
async def add(new: NewUser, seen_by: SeenBy, house: House) -> UserOut:
    """Make an account. A person can sign in at once; a program once it has an API key."""
    accounts = house.sessions.accounts
    await house.audit.record(seen_by, "user added", detail=new.login)
    given = new.login, new.name, frozenset(role.value for role in new.roles), tuple(new.units)
    own = _own_record(new, house)
    if new.kind == "service":
        if new.password is not None:
            raise Refused("a service account has no password; make an API key for it", code="password", where="password")
        return _out(accounts.add_service(*given), house)
    if new.password is None:
        raise Refused("give a first password", code="password", where="password")
    stored = await accounts.hashed(new.password)
    return _out(accounts.add(new.login, new.name, new.password, given[2], given[3], stored=stored, patient=own), house)


@doors.get("/api/v1/users/{id}", who="user.manage", response_model=UserOut)
async def user(id: str, house: House) -> UserOut:
    """One account."""
    return _out(_found(id, house), house)


@doors.put("/api/v1/users/{id}", who="user.manage", fresh=True, response_model=UserOut)
async def change(id: str, changed: ChangedUser, seen_by: SeenBy, house: House) -> UserOut:
    """Change what is given. A changed role, a new password or a closed account ends the person's sessions.

    What somebody may do, and the name by which patients are assigned to them, is for another administrator to change.
    """
    accounts, named, stored = house.sessions.accounts, _found(id, house), ""
    _check_rights(changed, named, seen_by)
    if changed.password is not None:
        accounts.check(named, changed.password)
        stored = await accounts.hashed(changed.password)
    await house.audit.record(seen_by, "user changed", detail=named.login)
    before = _found(id, house)  # as it is now: others may have changed it while this one waited
    after = _with(changed, before)
    if changed.password is not None:
        after = accounts.with_password(after, changed.password, stored=stored)
    house.sessions.identities.put_user(after)
    if changed.password is not None or after.roles != before.roles or after.units != before.units or not after.active:
        house.sessions.end_all(id, "account changed")
    house.sessions.forget(id)
    return _out(_found(id, house), house)


@doors.delete("/api/v1/users/{id}", who="user.manage", status_code=204)
async def close(id: str, seen_by: SeenBy, house: House) -> None:
    """Close an account. It stays in the list, because the audit trail names it."""
    await change(id, ChangedUser(active=False), seen_by, house)


@doors.get("/api/v1/users/{id}/sessions", who="user.manage", response_model=list[SessionOut])
async def sessions(id: str, seen_by: SeenBy, house: House) -> list[SessionOut]:
    """Where somebody is signed in."""
    _found(id, house)
    return sessions_of(id, seen_by, house)


@doors.delete("/api/v1/users/{id}/sessions", who="user.manage", status_code=204)
async def end_sessions(id: str, seen_by: SeenBy, house: House) -> None:
    """Sign somebody out everywhere. Your own session, if it is one of them, goes on."""
    user = _found(id, house)
    house.sessions.end_all(id, "ended by an administrator", but=seen_by.session)
    await house.audit.record(seen_by, "sessions ended", detail=user.login)


@doors.delete("/api/v1/users/{id}/factors", who="user.manage", fresh=True, status_code=204)
async def remove_factors(id: str, seen_by: SeenBy, house: House) -> None:
    """For somebody who has lost all their second factors: takes them away and signs them out. Make sure first that it is them who asks.

    Nobody does it for themselves: that would be a way around the factor.
    """
    user = _found(id, house)
    if id == seen_by.id:
        raise Conflict("you cannot take away your own second factors here; another administrator can, or you remove them in your account")
    house.entrance.factors.remove_all(user)
    house.sessions.end_all(id, "second factors taken away")
    await house.audit.record(seen_by, "second factors taken away", detail=user.login)


def _own_record(new: NewUser, house: House) -> str:
    """The record of a patient's own account; nobody else has one, and such an account has no other role."""
    if (set(new.roles) == {Role.PATIENT}) != bool(new.patient) or (new.patient and new.kind == "service"):
        raise Refused("a patient's own account has the role patient, no other, and names the patient's record", code="roles", where="patient")
    own = house.engine.house.survivor(new.patient)
    if new.patient and own not in house.engine.house.directory:
        raise Refused("there is no such patient", code="patient", where="patient")
    return own if new.patient else ""


def _with(changed: ChangedUser, before: User) -> User:
    """The account with what is given; a password apart."""
    return before._replace(
        name=changed.name if changed.name is not None else before.name,
        roles=frozenset(role.value for role in changed.roles) if changed.roles is not None else before.roles,
        units=tuple(changed.units) if changed.units is not None else before.units,
        active=changed.active if changed.active is not None else before.active,
    )


def _check_rights(changed: ChangedUser, named: User, seen_by: SeenBy) -> None:
    """Raises `Conflict` for one's own rights, `Refused` where a patient's own account and one of the staff would become one."""
    if named.id == seen_by.id and _with(changed, named) != named:
        raise Conflict("you cannot change what you yourself may do, or your name; ask another administrator")
    if changed.roles is not None and (Role.PATIENT in changed.roles) != bool(named.patient):
        raise Refused("a patient's own account stays one, and no other becomes one; make a new account", code="roles", where="roles")
    if named.patient and changed.roles is not None and len(set(changed.roles)) > 1:
        raise Refused("a patient's own account has no other role", code="roles", where="roles")


def _found(id: str, house: House) -> User:
    user = house.sessions.identities.user(id)
    if user is None:
        raise NotFound("there is no such account")
    return user


def _out(user: User, house: House) -> UserOut:
    locked = user.locked_until is not None and user.locked_until > house.sessions.now()
    state: Literal["open", "locked", "closed"] = "closed" if not user.active else "locked" if locked else "open"
    kinds = house.entrance.factors.ways(user.id)
    return UserOut(
        id=user.id, login=user.login, name=user.name, roles=sorted(user.roles), units=list(user.units), state=state,
        kind="service" if user.service else "person", factors=list(kinds),
    )  # fmt: skip
