"""What the index says of people is sealed with their study's key: a copy of it names nobody, and nothing in it outlives an erasure.

What is looked for by its exact words, patient and order numbers, stands beside it as keyed digests.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wardline.adapters.embedded.images.keys import StudyKeys
from wardline.core.errors import Fault

OWNER: Final = "index"
"""Of the key that digests are made with. It is no study's, and stays as long as the index does."""
_NONCE: Final = 12
_DIGEST: Final = 16
Open = Callable[[int, str, bytes], bytes]
"""Opens one value: the number of its key, its place, and what stands there. Raises `Erased`, or `Fault` for what was put there by others."""


class IndexSealing:
    """The same in every process that uses the store."""

    def __init__(self, keys: StudyKeys) -> None:
        self._keys = keys
        _, self._digesting = keys.make(OWNER)

    def ciphers(self) -> "Ciphers":
        return Ciphers(self._keys)

    def opener(self) -> Open:
        """For one question."""
        return self.ciphers().open

    def digest(self, text: str) -> bytes:
        """Stands for a number that is looked for; nothing for nothing."""
        return hmac.new(self._digesting, text.encode(), hashlib.sha256).digest()[:_DIGEST] if text else b""


class Ciphers:
    """For one question, or one transaction: each key is asked for once."""

    def __init__(self, keys: StudyKeys) -> None:
        self._keys = keys
        self._known: dict[int, AESGCM] = {}

    def of(self, number: int) -> AESGCM:
        """Raises `Erased` for a key that has been destroyed."""
        cipher = self._known.get(number)
        if cipher is None:
            cipher = self._known[number] = AESGCM(self._keys.of(number))
        return cipher

    def seal(self, number: int, place: str, content: bytes) -> bytes:
        """`place` binds it to its row: it opens in no other."""
        nonce = os.urandom(_NONCE)
        return nonce + self.of(number).encrypt(nonce, content, place.encode())

    def open(self, number: int, place: str, content: bytes) -> bytes:
        try:
            return self.of(number).decrypt(content[:_NONCE], content[_NONCE:], place.encode())
        except InvalidTag:
            raise Fault(f"{place} in the index of images does not open: it was damaged, or put there by somebody else") from None
