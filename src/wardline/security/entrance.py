"""Coming in: a password, then a second factor where there is one; and showing again who one is, for what matters most.

A password alone opens nothing for an account with a second factor: it gives a challenge that only the factor answers. Wrong
factors count as wrong passwords do, and lock the account with them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from wardline.core.errors import NotAllowed
from wardline.core.people import Person, User
from wardline.security import passkeys
from wardline.security.factors import SecondFactors, Way
from wardline.security.one_time import OneTime
from wardline.security.passkeys import Party
from wardline.security.refusals import NotSignedIn
from wardline.security.sessions import Sessions, SignedIn

WAITS: Final = timedelta(minutes=5)
"""For how long the second step of a sign-in may follow the first."""
TOO_LATE: Final = "this took too long; begin again"
WRONG: Final[dict[Way, str]] = {
    "password": "the password is not right",
    "app": "this code is not right, or was used already; wait for the next one",
    "recovery": "this recovery code is not right, or was used already",
    "passkey": passkeys.NOT_OURS,
}


class Proof(NamedTuple):
    """One proof of who somebody is, as it came in."""

    way: Way
    text: str = ""
    """A password or a code."""
    credential: Mapping[str, Any] = {}
    """What a passkey has signed."""


class Asked(NamedTuple):
    """What is to be shown next: one of these ways, before this time."""

    token: str
    ends_at: datetime
    ways: tuple[Way, ...]
    passkey: dict[str, Any] | None
    """What the browser tells the device, where a passkey is one of the ways."""


class _Step(NamedTuple):
    """A step that is waited for. `user` is empty where the passkey says whose it is; `session` is that of a repeated proof."""

    user: str
    challenge: bytes
    session: str = ""
    provider: str = ""


class Entrance:
    """The rules of coming in, over sessions and second factors."""

    def __init__(self, sessions: Sessions, factors: SecondFactors) -> None:
        self.sessions = sessions
        self.factors = factors
        self._steps: OneTime[_Step] = OneTime(sessions.now, WAITS)
        self._unnamed: OneTime[_Step] = OneTime(sessions.now, WAITS)
        """Of people who have shown nothing yet: however many strangers ask, nobody's second step is forgotten for them."""

    # --- signing in ---

    async def begin(self, login: str, password: str, device: str, party: Party | None) -> SignedIn | Asked:
        """A session, or what to show next. Raises `NotAllowed` with one sentence that does not say whether the name exists."""
        user = await self.sessions.accounts.proven(login, password)
        if self.factors.ways(user.id):
            return self._ask(self.factors.ways(user.id), party, _Step(user.id, b""))
        return self.sessions.begin(user, device)

    def admit(self, user: User, device: str, party: Party | None, *, factors: int, provider: str) -> SignedIn | Asked:
        """For somebody whom a sign-in service has sent, and who has shown there so many kinds of proof."""
        if factors < 2 and self.factors.ways(user.id):
            return self._ask(self.factors.ways(user.id), party, _Step(user.id, b"", provider=provider))
        return self.sessions.begin(user, device, factors=factors, provider=provider)

    def again(self, token: str, party: Party | None) -> Asked:
        """The second step of a sign-in, for a page that has only the challenge's name. It ends when the first one would have."""
        ends_at, step = self._steps.until(token), self._steps.take(token)
        if step is None or step.session:
            raise NotAllowed(TOO_LATE)
        return self._ask(self.factors.ways(step.user), party, step, ends_at=ends_at)

    def ask_any_passkey(self, party: Party) -> Asked:
        """For somebody who has not said who they are: their passkey will."""
        return self._ask(("passkey",), party, _Step("", b""))

    async def finish(self, token: str, proof: Proof, device: str, party: Party | None) -> SignedIn:
        """The second step. What is wrong may be tried again until it locks the account; what is right works once."""
        step = self._steps.look(token) or self._unnamed.look(token)
        if step is None or step.session:
            raise NotAllowed(TOO_LATE)
        user = await self._shown(step, proof, party)
        if (self._steps.take(token) or self._unnamed.take(token)) is None:
            raise NotAllowed(TOO_LATE)
        return self.sessions.begin(user, device, factors=2, provider=step.provider)

    # --- showing it again ---

    def ask_again(self, person: Person, party: Party | None) -> Asked:
        """What somebody who is signed in can show to prove that it is still them: a second factor if they have one, else the password."""
        user = self._user(person.id)
        ways = self.factors.ways(user.id) or (("password",) if user.password else ())
        return self._ask(ways, party, _Step(user.id, b"", session=person.session))

    async def confirm(self, person: Person, token: str, proof: Proof, party: Party | None) -> None:
        """Raises `NotAllowed` for a wrong proof. After a right one the session counts as proven now."""
        step = self._steps.look(token)
        if step is None or not person.session or step.session != person.session:
            raise NotAllowed(TOO_LATE)
        await self._shown(step, proof, party)
        self._steps.take(token)
        self.sessions.proved(person.session, factors=1 if proof.way == "password" else 2)

    # --- both ---

    def _ask(self, ways: tuple[Way, ...], party: Party | None, step: _Step, *, ends_at: datetime | None = None) -> Asked:
        """Passkeys only where this page has an address they can be bound to."""
        challenge = None
        if "passkey" in ways and party is not None:
            challenge = passkeys.asking(party, self.factors.of(step.user, "passkey") if step.user else ())
            step = step._replace(challenge=challenge.bytes)
        open_ways = tuple(way for way in ways if way != "passkey" or challenge is not None)
        token, until = (self._steps if step.user else self._unnamed).put(step, ends_at=ends_at)
        return Asked(token, until, open_ways, challenge.options if challenge is not None else None)

    async def _shown(self, step: _Step, proof: Proof, party: Party | None) -> User:
        """Whose proof it is. Raises `NotAllowed`, and counts the wrong try."""
        if not step.user:
            return self._by_passkey(step, proof, party)
        accounts, user = self.sessions.accounts, self._user(step.user)
        if accounts.unlocked(user.login) is None:
            raise NotSignedIn("this account is closed")
        if proof.way == "password":
            return await self._by_password(step, proof, user)
        if not self._is_right(user, step, proof, party):
            accounts.failed(user.login, self._user(user.id))
            raise NotAllowed(WRONG[proof.way])
        if user.failures:
            accounts.succeeded(user)
        return user

    async def _by_password(self, step: _Step, proof: Proof, user: User) -> User:
        """Only to prove again, and only without a second factor: it is no way around one."""
        if not step.session or self.factors.ways(user.id):
            raise NotAllowed("this account has a second factor: use that")
        try:
            return await self.sessions.accounts.proven(user.login, proof.text)
        except NotAllowed as refused:
            raise NotAllowed(str(refused).replace("the name or the password", "the password")) from None

    def _is_right(self, user: User, step: _Step, proof: Proof, party: Party | None) -> bool:
        match proof.way:
            case "app":
                return self.factors.is_shown_by_app(user.id, proof.text)
            case "recovery":
                return self.factors.is_recovery_code(user.id, proof.text)
            case _:
                return self._passkeys_user(step, proof, party) == user.id

    def _by_passkey(self, step: _Step, proof: Proof, party: Party | None) -> User:
        """Somebody's passkey, whoever they are: two kinds of proof at once, the device and what it asked of them."""
        found = self._passkeys_user(step, proof, party) if proof.way == "passkey" else ""
        if not found:
            raise NotAllowed(passkeys.NOT_OURS)
        user = self._user(found)
        self.sessions.accounts.unlocked(user.login)
        return user

    def _passkeys_user(self, step: _Step, proof: Proof, party: Party | None) -> str:
        if party is None or not step.challenge:
            return ""
        try:
            signed = self.factors.signed_by(step.challenge, proof.credential, party)
        except NotAllowed:
            return ""
        return signed.user if signed is not None else ""

    def _user(self, id: str) -> User:
        user = self.sessions.identities.user(id)
        if user is None or not user.active or user.service:
            raise NotSignedIn("this account is closed")
        return user
