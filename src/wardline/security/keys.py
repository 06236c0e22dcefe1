"""The keys that our tokens are signed with: made here, changed without signing anybody out, their public halves shown to everybody.

Every token names its key (`kid`). After a rotation the old key signs nothing more; its public half stays until the last token that
it signed has ended, and its private half is destroyed at once. Ed25519 signs what only we read, RS256 what apps read: SMART asks
every server for RS256 ("Signed ID Token", scopes and launch context).
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, OKPKey, RSAKey

from wardline.core.apps import KeyShelf, SigningKey

ED25519: Final = "Ed25519"
RS256: Final = "RS256"
KEPT: Final = timedelta(hours=1)
"""How long the public half of a retired key stays. No token that we sign lives longer."""
RSA_BITS: Final = 3072  # as strong as the others: 128 bits, NIST SP 800-57 part 1 rev. 5, table 2


class KeyRing:
    """Signs, checks, rotates. Another process may rotate as well: it is noticed at the next use."""

    def __init__(self, shelf: KeyShelf, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._now = now
        self._known: dict[str, tuple[SigningKey, OKPKey | RSAKey]] = {}
        self._changes = -1

    def signed(self, claims: Mapping[str, Any], *, kind: str, algorithm: str = ED25519) -> str:
        """A token. `kind` is its `typ`: a token of one kind is never taken for another."""
        id, key = self._signing(algorithm)
        return jwt.encode({"typ": kind, "alg": algorithm, "kid": id}, dict(claims), key, algorithms=[algorithm])

    def claims(self, token: str, *, kind: str, algorithm: str = ED25519) -> dict[str, Any] | None:
        """What a token of ours says; None when it is no such token. Whether it still holds is for the caller to see."""
        try:
            opened = jwt.decode(token, lambda guest: self._checking(guest.headers(), kind, algorithm), algorithms=[algorithm])
        except (JoseError, ValueError):  # joserfc answers with both, depending on where a text stops being a token
            return None
        return dict(opened.claims)

    def public(self) -> list[dict[str, Any]]:
        """What anybody needs to check our tokens, as JWKs."""
        return [
            {**key.as_dict(private=False), "kid": stored.id, "alg": stored.algorithm, "use": "sig"}
            for stored, key in self._keys()
            if self._checks(stored)
        ]

    async def prepare(self) -> None:
        """Make the keys that are not there yet. An RSA key takes part of a second: beside the loop, which must not wait for it."""
        for algorithm in (ED25519, RS256):
            if not self._able(algorithm):
                fresh = await asyncio.to_thread(_fresh, algorithm)
                if not self._able(algorithm):  # somebody else may have made one meanwhile
                    self._put(algorithm, fresh)

    def rotate(self) -> None:
        """Sign with new keys from now on, made when they are needed. What was signed before stays good until it ends."""
        now = self._now()
        for stored, key in list(self._keys()):
            if stored.retired_at is None:
                self._shelf.put_key(stored._replace(retired_at=now, jwk=_plain(key, private=False)))
            elif not self._checks(stored):
                self._shelf.drop_key(stored.id)

    def _signing(self, algorithm: str) -> tuple[str, OKPKey | RSAKey]:
        """The youngest one: another process may have made its first at the same time."""
        if not self._able(algorithm):
            self._put(algorithm, _fresh(algorithm))
        stored, key = max(self._able(algorithm), key=lambda each: (each[0].made_at, each[0].id))
        return stored.id, key

    def _able(self, algorithm: str) -> list[tuple[SigningKey, OKPKey | RSAKey]]:
        return [(stored, key) for stored, key in self._keys() if stored.algorithm == algorithm and stored.retired_at is None]

    def _checking(self, header: Mapping[str, Any], kind: str, algorithm: str) -> OKPKey | RSAKey:
        found = next(((stored, key) for stored, key in self._keys() if stored.id == header.get("kid")), None)
        if found is None or header.get("typ") != kind or found[0].algorithm != algorithm or not self._checks(found[0]):
            raise ValueError("no key of ours")
        return found[1]

    def _checks(self, stored: SigningKey) -> bool:
        return stored.retired_at is None or self._now() < stored.retired_at + KEPT

    def _keys(self) -> Iterable[tuple[SigningKey, OKPKey | RSAKey]]:
        changes = self._shelf.changes()
        if changes != self._changes:
            self._known = {each.id: (each, _key(each.jwk)) for each in self._shelf.stored()}
            self._changes = changes
        return self._known.values()

    def _put(self, algorithm: str, fresh: OKPKey | RSAKey) -> None:
        self._shelf.put_key(SigningKey(secrets.token_hex(8), algorithm, self._now(), _plain(fresh, private=True)))


def _fresh(algorithm: str) -> OKPKey | RSAKey:
    return OKPKey.generate_key("Ed25519") if algorithm == ED25519 else RSAKey.generate_key(RSA_BITS)


def _plain(key: OKPKey | RSAKey, *, private: bool) -> dict[str, str]:
    return {name: str(value) for name, value in key.as_dict(private=private).items() if name != "kid"}


def _key(jwk: Mapping[str, str]) -> OKPKey | RSAKey:
    key = JWKRegistry.import_key(dict(jwk))
    assert isinstance(key, OKPKey | RSAKey), "the ring makes no others"
    return key
