"""Who calls a service: an EHR that the site has listed, with a token it signed for this address; or somebody who is signed in."""

from typing import NamedTuple

from fastapi import Request

from wardline.api.doors import PROVE_IT, allowed, bearer
from wardline.api.services import Services
from wardline.core.errors import NotAllowed
from wardline.core.people import Person
from wardline.core.trail import ASKED
from wardline.delivery.hooks.clients import EhrClient
from wardline.security.refusals import NotSignedIn

ACTION = "patient.chart"
EHR = "ehr:"
"""What stands before an EHR's name in `Person.client`."""


class Caller(NamedTuple):
    """`client` is None for a person at a screen of ours, and for a program with an API key."""

    person: Person
    client: EhrClient | None = None

    @property
    def name(self) -> str:
        return self.client.issuer if self.client is not None else self.person.id


async def caller_of(request: Request, house: Services) -> Caller:
    """Raises `NotSignedIn` or `NotAllowed`."""
    token = bearer(request.headers.get("authorization", ""))
    caller = await _ehr(token, request.url.path, house) if _is_foreign(token, house) else _ours(token, request, house)
    if (asked := ASKED.get()) is not None:
        asked.person = caller.person
    house.edge.limits.person(caller.person)
    return caller._replace(person=allowed(caller.person, ACTION, "", house))


def _is_foreign(token: str, house: Services) -> bool:
    """Whether one of the listed EHRs may have signed it: it names one as its issuer. Whether it did is verified then."""
    return bool(house.hooks.clients) and house.hooks.tokens.claims_one(token)


def _ours(token: str, request: Request, house: Services) -> Caller:
    person = house.sessions.person(token, address=request.client.host if request.client is not None else "")
    if person.awaited:
        raise NotAllowed(PROVE_IT, remedy="second-factor")
    return Caller(person)


async def _ehr(token: str, path: str, house: Services) -> Caller:
    client = house.hooks.clients[await house.hooks.tokens.issuer(token, house.hooks.base() + path)]
    user = house.sessions.identities.user_named(client.account)
    if user is None or not user.active or not user.service:
        raise NotSignedIn("the service account of this EHR is not there, or is closed")
    return Caller(Person(user.id, user.name, user.roles, user.units, client=f"{EHR}{client.name}"), client)
