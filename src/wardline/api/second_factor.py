"""Second factors: showing one to come in, showing one again for what matters most, adding and removing one's own."""

from datetime import datetime
from typing import Any, Final, Literal

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wardline.api.doors import OPEN, SIGNED_IN, Doors, House, SeenBy
from wardline.api.services import Services
from wardline.api.signed_in import PATH, ProofIn, SecondStep, Token, device_of, own_account, party_of, step_out, token_out
from wardline.core.errors import NotAllowed, Refused
from wardline.core.people import Authenticator, Person
from wardline.security.passkeys import Party

doors = Doors("second factor")
MFA: Final = f"{PATH}/mfa"
LARGEST_PROOF: Final = 64 * 1024
"""What a passkey has signed is a few kilobytes."""
NO_ADDRESS: Final = "passkeys need the address that browsers reach Wardline at: an administrator sets `address`; an app with codes works now"


class Waiting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    challenge: str = Field(max_length=100)


class FactorOut(BaseModel):
    id: str
    kind: Literal["app", "passkey"]
    name: str = Field(examples=["Phone"])
    added_at: datetime
    used_at: datetime | None = None


class FactorsOut(BaseModel):
    """Your second factors."""

    factors: list[FactorOut]
    recovery_codes: int = Field(description="How many are left.")
    required: bool = Field(description="Whether one of your roles asks for a second factor.")
    passkeys: bool = Field(description="Whether a passkey can be added from here.")
    password: bool = Field(description="Whether this account signs in with a password of ours.")


class AppOfferOut(BaseModel):
    """A new app's secret: scan the square or type the secret, then send back the code it shows."""

    token: str
    secret: str
    address: str
    square: str = Field(description="The same as a square code, SVG.")


class PasskeyOfferOut(BaseModel):
    token: str
    options: dict[str, Any] = Field(description="For navigator.credentials.create, as JSON (WebAuthn, PublicKeyCredentialCreationOptionsJSON).")


class NewApp(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=100)
    code: str = Field(max_length=20, examples=["492 039"])
    name: str = Field(min_length=1, max_length=60, examples=["Phone"])


class NewPasskey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=100)
    credential: dict[str, Any]
    name: str = Field(min_length=1, max_length=60, examples=["Ward computer 3"])


class Added(BaseModel):
    factor: FactorOut
    recovery_codes: list[str] = Field(description="With the first factor: ten codes, each good once, never shown again. Empty later on.")


class RecoveryOut(BaseModel):
    recovery_codes: list[str]


# --- coming in ---


@doors.post(f"{MFA}/login", who=OPEN, response_model=Token, largest=LARGEST_PROOF)
async def sign_in(shown: ProofIn, request: Request, response: Response, house: House) -> Token:
    """The second step of a sign-in."""
    try:
        came = await house.entrance.finish(shown.challenge, shown.proof, device_of(request), party_of(request, house))
    except NotAllowed:
        await house.audit.record("", "second factor refused", outcome="refused", way=shown.way)
        raise
    await house.audit.record(came.person, "signed in", way=shown.way)
    return token_out(came, request, response)


@doors.post(f"{MFA}/step", who=OPEN, response_model=SecondStep)
async def step(waiting: Waiting, request: Request, house: House) -> SecondStep:
    """The second step of a sign-in, for a page that the sign-in service has sent here with its challenge."""
    return step_out(house.entrance.again(waiting.challenge, party_of(request, house)))


@doors.post(f"{MFA}/passkey", who=OPEN, response_model=SecondStep)
async def passkey_alone(request: Request, house: House) -> SecondStep:
    """Sign in with a passkey and nothing else: it says whose it is, and its device makes sure who holds it."""
    return step_out(house.entrance.ask_any_passkey(_party(request, house)))


# --- showing it again ---


@doors.post(f"{MFA}/challenge", who=SIGNED_IN, response_model=SecondStep)
async def challenge(request: Request, seen_by: SeenBy, house: House) -> SecondStep:
    """What you can show to prove that it is still you."""
    return step_out(house.entrance.ask_again(seen_by, party_of(request, house)))


@doors.post(f"{MFA}/confirm", who=SIGNED_IN, status_code=204, largest=LARGEST_PROOF)
async def confirm(shown: ProofIn, request: Request, seen_by: SeenBy, house: House) -> None:
    """Prove that it is still you. Doors that ask for a fresh proof are open for five minutes then."""
    try:
        await house.entrance.confirm(seen_by, shown.challenge, shown.proof, party_of(request, house))
    except NotAllowed:
        await house.audit.record(seen_by, "proof refused", outcome="refused", way=shown.way)
        raise
    await house.audit.record(seen_by, "proved again", way=shown.way)


# --- one's own ---


