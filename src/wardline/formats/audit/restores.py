"""A signed word about a restore: the trail goes on from a backup, and why a witness knows entries that are no longer there.

Who has only the file cannot write one, so an end that was cut off never passes for a restore. Number, link and moment are signed:
the word holds in one place of one trail, and explains only heads that were signed before it.
"""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from wardline.formats.audit.heads import Head, Signer, is_said_by, log_of

ACTION: Final = "data restored"
_WHAT: Final = "wardline audit restore 1"


class Restore(NamedTuple):
    """The backup held `size` records, the last with this `link`. `at`: microseconds since 1970."""

    size: int
    link: bytes
    at: int
    made_at: datetime
    """When the backup was made."""

    def statement(self, log: str) -> bytes:
        """What is signed."""
        return "\n".join((_WHAT, log, str(self.size), str(self.at), self.link.hex(), self.made_at.isoformat(), "")).encode()

    def detail(self, signer: Signer) -> dict[str, str]:
        """What the entry says of it, beside its own words."""
        return {"restored_at": str(self.at), "made_at": self.made_at.isoformat(), "signature": signer.sign(self.statement(signer.log)).hex()}

    def replaced(self, head: Head) -> bool:
        """Whether the head is of the records that the backup did not hold yet."""
        return head.size > self.size and head.at < self.at


def restore_in(detail: str, size: int, link: bytes, public: bytes) -> Restore | None:
    """What an entry after `size` records says; None where nobody with the trail's key has said it there."""
    try:
        said: dict[str, Any] = json.loads(detail)
        restore = Restore(size, link, int(said["restored_at"]), datetime.fromisoformat(said["made_at"]))
        signature = bytes.fromhex(said["signature"])
    except (ValueError, KeyError, TypeError):
        return None
    return restore if is_said_by(public, signature, restore.statement(log_of(public))) else None
