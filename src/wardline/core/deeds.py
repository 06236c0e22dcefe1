"""What people have asked for under a key of their own, so that asking twice does it once."""

from datetime import datetime
from typing import NamedTuple, Protocol


class Done(NamedTuple):
    """A request that came with an idempotency key: what was asked, and how it ended. An empty `answer` means: not known to have ended."""

    asked: bytes
    began_at: datetime
    status: int = 0
    answer: bytes = b""
    """Digest of the answer; its words are kept nowhere."""


class Deeds(Protocol):
    """What people have asked for under a key of their own, so that asking twice does it once. Kept durably for a day."""

    def find(self, who: str, key: str, since: datetime) -> Done | None: ...

    def begin(self, who: str, key: str, asked: bytes, at: datetime) -> None: ...

    def end(self, who: str, key: str, status: int, answer: bytes) -> None: ...

    def forget(self, who: str, key: str) -> None:
        """Nothing was done: the key may be used again."""
        ...

    def forget_before(self, at: datetime) -> None: ...
