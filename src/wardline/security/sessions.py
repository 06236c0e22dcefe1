"""Being signed in: short signed access tokens, rotating refresh tokens, sessions that end when idle, stolen or told to."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardline.core.people import Person, Session, User
from wardline.core.ports import Identities
from wardline.security.accounts import Accounts
from wardline.security.api_keys import CLIENT, PREFIX, ApiKeys
from wardline.security.breached import IsListed, nothing
from wardline.security.keys import KeyRing
from wardline.security.refusals import NotSignedIn, Replayed

ACCESS: Final = timedelta(minutes=10)
KIND: Final = "JWT"
"""What the tokens of our own screens call themselves; those of apps are of another kind."""
REMEMBERED: Final = 20_000
"""Tokens whose signature need not be checked again; beyond it all are checked anew."""
IDLE: Final = "you were signed out because nothing happened for a while; please sign in again"
TIME_IS_UP: Final = "a sign-in lasts one shift; please sign in again"


class SignedIn(NamedTuple):
    """What a successful sign-in gives: the access token for requests, the refresh token for a cookie."""

    person: Person
    access_token: str
    refresh_token: str
    ends_at: datetime


class Sessions:
    """The rules of being signed in, over any `Identities`."""

    def __init__(
        self,
        identities: Identities,
        keys: KeyRing,
        now: Callable[[], datetime],
        *,
        idle: timedelta,
        longest: timedelta,
        issuer: str = "wardline",
        second_factor: Iterable[str] = (),
        is_breached: IsListed = nothing,
    ) -> None:
        """`second_factor` names the roles that nobody has here before they have shown a second kind of proof."""
        self.identities = identities
        self.accounts = Accounts(identities, now, is_breached)
        self.api_keys = ApiKeys(identities, now)
        self.second_factor = frozenset(second_factor)
        self.now = now
        self.idle = idle
        self.longest = longest
        self.issuer = issuer
        self._keys = keys
        self._seen: dict[str, datetime] = {}
        """Session -> when it was used last; kept durably at each rotation."""
        self._people: dict[str, tuple[Person, datetime]] = {}
        self.person_of_app: Callable[[str], Person | None] = lambda token: None
        """Who acts with the token of an app; None when it is none that is good."""
        self.app_is_over: Callable[[str], bool | None] = lambda session: None
        """The same for what stands where a session's id would."""
        self.end_apps_of: Callable[[str, str], None] = lambda user, why: None
        """Takes back what a person has allowed apps: whoever is signed out everywhere is out there as well."""

    # --- coming in ---

    def begin(self, user: User, device: str, *, factors: int = 1, provider: str = "") -> SignedIn:
        """A session for somebody who has just shown who they are, by so many kinds of proof."""
        now, refresh = self.now(), secrets.token_urlsafe(32)
        times = now, now, now + self.longest
        session = Session(secrets.token_hex(12), user.id, digest(refresh), None, *times, None, device[:200], factors, now, provider)
        self.identities.put_session(session)
        return self._tokens(user, session, refresh, now)

    def proved(self, session_id: str, *, factors: int) -> None:
        """They have shown again who they are. Holds from the next request on, with the tokens they have."""
        session = self._standing(self.identities.session(session_id), self.now())
        self.identities.put_session(session._replace(proven_at=self.now(), factors=max(factors, session.factors)))
        self.forget(session.user)

    def forget(self, user: str) -> None:
        """Something about the account has changed that its next request must know of."""
        self._people = {token: known for token, known in self._people.items() if known[0].id != user}

    def asks_for_second_factor(self, user: User) -> bool:
        """Whether this account is nothing without one: because of a role, or because its owner has one."""
        return bool(user.roles & self.second_factor) or any(self.identities.authenticators(user.id))

    def _person(self, user: User, session: Session) -> Person:
        """Whoever still owes the second factor has no role, whatever door they try: fail closed."""
        owes = session.factors < 2 and self.asks_for_second_factor(user)
        known = Person(user.id, user.name, user.roles, user.units, session.id, session.factors, session.proven_at, patient=user.patient)
        return known._replace(roles=frozenset(), awaited="factor") if owes else known

    def _tokens(self, user: User, session: Session, refresh: str, now: datetime) -> SignedIn:
        person = self._person(user, session)
        ends_at = min(now + ACCESS, session.ends_at)
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": user.id,
            "sid": session.id,
            "typ": "access",
            "iat": int(now.timestamp()),
            "exp": int(ends_at.timestamp()),
        }
        token = self._keys.signed(claims, kind=KIND)
        self._seen[session.id] = now
        self._people[token] = (person, ends_at)
        return SignedIn(person, token, refresh, ends_at)

    # --- staying in ---

    def refresh(self, refresh_token: str) -> SignedIn:
        """A new pair for an old one. A refresh token that comes twice was stolen: the session ends for both."""
        now = self.now()
        session = self.identities.session_with(digest(refresh_token))
        if session is None or session.ended is not None:
            raise NotSignedIn("please sign in again")
        if session.refresh != digest(refresh_token):
            self._end(session, "replayed")
            raise Replayed("this sign-in was used in two places and has been ended; please sign in again")
        user = self._owner(self._standing(session, now))
        fresh = secrets.token_urlsafe(32)
        rotated = session._replace(refresh=digest(fresh), previous=session.refresh, seen_at=now)
        self.identities.put_session(rotated)
        return self._tokens(user, rotated, fresh, now)

    def person(self, access_token: str, *, address: str = "") -> Person:
        """Who makes this request. Raises `NotSignedIn` when the token or API key is no good or the session is over."""
        if access_token.startswith(PREFIX):
            return self.api_keys.person(access_token, address)
        now = self.now()
        known = self._people.get(access_token)
        if known is None and (acting := self.person_of_app(access_token)) is not None:
            return acting
        person = known[0] if known is not None and known[1] > now else self._verified(access_token, now)
        # Asked each time: another process may have ended it (`wardline users close`).
        self._standing(self.identities.session(person.session), now)
        self._seen[person.session] = now
        return person

    def as_now(self, person: Person) -> Person:
        """Somebody who came in a while ago, with what they may now. Raises `NotSignedIn` for a program whose key is no good any more.

        A changed account ends its sessions; the keys of a program go on, with fewer rights.
        """
        return self.api_keys.again(person) if person.session.startswith(CLIENT) else person

    def is_over(self, session_id: str) -> bool:
        """Whether a session has ended, for streams that stay open without a request. Looking is not using it."""
        if session_id.startswith(CLIENT):
            return self.api_keys.is_over(session_id)
        if (ended := self.app_is_over(session_id)) is not None:
            return ended
        try:
            self._standing(self.identities.session(session_id), self.now())
        except NotSignedIn:
            return True
        return False

    def _verified(self, token: str, now: datetime) -> Person:
        claims = self._keys.claims(token, kind=KIND) or {}
        good = claims.get("iss") == claims.get("aud") == self.issuer and claims.get("typ") == "access" and claims.get("exp", 0) > now.timestamp()
        session = self.identities.session(str(claims.get("sid", ""))) if good else None
        if session is None or session.user != claims.get("sub"):
            raise NotSignedIn("please sign in again")
        user = self._owner(self._standing(session, now))
        if len(self._people) >= REMEMBERED:
            self._people.clear()
        person = self._person(user, session)
        self._people[token] = (person, datetime.fromtimestamp(claims["exp"], now.tzinfo))
        return person

    def _standing(self, session: Session | None, now: datetime) -> Session:
        """The session, unless it is over. Ends it when its time is up or nothing has happened for too long."""
        if session is None or session.ended is not None:
            raise NotSignedIn("please sign in again")
        if now >= session.ends_at:
            self._end(session, "time is up")
            raise NotSignedIn(TIME_IS_UP)
        if now - self._seen.get(session.id, session.seen_at) > self.idle:
            self._end(session, "idle")
            raise NotSignedIn(IDLE)
        return session

    def _owner(self, session: Session) -> User:
        user = self.identities.user(session.user)
        if user is None or not user.active:
            self._end(session, "account closed")
            raise NotSignedIn("this account is closed")
        return user

    # --- going out ---

    def end(self, session_id: str, why: str) -> None:
        session = self.identities.session(session_id)
        if session is not None and session.ended is None:
            self._end(session, why)

    def end_all(self, user_id: str, why: str, *, but: str = "") -> None:
        """End every session of an account, except perhaps the one this was said in."""
        for session in list(self.identities.sessions(user_id)):
            if session.id != but:
                self._end(session, why)
        self.end_apps_of(user_id, why)

    def _end(self, session: Session, why: str) -> None:
        self.identities.put_session(session._replace(ended=why))
        self._seen.pop(session.id, None)
        self._people = {token: known for token, known in self._people.items() if known[0].session != session.id}


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
