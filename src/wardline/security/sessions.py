"""Signing in: short signed access tokens, rotating refresh tokens, sessions that end when idle, stolen or told to."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from wardline.core.errors import NotAllowed
from wardline.core.ports import Identities, Person, Session, User
from wardline.security.accounts import Accounts
from wardline.security.keys import signing_key

ACCESS: Final = timedelta(minutes=10)
ALGORITHM: Final = "Ed25519"
REMEMBERED: Final = 20_000
"""Tokens whose signature need not be checked again; beyond it all are checked anew."""
IDLE: Final = "you were signed out because nothing happened for a while; please sign in again"
TIME_IS_UP: Final = "a sign-in lasts one shift; please sign in again"


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or not any more: 401, and the screen asks for the password."""


class SignedIn(NamedTuple):
    """What a successful sign-in gives: the access token for requests, the refresh token for a cookie."""

    person: Person
    access_token: str
    refresh_token: str
    ends_at: datetime


class Sessions:
    """The rules of being signed in, over any `Identities`."""

    def __init__(
        self, identities: Identities, token_key: bytes, now: Callable[[], datetime], *, idle: timedelta, longest: timedelta, issuer: str = "wardline"
    ) -> None:
        self.identities = identities
        self.accounts = Accounts(identities, now)
        self.now = now
        self.idle = idle
        self.longest = longest
        self.issuer = issuer
        self._key: OKPKey = signing_key(token_key)
        self._seen: dict[str, datetime] = {}
        """Session -> when it was used last; kept durably at each rotation."""
        self._people: dict[str, tuple[Person, datetime]] = {}

    # --- coming in ---

    async def sign_in(self, login: str, password: str, device: str) -> SignedIn:
        """Raises `NotAllowed` with one sentence that does not say whether the name exists."""
        user = await self.accounts.proven(login, password)
        return self._begin(user, device, self.now())

    def _begin(self, user: User, device: str, now: datetime) -> SignedIn:
        refresh = secrets.token_urlsafe(32)
        session = Session(secrets.token_hex(12), user.id, digest(refresh), None, now, now, now + self.longest, None, device[:200])
        self.identities.put_session(session)
        return self._tokens(user, session, refresh, now)

    def _tokens(self, user: User, session: Session, refresh: str, now: datetime) -> SignedIn:
        person = Person(user.id, user.name, user.roles, user.units, session.id, proven_at=session.started_at)
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
            raise NotSignedIn("please sign in again")
        if session.refresh != digest(refresh_token):
            self._end(session, "replayed")
            raise NotSignedIn("this sign-in was used in two places and has been ended; please sign in again")
        user = self._owner(self._standing(session, now))
        fresh = secrets.token_urlsafe(32)
        rotated = session._replace(refresh=digest(fresh), previous=session.refresh, seen_at=now)
        self.identities.put_session(rotated)
        return self._tokens(user, rotated, fresh, now)

    def person(self, access_token: str) -> Person:
        """Who makes this request. Raises `NotSignedIn` when the token is no good or the session is over."""
        now = self.now()
        known = self._people.get(access_token)
        person = known[0] if known is not None and known[1] > now else self._verified(access_token, now)
        # Asked each time: another process may have ended it (`wardline users close`).
        self._standing(self.identities.session(person.session), now)
        self._seen[person.session] = now
        return person

    def is_over(self, session_id: str) -> bool:
        """Whether a session has ended, for streams that stay open without a request. Looking is not using it."""
        try:
            self._standing(self.identities.session(session_id), self.now())
        except NotSignedIn:
            return True
        return False

    def _verified(self, token: str, now: datetime) -> Person:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            raise NotSignedIn("please sign in again") from None
        good = claims.get("iss") == claims.get("aud") == self.issuer and claims.get("typ") == "access" and claims.get("exp", 0) > now.timestamp()
        session = self.identities.session(str(claims.get("sid", ""))) if good else None
        if session is None or session.user != claims.get("sub"):
            raise NotSignedIn("please sign in again")
        user = self._owner(self._standing(session, now))
        if len(self._people) >= REMEMBERED:
            self._people.clear()
        person = Person(user.id, user.name, user.roles, user.units, session.id, proven_at=session.started_at)
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

    def _end(self, session: Session, why: str) -> None:
        self.identities.put_session(session._replace(ended=why))
        self._seen.pop(session.id, None)
        self._people = {token: known for token, known in self._people.items() if known[0].session != session.id}


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
