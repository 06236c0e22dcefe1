"""What the rooms of signing in share: what a page is given when somebody has come in, and where passkeys are bound to."""

from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.services import Services
from wardline.core.people import Person, User
from wardline.security.entrance import Asked, Proof
from wardline.security.factors import Way
from wardline.security.passkeys import Party
from wardline.security.refusals import NotSignedIn
from wardline.security.sessions import SignedIn

COOKIE: Final = "wardline_refresh"
PATH: Final = "/api/v1/auth"
LOCAL: Final = "localhost"
"""The one host name a browser binds passkeys to without a certificate."""


class PersonOut(BaseModel):
    id: str
    name: str = Field(examples=["Amelia Brandt"])
    roles: list[str] = Field(examples=[["nurse"]])
    units: list[str] = Field(examples=[["W7"]], description="Units they look after; empty for all.")
    patient: str | None = Field(None, description="A patient's own account: the record it reaches, and no other.")
    awaited: Literal["factor"] | None = Field(None, description="factor: they have no role here until they have shown a second factor.")


class Token(BaseModel):
    access_token: str
    expires_at: datetime
    person: PersonOut


class SecondStep(BaseModel):
    """What is to be shown next, and how."""

    challenge: str = Field(description="Comes back with the proof; works once.")
    expires_at: datetime
    ways: list[Way] = Field(examples=[["passkey", "app", "recovery"]])
    passkey: dict[str, Any] | None = Field(
        None, description="For navigator.credentials.get, as JSON (WebAuthn, PublicKeyCredentialRequestOptionsJSON)."
    )


class ProofIn(BaseModel):
    """One proof of who somebody is."""

    model_config = ConfigDict(extra="forbid")

    challenge: str = Field(max_length=100)
    way: Way
    text: str = Field("", max_length=200, description="The code, or the password.", examples=["492 039"])
    credential: dict[str, Any] | None = Field(None, description="What the passkey has signed, as JSON (WebAuthn, AuthenticationResponseJSON).")

    @property
    def proof(self) -> Proof:
        return Proof(self.way, self.text, self.credential or {})


def person_out(person: Person) -> PersonOut:
    return PersonOut(
        id=person.id,
        name=person.name,
        roles=sorted(person.roles),
        units=list(person.units),
        patient=person.patient or None,
        awaited=person.awaited or None,
    )


def token_out(signed_in: SignedIn, request: Request, response: Response) -> Token:
    """For the page; the refresh token goes into the cookie."""
    response.set_cookie(
        COOKIE, signed_in.refresh_token, path=PATH, httponly=True, samesite="strict", secure=request.url.scheme == "https", max_age=12 * 3600
    )
    return Token(access_token=signed_in.access_token, expires_at=signed_in.ends_at, person=person_out(signed_in.person))


def step_out(asked: Asked) -> SecondStep:
    return SecondStep(challenge=asked.token, expires_at=asked.ends_at, ways=list(asked.ways), passkey=asked.passkey)


def device_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def party_of(request: Request, house: Services) -> Party | None:
    """Where passkeys are bound to: the address the site has said, or this machine's own name. Never what a request claims besides."""
    if house.address:
        return Party(urlsplit(house.address).hostname or "", house.address, house.hospital)
    here = request.url
    return Party(LOCAL, f"{here.scheme}://{here.netloc}", house.hospital) if here.hostname == LOCAL else None


def own_account(person: Person, house: Services) -> User:
    user = house.sessions.identities.user(person.id)
    if user is None:
        raise NotSignedIn("please sign in")
    return user
