"""API keys of programs: made, looked through and ended by administrators. The text of a key is in one answer only, when it is made."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.errors import Refused
from wardline.core.people import ApiKey
from wardline.security.api_keys import Wish, network
from wardline.security.authorisation.actions import ACTIONS

doors = Doors("API keys")
PATH = "/api/v1/api-keys"


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    account: str = Field(max_length=40, description="Id of the service account it acts as.")
    name: str = Field(max_length=100, examples=["Prometheus in the server room"])
    scopes: list[str] = Field(min_length=1, max_length=100, examples=[["system.read"]], description="Actions of the access policy.")
    ends_at: datetime = Field(description="Within 366 days.")
    units: list[str] = Field(default=[], max_length=100, examples=[["W7"]], description="Empty: those of the account.")
    addresses: list[str] = Field(default=[], max_length=50, examples=[["10.20.0.0/16"]], description="Networks it may come from; empty: any.")


class ChangedKey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=100)
    addresses: list[str] | None = Field(None, max_length=50)


class KeyOut(BaseModel):
    id: str
    account: str
    account_name: str
    name: str
    scopes: list[str]
    units: list[str]
    addresses: list[str]
    made_at: datetime
    made_by: str
    ends_at: datetime
    used_at: datetime | None = None
    state: Literal["open", "expired", "ended"]


class MadeKey(BaseModel):
    key: KeyOut
    secret: str = Field(description="What the program sends as a bearer token. Shown once.", examples=["wl_0a1b2c3d4e5f_..."])


class KeysOut(BaseModel):
    keys: list[KeyOut]
    actions: dict[str, str] = Field(description="What a key can be made for, in words.", examples=[{"system.read": "see how Wardline itself does"}])


@doors.get(PATH, who="user.manage", response_model=KeysOut)
async def api_keys(house: House) -> KeysOut:
    """Every key, those that have ended too."""
    return KeysOut(keys=[_out(key, house) for key in house.sessions.identities.api_keys()], actions=ACTIONS)


@doors.post(PATH, who="user.manage", fresh=True, response_model=MadeKey, status_code=201)
async def make(new: NewKey, seen_by: SeenBy, house: House) -> MadeKey:
    """A new key for a service account."""
    unknown = sorted(set(new.scopes) - set(ACTIONS))
    if unknown:
        raise Refused(f"there is no action {unknown[0][:60]!r}", code="scopes", where="scopes")
    if new.ends_at.tzinfo is None:
        raise Refused("the end needs an offset, as in 2027-01-31T00:00:00+01:00", code="ends_at", where="ends_at")
    wish = Wish(new.name, frozenset(new.scopes), new.ends_at, tuple(new.units), tuple(new.addresses))
    key, text = house.sessions.api_keys.make(new.account, wish, by=seen_by.id)
    await house.audit.record(seen_by, "API key made", detail=key.id)
    return MadeKey(key=_out(key, house), secret=text)


@doors.get(f"{PATH}/{{id}}", who="user.manage", response_model=KeyOut)
async def api_key(id: str, house: House) -> KeyOut:
    """One key."""
    return _out(house.sessions.api_keys.found(id), house)


@doors.put(f"{PATH}/{{id}}", who="user.manage", fresh=True, response_model=KeyOut)
async def change(id: str, changed: ChangedKey, seen_by: SeenBy, house: House) -> KeyOut:
    """Change its name or the networks it may come from. What it may do and for how long was settled when it was made."""
    key = house.sessions.api_keys.found(id)
    if changed.name is not None:
        key = key._replace(name=changed.name.strip())
    if changed.addresses is not None:
        key = key._replace(addresses=tuple(str(network(each)) for each in changed.addresses))
    house.sessions.identities.put_api_key(key)
    await house.audit.record(seen_by, "API key changed", detail=id)
    return _out(key, house)


@doors.delete(f"{PATH}/{{id}}", who="user.manage", status_code=204)
async def end(id: str, seen_by: SeenBy, house: House) -> None:
    """End it: the next request with it is refused."""
    house.sessions.api_keys.end(id)
    await house.audit.record(seen_by, "API key ended", detail=id)


def _out(key: ApiKey, house: Services) -> KeyOut:
    state: Literal["open", "expired", "ended"] = "ended" if key.ended else "expired" if house.sessions.now() >= key.ends_at else "open"
    return KeyOut(
        id=key.id, account=key.user, account_name=house.name_of(key.user), name=key.name, scopes=sorted(key.scopes), units=list(key.units),
        addresses=list(key.addresses), made_at=key.made_at, made_by=house.name_of(key.made_by), ends_at=key.ends_at, used_at=key.used_at, state=state,
    )  # fmt: skip
