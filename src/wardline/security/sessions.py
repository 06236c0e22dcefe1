"""Signing in: short signed access tokens, rotating refresh tokens, sessions that end when idle, stolen or told to."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from wardline.core.errors import NotAllowed, Refused
from wardline.core.ports import Identities, Person, Role, Session, User
from wardline.security import passwords
from wardline.security.keys import signing_key

ACCESS: Final = timedelta(minutes=10)
FAILURES: Final = 5
LOCKED: Final = timedelta(minutes=1)
"""After the fifth failure in a row; doubled with each further one, up to an hour."""
ALGORITHM: Final = "Ed25519"
SETUP: Final = "set up the first administrator"


class SignedIn(NamedTuple):
    """What a successful sign-in gives: the access token for requests, the refresh token for a cookie."""

    person: Person
    access_token: str
    refresh_token: str
    ends_at: datetime


class Sessions:
    """The rules of signing in, over any `Identities`."""

    def __init__(
        self, identities: Identities, token_key: bytes, now: Callable[[], datetime], *, idle: timedelta, longest: timedelta, issuer: str = "wardline"
    ) -> None:
        self.identities = identities
        self.now = now
        self.idle = idle
        self.longest = longest
        self.issuer = issuer
        self._key: OKPKey = signing_key(token_key)
        self._seen: dict[str, datetime] = {}
        self._people: dict[str, tuple[Person, datetime]] = {}

    # --- coming in ---

    async def sign_in(self, login: str, password: str, device: str) -> SignedIn:
        """Raises `NotAllowed` with one sentence that does not say whether the name exists."""
        now = self.now()
        user = self.identities.user_named(login)
        if user is not None and user.locked_until is not None and user.locked_until > now:
            wait = max(1, round((user.locked_until - now).total_seconds()))
            raise NotAllowed(f"too many wrong passwords; try again in {wait} seconds")
        right = await asyncio.to_thread(passwords.matches, user.password if user is not None else passwords.NOBODY, password)
        if user is None or not right or not user.active:
            if user is not None:
                self._failed(user, now)
            raise NotAllowed("the name or the password is not right")
        if user.failures:
            self.identities.put_user(user._replace(failures=0, locked_until=None))
        return self._begin(user, device, now)

    def _failed(self, user: User, now: datetime) -> None:
        failures = user.failures + 1
        locked = min(LOCKED * 2 ** (failures - FAILURES), timedelta(hours=1)) if failures >= FAILURES else None
        self.identities.put_user(user._replace(failures=failures, locked_until=now + locked if locked is not None else None))

    def _begin(self, user: User, device: str, now: datetime) -> SignedIn:
        refresh = secrets.token_urlsafe(32)
        session = Session(secrets.token_hex(12), user.id, digest(refresh), None, now, now, now + self.longest, None, device[:200])
        self.identities.put_session(session)
        return self._tokens(user, session, refresh, now)

    def _tokens(self, user: User, session: Session, refresh: str, now: datetime) -> SignedIn:
        person = Person(user.id, user.name, user.roles, user.units, session.id)
        ends_at = now + ACCESS
        claims = {
            "iss": self.issuer,
            "aud": self.issuer,
            "sub": user.id,
            "sid": session.id,
            "typ": "access",
            "iat": int(now.timestamp()),
            "exp": int(ends_at.timestamp()),
        }
        token = jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])
        self._seen[session.id] = now
        self._people[token] = (person, ends_at)
        return SignedIn(person, token, refresh, ends_at)

    # --- staying in ---

    def refresh(self, refresh_token: str) -> SignedIn:
        """A new pair for an old one. A refresh token that comes twice was stolen: the session ends for both."""
        now = self.now()
        session = self.identities.session_with(digest(refresh_token))
        if session is None or session.ended is not None:
            raise NotAllowed("please sign in again")
        if session.refresh != digest(refresh_token):
            self._end(session, "replayed")
            raise NotAllowed("this sign-in was used in two places and has been ended; please sign in again")
        user = self._alive(session, now)
        fresh = secrets.token_urlsafe(32)
        rotated = session._replace(refresh=digest(fresh), previous=session.refresh, seen_at=max(now, self._seen.get(session.id, now)))
        self.identities.put_session(rotated)
        return self._tokens(user, rotated, fresh, now)

    def person(self, access_token: str) -> Person:
        """Who makes this request. Raises `NotAllowed` when the token is no good or the session is over."""
        now = self.now()
        known = self._people.get(access_token)
        if known is None or known[1] <= now:
            known = self._verified(access_token, now)
        person = known[0]
        seen = self._seen.get(person.session)
        if seen is None:
            session = self.identities.session(person.session)
            if session is None or session.ended is not None:
                raise NotAllowed("please sign in again")
            seen = session.seen_at
        if now - seen > self.idle:
            self.end(person.session, "idle")
            raise NotAllowed("you were signed out because nothing happened for a while; please sign in again")
        self._seen[person.session] = now
        return person

    def _verified(self, token: str, now: datetime) -> tuple[Person, datetime]:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            raise NotAllowed("please sign in again") from None
        good = claims.get("iss") == claims.get("aud") == self.issuer and claims.get("typ") == "access" and claims.get("exp", 0) > now.timestamp()
        session = self.identities.session(str(claims.get("sid", ""))) if good else None
        if session is None or session.ended is not None or session.user != claims.get("sub"):
            raise NotAllowed("please sign in again")
        user = self._alive(session, now)
        ends_at = datetime.fromtimestamp(claims["exp"], now.tzinfo)
        if len(self._people) > 20_000:
            self._people.clear()
        known = self._people[token] = (Person(user.id, user.name, user.roles, user.units, session.id), ends_at)
        return known

    def _alive(self, session: Session, now: datetime) -> User:
        user = self.identities.user(session.user)
        if user is None or not user.active:
            self._end(session, "account closed")
            raise NotAllowed("this account is closed")
        if now >= session.ends_at:
            self._end(session, "time is up")
            raise NotAllowed("a sign-in lasts one shift; please sign in again")
        if now - max(session.seen_at, self._seen.get(session.id, session.seen_at)) > self.idle:
            self._end(session, "idle")
            raise NotAllowed("you were signed out because nothing happened for a while; please sign in again")
        return user

    # --- going out ---

    def end(self, session_id: str, why: str) -> None:
        session = self.identities.session(session_id)
        if session is not None and session.ended is None:
            self._end(session, why)

    def _end(self, session: Session, why: str) -> None:
        self.identities.put_session(session._replace(ended=why))
        self._seen.pop(session.id, None)
        self._people = {token: known for token, known in self._people.items() if known[0].session != session.id}

    def end_all(self, user_id: str, why: str) -> None:
        for session in list(self.identities.sessions(user_id)):
            self._end(session, why)

    # --- accounts ---

    def add(self, login: str, name: str, password: str, roles: frozenset[str], units: tuple[str, ...] = ()) -> User:
        """A new account. Raises `Refused` for what is not right about it."""
        login, name = login.strip().lower(), name.strip()
        if not login or not login.replace(".", "").replace("-", "").replace("_", "").replace("@", "").isalnum():
            raise Refused("a sign-in name has letters, digits, dots, dashes", code="login")
        if not name:
            raise Refused("give the person's name as colleagues know it", code="name")
        unknown = sorted(roles - {role.value for role in Role})
        if unknown or not roles:
            raise Refused(f"roles are some of {', '.join(role.value for role in Role)}", code="roles")
        passwords.check(password, login)
        user = User(secrets.token_hex(8), login, name, passwords.hashed(password), roles, units)
        self.identities.put_user(user)
        return user

    def change_password(self, user: User, password: str) -> None:
        passwords.check(password, user.login)
        self.identities.put_user(user._replace(password=passwords.hashed(password), failures=0, locked_until=None))

    def setup_token(self) -> str | None:
        """A one-time token for making the first administrator; None once there is one."""
        if any(Role.ADMIN in user.roles and user.active for user in self.identities.users()):
            return None
        token = secrets.token_urlsafe(24)
        self.identities.put_once(digest(token), SETUP, self.now() + timedelta(hours=24))
        return token

    def set_up(self, token: str, login: str, name: str, password: str) -> User:
        """Make the first administrator with the one-time token that start-up printed."""
        passwords.check(password, login)
        if not self.identities.take_once(digest(token), SETUP, self.now()):
            raise NotAllowed("this link was used already or is too old; start Wardline again for a new one")
        everything = frozenset(role.value for role in Role)
        return self.add(login, name, password, everything)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
