"""What our own screens exchange about apps."""

import json
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wardline.core.apps import App, Proof
from wardline.core.people import Role
from wardline.security.smart.words import Kind

Address = Annotated[str, Field(max_length=500)]
Scope = Annotated[str, Field(max_length=200)]
REFERENCE = r"^[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$"  # ids as FHIR R4 writes them: data types, "id"


class AppIn(BaseModel):
    """An app as an administrator enters it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, examples=["Growth charts"])
    publisher: str = Field("", max_length=100, examples=["Children's Hospital"])
    proof: Proof = Field(examples=["none"], description="How it proves itself: not at all, with a secret, or with its private key.")
    scopes: list[Scope] = Field(min_length=1, max_length=100, examples=[["launch", "openid", "fhirUser", "patient/*.rs"]])
    redirects: list[Address] = Field(default=[], max_length=20, examples=[["https://charts.example/back"]])
    launch_url: Address = Field("", examples=["https://charts.example/launch"])
    keys: str = Field("", max_length=20_000, description="Its public keys as a JWK set, unless they are at an address.")
    keys_url: Address = ""
    roles: list[Role] = Field(default=[], description="Of a service: as whom it acts.")
    introspects: bool = Field(False, description="Whether it may ask what anybody's token is good for.")

    def app(self, added_at: datetime) -> App:
        roles = frozenset(role.value for role in self.roles)
        return App(
            "", self.name, self.proof, tuple(self.scopes), added_at, self.publisher, tuple(self.redirects), self.launch_url, b"", self.keys,
            self.keys_url, roles, self.introspects,
        )  # fmt: skip


class AppOut(BaseModel):
    """An app as it stands, without its secret."""

    id: str = Field(description="Its client_id.")
    name: str
    publisher: str
    proof: Proof
    scopes: list[str]
    redirects: list[str]
    launch_url: str
    key_ids: list[str] = Field(description="Names of the keys it has given us.")
    keys_url: str
    roles: list[str]
    introspects: bool
    added_at: datetime
    closed_at: datetime | None = None
    grants: int = Field(description="How many people's permissions hold now.")

    @classmethod
    def of(cls, app: App, grants: int) -> "AppOut":
        return cls(
            id=app.id, name=app.name, publisher=app.publisher, proof=app.proof, scopes=list(app.scopes), redirects=list(app.redirects),
            launch_url=app.launch_url, key_ids=_key_ids(app), keys_url=app.keys_url, roles=sorted(app.roles), introspects=app.introspects,
            added_at=app.added_at, closed_at=app.closed_at, grants=grants,
        )  # fmt: skip


class Entered(BaseModel):
    """An app, and its secret, which is shown this once."""

    app: AppOut
    secret: str | None = None


class Launchable(BaseModel):
    """An app that can be opened for a patient."""

    id: str
    name: str
    publisher: str


class Launch(BaseModel):
    """For whom an app is opened."""

    model_config = ConfigDict(extra="forbid")

    patient: str = Field(max_length=100)
    encounter: str = Field("", max_length=100)
    context: list[Annotated[str, Field(pattern=REFERENCE)]] = Field(
        default=[], max_length=20, examples=[["ImagingStudy/123"]], description="What else was open, neither Patient nor Encounter."
    )


class Launched(BaseModel):
    """Where to go."""

    url: str


class AskedFor(BaseModel):
    """An app's request, as it stands in the address of the page."""

    model_config = ConfigDict(extra="forbid")

    request: str = Field(max_length=20_000)


class Decision(AskedFor):
    """What the person says to it."""

    allow: bool
    scopes: list[Scope] = Field(default=[], max_length=200, description="What is left of what it asked for.")
    patient: str = Field("", max_length=100, description="Whom it may see, for an app that was not opened for a patient.")


class ScopeLine(BaseModel):
    """One scope in words."""

    scope: str
    kind: Kind
    words: str
    needs_patient: bool


class PatientLine(BaseModel):
    """Enough to know that it is the right patient."""

    id: str
    name: str
    number: str
    born: str
    unit: str
    bed: str


class Request(BaseModel):
    """What an app asks for."""

    app: str
    publisher: str
    host: str = Field(description="Where the answer goes.")
    scopes: list[ScopeLine]
    patient: PatientLine | None = Field(None, description="For whom it was opened.")
    chooses_patient: bool = Field(description="Whether the person has to choose whom it may see.")


class Decided(BaseModel):
    """Where the person is sent."""

    redirect: str


class GrantOut(BaseModel):
    """What somebody has allowed an app."""

    id: str
    app: str
    patient: PatientLine | None = None
    scopes: list[str]
    began_at: datetime
    ends_at: datetime
    stays: bool = Field(description="Whether it goes on after signing out.")


def _key_ids(app: App) -> list[str]:
    return [str(key.get("kid", "")) for key in json.loads(app.keys)["keys"]] if app.keys else []
