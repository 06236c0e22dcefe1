"""Second factors: adding an app, a passkey or recovery codes to an account, proving with them, taking them away."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from wardline.core.errors import Conflict, NotFound, Refused
from wardline.core.people import Authenticator, User
from wardline.core.ports import Identities, Seal
from wardline.security import codes, passkeys
from wardline.security.one_time import OneTime
from wardline.security.passkeys import Party

OFFERED: Final = timedelta(minutes=10)
"""For how long a new factor may be finished."""
MOST: Final = 10
"""Apps and passkeys of one person."""
OWNER: Final = "accounts"
"""Whose key seals the secrets of apps."""
Way = Literal["password", "app", "passkey", "recovery"]


class AppOffer(NamedTuple):
    """A secret for an app that is not theirs until a code from it has come back."""

    token: str
    secret: str
    address: str
    square: str


class _Begun(NamedTuple):
    """A factor that somebody has begun to add: an app's secret or a passkey's challenge."""

    user: str
    secret: bytes


class SecondFactors:
    """The rules of second factors, over any `Identities`."""

    def __init__(self, identities: Identities, seal: Seal, now: Callable[[], datetime], hospital: str) -> None:
        self.identities = identities
        self.seal = seal
        self.now = now
        self.hospital = hospital
        self._apps: OneTime[_Begun] = OneTime(now, OFFERED)
        self._passkeys: OneTime[_Begun] = OneTime(now, OFFERED)

    def of(self, user: str, *kinds: str) -> list[Authenticator]:
        return [each for each in self.identities.authenticators(user) if not kinds or each.kind in kinds]

    def ways(self, user: str) -> tuple[Way, ...]:
        """How they can prove who they are besides a password."""
        kinds = {each.kind for each in self.of(user)}
        order: tuple[Way, ...] = ("passkey", "app", "recovery")
        return tuple(way for way in order if way in kinds)

    # --- adding ---

    def offer_app(self, user: User) -> AppOffer:
        secret = codes.new_secret()
        token, _ = self._apps.put(_Begun(user.id, secret.encode()))
        address = codes.address(secret, user.login, self.hospital)
        return AppOffer(token, secret, address, codes.square(address))

    def add_app(self, user: User, token: str, code: str, name: str) -> Authenticator:
        """Raises `Refused` for a code that the app with this secret does not show now; it may be tried again."""
        begun = self._of(user, self._apps.look(token))
        step = codes.step_of(begun.secret.decode(), code, self.now())
        if step is None:
            raise Refused("this is not the code the app shows now; check that the phone's clock is right and try the next one", code="code")
        self._apps.take(token)
        return self._put(user, "app", name, begun.secret, counter=step)

    def offer_passkey(self, user: User, party: Party) -> tuple[str, dict[str, Any]]:
        challenge = passkeys.registering(party, user, self.of(user.id, "passkey"))
        token, _ = self._passkeys.put(_Begun(user.id, challenge.bytes))
        return token, challenge.options

    def add_passkey(self, user: User, token: str, credential: Mapping[str, Any], name: str, party: Party) -> Authenticator:
        begun = self._of(user, self._passkeys.take(token))
        called, key, count = passkeys.registered(party, begun.secret, credential)
        if self.identities.authenticator_with(called) is not None:
            raise Conflict("this passkey is registered already")
        return self._put(user, "passkey", name, key, counter=count, credential=called)

    def _of(self, user: User, begun: _Begun | None) -> _Begun:
        if begun is None or begun.user != user.id:
            raise Refused("this took too long; begin again", code="token")
        return begun

    def _put(self, user: User, kind: Literal["app", "passkey"], name: str, secret: bytes, *, counter: int, credential: bytes = b"") -> Authenticator:
        if len(self.of(user.id, "app", "passkey")) >= MOST:
            raise Conflict(f"an account has at most {MOST} second factors; remove one that is not used any more")
        id = secrets.token_hex(8)
        kept = self._sealed(id, user.id, secret) if kind == "app" else secret
        made = Authenticator(id, user.id, kind, name.strip(), kept, self.now(), self.now(), counter, credential)
        self.identities.put_authenticator(made)
        return made

    def new_recovery_codes(self, user: User) -> tuple[str, ...]:
        """Shown once. Those from before are no good any more."""
        for old in self.of(user.id, "recovery"):
            self.identities.remove_authenticator(old.id)
        made, now = codes.recovery_codes(), self.now()
        for code in made:
            self.identities.put_authenticator(Authenticator(secrets.token_hex(8), user.id, "recovery", "", codes.recovery_digest(code), now))
        return made

    # --- taking away ---

    def remove(self, user: User, id: str, *, needed: bool) -> Authenticator:
        """Raises `Conflict` for the last one of somebody who needs one. With the last one the recovery codes go too."""
        factors = self.of(user.id, "app", "passkey")
        found = next((each for each in factors if each.id == id), None)
        if found is None:
            raise NotFound("there is no such second factor")
        if needed and len(factors) == 1:
            raise Conflict("your role asks for a second factor: add another one first")
        if len(factors) == 1:
            self.remove_all(user)
        self.identities.remove_authenticator(id)
        return found

    def remove_all(self, user: User) -> int:
        """For somebody who has lost all they had. Returns how many there were."""
        found = self.of(user.id)
        for each in found:
            self.identities.remove_authenticator(each.id)
        return len(found)

    # --- proving ---

    def is_shown_by_app(self, user: str, code: str) -> bool:
        """Whether one of their apps shows this code now. A code works once, and none from before it."""
        for app in self.of(user, "app"):
            step = codes.step_of(self._opened(app), code, self.now())
            if step is not None and self.identities.use_authenticator(app.id, step, self.now()):
                return True
        return False

    def is_recovery_code(self, user: str, code: str) -> bool:
        """Whether this is one of their recovery codes; it is used up."""
        wanted = codes.recovery_digest(code)
        found = [each for each in self.of(user, "recovery") if secrets.compare_digest(each.secret, wanted)]
        return any(self.identities.remove_authenticator(each.id) for each in found)

    def signed_by(self, challenge: bytes, credential: Mapping[str, Any], party: Party) -> Authenticator | None:
        """The passkey that signed this challenge, whoever's it is; None unless it is one of ours, and no copy."""
        passkey = self.identities.authenticator_with(passkeys.called(credential))
        if passkey is None:
            return None
        count = passkeys.proven(party, challenge, credential, passkey)
        return passkey if self.identities.use_authenticator(passkey.id, count, self.now()) else None

    # --- the secrets of apps at rest ---

    def _sealed(self, id: str, user: str, secret: bytes) -> bytes:
        key = self.seal.key_for((OWNER,))
        self.seal.commit()
        return key.to_bytes(8, "big") + self.seal.seal(key, secret, _context(id, user))

    def _opened(self, app: Authenticator) -> str:
        return self.seal.open(int.from_bytes(app.secret[:8], "big"), app.secret[8:], _context(app.id, app.user)).decode()


def _context(id: str, user: str) -> bytes:
    return f"authenticators/{id}/{user}".encode()
