"""Other sites whose pages may ask the API: those the settings name for good, and those an administrator lets in for a while."""

import secrets
from datetime import datetime
from typing import Annotated, Final

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wardline.api.doors import Doors, House, SeenBy
from wardline.api.services import Services
from wardline.core.events import OriginAllowed
from wardline.security.origins import AllowedOrigin, check

doors: Final = Doors("other sites")
PATH: Final = "/api/v1/cors/origins"
PathText = Annotated[str, Field(max_length=200)]


class OriginIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    origin: str = Field(max_length=300, examples=["https://tablets.hospital.example"])
    paths: list[PathText] = Field(
        min_length=1, max_length=20, examples=[["/api/v1/boards"]], description="What it may ask, with everything below it."
    )
    expires_at: AwareDatetime = Field(description="Within 30 days.")
    reason: str = Field(min_length=1, max_length=500, examples=["Trial of the pharmacy's screen"])


class OriginOut(BaseModel):
    id: str = Field(description="Empty for one that is in the settings.")
    origin: str
    paths: list[str]
    expires_at: datetime | None = Field(None, description="Absent for one that is in the settings.")
    reason: str
    by: str = Field(description="Who let it in.")
    at: datetime | None = None


class OriginsOut(BaseModel):
    as_of: datetime
    origins: list[OriginOut]


@doors.get(PATH, who="origin.read", response_model=OriginsOut)
async def origins(house: House) -> OriginsOut:
    """The sites that may ask now."""
    now = house.sessions.now()
    lasting = [OriginOut(id="", origin=each.origin, paths=list(each.paths), reason="in the settings", by="") for each in house.edge.rules.origins]
    return OriginsOut(as_of=now, origins=[*lasting, *(_out(each, house) for each in house.origins.standing(now))])


@doors.post(PATH, who="origin.manage", fresh=True, status_code=201, response_model=OriginOut)
async def allow(asked: OriginIn, seen_by: SeenBy, house: House) -> OriginOut:
    """Let pages of another site ask some paths until a moment within 30 days. Never all paths, never signing in, never with cookies."""
    return await _allow(secrets.token_hex(6), asked, seen_by.id, "origin allowed", house)


@doors.put(f"{PATH}/{{id}}", who="origin.manage", fresh=True, response_model=OriginOut)
async def change(id: str, asked: OriginIn, seen_by: SeenBy, house: House) -> OriginOut:
    """Change what it may ask, or until when."""
    house.origins.standing_with(id, house.sessions.now())
    return await _allow(id, asked, seen_by.id, "origin changed", house)


@doors.delete(f"{PATH}/{{id}}", who="origin.manage", status_code=204)
async def withdraw(id: str, seen_by: SeenBy, house: House) -> Response:
    """From now on it may not ask any more."""
    today = house.sessions.now()
    known = house.origins.standing_with(id, today)
    await house.audit.record(seen_by, "origin withdrawn", origin=known.origin)
    await house.engine.record(lambda folded, now: house.origins.withdraw(id, now=now, today=today), actor=seen_by.id)
    return Response(status_code=204)


async def _allow(id: str, asked: OriginIn, who: str, action: str, house: Services) -> OriginOut:
    value = OriginAllowed(id, asked.origin, tuple(path.rstrip("/") for path in asked.paths), asked.expires_at, asked.reason.strip())
    today = house.sessions.now()
    check(value, today)
    await house.audit.record(who, action, origin=value.origin, paths=" ".join(value.paths), expires_at=value.expires_at.isoformat())
    await house.engine.record(lambda folded, now: house.origins.allow(value, now=now, today=today), actor=who)
    return _out(house.origins.standing_with(id, today), house)


def _out(each: AllowedOrigin, house: Services) -> OriginOut:
    return OriginOut(
        id=each.id, origin=each.origin, paths=list(each.paths), expires_at=each.expires_at, reason=each.reason, by=house.name_of(each.by), at=each.at
    )
