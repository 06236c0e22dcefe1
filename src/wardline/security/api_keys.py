"""API keys: what a program comes in with instead of a password. Shown once, kept as a hash, for some actions and for a time."""

import hashlib
import ipaddress
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.people import ApiKey, Person, User
from wardline.core.ports import Identities
from wardline.security.refusals import NotSignedIn

PREFIX: Final = "wl_"
"""So that people, and programs that look for secrets in the wrong places, know one when they see it."""
CLIENT: Final = "key:"
"""What stands before the key's id in `Person.client`."""
LONGEST: Final = timedelta(days=366)
USES_COUNTED: Final = timedelta(minutes=1)
"""How exactly the last use is kept: a durable write for each would cost more than what is asked."""
REFUSED: Final = "this API key is not known, has ended, or may not come from here"


class Wish(NamedTuple):
    """What a key is to be good for."""

    name: str
    scopes: frozenset[str]
    ends_at: datetime
    units: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class ApiKeys:
    """The rules of API keys, over any `Identities`."""

    def __init__(self, identities: Identities, now: Callable[[], datetime]) -> None:
        self.identities = identities
        self.now = now

    def make(self, account: str, wish: Wish, *, by: str) -> tuple[ApiKey, str]:
        """A new key and its text, which nobody sees again. Raises `Refused` or `NotFound` with what is not right."""
        user = self.identities.user(account)
        if user is None or not user.service:
            raise NotFound("there is no such service account; API keys belong to programs, people sign in")
        if not user.active:
            raise Conflict("this service account is closed")
        self._check(wish)
        if user.units and not set(wish.units) <= set(user.units):
            raise Refused(f"this account reaches {', '.join(user.units)}; a key reaches no more", code="units", where="units")
        id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        addresses = tuple(str(network(each)) for each in wish.addresses)
        made = ApiKey(id, account, wish.name.strip(), _digest(secret), wish.scopes, self.now(), by, wish.ends_at, wish.units, addresses)
        self.identities.put_api_key(made)
        return made, f"{PREFIX}{id}_{secret}"

    def _check(self, wish: Wish) -> None:
        if not wish.name.strip():
            raise Refused("say what the key is for", code="name", where="name")
        if not wish.scopes:
            raise Refused("say what the key may do: at least one action", code="scopes", where="scopes")
        now = self.now()
        if not now < wish.ends_at <= now + LONGEST:
            raise Refused(f"a key ends in the future, within {LONGEST.days} days", code="ends_at", where="ends_at")

    def found(self, id: str) -> ApiKey:
        key = self.identities.api_key(id)
        if key is None:
            raise NotFound("there is no such API key")
        return key

    def end(self, id: str) -> ApiKey:
        """No request comes in with it any more."""
        ended = self.found(id)._replace(ended=True)
        self.identities.put_api_key(ended)
        return ended

    def person(self, text: str, address: str) -> Person:
        """Who comes in with this key from this address. Raises `NotSignedIn`, in the same words whatever is wrong."""
        id, _, secret = text.removeprefix(PREFIX).partition("_")
        key = self.identities.api_key(id)
        if key is None or not secrets.compare_digest(key.secret, _digest(secret)) or not _is_within(address, key.addresses):
            raise NotSignedIn(REFUSED)
        return self.standing(key)

    def is_over(self, client: str) -> bool:
        """Whether a key that came in a while ago would not any more, for streams that stay open."""
        try:
            self._known(client)
        except NotSignedIn:
            return True
        return False

    def again(self, person: Person) -> Person:
        """A program that came in a while ago, with the roles and units its account has now. Raises `NotSignedIn`."""
        now = self._known(person.session)
        return person._replace(roles=now.roles, units=now.units, scopes=now.scopes)

    def _known(self, client: str) -> Person:
        key = self.identities.api_key(client.removeprefix(CLIENT))
        if key is None:
            raise NotSignedIn(REFUSED)
        return self.standing(key)

    def standing(self, key: ApiKey) -> Person:
        user, now = self.identities.user(key.user), self.now()
        if key.ended or now >= key.ends_at or user is None or not user.active or not user.service:
            raise NotSignedIn(REFUSED)
        if key.used_at is None or now - key.used_at >= USES_COUNTED:
            self.identities.put_api_key(key._replace(used_at=now))
        client = f"{CLIENT}{key.id}"
        return Person(user.id, user.name, user.roles, _units(key, user), session=client, client=client, scopes=key.scopes)


def _units(key: ApiKey, user: User) -> tuple[str, ...]:
    """The key's units, as far as they are its account's now. Raises `NotSignedIn` where none is left: none would mean the whole house."""
    if not key.units or not user.units:
        return key.units or user.units
    units = tuple(unit for unit in key.units if unit in user.units)
    if not units:
        raise NotSignedIn(REFUSED)
    return units


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """One address, or a network such as 10.20.0.0/16. Raises `Refused`."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise Refused(f"{text.strip()[:60]!r} is neither an address nor a network such as 10.20.0.0/16", code="address", where="addresses") from None


def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    if not networks:
        return True
    try:
        from_here = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(from_here in network(each) for each in networks)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