@doors.get(MFA, who=SIGNED_IN, response_model=FactorsOut)
async def factors(request: Request, seen_by: SeenBy, house: House) -> FactorsOut:
    """Your second factors."""
    user, known = own_account(seen_by, house), house.entrance.factors
    return FactorsOut(
        factors=[_out(each) for each in known.of(user.id, "app", "passkey")],
        recovery_codes=len(known.of(user.id, "recovery")),
        required=bool(user.roles & house.sessions.second_factor),
        passkeys=party_of(request, house) is not None,
        password=bool(user.password),
    )


@doors.post(f"{MFA}/app/offer", who=SIGNED_IN, fresh=True, response_model=AppOfferOut)
async def offer_app(seen_by: SeenBy, house: House) -> AppOfferOut:
    """Begin to add an app with codes (TOTP, RFC 6238)."""
    _may_add(seen_by, house)
    offer = house.entrance.factors.offer_app(own_account(seen_by, house))
    return AppOfferOut(token=offer.token, secret=offer.secret, address=offer.address, square=offer.square)


@doors.post(f"{MFA}/app", who=SIGNED_IN, fresh=True, response_model=Added, status_code=201)
async def add_app(new: NewApp, seen_by: SeenBy, house: House) -> Added:
    """Add it with the code it shows now."""
    _may_add(seen_by, house)
    added = house.entrance.factors.add_app(own_account(seen_by, house), new.token, new.code, new.name)
    return await _added(added, seen_by, house)


@doors.post(f"{MFA}/passkeys/offer", who=SIGNED_IN, fresh=True, response_model=PasskeyOfferOut)
async def offer_passkey(request: Request, seen_by: SeenBy, house: House) -> PasskeyOfferOut:
    """Begin to add a passkey (WebAuthn)."""
    _may_add(seen_by, house)
    token, options = house.entrance.factors.offer_passkey(own_account(seen_by, house), _party(request, house))
    return PasskeyOfferOut(token=token, options=options)


@doors.post(f"{MFA}/passkeys", who=SIGNED_IN, fresh=True, response_model=Added, status_code=201, largest=LARGEST_PROOF)
async def add_passkey(new: NewPasskey, request: Request, seen_by: SeenBy, house: House) -> Added:
    """Add it with what the device has made."""
    _may_add(seen_by, house)
    user, party = own_account(seen_by, house), _party(request, house)
    added = house.entrance.factors.add_passkey(user, new.token, new.credential, new.name, party)
    return await _added(added, seen_by, house)


@doors.post(f"{MFA}/recovery", who=SIGNED_IN, fresh=True, response_model=RecoveryOut)
async def new_recovery_codes(seen_by: SeenBy, house: House) -> RecoveryOut:
    """Ten new recovery codes; those from before are no good any more."""
    user = own_account(seen_by, house)
    if seen_by.awaited or not house.entrance.factors.of(user.id, "app", "passkey"):
        raise Refused("recovery codes stand in for a second factor: add one first", code="factor")
    await house.audit.record(seen_by, "recovery codes made")
    return RecoveryOut(recovery_codes=list(house.entrance.factors.new_recovery_codes(user)))


@doors.delete(f"{MFA}/{{id}}", who=SIGNED_IN, fresh=True, status_code=204)
async def remove(id: str, seen_by: SeenBy, house: House) -> None:
    """Remove one of your second factors."""
    if seen_by.awaited:
        raise NotAllowed("show your second factor before you remove one", remedy="second-factor")
    user = own_account(seen_by, house)
    removed = house.entrance.factors.remove(user, id, needed=bool(user.roles & house.sessions.second_factor))
    house.sessions.forget(user.id)
    await house.audit.record(seen_by, "second factor removed", detail=removed.kind)


def _may_add(person: Person, house: Services) -> None:
    """Whoever owes a factor that they have must show that one: a password alone adds none beside it."""
    if person.awaited and house.entrance.factors.ways(person.id):
        raise NotAllowed("show the second factor you have before you add another", remedy="second-factor")


async def _added(added: Authenticator, seen_by: Person, house: Services) -> Added:
    """Adding it has shown it: this session counts as proven with it. Recovery codes come with the first."""
    known, user = house.entrance.factors, own_account(seen_by, house)
    recovery = known.new_recovery_codes(user) if not known.of(user.id, "recovery") else ()
    house.sessions.proved(seen_by.session, factors=2)
    await house.audit.record(seen_by, "second factor added", detail=added.kind)
    return Added(factor=_out(added), recovery_codes=list(recovery))


def _party(request: Request, house: Services) -> Party:
    party = party_of(request, house)
    if party is None:
        raise Refused(NO_ADDRESS, code="address")
    return party


def _out(factor: Authenticator) -> FactorOut:
    kind: Literal["app", "passkey"] = "passkey" if factor.kind == "passkey" else "app"
    return FactorOut(id=factor.id, kind=kind, name=factor.name, added_at=factor.added_at, used_at=factor.used_at)
